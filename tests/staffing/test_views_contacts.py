"""The pages of named contacts: gaps first, naming, replacing, ending, and how a team is reached."""

import csv
import io
from collections.abc import Callable

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core import db
from npt.core.authority import EVERYTHING, GRANTS, PEOPLE_ROLES, Permission, Role, system
from npt.core.db import session as current
from npt.flags import queries as flags
from npt.people.models import Team
from npt.people.rules import Grade
from npt.policy.queries import policy_on
from npt.staffing import services
from npt.staffing.models import NamedContact
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import statements, table, words

SignIn = Callable[[User], FlaskClient]
ON = f"on={TODAY}"
PATH = f"/staffing/contacts?{ON}"
NEW = "/staffing/wards/SOHN/contacts/new"


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


@pytest.fixture
def inspector(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.INSPECTOR, "FEN"))


def strict(page: str) -> str:
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def rows(browser: FlaskClient, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(browser.get(path).text.removeprefix("﻿"))))


def test_gaps_stand_first_then_every_ward_with_its_contacts(force: Force, inspector: FlaskClient) -> None:
    make.ward(force.ely, "ELYE", "Ely East")
    make.contact(make.ward(force.ely, "ELYW", "Ely West"), force.constable)
    make.contact(force.ward, force.constable)

    page = strict(inspector.get(PATH).text)

    assert [row[0] for row in table(page, "nobody")] == ["Ely East"]
    assert [row[:3] for row in table(page, "left")] == [
        ["Soham North", "Soham", "Left PC 21432 A. Rahman, in Ely since 1 January 2020"]
    ]
    assert [row[0] for row in table(page, "teams")] == ["Ely", "Soham"]
    assert [row[2] for row in table(page, "wards")] == [
        "None",
        "PC 21432 A. Rahman",
        "Left PC 21432 A. Rahman, in Ely since 1 January 2020",
    ]


def test_each_figure_leads_to_the_rows_it_counts(force: Force, inspector: FlaskClient) -> None:
    page = inspector.get(PATH).text

    for anchor in ("nobody", "left", "teams", "wards"):
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page


def test_a_day_gone_by_has_the_contacts_of_then_and_a_ward_keeps_them_all(force: Force, inspector: FlaskClient) -> None:
    make.contact(force.ward, force.pcso, TODAY.replace(month=1), TODAY.replace(month=6))

    then = inspector.get("/staffing/contacts?on=2026-03-01").text
    ward = strict(inspector.get(f"/staffing/wards/SOHN?{ON}").text)

    assert table(then, "wards")[0][2] == "PCSO 27002 A. Nowak"
    assert table(inspector.get(PATH).text, "wards")[0][2] == "None"
    assert [row[:4] for row in table(ward, "contacts")] == [
        ["PCSO 27002 A. Nowak", "12 January 2026", "12 June 2026", "Over"]
    ]


def test_the_page_is_reached_from_staffing(inspector: FlaskClient) -> None:
    assert 'href="/staffing/contacts?on=' in inspector.get("/staffing/").text


def test_with_no_ward_and_no_team_the_page_says_where_they_come_from(sign_in: SignIn, session: object) -> None:
    page = strict(sign_in(make.user(Role.SERGEANT)).get(PATH).text)

    assert "No team of yours is live on this day" in page


def test_the_page_is_narrowed_to_a_team(force: Force, inspector: FlaskClient) -> None:
    make.ward(force.ely, "ELYE", "Ely East")

    assert [row[0] for row in table(inspector.get(f"{PATH}&team=ELY").text, "wards")] == ["Ely East"]
    assert [row[0] for row in table(inspector.get(f"{PATH}&sector=FEN").text, "wards")] == ["Ely East", "Soham North"]


def test_the_page_asks_no_more_of_the_database_when_there_are_more_wards(force: Force, inspector: FlaskClient) -> None:
    make.contact(force.ward, force.pcso)
    inspector.get(PATH)
    with statements() as few:
        inspector.get(PATH)
    for number in range(8):
        make.contact(make.ward(force.ely, f"ELY{number}"), force.constable)

    with statements() as many:
        page = inspector.get(PATH).text

    assert len(table(page, "wards")) == 9
    assert len(many) == len(few)


