"""The groups partners meet in: members, meetings, and what was taken on."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import NoResultFound

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import Actor, Role
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people.rules.organisations import OrganisationKind
from npt.policy.cli import start_policy
from npt.problem_solving.queries import groups as queries
from npt.problem_solving.rules.partners import GroupKind, GroupMeetingStatus
from npt.problem_solving.rules.vocabulary import Stage
from npt.problem_solving.services import NewOrganisation, add_organisation, regrouping
from npt.problem_solving.services import groups as services
from npt.problem_solving.services.groups import HowItWas, NewGroup, NewGroupMeeting, NewMember, TakenOn
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.problem_solving import make as plans
from tests.problem_solving.make import acting

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)
HELD = HowItWas(GroupMeetingStatus.HELD, "JAG 2026/4")


@pytest.mark.usefixtures("session")
def test_a_group_has_members_meets_and_takes_on_actions_of_its_teams_plans() -> None:
    team = make.team(code="SOH")
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.RESPONSE)
    with transaction():
        add_organisation(NewOrganisation("Council", OrganisationKind.COUNCIL), actor=sergeant, at=NOW)
        group = services.add_group(NewGroup("Soham JAG", GroupKind.JAG, "SOH"), actor=sergeant, at=NOW)
        services.add_member(group, NewMember("council", "chair", TODAY), actor=sergeant, at=NOW)
        last, coming = (
            services.plan_group_meeting(group, NewGroupMeeting(NOW + days * DAY, "Library"), actor=sergeant, at=NOW)
            for days in (-1, 20)
        )
        services.record_group_meeting(last, HELD, actor=sergeant, at=NOW)
        taken = TakenOn(ref, "Council", "Cut the hedge", TODAY + DAY)
        services.take_on(last, taken, actor=sergeant, at=NOW, on=TODAY)

    page = queries.group_page(group, sergeant.scope)
    assert [(each.organisation, each.role) for each in page.members] == [("Council", "chair")]
    assert [(each.status.value, each.actions) for each in page.meetings] == [("planned", 0), ("held", 1)]
    [line] = queries.groups(sergeant.scope, NOW, TODAY)
    assert (line.members, line.next_at) == (1, page.meetings[0].starts_at)
    for wrong, told in ((last, "held already"), (coming, "has not begun")):
        with pytest.raises(Refused, match=told), transaction():
            services.record_group_meeting(wrong, HELD, actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="member in this part already"), transaction():
        services.add_member(group, NewMember("Council", "chair", TODAY), actor=sergeant, at=NOW)
    with transaction():
        services.record_group_meeting(coming, HowItWas(GroupMeetingStatus.CANCELLED, None), actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="cancelled"), transaction():
        services.take_on(coming, taken, actor=sergeant, at=NOW, on=TODAY)


@pytest.mark.usefixtures("session")
def test_a_group_is_its_own_teams() -> None:
    team, other = make.team(code="SOH"), make.team()
    with transaction():
        group = services.add_group(
            NewGroup("Soham JAG", GroupKind.JAG, "SOH"), actor=acting(Role.SERGEANT, team), at=NOW
        )
    stranger = acting(Role.SERGEANT, other)
    assert queries.groups(stranger.scope, NOW, TODAY) == []
    with pytest.raises(NoResultFound):
        queries.group_page(group, stranger.scope)
    with pytest.raises(NoResultFound), transaction():
        services.add_group(NewGroup("Ours", GroupKind.NAG, "SOH"), actor=stranger, at=NOW)
    with pytest.raises(Refused, match="of this name already"), transaction():
        again = NewGroup("Soham JAG", GroupKind.NAG, "SOH")
        services.add_group(again, actor=acting(Role.SERGEANT, team), at=NOW)


@pytest.mark.usefixtures("client")
def test_a_sergeant_keeps_a_group_by_its_pages_and_a_pc_reads_it(sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    ref = plans.plan(team, acting(Role.PC, team), Stage.ASSESSMENT)
    sergeant, pc = sign_in(make.user(Role.SERGEANT, "SOH")), sign_in(make.user(Role.PC, "SOH"))

    made = post(sergeant, "/partners/groups/new", name="Soham JAG", kind="jag", team="SOH").location
    added = post(sergeant, f"{made}/members/new", organisation="Parish council", role="chair", first_day="2026-11-01")
    assert added.status_code == 302
    moment = {"starts_at-day": "2026-12-01", "starts_at-clock": "19:00"}
    assert post(sergeant, f"{made}/meetings/new", venue="Library", **moment).status_code in (200, 302)
    page = pc.get(made).text
    for said in ("Soham JAG", "Parish council", "chair"):
        assert said in page
    assert "Add a member" not in page
    assert "Soham JAG" in pc.get("/partners/groups").text
    assert "Soham JAG" in pc.get("/partners/groups?format=csv").text
    assert ref


def _group(sergeant: Actor) -> int:
    with transaction():
        add_organisation(NewOrganisation("Council", OrganisationKind.COUNCIL), actor=sergeant, at=NOW)
        group = services.add_group(NewGroup("Soham JAG", GroupKind.JAG, "SOH"), actor=sergeant, at=NOW)
        services.add_member(group, NewMember("Council", "chair", TODAY - DAY), actor=sergeant, at=NOW)
    return group


@pytest.mark.usefixtures("session")
def test_a_group_gets_another_name_kind_and_team_and_the_record_says_from_what() -> None:
    sergeant = acting(Role.SERGEANT, make.team(code="SOH"), make.team(code="ELY"))
    group = _group(sergeant)
    with transaction():
        regrouping.change_group(group, NewGroup("Fen NAG", GroupKind.NAG, "ELY"), actor=sergeant, at=NOW)
    page = queries.group_page(group, sergeant.scope)
    assert (page.name, page.kind, page.team_code) == ("Fen NAG", GroupKind.NAG, "ELY")
    (entry,) = [line for line in history(f"group:{group}") if line.event == "group.changed"]
    assert entry.details["before"]["name"] == "Soham JAG"
    with transaction():
        services.add_group(NewGroup("Ely JAG", GroupKind.JAG, "ELY"), actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="of this name already"), transaction():
        regrouping.change_group(group, NewGroup("Ely JAG", GroupKind.NAG, "ELY"), actor=sergeant, at=NOW)


@pytest.mark.usefixtures("session")
def test_a_member_leaves_and_may_come_again() -> None:
    sergeant = acting(Role.SERGEANT, make.team(code="SOH"))
    group = _group(sergeant)
    (member,) = queries.group_page(group, sergeant.scope).members
    with pytest.raises(Refused, match="when it became a member, or a later day"), transaction():
        regrouping.end_member(group, member.id, TODAY - 9 * DAY, actor=sergeant, at=NOW)
    with transaction():
        regrouping.end_member(group, member.id, TODAY, actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="a member no longer"), transaction():
        regrouping.end_member(group, member.id, TODAY, actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="member in this part already"), transaction():
        services.add_member(group, NewMember("Council", "chair", TODAY), actor=sergeant, at=NOW)
    with transaction():
        services.add_member(group, NewMember("Council", "chair", TODAY + DAY), actor=sergeant, at=NOW)
    assert len(queries.group_page(group, sergeant.scope).members) == 2


@pytest.mark.usefixtures("session")
def test_a_meeting_is_moved_while_it_is_still_to_be_held() -> None:
    sergeant = acting(Role.SERGEANT, make.team(code="SOH"))
    group = _group(sergeant)
    with transaction():
        first, second = (
            services.plan_group_meeting(group, NewGroupMeeting(NOW + days * DAY, "Library"), actor=sergeant, at=NOW)
            for days in (5, 6)
        )
        regrouping.change_group_meeting(first, NewGroupMeeting(NOW + 7 * DAY, "Town hall"), actor=sergeant, at=NOW)
    assert queries.group_page(group, sergeant.scope).meetings[0].venue == "Town hall"
    with pytest.raises(Refused, match="meets at this time already"), transaction():
        regrouping.change_group_meeting(first, NewGroupMeeting(NOW + 6 * DAY, "Hall"), actor=sergeant, at=NOW)
    with transaction():
        services.record_group_meeting(second, HowItWas(GroupMeetingStatus.CANCELLED, None), actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="was cancelled, and stays as it was"), transaction():
        regrouping.change_group_meeting(second, NewGroupMeeting(NOW + 8 * DAY, "Hall"), actor=sergeant, at=NOW)


@pytest.mark.usefixtures("session")
def test_a_group_ends_once_nothing_of_it_is_planned_and_then_takes_on_nothing() -> None:
    sergeant = acting(Role.SERGEANT, make.team(code="SOH"))
    group = _group(sergeant)
    with transaction():
        coming = services.plan_group_meeting(group, NewGroupMeeting(NOW + DAY, "Library"), actor=sergeant, at=NOW)
    for day, why, said in (
        (TODAY, "Merged", "a meeting still planned"),
        (TODAY + DAY, "Merged", "today or an earlier day"),
        (TODAY, " ", "Say why the group ends"),
    ):
        with pytest.raises(Refused, match=said), transaction():
            regrouping.end_group(group, day, why, actor=sergeant, at=NOW, on=TODAY)
    with transaction():
        services.record_group_meeting(coming, HowItWas(GroupMeetingStatus.CANCELLED, None), actor=sergeant, at=NOW)
        regrouping.end_group(group, TODAY, "Merged", actor=sergeant, at=NOW, on=TODAY)

    page = queries.group_page(group, sergeant.scope)
    assert (page.ended_on, page.members[0].last_day) == (TODAY, TODAY)
    with pytest.raises(Refused, match="This group ended on"), transaction():
        services.plan_group_meeting(group, NewGroupMeeting(NOW + 9 * DAY, "Hall"), actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="This group ended on"), transaction():
        services.add_member(group, NewMember("Council", "member", TODAY), actor=sergeant, at=NOW)


@pytest.mark.usefixtures("client")
def test_a_sergeant_changes_and_ends_a_group_from_its_page(sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    group = _group(acting(Role.SERGEANT, team))
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    path = f"/partners/groups/{group}"
    (member,) = queries.group_page(group, acting(Role.SERGEANT, team).scope).members
    page = browser.get(path).text
    for link in ("edit", "end", f"members/{member.id}/end"):
        assert f'href="{path}/{link}"' in page, link
    post(browser, f"{path}/edit", name="Fen NAG", kind="nag", team="SOH")
    post(browser, f"{path}/members/{member.id}/end", last_day=str(TODAY))
    assert "Fen NAG" in browser.get("/partners/groups").text
    post(browser, f"{path}/end", last_day=str(TODAY), reason="Merged")
    assert "Ended" in browser.get(path).text
    assert f'href="{path}/edit"' not in browser.get(path).text
    assert browser.get(f"{path}/members/99999/end").status_code == 404
