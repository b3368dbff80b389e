"""Duties and absences as they were entered: lists of a stretch of days, and one with everything known of it."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.abstractions.models import Absence, Duty
from npt.abstractions.rules import AbsenceKind, DutyFact, DutySource, DutyStatus
from npt.core.authority import Scope
from npt.core.db import session
from npt.core.lasting import lasts_beyond
from npt.core.periods import Window, local_day
from npt.people import queries as people
from npt.people.queries import PersonRow, Roll


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A duty as it stands on record. The team is the person's present team on the duty date."""

    ref: str
    person: PersonRow
    team_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    duty_date: dt.date
    status: DutyStatus
    source: DutySource

    @property
    def cancelled(self) -> bool:
        return self.status is DutyStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence as it stands on record. The team is the person's present team on the day it starts."""

    ref: str
    person: PersonRow
    team_id: int
    kind: AbsenceKind
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    cancelled_at: dt.datetime | None

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None


_DUTY = (Duty.person_id, Duty.ref, Duty.starts_at, Duty.ends_at, Duty.duty_date, Duty.status, Duty.source)
_ABSENCE = (Absence.person_id, Absence.ref, Absence.kind, Absence.starts_at, Absence.ends_at, Absence.cancelled_at)
_MANY = 2000


def roster(window: Window, team_ids: Collection[int]) -> list[RosterRow]:
    """Every duty of these teams whose duty date is in a window, cancelled ones too, in order of start."""
    roll = people.roll(team_ids=team_ids)
    statement = select(*_DUTY).where(Duty.duty_date >= window.first_day, Duty.duty_date <= window.last_day)
    if len(roll.by_person) <= _MANY:
        statement = statement.where(Duty.person_id.in_(list(roll.by_person)))
    found = [
        (row, team_id)
        for row in session.execute(statement.order_by(Duty.starts_at, Duty.ref))
        if (team_id := roll.team_on(row.person_id, row.duty_date)) in set(team_ids)
    ]
    named = people.people({row.person_id for row, _ in found})
    return [RosterRow(row.ref, named[row.person_id], team_id or 0, *row[2:]) for row, team_id in found]


def rostered(duties: Iterable[DutyFact], roll: Roll, team_ids: Collection[int]) -> dict[int, Counter[dt.date]]:
    """How many people of each of these teams have one of these duties on each day; a day of nobody's is not in it."""
    found = {team_id: Counter[dt.date]() for team_id in team_ids}
    for person_id, day in {(duty.person_id, duty.duty_date) for duty in duties}:
        if (team_id := roll.team_on(person_id, day)) in found:
            found[team_id or 0][day] += 1
    return found


def absences(window: Window, team_ids: Collection[int]) -> list[AbsenceRow]:
    """Every absence of these teams that touches a window, cancelled ones too, in order of start."""
    roll = people.roll(team_ids=team_ids)
    within = window.whole
    statement = select(*_ABSENCE).where(
        Absence.starts_at < within.ends_at,
        lasts_beyond(Absence.ends_at, within.starts_at),
    )
    if len(roll.by_person) <= _MANY:
        statement = statement.where(Absence.person_id.in_(list(roll.by_person)))
    found = [
        (row, team_id)
        for row in session.execute(statement.order_by(Absence.starts_at, Absence.ref))
        if (team_id := _team_of(roll, row.person_id, row.starts_at, window.zone)) in set(team_ids)
    ]
    named = people.people({row.person_id for row, _ in found})
    return [AbsenceRow(row.ref, named[row.person_id], team_id or 0, *row[2:]) for row, team_id in found]


def _team_of(roll: Roll, person_id: int, starts_at: dt.datetime, zone: ZoneInfo) -> int | None:
    return roll.team_on(person_id, local_day(starts_at, zone))


def duty(ref: str, scope: Scope) -> RosterRow:
    """One duty by its reference.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    row = session.execute(select(*_DUTY).where(Duty.ref == ref)).one()
    team_id = people.roll(person_ids=[row.person_id]).team_on(row.person_id, row.duty_date)
    if not scope.has_team(team_id):
        raise NoResultFound(f"no duty {ref} within scope")
    return RosterRow(row.ref, people.people([row.person_id])[row.person_id], team_id or 0, *row[2:])


def absence(ref: str, scope: Scope, zone: ZoneInfo) -> AbsenceRow:
    """One absence by its reference.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    row = session.execute(select(*_ABSENCE).where(Absence.ref == ref)).one()
    team_id = _team_of(people.roll(person_ids=[row.person_id]), row.person_id, row.starts_at, zone)
    if not scope.has_team(team_id):
        raise NoResultFound(f"no absence {ref} within scope")
    return AbsenceRow(row.ref, people.people([row.person_id])[row.person_id], team_id or 0, *row[2:])
