"""Entries with how each was kept: late, changed, taken back, left open."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, literal, or_, select

from npt.abstractions import rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries.facts import MANY
from npt.abstractions.queries.figures import Question
from npt.abstractions.rules import Keeping, Kept
from npt.audit.models import AuditEntry
from npt.core.db import among, session
from npt.core.lasting import has_no_end
from npt.core.periods import MINUTE, Interval, local_day
from npt.people.queries import Roll


class KeptEntry(NamedTuple):
    """An entry of one of these teams, and what it is counted under. The team is that of the day it starts."""

    id: int
    ref: str
    person_id: int
    team_id: int
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    logged_at: dt.datetime | None
    logged_by: str | None
    changed_at: dt.datetime | None
    """When it was changed last."""
    afterwards_why: str | None
    cancelled_at: dt.datetime | None
    cancel_reason: str | None
    kept: frozenset[Kept]

    @property
    def minutes_after(self) -> int | None:
        """How long after its start it was logged; less than none when it was planned."""
        return None if self.logged_at is None else (self.logged_at - self.starts_at) // MINUTE


CHANGES = ("abstraction.changed", "abstraction.split")
_END_ENTERED = '"before":{"ends_at":null}'
"""What the record says of an import that did no more than end an open entry: nobody corrected anything."""


# The tables and not the classes, and put together once: there are hundreds of rows.
_ENTRIES, _RECORD = Abstraction.__table__.c, AuditEntry.__table__.c
_CHANGED_AT = (
    select(func.max(_RECORD.at))
    .where(
        _RECORD.subject == literal("abstraction:") + _ENTRIES.ref,
        _RECORD.event.in_(CHANGES),
        ~_RECORD.details.contains(_END_ENTERED, autoescape=True),
    )
    .correlate(Abstraction.__table__)
    .scalar_subquery()
)
_SHOWN = ("id", "ref", "person_id", "reason", "starts_at", "ends_at", "logged_at", "logged_by")
_OTHERWISE = ("afterwards_why", "cancelled_at", "cancel_reason", "declined_at")
_FIRST, _LAST = (bindparam(name, type_=_ENTRIES.starts_at.type) for name in ("first", "last"))
_EVERY_ENTRY = (
    select(*(_ENTRIES[name] for name in _SHOWN), _CHANGED_AT, *(_ENTRIES[name] for name in _OTHERWISE))
    .where(
        _ENTRIES.starts_at < _LAST,
        or_(_ENTRIES.starts_at >= _FIRST, and_(has_no_end(_ENTRIES.ends_at), _ENTRIES.cancelled_at.is_(None))),
    )
    .order_by(_ENTRIES.starts_at, _ENTRIES.ref)
)
_ENTRIES_OF = _EVERY_ENTRY.where(among(_ENTRIES.person_id, "people"))


def kept_entries(question: Question, teams: Collection[int], roll: Roll) -> list[KeptEntry]:
    """The entries of these teams that a window looks at, those that start first at the top.

    :param roll: everybody who ever held a post of these teams
    """
    within = question.within
    if within is None:
        return []
    asked = {"first": within.starts_at, "last": within.ends_at, "people": roll.by_person}
    rows = session.execute(_EVERY_ENTRY if len(roll.by_person) > MANY else _ENTRIES_OF, asked).all()
    return list(_of_these_teams(rows, question, within, teams, roll))


def _of_these_teams(
    rows: Iterable[Any], question: Question, within: Interval, teams: Collection[int], roll: Roll
) -> Iterator[KeptEntry]:
    zone, policy = question.window.zone, question.policy
    for row in rows:
        id, ref, person_id, reason, starts_at, ends_at, logged_at, logged_by, changed_at, why, *cancelled = row
        team_id = roll.team_on(person_id, local_day(starts_at, zone))
        if team_id is None or team_id not in teams:
            continue
        cancelled_at, cancel_reason, declined_at = cancelled
        how = Keeping(
            starts_at,
            ends_at,
            logged_at,
            afterwards=why is not None,
            changed=changed_at is not None,
            cancelled=cancelled_at is not None,
            declined=declined_at is not None,
        )
        if kept := rules.kept_how(how, within, policy):
            yield KeptEntry(
                id,
                ref,
                person_id,
                team_id,
                reason,
                starts_at,
                ends_at,
                logged_at,
                logged_by,
                changed_at,
                why,
                cancelled_at,
                cancel_reason,
                kept,
            )
