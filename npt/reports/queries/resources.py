"""Read the BCU's month, and what it is compared with of the month before."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, or_, select

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import Counted, Question
from npt.core.authority import Scope
from npt.core.db import among, session
from npt.core.periods import DAY, Period, Window, add_months, month_of
from npt.flags.models import Flag
from npt.people import queries as people
from npt.people.queries import BcuRow, Roll, TeamRow
from npt.people.rules import Grade, PostFact, PostingFact, Staffing, holders, staffing
from npt.reports import rules
from npt.reports.queries.priorities import priorities_of
from npt.reports.queries.ranges import abstraction_of, overseen_by, unit_of
from npt.reports.rules import (
    AbstractionReport,
    By,
    FlagCounts,
    ForecastRow,
    MonthBefore,
    Order,
    ResourcesReport,
    ReturnLine,
    Sentence,
    StaffingRow,
    SupervisionReport,
    TeamLine,
    Unit,
    VacancyRow,
)
from npt.staffing.queries import supervision_around, supervision_on
from npt.staffing.rules.supervision import AreaRatio, supervision
from npt.staffing.rules.vacancies import ForecastVacancy, Vacancy, forecast_vacancies, vacancies


def resources_report(bcu: BcuRow, question: Question, today: dt.date, scope: Scope) -> ResourcesReport:
    """One BCU and one month, as at its last day, or as at today while it runs (RULES section 8).

    Targets, bands and lines are those of the month's last day, also while it is still to come (RULES section 1).

    :param question: about the whole of a calendar month
    :param scope: of somebody who may see the whole BCU
    """
    month = Period(question.window.first_day, question.window.last_day)
    area = _Bcu.read(bcu.code, scope, month)
    on = rules.day_shown(month, today)
    count = abstractions.count(question, scope, only=area.team_ids, known=area.teams)
    report = _report(area, count, today, supervision_on(on, question.policy).force)
    [returns] = _returns(area, [question.window], question, today)
    return replace(report, returns=returns)


_Held = dict[int, list[PostingFact]]
"""Who fills each post on a day."""


@dataclass(frozen=True)
class _Bcu:
    """The teams and posts of a BCU, ended ones too."""

    row: BcuRow
    teams: list[TeamRow]
    sector_ids: frozenset[int]
    posts: list[PostFact]
    flags: Sequence[Any]
    """The flags about it, its sectors and teams that were open on any day asked for: team, opened, closed."""
    since: dt.date | None = None
    """No day before this one is asked about."""

    @classmethod
    def read(cls, code: str, scope: Scope, days: Period, since: dt.date | None = None) -> "_Bcu":
        units = people.bcu_units(code, scope)
        team_ids, sector_ids = {team.id for team in units.teams}, units.sector_ids
        people.roll(team_ids=team_ids, sector_ids=sector_ids, since=since)  # with which its posts come
        posts = [p for p in people.posts(scope) if p.team_id in team_ids or p.sector_id in sector_ids]
        flags = _flags_of(units.bcu.id, sector_ids, team_ids, days)
        return cls(units.bcu, units.teams, sector_ids, posts, flags, since)

    @property
    def team_ids(self) -> list[int]:
        return [team.id for team in self.teams]

    @property
    def unit(self) -> Unit:
        return Unit(self.row.code, self.row.name)

    @property
    def roll(self) -> Roll:
        """The postings of everybody who ever held a post of it, inspectors too, and matters to a day asked about."""
        return people.roll(team_ids=self.team_ids, sector_ids=self.sector_ids, since=self.since)


def _report(bcu: _Bcu, count: Counted, today: dt.date, force: AreaRatio | None = None) -> ResourcesReport:
    """The report of a month without its returns, and with the force's ratio where it is given."""
    question = count.question
    month = Period(question.window.first_day, question.window.last_day)
    on = rules.day_shown(month, today)
    units = {team.id: unit_of(team) for team in bcu.teams}
    roll = bcu.roll
    vacant = vacancies(bcu.posts, roll.postings, on, question.policy)
    around = supervision_around(bcu.team_ids, on, question.policy, known=roll)
    overseen = overseen_by(around.found, question.policy, around.teams, bcu.teams, [bcu.row], vacant, force=force)
    flags = _flags(bcu, month, on)
    held = holders(roll.postings, on)
    staffing_rows = _staffing_rows(bcu, held, on, units)
    abstraction = abstraction_of(count, By.TEAM)
    codes = {team.id: team.code for team in bcu.teams}
    asked = Counter(codes[row.team_id] for row in priorities_of(bcu.teams, on, question.window.zone))
    return ResourcesReport(
        bcu=bcu.unit,
        month=month,
        on=on,
        running=today in month,
        as_at_today=on == today,
        staffing=tuple(staffing_rows),
        vacancies=tuple(_vacancy_row(vacancy, units) for vacancy in vacant),
        forecasts=tuple(
            _forecast_row(forecast, units)
            for forecast in forecast_vacancies(bcu.posts, roll.postings, on, question.policy)
        ),
        abstraction=abstraction,
        supervision=overseen,
        flags=flags.counts,
        lines=tuple(_lines(bcu, held, on, abstraction, vacant, overseen, flags.open_of, asked)),
        total=_total(bcu, held, on, count, vacant, overseen, flags.counts.open, asked.total()),
        flags_apart=tuple(_apart(flags.open_of, bcu, abstraction)),
        inspectors=next((row for row in staffing_rows if row.team is None), None),
    )


