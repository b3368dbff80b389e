"""How plans stand: what is to be looked at, by team, every figure the list it leads to."""

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core.authority import Role
from npt.core.db import transaction
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.problem_solving import queries, services
from npt.problem_solving.queries import Narrowing, lists
from npt.problem_solving.queries.lists import HealthLines
from npt.problem_solving.rules.health import Health
from npt.problem_solving.rules.vocabulary import Stage
from npt.problem_solving.services import NewAction
from tests import make
from tests.conftest import NOW, TODAY
from tests.problem_solving import make as plans
from tests.problem_solving.make import acting
from tests.staffing.test_views_units import statements

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)


def lines(days: int) -> HealthLines:
    """The lines so many days from now."""
    at = NOW + days * DAY
    return HealthLines(at - 28 * DAY, at - 84 * DAY, TODAY + days * DAY)


@pytest.mark.usefixtures("session")
def test_each_figure_is_the_number_of_plans_on_the_list_it_leads_to() -> None:
    soham, ely = make.team(), make.team()
    sergeant = acting(Role.SERGEANT, soham, ely)
    late = plans.plan(soham, sergeant, Stage.RESPONSE, "Bikes")
    waiting = plans.plan(soham, acting(Role.PC, soham), Stage.ASSESSMENT, "Fires")
    plans.plan(ely, sergeant, Stage.SCANNING, "Apples")
    with transaction():
        services.add_action(late, NewAction("Lock", TODAY - DAY, partner="Council"), actor=sergeant, at=NOW, on=TODAY)
        services.add_review(late, "Fine", TODAY + DAY, actor=sergeant, at=NOW, on=TODAY)
        queries.plan_to_change(waiting, sergeant).needs_sign_off = True

    for days in (0, 2, 29, 90):
        rows = {row.team_code: row for row in lists.health_by_team(sergeant, lines(days))}
        for team in (soham, ely):
            for health in Health:
                wanted = Narrowing(team=team.code, health=health, asked=lines(days))
                found = queries.listed(sergeant, wanted, TODAY + days * DAY)
                assert rows[team.code].unwell[health] == len(found), (days, health)
    now, later = (
        {row.team_code: row.unwell for row in lists.health_by_team(sergeant, lines(days))} for days in (0, 90)
    )
    assert {health for health, number in now[soham.code].items() if number} == {
        Health.OVERDUE,
        Health.AWAITING_SIGN_OFF,
    }
    assert later[soham.code][Health.STALE] == later[soham.code][Health.STALLED] == 2
    assert later[soham.code][Health.REVIEW_DUE] == 1
    assert now[ely.code] == dict.fromkeys(Health, 0)


@pytest.mark.usefixtures("session")
def test_more_teams_and_plans_take_no_more_statements() -> None:
    team = make.team()
    plans.plan(team, acting(Role.PC, team))
    everybody = acting(Role.AUDITOR, force=True)
    with statements() as few:
        lists.health_by_team(everybody, lines(0))
    for number in range(4):
        other = make.team()
        plans.plan(other, acting(Role.PC, other), problem=f"Bikes {number}")
    with statements() as many:
        assert len(lists.health_by_team(everybody, lines(0))) == 5

    assert len(many) == len(few)


@pytest.mark.usefixtures("client")
def test_a_sergeant_comes_from_my_team_to_an_update_in_one_press_and_a_pc_too(sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    make.posted(team, Grade.SERGEANT)
    constable = make.posted(team, email="pc@demo.example")
    ref = plans.plan(team, acting(Role.PC, team, who=constable))
    sergeant, pc = sign_in(make.user(Role.SERGEANT, "SOH")), sign_in(make.user(Role.PC, "SOH", email="pc@demo.example"))

    for browser in (sergeant, pc):
        assert f'href="/plans/{ref}/updates/new"' in browser.get("/").text
    assert f'href="/plans/{ref}/reviews/new"' in sergeant.get("/").text
    assert f'href="/plans/{ref}/reviews/new"' not in pc.get("/").text
    page = sergeant.get("/plans/health").text
    assert "/plans/?team=SOH&amp;health=stale" in page
    assert "Open plans today" in " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "No update" in sergeant.get("/plans/health?format=csv").text
