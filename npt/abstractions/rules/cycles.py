"""Shift patterns as people write them, who may be put on one from which day, and when it tells (issue 3, "Duties")."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from npt.abstractions.rules.patterns import Assignment, Clocks, PatternShift
from npt.core.errors import Reason
from npt.core.periods import DAY, Period
from npt.people.rules import Grade

LONGEST_CYCLE = 366
"""Days of a shift pattern's cycle at the most: beyond a year it is a slip of the pen, not a pattern."""

REST = "rest"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_SHIFT = re.compile(r"(\d{1,2})[:.]?(\d{2})\s*(?:-|–|to)\s*(\d{1,2})[:.]?(\d{2})", re.ASCII | re.IGNORECASE)

Cycle = Sequence[Clocks | None]
"""A grade's days in order; nothing on a rest day."""


def turn(clocks: Clocks | None) -> str:
    """What a shift is called, by when it starts: early, late, night; without times rest."""
    if clocks is None:
        return REST
    starts = clocks[0].hour
    return "early" if 4 <= starts < 12 else "late" if 12 <= starts < 19 else "night"


def written(cycle: Cycle) -> str:
    """A cycle as it is typed, one line for each day: ``07:00-17:00`` or ``rest``."""
    return "\n".join(REST if each is None else f"{each[0]:%H:%M}-{each[1]:%H:%M}" for each in cycle)


def read(text: str) -> list[Clocks | None]:
    """The cycle that somebody typed, one line for each day.

    :raises ValueError: naming the line, and saying what to enter
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) > LONGEST_CYCLE:
        raise ValueError(f"Enter at most {LONGEST_CYCLE} lines, one for each day of the cycle")
    return [_shift(number, line) for number, line in enumerate(lines, start=1)]


def _shift(number: int, line: str) -> Clocks | None:
    if line.lower() in (REST, "r", "-"):
        return None
    found = _SHIFT.fullmatch(line)
    try:
        if found is None:
            raise ValueError
        starts, ends = dt.time(int(found[1]), int(found[2])), dt.time(int(found[3]), int(found[4]))
        if starts == ends:
            raise ValueError
    except ValueError:
        raise ValueError(f"Line {number}: enter the times, like 07:00-17:00, or {REST}") from None
    return starts, ends


def cycles(shifts: Iterable[PatternShift]) -> dict[Grade, list[Clocks | None]]:
    """The cycle of each grade of one pattern, in order of rank. A day left out is rest."""
    days: dict[Grade, dict[int, Clocks | None]] = {}
    for each in shifts:
        clocks = None if each.starts is None or each.ends is None else (each.starts, each.ends)
        days.setdefault(each.grade, {})[each.day] = clocks
    return {grade: [days[grade].get(day) for day in range(max(days[grade]) + 1)] for grade in Grade if grade in days}


def obstacles_to_pattern(code: str, taken: Iterable[str], given: Mapping[Grade, Cycle]) -> Iterator[Reason]:
    """What stands in the way of a new pattern.

    :param taken: the codes there are
    """
    if code == "new" or not _CODE.fullmatch(code):
        yield Reason("Use letters, digits, hyphens, full stops and underscores, like EARLY-LATE-2", "code")
    elif code.lower() in {each.lower() for each in taken}:
        yield Reason(f"There is a pattern {code} already: a pattern is never changed, so choose another code", "code")
    if not any(given.values()):
        yield Reason("Enter the days of at least one grade", Grade.PC.value)
    for grade, cycle in given.items():
        if cycle and not any(cycle):
            yield Reason("Enter at least one day that is not rest", grade.value)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A pattern somebody is put on: from a first day to a last, so many days into the cycle on the first."""

    pattern: str
    first_day: dt.date
    last_day: dt.date | None
    offset: int


def obstacles_to_assigning(new: NewPlace, length: int, today: dt.date) -> Iterator[Reason]:
    """What stands in the way of putting anybody on a pattern on these days.

    :param length: of the cycle, in days
    """
    if new.first_day <= today:
        yield Reason("Enter tomorrow or a later day: duties of days gone by stay as they are", "first_day")
    if new.last_day is not None and new.last_day < new.first_day:
        yield Reason("Enter a last day on or after the first", "last_day")
    if not 0 <= new.offset < length:
        yield Reason(f"Enter a day of the cycle from 1 to {length}", "cycle_day")


def clash(new: NewPlace, held: Iterable[Assignment]) -> Assignment | None:
    """The assignment of the same person that leaves doubt about which pattern applies; nothing when none does.

    Of two in force the later first day applies (docs/decisions/0006), so that a spell with a last day may lie inside a
    standing assignment: after it they are back on that. Every other overlap is refused.
    """
    for each in sorted(held, key=lambda other: other.first_day, reverse=True):
        if not (each.last_day is None or each.last_day >= each.first_day):
            continue
        if Period(each.first_day, each.last_day).overlaps(Period(new.first_day, new.last_day)) and not _inside(
            new, each
        ):
            return each
    return None


def _inside(new: NewPlace, standing: Assignment) -> bool:
    return (
        new.last_day is not None
        and standing.first_day < new.first_day
        and (standing.last_day is None or new.last_day < standing.last_day)
    )


def carried_on(held: Assignment, day: dt.date, before: int, after: int) -> int:
    """How far into another cycle somebody is on a day, when they go on where they were in theirs.

    :param before: days of the cycle they were in, for their grade
    :param after: days of the one they go over to
    """
    return ((day - held.first_day).days + held.offset) % before % after


def obstacles_to_ending(held: Assignment, last_day: dt.date, today: dt.date) -> Iterator[Reason]:
    """What stands in the way of a last day on a pattern."""
    if last_day < held.first_day:
        yield Reason("Enter the first day on the pattern or a later day", "last_day")
    elif last_day < today:
        yield Reason("Enter today or a later day: duties of days gone by stay as they are", "last_day")
    elif held.last_day is not None and last_day > held.last_day:
        yield Reason("They leave the pattern before that day already: enter an earlier one", "last_day")


def told_on(first_day: dt.date, days_ahead: int, today: dt.date) -> dt.date:
    """The night's run after which duties of a day are on the roster: tomorrow's at the earliest.

    :param days_ahead: for so many days, that of the run included, duties are made
    """
    return max(first_day - (days_ahead - 1) * DAY, today + DAY)
