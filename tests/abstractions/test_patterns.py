"""The pages of shift patterns: open one, put people on it, take them off, and the duties that follow at night."""

import csv
import datetime as dt
import io

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from npt.abstractions import services as duties
from npt.abstractions.models import Duty, PatternDay, PatternPerson
from npt.audit.queries import history
from npt.core.authority import PEOPLE_ROLES, Role, system
from npt.core.db import session, transaction
from npt.core.periods import DAY
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import NOW, SignIn, post
from tests.exchange.make import LONDON

BASE = "/duties/patterns"
KEEPERS = {Role.SERGEANT: "SOH", Role.INSPECTOR: "ECA", Role.BCU_MANAGER: "SOU", Role.RESOURCES_LEAD: "SOU"}
SOON = dt.date(2150, 3, 2)
"""A day to come, whatever the clock of the machine says."""


def pattern(code: str = "EN", *shifts: str | None, grade: Grade = Grade.PC) -> None:
    for day, shift in enumerate(shifts or ("07:00-17:00", "22:00-07:00", None, None)):
        starts, ends = (dt.time.fromisoformat(t) for t in shift.split("-")) if shift else (None, None)
        make.keep(PatternDay(code=code, day=day, grade=grade, starts=starts, ends=ends))


def on(who: Person, first: dt.date, last: dt.date | None = None, code: str = "EN", days_in: int = 0) -> PatternPerson:
    return make.keep(PatternPerson(person_id=who.id, first_day=first, last_day=last, pattern=code, days_in=days_in))


def held() -> list[tuple[str, str, dt.date, dt.date | None, int]]:
    session.expire_all()
    rows = session.execute(
        select(
            Person.collar_number,
            PatternPerson.pattern,
            PatternPerson.first_day,
            PatternPerson.last_day,
            PatternPerson.days_in,
        )
        .join(PatternPerson.person)
        .order_by(Person.collar_number, PatternPerson.first_day)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


@pytest.fixture
def team(client: FlaskClient) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH")


@pytest.fixture
def who(team: Team) -> Person:
    return make.posted(team, collar_number="1432", surname="Rahman")


@pytest.fixture
def sergeant(who: Person, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, "SOH", name="P. Okafor"))


@pytest.fixture
def lead(who: Person, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "SOU", name="R. Lead"))


def assigned(browser: FlaskClient, *people: Person, **typed: object) -> str:
    known = {"people": [each.id for each in people], "first_day": f"{SOON}", "last_day": "", "cycle_day": "1"}
    answer = post(browser, f"{BASE}/EN/assign", **{**known, **typed})
    return answer.text if answer.status_code == 200 else browser.get(answer.location).text


def test_a_pattern_is_drawn_as_a_table_of_its_cycle(sergeant: FlaskClient) -> None:
    pattern()

    listed, page = sergeant.get(BASE).text, sergeant.get(f"{BASE}/EN").text

    html5lib.HTMLParser(strict=True).parse(listed)
    html5lib.HTMLParser(strict=True).parse(page)
    assert f'href="{BASE}/EN?on=' in listed
    for words in ("Early, 7:00am to 5:00pm", "Night, 10:00pm to 7:00am", "Rest", "The cycle, 4 days"):
        assert words in page


def test_the_count_of_a_pattern_leads_to_the_readers_own_people_on_it_that_day(
    team: Team, who: Person, sergeant: FlaskClient
) -> None:
    pattern()
    far = make.posted(make.team(code="ELY", name="Ely"), collar_number="1999", surname="Far")
    for each in (who, far):
        on(each, SOON)

    page = sergeant.get(f"{BASE}/EN?on={SOON + DAY}").text

    assert "People of your teams on it (1)" in page
    assert "Day 2, night" in page
    assert "A. Far" not in page
    before = sergeant.get(f"{BASE}/EN?on={SOON - DAY}").text
    assert "People of your teams on it (0)" in before
    assert "Going on it later (1)" in before
    assert "Day 1, early" in before


def test_the_resources_lead_opens_a_pattern_and_the_record_keeps_its_days(lead: FlaskClient) -> None:
    answer = post(
        lead, f"{BASE}/new", code="EARLY-2", pc="07:00-17:00\r\n0700-1700\r\nrest", pcso="8.00-16.00\nrest\nrest"
    )

    page = lead.get(answer.location).text
    assert "Pattern EARLY-2 is open." in page
    assert "8:00am to 4:00pm" in page
    assert [(d.day, d.starts) for d in session.scalars(select(PatternDay).where(PatternDay.grade == Grade.PC))] == [
        (0, dt.time(7)),
        (1, dt.time(7)),
        (2, None),
    ]
    assert history("pattern:EARLY-2")[0].details["pc"] == ["07:00-17:00", "07:00-17:00", "rest"]


