"""Open a shift pattern, put people on one and end that. What duties follow is made by the nightly job."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from npt.abstractions.models import PatternDay, PatternPerson
from npt.abstractions.queries import patterns as queries
from npt.abstractions.rules import cycles as rules
from npt.abstractions.rules.cycles import Cycle, NewPlace
from npt.abstractions.rules.patterns import Assignment
from npt.abstractions.services.within import NOT_YOURS, person_of, person_to_roster
from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import DAY, day_in_words
from npt.people import queries as people
from npt.people.queries import PersonRow
from npt.people.rules import Grade


@dataclass(frozen=True, slots=True)
class NewPattern:
    """A pattern to open. With ``follows`` and ``from_day`` the people on that pattern go over to it on the day."""

    code: str
    cycles: Mapping[Grade, Cycle]
    follows: str | None = None
    from_day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """People to put on a pattern. ``cycle_day`` is the day of the cycle on the first day, the first being 1.

    ``end_standing``: end what they are on the day before, where it would overlap.
    """

    person_ids: Sequence[int]
    first_day: dt.date
    cycle_day: int
    last_day: dt.date | None = None
    end_standing: bool = False


def open_pattern(new: NewPattern, *, actor: Actor, at: dt.datetime, on: dt.date) -> int:
    """Open a pattern for the whole force. Returns how many people went over to it.

    A pattern is never changed, so that a duty made long ago can still be explained: one opens another.

    :raises NoResultFound: when the pattern it follows does not exist
    :raises Refused: with every reason: a code that is taken, a day that is not to come, people who go over and of whose
        grade it says nothing
    """
    db.lock_record("patterns")
    given = {grade: cycle for grade, cycle in new.cycles.items() if cycle}
    reasons = list(rules.obstacles_to_pattern(new.code, queries.pattern_codes(), given))
    if new.from_day is not None and new.from_day <= on:
        reasons.append(Reason("Enter tomorrow or a later day", "from_day"))
    refuse_if_any(reasons)
    session.add_all(
        PatternDay(
            code=new.code,
            day=day,
            grade=grade,
            starts=clocks[0] if clocks else None,
            ends=clocks[1] if clocks else None,
        )
        for grade, cycle in given.items()
        for day, clocks in enumerate(cycle)
    )
    session.flush()
    audit.record(
        "pattern.opened",
        f"pattern:{new.code}",
        actor=actor,
        at=at,
        follows=new.follows,
        **{grade.value: rules.written(cycle).splitlines() for grade, cycle in given.items()},
    )
    if new.follows is None or new.from_day is None:
        return 0
    return _go_over(new.follows, new.code, new.from_day, given, actor=actor, at=at)


def _go_over(
    old: str, code: str, from_day: dt.date, given: Mapping[Grade, Cycle], *, actor: Actor, at: dt.datetime
) -> int:
    """Have everybody of the actor's who is on a pattern go on in another from a day, where they were in the cycle."""
    before = queries.cycles_of(old)
    rows = session.scalars(
        select(PatternPerson)
        .where(PatternPerson.pattern == old, PatternPerson.last_day.is_(None) | (PatternPerson.last_day >= from_day))
        .order_by(PatternPerson.id)
        .with_for_update()
    ).all()
    roll = people.roll(person_ids=[row.person_id for row in rows])
    moved, without = [], set()
    for row in rows:
        posting = roll.present(row.person_id, max(from_day, row.first_day))
        if posting is None or not actor.scope.has_team(posting.post.team_id):
            continue
        grade = posting.post.grade
        if grade not in given:
            without.add(grade)
            continue
        lengths = len(before.get(grade, given[grade])), len(given[grade])
        _carry_on(row, code, from_day, lengths)
        moved.append(row.person_id)
    refuse_if_any(
        Reason(f"People of this grade are on pattern {old} and would have no duties: enter its days", grade.value)
        for grade in sorted(without)
    )
    session.flush()
    numbers = sorted(person.collar_number for person in people.people(moved).values())
    if numbers:
        audit.record(
            "pattern.assigned",
            f"pattern:{code}",
            actor=actor,
            at=at,
            people=numbers,
            first_day=from_day,
            before={"pattern": old},
            after={"pattern": code, "people": numbers, "first_day": from_day},
        )
    return len(numbers)


def _carry_on(row: PatternPerson, code: str, from_day: dt.date, lengths: tuple[int, int]) -> None:
    """Have one person go on in another pattern; whoever is to begin later begins in it."""
    if row.first_day >= from_day:
        row.pattern, row.days_in = code, rules.carried_on(_fact(row), row.first_day, *lengths)
        return
    offset = rules.carried_on(_fact(row), from_day, *lengths)
    last_day, row.last_day = row.last_day, from_day - DAY
    session.add(
        PatternPerson(person_id=row.person_id, first_day=from_day, last_day=last_day, pattern=code, days_in=offset)
    )


