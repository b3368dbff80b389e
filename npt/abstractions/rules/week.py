"""One team's week: for each person and day the duty, what was taken from it, and why somebody is not there.

A duty stands in the cell of its duty date. Minutes stand in the cell of the local day they fall in, so that the cells
of a day add up to the day's figure and those of a week to the week's, to the minute (RULES sections 1 and 4).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from fractions import Fraction
from zoneinfo import ZoneInfo

from npt.abstractions.rules.counting import Tallies, tally
from npt.abstractions.rules.projection import expected_end
from npt.abstractions.rules.rates import rate
from npt.abstractions.rules.vocabulary import (
    AbsenceFact,
    AbsenceKind,
    AbstractionFact,
    Counts,
    DutyFact,
    PlaceOn,
)
from npt.core.periods import DAY, Interval, Window, interval_or_none, subtract
from npt.people.rules import RATED_GRADES, Grade


def week_of(day: dt.date, zone: ZoneInfo) -> Window:
    """The week a day lies in, from Monday to Sunday."""
    monday = day - day.weekday() * DAY
    return Window(monday, monday + 6 * DAY, zone)


@dataclass(frozen=True, slots=True)
class Spell:
    """An absence as the week shows it. Without a kind it is not for the reader to know why."""

    person_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    kind: AbsenceKind | None = None


@dataclass(frozen=True, slots=True)
class Off:
    """An absence in a cell: the part of the duty it takes; nothing when it takes the whole of it, or there is none."""

    kind: AbsenceKind | None
    part: Interval | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One abstraction in a cell, with its minutes of that day.

    ``counted``, ``not_counting`` and ``off_duty`` are over at the moment of asking. ``to_come`` is still booked.
    ``rated`` is false for somebody whose grade is in no rate.
    """

    entry: AbstractionFact
    counted: int = 0
    not_counting: int = 0
    off_duty: int = 0
    to_come: int = 0
    rated: bool = True

    @property
    def minutes(self) -> int:
        """Everything the day gives it so far, counted or not."""
        return self.counted + self.not_counting + self.off_duty


@dataclass(frozen=True, slots=True)
class Cell:
    """One person on one day in one team. Minutes are available and counted ones, up to the moment of asking."""

    day: dt.date
    here: bool
    """Whether this is the person's team on the day."""
    duties: Sequence[DutyFact] = ()
    """Those whose duty date this is."""
    carried: Sequence[DutyFact] = ()
    """Those begun on an earlier day and not over at midnight."""
    absences: Sequence[Off] = ()
    taken: Sequence[Taken] = ()
    duty_minutes: int = 0
    abstracted_minutes: int = 0
    off_duty_minutes: int = 0
    share: Fraction = Fraction(0)
    """The part of the day's available duty that is or will be taken by what counts."""

    @property
    def empty(self) -> bool:
        return not (self.duties or self.carried or self.absences or self.taken)


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """A person's week in a team: the grades they have there, in the order they come, and a cell for each day."""

    person_id: int
    grades: Sequence[Grade]
    cells: Sequence[Cell]

    @property
    def duty_minutes(self) -> int:
        return sum(cell.duty_minutes for cell in self.cells)

    @property
    def abstracted_minutes(self) -> int:
        return sum(cell.abstracted_minutes for cell in self.cells)

    @property
    def off_duty_minutes(self) -> int:
        return sum(cell.off_duty_minutes for cell in self.cells)

    @property
    def rate(self) -> Fraction | None:
        return rate(self.abstracted_minutes, self.duty_minutes)

    @property
    def still_away_on(self) -> dt.date | None:
        """The last day on which an entry stands that nobody has ended; nothing when there is none."""
        return max((cell.day for cell in self.cells for each in cell.taken if each.entry.ends_at is None), default=None)

    @property
    def rated(self) -> bool:
        """Whether any of it is in a rate: nobody's who is an inspector or a special all week."""
        return bool(self.duty_minutes or not self.grades or RATED_GRADES.intersection(self.grades))


@dataclass(frozen=True, slots=True)
class Days:
    """A week counted day by day: up to the moment of asking, and the whole of each day with what is booked."""

    so_far: Mapping[dt.date, Tallies]
    whole: Mapping[dt.date, Tallies]


