"""Invented careers: who held which post since the teams were formed, so that two dated counts come out exactly."""

import datetime as dt
import heapq
import random
from dataclasses import dataclass, field

from tools.demo_force import names, places

DAY = dt.timedelta(days=1)
QUIET = ((dt.date(2007, 10, 1), dt.date(2008, 1, 31)), (dt.date(2026, 8, 15), dt.date(9999, 1, 1)))
"""While a count must hold nobody leaves a post, except where a table of places says so."""

MONTHS_IN_POST = {
    "inspector": (30, 90),
    "sergeant": (30, 120),
    "pc": (36, 170),
    "pcso": (50, 250),
    "special": (150, 400),
}
SERVICE_BEFORE = {"inspector": (12, 20), "sergeant": (6, 16), "pc": (1, 9), "pcso": (0, 1), "special": (0, 1)}
COLLARS = {"officer": range(1001, 3000), "pcso": range(7001, 7990), "special": range(9001, 9990)}
SOURCES = {
    "sergeant": (("pc", "promotion", 0.45), ("sergeant", "move", 0.25)),
    "pc": (("pcso", "joined regulars", 0.2), ("pc", "move", 0.40)),
    "pcso": (("pcso", "move", 0.40),),
    "inspector": (("sergeant", "promotion", 0.5),),
    "special": (),
}
LEAVING = {
    "pcso": ("resignation", "resignation", "retirement", "joined regulars elsewhere", "transfer"),
    "special": ("resignation",),
}


@dataclass(slots=True, eq=False)
class Seat:
    """A post and the days on which the tables want its holder gone."""

    ref: str
    place: str
    grade: str
    first_day: dt.date
    last_day: dt.date | None = None
    forced: dict[dt.date, str] = field(default_factory=dict)
    """Day: why the holder goes; the next comes at once."""
    empty_from: dt.date | None = None
    empty_why: str = ""
    refilled_on: dt.date | None = None


@dataclass(slots=True, eq=False)
class Person:
    collar: str
    forename: str
    surname: str
    grade: str
    joined_on: dt.date
    leaving_on: dt.date | None = None
    leaving_reason: str = ""
    fte: str = ""


@dataclass(slots=True, eq=False)
class Stay:
    """A posting."""

    person: Person
    seat: Seat
    first_day: dt.date
    last_day: dt.date | None = None
    kind: str = "substantive"
    fte: str = ""
    end_reason: str = ""
    due: dt.date | None = None
    """The day on which the holder would go, if nothing speaks against it."""


def _quiet(day: dt.date) -> bool:
    return any(first <= day <= last for first, last in QUIET)


