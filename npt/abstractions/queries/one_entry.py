"""One abstraction with everything known of it, and what somebody logs most."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased

from npt.abstractions.models import Abstraction
from npt.abstractions.queries.authorising import LOGGER_ID, Waiting, lines_of
from npt.abstractions.queries.entries import standing_of
from npt.abstractions.rules import Authorisation, Booked
from npt.audit.rules import canonical
from npt.core.authority import Scope
from npt.core.db import once, session
from npt.core.lasting import lasts_beyond
from npt.core.periods import local_day
from npt.people import queries as people
from npt.people.models import Person
from npt.people.queries import PersonRow
from npt.people.queries.persons import PERSON_COLUMNS


@dataclass(frozen=True, slots=True)
class Entry:
    """One abstraction with everything a page says about it."""

    id: int
    ref: str
    person: PersonRow
    team_id: int | None
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None
    note: str | None
    authorised_by: str | None
    logged_at: dt.datetime | None
    logged_by: str | None
    cancelled_at: dt.datetime | None
    cancel_reason: str | None
    logged_by_user_id: int | None
    asked_by_user_id: int | None
    authorisation: Authorisation
    why: tuple[str, ...]
    """Why it needs, or needed, authorisation; nothing when it never did."""
    afterwards_why: str | None
    decided_by: str | None
    decided_at: dt.datetime | None
    decision_note: str | None
    mark: str
    """Changes with everything that can be changed of it, so that nobody writes over what they have not seen."""
    logger: PersonRow | None
    """The person who logged it, when an import says so by their email address."""


_LOGGER = aliased(Person)
_WITH_LOGGER = select(Abstraction, *(getattr(_LOGGER, column.key) for column in PERSON_COLUMNS)).outerjoin(
    _LOGGER, _LOGGER.id == LOGGER_ID
)


def entry(ref: str, scope: Scope, zone: ZoneInfo) -> Entry:
    """One abstraction by its reference. The team is the person's present team on the day it starts.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    row: Sequence[Any] = session.execute(_WITH_LOGGER.where(Abstraction.ref == ref)).one()
    found: Abstraction = row[0]
    roll = people.roll(person_ids=[found.person_id])
    team_id = roll.team_on(found.person_id, local_day(found.starts_at, zone))
    if not scope.has_team(team_id):
        raise NoResultFound(f"no abstraction {ref} within scope")
    named = people.people({found.person_id, found.authorised_by_id or found.person_id})
    return Entry(
        found.id,
        found.ref,
        named[found.person_id],
        team_id,
        found.reason,
        found.starts_at,
        found.ends_at,
        found.destination,
        found.note,
        named[found.authorised_by_id].name if found.authorised_by_id else None,
        found.logged_at,
        found.logged_by,
        found.cancelled_at,
        found.cancel_reason,
        found.logged_by_user_id,
        found.asked_by_user_id,
        standing_of(found),
        lines_of(found.authorisation_why),
        found.afterwards_why,
        found.decided_by,
        found.declined_at or found.authorised_at,
        found.decision_note,
        mark_of(found),
        None if row[1] is None else PersonRow(*row[1:]),
    )


_MARKED = (
    "reason",
    "starts_at",
    "ends_at",
    "destination",
    "note",
    "awaiting_since",
    "authorised_at",
    "declined_at",
    "cancelled_at",
)


def mark_of(found: Abstraction) -> str:
    """A short mark of an entry as it stands; another one after any change, an import's too."""
    standing = canonical({name: getattr(found, name) for name in _MARKED})
    return hashlib.sha256(standing.encode()).hexdigest()[:16]


Words = Callable[[Abstraction], str]
"""How an entry on record is described to a person; the edge knows the words of time."""


def booked(person_id: int, since: dt.datetime, words: Words, *, besides: int | None = None) -> list[Booked]:
    """The entries of a person that reach past a moment and are not cancelled.

    :param besides: the entry that is being changed, which is in nobody's way
    """
    entries = once(("booked", person_id, since), lambda: _booked(person_id, since))
    return [Booked(each.starts_at, each.ends_at, words(each)) for each in entries if each.id != besides]


_BOOKED = (
    select(Abstraction)
    .where(
        Abstraction.person_id == bindparam("person"),
        Abstraction.cancelled_at.is_(None),
        lasts_beyond(Abstraction.ends_at, bindparam("since")),
    )
    .order_by(Abstraction.starts_at)
)


def _booked(person_id: int, since: dt.datetime) -> Sequence[Abstraction]:
    return session.scalars(_BOOKED, {"person": person_id, "since": since}).all()


def logged_by_person(found: Entry | Waiting | Abstraction) -> int | None:
    """The person who logged an entry, when an import says so by their email address."""
    who = _logger(found)
    return who.id if who else None


def logged_by_name(found: Entry | Waiting | Abstraction) -> str | None:
    """Who logged an entry, by name: a person whom an import knows by their email address is named."""
    who = _logger(found)
    return who.name if who else found.logged_by


def _logger(found: Entry | Waiting | Abstraction) -> PersonRow | None:
    if not isinstance(found, Abstraction):
        return found.logger
    email = found.logged_by or ""
    if found.logged_by_user_id is not None or "@" not in email:
        return None
    return once(("logger", email), lambda: people.person_by_email(email))


_ENTRIES = Abstraction.__table__.c
_USUAL = (
    select(_ENTRIES.reason)
    .where(_ENTRIES.logged_by_user_id == bindparam("user"), _ENTRIES.logged_at.is_not(None))
    .group_by(_ENTRIES.reason)
    .order_by(func.max(_ENTRIES.logged_at).desc(), _ENTRIES.reason)
    .limit(3)
)


def usual_reasons(user_id: int | None) -> list[str]:
    """The last three different reasons a user logged, newest first; nobody's, of what was imported."""
    return [] if user_id is None else list(session.scalars(_USUAL, {"user": user_id}))
