"""The monthly resources report of one BCU: everything of the month in one frozen value (RULES section 8)."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from npt.abstractions.rules import Assessment, Confirmation, ReturnState, Share, Standing
from npt.core.periods import DAY, Period, add_months
from npt.people.rules import Grade, PostFact, PostingFact
from npt.policy.rules import Definition
from npt.reports.rules.abstraction import AbstractionReport, abstraction_json
from npt.reports.rules.supervision import SupervisionReport, supervision_json
from npt.reports.rules.units import Json, Unit, decimal_text, instant_text
from npt.staffing.rules.vacancies import Band


def day_shown(month: Period, today: dt.date) -> dt.date:
    """The day whose staffing a month shows: its last, or today while it runs (RULES section 8).

    A month wholly to come shows today's too: its abstraction is no data, and nobody is asked to guess the rest.
    """
    return min(month.last_day or today, today)


@dataclass(frozen=True, slots=True)
class StaffingRow:
    """Posts and people of a team and grade. ``team`` is ``None`` for inspectors; FTE is ``None`` for specials."""

    team: Unit | None
    grade: Grade
    establishment: int
    strength: int
    vacancies: int
    establishment_fte: Decimal | None
    strength_fte: Decimal | None


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """A vacant post. ``band`` is raised for a sergeant's."""

    post: str
    team: Unit | None
    grade: Grade
    vacant_since: dt.date
    age_days: int
    band: Band


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """A post that will stand empty, and from when."""

    post: str
    team: Unit | None
    grade: Grade
    vacant_from: dt.date
    days_left: int


@dataclass(frozen=True, slots=True)
class FlagCounts:
    """Flags open at the end of the day shown, and opened and closed on any day of the month."""

    open: int
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """Why people and filled posts differ: posts that two hold, and people who hold two posts of the unit."""

    posts: int = 0
    people: int = 0


ALONE = Sharing()


def sharing(posts: Iterable[PostFact], held: Mapping[int, Sequence[PostingFact]]) -> Sharing:
    """How many of these posts two people hold, and how many people hold two of them (RULES section 2).

    :param held: who fills each post on a day, by the id of the post
    """
    filled = [held[post.id] for post in posts if post.id in held]
    times = Counter(posting.person_id for holders in filled for posting in holders)
    return Sharing(sum(len(holders) > 1 for holders in filled), sum(each > 1 for each in times.values()))


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A line of the teams' table. ``span`` is the greatest of the team's supervisors; a BCU's is its ratio."""

    unit: Unit
    establishment: int
    strength: int
    vacancies: int
    oldest_days: int | None
    span: Fraction | None
    no_supervisor: bool
    assessment: Assessment
    open_flags: int
    open_priorities: int
    sharing: Sharing = ALONE

    @property
    def rate(self) -> Fraction | None:
        return self.assessment.figures.rate

    @property
    def over_target_by(self) -> Fraction | None:
        """How far the rate lies above its target, as a share of one; below it when negative."""
        return self.assessment.over_target_by


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """The return of a team for the month: how it stands, every time it was confirmed, and how much changed after."""

    team: Unit
    standing: Standing
    confirmations: tuple[Confirmation, ...]
    changed_after: int

    @property
    def newest(self) -> Confirmation | None:
        """The confirmation that stands, if one does."""
        return next((each for each in self.confirmations if each.stands), None)

    @property
    def reopened(self) -> list[Confirmation]:
        return [each for each in self.confirmations if not each.stands]

    def late_since_reopened(self, today: dt.date) -> dt.date | None:
        """The day it was opened again, where it is late from that day on and not from the day it was first due."""
        since = today - self.standing.days_late * DAY
        late = self.standing.state is ReturnState.REOPENED and self.standing.days_late > 0
        return since if late and since > self.standing.due_on else None


@dataclass(frozen=True, slots=True)
class ResourcesReport:
    """One BCU and one month, as at the day shown. ``lines`` are the teams' in order of code, ``total`` the BCU's.

    ``running``: today lies in the month. ``as_at_today``: the day shown is today.
    """

    bcu: Unit
    month: Period
    on: dt.date
    running: bool
    as_at_today: bool
    staffing: tuple[StaffingRow, ...]
    vacancies: tuple[VacancyRow, ...]
    forecasts: tuple[ForecastRow, ...]
    abstraction: AbstractionReport
    supervision: SupervisionReport
    flags: FlagCounts
    lines: tuple[TeamLine, ...]
    total: TeamLine
    inspectors: StaffingRow | None = None
    flags_apart: tuple[tuple[Unit | None, int], ...] = ()
    """The open flags in no team's line: by a team that has closed; ``None``: about the BCU or a sector."""
    returns: tuple[ReturnLine, ...] = ()

    @property
    def definition(self) -> Definition:
        return self.abstraction.definition

    @property
    def by_reason(self) -> list[tuple[str, Share]]:
        """The BCU's counted minutes for each reason, custody and response at zero too, out of all its duty."""
        figures = self.total.assessment.figures
        return [(code, Share(figures.duty_minutes, minutes)) for code, minutes in figures.by_reason.items()]

    @property
    def previous_month(self) -> dt.date:
        return add_months(self.month.first_day, -1)

    @property
    def next_month(self) -> dt.date:
        return add_months(self.month.first_day, 1)


