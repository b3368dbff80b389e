"""The four sentences over a month: what got worse, what got better, what breaks policy, what needs a decision."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from npt.abstractions.rules import Status
from npt.core.figures import two_places
from npt.core.periods import day_in_words
from npt.policy.rules import Definition, Group
from npt.reports.rules.resources import FlagCounts, ResourcesReport, ReturnLine, TeamLine, ordered
from npt.reports.rules.words import Behind, Part, Words, joined, plain, words
from npt.staffing.rules.vacancies import Band

_NAMED = 3
"""So many things are named in a sentence; the rest are counted. The tables below name them all."""

_GRAVE = (Band.SERIOUS, Band.CRITICAL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the four: what it answers, the answer, and the part of the page that shows it."""

    question: str
    words: Words
    section: str

    @property
    def text(self) -> str:
        return plain(self.words)


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
    nothing = words(
        f"Nothing shown here since {since}." if comparable else f"There are no figures of {since} to compare with."
    )
    return (
        Sentence("What got worse", _since(worse, since) or nothing, "teams"),
        Sentence("What got better", _since(better, since) or nothing, "teams"),
        Sentence("What breaks policy", _breaches(this, before), "abstraction"),
        Sentence("What needs a decision", _decisions(this), "vacancies"),
    )


def _since(changes: Sequence[Words], month: str) -> Words:
    return words(f"Since {month} ", joined("; ", changes), ".") if changes else ()


def _changes(this: ResourcesReport, before: MonthBefore) -> tuple[list[Words], list[Words]]:
    """What rose and what fell. For every figure compared here, up is worse."""
    worse: list[Words] = []
    better: list[Words] = []
    up, down = _moved(this, before)
    most = words(", most in ", up) if up else (), words(", most in ", down) if down else ()
    compared: list[_Compared] = [
        ("abstraction", Behind.ENTRIES, _percent(before.rate), _percent(this.total.rate), most),
        ("vacant posts", Behind.VACANCIES, before.vacancies, this.total.vacancies, _NO_TEAM),
        (
            "staff to each sergeant",
            Behind.SUPERVISION,
            _hundredths(before.ratio),
            _hundredths(this.total.span),
            _NO_TEAM,
        ),
        ("open flags", Behind.FLAGS, _flags_judged(before.flags), this.flags.open, _NO_TEAM),
    ]
    for what, behind, old, new, (most_up, most_down) in compared:
        if old is None or new is None or old == new:
            continue
        was, now = Part(_shown(what, old), behind, month=before.first_day), Part(_shown(what, new), behind)
        if new > old:
            worse.append(words(f"{what} rose from ", was, " to ", now, most_up))
        else:
            better.append(words(f"{what} fell from ", was, " to ", now, most_down))
    return _with_team(worse, "rose", up), _with_team(better, "fell", down)


_Compared = tuple[str, Behind, Fraction | int | None, Fraction | int | None, tuple[Words, Words]]
_NO_TEAM: tuple[Words, Words] = (), ()


def _flags_judged(flags: FlagCounts) -> int | None:
    """The open flags of a month; nothing when there is no sign that any check had judged it."""
    return flags.open if flags.open or flags.opened or flags.closed else None


def _with_team(changes: list[Words], verb: str, moved: Words) -> list[Words]:
    """Name the team that moved most although the BCU did not: an average hides a bad team."""
    if not moved or any(plain(change).startswith("abstraction ") for change in changes):
        return changes
    return [words(f"abstraction {verb} in ", moved), *changes]


def _moved(this: ResourcesReport, before: MonthBefore) -> tuple[Words, Words]:
    """The teams whose shown rate rose and fell most, with both rates; nothing when none did."""
    up: list[tuple[Fraction, Words]] = []
    down: list[tuple[Fraction, Words]] = []
    for line in this.lines:
        code = line.unit.code
        was, now = _percent(before.rates.get(code)), _percent(line.rate)
        if was is not None and now is not None and was != now:
            moved = words(
                f"{line.unit.name} (",
                Part(_written(was), Behind.ENTRIES, code, month=before.first_day),
                " to ",
                Part(_written(now), Behind.ENTRIES, code),
                ")",
            )
            (up if now > was else down).append((abs(now - was), moved))
    return _greatest(up), _greatest(down)