def count_days(
    duties: Iterable[DutyFact],
    absences: Iterable[AbsenceFact],
    abstractions: Iterable[AbstractionFact],
    *,
    window: Window,
    at: dt.datetime,
    place: PlaceOn,
    counts: Counts,
) -> Days:
    """Count each local day of a window by itself. The days add up to the window, because a minute lies in one day.

    :param at: the moment of asking; of a day after it nothing is counted so far
    """
    rostered, booked, entries = list(duties), list(absences), list(abstractions)
    ended = [entry._replace(ends_at=expected_end(entry, rostered, at)) for entry in entries]
    so_far: dict[dt.date, Tallies] = {}
    whole: dict[dt.date, Tallies] = {}
    for day in window.days():
        alone = Window(day, day, window.zone)
        over, all_day = alone.so_far(at), alone.whole
        so_far[day] = tally(rostered, booked, entries, within=over, moment=alone.as_at(at), place=place, counts=counts)
        whole[day] = so_far[day]
        if over != all_day:
            whole[day] = tally(
                rostered, booked, ended, within=all_day, moment=all_day.ends_at, place=place, counts=counts
            )
    return Days(so_far, whole)


def people_weeks(
    team_id: int,
    days: Days,
    duties: Iterable[DutyFact],
    absences: Iterable[Spell],
    abstractions: Iterable[AbstractionFact],
    *,
    window: Window,
    place: PlaceOn,
    people: Iterable[int],
) -> list[PersonWeek]:
    """The rows of a team's week: everybody who is in the team on one of its days, or has a duty or an entry there.

    :param people: everybody who could be
    """
    sheet = _Sheet(team_id, window, place, days)
    for duty in sorted(duties, key=lambda each: (each.starts_at, each.ref)):
        sheet.duties[duty.person_id].append(duty)
    for absence in sorted(absences, key=lambda each: each.starts_at):
        sheet.absences[absence.person_id].append(absence)
    for entry in sorted(abstractions, key=lambda each: (each.starts_at, each.ref)):
        sheet.entries[entry.person_id].append(entry)
    weeks = (sheet.person(person_id) for person_id in people if sheet.concerns(person_id))
    return [week for week in weeks if any(cell.here or not cell.empty for cell in week.cells)]


_Key = tuple[int | None, int]
"""An entry and its person: one that is not saved has no number of its own."""


@dataclass(slots=True)
class _Minutes:
    duty: int = 0
    abstracted: int = 0
    off_duty: int = 0


@dataclass(slots=True)
class _EntryMinutes:
    counted: int = 0
    not_counting: int = 0
    off_duty: int = 0

    @property
    def all(self) -> int:
        return self.counted + self.not_counting + self.off_duty


class _Day:
    """What a day gave one team, by person and by entry; and the entries that gave their minutes to another."""

    def __init__(self, tallies: Tallies, team_id: int) -> None:
        self.people: defaultdict[int, _Minutes] = defaultdict(_Minutes)
        self.entries: defaultdict[_Key, _EntryMinutes] = defaultdict(_EntryMinutes)
        self.elsewhere = {(e.abstraction_id, e.person_id) for e in tallies.entries if e.team_id != team_id}
        for row in tallies.people:
            if row.team_id == team_id:
                person = self.people[row.person_id]
                person.duty += row.duty_minutes
                person.abstracted += row.abstracted_minutes
                person.off_duty += row.off_duty_minutes
        for each in tallies.entries:
            if each.team_id == team_id:
                entry = self.entries[each.abstraction_id, each.person_id]
                entry.counted += each.counted
                entry.not_counting += each.not_counting
                entry.off_duty += each.off_duty


