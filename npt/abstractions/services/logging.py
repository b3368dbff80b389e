"""Log abstractions, of one person or of several at once, as a sergeant does between two jobs."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from npt.abstractions import queries, rules
from npt.abstractions.models import Abstraction
from npt.abstractions.rules import AbstractionFact, InDuty
from npt.abstractions.services.barring import confirmed_or_warned, warnings_of
from npt.abstractions.services.confirmed import Written, hold_to_returns, obstacles_from_returns, touch_of
from npt.abstractions.services.judging import Foreseen, Terms, fact_of, foresee, one_plan_at_a_time
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import local_day, to_minute
from npt.people import queries as people
from npt.people.models import Person
from npt.people.queries import PersonRow

NOT_YOURS = "Choose somebody who was in one of your teams on that day"


@dataclass(frozen=True, slots=True)
class NewAbstraction:
    """What a sergeant logs: who, why, from when to when (empty: still away), and where to.

    ``why``: why it is added to a month that its team has confirmed. ``despite``: whether it is logged although it was
    warned of.
    """

    person_id: int
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None = None
    why: str = ""
    despite: bool = False


@dataclass(frozen=True, slots=True)
class NewAbstractions:
    """The same for several people at once: each of them gets an entry of their own."""

    person_ids: tuple[int, ...]
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None = None
    why: str = ""
    despite: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as it was kept: its reference, whose it is, why it must be authorised, if it must, and how much of it
    falls in duty.
    """

    ref: str
    who: PersonRow
    why: tuple[str, ...]
    in_duty: InDuty


def record_abstraction(new: NewAbstraction, *, actor: Actor, at: dt.datetime, terms: Terms) -> Logged:
    """Log that somebody is, was or will be away. One that needs authorisation is kept, and waits for it.

    :raises Refused: with every reason: not theirs to log, already away, an end before the start or more than 24 hours
        after it, a reason that cannot be logged that day or is barred, a month that is confirmed (RULES section 4)
    :raises Warned: when their BCU does not want the reason, and it was not confirmed
    """
    when = (new.starts_at, new.ends_at)
    several = NewAbstractions((new.person_id,), new.reason, *when, new.destination, new.why, new.despite)
    [logged] = record_abstractions(several, actor=actor, at=at, terms=terms)
    return logged


def record_abstractions(new: NewAbstractions, *, actor: Actor, at: dt.datetime, terms: Terms) -> list[Logged]:
    """Log that several people are, were or will be away together: all of them or nobody.

    What they do to the month is judged together, so that a plan cannot be kept below the target person by person.

    :raises Refused: with every reason for every person, each named
    """
    sound = _to_minutes(new)
    who = _people_to_log(sound, actor, terms, lock=True)
    refuse_if_any(_obstacles(sound, who, terms))
    despite = confirmed_or_warned(_warnings(sound, terms), despite=sound.despite)
    facts = _facts(sound, terms)
    one_plan_at_a_time(facts, at)
    foreseen = foresee(facts, logged_at=at, at=at, terms=terms, project=False)
    lying = {each.person_id: each for each in foreseen.in_duty or queries.in_duty(facts, at=at, zone=terms.zone)}
    logged = [
        Logged(
            _kept(sound, each, foreseen.why[each.id], despite, actor=actor, at=at),
            each,
            tuple(foreseen.why[each.id]),
            lying[each.id],
        )
        for each in who
    ]
    hold_to_returns(
        [
            Written(
                "abstraction.recorded",
                f"abstraction:{each.ref}",
                [touch_of(each.who.id, sound.starts_at, sound.ends_at, terms.zone)],
            )
            for each in logged
        ],
        because=sound.why,
        actor=actor,
        at=at,
        zone=terms.zone,
    )
    return logged


def rehearse(new: NewAbstractions, *, actor: Actor, at: dt.datetime, terms: Terms) -> Foreseen:
    """What logging these would do, and why an inspector would be asked. Changes nothing.

    :raises Refused: with what would be refused
    """
    sound = _to_minutes(new)
    refuse_if_any(_obstacles(sound, _people_to_log(sound, actor, terms, lock=False), terms))
    touches = [touch_of(id, sound.starts_at, sound.ends_at, terms.zone) for id in sound.person_ids]
    refuse_if_any(obstacles_from_returns(touches, actor=actor, at=at, zone=terms.zone))
    warned = _warnings(sound, terms)
    return replace(foresee(_facts(sound, terms), logged_at=at, at=at, terms=terms), warned=warned)


