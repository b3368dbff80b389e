"""Counts of recorded crime for a plan: of which months and wards, and what may not be asked (docs/decisions/0042)."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from npt.core.errors import Reason
from npt.core.periods import add_months


class Area(StrEnum):
    """What an area is to a comparison. The figures of a measure are named after it."""

    TREATED = "treated"
    COMPARISON = "comparison"
    DISPLACEMENT = "displacement"
    CONTROL = "control"

    @property
    def label(self) -> str:
        return _AREAS[self]


_AREAS = {
    Area.TREATED: "Treated area",
    Area.COMPARISON: "Comparison area",
    Area.DISPLACEMENT: "Displacement area",
    Area.CONTROL: "Control of the displacement area",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Months, both included, each by its first day."""

    first: dt.date
    last: dt.date

    @property
    def months(self) -> list[dt.date]:
        """Every month of it, in order."""
        found, month = [], self.first
        while month <= self.last:
            found.append(month)
            month = add_months(month, 1)
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be counted: a category (nothing: everything), two spans of months, and the wards of each area."""

    before: Span
    after: Span
    wards: Mapping[Area, Collection[str]]
    category: str | None = None


MOST_MONTHS = 60
"""Months of one span: what a page can be asked to add up, and no figure of policy."""


def obstacles_to_counting(asked: Asked, loaded: Collection[dt.date], known: Collection[str]) -> Iterator[Reason]:
    """Every reason why counts would not say what they seem to say.

    :param loaded: the months there are files of
    :param known: the codes of wards there is a boundary of
    """
    yield from _spans(asked)
    yield from _areas(asked, known)
    for name, span in (("before", asked.before), ("after", asked.after)):
        if lacking := [month for month in span.months[:MOST_MONTHS] if month not in loaded]:
            named = ", ".join(f"{month:%B %Y}" for month in lacking[:_NAMED])
            more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
            yield Reason(f"No file is loaded of {named}{more}. An administrator loads it", f"{name}_last")


_NAMED = 3
"""So many missing months are named."""


def _areas(asked: Asked, known: Collection[str]) -> Iterator[Reason]:
    for area in (Area.TREATED, Area.COMPARISON):
        if not asked.wards.get(area):
            yield Reason(f"Choose the wards of the {area.label.lower()}", area.value)
    if bool(asked.wards.get(Area.DISPLACEMENT)) != bool(asked.wards.get(Area.CONTROL)):
        yield Reason("A displacement area needs its control, and a control its displacement area", Area.CONTROL.value)
    seen: set[str] = set()
    for area in Area:
        wards = set(asked.wards.get(area, ()))
        if wards & seen:
            yield Reason("A ward is in one area only, or a crime would be counted twice", area.value)
        if wards - set(known):
            yield Reason("Choose wards that there is a boundary of", area.value)
        seen |= wards


def _spans(asked: Asked) -> Iterator[Reason]:
    in_order = True
    for name, span in (("before", asked.before), ("after", asked.after)):
        if span.last < span.first:
            in_order = False
            yield Reason("Enter a last month that is not before the first", f"{name}_last")
        elif len(span.months) > MOST_MONTHS:
            in_order = False
            yield Reason(f"Enter a last month within {MOST_MONTHS} months of the first", f"{name}_last")
    if not in_order:
        return
    if asked.after.first <= asked.before.last:
        yield Reason("Enter a first month after the months before", "after_first")
    if len(asked.before.months) != len(asked.after.months):
        yield Reason("Enter as many months after as before, or the counts cannot be compared", "after_last")
