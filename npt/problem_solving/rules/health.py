"""How plans stand, as whoever supervises them asks: what is late, what stands still, what waits (RULES section 6)."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

from npt.core.errors import Reason
from npt.problem_solving.rules.vocabulary import Better


class HealthBy(StrEnum):
    """By what plans are counted."""

    TEAM = "team"
    SECTOR = "sector"
    SUPERVISOR = "supervisor"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Health(StrEnum):
    """What somebody has to look at of an open plan."""

    OVERDUE = "overdue"
    STALE = "stale"
    STALLED = "stalled"
    PAST_TARGET = "past_target"
    REVIEW_DUE = "review_due"
    AWAITING_SIGN_OFF = "awaiting_sign_off"

    @property
    def label(self) -> str:
        return _HEALTH[self]


_HEALTH = {
    Health.OVERDUE: "Overdue actions",
    Health.STALE: "No update",
    Health.STALLED: "Stalled at a stage",
    Health.PAST_TARGET: "Past target",
    Health.REVIEW_DUE: "Review due",
    Health.AWAITING_SIGN_OFF: "Awaiting sign-off",
}


def target_reached(better: Better, target: Decimal, after: Decimal | None) -> bool:
    """Whether the measure, taken again, is at its target or beyond. Not measured again, it is not."""
    if after is None:
        return False
    return after <= target if better is Better.LOWER else after >= target


def past_target(target_on: dt.date | None, reached: bool, on: dt.date) -> bool:
    """An open plan is past target from the day after its target day until the measure is there (decision 0071)."""
    return target_on is not None and target_on < on and not reached


def obstacles_to_target(value: Decimal | None, day: dt.date | None, held: dt.date | None, on: dt.date) -> list[Reason]:
    """A target has a day to reach it by, and a day a target; a day chosen now is still to come (decision 0071).

    :param held: the day chosen already, which stays as it is
    """
    if value is not None and day is None:
        return [Reason("Enter the day by which the target is to be reached", "target_on")]
    if value is None and day is not None:
        return [Reason("Enter the target that is to be reached by then", "target_value")]
    return obstacles_to_new_day(day, on) if day is not None and day != held else []


def obstacles_to_new_day(day: dt.date, on: dt.date) -> list[Reason]:
    """A target is reached on a day still to come."""
    return [] if day > on else [Reason("Enter a day after today", "target_on")]


def obstacles_to_moving(
    value: Decimal | None, held: dt.date | None, day: dt.date, reason: str, on: dt.date
) -> list[Reason]:
    """Why the day of a target cannot be moved: there is no target, it is that day, it is past, or nothing says why."""
    if value is None:
        return [Reason("The plan has no target. Its measure and target are chosen at scanning")]
    reasons = [Reason("That is the day already", "target_on")] if day == held else obstacles_to_new_day(day, on)
    return reasons if reason.strip() else [*reasons, Reason("Enter why the day is moved", "reason")]
