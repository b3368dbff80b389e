"""Authorise an entry that waits for it, in time or afterwards, or decline it (RULES section 4; decision 11)."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.abstractions import queries, rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries import Entry, Waiting
from npt.abstractions.rules import Authorisation
from npt.abstractions.services.changing import entry_to_change
from npt.abstractions.services.confirmed import Written, hold_to_returns, touch_of
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import to_minute
from npt.people.queries import PersonRow


@dataclass(frozen=True, slots=True)
class Decided:
    """Whose entry was decided, how it stands now, and whether it had begun and so stays as time worked."""

    who: PersonRow
    authorisation: Authorisation
    begun: bool


def obstacles_for(entry: Entry | Waiting | Abstraction, person_id: int, actor: Actor) -> list[Reason]:
    """Why an actor may not decide an entry: it is about them, or they logged or changed it."""
    return rules.obstacles_to_authorising(
        actor_person_id=actor.person_id,
        actor_user_id=actor.user_id,
        person_id=person_id,
        logged_by_user_id=entry.logged_by_user_id,
        logged_by_person_id=queries.logged_by_person(entry),
        asked_by_user_id=entry.asked_by_user_id,
    )


def to_decide_count(actor: Actor, zone: ZoneInfo) -> int:
    """How many entries wait for this actor; not those that somebody else must decide."""
    return sum(not obstacles_for(each, each.person.id, actor) for each in queries.awaiting(actor.scope, zone))


def authorise(
    ref: str, *, note: str, afterwards_why: str, seen: str, actor: Actor, at: dt.datetime, zone: ZoneInfo
) -> Decided:
    """Authorise an entry. One that has begun was not held up for it: that takes a reason, and is counted apart.

    :param seen: the mark of the entry as the actor saw it: nobody authorises what they have not seen
    :raises NoResultFound: when there is no such entry, or it is not in their area
    :raises Overtaken: when it was changed since they saw it
    :raises Refused: when it waits for nobody, is about the actor, was logged or changed by them, or lacks the reason
    """
    entry, who = _waiting(ref, seen, actor, zone)
    begun = entry.starts_at <= to_minute(at)
    if begun and not afterwards_why.strip():
        raise Refused(Reason("It has begun already: enter why it could not wait", "afterwards_why"))
    written = Written("abstraction.authorised", f"abstraction:{ref}", [_touch(entry, zone)])
    hold_to_returns([written], because=afterwards_why, field="afterwards_why", actor=actor, at=at, zone=zone)
    entry.awaiting_since = None
    entry.authorised_at, entry.authorised_by_id, entry.decided_by = to_minute(at), actor.person_id, actor.name
    entry.decision_note = note.strip() or None
    entry.afterwards_why = afterwards_why.strip() if begun else None
    audit.record(
        "abstraction.authorised_afterwards" if begun else "abstraction.authorised",
        f"abstraction:{ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        needed=list(queries.lines_of(entry.authorisation_why)),
        note=entry.decision_note,
        because=entry.afterwards_why,
    )
    return Decided(who, queries.standing_of(entry), begun)


def decline(ref: str, *, reason: str, seen: str, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> Decided:
    """Decline an entry. One still to come is cancelled with the reason; one that has begun stays as time worked, and is
    marked as declined (decision 11).

    :raises NoResultFound: when there is no such entry, or it is not in their area
    :raises Overtaken: when it was changed since they saw it
    :raises Refused: when it waits for nobody, is about the actor, was logged or changed by them, or no reason is given
    """
    entry, who = _waiting(ref, seen, actor, zone)
    if not reason.strip():
        raise Refused(Reason("Enter why it is declined", "reason"))
    begun = entry.starts_at <= to_minute(at)
    written = Written("abstraction.declined", f"abstraction:{ref}", [_touch(entry, zone)])
    hold_to_returns([written], because=reason, field="reason", actor=actor, at=at, zone=zone)
    entry.awaiting_since = None
    entry.declined_at, entry.decided_by, entry.decision_note = to_minute(at), actor.name, reason.strip()
    if not begun:
        entry.cancelled_at, entry.cancel_reason = to_minute(at), f"Declined: {reason.strip()}"[:500]
    audit.record(
        "abstraction.declined",
        f"abstraction:{ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        needed=list(queries.lines_of(entry.authorisation_why)),
        reason=reason.strip(),
        cancelled=not begun,
    )
    return Decided(who, queries.standing_of(entry), begun)


def _touch(entry: Abstraction, zone: ZoneInfo) -> rules.Touch:
    return touch_of(entry.person_id, entry.starts_at, entry.ends_at, zone)


def _waiting(ref: str, seen: str, actor: Actor, zone: ZoneInfo) -> tuple[Abstraction, PersonRow]:
    entry, who = entry_to_change(ref, actor, zone, seen)
    if queries.standing_of(entry) is not Authorisation.AWAITING:
        raise Refused("This entry is not waiting for authorisation. There is nothing to decide.")
    refuse_if_any(obstacles_for(entry, who.id, actor))
    return entry, who
