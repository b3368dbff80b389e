"""The priorities plans serve, what a partnership is given, and what becomes of a closed plan's text."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from npt.accounts.models import User
from npt.audit.models import AuditEntry
from npt.core.authority import Role, system
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import add_months
from npt.people.models import Team
from npt.policy.cli import start_policy
from npt.problem_solving import queries, services
from npt.problem_solving.models import PlanScore
from npt.problem_solving.queries import lists, priorities
from npt.problem_solving.rules.impact import Verdict
from npt.problem_solving.rules.priorities import PriorityList
from npt.problem_solving.rules.retaining import Retention
from npt.problem_solving.rules.sharing import Score
from npt.problem_solving.rules.vocabulary import Method, Outcome, PlanState, Stage
from npt.problem_solving.services import NewImpact, NewMarking, NewPriority, NewRetention
from npt.problem_solving.services.retaining import GONE
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.problem_solving import make as plans
from tests.problem_solving.make import CLOSING, LEAST, acting

SignIn = Callable[[User], FlaskClient]
Sessions = scoped_session[Session]
DAY = dt.timedelta(days=1)
LEAD = acting(Role.FORCE_LEAD, force=True)


def priority(name: str = "Rural crime", first: dt.date = TODAY, last: dt.date | None = None) -> int:
    with transaction():
        return services.add_priority(NewPriority(PriorityList.JSA, name, first, last), actor=LEAD, at=NOW)


@pytest.mark.usefixtures("session")
def test_a_plan_serves_priorities_in_force_and_keeps_one_that_ended() -> None:
    team = make.team()
    pc = acting(Role.PC, team)
    ref = plans.plan(team, pc)
    rural, gone = priority(), priority("Old one", TODAY - 9 * DAY, TODAY - DAY)

    with transaction():
        services.tag_plan(ref, (rural,), actor=pc, at=NOW, on=TODAY)
    with pytest.raises(Refused, match="in force"), transaction():
        services.tag_plan(ref, (rural, gone), actor=pc, at=NOW, on=TODAY)
    with transaction():
        services.end_priority(rural, TODAY, actor=LEAD, at=NOW)
    with pytest.raises(Refused, match="last day already"), transaction():
        services.end_priority(rural, TODAY, actor=LEAD, at=NOW)
    with pytest.raises(Refused, match="not before the first"):
        priority("Backwards", TODAY, TODAY - DAY)
    with transaction():
        services.tag_plan(ref, (rural,), actor=pc, at=NOW, on=TODAY + DAY)

    plan_id = queries.plan_page(ref, pc, TODAY).id
    assert priorities.tags_of(plan_id) == {rural: "Joint strategic assessment: Rural crime"}
    assert [(row.name, row.plans) for row in priorities.priorities(pc)] == [("Old one", 0), ("Rural crime", 1)]
    assert [row.plans for row in priorities.priorities(acting(Role.PC, make.team()))] == [0, 0]
    wanted = queries.Narrowing(priority=rural)
    assert [row.ref for row in queries.listed(pc, wanted, TODAY)] == [ref]


@pytest.mark.usefixtures("session")
def test_a_partnership_is_given_open_plans_and_late_outcomes_and_no_restricted_one() -> None:
    team = make.team()
    pc, sergeant = acting(Role.PC, team), acting(Role.SERGEANT, team, user_id=902)
    plain, secret = plans.plan(team, pc, problem="Bikes"), plans.plan(team, pc, problem="Fires")
    closed = plans.plan(team, pc, Stage.ASSESSMENT, "Oil")
    with transaction():
        services.mark(secret, NewMarking("Names a street"), actor=sergeant, at=NOW, on=TODAY)
        counts = {"treated_before": 100, "treated_after": 20, "comparison_before": 100, "comparison_after": 100}
        services.compare(closed, NewImpact(Method.AREA, "Burwell", **counts), actor=pc, at=NOW, least=LEAST)
        services.close_plan(closed, Outcome.REDUCED, actor=sergeant, at=NOW, **CLOSING)

    def given(since: dt.datetime) -> list[tuple[str, Outcome | None]]:
        return [(row.ref, row.outcome) for row in priorities.partnership_lines(sergeant, since)]

    assert given(NOW - DAY) == [(plain, None), (closed, Outcome.REDUCED)]
    assert given(NOW + DAY) == [(plain, None)]
    told = [row.verdict for row in priorities.partnership_lines(sergeant, NOW - DAY)]
    assert told == [Verdict.NO_COMPARISON, Verdict.BETTER]


def closed_plan(user_id: int = 902) -> tuple[str, dt.date]:
    """A closed plan, and the first day on which its disposal is proposed."""
    team = make.team(code="SOH")
    ref = plans.plan(team, acting(Role.PC, team), Stage.ASSESSMENT)
    supervisor = acting(Role.SERGEANT, team, user_id=user_id)
    with transaction():
        services.add_update(ref, "Quiet since", actor=supervisor, at=NOW)
        services.close_plan(ref, Outcome.REDUCED, actor=supervisor, at=NOW, **CLOSING)
        services.score_plan(ref, Score(3, 3, 3, 3), "The gate was the key", actor=supervisor, at=NOW)
    return ref, add_months(TODAY, 72)


def propose(on: dt.date) -> int:
    with transaction():
        return services.propose_disposals(on, actor=system("plans"), at=NOW)


def test_a_closed_plan_is_proposed_on_its_day_and_its_words_go_while_its_figures_stay(session: Sessions) -> None:
    ref, day = closed_plan()
    supervisor = acting(Role.SERGEANT, session.scalars(select(Team)).one())
    assert queries.plan_page(ref, supervisor, TODAY).retention_review_on == day, "known when it is closed"
    early = NewRetention(Retention.DISPOSE, None, "Not needed")
    with pytest.raises(Refused, match="not proposed"), transaction():
        services.decide_retention(ref, early, actor=supervisor, at=NOW, on=TODAY)
    assert [propose(day - DAY), propose(day), propose(day)] == [0, 1, 0]
    with pytest.raises(Refused, match="Enter why"), transaction():
        services.decide_retention(ref, NewRetention(Retention.DISPOSE, None, " "), actor=supervisor, at=NOW, on=day)
    with transaction():
        longer = NewRetention(Retention.KEEP, day + 30 * DAY, "A court case is open")
        services.decide_retention(ref, longer, actor=supervisor, at=NOW, on=day)
    assert lists.disposals(supervisor) == []
    assert [propose(day + 29 * DAY), propose(day + 30 * DAY)] == [0, 1]
    with transaction():
        services.decide_retention(ref, early, actor=supervisor, at=NOW, on=day + 30 * DAY)

    session.expire_all()
    page = queries.plan_page(ref, supervisor, TODAY)
    said = repr(page)
    for word in (plans.NEW["detail"], plans.NEW["problem"], "Quiet since", "Lock the gate", "Walkers", "Letters"):
        assert word not in said, word
    assert page.measure is not None
    assert [page.measure.baseline_value, page.measure.after_value] == [20, 10]
    assert page.outcome is Outcome.REDUCED
    assert (page.detail, page.updates[0].text, page.actions[0].what) == (GONE, GONE, GONE)
    assert session.scalars(select(PlanScore.note)).all() == [GONE]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "plan.disposed")).one()
    assert "Not needed" in str(entry.details)
    assert propose(day + 90 * DAY) == 0
    closed = queries.Narrowing(PlanState.CLOSED)
    assert [row.ref for row in queries.listed(supervisor, closed, TODAY)] == [ref]


@pytest.mark.usefixtures("client")
def test_a_supervisor_disposes_of_what_is_proposed_and_a_force_lead_keeps_the_lists(sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    ref, day = closed_plan()
    propose(day)
    sergeant, lead = sign_in(make.user(Role.SERGEANT, "SOH")), sign_in(make.user(Role.FORCE_LEAD))

    assert f"/plans/{ref}/disposal" in sergeant.get("/plans/disposals").text
    assert ref in sergeant.get("/plans/disposals?format=csv").text
    disposal, decided = f"/plans/{ref}/disposal", {"decision": "dispose", "reason": "Not needed"}
    assert "Choose what becomes of its text" in post(sergeant, disposal, reason="Not needed").text
    assert "Enter the day until which it is kept" in post(sergeant, disposal, decision="keep", reason="A case").text
    asked = post(sergeant, disposal, **decided)
    assert "Its words go, for good" in asked.text
    assert "Quiet since" in sergeant.get(f"/plans/{ref}").text
    assert post(sergeant, disposal, **decided, step="confirm").status_code == 302
    left = sergeant.get(f"/plans/{ref}").text
    for word in ("Quiet since", plans.NEW["problem"], "Lock the gate", "Walkers", "The gate was the key"):
        assert word not in left, word
    assert "Its text was disposed of on" in left
    assert "Not needed" in left
    assert "Nothing is to be decided" in sergeant.get("/plans/disposals").text
    added = post(lead, "/plans/priorities/new", list="district", name="Safer Ely", first_day="2026-11-01")
    assert added.status_code == 302
    assert "Safer Ely" in sergeant.get("/plans/priorities").text
    assert "Safer Ely" in lead.get("/plans/priorities?format=csv").text
    assert (
        "OFFICIAL-plans-for-the-partnership"
        in sergeant.get("/plans/partnership?format=csv").headers["Content-Disposition"]
    )
    assert sergeant.get("/plans/priorities/new").status_code == 404
