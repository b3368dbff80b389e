"""Read shift patterns and who is on them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.abstractions.models import PatternDay, PatternPerson
from npt.abstractions.rules.cycles import cycles
from npt.abstractions.rules.patterns import Assignment, Clocks, PatternShift, assignment_on
from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import day_in_words
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow
from npt.people.rules import Grade


@dataclass(frozen=True, slots=True)
class OnPattern:
    """Somebody on a pattern on a day, with their grade and team then. ``days_in``: days since its cycle's first."""

    id: int
    assignment: Assignment
    person: PersonRow
    grade: Grade
    team: TeamRow
    days_in: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shift pattern, and the people of the reader's who are on it on a day."""

    code: str
    cycles: Mapping[Grade, Sequence[Clocks | None]]
    people: Sequence[OnPattern]
    coming: Sequence[OnPattern]
    """Those who are to go on it after the day; ``days_in`` is then of their first day on it."""

    @property
    def length(self) -> int:
        """Days of the cycle, of the longest where grades differ."""
        return max((len(cycle) for cycle in self.cycles.values()), default=0)

    def cycle_day(self, row: OnPattern) -> int | None:
        """The day of the cycle somebody is on, the first being 1; nothing when it says nothing for their grade."""
        cycle = self.cycles.get(row.grade)
        return row.days_in % len(cycle) + 1 if cycle else None


def pattern_codes() -> list[str]:
    """Every pattern there is."""
    return list(session.scalars(select(PatternDay.code).distinct().order_by(PatternDay.code)))


def cycles_of(code: str) -> dict[Grade, list[Clocks | None]]:
    """The cycle of each grade of a pattern.

    :raises NoResultFound: when there is no such pattern
    """
    found = _cycles([code]).get(code)
    if found is None:
        raise NoResultFound(f"no pattern {code}")
    return found


def _cycles(codes: Collection[str]) -> dict[str, dict[Grade, list[Clocks | None]]]:
    shifts: dict[str, list[PatternShift]] = defaultdict(list)
    rows = session.execute(
        select(PatternDay.code, PatternDay.day, PatternDay.grade, PatternDay.starts, PatternDay.ends)
        .where(PatternDay.code.in_(list(codes)))
        .order_by(PatternDay.code, PatternDay.day)
    )
    for row in rows:
        shifts[row.code].append(PatternShift(*row))
    return {code: cycles(each) for code, each in shifts.items()}


def patterns(scope: Scope, on: dt.date) -> list[Pattern]:
    """Every pattern of the force, with the people of the reader's teams who are on it on a day."""
    return _patterns(pattern_codes(), scope, on)


def pattern(code: str, scope: Scope, on: dt.date) -> Pattern:
    """One pattern.

    :raises NoResultFound: when there is none
    """
    found = _patterns([code], scope, on)
    if not found:
        raise NoResultFound(f"no pattern {code}")
    return found[0]


def _patterns(codes: Sequence[str], scope: Scope, on: dt.date) -> list[Pattern]:
    known, held = _cycles(codes), _on(scope, on)
    return [
        Pattern(code, known[code], held.now.get(code, ()), held.coming.get(code, ())) for code in codes if code in known
    ]


@dataclass(frozen=True, slots=True)
class _Held:
    """By code of the pattern, who is on it on a day and who is to go on it later."""

    now: dict[str, list[OnPattern]]
    coming: dict[str, list[OnPattern]]


def _on(scope: Scope, on: dt.date) -> _Held:
    """Who of the people in the reader's teams on a day is on which pattern, in order of team, then name."""
    teams = {team.id: team for team in people.teams(scope) if team.live(on, on)}
    here = people.roll(team_ids=teams).in_team(teams, on)
    rows: dict[int, dict[Assignment, int]] = defaultdict(dict)
    for id, each in _assignments(here):
        rows[each.person_id][each] = id
    named = people.people(rows)
    found = _Held(defaultdict(list), defaultdict(list))
    for person_id, held in rows.items():
        post, now = here[person_id].post, assignment_on(held, on)
        for each in held:
            if each is now or each.first_day > on:
                listed = found.now if each is now else found.coming
                days = (max(on, each.first_day) - each.first_day).days + each.offset
                row = OnPattern(held[each], each, named[person_id], post.grade, teams[post.team_id or 0], days)
                listed[each.pattern].append(row)
    for rows_of in (*found.now.values(), *found.coming.values()):
        rows_of.sort(key=lambda row: (row.team.name, row.person.surname, row.person.collar_number))
    return found


def assignments_of(person_ids: Collection[int]) -> dict[int, list[Assignment]]:
    """Everything these people are, were or will be on, by the id of the person."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    for _, each in _assignments(person_ids):
        found[each.person_id].append(each)
    return dict(found)


def _assignments(person_ids: Collection[int]) -> list[tuple[int, Assignment]]:
    rows = session.execute(
        select(
            PatternPerson.id,
            PatternPerson.person_id,
            PatternPerson.first_day,
            PatternPerson.last_day,
            PatternPerson.pattern,
            PatternPerson.days_in,
        )
        .where(PatternPerson.person_id.in_(list(person_ids)))
        .order_by(PatternPerson.person_id, PatternPerson.first_day)
    )
    return [(row[0], Assignment(*row[1:])) for row in rows]


@dataclass(frozen=True, slots=True)
class HeldPattern:
    """An assignment as its page shows it."""

    id: int
    assignment: Assignment
    person: PersonRow


def assignment(id: int, scope: Scope, today: dt.date) -> HeldPattern:
    """One assignment of somebody in a team of the reader's, today or on its first day when that is still to come.

    :raises NoResultFound: when there is none, or they are somebody else's
    """
    person_id = session.execute(select(PatternPerson.person_id).where(PatternPerson.id == id)).scalar_one()
    found = next(each for own_id, each in _assignments([person_id]) if own_id == id)
    team_id = people.roll(person_ids=[person_id]).team_on(person_id, max(today, found.first_day))
    if not scope.has_team(team_id):
        raise NoResultFound(f"no assignment {id} within scope")
    return HeldPattern(id, found, people.people([person_id])[person_id])


def people_of(team_id: int, on: dt.date) -> dict[int, str]:
    """The people of a team on a day, as a list of choices names them, each with the pattern they are on then."""
    here = people.roll(team_ids=[team_id]).in_team([team_id], on)
    held = assignments_of(here)
    named = sorted(people.people(here).values(), key=lambda p: (p.surname, p.forename, p.collar_number))
    return {
        person.id: f"{person.surname}, {person.forename} – {here[person.id].post.grade.label} {person.collar_number}, "
        f"{_on_what(held.get(person.id, ()), on)}"
        for person in named
    }


def _on_what(held: Sequence[Assignment], on: dt.date) -> str:
    now = assignment_on(held, on)
    if now is not None:
        return f"on {now.pattern}"
    later = min((each for each in held if each.first_day > on), key=lambda each: each.first_day, default=None)
    if later is None:
        return "on no pattern"
    return f"on {later.pattern} from {day_in_words(later.first_day)}"