def _to_minutes(new: NewAbstractions) -> NewAbstractions:
    if not new.person_ids:
        raise Refused(Reason("Choose who is away", "person_id"))
    return NewAbstractions(
        tuple(sorted(set(new.person_ids))),
        new.reason,
        to_minute(new.starts_at),
        None if new.ends_at is None else to_minute(new.ends_at),
        new.destination or None,
        new.why.strip(),
        new.despite,
    )


def _warnings(new: NewAbstractions, terms: Terms) -> list[str]:
    return warnings_of(new.person_ids, new.reason, local_day(new.starts_at, terms.zone), terms.reasons)


def _facts(new: NewAbstractions, terms: Terms) -> list[AbstractionFact]:
    return [fact_of(id, new.reason, new.starts_at, new.ends_at, terms.zone) for id in new.person_ids]


def _people_to_log(new: NewAbstractions, actor: Actor, terms: Terms, *, lock: bool) -> list[PersonRow]:
    """The people, all of them in a team of the actor's on the day.

    :param lock: hold their rows, always in the same order, so that of fifty who log the same person one comes first
    """
    if lock:
        session.execute(select(Person.id).where(Person.id.in_(new.person_ids)).order_by(Person.id).with_for_update())
    rows = sorted(people.people(new.person_ids).values(), key=lambda row: row.id)
    roll = people.roll(person_ids=new.person_ids)
    on = local_day(new.starts_at, terms.zone)
    strangers = [row for row in rows if not actor.scope.has_team(roll.team_on(row.id, on))]
    if len(rows) < len(new.person_ids) or strangers:
        raise Refused(*_not_yours(strangers, len(new.person_ids) > 1, actor))
    return rows


def _not_yours(strangers: Collection[PersonRow], several: bool, actor: Actor) -> Iterator[Reason]:
    """Names only people the actor knows from a team of theirs on some day."""
    known = people.roll(person_ids=[row.id for row in strangers]).postings if several else ()
    named = {posting.person_id for posting in known if actor.scope.has_team(posting.post.team_id)}
    for row in strangers:
        if row.id in named:
            yield Reason(f"{row.name} was not in one of your teams on that day", "person_id")
    if not named:
        yield Reason(NOT_YOURS, "person_id")


def _obstacles(new: NewAbstractions, who: Sequence[PersonRow], terms: Terms) -> list[Reason]:
    """Everything in the way, each thing once: what is wrong with the times is wrong for everybody."""
    listed = [
        reason
        for each in who
        for reason in rules.obstacles_to_logging(
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            starts_on=local_day(new.starts_at, terms.zone),
            reason=new.reason,
            reasons=terms.reasons,
            who=each.name,
            booked=queries.booked(each.id, new.starts_at, terms.words),
        )
    ]
    return list(dict.fromkeys(listed))


def _kept(
    new: NewAbstractions,
    who: PersonRow,
    why: Sequence[str],
    despite: Mapping[str, Sequence[str]],
    *,
    actor: Actor,
    at: dt.datetime,
) -> str:
    ref = f"N{secrets.token_hex(6).upper()}"
    session.add(
        Abstraction(
            ref=ref,
            person_id=who.id,
            reason=new.reason,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            destination=new.destination,
            logged_at=to_minute(at),
            logged_by=actor.name,
            logged_by_user_id=actor.user_id,
            asked_by_user_id=actor.user_id if why else None,
            authorisation_why=queries.in_lines(why),
            awaiting_since=to_minute(at) if why else None,
        )
    )
    audit.record(
        "abstraction.recorded",
        f"abstraction:{ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        reason=new.reason,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        destination=new.destination,
        **({"awaits_authorisation": list(why)} if why else {}),
        **({"because": new.why} if new.why else {}),
        **despite,
    )
    return ref
