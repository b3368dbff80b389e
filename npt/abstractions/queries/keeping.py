"""Entries with how each was kept: late, changed, taken back, left open."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, literal, or_, select

from npt.abstractions import rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries.facts import of_these
from npt.abstractions.queries.figures import Question
from npt.abstractions.rules import Keeping, Kept
from npt.audit.models import AuditEntry
from npt.core.db import session
from npt.core.periods import MINUTE, Interval, local_day
from npt.people.queries import Roll


@dataclass(frozen=True, slots=True)
class KeptEntry:
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


def _changed_at() -> ScalarSelect[dt.datetime]:
    return (
        select(func.max(AuditEntry.at))
        .where(
            AuditEntry.subject == literal("abstraction:") + Abstraction.ref,
            AuditEntry.event.in_(CHANGES),
            ~AuditEntry.details.contains(_END_ENTERED, autoescape=True),
        )
        .correlate(Abstraction)
        .scalar_subquery()
    )


def kept_entries(question: Question, teams: Collection[int], roll: Roll) -> list[KeptEntry]:
    """The entries of these teams that a window looks at, those that start first at the top.

    :param roll: everybody who ever held a post of these teams
    """
    within = question.within
    if within is None:
        return []
    rows = session.execute(
        select(
            Abstraction.id,
            Abstraction.ref,
            Abstraction.person_id,
            Abstraction.reason,
            Abstraction.starts_at,
            Abstraction.ends_at,
            Abstraction.logged_at,
            Abstraction.logged_by,
            Abstraction.afterwards_why,
            Abstraction.declined_at,
            Abstraction.cancelled_at,
            Abstraction.cancel_reason,
            _changed_at().label("changed_at"),
        )
        .where(
            Abstraction.starts_at < within.ends_at,
            or_(
                Abstraction.starts_at >= within.starts_at,
                Abstraction.ends_at.is_(None) & Abstraction.cancelled_at.is_(None),
            ),
            of_these(Abstraction.person_id.expression, list(roll.by_person)),
        )
        .order_by(Abstraction.starts_at, Abstraction.ref)
    )
    return list(_of_these_teams(rows, question, within, teams, roll))


def _of_these_teams(
    rows: Iterable[Any], question: Question, within: Interval, teams: Collection[int], roll: Roll
) -> Iterator[KeptEntry]:
    for row in rows:
        team_id = roll.team_on(row.person_id, local_day(row.starts_at, question.window.zone))
        if team_id is None or team_id not in teams:
            continue
        how = Keeping(
            row.starts_at,
            row.ends_at,
            row.logged_at,
            afterwards=row.afterwards_why is not None,
            changed=row.changed_at is not None,
            cancelled=row.cancelled_at is not None,
            declined=row.declined_at is not None,
        )
        if kept := rules.kept_how(how, within, question.policy):
            yield KeptEntry(
                row.id,
                row.ref,
                row.person_id,
                team_id,
                row.reason,
                row.starts_at,
                row.ends_at,
                row.logged_at,
                row.logged_by,
                row.changed_at,
                row.afterwards_why,
                row.cancelled_at,
                row.cancel_reason,
                kept,
            )
