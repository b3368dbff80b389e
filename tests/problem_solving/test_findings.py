"""What the nightly check says of plans."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from npt.accounts.models import User
from npt.core.authority import EVERYTHING, Role, system
from npt.core.db import transaction
from npt.flags import queries as flags
from npt.flags.rules import FlagKind, kinds_of
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.problem_solving import queries, services
from npt.problem_solving.rules.findings import Assessed, plan_findings
from npt.problem_solving.rules.vocabulary import Stage
from npt.problem_solving.services import NewAction, NewMarking
from tests import make
from tests.conftest import NOW, TODAY
from tests.problem_solving import make as plans
from tests.problem_solving.make import acting
from tests.staffing.make import DEFAULT

LONDON = ZoneInfo("Europe/London")
ON = dt.date(2026, 11, 12)
DAY = dt.timedelta(days=1)


def found(plan: Assessed, supervised: frozenset[int] = frozenset({7})) -> dict[FlagKind, tuple[str, str | None, Role]]:
    findings = list(plan_findings([plan], supervised, DEFAULT, ON))
    assert {each.kind for each in findings} <= kinds_of("plans")
    assert {(each.subject, each.team_id) for each in findings} <= {("P-1", 7)}
    return {each.kind: (each.figure, each.threshold, each.owner_role) for each in findings}


def plan(days: int = 0, *due: int) -> Assessed:
    return Assessed("P-1", 7, "Soham", ON - days * DAY, tuple(ON + day * DAY for day in due))


def test_a_plan_is_stale_on_the_twenty_eighth_day_without_an_update_and_not_before() -> None:
    assert found(plan(27)) == {}
    assert found(plan(28)) == {FlagKind.PLAN_STALE: ("28", "28", Role.SERGEANT)}
    assert found(plan(28), frozenset()) == {FlagKind.PLAN_STALE: ("28", "28", Role.INSPECTOR)}


def test_an_action_is_overdue_from_the_day_after_it_was_due() -> None:
    assert found(plan(0, 0, 5)) == {}
    assert found(plan(0, 0, -1)) == {FlagKind.ACTION_OVERDUE: ("1", "0", Role.SERGEANT)}


@given(st.integers(0, 90), st.lists(st.integers(-60, 60), max_size=6))
def test_what_is_found_of_a_plan_is_as_many_as_are_late_and_one_flag_of_a_kind(days: int, due: list[int]) -> None:
    kinds = [each.kind for each in plan_findings([plan(days, *due)], frozenset(), DEFAULT, ON)]

    assert len(kinds) == len(set(kinds))
    late = sum(day < 0 for day in due)
    assert found(plan(days, *due)).get(FlagKind.ACTION_OVERDUE, ("0",))[0] == str(late)
    assert (FlagKind.PLAN_STALE in kinds) == (days >= 28)


def run(on: dt.date) -> list[tuple[str, str]]:
    with transaction():
        services.flag_plans(on, policy_on(on), LONDON, actor=system("plans"), at=NOW)
    return sorted((flag.subject, flag.kind.value) for flag in flags.open_for(EVERYTHING))


@pytest.mark.usefixtures("session")
def test_the_check_flags_a_plan_that_stands_still_and_closes_the_flag_once_something_is_done() -> None:
    with transaction():
        start_policy()
    team = make.team()
    make.posted(team, Grade.SERGEANT)
    pc = acting(Role.PC, team)
    ref = plans.plan(team, pc, Stage.RESPONSE, "Fires in the yard")
    with transaction():
        services.add_action(ref, NewAction("Fence", TODAY + 3 * DAY, partner="Council"), actor=pc, at=NOW, on=TODAY)
        reason = NewMarking("Names a street")
        services.mark(ref, reason, actor=acting(Role.SERGEANT, team), at=NOW, on=TODAY)

    assert run(TODAY + 27 * DAY) == [(ref, "action_overdue")]
    assert run(TODAY + 28 * DAY) == run(TODAY + 28 * DAY) == [(ref, "action_overdue"), (ref, "plan_stale")]
    told = [flag.detail for flag in flags.open_for(EVERYTHING)]
    assert not any("Fires" in detail or "Fence" in detail for detail in told), told
    later = NOW + dt.timedelta(days=28, hours=3)
    action = queries.plan_page(ref, acting(Role.SERGEANT, team), TODAY).actions[0]
    with transaction():
        services.finish_action(ref, action.id, actor=acting(Role.SERGEANT, team), at=later, on=TODAY + 28 * DAY)
    assert run(TODAY + 29 * DAY) == []


def test_a_flag_of_a_plan_leads_to_it_and_for_who_may_be_kept_from_it_to_the_teams_plans(
    client: FlaskClient, sign_in: Callable[[User], FlaskClient]
) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    ref = plans.plan(team, acting(Role.PC, team))
    run(TODAY + 30 * DAY)
    flag = flags.open_for(EVERYTHING)[0]

    sergeant, lead = sign_in(make.user(Role.SERGEANT, "SOH")), sign_in(make.user(Role.FORCE_LEAD))

    assert f'href="/plans/{ref}"' in sergeant.get(f"/flags/{flag.id}").text
    assert 'href="/plans/?team=SOH"' in lead.get(f"/flags/{flag.id}").text
