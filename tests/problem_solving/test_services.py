"""What is done with plans, by whom, and what the record keeps of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, scoped_session

from npt.audit.models import AuditEntry
from npt.core.authority import Actor, Role
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people.rules import Grade
from npt.problem_solving import queries, services
from npt.problem_solving.models import PlanMeasure, PlanMove
from npt.problem_solving.queries import Narrowing
from npt.problem_solving.rules.vocabulary import Method, Outcome, PlanState, ProblemType, SourceKind, Stage
from npt.problem_solving.services import NewAction, NewImpact, NewMarking, NewPlan, NewProblem, NewSource
from tests import make
from tests.conftest import NOW, TODAY
from tests.problem_solving import make as plans
from tests.problem_solving.make import CLOSING, LEAST, acting

Sessions = scoped_session[Session]


def seen(who: Actor, narrowing: Narrowing = Narrowing(PlanState.ALL)) -> list[str]:  # noqa: B008 - frozen
    refs = [row.ref for row in queries.listed(who, narrowing, TODAY)]
    assert len(refs) == queries.how_many(who, narrowing, TODAY)
    return sorted(refs)


def test_a_plan_goes_its_whole_way_and_the_record_has_each_step(session: Sessions) -> None:
    team = make.team()
    author = make.posted(team)
    pc = acting(Role.PC, team, who=author)
    ref = plans.plan(team, pc, Stage.ASSESSMENT)
    supervisor = acting(Role.SERGEANT, team, user_id=902)

    with transaction():
        services.close_plan(ref, Outcome.REDUCED, actor=supervisor, at=NOW, **CLOSING)

    page = queries.plan_page(ref, supervisor, TODAY)
    assert (page.outcome, page.closed_by, page.owner_id) == (Outcome.REDUCED, "sergeant", author.id)
    steps = session.execute(select(PlanMove.from_stage, PlanMove.to_stage).order_by(PlanMove.id)).all()
    assert steps == list(zip(list(Stage)[1:], list(Stage)[2:], strict=False))
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.subject == f"plan:{ref}")).all()
    assert {"plan.opened", "plan.measure_chosen", "plan.moved_on", "plan.action_added", "plan.closed"} <= set(events)
    late: list[Callable[[], object]] = [
        lambda: services.add_update(ref, "More", actor=pc, at=NOW),
        lambda: services.move_back(ref, Stage.SCANNING, "Again", actor=supervisor, at=NOW),
        lambda: services.close_plan(ref, Outcome.WORSE, actor=supervisor, at=NOW, **CLOSING),
    ]
    for each in late:
        with pytest.raises(Refused, match="closed"), transaction():
            each()
    with transaction():
        services.mark(ref, NewMarking("A witness could be known from it"), actor=supervisor, at=NOW, on=TODAY)
    assert queries.plan_page(ref, supervisor, TODAY).sensitive


@pytest.mark.usefixtures("session")
def test_a_plan_is_not_moved_on_while_something_is_missing_and_nothing_is_kept_of_the_attempt() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant)

    with pytest.raises(Refused) as refused, transaction():
        services.move_on(ref, actor=sergeant, at=NOW)

    assert len(refused.value.reasons) == 2
    page = queries.plan_page(ref, sergeant, TODAY)
    assert (page.facts.stage, page.moves) == (Stage.SCANNING, [])


@pytest.mark.usefixtures("session")
def test_a_plan_that_answers_a_priority_is_closed_only_when_it_is_signed_off_and_not_by_who_signed() -> None:
    team = make.team()
    ref = plans.plan(team, acting(Role.PC, team), Stage.ASSESSMENT)
    supervisor = acting(Role.SERGEANT, team, user_id=902)
    with transaction():
        queries.plan_to_change(ref, supervisor).needs_sign_off = True

    with pytest.raises(Refused, match="not signed it off"), transaction():
        services.close_plan(ref, Outcome.REDUCED, actor=supervisor, at=NOW, **CLOSING)
    with transaction():
        plan = queries.plan_to_change(ref, supervisor)
        plan.signed_off_at, plan.signed_off_by_user_id = NOW, 902
    with pytest.raises(Refused, match="You signed it off"), transaction():
        services.close_plan(ref, Outcome.REDUCED, actor=supervisor, at=NOW, **CLOSING)
    with transaction():
        services.close_plan(ref, Outcome.REDUCED, actor=acting(Role.SERGEANT, team, user_id=903), at=NOW, **CLOSING)
    assert not queries.plan_page(ref, supervisor, TODAY).is_open


@pytest.mark.usefixtures("session")
def test_the_database_itself_refuses_a_close_without_sign_off() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant)

    with pytest.raises(Refused), transaction():
        plan = queries.plan_to_change(ref, sergeant)
        plan.needs_sign_off, plan.closed_at, plan.outcome = True, NOW, Outcome.RESOLVED


@pytest.mark.usefixtures("session")
def test_the_author_and_the_owner_do_not_close_their_own_plan() -> None:
    team = make.team()
    writer = make.posted(team, Grade.SERGEANT)
    ref = plans.plan(team, acting(Role.SERGEANT, team, who=writer), Stage.ASSESSMENT)

    with pytest.raises(Refused, match="wrote this plan or own it"), transaction():
        services.close_plan(
            ref, Outcome.REDUCED, actor=acting(Role.SERGEANT, team, who=writer, user_id=7), at=NOW, **CLOSING
        )


@pytest.mark.usefixtures("session")
def test_the_measure_cannot_be_chosen_again_once_scanning_is_over_but_after_going_back_it_can() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.ANALYSIS)
    easier = replace(plans.MEASURE, what="Something easier")

    with pytest.raises(Refused, match="The measure is chosen at objective or scanning"), transaction():
        services.choose_measure(ref, easier, actor=sergeant, at=NOW, on=TODAY)
    with transaction():
        services.move_back(ref, Stage.SCANNING, "It measured the wrong thing", actor=sergeant, at=NOW)
        services.choose_measure(ref, easier, actor=sergeant, at=NOW, on=TODAY)

    page = queries.plan_page(ref, sergeant, TODAY)
    assert page.measure is not None
    assert page.measure.what == "Something easier"
    assert page.moves[0].reason == "It measured the wrong thing"


@pytest.mark.usefixtures("session")
def test_no_action_before_the_analysis_and_no_result_before_the_response() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant)
    action = NewAction("Patrol", TODAY, partner="Council")

    with pytest.raises(Refused, match="Actions are added at response"), transaction():
        services.add_action(ref, action, actor=sergeant, at=NOW, on=TODAY)
    with pytest.raises(Refused, match="recorded at assessment"), transaction():
        services.assess(ref, plans.ASSESSMENT, actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="recorded at assessment"), transaction():
        services.compare(ref, NewImpact(Method.NONE), actor=sergeant, at=NOW, least=LEAST)


@pytest.mark.usefixtures("session")
def test_nobody_sees_or_touches_a_plan_of_another_team() -> None:
    mine, theirs = make.team(), make.team()
    pc, sergeant = acting(Role.PC, mine), acting(Role.SERGEANT, mine)
    ref = plans.plan(theirs, acting(Role.SERGEANT, theirs), Stage.RESPONSE)

    assert seen(sergeant) == []
    with pytest.raises(NoResultFound):
        queries.plan_page(ref, pc, TODAY)
    for act in (
        lambda: services.add_update(ref, "Seen", actor=pc, at=NOW),
        lambda: services.move_on(ref, actor=sergeant, at=NOW),
        lambda: services.open_plan(
            NewPlan(theirs.code, "Bikes", "Often", ProblemType.OTHER), actor=sergeant, at=NOW, on=TODAY
        ),
    ):
        with pytest.raises(NoResultFound), transaction():
            act()
    assert seen(acting(Role.AUDITOR, force=True)) == [ref]


@pytest.mark.usefixtures("session")
def test_a_restricted_plan_is_seen_by_supervisors_the_auditor_and_those_it_names_and_nobody_else() -> None:
    team = make.team()
    author, named, other = (make.posted(team, surname=name) for name in ("Adams", "Baker", "Clarke"))
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, acting(Role.PC, team, who=author))
    with transaction():
        services.mark(ref, NewMarking("Names an informant's street", (named.id,)), actor=sergeant, at=NOW, on=TODAY)

    def open_to(who: Actor) -> bool:
        return seen(who) == [ref]

    pcs = [acting(Role.PC, team, who=who) for who in (author, named, other)]
    assert [open_to(pc) for pc in pcs] == [True, True, False]
    assert not open_to(acting(Role.PC, team))
    assert open_to(sergeant)
    assert open_to(acting(Role.AUDITOR, force=True))
    assert not open_to(acting(Role.FORCE_LEAD, force=True))
    assert not open_to(acting(Role.ANALYST, force=True))
    with transaction():
        services.mark(ref, NewMarking(None), actor=sergeant, at=NOW, on=TODAY)
    assert open_to(pcs[2])
    assert queries.reader_ids(queries.plan_page(ref, sergeant, TODAY).id) == []


@pytest.mark.usefixtures("session")
def test_owners_wards_and_readers_are_of_the_plans_own_team() -> None:
    team, elsewhere = make.team(), make.team()
    mine, stranger = make.posted(team), make.posted(elsewhere)
    ward, far = make.ward(team), make.ward(elsewhere)
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.RESPONSE)
    new = NewProblem("Bikes", "Often", ProblemType.OTHER, mine.id, None, (ward.id,))

    with transaction():
        services.change_problem(ref, new, actor=sergeant, at=NOW, on=TODAY)
    page = queries.plan_page(ref, sergeant, TODAY)
    assert (page.owner_id, list(page.wards), page.problem) == (mine.id, [ward.name], "Bikes")
    wrong = replace(new, owner_id=stranger.id, supervisor_id=mine.id, wards=(far.id,))
    with pytest.raises(Refused) as refused, transaction():
        services.change_problem(ref, wrong, actor=sergeant, at=NOW, on=TODAY)
    assert {reason.field for reason in refused.value.reasons} == {"owner_id", "supervisor_id", "wards"}
    with pytest.raises(Refused, match="of the team"), transaction():
        action = NewAction("Patrol", TODAY, owner_id=stranger.id)
        services.add_action(ref, action, actor=sergeant, at=NOW, on=TODAY)
    with pytest.raises(Refused, match="of the team"), transaction():
        services.mark(ref, NewMarking("Why", (stranger.id,)), actor=sergeant, at=NOW, on=TODAY)


def test_counts_of_the_method_not_chosen_are_not_kept(session: Sessions) -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.ASSESSMENT)
    counts = NewImpact(
        Method.AREA,
        "Burwell",
        treated_before=20,
        treated_after=10,
        comparison_before=20,
        comparison_after=20,
        asked_before=50,
    )
    with pytest.raises(Refused), transaction():
        services.compare(ref, replace(counts, treated_after=None), actor=sergeant, at=NOW, least=LEAST)
    with transaction():
        services.compare(ref, counts, actor=sergeant, at=NOW, least=LEAST)

    kept = session.scalars(select(PlanMeasure)).one()
    assert (kept.treated_before, kept.comparison_after, kept.asked_before) == (20, 20, None)
    with transaction():
        services.compare(ref, NewImpact(Method.NONE, treated_before=1), actor=sergeant, at=NOW, least=LEAST)
    assert (kept.method, kept.treated_before) == (Method.NONE, None)


@pytest.mark.usefixtures("session")
def test_lists_are_narrowed_and_ordered_and_say_the_next_action_and_what_is_overdue() -> None:
    team, other = make.team(), make.team()
    sergeant = acting(Role.SERGEANT, team, other)
    first = plans.plan(team, sergeant, Stage.RESPONSE, "Bikes")
    second = plans.plan(other, sergeant, Stage.SCANNING, "Apples stolen")
    with transaction():
        for what, days in (("Late one", -3), ("Later one", 9)):
            action = NewAction(what, TODAY + dt.timedelta(days), partner="Council")
            services.add_action(first, action, actor=sergeant, at=NOW, on=TODAY)

    late = queries.listed(sergeant, Narrowing(overdue=True), TODAY)
    assert [(row.ref, row.next_action and row.next_action.what) for row in late] == [(first, "Late one")]
    assert late[0].next_action is not None
    assert late[0].next_action.overdue == 1
    assert queries.plan_page(first, sergeant, TODAY).overdue == 1
    assert seen(sergeant, Narrowing(stage=Stage.SCANNING)) == [second]
    assert seen(sergeant, Narrowing(team=team.code)) == [first]
    assert seen(sergeant, Narrowing(PlanState.CLOSED)) == []
    assert seen(sergeant, Narrowing(kind=ProblemType.BURGLARY)) == []
    by_problem = [row.ref for row in queries.listed(sergeant, Narrowing(), TODAY, order="problem")]
    assert by_problem == [second, first]
    action_id = queries.plan_page(first, sergeant, TODAY).actions[0].id
    with transaction():
        services.finish_action(first, action_id, actor=sergeant, at=NOW, on=TODAY)
    assert queries.listed(sergeant, Narrowing(overdue=True), TODAY) == []
    with pytest.raises(NoResultFound), transaction():
        services.finish_action(second, action_id, actor=sergeant, at=NOW, on=TODAY)


@pytest.mark.usefixtures("session")
def test_a_review_says_when_the_next_one_is_and_never_in_the_past() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant)
    with pytest.raises(Refused, match="after today"), transaction():
        services.add_review(ref, "On track", TODAY, actor=sergeant, at=NOW, on=TODAY)
    tomorrow = TODAY + dt.timedelta(1)
    with transaction():
        services.add_review(ref, "On track", tomorrow, actor=sergeant, at=NOW, on=TODAY)
        services.add_update(ref, "Letters sent", actor=sergeant, at=NOW)
        services.add_source(ref, NewSource(SourceKind.PANEL, "Raised"), actor=sergeant, at=NOW)

    page = queries.plan_page(ref, sergeant, TODAY)
    assert page.next_review_on == tomorrow
    assert [update.text for update in page.updates] == ["Letters sent", "On track"]
    assert queries.listed(sergeant, Narrowing(), TODAY)[0].next_review_on == tomorrow


@pytest.mark.usefixtures("session")
def test_a_plan_with_an_objective_first_waits_for_it_and_a_closed_team_opens_none() -> None:
    team, closed = make.team(), make.team(last_day=TODAY - dt.timedelta(1))
    sergeant = acting(Role.SERGEANT, team, closed)
    new = NewPlan(team.code, "Bikes", "Often", ProblemType.OTHER, objective_first=True)
    with transaction():
        ref = services.open_plan(new, actor=sergeant, at=NOW, on=TODAY)
    with pytest.raises(Refused, match="objective"), transaction():
        services.move_on(ref, actor=sergeant, at=NOW)
    with transaction():
        services.set_objective(ref, "Half by May", actor=sergeant, at=NOW)
        assert services.move_on(ref, actor=sergeant, at=NOW) is Stage.SCANNING

    with pytest.raises(Refused, match="not closed"), transaction():
        services.open_plan(replace(new, team=closed.code), actor=sergeant, at=NOW, on=TODAY)


@pytest.mark.usefixtures("session")
def test_the_same_form_sent_twice_opens_one_plan_and_keeps_one_update() -> None:
    team = make.team()
    pc, colleague = acting(Role.PC, team), acting(Role.PC, team, user_id=903)
    ref = plans.plan(team, pc)

    with pytest.raises(Refused, match=f"You opened {ref} for this problem already"):
        plans.plan(team, pc)
    other = plans.plan(team, colleague)
    with transaction():
        services.add_update(ref, "Letters sent", actor=pc, at=NOW)
    with pytest.raises(Refused, match="This is what you wrote last"), transaction():
        services.add_update(ref, "Letters sent", actor=pc, at=NOW)

    supervisor = acting(Role.SERGEANT, team)
    assert seen(supervisor) == sorted([ref, other])
    assert [update.text for update in queries.plan_page(ref, supervisor, TODAY).updates] == ["Letters sent"]


@pytest.mark.usefixtures("session")
def test_the_same_action_sent_twice_is_there_once_until_it_is_done() -> None:
    team = make.team()
    pc = acting(Role.PC, team)
    ref = plans.plan(team, pc, Stage.RESPONSE)
    gate = NewAction("Lock the gate at night", TODAY, partner="Parish council")
    with transaction():
        services.add_action(ref, gate, actor=pc, at=NOW, on=TODAY)

    with pytest.raises(Refused, match="not done yet"), transaction():
        services.add_action(ref, gate, actor=pc, at=NOW, on=TODAY)

    first = queries.plan_page(ref, pc, TODAY).actions[0]
    with transaction():
        services.finish_action(ref, first.id, actor=pc, at=NOW, on=TODAY)
        services.add_action(ref, gate, actor=pc, at=NOW, on=TODAY)
    assert [action.what for action in queries.plan_page(ref, pc, TODAY).actions] == [gate.what] * 2
