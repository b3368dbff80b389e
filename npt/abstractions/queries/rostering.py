"""Duties and absences as they were entered: lists of a stretch of days, and one with everything known of it."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.abstractions.models import Absence, Duty
from npt.abstractions.queries.facts import Facts
from npt.abstractions.rules import AbsenceKind, DutySource, DutyStatus, by_person, days_wholly_absent
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


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many people of a team have a duty on a day, and how many of them are absent for the whole of it."""

    rostered: int
    absent: int

    @property
    def there(self) -> int:
        return self.rostered - self.absent


def turnouts(week: Facts, roll: Roll, team_ids: Collection[int], days: Collection[dt.date]) -> dict[int, list[Turnout]]:
    """For each of these teams who turns out on each of these days, in their order.

    :param week: every duty of the days, and every absence that touches them
    """
    of_day = {(team_id, day): [0, 0] for team_id in team_ids for day in days}
    absences = by_person(week.absences)
    for person_id, duties in by_person(week.duties).items():
        gone = days_wholly_absent(duties, absences.get(person_id, ()))
        for day in {duty.duty_date for duty in duties}:
            if (count := of_day.get((roll.team_on(person_id, day) or 0, day))) is not None:
                count[0] += 1
                count[1] += day in gone
    return {team_id: [Turnout(*of_day[team_id, day]) for day in days] for team_id in team_ids}


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
