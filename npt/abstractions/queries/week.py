"""A team's week: who has which duty on which day, what was taken from it, and the figures of each day."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, case, or_, select

from npt.abstractions import rules
from npt.abstractions.models import Absence, Abstraction
from npt.abstractions.queries.facts import touching
from npt.abstractions.queries.figures import Count, Question, count, place_on
from npt.abstractions.rules import Assessment, Authorisation, Figures, PersonWeek, Spell
from npt.core.authority import Scope
from npt.core.db import among, session
from npt.core.periods import Interval
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow
from npt.people.rules import Grade


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the week: whether they may know why others are absent, and who they are themselves."""

    sees_kinds: bool
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One person's week, by name."""

    person: PersonRow
    week: PersonWeek


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """One team's week: a row for each person, the figures of each day and of the week as ``count`` makes them."""

    team: TeamRow
    own: bool
    """Whether the reader is posted to it."""
    rows: list[WeekRow]
    days: Mapping[dt.date, Figures]
    assessment: Assessment
    undecided: Mapping[int, Authorisation]
    """Entries, by id, that wait for whoever must authorise them, or were declined when they had begun."""

    @property
    def figures(self) -> Figures:
        return self.assessment.figures

    @property
    def rostered(self) -> bool:
        """Whether anybody has a duty in the week."""
        return any(cell.duties for row in self.rows for cell in row.week.cells)


def team_weeks(question: Question, scope: Scope, only: Iterable[int], reader: Reader) -> list[TeamWeek]:
    """The weeks of these teams, the reader's own first. The number of statements does not grow with the teams.

    :param question: its window is the week
    :param reader: kinds of absence they may not know are not read
    """
    counted = count(question, scope, only)
    asked = counted.question
    days = rules.count_days(
        counted.facts.duties,
        counted.facts.absences,
        counted.facts.abstractions,
        window=asked.window,
        at=asked.at,
        place=place_on(counted.roll),
        counts=asked.counts,
    )
    spells = _spells(asked.window.whole, counted.roll.by_person, reader)
    weeks = {team_id: _people(team_id, counted, days, spells) for team_id in counted.teams}
    named = people.people({week.person_id for rows in weeks.values() for week in rows})
    figures = counted.by_team()
    undecided = _undecided(asked.window.whole, counted.roll.by_person)
    at_home = counted.roll.team_on(reader.person_id or 0, asked.window.last_day)
    found = [
        TeamWeek(
            team,
            team.id == at_home,
            sorted((WeekRow(named[week.person_id], week) for week in weeks[team.id]), key=_order),
            {day: _of_team(tallies.people, team.id, asked.fixed_codes) for day, tallies in days.so_far.items()},
            counted.assess_team(team, figures.get(team.id) or rules.figures_of((), asked.fixed_codes)),
            undecided,
        )
        for team in counted.teams.values()
    ]
    return sorted(found, key=lambda each: not each.own)


def _people(team_id: int, counted: Count, days: rules.Days, spells: list[Spell]) -> list[PersonWeek]:
    return rules.people_weeks(
        team_id,
        days,
        counted.facts.duties,
        spells,
        counted.facts.abstractions,
        window=counted.question.window,
        place=place_on(counted.roll),
        people=counted.roll.by_person,
    )


def _of_team(tallies: Iterable[rules.Tally], team_id: int, fixed_codes: Iterable[str]) -> Figures:
    return rules.figures_of((tally for tally in tallies if tally.team_id == team_id), fixed_codes)


def _order(row: WeekRow) -> tuple[int, str, str, str]:
    """Sergeants first, then by surname."""
    grade = row.week.grades[0] if row.week.grades else row.person.grade
    return list(Grade).index(grade), row.person.surname, row.person.forename, row.person.collar_number


# Made once, and of tables: a sergeant opens the week many times a day.
_ENTRIES, _ABSENCES = Abstraction.__table__.c, Absence.__table__.c
_UNDECIDED = select(_ENTRIES.id, _ENTRIES.declined_at).where(
    or_(_ENTRIES.awaiting_since.is_not(None), _ENTRIES.declined_at.is_not(None)),
    _ENTRIES.authorised_at.is_(None),
    *touching(_ENTRIES),
    among(_ENTRIES.person_id, "people"),
)
_SPELL = (_ABSENCES.person_id, _ABSENCES.starts_at, _ABSENCES.ends_at)
_OF_THEM = (*touching(_ABSENCES), among(_ABSENCES.person_id, "people"))
_SPELLS_WITH_KIND = select(*_SPELL, _ABSENCES.kind).where(*_OF_THEM)
_SPELLS = select(*_SPELL, case((_ABSENCES.person_id == bindparam("reader"), _ABSENCES.kind))).where(*_OF_THEM)


def _undecided(within: Interval, person_ids: Iterable[int]) -> dict[int, Authorisation]:
    rows = session.execute(_UNDECIDED, {"first": within.starts_at, "last": within.ends_at, "people": list(person_ids)})
    return {id: Authorisation.DECLINED if declined_at else Authorisation.AWAITING for id, declined_at in rows}


def _spells(within: Interval, person_ids: Iterable[int], reader: Reader) -> list[Spell]:
    """Absences, the kind of each only where the reader may know it: what they may not is not read."""
    statement = _SPELLS_WITH_KIND if reader.sees_kinds else _SPELLS
    sent = {"first": within.starts_at, "last": within.ends_at, "people": list(person_ids)}
    return [Spell(*row) for row in session.execute(statement, {**sent, "reader": reader.person_id or 0})]
