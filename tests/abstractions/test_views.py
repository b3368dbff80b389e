"""The pages of abstractions: what is typed and kept, who sees whose, and lists as pages and files."""

import csv
import datetime as dt
import io
from html import unescape

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from npt.abstractions.models import Abstraction
from npt.audit.queries import history
from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import SignIn, post, token_of

NEW = "/abstractions/new"
NOVEMBER = "first=2026-11-01&last=2026-11-30"


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH")


@pytest.fixture
def rahman(soham: Team) -> Person:
    return make.posted(soham, collar_number="1432", surname="Rahman")


@pytest.fixture
def sergeant(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, soham.code, name="Sgt Okafor"))


def form(who: Person, **changed: str) -> dict[str, str]:
    """What a sergeant types to log that somebody was away for a morning."""
    typed = {
        "person_id": str(who.id),
        "reason": "custody",
        "starts_at_day": "2026-11-10",
        "starts_at_clock": "07:00",
        "returning": "back",
        "ends_at_day": "2026-11-10",
        "ends_at_clock": "09:30",
        "destination": "Parkside",
    }
    return {**typed, **changed}


def log(browser: FlaskClient, who: Person, **changed: str) -> TestResponse:
    return post(browser, NEW, **form(who, **changed))


def entries() -> list[Abstraction]:
    return list(current.scalars(select(Abstraction).order_by(Abstraction.id)))


def test_a_sergeant_logs_an_abstraction_and_is_told_what_was_logged(sergeant: FlaskClient, rahman: Person) -> None:
    answer = log(sergeant, rahman)

    [entry] = entries()
    assert (answer.status_code, answer.location) == (302, "/")
    assert (entry.starts_at, entry.ends_at) == (make.at("2026-11-10 07:00"), make.at("2026-11-10 09:30"))
    assert (entry.person_id, entry.reason, entry.destination) == (rahman.id, "custody", "Parkside")
    assert entry.logged_by == "Sgt Okafor"
    home = sergeant.get("/").text
    assert "Logged: PC 1432 A. Rahman, Custody cover, from 10 November 2026, 7:00am to 10 November 2026, 9:30am" in home
    assert [line.event for line in history(f"abstraction:{entry.ref}")] == ["abstraction.recorded"]


def test_somebody_still_away_needs_no_end(sergeant: FlaskClient, rahman: Person) -> None:
    log(sergeant, rahman, returning="still_away", ends_at_day="", ends_at_clock="")

    assert [entry.ends_at for entry in entries()] == [None]


def test_the_page_offers_whoever_is_on_duty_first_and_nobody_of_another_team(
    app: Flask, sergeant: FlaskClient, rahman: Person, soham: Team
) -> None:
    stranger = make.posted(make.team(), surname="Stranger")
    on_duty = make.posted(soham, surname="Onduty")
    make.duty(on_duty, "2000-01-01 00:00", "2199-01-01 00:00")

    page = sergeant.get(NEW).text

    assert page.index("Onduty") < page.index("Rahman")
    assert stranger.surname not in page


def test_the_person_named_in_the_address_is_chosen_already(sergeant: FlaskClient, rahman: Person) -> None:
    page = sergeant.get(f"{NEW}?person={rahman.id}").text

    assert f'value="{rahman.id}" checked' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"person_id": ""}, "Choose who is away"),
        ({"reason": ""}, "Choose why they are away"),
        ({"reason": "fishing"}, "Choose one from the list"),
        ({"starts_at_day": "", "starts_at_clock": ""}, "Enter when they went"),
        ({"starts_at_day": ""}, "Enter a date as well as a time"),
        ({"starts_at_clock": "25:00"}, "Enter a real time, like 9:32am or 14:05"),
        ({"starts_at_day": "31/11/2026"}, "Enter a real date, like 12/11/2026"),
        ({"starts_at_day": "0001-01-01"}, "Enter a real date, like 12/11/2026"),
        ({"returning": ""}, "Choose whether they are still away"),
        ({"ends_at_day": "", "ends_at_clock": ""}, "Enter when they were, or will be, back"),
        ({"returning": "still_away"}, 'You chose "still away" and entered a time back: choose one'),
        ({"ends_at_clock": "07:00"}, "The end must be after the start"),
        ({"ends_at_day": "2026-11-12"}, "The end is more than 24 hours after the start. Enter one entry for each duty"),
        ({"starts_at_day": "1999-12-31", "returning": "still_away", "ends_at_day": "", "ends_at_clock": ""}, NEW),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_is_kept(
    sergeant: FlaskClient, rahman: Person, wrong: dict[str, str], said: str
) -> None:
    answer = log(sergeant, rahman, **wrong)

    if said == NEW:  # a day before any policy: nobody was posted then
        said = "Choose somebody who was in one of your teams on that day"
    assert answer.status_code == 200
    assert said in unescape(answer.text)
    assert "There is a problem" in answer.text
    assert entries() == []
    typed = form(rahman, **wrong)
    for name in ("starts_at_day", "starts_at_clock", "ends_at_day", "ends_at_clock"):
        assert f'name="{name}"' in answer.text
        assert f'value="{typed[name]}"' in answer.text
    assert 'value="Parkside"' in answer.text
    if typed["person_id"]:
        assert f'value="{rahman.id}" checked' in answer.text


