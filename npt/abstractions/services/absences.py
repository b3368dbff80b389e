"""Enter, end and cancel an absence by hand."""

import datetime as dt
import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.abstractions.models import Absence
from npt.abstractions.rules import AbsenceKind
from npt.abstractions.services.confirmed import Written, between, hold_to_returns, touch_of
from npt.abstractions.services.within import person_of, person_to_roster
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused
from npt.core.lasting import lasts_beyond
from npt.core.periods import MINUTE, local_day, to_minute
from npt.people.queries import PersonRow


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """Leave, sickness and the like. Without an end it runs on until ended.

    ``why``: why it is added to a month that its team has confirmed.
    """

    person_id: int
    kind: AbsenceKind
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    why: str = ""


def enter_absence(new: NewAbsence, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> str:
    """Say that somebody is, was or will be absent. Returns the reference. It takes any length.

    :raises Refused: when they are not the actor's that day, the end is not after the start, or they are absent for the
        same reason at that time already
    """
    starts_at = to_minute(new.starts_at)
    ends_at = None if new.ends_at is None else to_minute(new.ends_at)
    who = person_to_roster(new.person_id, local_day(starts_at, zone), actor)
    _refuse_backwards(starts_at, ends_at)
    _refuse_twice(who, new.kind, starts_at, ends_at)
    ref = f"H{secrets.token_hex(6).upper()}"
    written = Written("absence.entered", f"absence:{ref}", [touch_of(who.id, starts_at, ends_at, zone)])
    hold_to_returns([written], because=new.why, actor=actor, at=at, zone=zone)
    session.add(Absence(ref=ref, person_id=who.id, kind=new.kind, starts_at=starts_at, ends_at=ends_at))
    audit.record(
        "absence.entered",
        f"absence:{ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        kind=new.kind,
        starts_at=starts_at,
        ends_at=ends_at,
        **({"because": new.why.strip()} if new.why.strip() else {}),
    )
    return ref


def end_absence(
    ref: str, *, ends_at: dt.datetime, actor: Actor, at: dt.datetime, zone: ZoneInfo, why: str = ""
) -> PersonRow:
    """Say when an absence ended, or will; one that has an end is given another. Returns whose it is.

    :param why: why time is given back, or taken, that lies in a month that is confirmed

    :raises NoResultFound: when there is no such absence, or it is not theirs
    :raises Refused: when it was cancelled, or would end before it started
    """
    absence, who = _absence_of(ref, actor, zone)
    ends = to_minute(ends_at)
    _refuse_backwards(absence.starts_at, ends)
    if absence.ends_at == ends:
        raise Refused(Reason("It ends then already", "ends_at"))
    before = absence.ends_at
    moved = between(who.id, ends, before or max(to_minute(at), ends), local_day(absence.starts_at, zone))
    written = Written("absence.ended", f"absence:{ref}", [moved])
    hold_to_returns([written], because=why, actor=actor, at=at, zone=zone)
    absence.ends_at = ends
    audit.record(
        "absence.ended",
        f"absence:{ref}",
        actor=actor,
        at=at,
        before={"ends_at": before},
        after={"ends_at": ends, **({"because": why.strip()} if why.strip() else {})},
    )
    return who


def cancel_absence(ref: str, *, reason: str, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> PersonRow:
    """Say that an absence was entered wrongly, or will not be. It stays on record and counts for nothing.

    :raises NoResultFound: when there is no such absence, or it is not theirs
    :raises Refused: when it was cancelled already
    """
    absence, who = _absence_of(ref, actor, zone)
    written = Written(
        "absence.cancelled", f"absence:{ref}", [touch_of(who.id, absence.starts_at, absence.ends_at, zone)]
    )
    hold_to_returns([written], because=reason, field="reason", actor=actor, at=at, zone=zone)
    absence.cancelled_at = to_minute(at)
    audit.record(
        "absence.cancelled",
        f"absence:{ref}",
        actor=actor,
        at=at,
        before={"cancelled_at": None},
        after={"cancelled_at": absence.cancelled_at, "reason": reason},
    )
    return who


def _absence_of(ref: str, actor: Actor, zone: ZoneInfo) -> tuple[Absence, PersonRow]:
    person_id, starts_at = session.execute(select(Absence.person_id, Absence.starts_at).where(Absence.ref == ref)).one()
    who = person_of(person_id, local_day(starts_at, zone), actor)
    absence = session.execute(select(Absence).where(Absence.ref == ref).with_for_update()).scalar_one()
    if absence.cancelled_at is not None:
        raise Refused("This absence was cancelled. Enter another if there is one after all.")
    return absence, who


def _refuse_backwards(starts_at: dt.datetime, ends_at: dt.datetime | None) -> None:
    if ends_at is not None and ends_at - starts_at < MINUTE:
        raise Refused(Reason("The end must be after the start", "ends_at"))


def _refuse_twice(who: PersonRow, kind: AbsenceKind, starts_at: dt.datetime, ends_at: dt.datetime | None) -> None:
    """Two absences of one kind at once are one entered twice; of two kinds, such as sickness in leave, they may be."""
    clash = select(Absence.id).where(
        Absence.person_id == who.id,
        Absence.kind == kind,
        Absence.cancelled_at.is_(None),
        lasts_beyond(Absence.ends_at, starts_at),
    )
    if ends_at is not None:
        clash = clash.where(Absence.starts_at < ends_at)
    if session.scalar(clash.limit(1)) is not None:
        raise Refused(Reason(f"{who.name} is absent for this reason at that time already: end or cancel that first"))
