"""Entries that wait for whoever must authorise them, and those declined lately."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all

from npt.abstractions.models import Abstraction
from npt.abstractions.queries.entries import AWAY, AwayRow, away_rows, is_away
from npt.core.authority import Scope
from npt.core.db import once, session
from npt.core.periods import local_day
from npt.people import queries as people
from npt.people.models import Post, Posting
from npt.people.queries import PersonRow, Roll

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
    return list(once(("awaiting", scope, zone.key), lambda: _awaiting(scope, zone)))


def _awaiting(scope: Scope, zone: ZoneInfo) -> list[Waiting]:
    return _waiting(session.execute(select(*_WAITING).where(*_WAITS, *_theirs(scope))).all(), scope, zone)


def awaiting_count(scope: Scope, zone: ZoneInfo) -> int:
    """How many entries wait for authorisation: what the queue lists."""
    return len(awaiting(scope, zone))


@dataclass(frozen=True, slots=True)
class AtThisMoment:
    """Who is away, what ``awaiting`` gives, and what was declined lately, the newest last."""

    away: list[AwayRow]
    waiting: list[Waiting]
    declined: list[Waiting]


def at_this_moment(
    team_ids: Collection[int],
    at: dt.datetime,
    on: dt.date,
    roll: Roll,
    *,
    declined_since: dt.datetime,
    scope: Scope,
    zone: ZoneInfo,
) -> AtThisMoment:
    """What ``away_now`` gives of these teams, and the entries of all teams within scope that nobody has authorised,
    declined ones since a moment; in one statement.

    :param roll: everybody who ever held a post of these teams
    """
    here = roll.in_team(team_ids, on)
    undecided = or_(and_(*_WAITS), Abstraction.declined_at >= declined_since)
    rows = session.execute(
        union_all(
            select(*_WAITING, literal(1).label("away")).where(*is_away(here, at)),
            select(*_WAITING, literal(0)).where(undecided, *_theirs(scope)),
        )
    ).all()
    found = _waiting([row for row in rows if not row.away], scope, zone)
    waiting = once(("awaiting", scope, zone.key), lambda: [row for row in found if not row.declined])
    return AtThisMoment(
        away_rows([row for row in rows if row.away], here),
        list(waiting),
        sorted((row for row in found if row.declined), key=lambda row: row.since),
    )


def _theirs(scope: Scope) -> Sequence[ColumnElement[bool]]:
    """Only entries of people who ever held a post of the teams within scope: of nobody else is any theirs."""
    if scope.force:
        return ()
    held = select(Posting.person_id).join(Posting.post).where(Post.team_id.in_(scope.team_ids))
    return (Abstraction.person_id.in_(held),)


_WAITING = (
    *AWAY,
    Abstraction.authorisation_why,
    Abstraction.logged_by,
    Abstraction.logged_by_user_id,
    Abstraction.asked_by_user_id,
    Abstraction.decision_note,
)


def _waiting(entries: Iterable[Any], scope: Scope, zone: ZoneInfo) -> list[Waiting]:
    """The entries among these that are of teams within scope, those that start first at the top."""
    ordered = sorted(entries, key=lambda entry: (entry.starts_at, entry.ref))
    ids = {entry.person_id for entry in ordered}
    roll, named = people.roll(person_ids=ids), people.people(ids)
    found = []
    for entry in ordered:
        team_id = roll.team_on(entry.person_id, local_day(entry.starts_at, zone))
        if team_id is not None and scope.has_team(team_id):
            found.append(
                Waiting(
                    entry.ref,
                    named[entry.person_id],
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
            )
    return found


def lines_of(text: str | None) -> tuple[str, ...]:
    """The reasons for which an entry needs authorisation, as they are kept: one on each line."""
    return tuple((text or "").splitlines())


def in_lines(why: Sequence[str]) -> str | None:
    """The same to be kept; nothing when there is none."""
    return "\n".join(why) or None
