"""What one invented person did, day by day: duties, absences, and time taken from the neighbourhood.

Every year of a person has dice of its own, so that a force with one year of data holds the last year of one with five.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from bench.force import Member
from npt.core.periods import DAY, instant, midnight
from npt.people.rules import RATED_GRADES, Grade

ZONE = ZoneInfo("Europe/London")
EARLY, MIDDLE, LATE, NIGHT = ((7, 16), (10, 19), (14, 23), (22, 7))
CYCLE = (EARLY, EARLY, MIDDLE, LATE, LATE, None, None, None)
NIGHTS_EVERY = 6
REASONS = (
    *["custody"] * 5,
    *["response"] * 5,
    *["training"] * 3,
    *["court"] * 2,
    "event",
    "scene_guard",
    "aid",
    "course",
)
HALF_HOUR, HOUR = dt.timedelta(minutes=30), dt.timedelta(hours=1)

Span = tuple[dt.datetime, dt.datetime | None]


@dataclass(frozen=True)
class Time:
    """From when to when data are kept, and the moment at which somebody looks at them."""

    first_day: dt.date
    last_day: dt.date
    now: dt.datetime


@dataclass
class Diary:
    """What one person did. A duty: day, start, end, cancelled. An abstraction: reason, span, cancelled."""

    duties: list[tuple[dt.date, dt.datetime, dt.datetime, bool]] = field(default_factory=list)
    absences: list[tuple[str, Span]] = field(default_factory=list)
    abstractions: list[tuple[str, Span, bool]] = field(default_factory=list)


@cache
def _at(day: dt.date, hour: int) -> dt.datetime:
    return instant(day, dt.time(hour), ZONE)


def diary(who: Member, time: Time, seed: int) -> Diary:
    """Everything one person did between two days, and what is planned."""
    kept = Diary()
    gone = False
    for year in range(time.first_day.year, time.last_day.year + 1):
        dice = Random(f"{seed} {who.id} {year}")
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        kept.absences += _absences(dice, first, time, who)
        for day in _days(first, last):
            # The dice fall also for days that are left out, or a force with a longer past would differ.
            duty, chance, throw = _duty(who, day), dice.random(), dice.random()
            kept_day = max(time.first_day, who.joined_on) <= day <= min(time.last_day, who.left_on or time.last_day)
            if duty is None or not kept_day:
                continue
            kept.duties.append((day, *duty, chance > 0.99))
            if chance < 0.11 and not gone and who.grade in RATED_GRADES:
                gone = _abstraction(kept, duty, time, throw)
    return kept


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def _duty(who: Member, day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
    count = day.toordinal() + who.offset
    shift = CYCLE[count % len(CYCLE)]
    if shift is None or (who.part_time and count % 5 == 0):
        return None
    if shift is LATE and count // len(CYCLE) % NIGHTS_EVERY == 0:
        shift = NIGHT
    if who.grade is Grade.INSPECTOR:
        shift = MIDDLE
    return _at(day, shift[0]), _at(day + DAY if shift is NIGHT else day, shift[1])


def _abstraction(kept: Diary, duty: tuple[dt.datetime, dt.datetime], time: Time, throw: float) -> bool:
    """Take the start, the end or the whole of a duty, seldom beyond its end. True: still away, so nothing later."""
    starts, ends = duty
    pick = int(throw * 10_000)
    reason = REASONS[pick % len(REASONS)]
    if starts <= time.now < ends:
        kept.abstractions.append((reason, (max(starts, time.now - pick % 4 * HOUR - HOUR), None), False))
        return True
    if starts > time.now and pick % 5:
        return False
    start = starts + pick % 9 * HALF_HOUR
    end = ends + HOUR if pick % 33 == 0 else min(ends, start + (2 + pick % 7) * HOUR)
    kept.abstractions.append((reason, (start, end), pick % 97 == 0))
    return False


def _absences(dice: Random, first: dt.date, time: Time, who: Member) -> list[tuple[str, Span]]:
    """Five times leave, and sickness now and then; one in a hundred is away with no end in sight. They may overlap."""
    drawn = [("annual_leave", dice.randrange(365), dice.randrange(4, 9)) for _ in range(5)]
    drawn += [("sickness", dice.randrange(365), dice.randrange(1, 5)) for _ in range(dice.randrange(4))]
    found: list[tuple[str, Span]] = [
        (kind, (midnight(day, ZONE), midnight(day + days * DAY, ZONE)))
        for kind, start, days in drawn
        for day in [first + start * DAY]
        if time.first_day <= day and day + days * DAY <= time.last_day
    ]
    if who.id % 100 == 50 and who.left_on is None and first.year == time.now.year:
        found.append(("sickness", (midnight(time.now.date() - 12 * DAY, ZONE), None)))
    return found
