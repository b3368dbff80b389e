"""Entries that wait for whoever must authorise them, and those declined lately."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, case, func, literal, or_, select, union_all

from npt.abstractions.models import Abstraction
from npt.abstractions.queries.entries import AWAY, IS_AWAY, AwayRow, away_rows
from npt.core.authority import Scope
from npt.core.db import among, once, session
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
    logger: PersonRow | None
    """The person who logged it, when an import says so by their email address."""
    asked_by_user_id: int | None
    note: str | None
    declined: bool = False


LOGGER_ID = case(
    (
        Abstraction.logged_by_user_id.is_(None) & Abstraction.logged_by.contains("@"),
        people.person_id_of(func.lower(Abstraction.logged_by)),
    )
)
"""The person who logged an entry, when an import says so by their email address."""

_WAITING = (
    *AWAY,
    Abstraction.authorisation_why,
    Abstraction.logged_by,
    Abstraction.logged_by_user_id,
    Abstraction.asked_by_user_id,
    Abstraction.decision_note,
    LOGGER_ID.label("logger_id"),
)

_THEIRS = Abstraction.person_id.in_(
    select(Posting.person_id).join(Posting.post).where(among(Post.__table__.c.team_id, "teams"))
)
"""Only entries of people who ever held a post of some ``teams``: of nobody else is any theirs."""

_UNDECIDED = or_(
    and_(*_WAITS), Abstraction.declined_at >= bindparam("declined_since", type_=Abstraction.declined_at.type)
)
_AWAY_NOW = select(*_WAITING, literal(1).label("away")).where(*IS_AWAY)
_AWAITING = select(*_WAITING).where(*_WAITS)
_AWAITING_OF_TEAMS = _AWAITING.where(_THEIRS)
_AT_THIS_MOMENT = union_all(_AWAY_NOW, select(*_WAITING, literal(0)).where(_UNDECIDED))
_AT_THIS_MOMENT_OF_TEAMS = union_all(_AWAY_NOW, select(*_WAITING, literal(0)).where(_UNDECIDED, _THEIRS))


def awaiting(scope: Scope, zone: ZoneInfo) -> list[Waiting]:
    """The entries of these teams that wait for authorisation, those that start first at the top."""
    return list(once(("awaiting", scope, zone.key), lambda: _awaiting(scope, zone)))


def _awaiting(scope: Scope, zone: ZoneInfo) -> list[Waiting]:
    rows = session.execute(_AWAITING if scope.force else _AWAITING_OF_TEAMS, {"teams": scope.team_ids}).all()
    return _waiting(rows, scope, zone)


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
    given = {"here": list(here), "at": at, "declined_since": declined_since, "teams": scope.team_ids}
    rows = session.execute(_AT_THIS_MOMENT if scope.force else _AT_THIS_MOMENT_OF_TEAMS, given).all()
    found = _waiting([row for row in rows if not row.away], scope, zone)
    waiting = once(("awaiting", scope, zone.key), lambda: [row for row in found if not row.declined])
    return AtThisMoment(
        away_rows([row for row in rows if row.away], here),
        list(waiting),
        sorted((row for row in found if row.declined), key=lambda row: row.since),
    )


def _waiting(entries: Iterable[Any], scope: Scope, zone: ZoneInfo) -> list[Waiting]:
    """The entries among these that are of teams within scope, those that start first at the top."""
    ordered = sorted(entries, key=lambda entry: (entry.starts_at, entry.ref))
    ids = {entry.person_id for entry in ordered}
    roll = people.roll(person_ids=ids)
    named = people.people(ids | {entry.logger_id for entry in ordered if entry.logger_id is not None})
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
                    named.get(entry.logger_id),
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
