"""The entries behind a figure: abstractions with the minutes each gives it, duties with what was available of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import rules
from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.queries.figures import Count
from npt.abstractions.rules import DutyStatus
from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import local_day
from npt.people import queries as people
from npt.people.models import Person
from npt.people.queries import PersonRow, Roll
from npt.people.rules import RATED_GRADES, Grade


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An abstraction as a list shows it, with the minutes it gives the figure."""

    ref: str
    person: PersonRow
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None
    counted: int
    not_counting: int
    off_duty: int


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as a list shows it, with the minutes of it that were available in the window."""

    ref: str
    person: PersonRow
    starts_at: dt.datetime
    ends_at: dt.datetime
    available: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which of the entries behind a figure are asked for."""

    grade: Grade | None = None
    grades: frozenset[Grade] = frozenset(Grade)
    reason: str | None = None
    person_id: int | None = None

    def takes(self, person_id: int, grade: Grade, reason: str | None = None) -> bool:
        return (
            (self.grade is None or grade is self.grade)
            and grade in self.grades
            and (self.person_id is None or person_id == self.person_id)
            and (self.reason is None or reason is None or reason == self.reason)
        )


def entries_behind(count: Count, narrowing: Narrowing) -> list[EntryRow]:
    """The abstractions of a window, newest first. Their minutes add up to the figure.

    One that gives it none is listed with nothing: planned, off the roster, or of somebody who is in no rate.
    """
    minutes = _of_these_teams(count, narrowing)
    for entry in count.tallies.entries:
        if entry.team_id in count.teams and narrowing.takes(entry.person_id, entry.grade, entry.reason):
            sums = minutes[entry.abstraction_id or 0]
            sums[0] += entry.counted
            sums[1] += entry.not_counting
            sums[2] += entry.off_duty
    facts = sorted(
        (fact for fact in count.facts.abstractions if fact.id in minutes),
        key=lambda fact: (fact.starts_at, fact.ref),
        reverse=True,
    )
    named = people.people({fact.person_id for fact in facts})
    destinations = _destinations(fact.id for fact in facts if fact.id is not None)
    return [
        EntryRow(
            fact.ref,
            named[fact.person_id],
            fact.reason,
            fact.starts_at,
            fact.ends_at,
            destinations.get(fact.id or 0),
            *minutes[fact.id or 0],
        )
        for fact in facts
    ]


def _of_these_teams(count: Count, narrowing: Narrowing) -> defaultdict[int, list[int]]:
    """No minutes yet for every entry of somebody whose present team on the day it starts is asked for."""
    minutes: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for fact in count.facts.abstractions:
        posting = count.roll.present(fact.person_id, fact.starts_on)
        if posting is None or fact.id is None or posting.post.team_id not in count.teams:
            continue
        if narrowing.takes(fact.person_id, posting.post.grade, fact.reason):
            minutes[fact.id] = [0, 0, 0]
    return minutes


