"""Entries that wait for whoever must authorise them, and those declined lately."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select

from npt.abstractions.models import Abstraction
from npt.core.authority import Scope
from npt.core.db import once, session
from npt.core.periods import local_day
from npt.people import queries as people
from npt.people.queries import PersonRow

_WAITS = (
    Abstraction.awaiting_since.is_not(None),
    Abstraction.authorised_at.is_(None),
    Abstraction.declined_at.is_(None),
    Abstraction.cancelled_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that somebody must authorise, or that was declined. The team is that of the day it starts."""

    ref: str
    person: PersonRow
    team_id: int
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None
    why: tuple[str, ...]
    since: dt.datetime
    logged_by: str | None
    logged_by_user_id: int | None
    asked_by_user_id: int | None
    note: str | None
    declined: bool = False


def awaiting(scope: Scope, zone: ZoneInfo) -> list[Waiting]:
    """The entries of these teams that wait for authorisation, those that start first at the top."""
    return list(once(("awaiting", scope, zone.key), lambda: _found(_WAITS, scope, zone)))


def awaiting_count(scope: Scope, zone: ZoneInfo) -> int:
    """How many entries wait for authorisation: what the queue lists."""
    return len(awaiting(scope, zone))


def undecided(since: dt.datetime, scope: Scope, zone: ZoneInfo) -> tuple[list[Waiting], list[Waiting]]:
    """What ``awaiting`` gives, and the entries of these teams that were declined at a moment or after it, the newest
    last; from one read.
    """
    found = _found((or_(and_(*_WAITS), Abstraction.declined_at >= since),), scope, zone)
    waiting = once(("awaiting", scope, zone.key), lambda: [row for row in found if not row.declined])
    return list(waiting), sorted((row for row in found if row.declined), key=lambda row: row.since)


def _found(where: Collection[ColumnElement[bool]], scope: Scope, zone: ZoneInfo) -> list[Waiting]:
    entries = session.scalars(select(Abstraction).where(*where).order_by(Abstraction.starts_at, Abstraction.ref)).all()
    if not entries:
        return []
    ids = {entry.person_id for entry in entries}
    roll, named = people.roll(person_ids=ids), people.people(ids)
    found = []
    for entry in entries:
        team_id = roll.team_on(entry.person_id, local_day(entry.starts_at, zone))
        if team_id is not None and scope.has_team(team_id):
            found.append(_waiting(entry, named[entry.person_id], team_id))
    return found


def _waiting(entry: Abstraction, who: PersonRow, team_id: int) -> Waiting:
    return Waiting(
        entry.ref,
        who,
        team_id,
        entry.reason,
        entry.starts_at,
        entry.ends_at,
        entry.destination,
        lines_of(entry.authorisation_why),
        entry.declined_at or entry.awaiting_since or entry.starts_at,
        entry.logged_by,
        entry.logged_by_user_id,
        entry.asked_by_user_id,
        entry.decision_note,
        entry.declined_at is not None,
    )


def lines_of(text: str | None) -> tuple[str, ...]:
    """The reasons for which an entry needs authorisation, as they are kept: one on each line."""
    return tuple((text or "").splitlines())


def in_lines(why: Sequence[str]) -> str | None:
    """The same to be kept; nothing when there is none."""
    return "\n".join(why) or None
