"""Put an entry right: end it, change it, divide it, take it back. Each is judged again, and each keeps its story."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries, rules
from npt.abstractions.models import Abstraction
from npt.abstractions.rules import Authorisation, Stretch
from npt.abstractions.services.barring import confirmed_or_warned, warnings_of
from npt.abstractions.services.confirmed import (
    Written,
    between,
    hold_to_returns,
    obstacles_from_returns,
    touch_of,
)
from npt.abstractions.services.judging import Foreseen, Terms, fact_of, foresee, one_plan_at_a_time
from npt.abstractions.services.within import person_of
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import local_day, to_minute
from npt.people import queries as people
from npt.people.queries import PersonRow


class Overtaken(Refused):
    """Somebody else changed the entry after the actor last saw it."""


@dataclass(frozen=True, slots=True)
class ChangeOfAbstraction:
    """What is right about an entry, and why it is changed. Whose it is cannot be changed: cancel it and log another."""

    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None
    note: str | None
    why: str
    despite: bool = False
    """Whether it is changed although the reason it is changed to was warned of."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Whose entry it was, and why it now waits for authorisation, if it does. ``second`` is the other part of one that
    was divided.
    """

    who: PersonRow
    waits: tuple[str, ...] = ()
    second: str | None = None


def entry_to_change(ref: str, actor: Actor, zone: ZoneInfo, seen: str | None = None) -> tuple[Abstraction, PersonRow]:
    """Load the entry within scope, hold it and its person, and say whose it is.

    :param seen: the mark of the entry as the actor saw it; nothing when it does not matter what they saw
    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Refused: when it was cancelled
    :raises Overtaken: when it is not as the actor saw it
    """
    place = select(Abstraction.person_id, Abstraction.starts_at).where(Abstraction.ref == ref)
    person_id, starts_at = session.execute(place).one()
    who = person_of(person_id, local_day(starts_at, zone), actor)
    entry = session.execute(select(Abstraction).where(Abstraction.ref == ref).with_for_update()).scalar_one()
    if seen is not None and queries.mark_of(entry) != seen:
        raise Overtaken("Somebody changed this entry after you opened it. Nothing of yours was saved")
    if entry.cancelled_at is not None:
        raise Refused("This entry was cancelled. There is nothing to change.")
    return entry, who


def entry_to_look_at(ref: str, actor: Actor, zone: ZoneInfo) -> Abstraction:
    """Load the entry within scope and hold nothing, to say what a change of it would do.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    """
    entry = session.execute(select(Abstraction).where(Abstraction.ref == ref)).scalar_one()
    roll = people.roll(person_ids=[entry.person_id])
    if not actor.scope.has_team(roll.team_on(entry.person_id, local_day(entry.starts_at, zone))):
        raise NoResultFound(f"no abstraction {ref} within scope")
    return entry


def end_abstraction(
    ref: str, *, ends_at: dt.datetime, actor: Actor, at: dt.datetime, terms: Terms, why: str = ""
) -> Changed:
    """Say when somebody came back who was still away, or was due back later.

    :param why: why time is given back that lies in a month that is confirmed

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Refused: when it was cancelled, had ended before, or would end before it started
    """
    entry, who = entry_to_change(ref, actor, terms.zone)
    ends = to_minute(ends_at)
    if entry.ends_at is not None and (entry.ends_at <= to_minute(at) or entry.ends_at == ends):
        raise Refused(f"{who.name} is back already: this entry has ended.")
    if ends <= entry.starts_at:
        raise Refused(Reason("They had not left by then. If it was logged by mistake, cancel the entry", "ends_at"))
    before = state_of(entry)
    if entry.ends_at is not None and ends > entry.ends_at:
        refuse_if_any(_obstacles(entry, who, terms, entry.reason, entry.starts_at, ends))
    moved = between(who.id, ends, entry.ends_at or max(to_minute(at), ends), local_day(entry.starts_at, terms.zone))
    _take(entry, Stretch(entry.reason, entry.starts_at, ends), actor=actor, at=at, terms=terms)
    tell("abstraction.ended", entry, before, actor=actor, at=at, **({"because": why.strip()} if why.strip() else {}))
    written = Written("abstraction.ended", f"abstraction:{ref}", [moved])
    hold_to_returns([written], because=why, actor=actor, at=at, zone=terms.zone)
    return Changed(who, waits_for(entry))


def change_abstraction(
    ref: str, change: ChangeOfAbstraction, *, seen: str, actor: Actor, at: dt.datetime, terms: Terms
) -> Changed:
    """Say what is right about an entry. It is judged again: what takes more than was authorised must be authorised.

    :param seen: the mark of the entry as the actor saw it
    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Overtaken: when somebody else was faster
    :raises Refused: when it was cancelled, nothing is changed, no reason is given, or the entry cannot be
    :raises Warned: when their BCU does not want the reason it is changed to, and it was not confirmed
    """
    entry, who = entry_to_change(ref, actor, terms.zone, seen)
    starts_at, ends_at = to_minute(change.starts_at), to_minute(change.ends_at) if change.ends_at else None
    reasons = [] if change.why.strip() else [Reason("Enter why it is changed", "why")]
    _refuse_another_team(entry, starts_at, actor, terms)
    refuse_if_any([*reasons, *_obstacles(entry, who, terms, change.reason, starts_at, ends_at)])
    despite = confirmed_or_warned(_warnings(entry, change.reason, starts_at, terms), despite=change.despite)
    before = state_of(entry)
    entry.destination, entry.note = change.destination or None, change.note or None
    after = Stretch(change.reason, starts_at, ends_at)
    if stretch_of(entry) == after and state_of(entry) == before:
        raise Refused("Nothing was changed. Change something, or leave the entry as it is.")
    touches = [touch_of_entry(entry, terms.zone), touch_of(who.id, starts_at, ends_at, terms.zone)]
    written = Written("abstraction.changed", f"abstraction:{ref}", touches)
    hold_to_returns([written], because=change.why, actor=actor, at=at, zone=terms.zone)
    _take(entry, after, actor=actor, at=at, terms=terms)
    tell("abstraction.changed", entry, before, actor=actor, at=at, because=change.why.strip(), **despite)
    return Changed(who, waits_for(entry))


def rehearse_change(ref: str, change: ChangeOfAbstraction, *, actor: Actor, at: dt.datetime, terms: Terms) -> Foreseen:
    """What a change would do to the months it touches, and why an inspector would be asked. Changes nothing.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Refused: with what would be refused
    """
    entry = entry_to_look_at(ref, actor, terms.zone)
    named = people.people([entry.person_id])
    starts_at, ends_at = to_minute(change.starts_at), to_minute(change.ends_at) if change.ends_at else None
    _refuse_another_team(entry, starts_at, actor, terms)
    refuse_if_any(_obstacles(entry, named[entry.person_id], terms, change.reason, starts_at, ends_at))
    touches = [touch_of_entry(entry, terms.zone), touch_of(entry.person_id, starts_at, ends_at, terms.zone)]
    refuse_if_any(obstacles_from_returns(touches, actor=actor, at=at, zone=terms.zone))
    after = Stretch(change.reason, starts_at, ends_at)
    foreseen = foreseen_change(entry, after, at, terms, project=True)
    judged = _judged(entry, stretch_of(entry), after, foreseen, terms)
    decided = queries.standing_of(entry) in _DECIDED
    why = {entry.person_id: [] if judged.stands and decided else list(judged.why)}
    return replace(foreseen, why=why, warned=_warnings(entry, change.reason, starts_at, terms))


def cancel_abstraction(
    ref: str, reason: str, *, actor: Actor, at: dt.datetime, zone: ZoneInfo, seen: str | None = None
) -> PersonRow:
    """Take back an entry that should not have been made. It stays on record, and counts for nothing. Returns whose.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Overtaken: when somebody else was faster
    :raises Refused: when it was cancelled before, or no reason is given
    """
    entry, who = entry_to_change(ref, actor, zone, seen)
    if not reason.strip():
        raise Refused(Reason("Enter why", "reason"))
    written = Written("abstraction.cancelled", f"abstraction:{ref}", [touch_of_entry(entry, zone)])
    hold_to_returns([written], because=reason, field="reason", actor=actor, at=at, zone=zone)
    take_back(entry, reason.strip(), at)
    audit.record("abstraction.cancelled", f"abstraction:{ref}", actor=actor, at=at, reason=entry.cancel_reason)
    return who


_DECIDED = (Authorisation.AUTHORISED, Authorisation.AFTERWARDS, Authorisation.DECLINED)


def stretch_of(entry: Abstraction) -> Stretch:
    """What an entry takes as it stands."""
    return Stretch(entry.reason, entry.starts_at, entry.ends_at)


def touch_of_entry(entry: Abstraction, zone: ZoneInfo) -> rules.Touch:
    """The time of an entry, as it is held against the months that teams have confirmed."""
    return touch_of(entry.person_id, entry.starts_at, entry.ends_at, zone)


def state_of(entry: Abstraction) -> dict[str, Any]:
    """What the record says of an entry before and after a change."""
    return {
        "reason": entry.reason,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "destination": entry.destination,
        "note": entry.note,
        "authorisation": queries.standing_of(entry),
        "cancelled_at": entry.cancelled_at,
    }


def tell(
    event: str, entry: Abstraction, before: Mapping[str, Any], *, actor: Actor, at: dt.datetime, **more: Any
) -> None:
    """Leave in the record what differs from before."""
    after = state_of(entry)
    differing = [name for name in after if before[name] != after[name]]
    waits = (
        {"awaits_authorisation": list(waits_for(entry))} if "authorisation" in differing and waits_for(entry) else {}
    )
    audit.record(
        event,
        f"abstraction:{entry.ref}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing} | waits | more,
    )


def waits_for(entry: Abstraction) -> tuple[str, ...]:
    """Why an entry waits for authorisation; nothing when it does not."""
    return queries.lines_of(entry.authorisation_why) if entry.awaiting_since is not None else ()


def _obstacles(
    entry: Abstraction,
    who: PersonRow,
    terms: Terms,
    reason: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
) -> list[Reason]:
    starts_on = local_day(starts_at, terms.zone)
    same_start = starts_at == entry.starts_at
    return rules.obstacles_to_logging(
        starts_at=starts_at,
        ends_at=ends_at,
        starts_on=starts_on,
        reason=reason,
        reasons=terms.reasons,
        who=who.name,
        booked=queries.booked(who.id, starts_at, terms.words, besides=entry.id),
        # An open entry is ended as it stands; and an import takes any length.
        may_run_on=same_start and (entry.ends_at is None or ends_at == entry.ends_at),
        reason_stands=reason == entry.reason and starts_on == local_day(entry.starts_at, terms.zone),
    )


def _warnings(entry: Abstraction, reason: str, starts_at: dt.datetime, terms: Terms) -> list[str]:
    """What their BCU has to say against the reason; of one that stays as it was, on the day it was on, nothing."""
    on = local_day(starts_at, terms.zone)
    if reason == entry.reason and on == local_day(entry.starts_at, terms.zone):
        return []
    return warnings_of([entry.person_id], reason, on, terms.reasons)


def _refuse_another_team(entry: Abstraction, starts_at: dt.datetime, actor: Actor, terms: Terms) -> None:
    """An entry moved to a day on which the person was elsewhere would be another team's to change."""
    team_id = people.roll(person_ids=[entry.person_id]).team_on(entry.person_id, local_day(starts_at, terms.zone))
    if not actor.scope.has_team(team_id):
        raise Refused(Reason("They were in no team of yours on that day. Enter another day", "starts_at"))


