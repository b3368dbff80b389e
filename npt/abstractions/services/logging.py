"""Log an abstraction and end one, as a sergeant does between two jobs; flag what is over a line, as a job does."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import rules
from npt.abstractions.models import Abstraction
from npt.abstractions.rules import Booked
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import local_day, to_minute
from npt.people import queries as people
from npt.people.models import Person
from npt.people.queries import PersonRow
from npt.policy.rules import ReasonBook

NOT_YOURS = "Choose somebody who was in one of your teams on that day"


@dataclass(frozen=True, slots=True)
class NewAbstraction:
    """What a sergeant logs: who, why, from when to when (empty: still away), and where to."""

    person_id: int
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None = None


Words = Callable[[Abstraction], str]
"""How an entry on record is described to a person; the edge knows the words of time."""


def record_abstraction(
    new: NewAbstraction, *, actor: Actor, at: dt.datetime, reasons: ReasonBook, zone: ZoneInfo, words: Words
) -> str:
    """Log that somebody is, was or will be away. Returns the reference of the entry.

    :raises Refused: with every reason: not theirs to log, already away, an end before the start or more than 24 hours
        after it, a reason that cannot be logged that day (RULES section 4)
    """
    starts_at = to_minute(new.starts_at)
    ends_at = None if new.ends_at is None else to_minute(new.ends_at)
    starts_on = local_day(starts_at, zone)
    who = _person_to_log(new.person_id, starts_on, actor)
    refuse_if_any(
        rules.obstacles_to_logging(
            starts_at=starts_at,
            ends_at=ends_at,
            starts_on=starts_on,
            reason=new.reason,
            reasons=reasons,
            who=who.name,
            booked=_booked(who.id, starts_at, words),
        )
    )
    ref = f"N{secrets.token_hex(6).upper()}"
    session.add(
        Abstraction(
            ref=ref,
            person_id=who.id,
            reason=new.reason,
            starts_at=starts_at,
            ends_at=ends_at,
            destination=new.destination or None,
            logged_at=to_minute(at),
            logged_by=actor.name,
        )
    )
    audit.record(
        "abstraction.recorded",
        f"abstraction:{ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        reason=new.reason,
        starts_at=starts_at,
        ends_at=ends_at,
        destination=new.destination or None,
    )
    return ref


def _person_to_log(person_id: int, on: dt.date, actor: Actor) -> PersonRow:
    """Load the person within scope and lock the row, so that of fifty who log the same person one comes first."""
    found = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    team_id = people.roll(person_ids=[person_id]).team_on(person_id, on)
    if found is None or not actor.scope.has_team(team_id):
        raise Refused(Reason(NOT_YOURS, "person_id"))
    return PersonRow(found.id, found.collar_number, found.forename, found.surname, found.grade)


def _booked(person_id: int, starts_at: dt.datetime, words: Words) -> list[Booked]:
    entries = session.scalars(
        select(Abstraction)
        .where(
            Abstraction.person_id == person_id,
            Abstraction.cancelled_at.is_(None),
            or_(Abstraction.ends_at.is_(None), Abstraction.ends_at > starts_at),
        )
        .order_by(Abstraction.starts_at)
    )
    return [Booked(entry.starts_at, entry.ends_at, words(entry)) for entry in entries]


def _entry_to_change(ref: str, actor: Actor, zone: ZoneInfo) -> tuple[Abstraction, PersonRow]:
    """Load the entry within scope and lock it, and say whose it is."""
    entry = session.execute(select(Abstraction).where(Abstraction.ref == ref).with_for_update()).scalar_one()
    person = session.get_one(Person, entry.person_id)
    team_id = people.roll(person_ids=[person.id]).team_on(person.id, local_day(entry.starts_at, zone))
    if not actor.scope.has_team(team_id):
        raise NoResultFound(f"no abstraction {ref} within scope")
    if entry.cancelled_at is not None:
        raise Refused("This entry was cancelled. There is nothing to change.")
    return entry, PersonRow(person.id, person.collar_number, person.forename, person.surname, person.grade)


def end_abstraction(ref: str, *, ends_at: dt.datetime, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> PersonRow:
    """Say when somebody came back who was still away, or was due back later. Returns who.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Refused: when it was cancelled, had ended before, or would end before it started
    """
    entry, who = _entry_to_change(ref, actor, zone)
    ends = to_minute(ends_at)
    if entry.ends_at is not None and (entry.ends_at <= to_minute(at) or entry.ends_at == ends):
        raise Refused(f"{who.name} is back already: this entry has ended.")
    if ends <= entry.starts_at:
        raise Refused(Reason("They had not left by then. If it was logged by mistake, cancel the entry", "ends_at"))
    before, entry.ends_at = entry.ends_at, ends
    audit.record(
        "abstraction.ended",
        f"abstraction:{ref}",
        actor=actor,
        at=at,
        before={"ends_at": before},
        after={"ends_at": ends},
    )
    return who


def cancel_abstraction(ref: str, reason: str, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> PersonRow:
    """Take back an entry that should not have been made. It stays on record, and counts for nothing. Returns whose.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Refused: when it was cancelled before, or no reason is given
    """
    entry, who = _entry_to_change(ref, actor, zone)
    if not reason.strip():
        raise Refused(Reason("Enter why", "reason"))
    entry.cancelled_at, entry.cancel_reason = to_minute(at), reason.strip()
    audit.record("abstraction.cancelled", f"abstraction:{ref}", actor=actor, at=at, reason=entry.cancel_reason)
    return who
