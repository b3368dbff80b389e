"""Putting an entry right from its page: changed, and split."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.people.rules import Grade
from tests import make
from tests.abstractions.pages import NEW, entries, form
from tests.conftest import SignIn, post


def changed(browser: FlaskClient, ref: str, **typed: str) -> str:
    """Open the page of a change, then send it with what is different."""
    path = f"/abstractions/{ref}/change"
    page = browser.get(path).text
    fields = dict(re.findall(r'name="(\w+)" type="(?:date|time|text|hidden)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'name="(seen|csrf_token)"[^>]*value="([^"]*)"', page))
    [reason] = re.findall(r'<option value="(\w+)" selected', page)
    known = {"reason": reason, "returning": "back", **fields}
    return unescape(browser.post(path, data={**known, **typed}, follow_redirects=True).text)


def test_a_change_is_saved_with_its_reason_and_seen_in_the_history(sergeant: FlaskClient, rahman: Person) -> None:
    post(sergeant, NEW, **form(rahman))
    [entry] = entries()

    silent = changed(sergeant, entry.ref, ends_at_clock="10:00")
    page = changed(sergeant, entry.ref, ends_at_clock="10:00", why="Back later than logged")

    assert "Enter why it is changed" in silent
    assert "The entry of PC 1432 A. Rahman is changed." in page
    assert "Back later than logged" in page
    assert entries()[0].ends_at == make.at("2026-11-10 10:00")


def test_the_history_of_an_entry_is_in_words_and_whoever_logged_it_has_a_name(
    sergeant: FlaskClient, soham: Team, rahman: Person
) -> None:
    make.posted(soham, Grade.SERGEANT, collar_number="77", surname="Reid", email="reid@force.example")
    post(sergeant, NEW, **form(rahman))
    entry = entries()[0]
    with transaction():
        entry.logged_by, entry.logged_by_user_id = "reid@force.example", None

    page = changed(sergeant, entry.ref, reason="response", why="Sent on")

    assert "reason: Custody cover → Response cover" in page
    assert "because: Sent on" in page
    assert "nothing" not in page[page.index("History") :]
    assert f"by {Grade.SERGEANT.label} 77 A. Reid" in page
    assert "reid@force.example" not in page


def test_the_second_of_two_sergeants_is_told_what_the_first_changed_and_may_send_again(
    sergeant: FlaskClient, sign_in: SignIn, soham: Team, rahman: Person
) -> None:
    post(sergeant, NEW, **form(rahman))
    [entry] = entries()
    path = f"/abstractions/{entry.ref}/change"
    stale = re.findall(r'name="seen"[^>]*value="([^"]*)"', sergeant.get(path).text)[0]
    other = sign_in(make.user(Role.SERGEANT, soham.code, name="Sgt Reid"))
    changed(other, entry.ref, ends_at_clock="10:00", why="Relieved late")

    told = changed(sergeant, entry.ref, seen=stale, ends_at_clock="11:00", why="Mine")
    again = re.findall(r'name="seen"[^>]*value="([^"]*)"', told)[0]

    assert "Somebody changed this entry after you opened it. Nothing of yours was saved" in told
    assert "Sgt Reid" in told
    assert "ends at: 10 November 2026, 9:30am → 10 November 2026, 10:00am" in told
    assert 'value="11:00"' in told
    assert entries()[0].ends_at == make.at("2026-11-10 10:00")
    assert "is changed" in changed(sergeant, entry.ref, seen=again, ends_at_clock="11:00", why="Mine")


def test_an_entry_is_split_from_its_page(sergeant: FlaskClient, rahman: Person) -> None:
    post(sergeant, NEW, **form(rahman))
    [entry] = entries()
    path = f"/abstractions/{entry.ref}/split"
    [seen] = re.findall(r'name="seen"[^>]*value="([^"]*)"', sergeant.get(path).text)
    typed = {"divided_at_day": "2026-11-10", "divided_at_clock": "08:00", "first": "custody", "seen": seen}

    nothing = post(sergeant, path, **typed, second="custody", why="Sent on")
    answer = post(sergeant, path, **typed, second="cancelled", why="Came back")

    assert "else there is nothing to split" in nothing.text
    assert answer.status_code == 302
    assert [(e.ends_at, e.cancel_reason) for e in entries()] == [
        (make.at("2026-11-10 08:00"), None),
        (make.at("2026-11-10 09:30"), "Came back"),
    ]


def test_before_an_entry_is_split_its_page_says_how_the_minutes_divide(sergeant: FlaskClient, rahman: Person) -> None:
    make.duty(rahman, "2026-11-10 07:30", "2026-11-10 16:00")
    post(sergeant, NEW, **form(rahman))
    [entry] = entries()
    path = f"/abstractions/{entry.ref}/split"
    typed = {"divided_at_day": "", "divided_at_clock": "08:00", "first": "custody", "step": "check"}

    page = unescape(post(sergeant, path, **typed, second="response").text)
    taken_back = unescape(post(sergeant, path, **typed, second="cancelled").text)
    same = unescape(post(sergeant, path, **typed, second="custody").text)

    duty = "PC 1432 A. Rahman's duty 7:30am to 4:00pm"
    assert f"Up to 10 November 2026, 8:00am, Custody cover: 0 h 30 of it falls in {duty}; 0 h 30 is off duty" in page
    assert "There is a problem" not in page
    assert f"8:00am, Response cover: All 1 h 30 of it fall in {duty}." in page
    assert 'name="divided_at_day" type="date" value="2026-11-10"' in page
    assert "From 10 November 2026, 8:00am: not away, so none of it counts." in taken_back
    assert "else there is nothing to split" in same
    assert len(entries()) == 1


@pytest.mark.parametrize(("clock", "day"), [("05:00", "11"), ("23:30", "10"), ("22:00", "11")])
def test_a_time_back_without_its_date_is_the_first_such_time_after_the_start(
    sergeant: FlaskClient, rahman: Person, clock: str, day: str
) -> None:
    answer = post(sergeant, NEW, **form(rahman, starts_at_clock="22:00", ends_at_day="", ends_at_clock=clock))

    assert answer.status_code == 302
    assert entries()[0].ends_at == make.at(f"2026-11-{day} {clock}")


def test_a_time_that_the_clocks_went_back_over_is_asked_for_also_without_its_date(
    sergeant: FlaskClient, rahman: Person
) -> None:
    night = form(rahman, starts_at_day="2026-10-24", starts_at_clock="22:00", ends_at_day="", ends_at_clock="01:30")

    asked = post(sergeant, NEW, **night).text
    kept = post(sergeant, NEW, **night, ends_at_fold="after")

    assert "happens twice on 25 October 2026" in asked
    assert kept.status_code == 302
    assert entries()[0].ends_at == make.at("2026-10-25 01:30+00:00")
