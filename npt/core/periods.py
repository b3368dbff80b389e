"""Time as RULES section 1 has it: instants to the minute, half-open intervals, ranges of days with both ends."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


class Fold(StrEnum):
    """Which of the two, when the clocks go back and a local time happens twice."""

    BEFORE = "before"
    AFTER = "after"


class NoSuchTime(ValueError):
    """The clocks went forward over this local time."""


class TwiceThatNight(ValueError):
    """The clocks went back, so this local time happened twice and somebody must say which."""


def to_minute(instant: dt.datetime) -> dt.datetime:
    """The instant in UTC with its seconds dropped.

    :raises ValueError: when the instant is naive
    """
    if instant.tzinfo is None:
        raise ValueError("a naive instant is refused")
    return instant.astimezone(dt.UTC).replace(second=0, microsecond=0)


def day_in_words(day: dt.date) -> str:
    """A day as a sentence names it: "12 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def month_from(text: str) -> dt.date | None:
    """The first day of a month written ``2026-10``; nothing when it is no month, or has no month beside it."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII):
        return None
    year, month = int(text[:4]), int(text[5:])
    return dt.date(year, month, 1) if dt.MINYEAR < year < dt.MAXYEAR else None


def instant(day: dt.date, clock: dt.time, zone: ZoneInfo, fold: Fold | None = None) -> dt.datetime:
    """The instant of a local day and clock time, in UTC.

    :raises NoSuchTime: when the clocks went forward over it
    :raises TwiceThatNight: when it happened twice and ``fold`` does not say which
    """
    local = dt.datetime.combine(day, clock.replace(second=0, microsecond=0, tzinfo=None), tzinfo=zone)
    before = local.replace(fold=0)
    after = local.replace(fold=1)
    if before.utcoffset() == after.utcoffset():
        return before.astimezone(dt.UTC)
    exists = before.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None, fold=0)
    if not exists:
        raise NoSuchTime(f"{clock:%H:%M} does not exist on {day.isoformat()}")
    if fold is None:
        raise TwiceThatNight(f"{clock:%H:%M} happens twice on {day.isoformat()}")
    return (before if fold is Fold.BEFORE else after).astimezone(dt.UTC)


def first_instant(day: dt.date, clock: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The instant of a local day and clock time that nobody can be asked about, in UTC: the first that fits.

    A time that the clocks go forward over moves to the first minute after; of one that happens twice it is the first.
    """
    try:
        return instant(day, clock, zone, Fold.BEFORE)
    except NoSuchTime:
        # Read with the time of after the change it lies before the change; from there the next that is later fits.
        found = dt.datetime.combine(day, clock.replace(tzinfo=None), tzinfo=zone).replace(fold=1).astimezone(dt.UTC)
        before = found.astimezone(zone).utcoffset()
        while found.astimezone(zone).utcoffset() == before:
            found += MINUTE
        return to_minute(found)


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The instant at which a local day starts, in UTC."""
    return dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC)


def local_day(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The date on the station clock at an instant. For the start of a duty this is the duty date."""
    return at.astimezone(zone).date()


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From an instant up to, but not including, another. Intervals that only touch do not overlap."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a naive instant is refused")
        if self.ends_at <= self.starts_at:
            raise ValueError("an end not after its start is refused")

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // MINUTE

    def meet(self, other: "Interval") -> "Interval | None":
        """The part both have, or nothing."""
        starts_at = max(self.starts_at, other.starts_at)
        ends_at = min(self.ends_at, other.ends_at)
        return Interval(starts_at, ends_at) if starts_at < ends_at else None


def interval_or_none(starts_at: dt.datetime, ends_at: dt.datetime) -> Interval | None:
    """The interval, or nothing when its end is not after its start."""
    return Interval(starts_at, ends_at) if starts_at < ends_at else None


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same minutes, each once, in order and with touching pieces joined."""
    joined: list[Interval] = []
    for piece in sorted(intervals):
        if joined and piece.starts_at <= joined[-1].ends_at:
            if piece.ends_at > joined[-1].ends_at:
                joined[-1] = Interval(joined[-1].starts_at, piece.ends_at)
        else:
            joined.append(piece)
    return joined


def subtract(whole: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """What is left of an interval when others are taken out of it, in order."""
    left: list[Interval] = []
    start = whole.starts_at
    for piece in union(taken):
        if piece.ends_at <= start:
            continue
        if piece.starts_at >= whole.ends_at:
            break
        if piece.starts_at > start:
            left.append(Interval(start, piece.starts_at))
        start = max(start, piece.ends_at)
    if start < whole.ends_at:
        left.append(Interval(start, whole.ends_at))
    return left


def total_minutes(intervals: Iterable[Interval]) -> int:
    """Minutes of disjoint intervals, added up."""
    return sum(piece.minutes for piece in intervals)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A range of local days with both ends in it. Without a last day: still."""

    first_day: dt.date
    last_day: dt.date | None = None

    def __post_init__(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("a last day before the first is refused")

    def __contains__(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def overlaps(self, other: "Period") -> bool:
        return (self.last_day is None or other.first_day <= self.last_day) and (
            other.last_day is None or self.first_day <= other.last_day
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of whole local days that figures are asked for. Both days are in it."""

    first_day: dt.date
    last_day: dt.date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("a last day before the first is refused")

    @property
    def whole(self) -> Interval:
        """Every minute of the window, worked or still to come."""
        return Interval(midnight(self.first_day, self.zone), midnight(self.last_day + DAY, self.zone))

    def as_at(self, at: dt.datetime) -> dt.datetime:
        """The moment of asking: now, or the window's end when that is earlier (RULES section 1)."""
        return min(to_minute(at), self.whole.ends_at)

    def so_far(self, at: dt.datetime) -> Interval | None:
        """The part of the window that is over at the moment of asking; nothing when it lies wholly in the future."""
        return interval_or_none(self.whole.starts_at, self.as_at(at))

    def days(self) -> Iterator[dt.date]:
        day = self.first_day
        while day <= self.last_day:
            yield day
            day += DAY


def days_of_month(day: dt.date) -> Period:
    """The days of the calendar month a day lies in."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def month_of(day: dt.date, zone: ZoneInfo) -> Window:
    """The local calendar month a day lies in."""
    days = days_of_month(day)
    return Window(days.first_day, days.last_day or day, zone)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on, or that month's last day when it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def split_by_day(whole: Interval, zone: ZoneInfo) -> list[tuple[dt.date, Interval]]:
    """The pieces of an interval that lie on each local day."""
    pieces: list[tuple[dt.date, Interval]] = []
    start = whole.starts_at
    while start < whole.ends_at:
        day = local_day(start, zone)
        end = min(whole.ends_at, midnight(day + DAY, zone))
        pieces.append((day, Interval(start, end)))
        start = end
    return pieces


def windows_by_month(whole: Interval, zone: ZoneInfo) -> Sequence[Window]:
    """Every local month an interval touches, in order."""
    months: list[Window] = []
    day = local_day(whole.starts_at, zone)
    last = local_day(whole.ends_at - MINUTE, zone)
    while day <= last:
        window = month_of(day, zone)
        months.append(window)
        day = window.last_day + DAY
    return months
