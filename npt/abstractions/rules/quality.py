"""How well entries are kept: late, changed, taken back, left open; and people whose duties nobody has entered."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from npt.abstractions.rules.entries import MAX_ENTRY, is_late
from npt.abstractions.rules.reason_mix import UnusualReason
from npt.core.periods import DAY, Interval
from npt.policy.rules import Policy


class Kept(StrEnum):
    """What can be asked of how an entry was kept."""

    ALL = "all"
    LATE = "late"
    NOT_JUDGED = "not_judged"
    AFTERWARDS = "afterwards"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    OPEN = "open"
    LONG = "long"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kept.ALL: "All entries",
    Kept.LATE: "Logged late",
    Kept.NOT_JUDGED: "Not judged for lateness",
    Kept.AFTERWARDS: "Authorised afterwards",
    Kept.CHANGED: "Changed after being logged",
    Kept.CANCELLED: "Taken back",
    Kept.OPEN: "Open for more than a day",
    Kept.LONG: "Longer than may go without authorisation",
}


class Keeping(NamedTuple):
    """What is known of how an entry was kept. ``changed`` is not an end entered for one that was open."""

    starts_at: dt.datetime
    ends_at: dt.datetime | None
    logged_at: dt.datetime | None
    afterwards: bool = False
    changed: bool = False
    cancelled: bool = False
    declined: bool = False


def kept_how(entry: Keeping, within: Interval, policy: Policy) -> frozenset[Kept]:
    """Everything an entry is counted under, in a window that is cut at the moment of asking.

    An entry belongs to the window it starts in; one left open belongs to every window until it is ended. One that was
    cancelled is counted as taken back and as nothing else, and one that was declined before it began not at all: the
    inspector took it back, not whoever logged it.
    """
    if entry.cancelled:
        taken_back = not entry.declined and within.starts_at <= entry.starts_at < within.ends_at
        return frozenset({Kept.CANCELLED} if taken_back else ())
    if not within.starts_at <= entry.starts_at < within.ends_at:
        return frozenset({Kept.OPEN} if _left_open(entry, within.ends_at) else ())
    length = (entry.ends_at or within.ends_at) - entry.starts_at
    judged = (
        (Kept.ALL, True),
        (Kept.NOT_JUDGED, entry.logged_at is None),
        (Kept.LATE, is_late(entry.starts_at, entry.logged_at, policy)),
        (Kept.AFTERWARDS, entry.afterwards),
        (Kept.CHANGED, entry.changed),
        (Kept.OPEN, _left_open(entry, within.ends_at)),
        (Kept.LONG, length > dt.timedelta(hours=float(policy.authorise_over_hours))),
    )
    return frozenset([kept for kept, holds in judged if holds])


def _left_open(entry: Keeping, moment: dt.datetime) -> bool:
    """Whether an entry has no end a day after it began: longer than any one entry may be (RULES section 4)."""
    return entry.ends_at is None and moment - entry.starts_at > MAX_ENTRY


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row, both ends included."""

    first_day: dt.date
    last_day: dt.date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


def gaps_without_duty(
    covered: Collection[dt.date], belongs: Callable[[dt.date], bool], looked_at: Gap, least: int
) -> list[Gap]:
    """The gaps of so many days or more in which somebody belonged to a team and neither had a duty nor was absent.

    :param covered: the days on which they had a duty or were absent
    :param belongs: whether a posting held them in a team that day
    :param looked_at: the days that are looked at
    """
    long_enough = (gap for gap in _uncovered(covered, looked_at) if gap.days >= least)
    return [held for gap in long_enough for held in _held(gap, belongs) if held.days >= least]


def _uncovered(covered: Collection[dt.date], looked_at: Gap) -> Iterator[Gap]:
    inside = sorted([day for day in covered if looked_at.first_day <= day <= looked_at.last_day])
    for before, after in pairwise([looked_at.first_day - DAY, *inside, looked_at.last_day + DAY]):
        if after - before > DAY:
            yield Gap(before + DAY, after - DAY)


def _held(gap: Gap, belongs: Callable[[dt.date], bool]) -> Iterator[Gap]:
    start = None
    for number in range(gap.days):
        day = gap.first_day + number * DAY
        if belongs(day):
            start = start or day
        elif start:
            yield Gap(start, day - DAY)
            start = None
    if start:
        yield Gap(start, gap.last_day)


@dataclass(frozen=True, slots=True)
class QualityLine:
    """How well a unit's entries and duties were kept in a window."""

    code: str
    name: str
    kept: Mapping[Kept, int]
    off_duty_minutes: int
    unusual: Sequence[UnusualReason]
    no_team: int
    """People who were on duty with no team, and had this one last."""
    no_duty: int
    """Gaps in which somebody of the unit had no duty."""
    no_return: int = 0
    """Months of a team that nobody has confirmed in time."""
    after_return: int = 0
    """What was written about a month after it was confirmed."""

    def count(self, kept: Kept) -> int:
        return self.kept.get(kept, 0)

    @property
    def late_share(self) -> Fraction | None:
        """The share logged late of those that can be judged; nothing where none can."""
        judged = self.count(Kept.ALL) - self.count(Kept.NOT_JUDGED)
        return Fraction(self.count(Kept.LATE), judged) if judged else None


class QualityOrder(StrEnum):
    """What the lines can be put in order of."""

    UNIT = "unit"
    ENTRIES = "entries"
    LATE = "late"
    NOT_JUDGED = "not_judged"
    AFTERWARDS = "afterwards"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    OPEN = "open"
    OFF_DUTY = "off_duty"
    REASONS = "reasons"
    NO_TEAM = "no_team"
    NO_DUTY = "no_duty"
    NO_RETURN = "no_return"
    AFTER_RETURN = "after_return"


_FIGURES: Mapping[QualityOrder, Callable[[QualityLine], Fraction | int]] = {
    QualityOrder.ENTRIES: lambda line: line.count(Kept.ALL),
    QualityOrder.LATE: lambda line: line.late_share or 0,
    QualityOrder.NOT_JUDGED: lambda line: line.count(Kept.NOT_JUDGED),
    QualityOrder.AFTERWARDS: lambda line: line.count(Kept.AFTERWARDS),
    QualityOrder.CHANGED: lambda line: line.count(Kept.CHANGED),
    QualityOrder.CANCELLED: lambda line: line.count(Kept.CANCELLED),
    QualityOrder.OPEN: lambda line: line.count(Kept.OPEN),
    QualityOrder.OFF_DUTY: lambda line: line.off_duty_minutes,
    QualityOrder.REASONS: lambda line: len(line.unusual),
    QualityOrder.NO_TEAM: lambda line: line.no_team,
    QualityOrder.NO_DUTY: lambda line: line.no_duty,
    QualityOrder.NO_RETURN: lambda line: line.no_return,
    QualityOrder.AFTER_RETURN: lambda line: line.after_return,
}


def in_order(lines: Sequence[QualityLine], order: QualityOrder, *, descending: bool) -> list[QualityLine]:
    """The lines by a column; those that are equal in order of name."""
    named = sorted(lines, key=lambda line: (line.name.lower(), line.code))
    if order is QualityOrder.UNIT:
        return named[::-1] if descending else named
    figure = _FIGURES[order]
    return sorted(named, key=lambda line: -figure(line) if descending else figure(line))