class Careers:
    """The force from its first day, played forward one departure at a time."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.seats: list[Seat] = []
        self.people: list[Person] = []
        self.stays: list[Stay] = []
        self.holder: dict[Seat, Stay] = {}
        self._names = iter(names.pairs(draw, 3000))
        self._collars = {kind: iter(draw.sample(list(numbers), len(numbers))) for kind, numbers in COLLARS.items()}
        self._events: list[tuple[dt.date, int, str, Seat]] = []
        self._order = 0
        self._replacing: dict[Seat, Seat] = {}

    def add_seat(self, seat: Seat) -> None:
        """Open a post and plan its first holder and every departure the tables name."""
        self.seats.append(seat)
        self._plan(seat.first_day, "fill", seat)
        for day in seat.forced:
            self._plan(day, "leave", seat)
        if seat.empty_from:
            self._plan(seat.empty_from, "leave", seat)
        if seat.refilled_on:
            self._plan(seat.refilled_on, "fill", seat)

    def replace_seat(self, old: Seat, new: Seat) -> None:
        """End one post and open another the next day; the holder goes with it."""
        old.last_day = new.first_day - DAY
        self.seats.append(new)
        self._replacing[old] = new
        self._plan(new.first_day, "replace", old)
        if new.empty_from:
            self._plan(new.empty_from, "leave", new)

    def play(self) -> None:
        """Let every planned event happen in order of day."""
        while self._events:
            day, _, what, seat = heapq.heappop(self._events)
            {"fill": self._fill, "leave": self._leave, "turn over": self._turn_over, "replace": self._replace}[what](
                seat, day
            )

    def _plan(self, day: dt.date, what: str, seat: Seat) -> None:
        self._order += 1
        heapq.heappush(self._events, (day, self._order, what, seat))

    def newcomer(self, grade: str, day: dt.date) -> Person:
        """Somebody who was not in a neighbourhood team before."""
        forename, surname = next(self._names)
        kind = grade if grade in COLLARS else "officer"
        low, high = SERVICE_BEFORE[grade]
        at_start = 8 if day <= places.FORMED and kind == "officer" else 0
        years = self.draw.uniform(low, high + at_start)
        joined = day - dt.timedelta(days=int(years * 365.25)) if years > 0.2 else day
        person = Person(str(next(self._collars[kind])), forename, surname, grade, joined)
        self.people.append(person)
        return person

    def _live(self, seat: Seat, day: dt.date) -> bool:
        return seat.first_day <= day and (seat.last_day is None or day <= seat.last_day)

    def _may_leave(self, seat: Seat, day: dt.date) -> bool:
        """Whether an unplanned departure would leave the tables' own days alone."""
        if _quiet(day):
            return False
        known = [*seat.forced, *([seat.empty_from] if seat.empty_from else [])]
        if seat.last_day:
            known.append(seat.last_day)
        if seat.forced and day >= max(seat.forced):
            return False
        return not any(-dt.timedelta(days=100) <= known_day - day <= dt.timedelta(days=200) for known_day in known)

    def _fill(self, seat: Seat, day: dt.date) -> None:
        if seat in self.holder or not self._live(seat, day):
            return
        stay = Stay(self._candidate(seat, day), seat, day)
        stay.person.grade = seat.grade
        self._start(stay)

    def _start(self, stay: Stay) -> None:
        self.stays.append(stay)
        self.holder[stay.seat] = stay
        low, high = MONTHS_IN_POST[stay.seat.grade]
        months = self.draw.uniform(low, high)
        if stay.seat.grade == "pc" and self.draw.random() < 0.08:
            months = self.draw.uniform(9, 22)
        if stay.first_day == places.FORMED:
            months *= self.draw.uniform(0.4, 1)
        self._make_due(stay, stay.first_day + dt.timedelta(days=int(months * 30.4)))

    def _make_due(self, stay: Stay, day: dt.date) -> None:
        stay.due = day
        self._plan(day, "turn over", stay.seat)

    def _candidate(self, seat: Seat, day: dt.date) -> Person:
        chance = self.draw.random()
        for grade, reason, share in SOURCES[seat.grade] if not _quiet(day) and day > places.FORMED else ():
            if chance < share and (stay := self._mover(grade, seat, day)):
                self._end(stay, day - DAY, reason)
                self._plan(day + dt.timedelta(days=self.draw.randint(0, 40)), "fill", stay.seat)
                return stay.person
            chance -= share
        return self.newcomer(seat.grade, day)

    def _mover(self, grade: str, seat: Seat, day: dt.date) -> Stay | None:
        """Somebody of a grade who has been long enough where they are, and may go."""
        least = 240 if self.draw.random() < 0.06 else 760
        fit = [
            stay
            for stay in self.holder.values()
            if stay.seat.grade == grade
            and stay.seat.place != seat.place
            and (day - stay.first_day).days >= least
            and self._may_leave(stay.seat, day)
        ]
        return self.draw.choice(fit) if fit else None

    def _end(self, stay: Stay, last_day: dt.date, reason: str) -> None:
        stay.last_day = last_day
        stay.end_reason = reason
        del self.holder[stay.seat]

    def _leave(self, seat: Seat, day: dt.date) -> None:
        """The departure the tables name."""
        stay = self.holder.get(seat)
        if stay is None:
            return
        self._depart(stay, day, seat.forced.get(day, seat.empty_why))
        if day in seat.forced:
            self._plan(day, "fill", seat)

    def _depart(self, stay: Stay, day: dt.date, reason: str = "") -> None:
        person = stay.person
        reason = reason or self._reason(person, day)
        self._end(stay, day - DAY, reason)
        person.leaving_on = day - DAY
        person.leaving_reason = reason

    def _reason(self, person: Person, day: dt.date) -> str:
        if (day - person.joined_on).days > 25 * 365:
            return "retirement"
        return self.draw.choice(LEAVING.get(person.grade, ("transfer", "transfer", "resignation", "promotion")))

    def _turn_over(self, seat: Seat, day: dt.date) -> None:
        """An unplanned departure, put off while the tables need the holder."""
        stay = self.holder.get(seat)
        if stay is None or stay.due != day or not self._live(seat, day):
            return
        if not self._may_leave(seat, day):
            if day < QUIET[-1][0]:
                self._make_due(stay, day + dt.timedelta(days=self.draw.randint(60, 200)))
            return
        self._depart(stay, day)
        self._plan(day + dt.timedelta(days=self.draw.randint(0, 40)), "fill", seat)

    def _replace(self, old: Seat, day: dt.date) -> None:
        new = self._replacing[old]
        stay = self.holder.get(old)
        if stay is None:
            self._plan(day + dt.timedelta(days=20), "fill", new)
            return
        self._end(stay, day - DAY, "post moved")
        self._start(Stay(stay.person, new, day))
