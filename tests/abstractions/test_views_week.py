"""The team's week as it is shown: who sees whose, what a PC may see, and what its cells and totals lead to."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pytest
from flask.testing import FlaskClient

from npt.core import db
from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.staffing.rules.people import SEEN, Field
from tests import make
from tests.abstractions.make import LONDON
from tests.abstractions.pages import with_a_week, written
from tests.conftest import SignIn, post

WEEK = "/abstractions/week?day=2026-11-12"
ASKED = make.at("2026-11-20 12:00")


@pytest.fixture
def rahman(soham: Team) -> Person:
    return with_a_week(make.posted(soham, collar_number="1432", surname="Rahman", email="rahman@force.example"))


@pytest.fixture
def pc(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.PC, soham.code))


def cells(page: str) -> list[str]:
    """Every cell of the grid as one line of words."""
    found = re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in found]


def test_a_cell_says_what_waits_to_be_authorised_and_what_was_declined(
    sergeant: FlaskClient, pc: FlaskClient, rahman: Person
) -> None:
    entries = [
        make.abstraction(rahman, "2026-11-12 22:00", "2026-11-13 01:00"),
        make.abstraction(rahman, "2026-11-13 02:00", "2026-11-13 03:00"),
    ]
    with transaction():
        waits, declined = [db.session.merge(entry) for entry in entries]
        waits.awaiting_since = declined.awaiting_since = declined.declined_at = ASKED

    shown = cells(sergeant.get(WEEK).text)
    listed = sergeant.get(f"{WEEK}&format=csv").text

    thursday, friday = (cell for cell in shown if "Awaiting authorisation" in cell)  # a night lies in two days
    assert "Declined" in friday
    assert "Declined" not in thursday
    assert "(awaiting authorisation)" in listed
    assert "(declined)" in listed
    assert "Awaiting" not in pc.get(WEEK).text


def test_a_sergeant_sees_each_duty_what_was_taken_and_why_somebody_is_not_there(
    sergeant: FlaskClient, rahman: Person
) -> None:
    page = sergeant.get(WEEK).text

    monday, tuesday, wednesday, thursday, friday, *_ = cells(page)
    who = "log abstraction of PC 1432 A. Rahman"
    assert monday == f"Rest : {who}, Monday 9 November 2026"
    of = "PC 1432 A. Rahman, Tuesday 10 November 2026"
    assert tuesday == f"7–16 : {who}, Tuesday 10 November 2026 Custody cover of {of} 2 h 30 , {of}"
    assert wednesday == f"7:30–16 : {who}, Wednesday 11 November 2026 Compassionate leave"
    assert thursday == f"22–7 : {who}, Thursday 12 November 2026"
    assert friday == f"to 7 from Thursday : {who}, Friday 13 November 2026"
    assert "/abstractions/entries/A-1" in page
    assert '<th scope="row">PC 1432 A. Rahman' in page
    assert "<caption>Soham, 9 November 2026 to 15 November 2026</caption>" in page


def test_a_cell_leads_to_the_form_with_who_and_when(sergeant: FlaskClient, rahman: Person) -> None:
    page = unescape(sergeant.get(WEEK).text)

    new = f"/abstractions/new?person={rahman.id}&starts="
    for when in (
        "2026-11-10T07:00&ends=2026-11-10T16:00",
        "2026-11-12T22:00&ends=2026-11-13T07:00",
        "2026-11-14T00:00",
    ):
        assert f'href="{new}{when}"' in page.replace("%3A", ":")
    form = sergeant.get(f"{new}2026-11-10T07:00&ends=2026-11-10T16:00").text
    assert re.findall(r'name="person_id"[^>]*value="(\d+)" checked', form) == [str(rahman.id)]
    for field, typed in (("starts_at", "07:00"), ("ends_at", "16:00")):
        assert re.search(rf'name="{field}_day"[^>]*value="2026-11-10"', form)
        assert re.search(rf'name="{field}_clock"[^>]*value="{typed}"', form)


def test_every_total_leads_to_the_entries_that_make_it(sergeant: FlaskClient, rahman: Person) -> None:
    page = unescape(sergeant.get(WEEK).text)

    week = re.findall(r'href="(/abstractions/(?:duties)?\?[^"]*first=2026-11-09&last=2026-11-15[^"]*)"', page)
    day = re.findall(r'href="(/abstractions/(?:duties)?\?[^"]*first=2026-11-10&last=2026-11-10[^"]*)"', page)
    assert any("2 h 30 counted (150 minutes)" in sergeant.get(path).text for path in week)
    assert any("18 h available (1,080 minutes)" in sergeant.get(path).text for path in week)
    assert any("2 h 30 counted (150 minutes)" in sergeant.get(path).text for path in day)
    assert any("9 h available (540 minutes)" in sergeant.get(path).text for path in day)
    assert "13.9 %" in page


def test_the_file_says_what_the_page_says(sergeant: FlaskClient, rahman: Person) -> None:
    answer = sergeant.get(f"{WEEK}&format=csv")
    book = openpyxl.load_workbook(io.BytesIO(sergeant.get(f"{WEEK}&format=xlsx").data))

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 7
    tuesday, wednesday, thursday, friday = rows[1:5]
    assert [rows[0][name] for name in ("Team", "Collar number", "Name", "Grade")] == [
        "SOH",
        "1432",
        "Amina Rahman",
        "PC",
    ]
    assert [tuesday[name] for name in ("Day", "Duty", "Absence", "Away")] == [
        "2026-11-10",
        "7–16",
        "",
        "Custody cover 2 h 30",
    ]
    assert (tuesday["Minutes available"], tuesday["Minutes counted"]) == ("540", "150")
    assert (wednesday["Duty"], wednesday["Absence"]) == ("7:30–16", "Compassionate leave")
    assert (thursday["Duty"], thursday["Minutes available"]) == ("22–7", "120")
    assert (friday["Duty"], friday["Minutes available"]) == ("to 7 from Thursday", "420")
    assert book.active is not None
    assert book.active.max_row == 8


def test_a_pc_sees_who_is_there_and_neither_why_nor_what_they_may_not_open(pc: FlaskClient, rahman: Person) -> None:
    page = pc.get(WEEK).text
    file = pc.get(f"{WEEK}&format=csv").text

    assert cells(page)[:5] == ["Rest", "7–16 Away 2 h 30", "7:30–16 Not on duty", "22–7", "to 7 from Thursday"]
    for text in (page, file):
        assert "Compassionate" not in text
        assert "Custody" not in text
        assert "Minutes" not in text
    assert "/abstractions/new" not in page
    assert "/abstractions/entries" not in page
    assert "/abstractions/?" not in page
    assert "Abstraction rate" not in page


def test_a_pc_is_told_their_own_reasons(sign_in: SignIn, soham: Team, rahman: Person) -> None:
    page = sign_in(make.user(Role.PC, soham.code, email="rahman@force.example")).get(WEEK).text

    assert cells(page)[1:3] == ["7–16 Custody cover 2 h 30", "7:30–16 Compassionate leave"]


def test_an_auditor_sees_everything_and_logs_nothing(sign_in: SignIn, soham: Team, rahman: Person) -> None:
    page = sign_in(make.user(Role.AUDITOR)).get(WEEK).text

    assert "Compassionate leave" in page
    assert "/abstractions/entries/A-1" in page
    assert "/abstractions/new" not in page


@pytest.mark.parametrize(
    "role", [role for role in PEOPLE_ROLES if Permission.VIEW_WEEK not in GRANTS[role]], ids=lambda role: role.value
)
def test_who_has_no_team_to_see_has_no_week(sign_in: SignIn, soham: Team, role: Role) -> None:
    assert sign_in(make.user(role, "SOH")).get(WEEK).status_code == 404


def test_kinds_of_absence_are_for_those_who_see_them_on_a_persons_page() -> None:
    may = {role for role in PEOPLE_ROLES if Permission.VIEW_ABSENCE_KINDS in GRANTS[role]}

    assert may == {role for role, fields in SEEN.items() if Field.ABSENCE_KINDS in fields}


def test_a_team_out_of_scope_does_not_exist(sergeant: FlaskClient) -> None:
    make.team(code="ELY")

    assert sergeant.get(f"{WEEK}&team=ELY").status_code == 404
    assert sergeant.get(f"{WEEK}&team=NONE").status_code == 404
    assert sergeant.get(f"{WEEK}&team=SOH").status_code == 200


def test_a_sergeant_of_two_teams_sees_both_their_own_first_and_may_choose_one(sign_in: SignIn, soham: Team) -> None:
    cover = make.team(code="BUR", name="Burwell")
    okafor = make.posted(soham, Grade.SERGEANT, email="okafor@force.example")
    make.cover(okafor, cover)
    browser = sign_in(make.user(Role.SERGEANT, email="okafor@force.example"))

    both, one = browser.get(WEEK).text, browser.get(f"{WEEK}&team=BUR").text

    assert both.index('id="team-SOH"') < both.index('id="team-BUR"')
    assert "Both teams" in both
    assert 'id="team-SOH"' not in one
    assert 'id="team-BUR"' in one


def test_whoever_has_more_than_two_teams_sees_one_at_a_time(sign_in: SignIn, soham: Team) -> None:
    sector = make.sector(make.bcu("NOR"), "FEN")
    for code in ("AAA", "BBB", "CCC"):
        make.team(sector, code)

    page = sign_in(make.user(Role.INSPECTOR, "FEN")).get(WEEK).text

    assert re.findall(r'id="team-(\w+)"', page) == ["AAA"]
    assert '<option value="CCC">' in page


def test_today_and_the_weeks_around_are_said_in_words(sergeant: FlaskClient, rahman: Person) -> None:
    this, november = sergeant.get("/abstractions/week").text, unescape(sergeant.get(WEEK).text)

    assert re.search(r"</abbr> today</th>", this)
    assert " today</th>" not in november
    for day, words in (("2026-11-08", "Previous week"), ("2026-11-16", "Next week")):
        assert re.search(
            rf'href="/abstractions/week\?day={day}">{words}</a>', november.replace(' aria-current="true"', "")
        )


def test_a_day_that_is_none_is_said_in_words_and_kept(sergeant: FlaskClient) -> None:
    page = sergeant.get("/abstractions/week?day=soon").text

    assert "Enter a real date, like 12/11/2026" in page
    assert 'value="soon"' in page
    assert "<table" not in page


def test_a_week_nobody_is_rostered_in_says_where_duties_come_from(sergeant: FlaskClient, rahman: Person) -> None:
    page = sergeant.get("/abstractions/week?day=2027-06-09").text

    assert "Nobody is rostered in this week. Duties come from the shift pattern, an import, or by hand." in page
    assert "No duty" in page
    assert "to come" in page


def test_a_team_without_people_and_somebody_without_a_team_are_told_so(sign_in: SignIn, soham: Team) -> None:
    empty = sign_in(make.user(Role.SERGEANT, "SOH")).get(WEEK).text
    nobody = sign_in(make.user(Role.SERGEANT)).get(WEEK).text

    assert "Nobody is posted to Soham in this week" in empty
    assert "No team of yours is there in this week" in nobody


def test_my_team_shows_the_week_with_who_is_rostered_and_leads_to_it(sign_in: SignIn, soham: Team) -> None:
    today = dt.datetime.now(LONDON).date()
    who = make.posted(soham)
    make.duty(who, f"{today} 10:00", f"{today} 18:00")
    home = sign_in(make.user(Role.SERGEANT, "SOH")).get("/").text
    pc = sign_in(make.user(Role.PC, "SOH")).get("/").text

    assert re.search(r"today</strong>\s*<a[^>]*>1<span[^>]*> of Soham</span></a> on duty", home)
    assert f'href="/abstractions/week?team=SOH#SOH-{today}"' in home
    assert 'href="/abstractions/week"' in pc


def test_the_week_is_found_from_the_entries(sergeant: FlaskClient) -> None:
    page = sergeant.get("/abstractions/").text

    assert 'href="/abstractions/week"' in page
    assert 'href="/abstractions/away"' in page


def test_whoever_is_still_away_is_back_with_one_button_of_the_week(
    sign_in: SignIn, soham: Team, sergeant: FlaskClient, rahman: Person, in_hours: Callable[[float], dt.datetime]
) -> None:
    make.abstraction(rahman, written(in_hours(-30)), None, ref="A-OPEN")
    make.abstraction(make.posted(soham), written(in_hours(-3)), written(in_hours(2)))

    page = sergeant.get("/abstractions/week?team=SOH").text
    [form] = re.findall(r'<form method="post" action="/abstractions/A-OPEN/end".*?</form>', page, re.DOTALL)
    sent = dict(re.findall(r'name="(week|team)" value="([^"]*)"', form))
    answer = post(sergeant, "/abstractions/A-OPEN/end", **sent)

    assert answer.headers["Location"] == f"/abstractions/week?day={sent['week']}&team=SOH"
    after = sergeant.get(answer.headers["Location"]).text
    assert "is back." in after
    assert "/end" not in after
    auditor = sign_in(make.user(Role.AUDITOR))
    assert "/end" not in auditor.get("/abstractions/week?team=SOH").text
