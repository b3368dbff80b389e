"""What the panels of a team ask for stands on its home."""

import datetime as dt

import pytest
from flask import Flask

from npt import edge
from npt.core.authority import Role
from npt.core.db import transaction
from npt.core.periods import DAY
from npt.panels import services as panels
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.people.models import Team
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import NOW, TODAY, SignIn
from tests.problem_solving.make import acting, plan


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH", "Soham")


@pytest.fixture
def next_month(app: Flask) -> str:
    """An evening still to come by the real clock, which pages ask, as the builders take it."""
    with app.app_context():
        return f"{edge.today() + 30 * DAY:%Y-%m-%d} 19:00"


def test_a_sergeant_sees_what_the_panel_asked_how_far_its_plan_is_and_when_it_meets_next(
    sign_in: SignIn, soham: Team, next_month: str
) -> None:
    panel = make.panel(soham, code="SOHV")
    held = make.meeting(panel, "2026-09-03 19:00")
    make.meeting(panel, next_month, MeetingStatus.PLANNED)
    asked = make.priority(panel, held, PriorityState.ADOPTED, "Speeding on Fordham Road")
    ref = plan(soham, acting(Role.PC, soham, who=make.posted(soham)))
    with transaction():
        panels.tie_plan(asked.id, ref, actor=acting(Role.SERGEANT, soham), at=NOW, on=TODAY)
    make.priority(panel, held, PriorityState.ADOPTED, "Young people with nowhere to go")
    for over in (PriorityState.DECLINED, PriorityState.SIGNED_OFF, PriorityState.WITHDRAWN):
        make.priority(panel, held, over, f"One that is {over.value}")
    make.priority(panel, None, PriorityState.RAISED, "One not decided on")

    page = " ".join(sign_in(make.user(Role.SERGEANT, "SOH")).get("/").text.split())

    day = dt.date.fromisoformat(next_month[:10])
    assert "Speeding on Fordham Road" in page
    assert "plan at scanning, last update" in page
    assert "Young people with nowhere to go" in page
    assert "no plan yet" in page
    assert f"{day.day} {day:%B %Y}" in page
    assert "One " not in page


def test_a_priority_of_two_teams_stands_once_under_the_team_that_leads_the_panel(sign_in: SignIn, soham: Team) -> None:
    led = make.team(soham.sector, "ELY", "Ely")
    panel = make.panel(led, soham)
    make.priority(panel, make.meeting(panel, "2026-09-03 19:00"), PriorityState.ADOPTED, "Mopeds in the park")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH", "ELY"))

    page = sergeant.get("/").text
    ely = page[page.index('id="team-ELY"') : page.index('id="team-SOH"')]

    assert page.count(">Mopeds in the park</a>") == 1
    assert ">Mopeds in the park</a>" in ely


def test_a_constable_sees_them_too_and_a_team_without_a_priority_is_told_how_one_comes_about(
    sign_in: SignIn, soham: Team
) -> None:
    constable = sign_in(make.user(Role.PC, "SOH"))
    before = constable.get("/").text
    panel = make.panel(soham)
    make.priority(panel, make.meeting(panel, "2026-09-03 19:00"), PriorityState.ADOPTED, "Mopeds in the park")

    assert "No panel has a priority that waits for an answer" in before
    assert ">Mopeds in the park</a>" in constable.get("/").text


def test_a_panel_of_another_team_is_none_of_theirs(sign_in: SignIn, soham: Team) -> None:
    panel = make.panel(make.team(code="CBN"))
    make.priority(panel, make.meeting(panel, "2026-09-03 19:00"), PriorityState.ADOPTED, "Mopeds in the park")

    assert "Mopeds in the park" not in sign_in(make.user(Role.SERGEANT, "SOH")).get("/").text
