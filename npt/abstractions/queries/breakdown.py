"""A unit's figures over a window, taken apart, under both definitions: the facts are read once and counted twice."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from sqlalchemy import select, true

from npt.abstractions import rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries.entries import Narrowing, entry_minutes, parts_by_hours
from npt.abstractions.queries.facts import MANY
from npt.abstractions.queries.figures import Count, Question, count, count_again, place_on, project_again
from npt.abstractions.queries.units import unit_of_person
from npt.abstractions.rules import (
    Assessment,
    EntryMinutes,
    Figures,
    Hours,
    Line,
    Tallies,
    Tally,
    Unit,
    UnitKind,
    figures_by,
)
from npt.core.authority import Scope
from npt.core.db import session
from npt.core.lasting import lasts_beyond
from npt.core.periods import month_of
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.people.rules.records import may_open, place_of_record
from npt.policy.rules import Definition


@dataclass(frozen=True)
class Both:
    """The same facts counted under the force's own definition and under the national one."""

    local: Count
    national: Count

    @classmethod
    def of(cls, question: Question, unit: Unit, scope: Scope, known: Sequence[TeamRow] | None = None) -> "Both":
        """Read what a unit's figures are made of, and count it."""
        alone = None if unit.person_id is None else [unit.person_id]
        counted = count(question, scope, unit.team_ids, person_ids=alone, known=known)
        return cls(counted, _under(counted, Definition.NATIONAL))

    @cached_property
    def hours(self) -> tuple[Mapping[Hours, Tallies], Mapping[Hours, Tallies]]:
        """What lies in each part of the day, under each definition; only of the teams asked for."""
        asked, cut = self.local.question, parts_by_hours(self.local)
        place = place_on(self.local.roll)
        local, national = (
            {hours: theirs(each, tallies) for hours, tallies in cut.tallies(place=place, counts=counts).items()}
            for each, counts in ((self.local, asked.counts), (self.national, self.national.question.counts))
        )
        return local, national


def theirs(counted: Count, tallies: Tallies) -> Tallies:
    """What of some tallies belongs to the teams asked for."""
    return Tallies(
        tuple(row for row in tallies.people if row.team_id in counted.teams),
        tuple(entry for entry in tallies.entries if entry.team_id in counted.teams),
    )


def _under(counted: Count, definition: Definition) -> Count:
    """The same facts, counted under a definition."""
    question = replace(counted.question, definition=definition)
    return count_again(question, dict(counted.teams), counted.roll, counted.facts)


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Everything a page shows of one unit in one window. ``judged`` is under the force's own definition."""

    unit: Unit
    question: Question
    judged: Assessment
    national: Figures
    heading_for: Fraction | None
    """Where a month that is not over is heading; nothing for any other window."""
    by_reason: tuple[Line, ...]
    by_grade: tuple[Line, ...]
    by_group: tuple[Line, ...]
    by_destination: tuple[Line, ...]
    by_hours: tuple[Line, ...]
    compared_by: UnitKind | None
    compared: tuple[Line, ...]
    entries: int
    """Entries listed behind the figure, those that give it nothing included."""
    late: int
    open_to: frozenset[str]
    """Collar numbers of the people compared whose own figures the actor may open."""

    @property
    def figures(self) -> Figures:
        return self.judged.figures

    @property
    def whole(self) -> Line:
        return self.unit.line(self.figures, self.national, self.question.policy)


