"""Read the reports of any range of days: abstraction, and supervision on a day."""

import datetime as dt
from collections.abc import Collection, Iterable

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import Counted, Question
from npt.abstractions.rules import Figures, assess_person
from npt.core.authority import EVERYTHING, Scope
from npt.people import queries as people
from npt.people.queries import BcuRow, TeamRow
from npt.people.rules import Grade
from npt.policy.rules import Definition, Policy
from npt.reports import rules
from npt.reports.rules import AbstractionReport, AbstractionRow, By, SupervisionReport, Unit
from npt.staffing.queries import supervision_on
from npt.staffing.rules.supervision import AreaRatio, Supervision
from npt.staffing.rules.vacancies import Vacancy


def abstraction_report(question: Question, by: By, scope: Scope) -> AbstractionReport:
    """Abstraction over a window by force, BCU, team or person, of the teams the actor may see."""
    return abstraction_of(abstractions.count(question, scope), by)


def abstraction_of(count: Counted, by: By) -> AbstractionReport:
    """What was counted, as the rows of a report."""
    asked = count.question
    rows = _ROWS[by](count)
    return AbstractionReport(
        first_day=asked.window.first_day,
        last_day=asked.window.last_day,
        as_at=asked.as_at,
        definition=asked.definition,
        by=by,
        rows=tuple(sorted(rows, key=lambda row: row.unit.code)),
        total=count.total(),
    )


def _force_row(count: Counted) -> list[AbstractionRow]:
    return [AbstractionRow(Unit(rules.FORCE, "Force"), count.assess_force(count.total()))]


def _bcu_rows(count: Counted) -> list[AbstractionRow]:
    named = {team.bcu_id: Unit(team.bcu_code, team.bcu_name) for team in count.teams.values()}
    return [
        AbstractionRow(named[bcu_id], count.assess_bcu(named[bcu_id].code, figures))
        for bcu_id, figures in count.by_bcu().items()
    ]


def _team_rows(count: Counted) -> list[AbstractionRow]:
    return [
        AbstractionRow(unit_of(count.teams[team_id]), assessment)
        for team_id, assessment in count.assess_teams().items()
    ]


def _person_rows(count: Counted) -> list[AbstractionRow]:
    asked = count.question
    by_person = count.by_person()
    named = people.people(by_person)
    limited = asked.definition is Definition.LOCAL and asked.policy.person_limit_percent is not None

    def row(person_id: int, figures: Figures) -> AbstractionRow:
        who = named[person_id]
        assessment = assess_person(figures, asked.policy, definition=asked.definition)
        return AbstractionRow(Unit(who.collar_number, who.name), assessment, judged=limited)

    return [row(person_id, figures) for person_id, figures in by_person.items()]


_ROWS = {By.FORCE: _force_row, By.BCU: _bcu_rows, By.TEAM: _team_rows, By.PERSON: _person_rows}


def unit_of(team: TeamRow) -> Unit:
    """A team as a report names it."""
    return Unit(team.code, team.name)


def supervision_report(on: dt.date, policy: Policy, scope: Scope) -> SupervisionReport:
    """Who supervises whom on a day: the teams and BCUs the actor may see, and the whole force's ratio."""
    found = supervision_on(on, policy)
    known, teams, bcus = people.teams(EVERYTHING), people.teams(scope), people.bcus(scope)
    return overseen_by(found, policy, known, teams, bcus, force=found.force)


def overseen_by(
    found: Supervision,
    policy: Policy,
    known: Iterable[TeamRow],
    teams: Iterable[TeamRow],
    bcus: Iterable[BcuRow],
    vacant: Collection[Vacancy] = (),
    *,
    force: AreaRatio | None,
) -> SupervisionReport:
    """Who supervises whom, with names, of the teams and BCUs given, and the force's ratio where it was asked for."""
    # Whoever supervises has the grade sergeant that day, whatever they are now.
    supervisors = people.people(span.person_id for span in found.spans)
    named = {person_id: who._replace(grade=Grade.SERGEANT) for person_id, who in supervisors.items()}
    return rules.assemble_supervision(
        found,
        force=force,
        span_line=policy.span_line,
        teams={team.id: unit_of(team) for team in known},
        people={who.id: Unit(who.collar_number, who.name) for who in named.values()},
        bcus={bcu.id: bcu.code for bcu in bcus},
        within={team.id for team in teams},
        vacancies=vacant,
    )
