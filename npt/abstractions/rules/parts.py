"""Minutes by part of a window: by hours of the day, by month. The parts add up to the whole, to the minute."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from npt.abstractions.rules.availability import available_spans
from npt.abstractions.rules.counting import Tallies, by_person, tally
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, Counts, DutyFact, PlaceOn
from npt.core.periods import DAY, Interval, Window, first_instant, local_day

_Label = TypeVar("_Label", bound=Hashable)
_Piece = tuple[_Label, dt.datetime, dt.datetime]
Cut = Callable[[dt.datetime, dt.datetime], Iterable[_Piece[_Label]]]
"""What parts a stretch of time falls into: the label of each, from, to. Nothing of the stretch may be lost."""


class Hours(StrEnum):
    """Three hours of the station clock. A layout of the day, not a figure of policy (docs/decisions/0018)."""

    FROM_0 = "00-03"
    FROM_3 = "03-06"
    FROM_6 = "06-09"
    FROM_9 = "09-12"
    FROM_12 = "12-15"
    FROM_15 = "15-18"
    FROM_18 = "18-21"
    FROM_21 = "21-24"

    @property
    def label(self) -> str:
        return f"{_clock(self._from)} to {_clock(self._from + 3)}"

    @property
    def _from(self) -> int:
        return int(self.value[:2])

    @property
    def starts(self) -> dt.time:
        return dt.time(self._from)


def _clock(hour: int) -> str:
    return {0: "midnight", 12: "midday", 24: "midnight"}.get(hour) or f"{hour % 12}{'am' if hour < 12 else 'pm'}"


@dataclass(frozen=True)
class ByHours:
    """Cut by hours of the station clock. When the clocks change, some hours are an hour longer or shorter."""

    zone: ZoneInfo
    _days: dict[dt.date, list[dt.datetime]] = field(default_factory=dict)

    def __call__(self, start: dt.datetime, end: dt.datetime) -> Iterator[_Piece[Hours]]:
        day = local_day(start, self.zone)
        while start < end:
            bounds = self._bounds(day)
            index = bisect_right(bounds, start) - 1
            while start < end and index < len(bounds) - 1:
                until = min(end, bounds[index + 1])
                yield _ALL_HOURS[index], start, until
                start = until
                index += 1
            day += DAY

    def _bounds(self, day: dt.date) -> list[dt.datetime]:
        if day not in self._days:
            starts = [first_instant(day, hours.starts, self.zone) for hours in _ALL_HOURS]
            self._days[day] = [*starts, first_instant(day + DAY, dt.time(), self.zone)]
        return self._days[day]


_ALL_HOURS = tuple(Hours)


@dataclass(frozen=True)
class ByWindow:
    """Cut by windows that follow one another, such as the months of a year."""

    windows: Sequence[Window]
    _starts: list[dt.datetime] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [window.whole.starts_at for window in self.windows])

    def __call__(self, start: dt.datetime, end: dt.datetime) -> Iterator[_Piece[Window]]:
        index = bisect_right(self._starts, start) - 1
        while start < end:
            until = min(end, self._starts[index + 1]) if index + 1 < len(self._starts) else end
            yield self.windows[index], start, until
            start = until
            index += 1


@dataclass(frozen=True)
class Parts(Generic[_Label]):
    """What was cut: for each label, available duty and abstractions that lie wholly within its part."""

    duties: dict[_Label, list[DutyFact]]
    abstractions: dict[_Label, list[AbstractionFact]]
    within: Interval | None

    def tallies(self, *, place: PlaceOn, counts: Counts) -> dict[_Label, Tallies]:
        """The minutes of each part that has any."""
        return {
            label: tally(
                self.duties.get(label, ()),
                (),
                self.abstractions.get(label, ()),
                within=self.within,
                moment=self.within.ends_at,
                place=place,
                counts=counts,
            )
            for label in self.duties.keys() | self.abstractions.keys()
            if self.within is not None
        }


def parts(
    cut: Cut[_Label],
    duties: Iterable[DutyFact],
    absences: Iterable[AbsenceFact],
    abstractions: Iterable[AbstractionFact],
    *,
    within: Interval | None,
    moment: dt.datetime,
) -> Parts[_Label]:
    """Cut available duty and abstractions into parts of the window; each piece keeps the day it is judged by.

    A minute in two duties stays with the duty it belongs to, because duty is cut only after absences and the other
    duties have been taken out. The arguments are those of :func:`tally`.
    """
    if within is None:
        return Parts({}, {}, None)
    rostered, absent = by_person(duties), by_person(absences)
    duty_pieces: defaultdict[_Label, list[DutyFact]] = defaultdict(list)
    for person_id, theirs in rostered.items():
        for start, end, duty in available_spans(theirs, absent.get(person_id, ()), within):
            for label, from_, to in cut(start, end):
                duty_pieces[label].append(DutyFact(person_id, duty.ref, from_, to, duty.duty_date))
    taken_pieces: defaultdict[_Label, list[AbstractionFact]] = defaultdict(list)
    for each in abstractions:
        end = moment if each.ends_at is None else each.ends_at
        for label, from_, to in cut(max(each.starts_at, within.starts_at), min(end, within.ends_at)):
            piece = AbstractionFact(each.id, each.person_id, each.ref, each.reason, from_, to, each.starts_on)
            taken_pieces[label].append(piece)
    return Parts(duty_pieces, taken_pieces, within)
