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
from npt.problem_solving.queries import Narrowing
from npt.problem_solving.queries.health import HealthLines, standing
from npt.problem_solving.rules.health import Health, HealthBy
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
        rows = {row.code: row for row in standing(sergeant, lines(days))}
        for team in (soham, ely):
            for health in Health:
                wanted = Narrowing(team=team.code, health=health, asked=lines(days))
                found = queries.listed(sergeant, wanted, TODAY + days * DAY)
                assert rows[team.code].unwell[health] == len(found), (days, health)
    now, later = ({row.code: row.unwell for row in standing(sergeant, lines(days))} for days in (0, 90))
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
        standing(everybody, lines(0))
    for number in range(4):
        other = make.team()
        plans.plan(other, acting(Role.PC, other), problem=f"Bikes {number}")
    with statements() as many:
        assert len(standing(everybody, lines(0))) == 5

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
    assert "/plans/?health=stale&amp;team=SOH" in page
    assert "Open plans today" in " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "No update" in sergeant.get("/plans/health?format=csv").text


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("by", list(HealthBy))
def test_each_figure_of_a_sector_and_a_supervisor_is_the_list_it_leads_to(by: HealthBy) -> None:
    soham, ely = make.team(), make.team()
    make.posted(soham, Grade.SERGEANT)
    everybody = acting(Role.AUDITOR, force=True)
    for team in (soham, ely):
        author = acting(Role.PC, team)
        late = plans.plan(team, author, Stage.RESPONSE, "Bikes")
        plans.plan(team, author, Stage.SCANNING, "Fires")
        with transaction():
            action = NewAction("Lock", TODAY - DAY, partner="Council")
            services.add_action(late, action, actor=author, at=NOW, on=TODAY)

    for days in (0, 29, 90):
        rows = standing(everybody, lines(days), by)
        assert sum(row.plans for row in rows) == 4
        for row in rows:
            for health in (None, *Health):
                wanted = Narrowing(**{by.value: row.code}, health=health, asked=lines(days))  # type: ignore[arg-type]
                found = queries.how_many(everybody, wanted, TODAY + days * DAY)
                assert (row.plans if health is None else row.unwell[health]) == found, (days, health, row)
    if by is HealthBy.SUPERVISOR:
        assert "Nobody yet" in {row.name for row in rows}


@pytest.mark.usefixtures("client")
def test_an_inspector_reads_how_plans_stand_by_supervisor_and_goes_to_the_plans(sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    soham, ely = make.team(code="SOH"), make.team(code="ELY")
    sergeant = make.posted(soham, Grade.SERGEANT)
    plans.plan(soham, acting(Role.PC, soham), problem="Bikes")
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    page = browser.get("/plans/health?by=supervisor").text
    link = f"/plans/?health=stale&amp;supervisor={sergeant.collar_number}"
    assert link in page
    assert "Bikes" in browser.get(f"/plans/?supervisor={sergeant.collar_number}").text
    assert "Bikes" not in browser.get("/plans/?supervisor=nobody").text
    assert "Supervisor,Open plans" in browser.get("/plans/health?by=supervisor&format=csv").text
    assert "/plans/health?by=supervisor" in browser.get("/").text
    nothing = sign_in(make.user(Role.SERGEANT, "ELY", email="ely@demo.example"))
    for by in ("team", "sector", "supervisor", "nonsense"):
        assert "No open plan" in nothing.get(f"/plans/health?by={by}").text
    assert ely.code not in page