def test_the_lists_are_files(force: Force, inspector: FlaskClient) -> None:
    make.contact(force.ward, force.pcso)
    make.ward(force.ely, "ELYE", "Ely East")

    read = {
        name: rows(inspector, f"{PATH}&format=csv&list={name}")[1:] for name in ("nobody", "left", "teams", "wards")
    }

    assert [row[0] for row in read["nobody"]] == ["ELYE"]
    assert read["left"] == []
    assert [row[0] for row in read["teams"]] == ["ELY", "SOH"]
    assert read["wards"][1][:7] == ["SOHN", "Soham North", "SOH", "FEN", "NOR", "PCSO 27002 A. Nowak", "2020-01-01"]
    assert inspector.get(f"{PATH}&format=xlsx").data.startswith(b"PK")
    assert rows(inspector, "/staffing/wards/SOHN?format=csv&list=contacts")[1][:3] == ["SOHN", "27002", "Amina Nowak"]


def test_a_sergeant_names_a_contact_and_ward_and_team_show_it_with_its_history(force: Force, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))

    answer = post(browser, NEW, collar_number="27002", first_day="2020-02-01")
    ward = strict(browser.get(answer.location).text)
    team = strict(browser.get("/staffing/teams/SOH").text)

    assert answer.status_code == 302
    assert "PCSO 27002 A. Nowak is named for Soham North ward from 1 February 2020" in ward
    assert table(ward, "contacts")[0][:2] == ["PCSO 27002 A. Nowak", "1 February 2020"]
    assert "Contact named" in ward
    assert "collar number: 27002" in ward
    assert "Soham North PCSO 27002 A. Nowak" in words(team)


def test_what_cannot_be_is_refused_beside_its_field_and_what_was_typed_is_kept(
    force: Force, inspector: FlaskClient
) -> None:
    early = strict(post(inspector, NEW, collar_number="27002", first_day="2019-12-31", last_day="2019-12-30").text)
    nobody = post(inspector, NEW, first_day="soon").text

    assert "Soham North ward belongs to no team on 31 December 2019" in early
    assert "The last day must be 31 December 2019 or later" in early
    assert 'value="2019-12-31"' in early
    assert "Choose a PC or PCSO of the team" in nobody
    assert "Enter a real date" in nobody
    assert 'value="soon"' in nobody
    assert current.query(NamedContact).count() == 0


def test_somebody_of_another_team_is_not_on_the_list(force: Force, inspector: FlaskClient) -> None:
    page = inspector.get(NEW).text

    assert "27002" in page
    assert "21432" not in page
    assert "Choose one from the list" in post(inspector, NEW, collar_number="21432", first_day="2026-11-01").text


def test_a_team_without_constables_is_told_that_nobody_can_be_named(force: Force, inspector: FlaskClient) -> None:
    empty = make.team(force.fens, "LITT", "Littleport")
    make.ward(empty, "LITE", "Littleport East")

    page = strict(inspector.get("/staffing/wards/LITE/contacts/new").text)

    assert "Littleport has no PC or PCSO today" in page
    assert "Name this contact" not in page


def test_one_contact_is_replaced_by_another_from_the_ward_page(force: Force, inspector: FlaskClient) -> None:
    old = make.contact(force.ward, force.pcso, make.LONG_AGO)
    make.posted(force.soham, collar_number="21999", surname="Reed")
    ward = inspector.get("/staffing/wards/SOHN").text
    asked = inspector.get(f"{NEW}?replaces={old.id}").text

    answer = post(inspector, NEW, collar_number="21999", first_day=str(TODAY), replaces=str(old.id))

    assert f"{NEW}?replaces={old.id}" in ward
    assert f'<option value="{old.id}" selected>' in asked
    page = inspector.get(f"{answer.location}?{ON}").text
    assert [row[:4] for row in table(page, "contacts")] == [
        ["PC 21999 A. Reed", "12 November 2026", "Still", "Current"],
        ["PCSO 27002 A. Nowak", "1 January 2020", "11 November 2026", "Over"],
    ]
    assert "last day of 27002: nothing → 11 November 2026" in words(page)