def test_a_destination_of_ten_thousand_characters_is_refused_and_kept_to_be_shortened(
    sergeant: FlaskClient, rahman: Person
) -> None:
    answer = log(sergeant, rahman, destination="x" * 10_000)

    assert "200 characters or fewer" in answer.text
    assert "x" * 10_000 in answer.text
    assert entries() == []


def test_two_hundred_characters_of_destination_are_kept_whole(sergeant: FlaskClient, rahman: Person) -> None:
    log(sergeant, rahman, destination="é" * 200)

    assert [entry.destination for entry in entries()] == ["é" * 200]


def test_what_is_typed_is_shown_as_text_and_never_run(sergeant: FlaskClient, rahman: Person) -> None:
    log(sergeant, rahman, destination="<script>alert(1)</script>")

    page = sergeant.get(f"/abstractions/?{NOVEMBER}").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_time_the_clocks_went_forward_over_is_refused_in_words(sergeant: FlaskClient, rahman: Person) -> None:
    night = {"starts_at_day": "2026-03-29", "ends_at_day": "2026-03-29", "ends_at_clock": "06:00"}

    refused = log(sergeant, rahman, **night, starts_at_clock="01:30")
    log(sergeant, rahman, **night, starts_at_clock="02:00")

    assert "1:30am does not exist on 29 March 2026: the clocks go forward" in refused.text
    assert "Enter a time before 1:00am or from 2:00am" in refused.text
    assert [entry.starts_at for entry in entries()] == [make.at("2026-03-29 01:00")]


def test_a_time_that_happens_twice_is_asked_about_and_kept_as_answered(sergeant: FlaskClient, rahman: Person) -> None:
    night = {
        "starts_at_day": "2026-10-25",
        "starts_at_clock": "01:30",
        "ends_at_day": "2026-10-25",
        "ends_at_clock": "06:00",
    }

    asked = log(sergeant, rahman, **night)
    log(sergeant, rahman, **night, starts_at_fold="after")

    assert "1:30am happens twice on 25 October 2026" in asked.text
    assert 'name="starts_at_fold"' in asked.text
    assert [entry.starts_at for entry in entries()] == [make.at("2026-10-25 01:30")]


def test_both_ends_of_an_entry_may_be_the_same_clock_time_when_the_clocks_go_back(
    sergeant: FlaskClient, rahman: Person
) -> None:
    log(
        sergeant,
        rahman,
        starts_at_day="2026-10-25",
        starts_at_clock="01:30",
        starts_at_fold="before",
        ends_at_day="2026-10-25",
        ends_at_clock="01:30",
        ends_at_fold="after",
    )

    assert [(e.starts_at, e.ends_at) for e in entries()] == [(make.at("2026-10-25 00:30"), make.at("2026-10-25 01:30"))]


def test_a_form_sent_twice_is_kept_once_and_the_second_is_refused_in_words(
    sergeant: FlaskClient, rahman: Person
) -> None:
    log(sergeant, rahman)

    again = log(sergeant, rahman)

    assert again.status_code == 200
    assert "PC 1432 A. Rahman is already away: Custody cover from 10 November 2026, 7:00am" in again.text
    assert 'value="Parkside"' in again.text
    assert len(entries()) == 1


def test_a_form_without_its_token_changes_nothing(sergeant: FlaskClient, rahman: Person) -> None:
    answer = sergeant.post(NEW, data=form(rahman))

    assert answer.status_code == 400
    assert "Send the form again" in answer.text
    assert entries() == []


def test_somebody_of_another_team_is_not_to_be_chosen_whoever_sends_their_number(
    sergeant: FlaskClient, rahman: Person
) -> None:
    stranger = make.posted(make.team())

    refusals = [log(sergeant, rahman, person_id=sent) for sent in (str(stranger.id), "999999", "9" * 30, "abc")]

    assert all("Choose one from the list" in refused.text for refused in refusals)
    assert entries() == []


def test_a_reason_no_longer_in_force_is_refused_by_the_day_of_the_entry(sergeant: FlaskClient, rahman: Person) -> None:
    make.reason("ops", "Operation Lantern", first_day=dt.date(2026, 7, 1), last_day=dt.date(2026, 7, 31))

    refused = log(sergeant, rahman, reason="ops")
    in_time = {"starts_at_day": "2026-07-31", "ends_at_day": "2026-07-31"}
    log(sergeant, rahman, reason="ops", **in_time)

    assert "Operation Lantern cannot be logged on 10 November 2026: choose another reason" in refused.text
    assert [entry.reason for entry in entries()] == ["ops"]


def test_a_sergeant_without_a_team_is_told_that_there_is_nobody_to_log(sign_in: SignIn, soham: Team) -> None:
    page = sign_in(make.user(Role.SERGEANT)).get(NEW)

    assert page.status_code == 200
    assert "nobody to log" in page.text


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