def _before(bcu: _Bcu, count: Counted, today: dt.date, returns: tuple[ReturnLine, ...]) -> MonthBefore:
    """What a month is compared with, of the month before it."""
    question = count.question
    month = Period(question.window.first_day, question.window.last_day)
    on = rules.day_shown(month, today)
    postings = bcu.roll.postings
    whole = _whole(bcu, holders(postings, on), on)
    # Cover adds no sergeant to a BCU's ratio, so none is looked at.
    ratios = supervision(postings, [team.fact for team in bcu.teams], (), on, question.policy).bcus
    return MonthBefore(
        first_day=month.first_day,
        rate=count.total().rate,
        establishment=whole.establishment if whole else 0,
        vacancies=whole.vacancies if whole else 0,
        ratio=ratios[0].ratio if ratios else None,
        flags=_flags(bcu, month, on).counts,
        rates={count.teams[id].code: figures.rate for id, figures in count.by_team().items()},
        returns=returns,
    )


def _returns(bcu: _Bcu, months: Sequence[Window], question: Question, today: dt.date) -> list[tuple[ReturnLine, ...]]:
    """Month by month, the returns of the teams live in it, as they stand today."""
    found = abstractions.returns(bcu.teams, months, on=today, policy=question.policy)
    return [
        tuple(
            ReturnLine(unit_of(row.team), row.standing, tuple(row.confirmations), row.changes)
            for row in found
            if row.month == month and row.team.live(month.first_day, month.last_day)
        )
        for month in months
    ]


def _staffing_rows(bcu: _Bcu, held: _Held, on: dt.date, units: dict[int, Unit]) -> list[StaffingRow]:
    """In order of team, then grade; inspectors, who are in no team, last."""
    found = staffing(bcu.posts, (), on, lambda post: post.team_id or 0, held=held)
    rows = [_staffing_row(row, units.get(row.unit)) for row in found]
    return sorted(rows, key=lambda r: (r.team is None, r.team.code if r.team else "", list(Grade).index(r.grade)))


def _staffing_row(row: Staffing[int], team: Unit | None) -> StaffingRow:
    return StaffingRow(
        team,
        row.grade or Grade.INSPECTOR,
        row.establishment,
        row.strength,
        row.vacancies,
        row.establishment_fte,
        row.strength_fte,
    )


def _vacancy_row(vacancy: Vacancy, units: dict[int, Unit]) -> VacancyRow:
    post = vacancy.post
    team = units.get(post.team_id or 0)
    return VacancyRow(post.ref, team, post.grade, vacancy.vacant_since, vacancy.age_days, vacancy.band)


def _forecast_row(forecast: ForecastVacancy, units: dict[int, Unit]) -> ForecastRow:
    post = forecast.post
    return ForecastRow(post.ref, units.get(post.team_id or 0), post.grade, forecast.vacant_from, forecast.days_left)


def _lines(
    bcu: _Bcu,
    held: _Held,
    on: dt.date,
    abstraction: AbstractionReport,
    vacant: Collection[Vacancy],
    overseen: SupervisionReport,
    open_flags: Counter[str],
    asked: Counter[str],
) -> Iterable[TeamLine]:
    ids = {team.code: team.id for team in bcu.teams}
    by_team = {s.unit: s for s in staffing(bcu.posts, (), on, lambda post: post.team_id, by_grade=False, held=held)}
    supervised = {row.team.code: row for row in overseen.teams}
    posts: dict[int | None, list[PostFact]] = defaultdict(list)
    for post in bcu.posts:
        posts[post.team_id].append(post)
    for row in abstraction.rows:
        code, team_id = row.unit.code, ids[row.unit.code]
        manned, oversight = by_team.get(team_id), supervised.get(code)
        yield TeamLine(
            row.unit,
            manned.establishment if manned else 0,
            manned.strength if manned else 0,
            manned.vacancies if manned else 0,
            max((v.age_days for v in vacant if v.post.team_id == team_id), default=None),
            oversight.span if oversight else None,
            oversight.no_supervisor if oversight else False,
            row.assessment,
            open_flags[code],
            asked[code],
            rules.sharing(posts[team_id], held),
        )