def _fact(row: PatternPerson) -> Assignment:
    return Assignment(row.person_id, row.first_day, row.last_day, row.pattern, row.days_in)


def assign(code: str, new: NewAssignment, *, actor: Actor, at: dt.datetime, on: dt.date) -> list[PersonRow]:
    """Put people on a pattern from a day on, all or none. Returns who.

    :raises NoResultFound: when there is no such pattern
    :raises Refused: with every reason: a day that is not to come, somebody who is not the actor's that day, a grade the
        pattern says nothing for, an overlap that leaves doubt which pattern applies
    """
    db.lock_record("patterns")
    cycles = queries.cycles_of(code)
    length = max(len(cycle) for cycle in cycles.values())
    place = NewPlace(code, new.first_day, new.last_day, new.cycle_day - 1)
    if not new.person_ids:
        raise Refused(Reason("Choose who is put on the pattern", "people"))
    refuse_if_any(rules.obstacles_to_assigning(place, length, on))
    reasons: list[Reason] = []
    found = []
    for person_id in new.person_ids:
        try:
            who = person_to_roster(person_id, new.first_day, actor)
        except Refused:
            reasons.append(Reason(NOT_YOURS, "people"))
            continue
        posting = people.roll(person_ids=[person_id]).present(person_id, new.first_day)
        reasons += _fits(who, posting.post.grade if posting else None, code, cycles, new.cycle_day)
        reasons += _make_room(who, place, end_standing=new.end_standing, actor=actor, at=at)
        found.append(who)
    refuse_if_any(reasons)
    session.add_all(
        PatternPerson(
            person_id=who.id, first_day=place.first_day, last_day=place.last_day, pattern=code, days_in=place.offset
        )
        for who in found
    )
    session.flush()
    audit.record(
        "pattern.assigned",
        f"pattern:{code}",
        actor=actor,
        at=at,
        people=sorted(who.collar_number for who in found),
        first_day=place.first_day,
        last_day=place.last_day,
        cycle_day=new.cycle_day,
    )
    return found


def _fits(
    who: PersonRow, grade: Grade | None, code: str, cycles: Mapping[Grade, Cycle], cycle_day: int
) -> Iterator[Reason]:
    """Why a pattern gives nothing to somebody of a grade, or has no such day for it."""
    if grade is None:
        return
    if grade not in cycles:
        yield Reason(f"Pattern {code} says nothing for a {grade.label}, as {who.name} is then", "people")
    elif cycle_day > len(cycles[grade]):
        yield Reason(f"The cycle of a {grade.label} has {len(cycles[grade])} days", "cycle_day")


def _make_room(who: PersonRow, new: NewPlace, *, end_standing: bool, actor: Actor, at: dt.datetime) -> list[Reason]:
    """End what somebody is on, when that was asked for, or say what it is."""
    held = queries.assignments_of([who.id]).get(who.id, [])
    in_the_way = rules.clash(new, held)
    if in_the_way is None:
        return []
    if in_the_way.first_day >= new.first_day:
        message = (
            f"{who.name} goes on pattern {in_the_way.pattern} on {day_in_words(in_the_way.first_day)}: end before that"
        )
        return [Reason(message, "last_day")]
    if not end_standing:
        message = f"{who.name} is on pattern {in_the_way.pattern} since {day_in_words(in_the_way.first_day)}"
        return [Reason(f"{message}: choose to end that the day before, or enter other days", "end_standing")]
    row = session.scalars(
        select(PatternPerson)
        .where(PatternPerson.person_id == who.id, PatternPerson.first_day == in_the_way.first_day)
        .with_for_update()
    ).one()
    _end(row, new.first_day - DAY, who, actor=actor, at=at)
    return _make_room(who, new, end_standing=end_standing, actor=actor, at=at)


def _end(row: PatternPerson, last_day: dt.date, who: PersonRow, *, actor: Actor, at: dt.datetime) -> None:
    before, row.last_day = row.last_day, last_day
    session.flush()
    audit.record(
        "pattern.left",
        f"pattern:{row.pattern}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        before={"last_day": before},
        after={"collar_number": who.collar_number, "last_day": last_day},
    )


def end_assignment(assignment_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Take somebody off a pattern after a day. Returns who. The duties after it go at night.

    :raises NoResultFound: when there is no such assignment, or it is not theirs
    :raises Refused: when the day has gone by, or is not in the assignment
    """
    db.lock_record("patterns")
    held = queries.assignment(assignment_id, actor.scope, on).assignment
    who = person_of(held.person_id, max(on, held.first_day), actor)
    refuse_if_any(rules.obstacles_to_ending(held, last_day, on))
    row = session.execute(select(PatternPerson).where(PatternPerson.id == assignment_id).with_for_update()).scalar_one()
    if row.last_day == last_day:
        raise Refused(Reason("They leave the pattern after that day already", "last_day"))
    _end(row, last_day, who, actor=actor, at=at)
    return who
