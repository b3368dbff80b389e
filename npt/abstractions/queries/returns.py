"""Monthly returns: how each stands, what a month holds that is about to be confirmed, and what changed after it was."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, select

from npt.abstractions import rules
from npt.abstractions.models import Abstraction, Duty, MonthlyReturn, ReturnChange
from npt.abstractions.queries.entries import EntryRow, Narrowing, entries_behind
from npt.abstractions.queries.figures import Count, Question, count
from npt.abstractions.rules import Confirmation, MonthFigures, MonthSeen, Standing, TeamMonth
from npt.core.authority import EVERYTHING
from npt.core.db import among, session
from npt.core.periods import DAY, Window, add_months, local_day, month_of
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow
from npt.policy import queries as policies
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """The return of one team for one month as it stands on a day, with every time it was confirmed, oldest first."""

    team: TeamRow
    month: Window
    standing: Standing
    confirmations: Sequence[Confirmation] = ()
    changes: int = 0
    """How many things were written about the month after it was confirmed the first time."""

    @property
    def newest(self) -> Confirmation | None:
        return self.confirmations[-1] if self.confirmations else None

    @property
    def standing_by(self) -> str | None:
        """Who has confirmed it, when it stands confirmed."""
        return self.newest.by if self.newest and self.newest.stands else None

    @property
    def reopened(self) -> int:
        """How often it was opened again."""
        return sum(not each.stands for each in self.confirmations)


def returns(
    teams: Iterable[TeamRow],
    months: Sequence[Window],
    *,
    on: dt.date,
    policy: Policy,
    known: "Known | None" = None,
) -> list[ReturnRow]:
    """How the returns of these teams for these months stand on a day, in order of team, then month.

    :param months: one after the other
    :param policy: of the day; where a month has none of its own it stands in
    :param known: what these teams confirmed of these months, when it has been read already
    """
    asked = list(teams)
    if not asked or not months:
        return []
    if known is None:
        of = {"teams": [team.id for team in asked], "first": months[0].first_day, "last": months[-1].first_day}
        known = _known(_KNOWN_OF_MONTHS, of, months[0].zone)
    of_months = policies.policies_on(month.last_day for month in months)
    rows = []
    for team in asked:
        for month in months:
            key = TeamMonth(team.id, month.first_day)
            owed = rules.is_owed(
                month,
                live=team.live(month.first_day, month.last_day),
                first_month=known.first_month,
                on=on,
                chased_months=policy.returns_chased_months,
            )
            confirmed = known.confirmations.get(key, [])
            stands = rules.standing(
                month, confirmed, owed=owed, on=on, return_day=of_months.get(month.last_day, policy).return_day
            )
            rows.append(ReturnRow(team, month, stands, confirmed, known.changes[key]))
    return rows


@dataclass(frozen=True, slots=True)
class Known:
    """What some teams confirmed of some months, oldest first, and how much was written about each of them afterwards.

    There is nothing written after a month was confirmed of a month that never was.
    """

    confirmations: Mapping[TeamMonth, list[Confirmation]]
    changes: Counter[TeamMonth]
    first_month: dt.date | None
    """As ``first_month_with_data`` has it."""


def confirmations(
    team_ids: Collection[int], first_month: dt.date, last_month: dt.date
) -> dict[TeamMonth, list[Confirmation]]:
    """Every time these teams confirmed a month from a first to a last, oldest first."""
    asked = {"teams": team_ids, "first": first_month, "last": last_month}
    return _by_month(session.execute(_CONFIRMATIONS, asked).all())


# Built once, of tables and not of classes: a page that asks how returns stand has them in a fraction of the time.
_RETURNS, _CHANGES, _DUTIES, _ENTRIES = (each.__table__ for each in (MonthlyReturn, ReturnChange, Duty, Abstraction))
_FIRST, _LAST = (bindparam(name, type_=Date()) for name in ("first", "last"))
_OF_TEAMS = among(_RETURNS.c.team_id, "teams")
_OF_MONTHS = and_(_OF_TEAMS, _RETURNS.c.month >= _FIRST, _RETURNS.c.month <= _LAST)
_CONFIRMATIONS = select(_RETURNS).where(_OF_MONTHS).order_by(_RETURNS.c.version)
_FIRST_STARTS = select(
    select(func.min(_DUTIES.c.starts_at)).scalar_subquery().label("first_duty"),
    select(func.min(_ENTRIES.c.starts_at)).scalar_subquery().label("first_entry"),
)


def _known_of(where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """All that decides how returns stand, in one statement."""
    changes = (
        select(func.count(_CHANGES.c.id))
        .where(_CHANGES.c.team_id == _RETURNS.c.team_id, _CHANGES.c.month == _RETURNS.c.month)
        .scalar_subquery()
    )
    first = _FIRST_STARTS.subquery()
    return (
        select(*first.c, _RETURNS, changes.label("changes"))
        .select_from(first.outerjoin(_RETURNS, where))
        .order_by(_RETURNS.c.version)
    )


_KNOWN_OF_MONTHS = _known_of(_OF_MONTHS)
_REOPENED = select(func.min(_RETURNS.c.month)).where(
    _OF_TEAMS, _RETURNS.c.month < _FIRST, _RETURNS.c.reopened_at.is_not(None)
)
_KNOWN_SINCE = _known_of(and_(_OF_TEAMS, _RETURNS.c.month >= func.coalesce(_REOPENED.scalar_subquery(), _FIRST)))
"""Since a first month, or since the oldest before it that one of the teams opened again."""


def _known(statement: Select[*tuple[Any, ...]], asked: Mapping[str, object], zone: ZoneInfo) -> Known:
    rows = session.execute(statement, asked).all()
    found = [row for row in rows if row.team_id is not None]
    return Known(
        _by_month(found),
        Counter({TeamMonth(row.team_id, row.month): row.changes for row in found}),
        _first_month(rows[0][:2], zone),
    )


def _by_month(rows: Iterable[Any]) -> dict[TeamMonth, list[Confirmation]]:
    found: dict[TeamMonth, list[Confirmation]] = {}
    for row in rows:
        figures = MonthFigures(row.duty_minutes, row.abstracted_minutes, row.off_duty_minutes, row.entries)
        found.setdefault(TeamMonth(row.team_id, row.month), []).append(
            Confirmation(
                row.version,
                row.kind,
                row.confirmed_at,
                row.confirmed_by,
                figures,
                row.reopened_at,
                row.reopened_by,
                row.reopen_reason,
            )
        )
    return found


def confirmed_in(team_ids: Collection[int], window: Window) -> Known:
    """What these teams confirmed of the months that a window touches, and what was written about them afterwards."""
    first, last = (day.replace(day=1) for day in (window.first_day, window.last_day))
    return _known(_KNOWN_OF_MONTHS, {"teams": team_ids, "first": first, "last": last}, window.zone)


def first_month_with_data(zone: ZoneInfo) -> dt.date | None:
    """The day on which the first duty or entry of the product starts; nothing when it has neither."""
    return _first_month(session.execute(_FIRST_STARTS).one(), zone)


def _first_month(starts: Iterable[dt.datetime | None], zone: ZoneInfo) -> dt.date | None:
    known = [starts_at for starts_at in starts if starts_at is not None]
    return local_day(min(known), zone) if known else None


def confirmed_once(first_month: dt.date, last_month: dt.date) -> dict[TeamMonth, bool]:
    """The teams' months, from a first to a last, that were ever confirmed, each with whether it stands confirmed."""
    rows = session.execute(
        select(MonthlyReturn.team_id, MonthlyReturn.month, MonthlyReturn.reopened_at).where(
            MonthlyReturn.month >= first_month, MonthlyReturn.month <= last_month
        )
    )
    found: dict[TeamMonth, bool] = {}
    for team_id, month, reopened_at in rows:
        key = TeamMonth(team_id, month)
        found[key] = found.get(key, False) or reopened_at is None
    return found