def _destinations(ids: Iterable[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    listed = list(ids)
    for start in range(0, len(listed), 1000):
        rows = session.execute(
            select(Abstraction.id, Abstraction.destination).where(Abstraction.id.in_(listed[start : start + 1000]))
        )
        found.update(dict(rows.all()))
    return found


def duty_minutes(count: Count, narrowing: Narrowing) -> int:
    """The available minutes of those asked for: what their counted minutes are a share of."""
    return sum(row.duty_minutes for row in count.people if narrowing.takes(row.person_id, row.grade))


def duties_behind(count: Count, narrowing: Narrowing) -> list[DutyRow]:
    """The duties that give a count its available minutes, newest first. They add up to the figure to the minute."""
    within = count.question.within
    if within is None:
        return []
    duties = defaultdict(list)
    absences = defaultdict(list)
    for duty in count.facts.duties:
        duties[duty.person_id].append(duty)
    for absence in count.facts.absences:
        absences[absence.person_id].append(absence)
    minutes: dict[str, int] = defaultdict(int)
    for person_id, theirs in duties.items():
        for piece in rules.available_pieces(theirs, absences[person_id], within):
            posting = count.roll.present(person_id, piece.duty.duty_date)
            if posting is None or posting.post.grade not in RATED_GRADES:
                continue
            if posting.post.team_id in count.teams and narrowing.takes(person_id, posting.post.grade):
                minutes[piece.duty.ref] += piece.interval.minutes
    facts = sorted(
        (duty for duty in count.facts.duties if duty.ref in minutes),
        key=lambda duty: (duty.starts_at, duty.ref),
        reverse=True,
    )
    named = people.people({duty.person_id for duty in facts})
    return [DutyRow(duty.ref, named[duty.person_id], duty.starts_at, duty.ends_at, minutes[duty.ref]) for duty in facts]


@dataclass(frozen=True, slots=True)
class AwayRow:
    """Somebody who is away now."""

    ref: str
    person: PersonRow
    team_id: int
    reason: str
    destination: str | None
    since: dt.datetime
    until: dt.datetime | None


_PERSON = (Person.id, Person.collar_number, Person.forename, Person.surname, Person.grade, Person.email)


def away_now(team_ids: Iterable[int], at: dt.datetime, on: dt.date, roll: Roll) -> list[AwayRow]:
    """Everybody of these teams who is away at a moment, longest first."""
    here = roll.in_team(team_ids, on)
    rows = session.execute(
        select(
            Abstraction.ref,
            Abstraction.reason,
            Abstraction.destination,
            Abstraction.starts_at,
            Abstraction.ends_at,
            *_PERSON,
        )
        .join(Abstraction.person)
        .where(
            Abstraction.person_id.in_(list(here)),
            Abstraction.cancelled_at.is_(None),
            Abstraction.starts_at <= at,
            or_(Abstraction.ends_at.is_(None), Abstraction.ends_at > at),
        )
        .order_by(Abstraction.starts_at, Abstraction.ref)
    )
    away = []
    for ref, reason, destination, starts_at, ends_at, *person in rows:
        who = PersonRow(*person)
        away.append(AwayRow(ref, who, here[who.id].post.team_id or 0, reason, destination, starts_at, ends_at))
    return away


@dataclass(frozen=True, slots=True)
class Entry:
    """One abstraction with everything a page says about it."""

    id: int
    ref: str
    person: PersonRow
    team_id: int | None
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None
    note: str | None
    authorised_by: str | None
    logged_at: dt.datetime | None
    logged_by: str | None
    cancelled_at: dt.datetime | None
    cancel_reason: str | None


def entry(ref: str, scope: Scope, zone: ZoneInfo) -> Entry:
    """One abstraction by its reference. The team is the person's present team on the day it starts.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    found = session.execute(select(Abstraction).where(Abstraction.ref == ref)).scalar_one()
    roll = people.roll(person_ids=[found.person_id])
    team_id = roll.team_on(found.person_id, local_day(found.starts_at, zone))
    if not scope.has_team(team_id):
        raise NoResultFound(f"no abstraction {ref} within scope")
    named = people.people({found.person_id, found.authorised_by_id or found.person_id})
    return Entry(
        found.id,
        found.ref,
        named[found.person_id],
        team_id,
        found.reason,
        found.starts_at,
        found.ends_at,
        found.destination,
        found.note,
        named[found.authorised_by_id].name if found.authorised_by_id else None,
        found.logged_at,
        found.logged_by,
        found.cancelled_at,
        found.cancel_reason,
    )


def on_duty(person_ids: Iterable[int], at: dt.datetime) -> set[int]:
    """Those of these people whose duty it is at a moment, absent or away or not."""
    return set(
        session.scalars(
            select(Duty.person_id).where(
                Duty.person_id.in_(list(person_ids)),
                Duty.starts_at <= at,
                Duty.ends_at > at,
                Duty.status != DutyStatus.CANCELLED,
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Who of some people is on duty at a moment and there, who is away, and who is absent."""

    on_duty: frozenset[int]
    away: Mapping[int, str]
    """The reason for which somebody is away."""
    absent: frozenset[int]


def whereabouts(person_ids: Iterable[int], at: dt.datetime) -> Whereabouts:
    """Where these people are at a moment, as far as duties, absences and abstractions say."""
    ids = list(person_ids)
    absent = frozenset(
        session.scalars(
            select(Absence.person_id).where(
                Absence.person_id.in_(ids),
                Absence.starts_at <= at,
                or_(Absence.ends_at.is_(None), Absence.ends_at > at),
            )
        )
    )
    away = session.execute(
        select(Abstraction.person_id, Abstraction.reason).where(
            Abstraction.person_id.in_(ids),
            Abstraction.cancelled_at.is_(None),
            Abstraction.starts_at <= at,
            or_(Abstraction.ends_at.is_(None), Abstraction.ends_at > at),
        )
    )
    return Whereabouts(frozenset(on_duty(ids, at)) - absent, {row.person_id: row.reason for row in away}, absent)


def usual_reasons(logged_by: str) -> list[str]:
    """The last three different reasons somebody logged, newest first."""
    rows = session.execute(
        select(Abstraction.reason, func.max(Abstraction.logged_at))
        .where(Abstraction.logged_by == logged_by, Abstraction.logged_at.is_not(None))
        .group_by(Abstraction.reason)
        .order_by(func.max(Abstraction.logged_at).desc(), Abstraction.reason)
        .limit(3)
    )
    return [row.reason for row in rows]
