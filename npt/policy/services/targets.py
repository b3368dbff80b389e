"""Set, end and withdraw a target."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Actor, Permission
from npt.core.db import session
from npt.core.effects import Effect
from npt.core.errors import Reason, Refused
from npt.core.periods import Period
from npt.people import queries as people
from npt.policy.models import TargetEntry
from npt.policy.rules import Group, TargetScope
from npt.policy.rules.dated import Span
from npt.policy.rules.words import TargetKey, percent_in_words
from npt.policy.services.dated import Done, Named, days, let_end, lock_policy, set_from, take_back

MOST_PERCENT = Decimal(100)
"""A bound on what can be meant: more than all duty cannot be lost."""


@dataclass(frozen=True, slots=True)
class NewTarget:
    """The share of available duty that may be lost, from a day, and why."""

    percent: Decimal
    first_day: dt.date
    why: str


def hold_to_own_targets(key: TargetKey, actor: Actor, on: dt.date) -> None:
    """A force lead sets targets of every scope; a BCU manager those of the teams of the BCU, and no other.

    :raises NoResultFound: when there is no such unit, or its targets are not the actor's to set
    """
    if key.scope is TargetScope.TEAM:
        people.team(key.code, actor.scope)
        return
    if not actor.may(Permission.CHANGE_POLICY):
        raise NoResultFound("not theirs to set")
    if key.scope is TargetScope.BCU:
        people.bcu(key.code, actor.scope)


def set_target(
    key: TargetKey, new: NewTarget, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Set a target from a day on. The one before it ends the day before; one that is to come follows it.

    :raises NoResultFound: when it is not the actor's to set
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    hold_to_own_targets(key, actor, on)
    if new.percent > MOST_PERCENT:
        raise Refused(Reason("Enter a target of 100 or less", "percent"))
    rows = _rows(key)

    def make(period: Period) -> TargetEntry:
        return TargetEntry(
            scope=key.scope,
            scope_code=key.code,
            group=key.group,
            first_day=period.first_day,
            last_day=period.last_day,
            percent=new.percent,
            set_by=actor.name,
            reason=new.why,
        )

    done = set_from(
        rows,
        _spans(rows),
        _named(key),
        make,
        lambda row: percent_in_words(row.percent),
        _state,
        first_day=new.first_day,
        event="set",
        actor=actor,
        at=at,
        on=on,
        seen=seen,
    )
    return Done([*done.effects, *_of_months(new.first_day)], done.seen)


def _named(key: TargetKey) -> Named:
    return Named("target", f"target:{key.reference}")


def end_target(
    key: TargetKey,
    last_day: dt.date,
    why: str,
    *,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    seen: str | None = None,
) -> Done:
    """Let a target end, so that the one of the unit above judges from the next day on.

    :raises NoResultFound: when it is not the actor's to set
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    hold_to_own_targets(key, actor, on)
    rows = _rows(key)
    done = let_end(rows, _spans(rows), _named(key), last_day, why, actor=actor, at=at, on=on, seen=seen)
    return Done([*done.effects, Effect(_ABOVE[key.scope] if key.group is Group.ALL else _OF_ALL)], done.seen)


_ABOVE = {
    TargetScope.TEAM: "Then the team is judged by the target of its BCU, else by the force's",
    TargetScope.BCU: "Then the BCU, and its teams that have none of their own, are judged by the force's target",
    TargetScope.FORCE: "Then whoever has no target of their own has none: the page says so, and no rate is over target",
}
_OF_ALL = "Then these grades are judged by the target for everybody, else by that of the unit above"


def withdraw_target(
    key: TargetKey, row_id: int, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Take back a target that is still to come.

    :raises NoResultFound: when there is no such target, or it is not the actor's to set
    :raises Refused: when it has started, or somebody changed the rows meanwhile
    """
    hold_to_own_targets(key, actor, on)
    rows = _rows(key)
    named = _named(key)
    return take_back(rows, _spans(rows), named, row_id, _state, gone="percent", actor=actor, at=at, on=on, seen=seen)


def _rows(key: TargetKey) -> list[TargetEntry]:
    """The rows of a key, held until the change is made."""
    lock_policy()
    statement = select(TargetEntry).where(
        TargetEntry.scope == key.scope, TargetEntry.scope_code == key.code, TargetEntry.group == key.group
    )
    return list(session.scalars(statement.order_by(TargetEntry.first_day)))


def _spans(rows: list[TargetEntry]) -> list[Span]:
    return [Span(row.id, row.first_day, row.last_day, percent_in_words(row.percent)) for row in rows]


def _state(row: TargetEntry) -> dict[str, object]:
    return {"percent": row.percent, "because": row.reason, **days(row.first_day, row.last_day)}


def _of_months(first_day: dt.date) -> list[Effect]:
    month = f"{first_day:%B %Y}"
    return [
        Effect(f"A month is judged by the target in force on its last day: {month} and later ones by this"),
        Effect(f"Months before {month} stay as they were"),
    ]