def test_a_wrong_line_is_named_and_everything_typed_is_kept(lead: FlaskClient) -> None:
    pattern()

    page = post(lead, f"{BASE}/new", code="EN", pc="07:00-17:00\nlate", pcso="rest").text
    taken = post(lead, f"{BASE}/new", code="EN", pc="07:00-17:00\nrest", pcso="rest\nrest").text

    assert "Line 2: enter the times, like 07:00-17:00, or rest" in page
    assert "07:00-17:00\nlate" in page
    assert "There is a pattern EN already" in taken
    assert "Enter at least one day that is not rest" in taken
    assert session.scalar(select(PatternDay.id).where(PatternDay.grade == Grade.PCSO)) is None


def test_a_pattern_that_follows_takes_over_the_leads_people_where_they_are_and_leaves_the_past(
    team: Team, who: Person, lead: FlaskClient
) -> None:
    pattern()
    far = make.posted(make.team(make.sector(make.bcu("NOR", "Northern")), "WIS"), collar_number="1999")
    later = make.posted(team, collar_number="1500")
    on(who, SOON - 9 * DAY, days_in=1)
    on(far, SOON - 9 * DAY)
    on(later, SOON + 5 * DAY, days_in=2)

    form = lead.get(f"{BASE}/new?follows=EN").text
    answer = post(
        lead, f"{BASE}/new?follows=EN", code="EN-2", pc="08:00-18:00\n22:00-07:00\nrest\nrest", from_day=f"{SOON}"
    )

    assert "07:00-17:00\n22:00-07:00\nrest\nrest" in form
    assert "2 people will go over to it." in lead.get(answer.location).text
    assert held() == [
        ("1432", "EN", SOON - 9 * DAY, SOON - DAY, 1),
        ("1432", "EN-2", SOON, None, 2),
        ("1500", "EN-2", SOON + 5 * DAY, None, 2),
        ("1999", "EN", SOON - 9 * DAY, None, 0),
    ]
    assert session.scalar(select(PatternDay.starts).where(PatternDay.code == "EN", PatternDay.day == 0)) == dt.time(7)


def test_nobody_goes_over_to_a_pattern_that_says_nothing_for_their_grade(team: Team, lead: FlaskClient) -> None:
    pattern()
    pattern("EN", "08:00-16:00", grade=Grade.PCSO)
    on(make.posted(team, Grade.PCSO, collar_number="7002"), SOON - 9 * DAY)

    page = post(lead, f"{BASE}/new?follows=EN", code="EN-2", pc="08:00-18:00", pcso="", from_day=f"{SOON}").text

    assert "People of this grade are on pattern EN and would have no duties" in page
    assert [row[1] for row in held()] == ["EN"]
    assert session.scalar(select(PatternDay.id).where(PatternDay.code == "EN-2")) is None


def test_people_are_put_on_a_pattern_and_the_page_says_when_their_duties_are_made(
    team: Team, who: Person, sergeant: FlaskClient
) -> None:
    pattern()
    other = make.posted(team, collar_number="1500", surname="Okafor")

    page = assigned(sergeant, who, other, cycle_day="2")

    assert "2 people are on pattern EN from 2 March 2150. Duties from 2 March 2150 will be made in the night" in page
    assert held() == [("1432", "EN", SOON, None, 1), ("1500", "EN", SOON, None, 1)]
    assert history("pattern:EN")[0].details["people"] == ["1432", "1500"]


def test_the_nightly_job_makes_the_duties_of_whoever_was_put_on(who: Person, sergeant: FlaskClient) -> None:
    pattern()
    assigned(sergeant, who)

    with transaction():
        duties.generate_duties(SOON - DAY, 4, zone=LONDON, actor=system("duties"), at=NOW)

    assert [duty.duty_date for duty in session.scalars(select(Duty).order_by(Duty.starts_at))] == [SOON, SOON + DAY]


def test_an_overlap_is_refused_in_words_until_the_standing_pattern_is_ended(who: Person, sergeant: FlaskClient) -> None:
    pattern()
    pattern("OLD")
    on(who, SOON - 30 * DAY, code="OLD")

    refused = assigned(sergeant, who)
    before = held()
    taken = assigned(sergeant, who, end_standing="y")

    assert "is on pattern OLD since 31 January 2150: choose to end that the day before" in refused
    assert f'value="{SOON}"' in refused
    assert len(before) == 1
    assert "PC 1432 A. Rahman is on pattern EN" in taken
    assert held() == [("1432", "OLD", SOON - 30 * DAY, SOON - DAY, 0), ("1432", "EN", SOON, None, 0)]


def test_a_pattern_already_planned_for_later_days_is_not_run_over(who: Person, sergeant: FlaskClient) -> None:
    pattern()
    on(who, SOON + 9 * DAY)

    page = assigned(sergeant, who, end_standing="y")

    assert "PC 1432, on EN from 11 March 2150" in page
    assert "goes on pattern EN on 11 March 2150: end before that" in page
    assert len(held()) == 1