def _apart(open_of: Counter[str], bcu: _Bcu, abstraction: AbstractionReport) -> Iterable[tuple[Unit | None, int]]:
    """The open flags that no team's line has."""
    named = {team.code: unit_of(team) for team in bcu.teams}
    shown = {row.unit.code for row in abstraction.rows}
    for code, number in sorted(open_of.items()):
        if code not in shown:
            yield named.get(code), number


def _total(
    bcu: _Bcu,
    held: _Held,
    on: dt.date,
    count: Counted,
    vacant: Collection[Vacancy],
    overseen: SupervisionReport,
    open_flags: int,
    open_asked: int,
) -> TeamLine:
    """The BCU's own line: sum over sum, people once, inspectors' posts too, judged by the BCU's target."""
    whole = _whole(bcu, held, on)
    return TeamLine(
        bcu.unit,
        whole.establishment if whole else 0,
        whole.strength if whole else 0,
        whole.vacancies if whole else 0,
        max((v.age_days for v in vacant), default=None),
        overseen.bcus[0].ratio if overseen.bcus else None,
        False,
        count.assess_bcu(bcu.row.code, count.total()),
        open_flags,
        open_asked,
        rules.sharing(bcu.posts, held),
    )


def _whole(bcu: _Bcu, held: _Held, on: dt.date) -> Staffing[int] | None:
    """Posts and people of the BCU as one unit."""
    return next(iter(staffing(bcu.posts, (), on, lambda _: bcu.row.id, by_grade=False, held=held)), None)


@dataclass(frozen=True)
class _Flags:
    counts: FlagCounts
    open_of: Counter[str]
    """By the code of the team; "" is the BCU and its sectors."""


_FLAG = Flag.__table__.c
_FLAGS_OF = select(_FLAG.team_id, _FLAG.opened_on, _FLAG.closed_on).where(
    or_(_FLAG.bcu_id == bindparam("bcu"), among(_FLAG.sector_id, "sectors"), among(_FLAG.team_id, "teams")),
    _FLAG.opened_on <= bindparam("last"),
    or_(_FLAG.closed_on.is_(None), _FLAG.closed_on >= bindparam("first")),
)


def _flags_of(bcu_id: int, sector_ids: Collection[int], team_ids: Collection[int], days: Period) -> Sequence[Any]:
    asked = {"bcu": bcu_id, "sectors": sector_ids, "teams": team_ids, "first": days.first_day, "last": days.last_day}
    return session.execute(_FLAGS_OF, asked).all()


def _flags(bcu: _Bcu, month: Period, on: dt.date) -> _Flags:
    """The flags about a BCU, its sectors and teams: open at the end of a day; opened and closed in the month."""
    rows = [
        row
        for row in bcu.flags
        if row.opened_on <= (month.last_day or on) and (row.closed_on is None or row.closed_on >= month.first_day)
    ]
    still = [row for row in rows if row.opened_on <= on and (row.closed_on is None or row.closed_on > on)]
    codes = {team.id: team.code for team in bcu.teams}
    return _Flags(
        FlagCounts(
            open=len(still),
            opened=sum(row.opened_on in month for row in rows),
            closed=sum(row.closed_on is not None and row.closed_on in month for row in rows),
        ),
        Counter(codes.get(row.team_id, "") for row in still),
    )


@dataclass(frozen=True, slots=True)
class BcuMonth:
    """The BCU's month as its page shows it: the report, its four sentences, and the teams' lines in order."""

    report: ResourcesReport
    sentences: tuple[Sentence, ...]
    lines: tuple[TeamLine, ...]


def bcu_month(
    code: str, question: Question, today: dt.date, scope: Scope, order: Order = Order.WORST, *, descending: bool = False
) -> BcuMonth:
    """A BCU's month, beside the month before it.

    :raises NoResultFound: when there is no such BCU, or the actor may not see it
    """
    # What the month before broke is not said, only what it measured: it needs no policy of its own.
    earlier = replace(question, window=month_of(add_months(question.window.first_day, -1), question.window.zone))
    days = Period(earlier.window.first_day, question.window.last_day)
    # A month wholly to come shows today, and a duty of the day before reaches into the first.
    bcu = _Bcu.read(code, scope, days, min(days.first_day, today) - DAY)
    count, before = abstractions.summaries([question, earlier], {team.id: team for team in bcu.teams}, bcu.roll)
    owed_before, owed = _returns(bcu, [earlier.window, question.window], question, today)
    report = replace(_report(bcu, count, today), returns=owed)
    past = _before(bcu, before, today, owed_before)
    lines = rules.ordered(report.lines, order, descending=descending)
    return BcuMonth(report, rules.sentences(report, past), tuple(lines))