def _greatest(moves: Sequence[tuple[Fraction, Words]]) -> Words:
    return max(moves, key=lambda move: move[0])[1] if moves else ()


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


def _breaches(this: ResourcesReport, before: MonthBefore) -> Words:
    said = [*_over_target(this), *_over_line(this), *_unsupervised(this), *_missing_returns(this, before)]
    if not said:
        said = [words("Every span is within the line and every team with staff has a supervisor")]
        if any(line.assessment.target_percent is not None for line in this.lines):
            said.insert(0, words("No team with a target is over it"))
    return words(joined(". ", [*said, *_untargeted(this)]), ".")


def _over_target(this: ResourcesReport) -> list[Words]:
    over = [line for line in ordered(this.lines) if line.assessment.status is Status.OVER]
    named = _listed((words(f"{line.unit.name} (", _against(line, line.unit.code), ")") for line in over), Behind.TEAMS)
    said = [words(_count(len(over), "team is", "teams are", Behind.TEAMS), " over target: ", named)] if over else []
    said += _groups_over_target(this)
    if this.total.assessment.status is Status.OVER:
        said.append(words("The BCU as a whole is over target (", _against(this.total), ")"))
    return said


def _groups_over_target(this: ResourcesReport) -> list[Words]:
    """Teams that keep the target for everybody, and in which the officers or the PCSOs alone do not."""
    found = [
        words(
            f"{line.unit.name} {_GROUPS[group]} (",
            _rate_against(judged.share.rate, judged.target_percent, line.unit.code, group),
            ")",
        )
        for line in ordered(this.lines)
        if line.assessment.status is not Status.OVER
        for group, judged in line.assessment.groups.items()
        if judged.status is Status.OVER
    ]
    return [words("Over the target for their group: ", _listed(found, Behind.GROUPS))] if found else []


_GROUPS = {Group.OFFICERS: "sergeants and PCs", Group.PCSOS: "PCSOs"}


def _against(line: TeamLine, code: str = "") -> Words:
    return _rate_against(line.rate, line.assessment.target_percent, code)


def _rate_against(rate: Fraction | None, target: Decimal | None, code: str, group: Group = Group.ALL) -> Words:
    aim = _percent(Fraction(target or 0) / 100) or Fraction()
    return words(
        Part(_written(_percent(rate) or Fraction()), Behind.ENTRIES, code, group),
        " against ",
        Part(_written(aim), Behind.TARGET, code, group),
    )


def _over_line(this: ResourcesReport) -> list[Words]:
    over = this.supervision.over_line
    if not over:
        return []
    line = Part(f"{this.supervision.span_line.normalize():f}", Behind.SPAN_LINE)
    named = _listed(
        (words(f"{row.sergeant.name} (", Part(two_places(row.span), Behind.SUPERVISION), ")") for row in over),
        Behind.SPANS,
    )
    supervise = _count(len(over), "sergeant supervises", "sergeants supervise", Behind.SPANS)
    return [words(supervise, " more than ", line, " people: ", named)]


def _unsupervised(this: ResourcesReport) -> list[Words]:
    alone = [words(row.team.name) for row in this.supervision.teams if row.no_supervisor]
    if not alone:
        return []
    teams = _count(len(alone), "team has", "teams have", Behind.SPANS)
    return [words(teams, " staff and no supervisor: ", _listed(alone, Behind.SPANS))]