def test_a_spell_with_a_last_day_stands_inside_the_standing_pattern(who: Person, sergeant: FlaskClient) -> None:
    pattern()
    pattern("OLD")
    on(who, SOON - 30 * DAY, code="OLD")

    assigned(sergeant, who, last_day=f"{SOON + 3 * DAY}")

    assert [row[1:4] for row in held()] == [
        ("OLD", SOON - 30 * DAY, None),
        ("EN", SOON, SOON + 3 * DAY),
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_day": "2020-01-01"}, "Enter tomorrow or a later day"),
        ({"first_day": "31 June"}, "Enter a real date"),
        ({"last_day": "2150-03-01"}, "Enter a last day on or after the first"),
        ({"cycle_day": "5"}, "Enter a day of the cycle from 1 to 4"),
        ({"cycle_day": "0"}, "Enter a day of the cycle from 1 to 4"),
        ({"people": []}, "Choose who is put on the pattern"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_enter(
    who: Person, sergeant: FlaskClient, typed: dict[str, object], words: str
) -> None:
    pattern()

    assert words in assigned(sergeant, who, **typed)
    assert held() == []


def test_a_grade_the_pattern_says_nothing_for_is_refused(team: Team, sergeant: FlaskClient) -> None:
    pattern()
    pcso = make.posted(team, Grade.PCSO, collar_number="7002", surname="Nowak")

    assert "Pattern EN says nothing for a PCSO, as PCSO 7002 A. Nowak is then" in assigned(sergeant, pcso)
    assert held() == []


def test_nobody_of_another_team_is_put_on_or_taken_off_a_pattern(team: Team, sergeant: FlaskClient) -> None:
    pattern()
    far = make.posted(make.team(code="ELY", name="Ely"), collar_number="1999", surname="Far")
    theirs = on(far, SOON)

    assert "Choose one from the list" in assigned(sergeant, far) or "There is a problem" in assigned(sergeant, far)
    assert sergeant.get(f"{BASE}/assignments/{theirs.id}/end").status_code == 404
    assert sergeant.get(f"{BASE}/EN/assign?team=ELY").text.count("Far") == 0
    assert len(held()) == 1


def test_an_assignment_is_ended_and_the_record_says_from_what_to_what(who: Person, sergeant: FlaskClient) -> None:
    pattern()
    assignment = on(who, dt.date(2026, 1, 1))
    path = f"{BASE}/assignments/{assignment.id}/end"

    past = post(sergeant, path, last_day="2026-02-01").text
    answer = post(sergeant, path, last_day=f"{SOON}")

    assert "Enter today or a later day" in past
    assert (
        "leaves pattern EN after 2 March 2150. Duties after that day go tonight." in sergeant.get(answer.location).text
    )
    assert held() == [("1432", "EN", dt.date(2026, 1, 1), SOON, 0)]
    assert history("pattern:EN")[0].details["after"] == {"collar_number": "1432", "last_day": f"{SOON}"}


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_who_keeps_the_roster_sees_patterns_and_only_the_resources_lead_opens_one(
    who: Person, sign_in: SignIn, role: Role
) -> None:
    pattern()
    browser = sign_in(make.user(role, *([KEEPERS[role]] if role in KEEPERS else [])))

    answers = {path: browser.get(f"{BASE}{path}") for path in ("", "/EN", "/EN/assign", "/new", "/new?follows=EN")}

    keeps, opens = role in KEEPERS, role is Role.RESOURCES_LEAD
    assert [answer.status_code for answer in answers.values()] == [
        200 if may else 404 for may in (keeps, keeps, keeps, opens, opens)
    ]
    assert ("Open a pattern" in answers[""].text) == opens


def test_what_does_not_exist_is_not_found(lead: FlaskClient) -> None:
    for path in ("/none", "/none/assign", "/new?follows=none", "/assignments/0/end"):
        assert lead.get(f"{BASE}{path}").status_code == 404


def test_patterns_and_their_people_are_files(who: Person, sergeant: FlaskClient) -> None:
    pattern()
    on(who, SOON)

    read = [
        list(csv.reader(io.StringIO(sergeant.get(path).text.removeprefix("﻿"))))
        for path in (f"{BASE}?format=csv", f"{BASE}/EN?on={SOON}&format=csv")
    ]

    assert read[0][2] == ["EN", "2", "PC", "night", "22:00:00", "07:00:00"]
    assert read[1][1] == ["1432", "Amina Rahman", "PC", "SOH", "EN", "2150-03-02", "", "1"]
    assert sergeant.get(f"{BASE}?format=xlsx").data.startswith(b"PK")
