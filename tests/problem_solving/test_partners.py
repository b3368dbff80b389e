"""Partners: whose actions they are, who sees them, and what is kept of an organisation."""

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.accounts.models import User
from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as rows
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people.models import Organisation, Team
from npt.people.rules.organisations import OrganisationKind
from npt.policy.cli import start_policy
from npt.problem_solving import services
from npt.problem_solving.queries import actions as all_actions
from npt.problem_solving.queries import partners as queries
from npt.problem_solving.queries import plan_page
from npt.problem_solving.queries.actions import ActionNarrowing
from npt.problem_solving.rules.partners import ActionState
from npt.problem_solving.rules.vocabulary import Outcome, Stage
from npt.problem_solving.services import ChangeOfOrganisation, NewAction, NewMarking, NewOrganisation
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.problem_solving import make as plans
from tests.problem_solving.make import CLOSING, acting
from tests.staffing.test_views_units import statements

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)


def named(name: str) -> Organisation:
    return rows.scalars(select(Organisation).where(Organisation.name == name)).one()


def partner(*names: str) -> Actor:
    ids = frozenset(named(name).id for name in names)
    return Actor("Jo Marsh", Role.PARTNER, Scope(organisation_ids=ids), 950)


def asked(team: Team, what: str, of: str, due: dt.date = TODAY, problem: str = plans.NEW["problem"]) -> str:
    """A plan at response whose one action is an organisation's. Its ref."""
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.RESPONSE, problem)
    with transaction():
        services.add_action(ref, NewAction(what, due, partner=of), actor=sergeant, at=NOW, on=TODAY)
    return ref


@pytest.mark.usefixtures("session")
def test_an_organisation_that_is_typed_is_put_on_record_once_however_it_is_written() -> None:
    team = make.team()
    first = asked(team, "Cut the hedge", "East Cambridgeshire District Council")
    second = asked(team, "Mend the lights", "east cambridgeshire district council ", problem="Dark path")

    [line] = queries.organisations(acting(Role.SERGEANT, team), TODAY)
    assert (line.name, line.undone, line.kind) == ("East Cambridgeshire District Council", 2, OrganisationKind.OTHER)
    for ref in (first, second):
        assert plan_page(ref, acting(Role.SERGEANT, team), TODAY).actions[0].who == line.name


@pytest.mark.usefixtures("session")
def test_an_organisation_keeps_its_actions_under_a_new_name_and_no_two_have_one() -> None:
    team, sergeant = make.team(), acting(Role.SERGEANT)
    ref = asked(team, "Cut the hedge", "Council")
    with transaction():
        code = services.add_organisation(NewOrganisation("Parish", OrganisationKind.PARISH), actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="of this name already"), transaction():
        services.add_organisation(NewOrganisation("COUNCIL", OrganisationKind.COUNCIL), actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="of this name already"), transaction():
        taken = ChangeOfOrganisation("council", OrganisationKind.PARISH, True)
        services.change_organisation(code, taken, actor=sergeant, at=NOW)

    with transaction():
        renamed = ChangeOfOrganisation("District Council", OrganisationKind.COUNCIL, True)
        services.change_organisation(named("Council").code, renamed, actor=sergeant, at=NOW)

    rows.expire_all()
    assert plan_page(ref, acting(Role.SERGEANT, team), TODAY).actions[0].who == "District Council"
    with transaction():
        left = ChangeOfOrganisation("District Council", OrganisationKind.COUNCIL, False)
        services.change_organisation(named("District Council").code, left, actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="no longer works with the force"):
        asked(team, "Mend the lights", "District Council", problem="Dark path")
    assert "District Council" not in queries.active_organisations()


@pytest.mark.usefixtures("session")
def test_a_partner_sees_their_own_actions_of_every_team_and_nobody_elses() -> None:
    soham, ely = make.team(), make.team()
    asked(soham, "Cut the hedge", "Council", TODAY - DAY)
    asked(ely, "Mend the lights", "Council", problem="Dark path")
    asked(ely, "Lock the school gate", "School", problem="Fights after school")

    found = queries.own_actions(partner("Council").scope, TODAY)

    assert [(row.what, row.overdue) for row in found] == [("Cut the hedge", True), ("Mend the lights", False)]
    assert [row.summary and row.summary.problem for row in found] == [plans.NEW["problem"], "Dark path"]
    theirs = queries.own_actions(partner("School").scope, TODAY)[0]
    with pytest.raises(NoResultFound):
        queries.own_action(theirs.id, partner("Council").scope, TODAY)
    with pytest.raises(NoResultFound), transaction():
        services.finish_own_action(theirs.id, actor=partner("Council"), at=NOW, on=TODAY)
    with pytest.raises(NoResultFound), transaction():
        services.say_how_it_stands(theirs.id, "Ours", actor=partner("Council"), at=NOW)
    assert queries.own_actions(Scope(), TODAY) == []


