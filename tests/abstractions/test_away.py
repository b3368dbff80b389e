"""The live board: who is away now, where, since when, until when, and who may have them back."""

import csv
import datetime as dt
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import SignIn, token_of

AWAY = "/abstractions/away"


def ago(minutes: int) -> str:
    """An instant so many minutes before this one; before nothing, after it."""
    return f"{dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes):%Y-%m-%d %H:%M}"


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH")


@pytest.fixture
def rahman(soham: Team) -> Person:
    """On duty, and away for an hour and a half to be back in half an hour."""
    who = make.posted(soham, collar_number="1432", surname="Rahman")
    make.duty(who, ago(120), ago(-300))
    entry = make.abstraction(who, ago(90), ago(-30), ref="A-1")
    with transaction():
        entry.destination = "Parkside"
    return who


@pytest.fixture
def sergeant(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, soham.code))


def lines(page: str) -> list[str]:
    """Each row of the board as one line of words."""
    body = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in body.split("</tr>")[:-1]]


def test_the_board_says_who_where_why_since_when_and_until_when(sergeant: FlaskClient, rahman: Person) -> None:
    page = sergeant.get(AWAY).text

    [line] = lines(page)
    assert line.startswith("PC 1432 A. Rahman Soham Custody cover Parkside ")
    assert re.search(r"\( 1 h 3[01] away: PC 1432 A. Rahman \)", line)
    assert "still away" not in line
    assert line.endswith("Back now : PC 1432 A. Rahman")
    assert "1 person away" in page
    assert 'href="/abstractions/away">Refresh</a>' in page
    assert 'data-npt-refresh="60"' in page


def test_whoever_is_still_away_when_their_duty_is_over_is_marked_overdue_in_words(
    sergeant: FlaskClient, soham: Team
) -> None:
    late, there = make.posted(soham, surname="Late"), make.posted(soham, surname="There")
    make.duty(late, ago(600), ago(60))
    make.abstraction(late, ago(500), None)
    make.duty(there, ago(300), ago(-60))
    make.abstraction(there, ago(200), None)

    page = sergeant.get(AWAY).text

    first, second = lines(page)
    assert "Late" in first
    assert "Overdue still away, duty over since" in first
    assert "still away" in second
    assert "Overdue" not in second
    assert "2 people away, 1 overdue" in page


def test_whoever_is_back_planned_or_cancelled_is_not_on_the_board(sergeant: FlaskClient, soham: Team) -> None:
    make.abstraction(make.posted(soham), ago(120), ago(60))
    make.abstraction(make.posted(soham), ago(-60), ago(-120))
    cancelled = make.abstraction(make.posted(soham), ago(60), None)
    with transaction():
        cancelled.cancelled_at = dt.datetime.now(dt.UTC)

    page = sergeant.get(AWAY).text

    assert "Nobody is away. Somebody appears here from the moment an abstraction is logged until they are back." in page


def test_back_now_on_the_board_ends_the_entry_and_leads_back_to_the_board(
    sergeant: FlaskClient, rahman: Person
) -> None:
    board = sergeant.get(AWAY).text
    ended = sergeant.post("/abstractions/A-1/end", data={"csrf_token": token_of(sergeant, AWAY), "board": "yes"})

    assert 'name="board" value="yes"' in board
    assert ended.location == AWAY
    assert lines(sergeant.get(AWAY).text) == []


def test_the_board_marks_who_went_without_being_authorised_yet(sergeant: FlaskClient, soham: Team) -> None:
    waiting, declined = make.posted(soham, surname="Waits"), make.posted(soham, surname="Went")
    one, other = make.abstraction(waiting, ago(120), None), make.abstraction(declined, ago(60), None)
    with transaction():
        one.awaiting_since = other.declined_at = dt.datetime.now(dt.UTC)

    first, second = lines(sergeant.get(AWAY).text)
    file = sergeant.get(f"{AWAY}?format=csv").text

    assert "Awaiting authorisation" in first
    assert "Declined" in second
    assert "Awaiting authorisation" in file


def test_a_bcu_manager_sees_the_bcu_and_narrows_it_to_a_team(sign_in: SignIn, soham: Team, rahman: Person) -> None:
    ely = make.team(soham.sector, "ELY", "Ely")
    make.abstraction(make.posted(ely, surname="Fenn"), ago(30), None)
    make.abstraction(make.posted(make.team(code="FAR"), surname="Stranger"), ago(30), None)
    manager = sign_in(make.user(Role.BCU_MANAGER, "SOU"))

    whole, narrowed = manager.get(AWAY).text, manager.get(f"{AWAY}?team=ELY").text

    assert [line.split(" ")[3] for line in lines(whole)] == ["Rahman", "Fenn"]
    assert [line.split(" ")[3] for line in lines(narrowed)] == ["Fenn"]
    assert manager.get(f"{AWAY}?bcu=SOU").status_code == 200


def test_a_unit_out_of_scope_does_not_exist(sergeant: FlaskClient) -> None:
    make.team(code="FAR")

    for asked in ("team=FAR", "team=none", "bcu=NOR"):
        assert sergeant.get(f"{AWAY}?{asked}").status_code == 404


def test_who_may_only_read_is_offered_no_button(sign_in: SignIn, rahman: Person) -> None:
    for role in (Role.AUDITOR, Role.FORCE_LEAD, Role.ANALYST):
        page = sign_in(make.user(role)).get(AWAY).text
        assert "Rahman" in page
        assert "Back now" not in page


@pytest.mark.parametrize("role", [Role.PC, Role.RESOURCES_LEAD, Role.CHAIR, Role.ADMINISTRATOR])
def test_who_may_not_see_abstractions_has_no_board(sign_in: SignIn, soham: Team, role: Role) -> None:
    assert sign_in(make.user(role, "SOH")).get(AWAY).status_code == 404


def test_the_file_says_what_the_board_says(sergeant: FlaskClient, rahman: Person) -> None:
    [row] = csv.DictReader(io.StringIO(sergeant.get(f"{AWAY}?format=csv").text.removeprefix("\ufeff")))

    assert (row["Ref"], row["Collar number"], row["Grade"], row["Team"]) == ("A-1", "1432", "PC", "SOH")
    assert (row["Reason"], row["Where to"]) == ("Custody cover", "Parkside")
    assert row["Minutes away"] in ("90", "91")
    assert row["Overdue since"] == ""
    assert sergeant.get(f"{AWAY}?format=xlsx").status_code == 200


def test_somebody_without_a_team_is_told_so(sign_in: SignIn, soham: Team) -> None:
    assert "No team is yours today" in sign_in(make.user(Role.SERGEANT)).get(AWAY).text
