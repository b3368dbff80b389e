"""Which panels members of the police authority go to, and how often chairs meet (docs/decisions/0033)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.core.periods import DAY, add_months, day_in_words
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Going:
    """A member of the authority who goes to a panel."""

    id: int
    member_id: int
    panel_id: int
    panel: str
    panel_name: str
    first_day: dt.date
    last_day: dt.date | None

    def in_force(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def over_by(self, day: dt.date) -> bool:
        """Whether it ends by a day anyway."""
        return self.last_day is not None and self.last_day <= day


def load_in_words(panels: int, policy: Policy) -> str | None:
    """What is wrong with how many panels a member has; nothing when it is as policy asks."""
    if panels < policy.authority_panels_least:
        return f"fewer than {policy.authority_panels_least}"
    if panels > policy.authority_panels_most:
        return f"more than {policy.authority_panels_most}"
    return None


def obstacles_to_allocation(
    panel_id: int, first_day: dt.date, member: tuple[dt.date, dt.date | None], going: Iterable[Going]
) -> Iterator[Reason]:
    """Why a member cannot go to a panel from a day on.

    :param member: the member's first and last day in office
    :param going: where the member goes already
    """
    began, ends = member
    if first_day < began or (ends is not None and first_day > ends):
        until = f"to {day_in_words(ends)}" if ends else "on"
        yield Reason(
            f"The member is in office from {day_in_words(began)} {until}. Enter a day within that", "first_day"
        )
    if any(each.panel_id == panel_id and (each.last_day is None or each.last_day >= first_day) for each in going):
        yield Reason("The member goes to this panel already", "panel")


def obstacles_to_last_day(first_day: dt.date, now_ends: dt.date | None, last_day: dt.date) -> Iterator[Reason]:
    """Why a membership, or going to a panel, cannot end on a day."""
    if last_day < first_day:
        yield Reason(f"It begins on {day_in_words(first_day)}. Enter that day or a later one", "last_day")
    elif now_ends is not None and last_day > now_ends:
        yield Reason(f"It ends on {day_in_words(now_ends)} already. Enter that day or an earlier one", "last_day")


def obstacles_to_ending_elsewhere(others: Sequence[str]) -> Iterator[Reason]:
    """Why somebody cannot end a membership: it would take the member from panels that are not theirs."""
    if others:
        named = " and ".join(others)
        yield Reason(f"The member also goes to {named}, which is not yours. The force lead ends it", "last_day")


def forums_missed(held: Iterable[dt.date], policy: Policy, on: dt.date) -> int | None:
    """How many forums a BCU is short of on a day; nothing where no forum has ever been held, for none is expected."""
    days = [day for day in held if day <= on]
    if not days:
        return None
    since = add_months(on, -policy.panel_meetings_months) + DAY
    return max(0, policy.chairs_forums - sum(day >= since for day in days))
