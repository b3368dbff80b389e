"""What plans serve beside their panel: the lists a force lead keeps."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum

from npt.core.errors import Reason


class PriorityList(StrEnum):
    """Whose priority it is."""

    DISTRICT = "district"
    JSA = "jsa"
    STRATEGIC = "strategic"

    @property
    def label(self) -> str:
        return _LISTS[self]


_LISTS = {
    PriorityList.DISTRICT: "District or community safety partnership",
    PriorityList.JSA: "Joint strategic assessment",
    PriorityList.STRATEGIC: "Force strategy",
}


def obstacles_to_priority(name: str, first_day: dt.date, last_day: dt.date | None) -> Iterator[Reason]:
    """Why a priority cannot be put on a list."""
    if not name.strip():
        yield Reason("Enter the priority", "name")
    if last_day is not None and last_day < first_day:
        yield Reason("Enter a last day that is not before the first", "last_day")


def obstacles_to_ending(first_day: dt.date, ended: dt.date | None, last_day: dt.date) -> Iterator[Reason]:
    """Why a priority cannot end on a day: it has ended already, or would end before it began."""
    if ended is not None:
        yield Reason("This priority has a last day already", "last_day")
    elif last_day < first_day:
        yield Reason("Enter a last day that is not before the first", "last_day")