@dataclass(slots=True)
class _Sheet:
    """The facts of a team's week by person, and the minutes of each day."""

    team_id: int
    window: Window
    place: PlaceOn
    days: InitVar[Days]
    duties: defaultdict[int, list[DutyFact]] = field(default_factory=lambda: defaultdict(list))
    absences: defaultdict[int, list[Spell]] = field(default_factory=lambda: defaultdict(list))
    entries: defaultdict[int, list[AbstractionFact]] = field(default_factory=lambda: defaultdict(list))
    so_far: dict[dt.date, _Day] = field(init=False)
    whole: dict[dt.date, _Day] = field(init=False)
    lengths: dict[dt.date, Interval] = field(init=False)

    def __post_init__(self, days: Days) -> None:
        self.lengths = {day: Window(day, day, self.window.zone).whole for day in self.window.days()}
        self.so_far = {day: _Day(tallies, self.team_id) for day, tallies in days.so_far.items()}
        self.whole = {day: _Day(tallies, self.team_id) for day, tallies in days.whole.items()}

    def concerns(self, person_id: int) -> bool:
        """Whether somebody may have a row. A team's roll names everybody who ever held a post of it."""
        rostered = person_id in self.duties or person_id in self.entries
        return rostered or any(self.grade(person_id, day) for day in self.lengths)

    def grade(self, person_id: int, day: dt.date) -> Grade | None:
        """The grade somebody has in this team on a day; nothing when it is not theirs."""
        there = self.place(person_id, day)
        return there.grade if there and there.team_id == self.team_id else None

    def person(self, person_id: int) -> PersonWeek:
        grades = [self.grade(person_id, day) for day in self.lengths]
        theirs = [duty for duty in self.duties.get(person_id, ()) if self.grade(person_id, duty.duty_date)]
        cells = tuple(
            self.cell(person_id, day, theirs, grade is not None)
            for day, grade in zip(self.lengths, grades, strict=True)
        )
        return PersonWeek(person_id, tuple(dict.fromkeys(grade for grade in grades if grade)), cells)

    def cell(self, person_id: int, day: dt.date, theirs: Sequence[DutyFact], here: bool) -> Cell:
        """:param theirs: the duties they do for this team"""
        whole_day = self.lengths[day]
        duties = tuple(duty for duty in theirs if duty.duty_date == day)
        so_far, whole = self.so_far[day].people[person_id], self.whole[day].people[person_id]
        return Cell(
            day=day,
            here=here,
            duties=duties,
            carried=tuple(d for d in theirs if d.duty_date < day and self.reaches(d, whole_day)),
            absences=tuple(self.off(person_id, whole_day, duties)) if here else (),
            taken=tuple(self.taken(person_id, day, whole_day)),
            duty_minutes=so_far.duty,
            abstracted_minutes=so_far.abstracted,
            off_duty_minutes=so_far.off_duty,
            share=Fraction(whole.abstracted, whole.duty) if whole.duty else Fraction(0),
        )

    def reaches(self, duty: DutyFact, day: Interval) -> bool:
        """Whether a duty begun before a day goes on into it, and its holder is not absent from all that is left."""
        left = interval_or_none(day.starts_at, min(duty.ends_at, day.ends_at))
        away = (interval_or_none(a.starts_at, a.ends_at or _FOREVER) for a in self.absences.get(duty.person_id, ()))
        return left is not None and bool(subtract(left, [each for each in away if each]))

    def off(self, person_id: int, day: Interval, duties: Sequence[DutyFact]) -> Iterator[Off]:
        """The absences that touch the duties of the day; where there is none, the day itself."""
        rostered = [Interval(duty.starts_at, duty.ends_at) for duty in duties]
        for absence in self.absences.get(person_id, ()):
            whole = Interval(absence.starts_at, absence.ends_at or _FOREVER)
            met = [(duty, part) for duty in rostered or [day] if (part := whole.meet(duty))]
            if met and all(part == duty for duty, part in met):
                yield Off(absence.kind)
            else:
                yield from (Off(absence.kind, part if rostered else None) for _, part in met)

    def taken(self, person_id: int, day: dt.date, whole_day: Interval) -> Iterator[Taken]:
        for entry in self.entries.get(person_id, ()):
            begun = entry.starts_at < whole_day.ends_at
            over = entry.ends_at is not None and entry.ends_at <= whole_day.starts_at
            if begun and not over and (found := self.taken_of(entry, day)):
                yield found

    def taken_of(self, entry: AbstractionFact, day: dt.date) -> Taken | None:
        """What an entry took on a day; nothing when that is another team's, or when it is not away that long."""
        key = entry.id, entry.person_id
        if key in self.whole[day].entries:
            so_far, whole = self.so_far[day].entries[key], self.whole[day].entries[key]
            return Taken(entry, so_far.counted, so_far.not_counting, so_far.off_duty, max(whole.all - so_far.all, 0))
        grade = self.grade(entry.person_id, entry.starts_on)
        # One that gives the team no minute stands where it starts; one with an end, on every day it touches.
        if grade is None or key in self.whole[day].elsewhere or (entry.ends_at is None and day != entry.starts_on):
            return None
        return Taken(entry, rated=grade in RATED_GRADES)


_FOREVER = dt.datetime.max.replace(tzinfo=dt.UTC)
