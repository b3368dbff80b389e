"""RULES section 4 read aloud, one minute after another: what the quick count must agree with.

Shares nothing with the rules under test but their facts. A minute is its number since 1970.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from npt.abstractions.rules import AbsenceFact, AbstractionFact, DutyFact, Place, Tallies
from npt.people.rules import Grade
from tests.abstractions.make import World

RATED = (Grade.SERGEANT, Grade.PC, Grade.PCSO)

Count = Counter[tuple[object, ...]]
"""Minutes by person, team, grade and what; entry lines by ``("entry", id, team, grade, what)``."""


def number(moment: dt.datetime) -> int:
    return int(moment.timestamp()) // 60


def minutes_of(fact: DutyFact | AbsenceFact | AbstractionFact, end: int) -> range:
    """The minutes of a fact; one without an end runs to the end given."""
    return range(number(fact.starts_at), end if fact.ends_at is None else number(fact.ends_at))


def owners(duties: Iterable[DutyFact]) -> dict[int, DutyFact]:
    """The duty each minute belongs to: of those holding it the one that started first, then the lower ref."""
    owner: dict[int, DutyFact] = {}
    for duty in duties:
        for minute in minutes_of(duty, 0):
            held = owner.get(minute)
            if held is None or (number(duty.starts_at), duty.ref) < (number(held.starts_at), held.ref):
                owner[minute] = duty
    return owner


def slow_count(world: World, minutes: range, asked: int, ends: Mapping[int | None, int] | None = None) -> Count:
    """Everything there is to count in some minutes.

    :param asked: the moment of asking
    :param ends: for a projection, when each open abstraction ends instead
    """
    return slow_parts(world, minutes, asked, lambda _: None, ends)[None]


def slow_parts(
    world: World,
    minutes: range,
    asked: int,
    part: Callable[[int], object],
    ends: Mapping[int | None, int] | None = None,
) -> defaultdict[object, Count]:
    """The same, apart for each part that a minute may lie in."""
    counts: defaultdict[object, Count] = defaultdict(Counter)
    for person in world.places:
        owner = owners(d for d in world.duties if d.person_id == person)
        absent = {
            m for a in world.absences if a.person_id == person for m in minutes_of(a, max(minutes, default=0) + 1)
        }
        away: dict[int, AbstractionFact] = {}
        for abstraction in world.abstractions:
            if abstraction.person_id == person:
                end = asked if ends is None else ends.get(abstraction.id, asked)
                away.update(dict.fromkeys(minutes_of(abstraction, end), abstraction))
        for minute in minutes:
            duty = None if minute in absent else owner.get(minute)
            if duty is not None or minute in away:
                _count_minute(world, person, duty, away.get(minute), counts[part(minute)])
    return counts


def _count_minute(
    world: World, person: int, duty: DutyFact | None, abstraction: AbstractionFact | None, count: Count
) -> None:
    if duty is not None:
        place = world.place(person, duty.duty_date)
        if place is None or place.grade not in RATED:
            return
        count[person, place.team_id, place.grade, "duty"] += 1
        if abstraction is not None:
            counting = world.counts(abstraction.reason, duty.duty_date, place.grade)
            if counting:
                count[person, place.team_id, place.grade, abstraction.reason] += 1
            _enter(count, abstraction, place, "counted" if counting else "not counting")
    elif abstraction is not None:
        place = world.place(person, abstraction.starts_on)
        if place is None or place.grade not in RATED:
            return
        if world.counts(abstraction.reason, abstraction.starts_on, place.grade):
            count[person, place.team_id, place.grade, "off duty"] += 1
            _enter(count, abstraction, place, "off duty")


def _enter(count: Count, abstraction: AbstractionFact, place: Place, what: str) -> None:
    count["entry", abstraction.id, place.team_id, place.grade, what] += 1


def as_count(tallies: Tallies) -> Count:
    """What the rules under test say, in the words of the slow count."""
    count: Count = Counter()
    for t in tallies.people:
        count[t.person_id, t.team_id, t.grade, "duty"] += t.duty_minutes
        count[t.person_id, t.team_id, t.grade, "off duty"] += t.off_duty_minutes
        for reason, minutes in t.by_reason.items():
            count[t.person_id, t.team_id, t.grade, reason] += minutes
    for e in tallies.entries:
        count["entry", e.abstraction_id, e.team_id, e.grade, "counted"] += e.counted
        count["entry", e.abstraction_id, e.team_id, e.grade, "not counting"] += e.not_counting
        count["entry", e.abstraction_id, e.team_id, e.grade, "off duty"] += e.off_duty
    return +count


def slow_rate(count: Count, team: int) -> Fraction | None:
    """Counted over available duty minutes of a team, from a slow count."""
    duty = counted = 0
    for key, minutes in count.items():
        if key[0] == "entry" or key[1] != team or key[3] == "off duty":
            continue
        if key[3] == "duty":
            duty += minutes
        else:
            counted += minutes
    return Fraction(counted, duty) if duty else None


def slow_end(world: World, abstraction: AbstractionFact, asked: int) -> int:
    """When an abstraction still away is projected to end: with the duty it is in when asked, or when it starts."""
    owner = owners(d for d in world.duties if d.person_id == abstraction.person_id)
    duty = owner.get(max(asked, number(abstraction.starts_at)))
    return asked if duty is None else number(duty.ends_at)


@dataclass(frozen=True)
class SlowFigures:
    """What a page must show of some teams or of one person, added up from a slow count."""

    count: Count
    teams: frozenset[int]
    person: int | None = None

    def minutes(
        self, *what: str, grades: Iterable[Grade] = RATED, person: int | None = None, team: int | None = None
    ) -> int:
        """Minutes of ``duty``, of ``off duty`` or of reasons; of every reason when none is named."""
        wanted = set(grades)
        return sum(
            minutes
            for key, minutes in self.count.items()
            if key[0] != "entry"
            and key[1] in (self.teams if team is None else {team})
            and key[2] in wanted
            and (self.person is None or key[0] == self.person)
            and (person is None or key[0] == person)
            and (key[3] in what if what else key[3] not in ("duty", "off duty"))
        )

    def of_entries(self, ids: Iterable[int]) -> int:
        """Minutes counted of some entries, in these teams."""
        wanted = set(ids)
        return sum(
            minutes
            for key, minutes in self.count.items()
            if key[0] == "entry" and key[1] in wanted and key[2] in self.teams and key[4] == "counted"
        )
