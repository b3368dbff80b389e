"""The monthly return: when it is due and from when it is missing (RULES section 4)."""

import calendar
import datetime as dt
from enum import StrEnum

from npt.core.errors import Reason
from npt.core.periods import DAY, Window
from npt.policy.rules import Policy


class ReturnKind(StrEnum):
    """What a team's sergeant confirms about a month. No return is neither."""

    COMPLETE = "complete"
    NIL = "nil"

    @property
    def label(self) -> str:
        return "Complete" if self is ReturnKind.COMPLETE else "Nil: no abstractions"


def return_due_on(month: Window, policy: Policy) -> dt.date:
    """The last day on which a month can be confirmed in time: policy's day of the next month, or that month's last."""
    following = month.last_day + DAY
    length = calendar.monthrange(following.year, following.month)[1]
    return following.replace(day=max(1, min(policy.return_day, length)))


def is_return_missing(month: Window, confirmed: bool, on: dt.date, policy: Policy) -> bool:
    """Whether the return of a month is missing on a day."""
    return not confirmed and on > return_due_on(month, policy)


def obstacles_to_touching_a_month(*, confirmed: bool, may_correct: bool, reason: str) -> list[Reason]:
    """What stands in the way of adding to, changing or taking from a month: once its team has confirmed it, that needs
    a BCU manager and a reason (RULES section 4).

    :param confirmed: whether the team's return for the month is in
    :param may_correct: whether the actor has the permission to change what was confirmed
    """
    if not confirmed:
        return []
    if not may_correct:
        return [Reason("That month is confirmed. Ask a BCU manager to make the change")]
    return [] if reason.strip() else [Reason("That month is confirmed: enter why it is changed", "why")]
