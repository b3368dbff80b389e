"""The pages of abstractions: what is typed to log, what is refused, and what is kept."""

import datetime as dt
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from npt.audit.queries import history
from npt.core.authority import Role
from npt.people.models import Person, Team
from tests import make
from tests.abstractions.pages import NEW, NOVEMBER, entries, form, log
from tests.conftest import SignIn


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