def test_somebody_of_the_staff_sees_what_they_themselves_have_to_do(session: object, sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    team = make.team()
    who, other = make.posted(team, email="reid@force.example", surname="Reid"), make.posted(team)
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.RESPONSE)
    with transaction():
        for what, person in (("Speed watch at the school", who), ("Visit the farm", other)):
            services.add_action(ref, NewAction(what, TODAY - DAY, owner_id=person.id), actor=sergeant, at=NOW, on=TODAY)
    constable = sign_in(make.user(Role.PC, team.code, email="reid@force.example"))

    home, listed = constable.get("/").text, constable.get("/partners/actions?mine=y").text

    for page in (home, listed):
        assert "Speed watch at the school" in page
        assert "Visit the farm" not in page
    assert "Your actions (" in home
    assert "Visit the farm" in constable.get("/partners/actions").text


@pytest.mark.usefixtures("session")
def test_of_a_restricted_plan_a_partner_reads_their_own_action_and_not_a_word_of_the_plan() -> None:
    team = make.team()
    ref = asked(team, "Cut the hedge", "Council")
    with transaction():
        mark = NewMarking("Names a street")
        services.mark(ref, mark, actor=acting(Role.SERGEANT, team), at=NOW, on=TODAY)

    row = queries.own_actions(partner("Council").scope, TODAY)[0]

    assert (row.what, row.summary) == ("Cut the hedge", None)
    assert ref not in repr(row)
    assert plans.NEW["problem"] not in repr(row)


@pytest.mark.usefixtures("session")
def test_what_a_partner_says_is_an_update_of_the_plan_under_their_name_and_organisation() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = asked(team, "Cut the hedge", "Council")
    jo = partner("Council")
    action = queries.own_actions(jo.scope, TODAY)[0]
    with transaction():
        services.say_how_it_stands(action.id, "Contractor booked", actor=jo, at=NOW)
    with pytest.raises(Refused, match="wrote last"), transaction():
        services.say_how_it_stands(action.id, "Contractor booked", actor=jo, at=NOW)
    with transaction():
        assert services.finish_own_action(action.id, actor=jo, at=NOW, on=TODAY) == "Cut the hedge"
        services.finish_own_action(action.id, actor=jo, at=NOW, on=TODAY + DAY)

    page = plan_page(ref, sergeant, TODAY)
    assert [(each.text, each.by) for each in page.updates] == [("Contractor booked", "Jo Marsh (Council)")]
    done = next(each for each in page.actions if each.what == "Cut the hedge")
    assert (done.done_on, done.done_by) == (TODAY, "Jo Marsh (Council)")
    assert [each.text for each in queries.own_action(action.id, jo.scope, TODAY).updates] == ["Contractor booked"]


@pytest.mark.usefixtures("session")
def test_nothing_is_said_of_an_action_of_a_closed_plan() -> None:
    team = make.team()
    ref = plans.plan(team, acting(Role.PC, team), Stage.ASSESSMENT)
    with transaction():
        services.close_plan(ref, Outcome.REDUCED, actor=acting(Role.SERGEANT, team, user_id=902), at=NOW, **CLOSING)
    jo = partner("Parish council")
    action = queries.own_actions(jo.scope, TODAY)[0]

    with pytest.raises(Refused, match="closed"), transaction():
        services.say_how_it_stands(action.id, "Late", actor=jo, at=NOW)
    with pytest.raises(Refused, match="closed"), transaction():
        services.finish_own_action(action.id, actor=jo, at=NOW, on=TODAY)
    assert not action.overdue


@pytest.mark.usefixtures("session")
def test_overdue_is_counted_by_organisation_and_each_figure_is_its_list() -> None:
    team, elsewhere = make.team(), make.team()
    asked(team, "Cut the hedge", "Council", TODAY - 3 * DAY)
    asked(team, "Mend the lights", "Council", problem="Dark path")
    asked(elsewhere, "Lock the school gate", "School", TODAY - DAY, problem="Fights after school")
    sergeant, auditor = acting(Role.SERGEANT, team), acting(Role.AUDITOR, force=True)

    lines = {line.name: line for line in queries.organisations(sergeant, TODAY)}
    assert (lines["Council"].undone, lines["Council"].overdue) == (2, 1)
    assert (lines["School"].undone, lines["School"].overdue, lines["Council"].oldest_due_on) == (0, 0, TODAY - 3 * DAY)
    for who in (sergeant, auditor):
        for line in queries.organisations(who, TODAY):
            for state, figure in ((ActionState.UNDONE, line.undone), (ActionState.OVERDUE, line.overdue)):
                narrowed = ActionNarrowing(state, line.code)
                assert len(all_actions.action_rows(who, narrowed, TODAY)) == figure
                assert all_actions.action_count(who, narrowed, TODAY) == figure
    assert queries.organisations(auditor, TODAY)[0].name == "Council"


