"""The monthly return: which months a team owes, when one is due, what may be confirmed, and by whom it is opened again.

RULES section 4, "Monthly return"; which months are owed: decision 20.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from npt.core.errors import Reason
from npt.core.periods import DAY, Window, add_months, day_in_words, local_day, month_of


class ReturnKind(StrEnum):
    """What a team's sergeant confirms about a month. No return is neither."""

    COMPLETE = "complete"
    NIL = "nil"

    @property
    def label(self) -> str:
        return "Complete" if self is ReturnKind.COMPLETE else "Nil: no abstractions"


class ReturnState(StrEnum):
    """How the return of a team for a month stands on a day."""

    COMPLETE = "complete"
    NIL = "nil"
    REOPENED = "reopened"
    MISSING = "missing"
    DUE = "due"
    NOT_OVER = "not_over"
    NOT_OWED = "not_owed"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def confirmed(self) -> bool:
        return self in (ReturnState.COMPLETE, ReturnState.NIL)

    @property
    def wanted(self) -> bool:
        """Whether somebody has to confirm it."""
        return self in (ReturnState.REOPENED, ReturnState.MISSING, ReturnState.DUE)


_LABELS = {
    ReturnState.COMPLETE: "Complete",
    ReturnState.NIL: "Nil",
    ReturnState.REOPENED: "Reopened",
    ReturnState.MISSING: "Missing",
    ReturnState.DUE: "Due",
    ReturnState.NOT_OVER: "Not over yet",
    ReturnState.NOT_OWED: "Not asked for",
}


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A team's month in figures: minutes, and how many entries there are."""

    duty_minutes: int
    abstracted_minutes: int
    off_duty_minutes: int
    entries: int


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One time that a month was confirmed, with its figures then, and how it was opened again, if it was."""

    version: int
    kind: ReturnKind
    at: dt.datetime
    by: str
    figures: MonthFigures
    reopened_at: dt.datetime | None = None
    reopened_by: str | None = None
    reopen_reason: str | None = None

    @property
    def stands(self) -> bool:
        return self.reopened_at is None

    def on(self, day: dt.date, zone: ZoneInfo) -> "Confirmation | None":
        """As it was at the end of a day: not there yet, standing, or opened again."""
        if local_day(self.at, zone) > day:
            return None
        if self.reopened_at is None or local_day(self.reopened_at, zone) <= day:
            return self
        return Confirmation(self.version, self.kind, self.at, self.by, self.figures)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a return stands on a day: its state, the last day in time, and how many days late it is."""

    state: ReturnState
    due_on: dt.date
    days_late: int = 0


def return_due_on(month: Window, return_day: int) -> dt.date:
    """The last day on which a month can be confirmed in time: policy's day of the next month, or that month's last."""
    following = month.last_day + DAY
    length = calendar.monthrange(following.year, following.month)[1]
    return following.replace(day=max(1, min(return_day, length)))


def standing(
    month: Window, confirmations: Sequence[Confirmation], *, owed: bool, on: dt.date, return_day: int
) -> Standing:
    """How the return of a month stands at the end of a day (RULES section 4).

    One that was opened again is late from the day after that, and not from the day it was first due.

    :param confirmations: every time the month was confirmed, oldest first
    :param owed: whether the team owes it at all
    """
    due_on = return_due_on(month, return_day)
    known = [found for each in confirmations if (found := each.on(on, month.zone))]
    newest = known[-1] if known else None
    if newest is not None and newest.reopened_at is None:
        return Standing(ReturnState(newest.kind.value), due_on)
    if newest is not None and newest.reopened_at is not None:
        since = max(due_on, local_day(newest.reopened_at, month.zone))
        return Standing(ReturnState.REOPENED, due_on, max(0, (on - since).days))
    if on <= month.last_day:
        return Standing(ReturnState.NOT_OVER, due_on)
    if not owed:
        return Standing(ReturnState.NOT_OWED, due_on)
    late = (on - due_on).days
    return Standing(ReturnState.MISSING, due_on, late) if late > 0 else Standing(ReturnState.DUE, due_on)


