"""The units whose figures an actor may see."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy.exc import NoResultFound

from npt.abstractions.rules import Unit, UnitKind
from npt.core.authority import Scope
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow


def units(teams: Sequence[TeamRow], scope: Scope) -> list[Unit]:
    """Every unit within a scope that has a team: the force, BCUs, sectors, teams, in this order and by name.

    :param teams: every team of the scope. A BCU or sector of which it holds some teams only is not in it
    """
    force = [Unit(UnitKind.FORCE, UnitKind.FORCE.value, "Whole force", team_ids=frozenset(t.id for t in teams))]
    top = force if scope.force else []
    bcus = {
        row.bcu_id: Unit(
            UnitKind.BCU,
            row.bcu_code,
            f"{row.bcu_name} BCU",
            row.bcu_code,
            frozenset(t.id for t in teams if t.bcu_id == row.bcu_id),
            top,
        )
        for row in teams
        if scope.has_bcu(row.bcu_id)
    }
    sectors = {
        row.sector_id: Unit(
            UnitKind.SECTOR,
            row.sector_code,
            f"{row.sector_name} sector",
            row.bcu_code,
            frozenset(t.id for t in teams if t.sector_id == row.sector_id),
            [*top, *_known(bcus.get(row.bcu_id))],
        )
        for row in teams
        if scope.force or row.sector_id in scope.sector_ids
    }
    lowest = [
        Unit(
            UnitKind.TEAM,
            row.code,
            row.name,
            row.bcu_code,
            frozenset({row.id}),
            [*top, *_known(bcus.get(row.bcu_id)), *_known(sectors.get(row.sector_id))],
        )
        for row in teams
    ]
    return [*top, *_by_name(bcus.values()), *_by_name(sectors.values()), *_by_name(lowest)]


def _known(unit: Unit | None) -> list[Unit]:
    return [unit] if unit else []


def _by_name(found: Iterable[Unit]) -> list[Unit]:
    return sorted(found, key=lambda unit: (unit.name.lower(), unit.code))


def unit_of(found: Sequence[Unit], code: str) -> Unit:
    """One of the units within a scope; codes are unique across BCUs, sectors and teams (RULES section 9).

    :raises NoResultFound: when there is no such unit, or the actor may not see it
    """
    for unit in found:
        if unit.code == code:
            return unit
    raise NoResultFound(f"no unit {code} within scope")


def person_unit(collar_number: str, scope: Scope, today: dt.date, teams: Sequence[TeamRow]) -> Unit:
    """Somebody whose record the actor may open (docs/decisions/0005), counted in the teams the actor may see.

    :raises NoResultFound: when there is nobody of that number, or the actor may not open the record
    """
    return unit_of_person(people.person_to_open(collar_number, scope, today), teams)


def unit_of_person(person: PersonRow, teams: Sequence[TeamRow]) -> Unit:
    """A person, counted in these teams."""
    ids = frozenset(team.id for team in teams)
    return Unit(UnitKind.PERSON, person.collar_number, person.name, team_ids=ids, person_id=person.id)
