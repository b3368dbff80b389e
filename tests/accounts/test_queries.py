"""What a user may see on a day (RULES section 9), on both databases."""

import datetime as dt

import pytest

from npt.accounts import queries
from npt.accounts.models import User
from npt.core.authority import Role, Scope
from npt.people.rules import Grade, PostingKind
from tests import make
from tests.conftest import TODAY

pytestmark = pytest.mark.usefixtures("session")
YESTERDAY = TODAY - dt.timedelta(1)


def teams_of(user: User, on: dt.date = TODAY) -> frozenset[int]:
    return queries.actor_of(user, on).scope.team_ids


@pytest.mark.parametrize("role", [Role.FORCE_LEAD, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.RESPONDER])
def test_without_a_scope_some_roles_have_the_force(role: Role) -> None:
    assert queries.actor_of(make.user(role), TODAY).scope == Scope(force=True)


@pytest.mark.parametrize(
    "role",
    [Role.PC, Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER, Role.RESOURCES_LEAD, Role.CHAIR, Role.PARTNER],
)
def test_without_a_scope_every_other_role_has_nothing(role: Role) -> None:
    make.team()

    assert queries.actor_of(make.user(role), TODAY).scope == Scope()


def test_an_analyst_of_a_bcu_has_that_bcu_and_not_the_force() -> None:
    bcu = make.bcu()
    team = make.team(make.sector(bcu))
    make.team()

    scope = queries.actor_of(make.user(Role.ANALYST, bcu.code), TODAY).scope

    assert not scope.force
    assert scope.bcu_ids == {bcu.id}
    assert scope.team_ids == {team.id}


def test_a_scope_that_names_nothing_gives_nothing_rather_than_the_force() -> None:
    assert queries.actor_of(make.user(Role.ANALYST, "GONE"), TODAY).scope == Scope()


def test_a_chair_has_the_panels_they_were_given_and_no_team_bcu_or_other_panel() -> None:
    team = make.team()
    given = [make.panel(team), make.panel(team)]
    make.panel(team)

    scope = queries.actor_of(make.user(Role.CHAIR, *(panel.code for panel in given)), TODAY).scope

    assert scope == Scope(panel_ids=frozenset(panel.id for panel in given))


def test_a_panels_code_gives_nobody_else_anything() -> None:
    panel = make.panel(make.team())

    assert queries.actor_of(make.user(Role.ANALYST, panel.code), TODAY).scope == Scope()


def test_a_bcu_holds_its_sectors_and_their_teams_and_no_others() -> None:
    bcu = make.bcu()
    sectors = [make.sector(bcu), make.sector(bcu)]
    teams = [make.team(sectors[0]), make.team(sectors[0])]
    make.team()

    scope = queries.actor_of(make.user(Role.BCU_MANAGER, bcu.code), TODAY).scope

    assert scope == Scope(
        bcu_ids=frozenset({bcu.id}),
        sector_ids=frozenset(s.id for s in sectors),
        team_ids=frozenset(t.id for t in teams),
    )


def test_an_inspector_has_the_teams_of_the_sector_and_not_the_bcu() -> None:
    bcu = make.bcu()
    sector = make.sector(bcu)
    team = make.team(sector)
    make.team(make.sector(bcu))

    scope = queries.actor_of(make.user(Role.INSPECTOR, sector.code), TODAY).scope

    assert scope == Scope(sector_ids=frozenset({sector.id}), team_ids=frozenset({team.id}))


def test_a_bcu_without_a_sector_and_a_sector_without_a_team_are_still_seen() -> None:
    bcu, sector = make.bcu(), make.sector()

    manager = queries.actor_of(make.user(Role.BCU_MANAGER, bcu.code), TODAY)
    inspector = queries.actor_of(make.user(Role.INSPECTOR, sector.code), TODAY)

    assert manager.scope.bcu_ids == {bcu.id}
    assert inspector.scope.sector_ids == {sector.id}


