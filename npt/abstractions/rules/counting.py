"""Minutes: available duty, abstraction on duty by reason, and abstraction off duty, to the minute (RULES section 4)."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Protocol, TypeVar

from npt.abstractions.rules.availability import available_spans
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, Counts, DutyFact, Place, PlaceOn
from npt.core.periods import MINUTE, Interval
from npt.people.rules import RATED_GRADES, Grade

_NONE = dt.timedelta()


@dataclass(frozen=True, slots=True)
class Tally:
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


@dataclass(frozen=True, slots=True)
class EntryMinutes:
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
            entries.extend(sheet.add_abstraction(abstraction))
        people.extend(sheet.tallies())
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

    def rated(self, person_id: int, day: dt.date) -> Place | None:
        return self.if_rated(self.place(person_id, day))

    def if_rated(self, place: Place | None) -> Place | None:
        return place if place is not None and place.grade in RATED_GRADES else None

    def span(self, abstraction: AbstractionFact) -> tuple[dt.datetime, dt.datetime]:
        """The part of an abstraction inside the interval; empty when its end is not after its start."""
        end = self.moment if abstraction.ends_at is None else abstraction.ends_at
        return max(abstraction.starts_at, self.within.starts_at), min(end, self.within.ends_at)


@dataclass(slots=True)
class _Line:
    duty: dt.timedelta = _NONE
    off_duty: dt.timedelta = _NONE
    by_reason: dict[str, dt.timedelta] = field(default_factory=dict)


@dataclass(slots=True)
class _EntryLine:
    counted: dt.timedelta = _NONE
    not_counting: dt.timedelta = _NONE
    off_duty: dt.timedelta = _NONE


_Stretch = tuple[dt.datetime, dt.datetime, dt.date, Place | None]


class _Sheet:
    """The running count of one person."""

    def __init__(self, person_id: int, asked: _Asked) -> None:
        self.person_id = person_id
        self.asked = asked
        self.lines: defaultdict[Place, _Line] = defaultdict(_Line)
        self.stretches: list[_Stretch] = []

    def add_duty(self, duties: Iterable[DutyFact], absences: Iterable[AbsenceFact]) -> None:
        before: Place | None = None
        found: Place | None = None
        place: Place | None = None
        length = _NONE
        where, person_id = self.asked.place, self.person_id
        for start, end, duty in available_spans(duties, absences, self.asked.within):
            there = where(person_id, duty.duty_date)
            if there is not found:  # nearly always where they were in the duty before, and judged once
                found, place = there, self.asked.if_rated(there)
            self.stretches.append((start, end, duty.duty_date, place))
            if place is not before:  # nearly always the same, so added up before it is put to the place's line
                self._put(before, length)
                before, length = place, _NONE
            length += end - start
        self._put(before, length)

    def _put(self, place: Place | None, length: dt.timedelta) -> None:
        if place is not None:
            self.lines[place].duty += length

    def add_abstraction(self, abstraction: AbstractionFact) -> Iterator[EntryMinutes]:
        start, end = self.asked.span(abstraction)
        if start >= end:
            return
        entry: defaultdict[Place, _EntryLine] = defaultdict(_EntryLine)
        on_duty = self._add_on_duty(abstraction, start, end, entry)
        self._add_off_duty(abstraction, end - start - on_duty, entry)
        for place, line in entry.items():
            yield EntryMinutes(
                abstraction.id,
                self.person_id,
                abstraction.reason,
                place.team_id,
                place.grade,
                line.counted // MINUTE,
                line.not_counting // MINUTE,
                line.off_duty // MINUTE,
            )

    def _add_on_duty(
        self, abstraction: AbstractionFact, start: dt.datetime, end: dt.datetime, entry: dict[Place, _EntryLine]
    ) -> dt.timedelta:
        """Share out the minutes on available duty and say how many there are, those in no rate included."""
        on_duty = _NONE
        for index in range(bisect_right(self.stretches, start, key=itemgetter(1)), len(self.stretches)):
            available_from, available_to, duty_date, place = self.stretches[index]
            if available_from >= end:
                break
            length = min(end, available_to) - max(start, available_from)
            on_duty += length
            if place is None:
                continue
            if self.asked.counts(abstraction.reason, duty_date, place.grade):
                entry[place].counted += length
                by_reason = self.lines[place].by_reason
                by_reason[abstraction.reason] = by_reason.get(abstraction.reason, _NONE) + length
            else:
                entry[place].not_counting += length
        return on_duty

    def _add_off_duty(self, abstraction: AbstractionFact, length: dt.timedelta, entry: dict[Place, _EntryLine]) -> None:
        place = self.asked.rated(self.person_id, abstraction.starts_on)
        if not length or place is None:
            return
        if self.asked.counts(abstraction.reason, abstraction.starts_on, place.grade):
            entry[place].off_duty += length
            self.lines[place].off_duty += length

    def tallies(self) -> Iterator[Tally]:
        for place, line in self.lines.items():
            by_reason = {reason: length // MINUTE for reason, length in line.by_reason.items()}
            yield Tally(
                self.person_id, place.team_id, place.grade, line.duty // MINUTE, by_reason, line.off_duty // MINUTE
            )