@pytest.mark.usefixtures("session")
def test_more_organisations_and_actions_take_no_more_statements() -> None:
    team = make.team()
    asked(team, "Cut the hedge", "Council")
    sergeant, narrowed = acting(Role.SERGEANT, team), ActionNarrowing(ActionState.ALL)
    council = partner("Council").scope

    def read() -> int:
        with statements() as counted:
            queries.organisations(sergeant, TODAY)
            all_actions.action_rows(sergeant, narrowed, TODAY)
            queries.own_actions(council, TODAY)
        return len(counted)

    few = read()
    for number in range(4):
        asked(team, "Mend the lights", f"Council {number}", problem=f"Dark path {number}")
        asked(team, f"Light {number}", "Council", problem=f"Dark road {number}")
    assert read() == few


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_partner_signs_in_comes_to_their_actions_and_says_one_is_done(client: FlaskClient, sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    ref = asked(team, "Cut the hedge", "Council", TODAY - DAY)
    asked(team, "Lock the school gate", "School", problem="Fights after school")
    jo = sign_in(make.user(Role.PARTNER, named("Council").code))

    assert jo.get("/").location == "/partners/mine"
    home = jo.get("/partners/mine").text
    assert "Cut the hedge" in home
    assert "Overdue" in home
    assert "school gate" not in home
    assert "school gate" not in jo.get("/partners/mine?format=csv").text
    for closed in ("/plans/", f"/plans/{ref}", "/partners/", "/partners/actions", "/panels/"):
        assert jo.get(closed).status_code == 404, closed
    action = queries.own_actions(partner("Council").scope, TODAY)[0]
    page = words(jo.get(f"/partners/mine/{action.id}").text)
    assert plans.NEW["problem"] in page
    assert plans.NEW["detail"] not in page
    assert "Enter how it stands" in post(jo, f"/partners/mine/{action.id}", text=" ").text
    assert post(jo, f"/partners/mine/{action.id}", text="Booked").status_code == 302
    assert post(jo, f"/partners/mine/{action.id}/done").status_code == 302
    assert "Nothing is to be done" in jo.get("/partners/mine").text
    theirs = queries.own_actions(partner("School").scope, TODAY)[0]
    assert jo.get(f"/partners/mine/{theirs.id}").status_code == 404
    assert post(jo, f"/partners/mine/{theirs.id}/done").status_code == 404


@pytest.mark.usefixtures("client")
def test_a_partner_without_an_organisation_is_told_who_gives_them_one(sign_in: SignIn) -> None:
    assert "You have no organisation yet" in sign_in(make.user(Role.PARTNER)).get("/partners/mine").text


@pytest.mark.usefixtures("client")
def test_a_sergeant_sees_what_partners_owe_and_a_file_with_a_restricted_plan_says_so_in_its_name(
    sign_in: SignIn,
) -> None:
    with transaction():
        start_policy()
    team = make.team(code="SOH")
    ref = asked(team, "Cut the hedge", "Council", TODAY - DAY)
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    code = named("Council").code

    page = sergeant.get("/partners/").text
    assert f"/partners/actions?organisation={code}&amp;state=overdue" in page
    assert "Cut the hedge" in sergeant.get(f"/partners/actions?organisation={code}&state=overdue").text
    for path in ("/plans/", "/partners/actions"):
        for ending in ("csv", "xlsx"):
            name = sergeant.get(f"{path}?format={ending}").headers["Content-Disposition"]
            assert '"OFFICIAL-' in name
            assert "SENSITIVE" not in name
    with transaction():
        mark = NewMarking("Names a street")
        services.mark(ref, mark, actor=acting(Role.SERGEANT, team), at=NOW, on=TODAY)
    for path in ("/plans/", "/partners/actions"):
        assert 'class="npt-marking">OFFICIAL-SENSITIVE' in sergeant.get(path).text
        for ending in ("csv", "xlsx"):
            answer = sergeant.get(f"{path}?format={ending}")
            assert 'filename="OFFICIAL-SENSITIVE-' in answer.headers["Content-Disposition"]
        assert "OFFICIAL-SENSITIVE" in sergeant.get(f"{path}?format=csv").text
    changed = post(sergeant, f"/partners/organisations/{code}/edit", name="District", kind="council", active="y")
    assert changed.status_code == 302
    assert "District" in sergeant.get(f"/partners/organisations/{code}").text
    again = post(sergeant, "/partners/organisations/new", name="district", kind="parish")
    assert "organisation of this name" in again.text