def _missing_returns(this: ResourcesReport, before: MonthBefore) -> list[Words]:
    late = sorted(
        (-line.standing.days_late, f"{line.team.name} for {first_day:%B %Y}", line.team.code, first_day)
        for first_day, lines in ((before.first_day, before.returns), (this.month.first_day, this.returns))
        for line in lines
        if line.standing.days_late
    )
    if not late:
        return []
    named = _listed(
        (
            words(f"{which} (", _days(-days, Behind.RETURN, code, first_day), " late)")
            for days, which, code, first_day in late
        ),
        Behind.RETURNS,
    )
    return [words(_count(len(late), "return is", "returns are", Behind.RETURNS), " missing: ", named)]


def _untargeted(this: ResourcesReport) -> list[Words]:
    """What cannot be judged is said, never passed over in silence."""
    if this.definition is Definition.NATIONAL:
        return [words("Under the national definition there is no target")]
    without = [words(line.unit.name) for line in this.lines if line.assessment.target_percent is None]
    if not without:
        return []
    teams = _count(len(without), "team", "teams", Behind.TEAMS)
    return [words("No target is set for ", teams, ": ", _listed(without, Behind.TEAMS))]


def _decisions(this: ResourcesReport) -> Words:
    said = [*_posts_to_fill(this), *_supervisors_to_find(this), *_covers(this), *_posts_to_follow(this)]
    return words(joined(". ", said), ".") if said else words("Nothing shown here.")


def _posts_to_fill(this: ResourcesReport) -> list[Words]:
    grave = sorted(
        (v for v in this.vacancies if v.band in _GRAVE), key=lambda v: (-list(Band).index(v.band), -v.age_days)
    )
    if not grave:
        return []
    named = _listed(
        (words(f"{v.post} ({v.band.value}, ", _days(v.age_days, Behind.POST, v.post), ")") for v in grave),
        Behind.VACANCIES,
    )
    posts = _count(len(grave), "post", "posts", Behind.VACANCIES)
    return [words("Whether to fill ", posts, " long vacant: ", named)]


def _supervisors_to_find(this: ResourcesReport) -> list[Words]:
    alone = [words(row.team.name) for row in this.supervision.teams if row.no_supervisor]
    return [words("Who is to supervise ", _listed(alone, Behind.SPANS))] if alone else []


def _covers(this: ResourcesReport) -> list[Words]:
    covers = sorted(
        (
            (cover.days, row.sergeant.name, cover.team.name, cover.team.code)
            for row in this.supervision.sergeants
            for cover in row.covered
        ),
        reverse=True,
    )
    named = _listed(
        (words(f"{who} covers {team} (", _days(days, Behind.COVER, code), ")") for days, who, team, code in covers),
        Behind.SPANS,
    )
    return [words("How long cover goes on: ", named)] if covers else []


def _posts_to_follow(this: ResourcesReport) -> list[Words]:
    if not this.forecasts:
        return []
    named = _listed(
        (
            words(f"{f.post} (from ", Part(day_in_words(f.vacant_from), Behind.POST, f.post), ")")
            for f in sorted(this.forecasts, key=lambda f: f.vacant_from)
        ),
        Behind.FORECASTS,
    )
    posts = _count(len(this.forecasts), "post", "posts", Behind.FORECASTS)
    return [words("Who follows in ", posts, " soon vacant: ", named)]


def _listed(names: Iterable[Words], rest: Behind) -> Words:
    """The first of them by name, and how many more there are; ``rest`` says where all of them stand."""
    every = list(names)
    shown, more = joined(", ", every[:_NAMED]), len(every) - _NAMED
    return words(shown, " and ", Part(f"{more} more", rest)) if more > 0 else shown


def _count(number: int, one: str, many: str, behind: Behind) -> Part:
    return Part(f"{number} {one if number == 1 else many}", behind)


def _days(number: int, behind: Behind, of: str, month: dt.date | None = None) -> Part:
    return Part(f"{number} {'day' if number == 1 else 'days'}", behind, of, month=month)