def test_ending_the_only_contact_says_what_it_leaves_and_keeps_the_record(force: Force, inspector: FlaskClient) -> None:
    contact = make.contact(force.ward, force.pcso)
    path = f"/staffing/contacts/{contact.id}/end"

    form = strict(inspector.get(path).text)
    early = post(inspector, path, last_day="2019-01-01").text
    answer = post(inspector, path, last_day="2026-11-11")

    assert "The ward has no other current contact" in form
    assert "This record starts on 1 January 2020" in early
    assert 'value="2019-01-01"' in early
    page = inspector.get(f"{answer.location}?{ON}").text
    assert "27002 A. Nowak is named for Soham North ward to 11 November 2026" in page
    assert table(page, "contacts")[0][3] == "Over"


def test_email_and_telephone_of_a_team_are_corrected_and_the_record_keeps_both(
    force: Force, inspector: FlaskClient
) -> None:
    path = "/staffing/teams/SOH/reach"

    bad = strict(post(inspector, path, email="soham", telephone="ring me").text)
    post(inspector, path, email="Soham.Team@Force.example", telephone="101 ext 45")
    same = post(inspector, path, email="soham.team@force.example", telephone="101 ext 45")

    assert "Enter an email address, like" in bad
    assert "Enter a telephone number, like" in bad
    assert 'value="ring me"' in bad
    team = current.query(Team).filter_by(code="SOH").one()
    assert (team.email, team.telephone) == ("soham.team@force.example", "101 ext 45")
    assert "Nothing was changed" in inspector.get(same.location).text
    page = words(inspector.get(path).text)
    assert "email: nothing → soham.team@force.example; telephone: nothing → 101 ext 45" in page
    assert "soham.team@force.example, 101 ext 45" in words(inspector.get(PATH).text)


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_who_may_names_ends_and_corrects_and_is_offered_it(force: Force, sign_in: SignIn, role: Role) -> None:
    contact = make.contact(force.ward, force.pcso)
    with_scope = role not in (Role.FORCE_LEAD, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR)
    browser = sign_in(make.user(role, *(("NOR",) if with_scope else ())))
    grants = GRANTS[role]

    def status(permission: Permission) -> int:
        return 200 if permission in grants else 404

    end = f"/staffing/contacts/{contact.id}/end"
    assert browser.get(PATH).status_code == status(Permission.VIEW_STAFFING)
    assert browser.get(NEW).status_code == status(Permission.POST_CONTACT)
    assert browser.get(end).status_code == status(Permission.POST_CONTACT)
    assert browser.get("/staffing/teams/SOH/reach").status_code == status(Permission.CORRECT_TEAM)
    ward = browser.get("/staffing/wards/SOHN").text
    assert (NEW in ward) == (end in ward) == (Permission.POST_CONTACT in grants)
    assert ("/teams/SOH/reach" in ward) == (Permission.CORRECT_TEAM in grants)


def test_another_bcus_ward_contact_and_team_are_not_there(force: Force, sign_in: SignIn) -> None:
    contact = make.contact(force.ward, force.pcso)
    stranger = sign_in(make.user(Role.BCU_MANAGER, "SOU"))

    for path in (NEW, f"/staffing/contacts/{contact.id}/end", "/staffing/teams/SOH/reach", "/staffing/wards/SOHN"):
        assert stranger.get(path).status_code == 404
    assert "Soham" not in stranger.get(PATH).text


def test_a_sergeant_of_another_team_of_the_sector_sees_and_changes_nothing(force: Force, sign_in: SignIn) -> None:
    make.posted(force.ely, Grade.SERGEANT, email="other@force.example")
    contact = make.contact(force.ward, force.pcso)
    other = sign_in(make.user(Role.SERGEANT, "ELY", email="other@force.example"))

    assert "Soham North" not in other.get(PATH).text
    assert other.get(NEW).status_code == other.get(f"/staffing/contacts/{contact.id}/end").status_code == 404


def test_a_flag_leads_to_the_ward(force: Force, inspector: FlaskClient) -> None:
    with db.transaction():
        services.flag_contacts(TODAY, policy_on(TODAY), actor=system("contacts"), at=NOW)
    [flag] = flags.open_for(EVERYTHING)

    page = strict(inspector.get(f"/flags/{flag.id}").text)

    assert f"/staffing/wards/SOHN?on={TODAY}" in page
    assert "Soham North ward has no named contact" in page
    assert "Figure 0 named Line it broke 1 named" in words(page)
