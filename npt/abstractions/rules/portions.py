"""One entry, or one duty, stretch by stretch: where each of its minutes goes (RULES section 4).

The stretches of an entry add up to what :func:`npt.abstractions.rules.counting.tally` gives it, those of a duty to what
is available of it, so that a list's row is explained to the minute.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from npt.abstractions.rules.availability import available_pieces
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, Counts, DutyFact, Place, PlaceOn
from npt.core.periods import Interval, interval_or_none, subtract
from npt.people.rules import RATED_GRADES


class Goes(StrEnum):
    """What becomes of a stretch of time away, under one definition."""

    COUNTED = "counted"
    NOT_COUNTING = "not_counting"
    OFF_DUTY = "off_duty"
    NOWHERE = "nowhere"

    @property
    def label(self) -> str:
        return _GOES[self]


_GOES = {
    Goes.COUNTED: "Counted",
    Goes.NOT_COUNTING: "On duty, not counting",
    Goes.OFF_DUTY: "Off duty, shown and not counted",
    Goes.NOWHERE: "In no figure",
}


@dataclass(frozen=True, slots=True)
class Portion:
    """A stretch of an entry: the duty it fell in, if any, and the team and grade whose it is, if anybody's."""

    interval: Interval
    duty: DutyFact | None
    judged_on: dt.date
    """The duty date of the duty; off duty the day the entry starts."""
    place: Place | None
    """Nothing for somebody with no team that day, and for grades that are in no rate."""

    def goes(self, reason: str, counts: Counts) -> Goes:
        """Where its minutes go under a definition."""
        if self.place is None:
            return Goes.NOWHERE
        counting = counts(reason, self.judged_on, self.place.grade)
        if self.duty is None:
            return Goes.OFF_DUTY if counting else Goes.NOWHERE
        return Goes.COUNTED if counting else Goes.NOT_COUNTING


def portions(
    entry: AbstractionFact,
    duties: Iterable[DutyFact],
    absences: Iterable[AbsenceFact],
    *,
    within: Interval,
    moment: dt.datetime,
    place: PlaceOn,
) -> list[Portion]:
    """The stretches of an entry inside an interval, in order and without a gap.

    :param duties: the person's, and no others; so are the absences
    :param moment: the moment of asking, to which one still away runs
    """
    whole = interval_or_none(max(entry.starts_at, within.starts_at), min(entry.ends_at or moment, within.ends_at))
    if whole is None:
        return []
    pieces = [
        (part, piece.duty) for piece in available_pieces(duties, absences) if (part := piece.interval.meet(whole))
    ]
    off_duty = subtract(whole, [part for part, _ in pieces])
    found = [
        *(Portion(part, duty, duty.duty_date, _rated(place, entry.person_id, duty.duty_date)) for part, duty in pieces),
        *(Portion(part, None, entry.starts_on, _rated(place, entry.person_id, entry.starts_on)) for part in off_duty),
    ]
    return sorted(found, key=lambda portion: portion.interval.starts_at)


def _rated(place: PlaceOn, person_id: int, day: dt.date) -> Place | None:
    there = place(person_id, day)
    return there if there is not None and there.grade in RATED_GRADES else None


class Rostered(StrEnum):
    """What becomes of a stretch of a duty."""

    AVAILABLE = "available"
    ABSENT = "absent"
    ANOTHER_DUTY = "another_duty"

    @property
    def label(self) -> str:
        return _ROSTERED[self]


_ROSTERED = {
    Rostered.AVAILABLE: "Available",
    Rostered.ABSENT: "Leave, sickness or other absence",
    Rostered.ANOTHER_DUTY: "Counted in the duty that started first",
}


@dataclass(frozen=True, slots=True)
class DutyPortion:
    """A stretch of a duty, and what it is."""

    interval: Interval
    what: Rostered


def duty_portions(
    ref: str, duties: Sequence[DutyFact], absences: Sequence[AbsenceFact], *, within: Interval
) -> list[DutyPortion]:
    """The stretches of one duty inside an interval, in order and without a gap.

    :param duties: the person's, this one among them, and no others; so are the absences
    """
    whole = next(
        (part for duty in duties if duty.ref == ref and (part := Interval(duty.starts_at, duty.ends_at).meet(within))),
        None,
    )
    if whole is None:
        return []
    own = [piece.interval for piece in available_pieces(duties, absences, within) if piece.duty.ref == ref]
    found = [DutyPortion(part, Rostered.AVAILABLE) for part in own]
    for gap in subtract(whole, own):
        found += _gap(gap, absences)
    return sorted(found, key=lambda portion: portion.interval.starts_at)


def _gap(gap: Interval, absences: Sequence[AbsenceFact]) -> Iterator[DutyPortion]:
    """What is not available of a duty: absence; the rest is another duty's."""
    away = [part for each in absences if (part := _meet(each, gap))]
    others = subtract(gap, away)
    yield from (DutyPortion(part, Rostered.ANOTHER_DUTY) for part in others)
    yield from (DutyPortion(part, Rostered.ABSENT) for part in subtract(gap, others))


def _meet(absence: AbsenceFact, gap: Interval) -> Interval | None:
    return interval_or_none(max(absence.starts_at, gap.starts_at), min(absence.ends_at or gap.ends_at, gap.ends_at))
