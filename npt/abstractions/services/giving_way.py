"""Let duties that a pattern made give way to those another system, or a person, says are right."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from npt.abstractions import rules
from npt.abstractions.models import Duty
from npt.abstractions.rules import DutySource, DutyStatus, Rostered
from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.periods import DAY

_AT_A_TIME = 1000


def let_generated_give_way(
    person_ids: Collection[int], first_day: dt.date, last_day: dt.date, *, actor: Actor, at: dt.datetime
) -> list[Duty]:
    """Cancel the generated duties of these people and duty dates that another duty takes the place of.

    Nothing is deleted: a duty that gave way stays on record as cancelled, with the reason in its history.
    """
    made = _generated(person_ids, first_day, last_day)
    others = others_of({duty.person_id for duty in made}, first_day, last_day)
    gone = []
    for duty in made:
        if rules.gives_way(duty.starts_at, duty.ends_at, duty.duty_date, others.get(duty.person_id, ())):
            duty.status = DutyStatus.CANCELLED
            gone.append(duty)
            audit.record(
                "duty.gave_way",
                f"duty:{duty.ref}",
                actor=actor,
                at=at,
                before={"status": DutyStatus.PLANNED},
                after={"status": DutyStatus.CANCELLED},
            )
    session.flush()
    return gone


def _generated(person_ids: Collection[int], first_day: dt.date, last_day: dt.date) -> list[Duty]:
    found = session.scalars(
        select(Duty)
        .where(
            Duty.source == DutySource.GENERATED,
            Duty.status != DutyStatus.CANCELLED,
            # One day either side: a night reaches into the day after its duty date.
            Duty.duty_date >= first_day - DAY,
            Duty.duty_date <= last_day + DAY,
        )
        .order_by(Duty.duty_date, Duty.ref)
        .execution_options(populate_existing=True)
    )
    wanted = set(person_ids)
    return [duty for duty in found if duty.person_id in wanted]


def others_of(person_ids: Collection[int], first_day: dt.date, last_day: dt.date) -> dict[int, list[Rostered]]:
    """The duties of these people that no pattern made, of these duty dates and two days either side."""
    found: dict[int, list[Rostered]] = defaultdict(list)
    listed = sorted(person_ids)
    for start in range(0, len(listed), _AT_A_TIME):
        rows = session.execute(
            select(Duty.person_id, Duty.duty_date, Duty.starts_at, Duty.ends_at, Duty.source, Duty.status).where(
                Duty.person_id.in_(listed[start : start + _AT_A_TIME]),
                Duty.source != DutySource.GENERATED,
                Duty.duty_date >= first_day - 2 * DAY,
                Duty.duty_date <= last_day + 2 * DAY,
            )
        )
        for row in rows:
            imported, cancelled = row.source is DutySource.IMPORTED, row.status is DutyStatus.CANCELLED
            found[row.person_id].append(Rostered(row.duty_date, row.starts_at, row.ends_at, imported, cancelled))
    return found
