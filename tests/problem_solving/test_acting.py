"""Actions that are changed and cancelled: with a reason, by whom the plan is, and no day is moved quietly."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import Actor, Role, Scope
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people.models import Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.problem_solving import queries, services
from npt.problem_solving.queries import ActionLine, Narrowing, partners
from npt.problem_solving.queries.actions import ActionNarrowing, action_rows
from npt.problem_solving.rules.partners import ActionState
from npt.problem_solving.rules.vocabulary import Stage
from npt.problem_solving.services import ChangeOfAction, NewAction
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.problem_solving import make as plans
from tests.problem_solving.make import acting

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)
LATER = TODAY + 20 * DAY
MOVED = ChangeOfAction("Lock the gate at night", LATER, "The lock is on order", partner="Parish council")


def _responding(team: Team) -> tuple[str, Actor, ActionLine]:
    """A plan at response whose one action is a partner's and overdue tomorrow."""
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.RESPONSE)
    with transaction():
        action = NewAction("Lock the gate at night", TODAY, partner="Parish council")
        services.add_action(ref, action, actor=sergeant, at=NOW, on=TODAY)
    return ref, sergeant, queries.plan_page(ref, sergeant, TODAY).actions[0]


def _change(ref: str, action: ActionLine, new: ChangeOfAction, actor: Actor) -> None:
    with transaction():
        services.change_action(ref, action.id, new, actor=actor, at=NOW, on=TODAY)


def _of(name: str) -> Scope:
    found = partners.organisation_named(name)
    assert found is not None
    return Scope(organisation_ids=frozenset({found.id}))


@pytest.mark.usefixtures("session")
def test_a_day_that_is_moved_stays_to_be_read_and_overdue_goes_by_the_new_one() -> None:
    ref, sergeant, action = _responding(make.team())
    tomorrow = TODAY + DAY
    assert [line.overdue for line in partners.organisations(sergeant, tomorrow)] == [1]
    _change(ref, action, MOVED, sergeant)

    (line,) = queries.plan_page(ref, sergeant, tomorrow).actions
    assert (line.due_on, line.first_due, line.overdue) == (LATER, TODAY, False)
    assert [(each.reason, each.due_on) for each in line.changes] == [("The lock is on order", TODAY)]
    assert [each.overdue for each in partners.organisations(sergeant, tomorrow)] == [0]
    assert [each.overdue for each in partners.organisations(sergeant, LATER + DAY)] == [1]
    (row,) = action_rows(sergeant, ActionNarrowing(), tomorrow)
    assert (row.due_on, row.first_due_on) == (LATER, TODAY)
    own = partners.own_action(action.id, _of("Parish council"), tomorrow)
    assert (own.first_due, [each.reason for each in own.changes]) == (TODAY, ["The lock is on order"])
    (entry,) = [each for each in history(f"plan:{ref}") if each.event == "plan.action_changed"]
    assert entry.details["before"] == {"due_on": str(TODAY)}


@pytest.mark.usefixtures("session")
def test_what_was_changed_twice_keeps_the_day_it_was_due_at_first() -> None:
    ref, sergeant, action = _responding(make.team())
    _change(ref, action, MOVED, sergeant)
    _change(ref, action, replace(MOVED, due_on=LATER + DAY, reason="Snow"), sergeant)
    (line,) = queries.plan_page(ref, sergeant, TODAY).actions
    assert (line.due_on, line.first_due) == (LATER + DAY, TODAY)
    assert [each.reason for each in line.changes] == ["Snow", "The lock is on order"]


@pytest.mark.usefixtures("session")
def test_an_action_is_changed_by_the_plans_owner_or_a_supervisor_and_by_nobody_else() -> None:
    team = make.team()
    ref, _, action = _responding(team)
    owner, other = make.posted(team), make.posted(team)
    with transaction():
        queries.plan_to_change(ref, acting(Role.SERGEANT, team)).owner_id = owner.id
    with pytest.raises(Refused, match="owner or a supervisor"):
        _change(ref, action, MOVED, acting(Role.PC, team, who=other))
    with pytest.raises(Refused, match="owner or a supervisor"), transaction():
        services.cancel_action(ref, action.id, "No", actor=acting(Role.PC, team, who=other), at=NOW, on=TODAY)
    _change(ref, action, MOVED, acting(Role.PC, team, who=owner))


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("new", "said"),
    [
        (replace(MOVED, reason=" "), "Say why"),
        (replace(MOVED, due_on=TODAY - DAY), "Enter today or a later day"),
        (replace(MOVED, due_on=TODAY), "Nothing differs"),
        (replace(MOVED, partner=None), "Choose who will do it"),
        (replace(MOVED, owner_id=99_999, partner=None), "Choose somebody of the team"),
    ],
)
def test_a_change_is_refused_in_plain_words(new: ChangeOfAction, said: str) -> None:
    ref, sergeant, action = _responding(make.team())
    with pytest.raises(Refused, match=said):
        _change(ref, action, new, sergeant)
    (line,) = queries.plan_page(ref, sergeant, TODAY).actions
    assert not line.changes


