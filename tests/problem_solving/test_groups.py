"""The groups partners meet in: members, meetings, and what was taken on."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import NoResultFound

from npt.accounts.models import User
from npt.core.authority import Role
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people.rules.organisations import OrganisationKind
from npt.policy.cli import start_policy
from npt.problem_solving.queries import groups as queries
from npt.problem_solving.rules.partners import GroupKind, GroupMeetingStatus
from npt.problem_solving.rules.vocabulary import Stage
from npt.problem_solving.services import NewOrganisation, add_organisation
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
