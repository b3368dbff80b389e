"""The four sentences over a month: what got worse, what got better, what breaks policy, what needs a decision."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from npt.abstractions.rules import Status
from npt.core.figures import two_places
from npt.core.periods import day_in_words
from npt.policy.rules import Definition, Group
from npt.reports.rules.resources import FlagCounts, ResourcesReport, ReturnLine, TeamLine, ordered
from npt.staffing.rules.vacancies import Band

_NAMED = 3
"""So many things are named in a sentence; the rest are counted. The tables below name them all."""

_GRAVE = (Band.SERIOUS, Band.CRITICAL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the four: what it answers, the answer, and the part of the page that shows it."""

    question: str
    text: str
    section: str


@dataclass(frozen=True, slots=True)
class MonthBefore:
    """What a month is compared with, of the month before it: the BCU's own figures, its teams' rates, its returns.

    ``ratio`` is the staff to each sergeant; ``rates`` are by the code of the team.
    """

    first_day: dt.date
    rate: Fraction | None
    establishment: int
    vacancies: int
    ratio: Fraction | None
    flags: FlagCounts
    rates: Mapping[str, Fraction | None]
    returns: tuple[ReturnLine, ...]


def sentences(this: ResourcesReport, before: MonthBefore) -> tuple[Sentence, ...]:
    """The four sentences, made from the figures of a month and of the month before it.

    Only figures that differ as they are shown are said to have risen or fallen. Statuses of the month before are not
    looked at: policy may have been another. A return of the month before that is still missing is said: no return is
    not the same as no abstractions.
    """
    worse, better = _changes(this, before)
    since = f"{before.first_day:%B %Y}"
    comparable = before.rate is not None or before.establishment > 0
    nothing = (
        f"Nothing shown here since {since}." if comparable else f"There are no figures of {since} to compare with."
    )
    return (
        Sentence("What got worse", _since(worse, since) or nothing, "teams"),
        Sentence("What got better", _since(better, since) or nothing, "teams"),
        Sentence("What breaks policy", _breaches(this, before), "abstraction"),
        Sentence("What needs a decision", _decisions(this), "vacancies"),
    )


def _since(changes: Sequence[str], month: str) -> str:
    return f"Since {month} {'; '.join(changes)}." if changes else ""


def _changes(this: ResourcesReport, before: MonthBefore) -> tuple[list[str], list[str]]:
    """What rose and what fell. For every figure compared here, up is worse."""
    worse: list[str] = []
    better: list[str] = []
    up, down = _moved(this, before)
    most = f", most in {up}" if up else "", f", most in {down}" if down else ""
    compared = [
        ("abstraction", _percent(before.rate), _percent(this.total.rate), most),
        ("vacant posts", before.vacancies, this.total.vacancies, ("", "")),
        ("staff to each sergeant", _hundredths(before.ratio), _hundredths(this.total.span), ("", "")),
        ("open flags", _flags_judged(before.flags), this.flags.open, ("", "")),
    ]
    for what, old, new, (most_up, most_down) in compared:
        if old is None or new is None or old == new:
            continue
        shown = f"from {_shown(what, old)} to {_shown(what, new)}"
        if new > old:
            worse.append(f"{what} rose {shown}{most_up}")
        else:
            better.append(f"{what} fell {shown}{most_down}")
    return _with_team(worse, "rose", up), _with_team(better, "fell", down)


def _flags_judged(flags: FlagCounts) -> int | None:
    """The open flags of a month; nothing when there is no sign that any check had judged it."""
    return flags.open if flags.open or flags.opened or flags.closed else None


def _with_team(changes: list[str], verb: str, moved: str) -> list[str]:
    """Name the team that moved most although the BCU did not: an average hides a bad team."""
    if not moved or any(change.startswith("abstraction ") for change in changes):
        return changes
    return [f"abstraction {verb} in {moved}", *changes]


def _moved(this: ResourcesReport, before: MonthBefore) -> tuple[str, str]:
    """The teams whose shown rate rose and fell most, with both rates; nothing when none did."""
    up: list[tuple[Fraction, str]] = []
    down: list[tuple[Fraction, str]] = []
    for line in this.lines:
        was, now = _percent(before.rates.get(line.unit.code)), _percent(line.rate)
        if was is not None and now is not None and was != now:
            moved = f"{line.unit.name} ({_written(was)} to {_written(now)})"
            (up if now > was else down).append((abs(now - was), moved))
    return _greatest(up), _greatest(down)


def _greatest(moves: Sequence[tuple[Fraction, str]]) -> str:
    return max(moves, key=lambda move: move[0])[1] if moves else ""


