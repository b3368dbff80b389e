"""Who is back, one entry, and the lists of entries and duties with their files."""

import csv
import io

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from npt.abstractions.models import Abstraction
from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.people.models import Person, Team
from tests import make
from tests.abstractions.pages import NEW, NOVEMBER, entries, log
from tests.conftest import SignIn, token_of


def send(browser: FlaskClient, path: str) -> TestResponse:
    """Press the button of a page that is open already."""
    return browser.post(path, data={"csrf_token": token_of(browser)})


def test_somebody_who_is_back_is_said_to_be_back(sergeant: FlaskClient, rahman: Person) -> None:
    make.abstraction(rahman, "2026-01-05 07:00", None, ref="A-1")

    token = {"csrf_token": token_of(sergeant)}
    answer = sergeant.post("/abstractions/A-1/end", data=token)
    again = sergeant.post("/abstractions/A-1/end", data=token)

    home = sergeant.get("/").text
    assert (answer.status_code, again.status_code) == (302, 302)
    assert "PC 1432 A. Rahman is back." in home
    assert "PC 1432 A. Rahman is back already: this entry has ended." in home
    current.expire_all()
    assert [entry.ends_at is not None for entry in entries()] == [True]


def test_another_team_s_entry_and_one_that_does_not_exist_are_not_found_alike(
    sergeant: FlaskClient, rahman: Person
) -> None:
    make.abstraction(rahman, "2026-11-10 07:00", None, ref="MINE")
    make.abstraction(make.posted(make.team()), "2026-11-10 07:00", None, ref="THEIRS")

    assert "Still away" in sergeant.get("/abstractions/entries/MINE").text
    for ref in ("THEIRS", "NONE"):
        assert sergeant.get(f"/abstractions/entries/{ref}").status_code == 404
        assert send(sergeant, f"/abstractions/{ref}/end").status_code == 404
    open_ones = select(func.count()).select_from(Abstraction).where(Abstraction.ends_at.is_(None))
    assert current.scalar(open_ones) == 2


def test_an_entry_says_who_logged_it_and_what_was_done_to_it(sergeant: FlaskClient, rahman: Person) -> None:
    log(sergeant, rahman)
    [entry] = entries()

    page = sergeant.get(f"/abstractions/entries/{entry.ref}").text

    for words in ("Custody cover: PC 1432 A. Rahman", "by Sgt Okafor", "Parkside", "Abstraction recorded"):
        assert words in page


def a_morning_away(who: Person, ref: str = "A-1", reason: str = "custody") -> None:
    make.duty(who, "2026-11-10 07:00", "2026-11-10 15:00")
    make.abstraction(who, "2026-11-10 07:00", "2026-11-10 09:30", reason, ref=ref)


def test_the_list_shows_the_total_its_figure_had(sergeant: FlaskClient, rahman: Person, soham: Team) -> None:
    a_morning_away(rahman)
    a_morning_away(make.posted(soham), "A-2", "court")
    a_morning_away(make.posted(make.team()), "A-3")

    page = sergeant.get(f"/abstractions/?{NOVEMBER}").text

    assert "2 entries with 2 h 30 counted (150 minutes)" in page
    assert "All 2 entries" in page
    narrowed = sergeant.get(f"/abstractions/?{NOVEMBER}&reason=court").text
    assert "1 entry with 0 h counted (0 minutes)" in narrowed
    nationally = sergeant.get(f"/abstractions/?{NOVEMBER}&definition=national").text
    assert "2 entries with 5 h counted (300 minutes)" in nationally
    undefined = sergeant.get(f"/abstractions/?{NOVEMBER}&definition=").text
    assert "2 entries with 2 h 30 counted (150 minutes)" in undefined


def test_the_list_of_duties_shows_the_total_its_figure_had(sergeant: FlaskClient, rahman: Person) -> None:
    a_morning_away(rahman)
    make.absence(rahman, "2026-11-10 14:00", "2026-11-10 15:00")

    assert "1 duty with 7 h available (420 minutes)" in sergeant.get(f"/abstractions/duties?{NOVEMBER}").text


@pytest.mark.parametrize("page", ["/abstractions/", "/abstractions/duties", "/abstractions/mine"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first=abc&last=2026-11-30", "Enter a real date"),
        ("first=&last=2026-11-30", "Enter the first day"),
        ("first=2026-11-30&last=2026-11-01", "Enter a last day on or after the first"),
        ("first=2026-11-01&last=9999-12-31", "Enter a real date"),
    ],
)
def test_days_that_make_no_window_are_said_and_no_figure_is_shown(
    sergeant: FlaskClient, page: str, asked: str, said: str
) -> None:
    for ending in ("", "&format=csv", "&format=xlsx"):
        answer = sergeant.get(f"{page}?{asked}{ending}")

        assert answer.status_code == 200
        assert said in answer.text
        assert "minutes)" not in answer.text


def test_a_window_before_any_policy_is_said_in_words(sergeant: FlaskClient) -> None:
    answer = sergeant.get("/abstractions/?first=1950-01-01&last=1950-12-31")

    assert answer.status_code == 404
    assert "No policy in force on that day" in answer.text


def test_the_list_as_csv_holds_every_entry_with_its_minutes_and_runs_nothing(
    sergeant: FlaskClient, rahman: Person
) -> None:
    a_morning_away(rahman)
    [entry] = entries()
    with transaction():
        entry.destination = "=1+1"
        current.add(entry)

    answer = sergeant.get(f"/abstractions/?{NOVEMBER}&format=csv")

    [row] = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="OFFICIAL-abstractions.csv"'
    assert (row["Ref"], row["Collar number"], row["Where to"]) == ("A-1", "1432", "'=1+1")
    assert [row[f"Minutes {what}"] for what in ("counted", "not counting", "off duty")] == ["150", "0", "0"]


def test_the_lists_as_xlsx_open_and_hold_the_same(sergeant: FlaskClient, rahman: Person) -> None:
    a_morning_away(rahman)

    listed = sergeant.get(f"/abstractions/?{NOVEMBER}&format=xlsx")
    duties = sergeant.get(f"/abstractions/duties?{NOVEMBER}&format=xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(listed.data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][-3:] == [150, 0, 0]
    sheet = openpyxl.load_workbook(io.BytesIO(duties.data)).active
    assert sheet is not None
    assert sheet[2][-1].value == 480


def test_a_constable_sees_only_their_own_entries(sign_in: SignIn, soham: Team, rahman: Person) -> None:
    own = make.posted(soham, email="amina@force.example", collar_number="1500")
    a_morning_away(own, "OWN")
    a_morning_away(rahman, "OTHER", "court")
    constable = sign_in(make.user(Role.PC, soham.code, email="amina@force.example"))

    listed = constable.get(f"/abstractions/mine?{NOVEMBER}&format=csv").text
    duties = constable.get(f"/abstractions/mine/duties?{NOVEMBER}&format=csv").text

    assert "OWN" in listed
    assert "OTHER" not in listed
    assert "1432" not in listed + duties
    assert duties.count("1500") == 1
    for closed in ("/abstractions/", "/abstractions/duties", "/abstractions/entries/OWN", NEW, "/teams/SOH"):
        assert constable.get(closed).status_code == 404


def test_somebody_who_is_no_person_on_record_has_no_entries_of_their_own(
    sign_in: SignIn, soham: Team, rahman: Person
) -> None:
    a_morning_away(rahman)

    page = sign_in(make.user(Role.SERGEANT, soham.code)).get(f"/abstractions/mine?{NOVEMBER}")

    assert "No abstraction in these days" in page.text
