"""The pages of panels: what each role sees, what a chair finds first, the forms, the files and the calendars."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from npt.accounts.models import User
from npt.core.authority import EVERYTHING, GRANTS, PEOPLE_ROLES, Permission, Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.panels.models import Meeting
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.people import queries as people
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import post
from tests.staffing.test_views_units import statements, table, words

SignIn = Callable[[User], FlaskClient]
MAY_CHANGE = {Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER}


class Area:
    """Soham leads a panel that also serves Ely; it has a chair, has met once, and put a priority forward."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        self.sector = make.sector(code="EC")
        self.soham = make.team(self.sector, "SOH", "Soham")
        self.ely = make.team(self.sector, "ELY", "Ely")
        self.march = make.team(make.sector(code="FE"), "MAR", "March")
        self.panel = make.panel(self.soham, self.ely, code="SV")
        self.other = make.panel(self.march, code="MA", name="March")
        self.term = make.chair(self.panel)
        self.held = make.meeting(self.panel, "2026-09-17 18:00", attendance=41, ref="SV-1")
        self.ahead = make.meeting(self.panel, "2099-11-26 19:00", MeetingStatus.PLANNED, ref="SV-2")
        self.elsewhere = make.meeting(self.other, "2026-09-18 18:00")
        self.priority = make.priority(self.panel, self.held, PriorityState.PUT_FORWARD)


@pytest.fixture
def area(session: object) -> Area:
    return Area()


@pytest.fixture
def sergeant(area: Area, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, "SOH"))


@pytest.fixture
def chair(area: Area, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.CHAIR, "SV", email="m.holt@demo.example"))


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text


def test_a_chair_comes_to_their_own_panel_and_finds_what_waits_and_when_it_meets(chair: FlaskClient) -> None:
    text = words(page(chair, "/"))

    assert "Soham and Villages panel Chair: Margaret Holt (independent)" in text
    assert "Waiting for you “Speeding on Fordham Road” is put forward for sign-off." in text
    assert "Thursday 26 November 2099, 7:00pm" in text
    assert "What changed since your last meeting, 17 September 2026" in text
    assert "m.holt@demo.example" not in text


def test_a_chair_sees_no_other_panel_no_staffing_and_changes_nothing(area: Area, chair: FlaskClient) -> None:
    shown = page(chair, "/panels/SV")

    assert "/staffing" not in shown
    assert "/new" not in shown
    for path in (
        "/panels/MA",
        f"/panels/meetings/{area.elsewhere.id}",
        "/panels/MA/calendar.ics",
        "/panels/SV/meetings/new",
        "/panels/SV/edit",
        "/panels/SV/chairs/new",
        f"/panels/chairs/{area.term.id}/end",
        f"/panels/meetings/{area.ahead.id}/cancel",
        "/staffing",
    ):
        assert chair.get(path).status_code == 404, path


def test_a_chair_of_several_panels_comes_to_the_list_and_one_without_any_is_told_whom_to_ask(
    area: Area, sign_in: SignIn
) -> None:
    both = page(sign_in(make.user(Role.CHAIR, "SV", "MA")), "/")
    none = page(sign_in(make.user(Role.CHAIR)), "/")

    assert "Panels (2)" in both
    assert "You have no panel yet" in none


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if Permission.VIEW_PANELS in GRANTS[role]])
def test_every_role_sees_the_panels_of_its_scope(area: Area, sign_in: SignIn, role: Role) -> None:
    code = {Role.INSPECTOR: "EC", Role.CHAIR: "SV", Role.BCU_MANAGER: area.sector.bcu.code}
    teams = {Role.PC, Role.SERGEANT}
    browser = sign_in(make.user(role, *([code[role]] if role in code else ["ELY"] if role in teams else [])))

    shown = page(browser, "/panels")

    assert ">Soham and Villages</a>" in shown
    force = role in {Role.FORCE_LEAD, Role.ANALYST, Role.AUDITOR}
    assert (">March</a>" in shown) is force
    assert browser.get("/panels/MA").status_code == (200 if force else 404)
    for path in (f"/panels/meetings/{area.held.id}", f"/panels/priorities/{area.priority.id}"):
        page(browser, path)
    assert ("Create a panel" in shown) is (role in MAY_CHANGE)
    theirs = role in {Role.INSPECTOR, Role.BCU_MANAGER}
    assert ("Plan a meeting" in page(browser, "/panels/SV")) is theirs


def test_the_list_says_how_each_panel_keeps_to_its_meetings_and_comes_as_a_file(area: Area, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.FORCE_LEAD))
    make.panel(area.soham, code="OLD", name="Old", last_day=make.LONG_AGO)

    shown = words(page(browser, "/panels"))
    rows = list(csv.reader(io.StringIO(browser.get("/panels?format=csv").text.removeprefix("\ufeff"))))
    [soham] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] == "SV"]

    assert "Panels (2)" in shown
    assert "too few" in shown
    assert (soham["Public meetings"], soham["Of"], soham["Current priorities"]) == ("1", "4", "1")
    assert "Closed panels (1)" in words(page(browser, "/panels?show=closed"))
    for part in ("meetings", "priorities", "chairs"):
        assert browser.get(f"/panels/SV?list={part}&format=xlsx").status_code == 200
    assert "SV-1" in browser.get("/panels/SV?list=meetings&format=csv").text


def test_the_figures_of_a_panel_lead_to_the_meetings_that_make_them(sergeant: FlaskClient) -> None:
    shown = page(sergeant, "/panels/SV")

    rows = table(shown, "past")
    assert len([row for row in rows if "counted" in row[2]]) == 1
    assert re.search(r'href="#past">1</a>', shown)


