"""Shift patterns: a cycle of early, late, night and rest, and the duties it gives a person (issue 3, "Duties")."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.core.periods import DAY, Period, first_instant
from npt.people.rules import Grade

Clocks = tuple[dt.time, dt.time]
"""Local clock times a shift starts and ends at."""


@dataclass(frozen=True, slots=True)
class PatternShift:
    """One day of a pattern for one grade. Without times it is rest; an end not after its start is the next day's."""

    pattern: str
    day: int
    grade: Grade
    starts: dt.time | None
    ends: dt.time | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person on a pattern from a first day to a last. On the first day they are ``offset`` days into the cycle."""

    person_id: int
    first_day: dt.date
    last_day: dt.date | None
    pattern: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class PatternDuty:
    """A duty a pattern gives a person; ``duty_date`` is the local day it starts."""

    person_id: int
    duty_date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime


class PatternBook:
    """Every pattern, by its code and grade. A cycle is as long as its highest day says; a day left out is rest."""

    def __init__(self, shifts: Iterable[PatternShift]) -> None:
        self._shifts: dict[tuple[str, Grade], dict[int, Clocks | None]] = {}
        for shift in shifts:
            clocks = None if shift.starts is None or shift.ends is None else (shift.starts, shift.ends)
            self._shifts.setdefault((shift.pattern, shift.grade), {})[shift.day] = clocks

    def has(self, pattern: str, grade: Grade) -> bool:
        """Whether a pattern says anything for a grade."""
        return (pattern, grade) in self._shifts

    def clocks(self, pattern: str, grade: Grade, day: int) -> Clocks | None:
        """When the shift of a day of the cycle starts and ends; nothing on a rest day, or without such a pattern.

        :param day: counted from the cycle's first, as far past its end as one likes
        """
        cycle = self._shifts.get((pattern, grade))
        return None if cycle is None else cycle.get(day % (max(cycle) + 1))


def assignment_on(assignments: Iterable[Assignment], day: dt.date) -> Assignment | None:
    """Of one person's assignments in force on a day the one with the latest first day, as with reasons."""
    held = (each for each in assignments if day in Period(each.first_day, each.last_day))
    return max(held, key=lambda each: each.first_day, default=None)


def duties_from_pattern(
    book: PatternBook,
    assignments: Iterable[Assignment],
    days: Iterable[dt.date],
    grade_on: Callable[[dt.date], Grade | None],
    zone: ZoneInfo,
) -> Iterator[PatternDuty]:
    """The duties that patterns give one person on these days, in their order, at most one for each.

    The times are the station clock's: one that the clocks go forward over moves to the first minute after, one that
    happens twice is the first of the two. So a night keeps its clock times and is an hour shorter or longer. A shift
    of which the clock change leaves nothing is no duty.

    :param assignments: this person's
    :param grade_on: the grade on a day; nothing when they hold no post, and then there is no duty
    """
    held = list(assignments)
    for day in days:
        on = assignment_on(held, day)
        grade = grade_on(day)
        if on is None or grade is None:
            continue
        clocks = book.clocks(on.pattern, grade, (day - on.first_day).days + on.offset)
        if clocks is not None:
            yield from _duty(on.person_id, day, clocks, zone)


def _duty(person_id: int, day: dt.date, clocks: Clocks, zone: ZoneInfo) -> Iterator[PatternDuty]:
    starts, ends = clocks
    starts_at = first_instant(day, starts, zone)
    ends_at = first_instant(day if ends > starts else day + DAY, ends, zone)
    if starts_at < ends_at:
        yield PatternDuty(person_id, day, starts_at, ends_at)


@dataclass(frozen=True, slots=True)
class Rostered:
    """A duty on record that no pattern made: imported, or entered or changed by hand."""

    duty_date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    imported: bool
    cancelled: bool


def gives_way(
    starts_at: dt.datetime, ends_at: dt.datetime, duty_date: dt.date, others: Iterable[Rostered]
) -> Rostered | None:
    """The duty of the same person that a generated one gives way to; nothing when it stands.

    An imported one of the same duty date wins whatever became of it: the other system says what that day is. Any
    other wins where the person would be rostered twice in the same minute.
    """
    for other in others:
        if other.imported and other.duty_date == duty_date:
            return other
        if not other.cancelled and other.starts_at < ends_at and starts_at < other.ends_at:
            return other
    return None
