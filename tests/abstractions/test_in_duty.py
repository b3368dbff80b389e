"""How much of an entry falls in duty: counted by rule, and said of each person before and after it is logged."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import in_duty, tally
from npt.people.models import Person, Team
from tests import make
from tests.abstractions.make import PC, a_duty, an_absence, an_abstraction, at, windows, without_deadline, worlds
from tests.abstractions.pages import FEBRUARY, NEW, a_month, entries, form, words
from tests.conftest import post

SEVERAL = "/abstractions/several"
NOON = at("2026-11-12 12:00")
LATE = a_duty("2026-11-30 15:00", "2026-11-30 23:00")


def test_an_entry_from_before_the_duty_is_told_apart_into_what_falls_in_it_and_what_does_not() -> None:
    found = in_duty(an_abstraction("2026-11-30 14:00", "2026-11-30 22:00"), [LATE], [], at=NOON)

    assert (found.minutes, found.inside, found.absent, found.off_duty) == (480, 420, 0, 60)
    assert found.duties == (LATE,)
    assert not found.whole


def test_leave_in_a_duty_is_told_apart_from_time_off_duty() -> None:
    leave = an_absence("2026-11-30 20:00", "2026-12-01 09:00")
    found = in_duty(an_abstraction("2026-11-30 14:00", "2026-11-30 22:00"), [LATE], [leave], at=NOON)

    assert (found.inside, found.absent, found.off_duty) == (300, 120, 60)


def test_nothing_falls_in_duty_on_a_rest_day_nor_in_the_duty_of_another() -> None:
    other = a_duty("2026-11-30 15:00", "2026-11-30 23:00", person=2)
    found = in_duty(an_abstraction("2026-11-30 14:00", "2026-11-30 22:00"), [other], [], at=NOON)

    assert (found.inside, found.off_duty, found.duties) == (0, 480, ())


def test_somebody_still_away_is_taken_to_be_away_to_the_end_of_the_duty() -> None:
    on = in_duty(an_abstraction("2026-11-30 16:00"), [LATE], [], at=at("2026-11-30 16:00"))
    off = in_duty(an_abstraction("2026-11-30 14:00"), [LATE], [], at=at("2026-11-30 14:00"))

    assert (on.inside, on.whole) == (420, True)
    assert (off.minutes, off.whole) == (0, False)


@without_deadline
@given(st.data())
def test_what_falls_in_duty_is_what_a_reason_that_counts_would_count(data: st.DataObject) -> None:
    world = data.draw(worlds(people=1))
    window = data.draw(windows(world))
    for entry in world.abstractions:
        if entry.ends_at is None:
            continue
        found = in_duty(entry, world.duties, world.absences, at=NOON)
        counted = tally(
            world.duties,
            world.absences,
            [entry],
            within=type(window.whole)(entry.starts_at, entry.ends_at),
            moment=entry.ends_at,
            place=lambda *_: PC,
            counts=lambda *_: True,
        )
        assert found.inside == sum(each.counted for each in counted.entries)
        assert found.inside + found.absent + found.off_duty == found.minutes


@pytest.fixture
def pilkington(soham: Team) -> Person:
    """On a late, that begins an hour after the event."""
    who = make.posted(soham, collar_number="1500", surname="Pilkington")
    make.duty(who, "2026-11-10 15:00", "2026-11-10 23:00")
    return who


@pytest.fixture
def plumtree(soham: Team) -> Person:
    """On a rest day."""
    return make.posted(soham, collar_number="1501", surname="Plumtree")


FROM_TWO = {"starts_at_clock": "14:00", "ends_at_clock": "22:00"}
PARTLY = "7 h of it fall in PC 1500 A. Pilkington's duty 3:00pm to 11:00pm; 1 h is off duty and does not count."
NOT_AT_ALL = "PC 1501 A. Plumtree is not on duty at all then: none of it counts."


def joint(*people: Person, **more: str) -> dict[str, object]:
    typed = {name: value for name, value in form(people[0], **FROM_TWO).items() if name != "person_id"}
    return {**typed, "person_ids": [str(each.id) for each in people], **more}


def test_after_logging_each_is_told_what_of_theirs_does_not_count(
    sergeant: FlaskClient, rahman: Person, pilkington: Person, plumtree: Person
) -> None:
    make.duty(rahman, "2026-11-10 14:00", "2026-11-10 22:00")

    assert post(sergeant, SEVERAL, **joint(rahman, pilkington, plumtree)).status_code == 302
    home = unescape(sergeant.get("/").text)

    assert PARTLY in home
    assert NOT_AT_ALL in home
    assert "A. Rahman's duty" not in home


def test_check_says_it_of_each_before_anything_is_saved(
    sergeant: FlaskClient, rahman: Person, pilkington: Person, plumtree: Person
) -> None:
    make.duty(rahman, "2026-11-10 14:00", "2026-11-10 22:00")

    page = unescape(post(sergeant, SEVERAL, **joint(rahman, pilkington, plumtree, step="check")).text)
    alone = unescape(post(sergeant, NEW, **form(plumtree, **FROM_TWO, step="check")).text)

    assert "All 8 h of it fall in PC 1432 A. Rahman's duty 2:00pm to 10:00pm." in page
    assert PARTLY in page
    assert NOT_AT_ALL in page
    assert NOT_AT_ALL in alone
    assert entries() == []


def test_leave_and_an_open_entry_off_duty_are_said_in_their_own_words(
    sergeant: FlaskClient, pilkington: Person, plumtree: Person
) -> None:
    make.absence(pilkington, "2026-11-10 15:00", "2026-11-11 00:00")
    still = {"returning": "still_away", "ends_at_day": "", "ends_at_clock": ""}

    on_leave = unescape(post(sergeant, NEW, **form(pilkington, **FROM_TWO, step="check")).text)
    away = unescape(post(sergeant, NEW, **form(plumtree, starts_at_day="2027-11-10", step="check") | still).text)

    assert (
        "None of it counts in PC 1500 A. Pilkington's duty 3:00pm to 11:00pm: "
        "7 h is leave, sickness or other absence, 1 h is off duty."
    ) in on_leave
    assert "PC 1501 A. Plumtree is not on duty at 7:00am: what lies outside a duty is shown" in away


def test_the_inspector_is_told_that_a_plan_on_a_rest_day_adds_nothing_to_a_month_over_already(
    sergeant: FlaskClient, inspector: FlaskClient, rahman: Person, plumtree: Person
) -> None:
    a_month(rahman)
    make.target("8")
    make.abstraction(rahman, "2027-02-16 08:00", "2027-02-16 18:00")

    checked = words(post(sergeant, NEW, **form(plumtree, **FEBRUARY, step="check")).text)
    post(sergeant, NEW, **form(plumtree, **FEBRUARY))
    page = words(unescape(inspector.get(f"/to-authorise/{entries()[-1].ref}/authorise").text))

    already = "February 2027 is heading over target already; this entry adds nothing: it is off duty"
    assert "February 2027 would stay at 20.0 % (target 8.0 %, over already)." in checked
    assert already in checked
    assert already in page
    assert NOT_AT_ALL in page
    assert "February 2027 is heading over target already: for 20.0 % with it and without it (target 8.0 %)." in page


def test_the_inspector_sees_the_duty_of_whom_they_decide_and_how_many_minutes_count(
    sergeant: FlaskClient, inspector: FlaskClient, pilkington: Person
) -> None:
    post(sergeant, NEW, **form(pilkington, starts_at_clock="09:00", ends_at_clock="22:00"))

    page = unescape(inspector.get(f"/to-authorise/{entries()[-1].ref}/authorise").text)

    assert "7 h of it fall in PC 1500 A. Pilkington's duty 3:00pm to 11:00pm; 6 h is off duty" in page


def test_who_must_be_authorised_and_why_is_said_of_each_when_several_are_checked(
    sergeant: FlaskClient, rahman: Person, plumtree: Person
) -> None:
    a_month(rahman)
    make.target("8")
    make.abstraction(rahman, "2027-02-17 08:00", "2027-02-17 18:00")
    typed = {name: value for name, value in form(rahman, **FEBRUARY).items() if name != "person_id"}

    both = [str(rahman.id), str(plumtree.id)]
    page = words(unescape(post(sergeant, SEVERAL, **typed, person_ids=both, step="check").text))

    already = "it starts after it is logged, and February 2027 is heading over target already"
    assert f"PC 1432 A. Rahman: {already}." in page
    assert f"PC 1501 A. Plumtree: {already}; this entry adds nothing: it is off duty." in page


def test_the_month_without_an_entry_leads_to_all_the_others_that_make_it(
    sergeant: FlaskClient, inspector: FlaskClient, rahman: Person, pilkington: Person
) -> None:
    make.target("8")
    make.duty(rahman, "2026-11-09 08:00", "2026-11-09 16:00")
    make.abstraction(rahman, "2026-11-09 08:00", "2026-11-09 10:00")
    post(sergeant, NEW, **form(pilkington, starts_at_clock="09:00", ends_at_clock="22:00"))
    entry = entries()[-1].ref

    page = inspector.get(f"/to-authorise/{entry}/authorise").text
    found = re.search(r'href="([^"]*but=[^"]*)">12.5 %</a> without it', page)
    assert found, words(page)
    others = words(inspector.get(unescape(found[1])).text)

    assert f"All but the entry {entry}" in others
    assert "1 entry with 2 h counted (120 minutes)" in others
    assert "2 h of 16 h available duty: 12.5 %." in others
