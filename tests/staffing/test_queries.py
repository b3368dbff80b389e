"""Vacancies, strength and supervision are read for a day and for what the actor may see, on either database."""

import datetime as dt
from fractions import Fraction

import pytest

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import transaction
from npt.people.rules import Grade, Place, PostingKind
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.staffing import queries
from tests import make
from tests.conftest import TODAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture(autouse=True)
def _policy(session: object) -> None:
    with transaction():
        start_policy()


def test_a_constables_post_is_vacant_while_its_holder_acts_as_sergeant_in_another_team() -> None:
    soham, ely = make.team(), make.team()
    own, above = make.post(soham, ref="SOH-PC-1"), make.post(ely, Grade.SERGEANT, ref="ELY-SGT-1")
    acting = make.person()
    make.posting(acting, own)
    make.posting(acting, above, TODAY - dt.timedelta(days=30), kind=PostingKind.ACTING)

    found = queries.vacancies_on(TODAY, policy_on(TODAY), Scope(team_ids=frozenset({soham.id})))

    assert [(v.post.ref, v.age_days, v.band.value) for v in found] == [("SOH-PC-1", 30, "open")]


def test_an_inspectors_vacancy_is_seen_by_whoever_has_the_sector_and_by_nobody_with_a_team_alone() -> None:
    sector = make.sector()
    team = make.team(sector)
    make.post(sector, Grade.INSPECTOR, ref="EC-INSP")

    by_sector = queries.vacancies_on(TODAY, policy_on(TODAY), Scope(sector_ids=frozenset({sector.id})))
    by_team = queries.vacancies_on(TODAY, policy_on(TODAY), Scope(team_ids=frozenset({team.id})))

    assert [v.post.ref for v in by_sector] == ["EC-INSP"]
    assert by_team == []


def test_a_posting_that_ends_next_week_with_nobody_to_follow_is_forecast() -> None:
    team = make.team()
    make.posting(make.person(), make.post(team, ref="SOH-PC-1"), last_day=TODAY + dt.timedelta(days=7))

    found = queries.forecast_on(TODAY, policy_on(TODAY), EVERYTHING)

    assert [(f.post.ref, f.days_left) for f in found] == [("SOH-PC-1", 7)]


def test_strength_and_establishment_are_counted_by_team_and_grade_and_by_sector_for_inspectors() -> None:
    sector = make.sector()
    team = make.team(sector)
    make.posted(team, Grade.PC)
    make.post(team, Grade.PC)
    make.posted(sector, Grade.INSPECTOR)

    found = queries.staffing_on(TODAY, EVERYTHING)

    assert {(s.unit, s.grade): (s.establishment, s.filled, s.strength) for s in found} == {
        (Place(team.id, None), Grade.PC): (2, 1, 1),
        (Place(None, sector.id), Grade.INSPECTOR): (1, 1, 1),
    }


def test_a_sergeant_who_covers_a_second_team_supervises_the_people_of_both() -> None:
    own, covered = make.team(code="A1"), make.team(code="A2")
    sergeant = make.posted(own, Grade.SERGEANT)
    make.posted(own, Grade.PC)
    make.posted(covered, Grade.PCSO)
    make.cover(sergeant, covered, TODAY - dt.timedelta(days=10))

    found = queries.supervision_on(TODAY, policy_on(TODAY))

    assert [(s.person_id, s.span, [t.code for t in s.teams], s.covering) for s in found.spans] == [
        (sergeant.id, Fraction(2), ["A1", "A2"], True)
    ]
