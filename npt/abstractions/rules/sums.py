"""Minutes added up ahead: what days that are over come to, before team, grade and reason are judged (decision 80)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from npt.abstractions.rules.counting import Tallies, Tally, tally
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, Counts, DutyFact, Place
from npt.core.periods import Interval
from npt.people.rules import RATED_GRADES, Grade


class DayTaken(NamedTuple):
    """What abstractions for one reason took of one person's day.

    On duty the day is the duty date, off duty the local day on which the abstraction starts.
    """

    reason: str
    day: dt.date
    on_duty: int
    off_duty: int


class Sums(NamedTuple):
    """The minutes of one person in a stretch of time, whosever team they belong to and whatever counts."""

    person_id: int
    duty_minutes: int
    taken: tuple[DayTaken, ...] = ()
    first_day: dt.date | None = None
    """The first of the days by which its minutes are judged, and the last; none when there are no minutes."""
    last_day: dt.date | None = None

    def judged(self, place: Place | None, counts: Counts) -> Tally | None:
        """The minutes as ``tally`` counts them, of somebody who belongs to one place on all of the days; nothing when
        that is in no rate.
        """
        if place is None or place.grade not in RATED_GRADES:
            return None
        by_reason: dict[str, int] = {}
        off_duty = 0
        for reason, day, on_duty, off in self.taken:
            if counts(reason, day, place.grade):
                off_duty += off
                if on_duty:
                    by_reason[reason] = by_reason.get(reason, 0) + on_duty
        return Tally(self.person_id, place.team_id, place.grade, self.duty_minutes, by_reason, off_duty)


def add_up(
    person_ids: Iterable[int],
    duties: Iterable[DutyFact],
    absences: Iterable[AbsenceFact],
    abstractions: Iterable[AbstractionFact],
    within: Interval,
) -> list[Sums]:
    """The minutes of each of these people in an interval that is over, nothing of anybody else.

    They are those of ``tally``, which counts by place: here each day is a place of its own, and every reason counts.
    """
    counted = tally(
        duties,
        absences,
        abstractions,
        within=within,
        moment=within.ends_at,
        place=lambda _, day: Place(day.toordinal(), Grade.PC),
        counts=lambda *_: True,
    )
    return _by_person(person_ids, counted)


def _by_person(person_ids: Iterable[int], counted: Tallies) -> list[Sums]:
    on_duty: defaultdict[int, int] = defaultdict(int)
    days: defaultdict[int, set[int]] = defaultdict(set)
    taken: defaultdict[int, defaultdict[tuple[str, int], list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in counted.people:
        on_duty[row.person_id] += row.duty_minutes
        days[row.person_id].add(row.team_id)
    for entry in counted.entries:
        minutes = taken[entry.person_id][entry.reason, entry.team_id]
        minutes[0] += entry.counted
        minutes[1] += entry.off_duty
    return [
        Sums(
            id,
            on_duty[id],
            tuple(
                DayTaken(reason, dt.date.fromordinal(day), *minutes)
                for (reason, day), minutes in sorted(taken[id].items())
            ),
            dt.date.fromordinal(min(days[id])) if days[id] else None,
            dt.date.fromordinal(max(days[id])) if days[id] else None,
        )
        for id in person_ids
    ]