def _percent(rate: Fraction | None) -> Fraction | None:
    """A rate in tenths of a per cent as it is shown, rounded half up."""
    if rate is None:
        return None
    above, below = rate.as_integer_ratio()
    return Fraction((2000 * above + below) // (2 * below), 10)


def _written(percent: Fraction) -> str:
    return f"{float(percent):.1f} %"


def _hundredths(exact: Fraction | None) -> Fraction | None:
    """A ratio as it is shown."""
    return None if exact is None else Fraction(two_places(exact))


def _shown(what: str, figure: Fraction | int) -> str:
    if isinstance(figure, int):
        return str(figure)
    return _written(figure) if what == "abstraction" else two_places(figure)


def _breaches(this: ResourcesReport, before: MonthBefore) -> str:
    said = [*_over_target(this), *_over_line(this), *_unsupervised(this), *_missing_returns(this, before)]
    if not said:
        said = ["Every span is within the line and every team with staff has a supervisor"]
        if any(line.assessment.target_percent is not None for line in this.lines):
            said.insert(0, "No team with a target is over it")
    return f"{'. '.join([*said, *_untargeted(this)])}."


def _over_target(this: ResourcesReport) -> list[str]:
    over = [line for line in ordered(this.lines) if line.assessment.status is Status.OVER]
    named = _listed(f"{line.unit.name} ({_against(line)})" for line in over)
    said = [f"{_count(len(over), 'team is', 'teams are')} over target: {named}"] if over else []
    said += _groups_over_target(this)
    if this.total.assessment.status is Status.OVER:
        said.append(f"The BCU as a whole is over target ({_against(this.total)})")
    return said


def _groups_over_target(this: ResourcesReport) -> list[str]:
    """Teams that keep the target for everybody, and in which the officers or the PCSOs alone do not."""
    found = [
        f"{line.unit.name} {_GROUPS[group]} ({_written(_percent(judged.share.rate) or Fraction())} against "
        f"{_written(_percent(Fraction(judged.target_percent or 0) / 100) or Fraction())})"
        for line in ordered(this.lines)
        if line.assessment.status is not Status.OVER
        for group, judged in line.assessment.groups.items()
        if judged.status is Status.OVER
    ]
    return [f"Over the target for their group: {_listed(found)}"] if found else []


_GROUPS = {Group.OFFICERS: "sergeants and PCs", Group.PCSOS: "PCSOs"}


def _against(line: TeamLine) -> str:
    target = _percent(Fraction(line.assessment.target_percent or 0) / 100) or Fraction()
    return f"{_written(_percent(line.rate) or Fraction())} against {_written(target)}"


def _over_line(this: ResourcesReport) -> list[str]:
    over = this.supervision.over_line
    if not over:
        return []
    line = f"{this.supervision.span_line.normalize():f}"
    named = _listed(f"{row.sergeant.name} ({two_places(row.span)})" for row in over)
    return [f"{_count(len(over), 'sergeant supervises', 'sergeants supervise')} more than {line} people: {named}"]


def _unsupervised(this: ResourcesReport) -> list[str]:
    alone = [row.team.name for row in this.supervision.teams if row.no_supervisor]
    return (
        [f"{_count(len(alone), 'team has', 'teams have')} staff and no supervisor: {_listed(alone)}"] if alone else []
    )


def _missing_returns(this: ResourcesReport, before: MonthBefore) -> list[str]:
    late = sorted(
        (-line.standing.days_late, f"{line.team.name} for {first_day:%B %Y}")
        for first_day, lines in ((before.first_day, before.returns), (this.month.first_day, this.returns))
        for line in lines
        if line.standing.days_late
    )
    named = _listed(f"{which} ({_days(-days)} late)" for days, which in late)
    return [f"{_count(len(late), 'return is', 'returns are')} missing: {named}"] if late else []


def _untargeted(this: ResourcesReport) -> list[str]:
    """What cannot be judged is said, never passed over in silence."""
    if this.definition is Definition.NATIONAL:
        return ["Under the national definition there is no target"]
    without = [line.unit.name for line in this.lines if line.assessment.target_percent is None]
    return [f"No target is set for {_count(len(without), 'team', 'teams')}: {_listed(without)}"] if without else []


def _decisions(this: ResourcesReport) -> str:
    said = [*_posts_to_fill(this), *_supervisors_to_find(this), *_covers(this), *_posts_to_follow(this)]
    return f"{'. '.join(said)}." if said else "Nothing shown here."


def _posts_to_fill(this: ResourcesReport) -> list[str]:
    grave = sorted(
        (v for v in this.vacancies if v.band in _GRAVE), key=lambda v: (-list(Band).index(v.band), -v.age_days)
    )
    named = _listed(f"{v.post} ({v.band.value}, {_days(v.age_days)})" for v in grave)
    return [f"Whether to fill {_count(len(grave), 'post', 'posts')} long vacant: {named}"] if grave else []


def _supervisors_to_find(this: ResourcesReport) -> list[str]:
    alone = [row.team.name for row in this.supervision.teams if row.no_supervisor]
    return [f"Who is to supervise {_listed(alone)}"] if alone else []


def _covers(this: ResourcesReport) -> list[str]:
    covers = sorted(
        (
            (cover.days, row.sergeant.name, cover.team.name)
            for row in this.supervision.sergeants
            for cover in row.covered
        ),
        reverse=True,
    )
    named = _listed(f"{who} covers {team} ({_days(days)})" for days, who, team in covers)
    return [f"How long cover goes on: {named}"] if covers else []


def _posts_to_follow(this: ResourcesReport) -> list[str]:
    named = _listed(
        f"{f.post} (from {day_in_words(f.vacant_from)})" for f in sorted(this.forecasts, key=lambda f: f.vacant_from)
    )
    return [f"Who follows in {_count(len(this.forecasts), 'post', 'posts')} soon vacant: {named}"] if named else []


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    shown, more = every[:_NAMED], len(every) - _NAMED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _days(number: int) -> str:
    return _count(number, "day", "days")