def confirmed_months() -> list[dt.date]:
    """The first days of the months that some team has confirmed, in order."""
    rows = session.scalars(
        select(MonthlyReturn.month).where(MonthlyReturn.reopened_at.is_(None)).distinct().order_by(MonthlyReturn.month)
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was written about a month after it had been confirmed once."""

    at: dt.datetime
    actor: str
    event: str
    subject: str
    person: PersonRow
    because: str | None
    stood: bool
    month: dt.date
    team_id: int

    @property
    def kind(self) -> str:
        """What it was about: abstraction, duty or absence."""
        return self.subject.partition(":")[0]

    @property
    def ref(self) -> str:
        return self.subject.partition(":")[2]


def changes(team_id: int, month: dt.date) -> list[Change]:
    """What was written about a team's month after it had been confirmed, newest first."""
    return _changes(ReturnChange.team_id == team_id, ReturnChange.month == month)


def changes_between(team_ids: Collection[int], first_month: dt.date, last_month: dt.date) -> list[Change]:
    """What was written about these teams' months after they had been confirmed, newest first."""
    return _changes(
        ReturnChange.team_id.in_(list(team_ids)), ReturnChange.month >= first_month, ReturnChange.month <= last_month
    )


def late_returns(
    teams: Iterable[TeamRow], window: Window, *, on: dt.date, policy: Policy, known: Known | None = None
) -> list[ReturnRow]:
    """The returns of these teams, for the months a window touches, that are overdue on a day.

    :param known: what these teams confirmed of those months, when it has been read already
    """
    oldest = add_months(on.replace(day=1), -policy.returns_chased_months)
    first = max(window.first_day.replace(day=1), oldest)
    last = min(window.last_day, on)
    if first > last:
        return []
    months = [month_of(first, window.zone)]
    while months[-1].last_day < last:
        months.append(month_of(months[-1].last_day + DAY, window.zone))
    return [row for row in returns(teams, months, on=on, policy=policy, known=known) if row.standing.days_late > 0]


def changes_about(subject: str) -> list[Change]:
    """What was written about one entry, duty or absence after a month it touches had been confirmed, newest first."""
    return _changes(ReturnChange.subject == subject)


def _changes(*where: object) -> list[Change]:
    rows = session.scalars(
        select(ReturnChange).where(*where).order_by(ReturnChange.at.desc(), ReturnChange.id.desc())  # type: ignore[arg-type]
    ).all()
    named = people.people({row.person_id for row in rows})
    return [
        Change(
            row.at,
            row.actor,
            row.event,
            row.subject,
            named[row.person_id],
            row.because,
            row.stood,
            row.month,
            row.team_id,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class TeamsMonth:
    """A team's month as somebody sees it who is about to confirm it."""

    count: Count
    entries: Sequence[EntryRow]
    days_without: Sequence[dt.date]
    """The days on which somebody has a duty and nobody an entry."""
    figures: MonthFigures
    by_reason: Mapping[str, int]
    waiting: int
    seen: MonthSeen = field(repr=False)

    @property
    def mark(self) -> str:
        """Changes with every figure that is confirmed, so that nobody confirms what they have not seen."""
        of = self.figures
        return f"{of.duty_minutes}.{of.abstracted_minutes}.{of.off_duty_minutes}.{of.entries}"


def teams_month(team: TeamRow, question: Question) -> TeamsMonth:
    """Everything about a team's month that its sergeant confirms.

    :param question: about the whole of a calendar month, under the force's own definition
    """
    counted = count(question, EVERYTHING, [team.id])
    rows = entries_behind(counted, Narrowing())
    total = counted.total()
    zone = question.window.zone
    with_entry = {local_day(row.starts_at, zone) for row in rows}
    with_duty = {
        duty.duty_date
        for duty in counted.facts.duties
        if question.window.first_day <= duty.duty_date <= question.window.last_day
        and counted.roll.team_on(duty.person_id, duty.duty_date) == team.id
    }
    return TeamsMonth(
        counted,
        rows,
        sorted(with_duty - with_entry),
        MonthFigures(total.duty_minutes, total.abstracted_minutes, total.off_duty_minutes, len(rows)),
        total.by_reason,
        sum(row.authorisation is rules.Authorisation.AWAITING for row in rows),
        MonthSeen(
            len(rows),
            sum(bool(row.counted or row.off_duty) for row in rows),
            [row.person.name for row in rows if row.ends_at is None],
        ),
    )


def oldest_wanted(team: TeamRow, *, on: dt.date, policy: Policy, zone: ZoneInfo) -> ReturnRow | None:
    """The oldest return of a team that somebody has to confirm."""
    wanted = wanted_of([team], on=on, policy=policy, zone=zone)
    return wanted[0] if wanted else None


def wanted_of(teams: Iterable[TeamRow], *, on: dt.date, policy: Policy, zone: ZoneInfo) -> list[ReturnRow]:
    """The returns of these teams that somebody has to confirm, oldest month first. A month that was opened again is
    wanted however long ago it was.
    """
    asked = list(teams)
    chased = add_months(on.replace(day=1), -policy.returns_chased_months)
    known = _known(_KNOWN_SINCE, {"teams": [team.id for team in asked], "first": chased}, zone)
    months = rules.months_back(on, policy.returns_chased_months, zone)
    older = [
        key.first_day
        for key, each in known.confirmations.items()
        if key.first_day < chased and not all(one.stands for one in each)
    ]
    if older:
        start = min(older)
        back = (on.year - start.year) * 12 + on.month - start.month
        months = rules.months_back(on, back, zone)
    rows = returns(asked, months, on=on, policy=policy, known=known)
    return sorted((row for row in rows if row.standing.state.wanted), key=lambda row: row.month.first_day)