def unit_figures(
    question: Question,
    unit: Unit,
    scope: Scope,
    *,
    compare_by: UnitKind | None = None,
    among: Sequence[Unit] = (),
    known: Sequence[TeamRow] | None = None,
    today: dt.date,
) -> UnitFigures:
    """The figures of a unit, in as many statements for a force as for a person.

    :param question: under the force's own definition; the national one is shown beside it
    :param compare_by: what the parts of the unit are that are set against each other
    :param among: the units within the actor's scope
    :param known: every team of the scope, when they have been read already
    """
    both = Both.of(question, unit, scope, known)
    policy, fixed = question.policy, question.fixed_codes
    figures, national = both.local.total(), both.national.total()
    judged = unit.assess(figures, policy)
    more = _more(both.local)
    listed = entry_minutes(both.local, Narrowing(person_id=unit.person_id))
    local_hours, national_hours = both.hours
    compared, open_to = _compared(both, compare_by, among, scope, today)
    return UnitFigures(
        unit=unit,
        question=question,
        judged=judged,
        national=national,
        heading_for=_heading_for(both.local),
        by_reason=rules.by_reason(figures, national, fixed, question.reasons.label),
        by_grade=rules.by_grade(figures, national),
        by_group=rules.by_group(judged, national),
        by_destination=rules.by_destination(
            _entries(both.local),
            _entries(both.national),
            {id: each.destination for id, each in more.items()},
            figures.duty_minutes,
        ),
        by_hours=rules.by_hours(local_hours, national_hours),
        compared_by=compare_by,
        compared=compared,
        entries=len(listed),
        late=sum(id in listed and rules.is_late(each.starts_at, each.logged_at, policy) for id, each in more.items()),
        open_to=open_to,
    )


def _entries(counted: Count) -> Iterable[EntryMinutes]:
    return theirs(counted, counted.tallies).entries


def _heading_for(counted: Count) -> Fraction | None:
    """The projected rate of a whole month that is not over (RULES section 4)."""
    asked = counted.question
    if asked.as_at >= asked.window.whole.ends_at or asked.window != month_of(asked.window.first_day, asked.window.zone):
        return None
    return project_again(asked, dict(counted.teams), counted.roll, counted.facts).total().rate


@dataclass(frozen=True, slots=True)
class _More:
    starts_at: dt.datetime
    destination: str | None
    logged_at: dt.datetime | None


def _more(counted: Count) -> dict[int, _More]:
    """Where to and when logged, of every entry that touches the window; one statement."""
    whole, ids = counted.question.window.whole, list(counted.roll.by_person)
    rows = session.execute(
        select(Abstraction.id, Abstraction.starts_at, Abstraction.destination, Abstraction.logged_at).where(
            Abstraction.starts_at < whole.ends_at,
            lasts_beyond(Abstraction.ends_at, whole.starts_at),
            Abstraction.cancelled_at.is_(None),
            true() if len(ids) > MANY else Abstraction.person_id.in_(ids),
        )
    )
    return {row.id: _More(row.starts_at, row.destination, row.logged_at) for row in rows}


def _compared(
    both: Both, by: UnitKind | None, among: Sequence[Unit], scope: Scope, today: dt.date
) -> tuple[tuple[Line, ...], frozenset[str]]:
    """The parts of a unit, each judged by its own target. The people whose figures may be opened are named."""
    if by is None:
        return (), frozenset()
    if by is UnitKind.PERSON:
        return _people(both, scope, today)
    window = both.local.question.window
    live = {team.id for team in both.local.teams.values() if team.live(window.first_day, window.last_day)}
    with_minutes = {row.team_id for row in both.local.people}
    shown = [
        unit for unit in among if unit.kind is by and unit.team_ids & both.local.teams.keys() & (live | with_minutes)
    ]
    of = {team_id: unit for unit in shown for team_id in unit.team_ids}
    return _lines(both, shown, lambda row: of.get(row.team_id)), frozenset()


def _people(both: Both, scope: Scope, today: dt.date) -> tuple[tuple[Line, ...], frozenset[str]]:
    named = people.people({row.person_id for row in both.local.people})
    of = {id: unit_of_person(person, tuple(both.local.teams.values())) for id, person in named.items()}
    roll = both.local.roll
    open_to = {
        person.collar_number
        for id, person in named.items()
        if may_open(scope, place_of_record(roll.by_person.get(id, ()), today), id)
    }
    return _lines(both, list(of.values()), lambda row: of.get(row.person_id)), frozenset(open_to)


def _lines(both: Both, shown: Sequence[Unit], unit_of: Callable[[Tally], Unit | None]) -> tuple[Line, ...]:
    policy = both.local.question.policy
    local = figures_by(both.local.people, unit_of, also=shown)
    national = figures_by(both.national.people, unit_of, also=shown)
    return tuple(unit.line(figures, national[unit], policy) for unit, figures in local.items())
