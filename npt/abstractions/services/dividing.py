"""Divide an entry at a time in two: two reasons, or one part taken back."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from npt.abstractions import queries, rules
from npt.abstractions.models import Abstraction
from npt.abstractions.rules import InDuty, Part, Stretch
from npt.abstractions.services.barring import confirmed_or_warned, warnings_of
from npt.abstractions.services.changing import (
    Changed,
    ask_for,
    entry_to_change,
    entry_to_look_at,
    foreseen_change,
    state_of,
    stretch_of,
    take_back,
    tell,
    touch_of_entry,
    waits_for,
)
from npt.abstractions.services.confirmed import Written, hold_to_returns
from npt.abstractions.services.judging import Terms, fact_of
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, refuse_if_any
from npt.core.periods import local_day, to_minute


@dataclass(frozen=True, slots=True)
class Division:
    """Where an entry is divided, what becomes of its two parts, and why."""

    divided_at: dt.datetime
    first: Part
    second: Part
    why: str
    despite: bool = False
    """Whether it is split although the reason of a part was warned of."""


def divide_abstraction(
    ref: str, division: Division, *, seen: str, actor: Actor, at: dt.datetime, terms: Terms
) -> Changed:
    """Divide an entry at a time in two: two reasons, or one part cancelled. The entry keeps the first part.

    Both parts keep how the whole stood with whoever must authorise it; one that is given another reason is judged
    again, and needs what the whole needed as well, so that nothing becomes short by being cut.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Overtaken: when somebody else was faster
    :raises Refused: when it was cancelled, or cannot be divided so
    :raises Warned: when their BCU does not want the reason of a part, and it was not confirmed
    """
    entry, who = entry_to_change(ref, actor, terms.zone, seen)
    divided = to_minute(division.divided_at)
    reasons = [] if division.why.strip() else [Reason("Enter why it is split", "why")]
    refuse_if_any([*reasons, *_obstacles_to_dividing(entry, division, divided, terms)])
    despite = confirmed_or_warned(_warnings(entry, division, divided, terms), despite=division.despite)
    before, whole, touched = state_of(entry), stretch_of(entry), touch_of_entry(entry, terms.zone)
    second = _second_part(entry, divided)
    hold_to_returns(
        [
            Written("abstraction.split", f"abstraction:{ref}", [touched]),
            Written("abstraction.split_off", f"abstraction:{second.ref}", [touched]),
        ],
        because=division.why,
        actor=actor,
        at=at,
        zone=terms.zone,
    )
    entry.ends_at = divided
    session.flush()  # The first part makes way before the second takes its place.
    session.add(second)
    because = division.why.strip()
    for part, wanted in ((entry, division.first), (second, division.second)):
        _take_part(part, wanted, whole, because, actor=actor, at=at, terms=terms)
    tell("abstraction.split", entry, before, actor=actor, at=at, because=because, other_part=second.ref, **despite)
    audit.record(
        "abstraction.split_off",
        f"abstraction:{second.ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        from_entry=entry.ref,
        because=because,
        **{name: value for name, value in state_of(second).items() if value is not None},
    )
    return Changed(who, waits_for(entry) or waits_for(second), second.ref)


def rehearse_division(
    ref: str, divided_at: dt.datetime, first: Part, second: Part, *, actor: Actor, at: dt.datetime, terms: Terms
) -> Sequence[InDuty]:
    """How much of the one part and of the other would fall in duty. Changes nothing.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Refused: with what would be refused
    """
    entry, divided = entry_to_look_at(ref, actor, terms.zone), to_minute(divided_at)
    refuse_if_any(_obstacles_to_dividing(entry, Division(divided, first, second, ""), divided, terms))
    facts = [
        fact_of(entry.person_id, part.reason or "", starts_at, ends_at, terms.zone)
        for part, starts_at, ends_at in ((first, entry.starts_at, divided), (second, divided, entry.ends_at))
    ]
    return queries.in_duty(facts, at=at, zone=terms.zone)


def _warnings(entry: Abstraction, division: Division, divided: dt.datetime, terms: Terms) -> list[str]:
    """What their BCU has to say against the reason of a part that is given another."""
    parts = (("first", division.first, entry.starts_at), ("second", division.second, divided))
    return [
        words
        for field, part, starts_at in parts
        if part.reason not in (None, entry.reason)
        for words in warnings_of(
            [entry.person_id], str(part.reason), local_day(starts_at, terms.zone), terms.reasons, field=field
        )
    ]


def _obstacles_to_dividing(entry: Abstraction, division: Division, divided: dt.datetime, terms: Terms) -> list[Reason]:
    listed = rules.obstacles_to_dividing(
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        divided_at=divided,
        first=division.first,
        second=division.second,
    )
    for name, part, starts_at in (("first", division.first, entry.starts_at), ("second", division.second, divided)):
        day = local_day(starts_at, terms.zone)
        if part.reason not in (None, entry.reason) and terms.reasons.on(part.reason or "", day) is None:
            label = terms.reasons.label(part.reason or "")
            listed.append(Reason(f"{label} cannot be logged on that day: choose another reason", name))
    return listed


_KEPT_BY_A_PART = (
    "person_id",
    "reason",
    "ends_at",
    "destination",
    "note",
    "authorised_by_id",
    "authorised_at",
    "logged_at",
    "logged_by",
    "logged_by_user_id",
    "asked_by_user_id",
    "authorisation_why",
    "awaiting_since",
    "afterwards_why",
    "declined_at",
    "decided_by",
    "decision_note",
)


def _second_part(entry: Abstraction, divided: dt.datetime) -> Abstraction:
    kept = {name: getattr(entry, name) for name in _KEPT_BY_A_PART}
    return Abstraction(ref=f"N{secrets.token_hex(6).upper()}", starts_at=divided, **kept)


def _take_part(
    part: Abstraction, wanted: Part, whole: Stretch, because: str, *, actor: Actor, at: dt.datetime, terms: Terms
) -> None:
    if wanted.reason is None:
        take_back(part, because, at)
    elif wanted.reason != whole.reason:
        before = queries.lines_of(part.authorisation_why)
        after = Stretch(wanted.reason, part.starts_at, part.ends_at)
        session.flush()
        now_why = foreseen_change(part, after, at, terms, project=False).why[part.person_id]
        part.reason = wanted.reason
        ask_for(part, rules.whys_together(before, now_why), again=True, actor=actor, at=at)
