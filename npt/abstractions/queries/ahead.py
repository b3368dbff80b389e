"""What lies ahead of one person: their next duty, and what is planned to take them away."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from npt.abstractions.models import Abstraction, Duty
from npt.abstractions.queries.entries import STANDING, standing_of
from npt.abstractions.rules import Authorisation, DutyStatus
from npt.core.db import session


@dataclass(frozen=True, slots=True)
class PlannedAway:
    """An entry of one's own that is still to begin."""

    ref: str
    reason: str
    destination: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    authorisation: Authorisation


@dataclass(frozen=True, slots=True)
class Ahead:
    """When one's next duty starts and ends, if one is rostered; and what is planned to take one away, soonest first."""

    next_duty: tuple[dt.datetime, dt.datetime] | None
    planned: Sequence[PlannedAway]


def ahead_of(person_id: int, at: dt.datetime) -> Ahead:
    """What begins after a moment, for one person."""
    duty = session.execute(
        select(Duty.starts_at, Duty.ends_at)
        .where(Duty.person_id == person_id, Duty.starts_at > at, Duty.status != DutyStatus.CANCELLED)
        .order_by(Duty.starts_at, Duty.ref)
        .limit(1)
    ).first()
    planned = session.execute(
        select(
            *(Abstraction.ref, Abstraction.reason, Abstraction.destination, Abstraction.starts_at, Abstraction.ends_at),
            *STANDING,
        )
        .where(Abstraction.person_id == person_id, Abstraction.starts_at > at, Abstraction.cancelled_at.is_(None))
        .order_by(Abstraction.starts_at, Abstraction.ref)
    ).all()
    return Ahead(
        (duty.starts_at, duty.ends_at) if duty else None,
        [
            PlannedAway(row.ref, row.reason, row.destination, row.starts_at, row.ends_at, standing_of(row))
            for row in planned
        ],
    )