def test_a_sergeant_plans_a_meeting_and_a_clash_is_refused_with_what_was_typed_kept(
    area: Area, sergeant: FlaskClient
) -> None:
    typed: Any = {"starts_at_day": "2099-12-03", "starts_at_clock": "19:00", "venue": "Library", "public": "y"}

    done = post(sergeant, "/panels/SV/meetings/new", **typed)
    shown = words(page(sergeant, "/panels/SV"))
    clash = post(sergeant, "/panels/SV/meetings/new", **typed)
    wrong = post(sergeant, "/panels/SV/meetings/new", **{**typed, "starts_at_clock": ""})

    assert done.location == "/panels/SV"
    assert "Soham and Villages panel meets on 3 December 2099, 7:00pm" in shown
    assert "This panel meets on 3 December 2099 already. Choose another day" in words(clash.text)
    assert 'value="Library"' in clash.text
    assert "Enter a time as well as a date" in wrong.text
    assert current.query(Meeting).filter_by(panel_id=area.panel.id).count() == 3


def test_a_meeting_is_recorded_and_another_cancelled(area: Area, sergeant: FlaskClient) -> None:
    record, cancel = f"/panels/meetings/{area.held.id}/record", f"/panels/meetings/{area.ahead.id}/cancel"

    assert post(sergeant, record, public_attendance="many").status_code == 200
    assert post(sergeant, record, public_attendance="44", minutes_ref="SV 2026/3").status_code == 302
    assert "has not begun" in post(sergeant, f"/panels/meetings/{area.ahead.id}/record", minutes_ref="x").text
    assert "Enter why it is cancelled" in post(sergeant, cancel, why="").text
    assert post(sergeant, cancel, why="Snow").location == "/panels/SV"

    shown = words(page(sergeant, f"/panels/meetings/{area.held.id}"))
    assert "Public who came 44" in shown
    assert "public attendance: 41 → 44" in shown
    assert "Priorities decided here (1)" in shown
    decided = sergeant.get(f"/panels/meetings/{area.held.id}?format=csv").text.splitlines()[1:]
    assert [line.split(",")[0] for line in decided] == [area.priority.ref]
    assert "Cancelled" in page(sergeant, f"/panels/meetings/{area.ahead.id}")


def test_a_panel_is_created_changed_and_given_a_chair(area: Area, sergeant: FlaskClient) -> None:
    new: Any = {"name": "Isleham", "code": "ISL", "lead_team": "SOH", "first_day": "2026-01-01", "cadence_weeks": "8"}
    assert "Choose the team that leads it" in post(sergeant, "/panels/new", **{**new, "lead_team": ""}).text
    assert "has this code" in post(sergeant, "/panels/new", **{**new, "code": "ely"}).text
    assert post(sergeant, "/panels/new", **new).location == "/panels/ISL"
    assert "from 1 to 52" in post(sergeant, "/panels/ISL/edit", name="Isleham", cadence_weeks="0").text
    assert post(sergeant, "/panels/ISL/edit", name="Isleham", teams="ELY", cadence_weeks="").location == "/panels/ISL"
    term: Any = {"office": "chair", "name": "Ray Dunn", "email": "r@demo.example", "chair_type": "cdrp"}
    assert "Enter an email" in post(sergeant, "/panels/ISL/chairs/new", **{**term, "email": "x"}).text
    assert post(sergeant, "/panels/ISL/chairs/new", **term, first_day="2026-02-01").location == "/panels/ISL"

    shown = words(page(sergeant, "/panels/ISL"))
    assert "Teams served Soham (leads), Ely" in shown
    assert "Chair: Ray Dunn (CDRP)" in shown
    assert "teams: SOH → ELY, SOH" in shown


def test_a_term_is_ended_by_the_lead_teams_sergeant_alone(area: Area, sergeant: FlaskClient, sign_in: SignIn) -> None:
    path = f"/panels/chairs/{area.term.id}/end"

    assert sign_in(make.user(Role.SERGEANT, "ELY")).get(path).status_code == 404
    assert post(sergeant, path, last_day="2026-06-30").location == "/panels/SV"
    assert "Chair: nobody" in words(page(sergeant, "/panels/SV"))


def entries_of(calendar: bytes) -> list[Any]:
    return list(Calendar.from_ical(calendar).walk("VEVENT"))


def test_a_calendar_holds_the_meetings_with_their_length_and_moves_rather_than_doubles(
    area: Area, chair: FlaskClient
) -> None:
    entries = entries_of(chair.get("/panels/SV/calendar.ics").data)
    [entry] = entries_of(chair.get(f"/panels/meetings/{area.ahead.id}/calendar.ics").data)

    assert len(entries) == 2
    assert (entry["UID"], entry["STATUS"]) == ("SV-2@npt", "CONFIRMED")
    assert entry["DTSTART"].dt == make.at("2099-11-26 19:00")
    assert (entry["DTEND"].dt - entry["DTSTART"].dt).total_seconds() == 2 * 60 * 60
    assert entry["UID"] in {each["UID"] for each in entries}


def test_a_page_asks_no_more_of_the_database_when_a_panel_has_met_often(area: Area, sergeant: FlaskClient) -> None:
    with statements() as few:
        page(sergeant, "/panels/SV")
    for month in range(1, 9):
        make.priority(area.panel, make.meeting(area.panel, f"2026-0{month}-05 19:00"), PriorityState.ADOPTED)
    with statements() as many:
        page(sergeant, "/panels/SV")

    assert len(many) == len(few) <= 20


def test_teams_of_the_whole_force_are_not_offered_to_a_sergeant(area: Area, sergeant: FlaskClient) -> None:
    shown = page(sergeant, "/panels/new")

    assert len(people.teams(EVERYTHING)) == 3
    assert "March" not in shown
    assert 'value="ELY"' in shown
