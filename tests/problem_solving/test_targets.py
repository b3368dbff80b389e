"""By when a target is reached: chosen with the measure, moved in the open, and what is past it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import Role
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.problem_solving import queries, services
from npt.problem_solving.models import PlanMeasure
from npt.problem_solving.queries import Narrowing
from npt.problem_solving.queries.health import HealthLines, standing
from npt.problem_solving.rules.health import Health, obstacles_to_target, past_target, target_reached
from npt.problem_solving.rules.vocabulary import Better, Stage
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.problem_solving import make as plans
from tests.problem_solving.make import acting

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)
AIMED = replace(plans.MEASURE, target_value=Decimal(12), target_on=TODAY + 30 * DAY)


def test_a_target_has_a_day_and_a_day_has_a_target() -> None:
    def said(value: int | None, day: dt.date | None, held: dt.date | None = None) -> list[str]:
        aimed = None if value is None else Decimal(value)
        return [reason.message for reason in obstacles_to_target(aimed, day, held, TODAY)]

    assert said(None, None) == said(12, TODAY + DAY) == said(12, TODAY - DAY, TODAY - DAY) == []
    assert said(12, None) == ["Enter the day by which the target is to be reached"]
    assert said(None, TODAY + DAY) == ["Enter the target that is to be reached by then"]
    assert said(12, TODAY) == ["Enter a day after today"]


def test_a_measure_that_is_there_is_not_past_target() -> None:
    assert target_reached(Better.LOWER, Decimal(12), Decimal(12))
    assert not target_reached(Better.HIGHER, Decimal(12), Decimal(11))
    assert not target_reached(Better.LOWER, Decimal(12), None)
    assert past_target(TODAY, False, TODAY + DAY)
    assert not past_target(TODAY, False, TODAY)
    assert not past_target(TODAY, True, TODAY + DAY)
    assert not past_target(None, False, TODAY)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("better", list(Better))
@pytest.mark.parametrize("after", [None, 11, 12, 13])
def test_the_list_and_the_count_and_the_plan_agree_on_what_is_past_target(better: Better, after: int | None) -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.ASSESSMENT)
    other = plans.plan(team, sergeant, Stage.SCANNING, "Apples")
    with transaction():
        measure = _measure(ref)
        measure.better, measure.target_value, measure.target_on = better, Decimal(12), TODAY
        measure.after_value = None if after is None else Decimal(after)
        if after is None:
            measure.after_first = measure.after_last = None

    for day in (TODAY, TODAY + DAY):
        expected = past_target(TODAY, target_reached(better, Decimal(12), measure.after_value), day)
        lines = HealthLines(NOW - 28 * DAY, NOW - 84 * DAY, day)
        found = queries.listed(sergeant, Narrowing(health=Health.PAST_TARGET, asked=lines), day)
        (row,) = standing(sergeant, lines)
        assert [line.ref for line in found] == ([ref] if expected else [])
        assert row.unwell[Health.PAST_TARGET] == len(found)
        assert queries.plan_page(ref, sergeant, day).past_target(day) == expected
        everything = {line.ref: line.past_target for line in queries.listed(sergeant, Narrowing(), day)}
        assert everything == {ref: expected, other: False}


def _measure(ref: str) -> PlanMeasure:
    plan = queries.plan_page(ref, acting(Role.AUDITOR, force=True), TODAY)
    measure = session.scalar(select(PlanMeasure).where(PlanMeasure.plan_id == plan.id))
    assert measure is not None
    return measure


@pytest.mark.usefixtures("session")
def test_moving_the_day_leaves_the_old_one_to_be_read_and_is_refused_without_a_reason() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant)
    with transaction():
        services.choose_measure(ref, AIMED, actor=sergeant, at=NOW, on=TODAY)
    for day, why, said in (
        (TODAY + 60 * DAY, " ", "Enter why the day is moved"),
        (TODAY, "Snow", "Enter a day after today"),
        (TODAY + 30 * DAY, "Snow", "That is the day already"),
    ):
        with pytest.raises(Refused, match=said), transaction():
            services.move_target_day(ref, day, why, actor=sergeant, at=NOW, on=TODAY)
    with transaction():
        services.move_target_day(ref, TODAY + 60 * DAY, "The gate comes late", actor=sergeant, at=NOW, on=TODAY)

    plan = queries.plan_page(ref, sergeant, TODAY)
    assert plan.measure is not None
    assert plan.measure.target_on == TODAY + 60 * DAY
    assert "The gate comes late" in plan.updates[0].text
    assert plan.updates[0].text.startswith("Target day moved from")
    (entry,) = [line for line in history(f"plan:{ref}") if line.event == "plan.target_day_moved"]
    assert entry.details["before"] == str(AIMED.target_on)


@pytest.mark.usefixtures("session")
def test_a_plan_without_a_target_has_no_day_to_move() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    bare, measured = plans.plan(team, sergeant), plans.plan(team, sergeant, Stage.RESPONSE, "Fires")
    for ref, said in ((bare, "no measure yet"), (measured, "has no target")):
        with pytest.raises(Refused, match=said), transaction():
            services.move_target_day(ref, TODAY + DAY, "Snow", actor=sergeant, at=NOW, on=TODAY)


@pytest.mark.usefixtures("client")
def test_the_day_is_asked_for_with_the_measure_and_read_on_plan_list_print_and_files(sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    make.posted(team, Grade.SERGEANT)
    ref = plans.plan(team, acting(Role.PC, team))
    pc = sign_in(make.user(Role.PC, "SOH", email="pc@demo.example"))
    sent = {
        "what": "Calls",
        "source": "Control",
        "better": "lower",
        "baseline_value": "20",
        "baseline_first": "2026-05-01",
        "baseline_last": "2026-07-31",
        "target_value": "12",
    }
    refused = post(pc, f"/plans/{ref}/measure", **sent).text
    assert "Enter the day by which the target is to be reached" in refused
    post(pc, f"/plans/{ref}/measure", **sent, target_on="2099-03-31")
    for page in (f"/plans/{ref}", f"/plans/{ref}/summary", "/plans/"):
        assert "31 March 2099" in pc.get(page).text, page
    for file in ("/plans/?format=csv", "/plans/partnership?format=csv"):
        assert "2099-03-31" in pc.get(file).text, file
    assert pc.get(f"/plans/{ref}/target-day").status_code == 404

    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    assert f"/plans/{ref}/target-day" in sergeant.get(f"/plans/{ref}").text
    post(sergeant, f"/plans/{ref}/target-day", target_on="2099-04-30", reason="Late")
    moved = sergeant.get(f"/plans/{ref}").text
    assert "Target day moved from 31 March 2099 to 30 April 2099: Late" in moved
