"""Read what actions of plans were before they were changed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from npt.core.db import session
from npt.problem_solving.models import PlanAction, PlanActionChange

UNDONE = PlanAction.done_on.is_(None) & PlanAction.cancelled_on.is_(None)
"""Actions that are still to be done. For a statement that holds ``PlanAction``."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What an action was until it was changed, by whom and why."""

    at: dt.datetime
    by: str
    reason: str
    what: str
    who: str
    partner: str | None
    due_on: dt.date


def changes_of(action_ids: Collection[int]) -> Mapping[int, Sequence[ChangeLine]]:
    """The changes of actions, by their ids, the newest first. One statement, however many there are, and none too."""
    found: dict[int, list[ChangeLine]] = defaultdict(list)
    wanted = select(PlanActionChange).where(PlanActionChange.action_id.in_(action_ids))
    for row in session.scalars(wanted.order_by(PlanActionChange.id.desc())):
        line = ChangeLine(row.at, row.by, row.reason, row.was_what, row.was_who, row.was_partner, row.was_due_on)
        found[row.action_id].append(line)
    return found


def first_due(due_on: dt.date, changes: Sequence[ChangeLine]) -> dt.date | None:
    """The day an action was due at first, if it is another one now."""
    first = changes[-1].due_on if changes else due_on
    return first if first != due_on else None


def who_of(action: PlanAction) -> str:
    """Whose an action is, in words."""
    if action.partner is not None:
        return action.partner
    return f"{action.owner.forename} {action.owner.surname}" if action.owner else ""
