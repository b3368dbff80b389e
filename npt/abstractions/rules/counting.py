"""Minutes: available duty, abstraction on duty by reason, and abstraction off duty, to the minute (RULES section 4)."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeVar

from npt.abstractions.rules.availability import available_spans
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, Counts, DutyFact, Place, PlaceOn
from npt.core.periods import MINUTE, Interval
from npt.people.rules import RATED_GRADES, Grade

_NONE = dt.timedelta()


class Tally(NamedTuple):
    """The minutes of one person in one team and grade. ``by_reason`` holds counted minutes only."""

    person_id: int
    team_id: int
    grade: Grade
    duty_minutes: int
    by_reason: Mapping[str, int]
    off_duty_minutes: int

    @property
    def abstracted_minutes(self) -> int:
        return sum(self.by_reason.values())


class EntryMinutes(NamedTuple):
    """The minutes of one abstraction in one team and grade; an entry over a move has a row for each.

    ``counted`` is inside the rate; ``not_counting`` was on duty for a reason that does not count; ``off_duty`` is shown
    and never counted.
    """

    abstraction_id: int | None
    person_id: int
    reason: str
    team_id: int
    grade: Grade
    counted: int
    not_counting: int
    off_duty: int


@dataclass(frozen=True, slots=True)
class Tallies:
    """What was counted: by person, team and grade, and entry by entry. Both add up to the same minutes."""

    people: tuple[Tally, ...] = ()
    entries: tuple[EntryMinutes, ...] = ()


def tally(
    duties: Iterable[DutyFact],
    absences: Iterable[AbsenceFact],
    abstractions: Iterable[AbstractionFact],
    *,
    within: Interval | None,
    moment: dt.datetime,
    place: PlaceOn,
    counts: Counts,
) -> Tallies:
    """Count the minutes of people inside an interval (RULES section 4).

    Minutes on duty take team, grade and classification from the duty date of the duty they fall in; minutes off duty
    from the local day on which the abstraction starts. Sergeants, PCs and PCSOs only.

    :param within: the window cut at the moment of asking; nothing when it lies wholly in the future. Every fact that
        touches it must be handed in, also a duty that began before it
    :param moment: the moment of asking, to which an open abstraction runs
    """
    if within is None:
        return Tallies()
    asked = _Asked(within, moment, place, counts)
    duties_of, absences_of, abstractions_of = by_person(duties), by_person(absences), by_person(abstractions)
    people: list[Tally] = []
    entries: list[EntryMinutes] = []
    for person_id in sorted(duties_of.keys() | abstractions_of.keys()):
        sheet = _Sheet(person_id, asked)
        sheet.add_duty(duties_of.get(person_id, ()), absences_of.get(person_id, ()))
        for abstraction in abstractions_of.get(person_id, ()):
            entries += sheet.add_abstraction(abstraction)
        people += sheet.tallies()
    return Tallies(tuple(people), tuple(entries))


class _Personal(Protocol):
    @property
    def person_id(self) -> int: ...


_Fact = TypeVar("_Fact", bound=_Personal)


def by_person(facts: Iterable[_Fact]) -> dict[int, list[_Fact]]:
    """Facts of several people, apart."""
    grouped: defaultdict[int, list[_Fact]] = defaultdict(list)
    for fact in facts:
        grouped[fact.person_id].append(fact)
    return grouped


@dataclass(frozen=True, slots=True)
class _Asked:
    within: Interval
    moment: dt.datetime
    place: PlaceOn
    counts: Counts

    def span(self, abstraction: AbstractionFact) -> tuple[dt.datetime, dt.datetime]:
        """The part of an abstraction inside the interval; empty when its end is not after its start."""
        start, end = abstraction.starts_at, abstraction.ends_at or self.moment
        first, last = self.within.starts_at, self.within.ends_at
        return first if start < first else start, last if end > last else end


def _if_rated(place: Place | None) -> Place | None:
    return place if place is not None and place.grade in RATED_GRADES else None


@dataclass(slots=True)
class _Line:
    """The running minutes of a person in one place."""

    place: Place
    duty: dt.timedelta = _NONE
    off_duty: dt.timedelta = _NONE
    by_reason: dict[str, dt.timedelta] = field(default_factory=dict)


@dataclass(slots=True)
class _EntryLine:
    """The running minutes of an abstraction in one place."""

    of: _Line
    counted: dt.timedelta = _NONE
    not_counting: dt.timedelta = _NONE
    off_duty: dt.timedelta = _NONE


_Stretch = tuple[dt.datetime, dt.datetime, dt.date, _Line | None]
_ends_at = itemgetter(1)


class _Sheet:
    """The running count of one person.

    Nearly always they are in one place the whole time, so lines are looked through and not looked up: a place has a
    dear hash.
    """

    def __init__(self, person_id: int, asked: _Asked) -> None:
        self.person_id = person_id
        self.asked = asked
        self.lines: list[_Line] = []
        self.stretches: list[_Stretch] = []

    def _line(self, place: Place) -> _Line:
        for line in self.lines:
            if line.place == place:
                return line
        self.lines.append(_Line(place))
        return self.lines[-1]

    def add_duty(self, duties: Iterable[DutyFact], absences: Iterable[AbsenceFact]) -> None:
        where, person_id = self.asked.place, self.person_id
        found: Place | None = None
        line: _Line | None = None
        length = _NONE
        for start, end, duty in available_spans(duties, absences, self.asked.within):
            day = duty.duty_date
            there = where(person_id, day)
            if there is not found:  # nearly always where they were in the duty before, and judged once
                if line is not None:
                    line.duty += length
                rated = _if_rated(there)
                found, line, length = there, self._line(rated) if rated is not None else None, _NONE
            self.stretches.append((start, end, day, line))
            length += end - start
        if line is not None:
            line.duty += length

    def add_abstraction(self, abstraction: AbstractionFact) -> Iterable[EntryMinutes]:
        start, end = self.asked.span(abstraction)
        if start >= end:
            return ()
        entry: list[_EntryLine] = []
        on_duty = self._add_on_duty(abstraction.reason, start, end, entry)
        self._add_off_duty(abstraction, end - start - on_duty, entry)
        return [
            EntryMinutes(
                abstraction.id,
                self.person_id,
                abstraction.reason,
                row.of.place.team_id,
                row.of.place.grade,
                row.counted // MINUTE,
                row.not_counting // MINUTE,
                row.off_duty // MINUTE,
            )
            for row in entry
        ]

    def _add_on_duty(self, reason: str, start: dt.datetime, end: dt.datetime, entry: list[_EntryLine]) -> dt.timedelta:
        """Share out the minutes on available duty and say how many there are, those in no rate included."""
        on_duty = _NONE
        stretches = self.stretches
        for index in range(bisect_right(stretches, start, key=_ends_at), len(stretches)):
            available_from, available_to, duty_date, line = stretches[index]
            if available_from >= end:
                break
            length = (end if end < available_to else available_to) - (
                start if start > available_from else available_from
            )
            on_duty += length
            if line is None:
                continue
            row = _row(entry, line)
            if self.asked.counts(reason, duty_date, line.place.grade):
                row.counted += length
                line.by_reason[reason] = line.by_reason.get(reason, _NONE) + length
            else:
                row.not_counting += length
        return on_duty

    def _add_off_duty(self, abstraction: AbstractionFact, length: dt.timedelta, entry: list[_EntryLine]) -> None:
        if not length:
            return
        day = abstraction.starts_on
        place = _if_rated(self.asked.place(self.person_id, day))
        if place is not None and self.asked.counts(abstraction.reason, day, place.grade):
            line = self._line(place)
            _row(entry, line).off_duty += length
            line.off_duty += length

    def tallies(self) -> Iterable[Tally]:
        return [
            Tally(
                self.person_id,
                line.place.team_id,
                line.place.grade,
                line.duty // MINUTE,
                {reason: length // MINUTE for reason, length in line.by_reason.items()},
                line.off_duty // MINUTE,
            )
            for line in self.lines
        ]


def _row(entry: list[_EntryLine], line: _Line) -> _EntryLine:
    """What an abstraction took in a place."""
    for row in entry:
        if row.of is line:
            return row
    entry.append(_EntryLine(line))
    return entry[-1]