def test_a_constable_sees_their_own_record_and_the_team_they_were_given() -> None:
    posted_to, given = make.team(), make.team()
    person = make.posted(posted_to, email="Amina.Rahman@force.example")

    actor = queries.actor_of(make.user(Role.PC, given.code, email="amina.rahman@force.example"), TODAY)

    assert actor.person_id == actor.scope.person_id == person.id
    assert actor.scope.team_ids == {given.id}


def test_an_acting_sergeant_with_a_constables_role_has_no_more_than_their_scope() -> None:
    team = make.team()
    make.posted(team, Grade.SERGEANT, email="a@force.example")

    assert teams_of(make.user(Role.PC, email="a@force.example")) == frozenset()


def test_a_sergeants_teams_are_scope_and_posting_and_cover_together() -> None:
    given, posted_to, covered = make.team(), make.team(), make.team()
    sergeant = make.posted(posted_to, Grade.SERGEANT, email="s@force.example")
    make.cover(sergeant, covered)

    user = make.user(Role.SERGEANT, given.code, email="s@force.example")

    assert teams_of(user) == {given.id, posted_to.id, covered.id}


def test_cover_counts_on_its_first_and_last_day_and_on_no_other() -> None:
    team = make.team()
    sergeant = make.person(grade=Grade.SERGEANT, email="s@force.example")
    make.cover(sergeant, team, YESTERDAY, TODAY)
    user = make.user(Role.SERGEANT, email="s@force.example")

    seen = [bool(teams_of(user, TODAY + dt.timedelta(n))) for n in (-2, -1, 0, 1)]

    assert seen == [False, True, True, False]


def test_a_posting_counts_on_its_last_day_and_not_the_day_after() -> None:
    team = make.team()
    sergeant = make.person(grade=Grade.SERGEANT, email="s@force.example")
    make.posting(sergeant, make.post(team, Grade.SERGEANT), last_day=YESTERDAY)
    user = make.user(Role.SERGEANT, email="s@force.example")

    assert teams_of(user, YESTERDAY) == {team.id}
    assert teams_of(user, TODAY) == frozenset()


def test_a_posting_in_a_lower_grade_or_an_attachment_gives_a_sergeant_no_team() -> None:
    team, host = make.team(), make.team()
    sergeant = make.posted(team, Grade.PC, email="s@force.example")
    make.posting(sergeant, make.post(host, Grade.SERGEANT), kind=PostingKind.ATTACHMENT)

    assert teams_of(make.user(Role.SERGEANT, email="s@force.example")) == frozenset()


def test_a_suspended_sergeants_posting_gives_no_team_until_they_return() -> None:
    home, away = make.team(), make.team()
    sergeant = make.posted(home, Grade.SERGEANT, email="s@force.example")
    make.posting(sergeant, make.post(away, Grade.SERGEANT), TODAY, kind=PostingKind.TEMPORARY)
    user = make.user(Role.SERGEANT, email="s@force.example")

    assert teams_of(user, YESTERDAY) == {home.id}
    assert teams_of(user, TODAY) == {away.id}


def test_the_post_of_a_closed_team_gives_a_sergeant_nothing() -> None:
    closed = make.team(last_day=YESTERDAY)
    make.posted(closed, Grade.SERGEANT, email="s@force.example")

    assert teams_of(make.user(Role.SERGEANT, email="s@force.example")) == frozenset()


def test_users_are_found_by_name_email_and_unit() -> None:
    team = make.team(code="SOH")
    make.user(Role.SERGEANT, team.code, name="Amina Rahman", email="ar@force.example")
    make.user(Role.ANALYST, name="Ben_Ng", email="bn@other.example")

    found = {words: [u.name for u in queries.users(words)] for words in ("", "rahman AMINA", "OTHER", "soh", "_", "%")}

    assert found == {
        "": ["Amina Rahman", "Ben_Ng"],
        "rahman AMINA": ["Amina Rahman"],
        "OTHER": ["Ben_Ng"],
        "soh": ["Amina Rahman"],
        "_": ["Ben_Ng"],
        "%": [],
    }
    assert {words: queries.count_users(words) for words in found} == {w: len(names) for w, names in found.items()}