def foreseen_change(entry: Abstraction, after: Stretch, at: dt.datetime, terms: Terms, *, project: bool) -> Foreseen:
    """What a change would do to the months it touches."""
    fact = fact_of(entry.person_id, after.reason, after.starts_at, after.ends_at, terms.zone)
    logged_at = entry.logged_at or at
    return foresee([fact], logged_at=logged_at, at=at, terms=terms, instead_of=[entry.id], project=project)


def _judged(entry: Abstraction, before: Stretch, after: Stretch, foreseen: Foreseen, terms: Terms) -> rules.Judgement:
    policy = terms.policy(local_day(after.starts_at, terms.zone))
    return rules.rejudged(
        before,
        after,
        why_before=queries.lines_of(entry.authorisation_why),
        why_now=foreseen.why[entry.person_id],
        too_long=rules.why_too_long(after.starts_at, after.ends_at, policy),
    )


def _take(entry: Abstraction, after: Stretch, *, actor: Actor, at: dt.datetime, terms: Terms) -> None:
    """Give the entry its new reason and times, and what they ask for."""
    before = stretch_of(entry)
    if before != after:
        fact = fact_of(entry.person_id, after.reason, after.starts_at, after.ends_at, terms.zone)
        one_plan_at_a_time([fact], entry.logged_at or at)
        judged = _judged(entry, before, after, foreseen_change(entry, after, at, terms, project=False), terms)
        entry.reason, entry.starts_at, entry.ends_at = after.reason, after.starts_at, after.ends_at
        if not (judged.stands and queries.standing_of(entry) in _DECIDED):
            ask_for(entry, judged.why, again=not judged.stands, actor=actor, at=at)


def ask_for(entry: Abstraction, why: Sequence[str], *, again: bool, actor: Actor, at: dt.datetime) -> None:
    """Let the entry wait for authorisation for these reasons, or for none; what was decided of it lapses.

    :param again: whether it now asks for something that it did not ask for before
    """
    entry.authorised_by_id = entry.authorised_at = entry.declined_at = None
    entry.afterwards_why = entry.decided_by = entry.decision_note = None
    entry.authorisation_why = queries.in_lines(why)
    if not why:
        entry.awaiting_since = entry.asked_by_user_id = None
    elif again or entry.awaiting_since is None:
        entry.awaiting_since, entry.asked_by_user_id = to_minute(at), actor.user_id


def take_back(entry: Abstraction, reason: str, at: dt.datetime) -> None:
    """Cancel an entry: it stays on record, and counts for nothing."""
    entry.cancelled_at, entry.cancel_reason, entry.awaiting_since = to_minute(at), reason, None