def resources_json(report: ResourcesReport) -> Json:
    """The live report as FORMATS has it, ready to be written as JSON: no version, and no hash of one."""
    return {
        "bcu": report.bcu.code,
        "month": f"{report.month.first_day:%Y-%m}",
        "version": None,
        "sha256": None,
        "staffing": [
            {
                "team": _code(row.team),
                "grade": row.grade.value,
                "establishment": row.establishment,
                "strength": row.strength,
                "vacancies": row.vacancies,
                "establishment_fte": decimal_text(row.establishment_fte),
                "strength_fte": decimal_text(row.strength_fte),
            }
            for row in report.staffing
        ],
        "vacancies": [
            {
                "post": row.post,
                "team": _code(row.team),
                "grade": row.grade.value,
                "vacant_since": row.vacant_since.isoformat(),
                "age_days": row.age_days,
                "band": row.band.value,
            }
            for row in report.vacancies
        ],
        "abstraction": abstraction_json(report.abstraction),
        "supervision": supervision_json(report.supervision),
        "flags": {"open": report.flags.open, "opened": report.flags.opened, "closed": report.flags.closed},
        "returns": [_return_json(line) for line in report.returns],
    }


def _return_json(line: ReturnLine) -> Json:
    return {
        "team": line.team.code,
        "state": line.standing.state.value,
        "due_on": line.standing.due_on.isoformat(),
        "days_late": line.standing.days_late,
        "confirmed_at": instant_text(line.newest.at) if line.newest else None,
        "reopened": [
            {"at": instant_text(each.reopened_at), "reason": each.reopen_reason}
            for each in line.reopened
            if each.reopened_at
        ],
        "changed_after": line.changed_after,
    }


def _code(unit: Unit | None) -> str | None:
    return unit.code if unit else None


class Order(StrEnum):
    """The columns of the teams' table that it can be sorted by, and the order it starts with."""

    WORST = "worst"
    TEAM = "team"
    STRENGTH = "strength"
    VACANCIES = "vacancies"
    SPAN = "span"
    DUTY = "duty"
    ABSTRACTED = "abstracted"
    RATE = "rate"
    TARGET = "target"
    FLAGS = "flags"
    PRIORITIES = "priorities"


_KEYS: dict[Order, Callable[[TeamLine], Fraction | int | None]] = {
    Order.STRENGTH: lambda line: line.strength,
    Order.VACANCIES: lambda line: line.vacancies,
    Order.SPAN: lambda line: line.span,
    Order.DUTY: lambda line: line.assessment.figures.duty_minutes,
    Order.ABSTRACTED: lambda line: line.assessment.figures.abstracted_minutes,
    Order.RATE: lambda line: line.rate,
    Order.TARGET: lambda line: (
        None if line.assessment.target_percent is None else Fraction(line.assessment.target_percent)
    ),
    Order.FLAGS: lambda line: line.open_flags,
    Order.PRIORITIES: lambda line: line.open_priorities,
}


def ordered(lines: Sequence[TeamLine], order: Order = Order.WORST, *, descending: bool = False) -> list[TeamLine]:
    """The lines by a column; worst first unless asked otherwise. Lines without the figure come last either way.

    Worst: over target by how far, then approaching, then without a target by rate, then within, then no data.
    """
    by_code = sorted(lines, key=lambda line: line.unit.code)
    if order is Order.WORST:
        return sorted(by_code, key=lambda line: line.assessment.badness)
    if order is Order.TEAM:
        return sorted(by_code, key=lambda line: line.unit.name.lower(), reverse=descending)
    key = _KEYS[order]
    known = sorted((line for line in by_code if key(line) is not None), key=lambda line: key(line) or 0)
    if descending:
        known = sorted(known, key=lambda line: -(key(line) or 0))
    return known + [line for line in by_code if key(line) is None]
