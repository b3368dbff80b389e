"""Add, correct and cancel a single duty by hand."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.abstractions import rules
from npt.abstractions.models import Duty
from npt.abstractions.rules import DutySource, DutyStatus
from npt.abstractions.services.confirmed import Written, hold_to_returns, touch_of_duty
from npt.abstractions.services.giving_way import let_generated_give_way
from npt.abstractions.services.within import person_of, person_to_roster
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import Interval, local_day, to_minute
from npt.people.queries import PersonRow


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A duty that no pattern and no other system brought.

    ``why``: why it is added to a month that its team has confirmed.
    """

    person_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: DutyStatus = DutyStatus.PLANNED
    why: str = ""


@dataclass(frozen=True, slots=True)
class ChangeOfDuty:
    """What is right about a duty, and why it was changed."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    status: DutyStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A duty as it was kept, and what the person who kept it should know.

    ``overlapping`` are the person's other duties at that time, whose minutes are counted once; ``gave_way`` those of
    the shift pattern that it took the place of.
    """

    ref: str
    who: PersonRow
    overlapping: Sequence[Interval]
    gave_way: Sequence[Interval]


def add_duty(new: NewDuty, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> Kept:
    """Roster somebody for one duty.

    :raises Refused: when they are not the actor's to roster that day, or the times cannot be
    """
    starts_at, ends_at = to_minute(new.starts_at), to_minute(new.ends_at)
    duty_date = local_day(starts_at, zone)
    who = person_to_roster(new.person_id, duty_date, actor)
    refuse_if_any(_obstacles(starts_at, ends_at, new.status, at))
    _refuse_the_same_again(who, starts_at, ends_at)
    duty = Duty(
        ref=f"H{secrets.token_hex(6).upper()}",
        person_id=who.id,
        starts_at=starts_at,
        ends_at=ends_at,
        duty_date=duty_date,
        status=new.status,
        source=DutySource.BY_HAND,
    )
    _hold("duty.added", duty.ref, [(who.id, starts_at, ends_at)], new.why, actor=actor, at=at, zone=zone)
    session.add(duty)
    session.flush()
    audit.record(
        "duty.added",
        f"duty:{duty.ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        starts_at=starts_at,
        ends_at=ends_at,
        status=new.status,
        **({"because": new.why.strip()} if new.why.strip() else {}),
    )
    return _kept(duty, who, actor=actor, at=at)


def correct_duty(ref: str, change: ChangeOfDuty, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> Kept:
    """Say what times and state of a duty are right. A generated one is by hand from now on; an imported one may be
    changed again by the next import, for the other system wins.

    :raises NoResultFound: when there is no such duty, or it is not theirs
    :raises Refused: when it was cancelled, nothing is changed, or the times cannot be
    """
    duty, who = _duty_of(ref, actor)
    starts_at, ends_at = to_minute(change.starts_at), to_minute(change.ends_at)
    after = {"starts_at": starts_at, "ends_at": ends_at, "status": change.status}
    refuse_if_any(_obstacles(starts_at, ends_at, change.status, at))
    before = {name: getattr(duty, name) for name in after}
    differing = [name for name in after if before[name] != after[name]]
    if not differing:
        raise Refused("Nothing was changed. Change a time or the state, or leave the duty as it is.")
    duty_date = local_day(starts_at, zone)
    person_to_roster(who.id, duty_date, actor)
    times = [(who.id, duty.starts_at, duty.ends_at), (who.id, starts_at, ends_at)]
    _hold("duty.corrected", ref, times, change.reason, field="reason", actor=actor, at=at, zone=zone)
    for name in differing:
        setattr(duty, name, after[name])
    duty.duty_date = duty_date
    duty.source = DutySource.BY_HAND
    session.flush()
    audit.record(
        "duty.corrected",
        f"duty:{ref}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing} | {"reason": change.reason},
    )
    return _kept(duty, who, actor=actor, at=at)


def cancel_duty(ref: str, *, reason: str, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> PersonRow:
    """Say that a duty is not, or was not, worked. It stays on record and no job makes it again. Returns whose it was.

    :raises NoResultFound: when there is no such duty, or it is not theirs
    :raises Refused: when it was cancelled already
    """
    duty, who = _duty_of(ref, actor)
    times = [(who.id, duty.starts_at, duty.ends_at)]
    _hold("duty.cancelled", ref, times, reason, field="reason", actor=actor, at=at, zone=zone)
    before = duty.status
    duty.status = DutyStatus.CANCELLED
    duty.source = DutySource.BY_HAND
    audit.record(
        "duty.cancelled",
        f"duty:{ref}",
        actor=actor,
        at=at,
        before={"status": before},
        after={"status": DutyStatus.CANCELLED, "reason": reason},
    )
    return who


def _hold(
    event: str,
    ref: str,
    times: Sequence[tuple[int, dt.datetime, dt.datetime]],
    because: str,
    *,
    field: str = "why",
    actor: Actor,
    at: dt.datetime,
    zone: ZoneInfo,
) -> None:
    touches = [touch_of_duty(*each, zone) for each in times]
    hold_to_returns(
        [Written(event, f"duty:{ref}", touches)], because=because, field=field, actor=actor, at=at, zone=zone
    )


def _duty_of(ref: str, actor: Actor) -> tuple[Duty, PersonRow]:
    person_id, duty_date = session.execute(select(Duty.person_id, Duty.duty_date).where(Duty.ref == ref)).one()
    who = person_of(person_id, duty_date, actor)
    duty = session.execute(select(Duty).where(Duty.ref == ref).with_for_update()).scalar_one()
    if duty.status is DutyStatus.CANCELLED:
        raise Refused("This duty was cancelled. Add another if there is one after all.")
    return duty, who


def _obstacles(starts_at: dt.datetime, ends_at: dt.datetime, status: DutyStatus, at: dt.datetime) -> list[Reason]:
    listed = rules.obstacles_to_times(starts_at, ends_at)
    if status is DutyStatus.WORKED and starts_at > to_minute(at):
        listed.append(Reason("A duty that has not started yet has not been worked: choose planned", "status"))
    return listed


def _refuse_the_same_again(who: PersonRow, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    same = session.scalar(
        select(Duty.id).where(
            Duty.person_id == who.id,
            Duty.starts_at == starts_at,
            Duty.ends_at == ends_at,
            Duty.status != DutyStatus.CANCELLED,
        )
    )
    if same is not None:
        raise Refused(Reason(f"{who.name} has this very duty already", "starts_at"))


def _kept(duty: Duty, who: PersonRow, *, actor: Actor, at: dt.datetime) -> Kept:
    gone = let_generated_give_way([who.id], duty.duty_date, duty.duty_date, actor=actor, at=at)
    others = session.execute(
        select(Duty.starts_at, Duty.ends_at)
        .where(
            Duty.person_id == who.id,
            Duty.id != duty.id,
            Duty.status != DutyStatus.CANCELLED,
            Duty.starts_at < duty.ends_at,
            Duty.ends_at > duty.starts_at,
            Duty.id.not_in([each.id for each in gone]),
        )
        .order_by(Duty.starts_at)
    )
    return Kept(
        duty.ref,
        who,
        [Interval(*other) for other in others],
        [Interval(each.starts_at, each.ends_at) for each in gone],
    )