@pytest.mark.usefixtures("session")
def test_what_is_done_or_cancelled_stays_as_it_is() -> None:
    ref, sergeant, action = _responding(make.team())
    with transaction():
        services.cancel_action(ref, action.id, "The gate is gone", actor=sergeant, at=NOW, on=TODAY)
    with pytest.raises(Refused, match="was cancelled"):
        _change(ref, action, MOVED, sergeant)
    with pytest.raises(Refused, match="was cancelled"), transaction():
        services.finish_action(ref, action.id, actor=sergeant, at=NOW, on=TODAY)
    partner = replace(acting(Role.PARTNER), scope=_of("Parish council"))
    with pytest.raises(Refused, match="has cancelled this action"), transaction():
        services.finish_own_action(action.id, actor=partner, at=NOW, on=TODAY)


@pytest.mark.usefixtures("session")
def test_a_cancelled_action_is_nowhere_overdue_and_no_plan_moves_on_by_it() -> None:
    ref, sergeant, action = _responding(make.team())
    with transaction():
        services.cancel_action(ref, action.id, "The gate is gone", actor=sergeant, at=NOW, on=TODAY)
    later = TODAY + DAY
    page = queries.plan_page(ref, sergeant, later)
    assert (page.overdue, page.next_action, page.facts.actions) == (0, None, 0)
    assert page.actions[0].cancelled_because == "The gate is gone"
    assert not queries.listed(sergeant, Narrowing(overdue=True), later)
    assert not action_rows(sergeant, ActionNarrowing(), later)
    assert len(action_rows(sergeant, ActionNarrowing(ActionState.CANCELLED), later)) == 1
    assert [(each.undone, each.overdue, each.done) for each in partners.organisations(sergeant, later)] == [(0, 0, 0)]
    assert not queries.plan_summaries([page.id])[page.id].actions
    with pytest.raises(Refused, match="Add an action"), transaction():
        services.move_on(ref, actor=sergeant, at=NOW)


@pytest.mark.usefixtures("session")
def test_what_goes_from_one_partner_to_another_is_cancelled_for_the_one_and_told_to_the_other_alone() -> None:
    ref, sergeant, action = _responding(make.team())
    _change(ref, action, replace(MOVED, partner="County council"), sergeant)

    (before,) = partners.own_actions(_of("Parish council"), TODAY)
    (after,) = partners.own_actions(_of("County council"), TODAY)
    assert (before.cancelled_because, before.due_on) == ("The lock is on order", TODAY)
    assert (after.cancelled_on, after.due_on, list(after.changes)) == (None, LATER, [])
    new, old = queries.plan_page(ref, sergeant, TODAY).actions
    assert (new.first_due, new.changes[0].who, old.cancelled_on) == (TODAY, "Parish council", TODAY)


@pytest.mark.usefixtures("client")
def test_a_sergeant_changes_and_cancels_on_the_plans_page_and_a_pc_who_does_not_own_it_is_told_whom_to_ask(
    sign_in: SignIn,
) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    make.posted(team, Grade.SERGEANT)
    ref, _, action = _responding(team)
    path = f"/plans/{ref}/actions/{action.id}"
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    assert f'href="{path}/change"' in sergeant.get(f"/plans/{ref}").text
    typed = {"what": "Lock it", "owner_id": "", "organisation": "Parish council", "due_on": "2099-03-31"}
    assert "Say why" in post(sergeant, f"{path}/change", **typed).text
    post(sergeant, f"{path}/change", **typed, reason="The lock is on order")
    page = sergeant.get(f"/plans/{ref}").text
    assert "31 March 2099 (at first" in page
    assert "The lock is on order" in page
    assert "at first" in sergeant.get(f"/plans/{ref}/summary").text
    assert "at first" in sergeant.get("/partners/actions").text
    assert "2099-03-31" in sergeant.get("/partners/actions?format=csv").text

    pc = sign_in(make.user(Role.PC, "SOH", email="pc@demo.example"))
    assert f'href="{path}/change"' not in pc.get(f"/plans/{ref}").text
    assert "Ask one of them" in post(pc, f"{path}/cancel", reason="No").text

    post(sergeant, f"{path}/cancel", reason="The gate is gone")
    assert "The gate is gone" in sergeant.get(f"/plans/{ref}").text
    assert sergeant.get(f"/plans/{ref}/actions/99999/change").status_code == 404
