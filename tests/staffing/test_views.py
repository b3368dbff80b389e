"""The pages of staffing: any day, in words also where the product knows nothing of it."""

import csv
import datetime as dt
import io

import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.core.db import transaction
from npt.people.models import Team
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import SignIn


@pytest.fixture
def soham(session: object) -> Team:
    """A sergeant, a constable, and a constable's post vacant since the first day of 2026."""
    with transaction():
        start_policy()
    team = make.team(make.sector(make.bcu("SOU", "Southern"), "ECA"), "SOH")
    make.posted(team, Grade.SERGEANT, collar_number="1201", surname="Okafor")
    make.posted(team, collar_number="1432", surname="Rahman")
    left = make.person(collar_number="1500", surname="Reid", leaving_on=dt.date(2025, 12, 31))
    make.posting(left, make.post(team, ref="SOH-PC-2"))
    return team


@pytest.fixture
def manager(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.BCU_MANAGER, "SOU"))


def posts(browser: FlaskClient, path: str) -> dict[str, dict[str, str]]:
    """The posts of a page as its CSV has them, by holder or ref."""
    rows = csv.DictReader(io.StringIO(browser.get(path).get_data().decode("utf-8-sig")))
    return {row["Post"]: row for row in rows}


def test_a_team_shows_who_holds_each_post_and_how_long_one_is_vacant(manager: FlaskClient) -> None:
    page = manager.get("/staffing/teams/SOH?on=2026-05-10").text
    vacant = posts(manager, "/staffing/teams/SOH?on=2026-05-10&format=csv")["SOH-PC-2"]

    for words in (
        "1201 A. Okafor",
        "PC 1432 A. Rahman",
        ">129 days</a>",
        ", since 1 January 2026",
        "As at 10 May 2026",
    ):
        assert words in page
    assert "Reid" not in page
    assert (vacant["Holder"], vacant["Vacant since"], vacant["Days vacant"]) == ("", "2026-01-01", "129")


def test_the_day_before_shows_who_held_it_then(manager: FlaskClient) -> None:
    page = manager.get("/staffing/teams/SOH?on=2025-12-31").text

    assert "PC 1500 A. Reid" in page
    assert "since 1 January 2026" not in page


def test_a_day_before_any_policy_is_said_in_words_and_not_as_a_fault(manager: FlaskClient) -> None:
    for page in ("/staffing/", "/staffing/teams/SOH", "/staffing/bcus/SOU"):
        answer = manager.get(f"{page}?on=1999-12-31")

        assert answer.status_code == 404
        assert "No policy in force on that day" in answer.text


@pytest.mark.parametrize("on", ["2007-12-31", "9999-12-31"])
def test_a_day_long_before_or_after_every_team_is_an_ordinary_page(manager: FlaskClient, on: str) -> None:
    for page in ("/staffing/", "/staffing/teams/SOH", "/staffing/bcus/SOU"):
        assert manager.get(f"{page}?on={on}").status_code == 200


def test_what_is_no_day_shows_today(manager: FlaskClient) -> None:
    today = day_of(manager, "/staffing/teams/SOH")

    assert day_of(manager, "/staffing/teams/SOH?on=abc") == today
    assert day_of(manager, "/staffing/teams/SOH?on=2026-02-30") == today


def day_of(browser: FlaskClient, path: str) -> str:
    return browser.get(path).text.split("As at ")[1].split("<")[0]


def test_an_acting_sergeant_is_shown_as_such_and_leaves_their_own_post_vacant(
    manager: FlaskClient, soham: Team
) -> None:
    ely = make.team(make.sector(make.bcu("NOR")), "ELY")
    acting = make.person("1600", "Lee")
    make.posting(acting, make.post(soham, ref="SOH-PC-3"))
    make.posting(acting, make.post(ely, Grade.SERGEANT, ref="ELY-SGT"), dt.date(2026, 5, 1), kind=PostingKind.ACTING)

    ours = posts(manager, "/staffing/teams/SOH?on=2026-05-10&format=csv")
    theirs = manager.get("/staffing/teams/ELY?on=2026-05-10")

    assert ours["SOH-PC-3"]["Days vacant"] == "9"
    assert theirs.status_code == 404


def test_a_bcu_lists_its_live_teams_with_posts_filled_and_who_supervises(manager: FlaskClient, soham: Team) -> None:
    make.team(soham.sector, "OLD", "Burwell", last_day=dt.date(2024, 3, 31))

    now = manager.get("/staffing/bcus/SOU?on=2026-05-10").text
    then = manager.get("/staffing/bcus/SOU?on=2024-03-31").text

    assert "Own sergeant" in now
    assert "1 of 2" in now
    assert "Burwell" not in now
    assert "Burwell" in then


def test_a_team_without_a_sergeant_is_said_to_have_none(manager: FlaskClient, soham: Team) -> None:
    make.posted(make.team(soham.sector, "ELY", "Ely"))

    assert "No supervisor" in manager.get("/staffing/teams/ELY").text
    assert "No supervisor" in manager.get("/staffing/").text


def test_nobody_sees_the_staffing_of_units_that_are_not_theirs(sign_in: SignIn, soham: Team) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT, make.team(code="ELY").code))

    assert sergeant.get("/staffing/teams/ELY").status_code == 200
    for page in ("/staffing/teams/SOH", "/staffing/bcus/SOU", "/staffing/teams/NONE", "/staffing/bcus/NONE"):
        assert sergeant.get(page).status_code == 404
    assert "Rahman" not in sergeant.get("/staffing/").text


def test_the_list_comes_as_excel_and_as_nothing_else(manager: FlaskClient) -> None:
    assert manager.get("/staffing/?format=xlsx").data[:2] == b"PK"
    assert manager.get("/staffing/?format=exe").status_code == 404