def came_late(
    month: Window, confirmations: Sequence[Confirmation], *, owed: bool, on: dt.date, return_day: int
) -> bool:
    """Whether a month was confirmed for the first time after it was due, or is still missing at the end of a day."""
    due_on = return_due_on(month, return_day)
    if confirmations:
        return local_day(confirmations[0].at, month.zone) > due_on
    return owed and on > due_on


def is_owed(month: Window, *, live: bool, first_month: dt.date | None, on: dt.date, chased_months: int) -> bool:
    """Whether a team owes the return of a month on a day (decision 20).

    :param live: whether the team was live on any day of the month
    :param first_month: a day of the first month the product has data of; nothing when it has none
    :param chased_months: how many months back a return is still asked for
    """
    if not live or first_month is None or on <= month.last_day:
        return False
    oldest = add_months(on.replace(day=1), -chased_months)
    return month.first_day >= max(first_month.replace(day=1), oldest)


def months_back(on: dt.date, months: int, zone: ZoneInfo) -> list[Window]:
    """The months that are over on a day, so many back, oldest first."""
    first = on.replace(day=1)
    return [month_of(add_months(first, -back), zone) for back in range(months, 0, -1)]


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """What a month holds when it is about to be confirmed.

    ``counting`` of its ``entries`` count under the force's own policy, on duty or off; ``still_away`` are the names of
    those whose entry has no end.
    """

    entries: int
    counting: int
    still_away: Sequence[str]


def obstacles_to_confirming(
    month: Window, kind: ReturnKind, seen: MonthSeen, *, at: dt.datetime, live: bool, standing_by: str | None
) -> list[Reason]:
    """Everything that stands in the way of confirming a month (RULES section 4).

    :param at: now: a month that is not over cannot be confirmed
    :param live: whether the team was live in the month
    :param standing_by: who has confirmed it already, when somebody has
    """
    name = f"{month.first_day:%B %Y}"
    if at < month.whole.ends_at:
        return [Reason(f"{name} is not over. Confirm it from {day_in_words(month.last_day + DAY)} on")]
    if not live:
        return [Reason(f"The team was not there in {name}: there is nothing to confirm")]
    if standing_by is not None:
        return [Reason(f"{name} is confirmed already, by {standing_by}")]
    listed = [Reason(f"{who} is still away: end that entry first") for who in dict.fromkeys(seen.still_away)]
    if kind is ReturnKind.NIL and seen.counting:
        entries = "1 entry counts" if seen.counting == 1 else f"{seen.counting} entries count"
        listed.append(Reason(f"{entries} in {name}: confirm it as complete, or put the entries right", "kind"))
    if kind is ReturnKind.COMPLETE and not seen.entries:
        listed.append(Reason(f"There are no entries in {name}: confirm it as nil", "kind"))
    return listed


def obstacles_to_reopening(confirmed: bool, reason: str) -> list[Reason]:
    """Everything that stands in the way of opening a month again."""
    if not confirmed:
        return [Reason("This month is not confirmed: there is nothing to open again")]
    return [] if reason.strip() else [Reason("Enter why it is opened again", "reason")]


def obstacles_to_touching(months: Iterable[tuple[str, bool]], *, reason: str, field: str = "why") -> list[Reason]:
    """What stands in the way of adding to, changing or taking from months that are confirmed: it needs the BCU manager
    of the team, and a reason (RULES section 4).

    :param months: those that are confirmed, in words ("October 2026 of Soham NPT"), each with whether the actor is such
        a manager
    :param reason: why, as the actor gives it
    :param field: where they give it
    """
    listed = [
        Reason(f"{words} is confirmed. Only the BCU manager can change it now: ask them")
        for words, may_correct in months
        if not may_correct
    ]
    if listed or reason.strip():
        return listed
    return [Reason(f"{words} is confirmed: enter why it is changed", field) for words, _ in months]
