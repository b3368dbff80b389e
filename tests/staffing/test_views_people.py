"""A person's page shows each role what it may see, and nobody else's people."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.abstractions.models import Absence
from npt.abstractions.rules import AbsenceKind
from npt.accounts.models import User
from npt.core import db
from npt.core.authority import PEOPLE_ROLES, Role
from npt.people.models import Person, Skill
from npt.people.rules import Grade, PostingKind, SkillKind
from npt.staffing.rules.people import Field, fields_seen
from tests import make
from tests.conftest import TODAY
from tests.staffing import able
from tests.staffing.force import Force, force

SignIn = Callable[[User], FlaskClient]

SIGNS = {
    Field.IDENTITY: "Grade on the day",
    Field.CONTACT: "Team telephone",
    Field.NAMED_FOR: "Named contact of",
    Field.POSTINGS: "ELY-PC-1",
    Field.TENURE: "Expected to stay until",
    Field.LEAVING: "retirement",
    Field.HOURS: "37.50",
    Field.SKILLS: "Polish",
    Field.CANDIDACY: "Candidate for",
    Field.CANDIDACY_NOTE: "Has asked to work in Soham",
    Field.ABSTRACTIONS: "Abstractions in",
    Field.ABSENCES: "Absences in",
    Field.ABSENCE_KINDS: "Sickness",
}
"""Words that stand on the page of the constable below when, and only when, the field is shown."""


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    made = force()
    with db.transaction():
        person = db.session.get_one(Person, made.constable.id)
        person.weekly_hours, person.leaving_on = Decimal("37.5"), TODAY.replace(year=2040)
        person.leaving_reason, person.email = "retirement", "a.rahman@force.example"
        db.session.add(
            Skill(person_id=person.id, kind=SkillKind.LANGUAGE, name="Polish", level="fluent", verified_on=TODAY)
        )
    able.candidate(made.constable, Grade.SERGEANT, note="Has asked to work in Soham")
    make.absence(made.constable, "2026-01-01 07:00", None, AbsenceKind.SICKNESS)
    return made


def seen_by(browser: FlaskClient, collar: str = "21432") -> set[Field] | int:
    page = browser.get(f"/staffing/people/{collar}")
    if page.status_code != 200:
        return page.status_code
    html5lib.HTMLParser(strict=True).parse(page.text)
    return {field for field, sign in SIGNS.items() if sign in page.text}


SCOPES = {
    Role.PC: ("ELY",),
    Role.SERGEANT: ("ELY",),
    Role.INSPECTOR: ("FEN",),
    Role.BCU_MANAGER: ("NOR",),
    Role.RESOURCES_LEAD: ("NOR",),
}


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_a_persons_page_shows_each_role_the_fields_of_the_table(force: Force, sign_in: SignIn, role: Role) -> None:
    expected = fields_seen(role, own=False)

    shown = seen_by(sign_in(make.user(role, *SCOPES.get(role, ()))))

    assert shown == (set(expected) or 404)


@pytest.mark.parametrize("role", list(SCOPES))
def test_nobody_outside_the_scope_is_found(force: Force, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make.user(role, *SCOPES[role]))

    assert seen_by(browser, "21500") == 404
    assert seen_by(browser, "nobody") == 404


def test_a_constable_sees_all_of_their_own_record_and_a_link_to_their_own_entries(
    force: Force, sign_in: SignIn
) -> None:
    make.duty(force.constable, f"{TODAY.year}-01-05 07:00", f"{TODAY.year}-01-05 17:00")
    browser = sign_in(make.user(Role.PC, "ELY", email="a.rahman@force.example"))

    assert seen_by(browser) == set(Field)
    assert 'href="/staffing/people/21432"' in browser.get("/").text


def test_who_moved_to_another_team_is_their_new_sergeants_from_that_day(force: Force, sign_in: SignIn) -> None:
    mover = make.person("21888", "Moss")
    make.posting(mover, make.post(force.ely), last_day=TODAY.replace(month=3))
    make.posting(mover, make.post(force.linton), TODAY.replace(month=3, day=13))

    old, new = sign_in(make.user(Role.SERGEANT, "ELY")), sign_in(make.user(Role.SERGEANT, "LIN"))

    assert seen_by(old, "21888") == 404
    assert seen_by(new, "21888") != 404


def test_postings_stand_in_order_with_kind_days_and_why_they_ended(force: Force, sign_in: SignIn) -> None:
    above = make.post(force.soham, Grade.SERGEANT, ref="SOH-SGT-9")
    make.posting(force.constable, above, TODAY.replace(day=1), TODAY.replace(year=2027), PostingKind.ACTING)
    browser = sign_in(make.user(Role.BCU_MANAGER, "NOR"))

    page = browser.get("/staffing/people/21432").text
    file = browser.get("/staffing/people/21432?format=csv")

    assert page.index("SOH-SGT-9") < page.index("ELY-PC-1")
    assert "Suspended while acting" in page
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("﻿"))))
    assert rows[1] == ["SOH-SGT-9", "Sergeant", "SOH", "", "acting", "2026-11-01", "2027-11-12", ""]


def test_a_persons_page_names_the_wards_that_name_them_and_says_when_they_are_their_contact_no_longer(
    force: Force, sign_in: SignIn
) -> None:
    make.contact(force.ward, force.pcso, TODAY.replace(month=3))
    make.contact(make.ward(force.ely, "ELYE", "Ely East"), force.pcso, TODAY.replace(month=10))
    make.contact(make.ward(force.ely, "ELYW", "Ely West"), force.pcso, last_day=TODAY.replace(month=2))
    manager, analyst = sign_in(make.user(Role.BCU_MANAGER, "NOR")), sign_in(make.user(Role.ANALYST))

    page, figures = manager.get("/staffing/people/27002").text, analyst.get("/staffing/people/27002").text

    assert 'href="/staffing/wards/SOHN"' in page
    assert "in Soham since 12 October 2026" in page
    assert "Ely West" not in page
    assert "Soham North" in figures
    assert "No ward" in manager.get("/staffing/people/21432").text


def test_an_absence_that_was_cancelled_is_on_the_record_no_longer(force: Force, sign_in: SignIn) -> None:
    with db.transaction():
        db.session.query(Absence).one().cancelled_at = make.at("2026-01-02 07:00")
    browser = sign_in(make.user(Role.BCU_MANAGER, "NOR"))

    assert "No absence is recorded this year" in browser.get("/staffing/people/21432").text


def test_who_may_not_post_somebody_is_not_offered_it(force: Force, sign_in: SignIn) -> None:
    make.posting(make.person("21889", "Moss"), make.post(force.linton))
    south = sign_in(make.user(Role.RESOURCES_LEAD, "SOU"))

    page = south.get("/staffing/people/21889").text

    assert page.count("/staffing/people/21889/move") == 1
    assert south.get("/staffing/people/21432").status_code == 404


def test_the_years_hours_lead_to_the_entries_that_make_them(force: Force, sign_in: SignIn) -> None:
    # Long before today, so that the year so far holds it whatever the day.
    make.duty(force.constable, "2026-01-01 01:00", "2026-01-01 07:00")
    make.abstraction(force.constable, "2026-01-01 02:00", "2026-01-01 04:00")
    make.duty(force.sergeant, "2026-01-01 01:00", "2026-01-01 07:00")
    make.abstraction(force.sergeant, "2026-01-01 02:00", "2026-01-01 03:00")
    browser = sign_in(make.user(Role.BCU_MANAGER, "NOR"))

    year = {"first": "2026-01-01", "last": "2026-12-31", "person": "21432"}
    entries = browser.get("/abstractions/", query_string=year).text
    duties = browser.get("/abstractions/duties", query_string=year).text
    nobody = browser.get("/abstractions/", query_string={**year, "person": "nobody"}).text

    assert "2 h counted (120 minutes)" in entries
    assert "6 h" in duties
    assert "No abstraction in these days" in nobody


def test_a_person_of_another_bcu_gives_no_minutes_to_the_list(force: Force, sign_in: SignIn) -> None:
    stranger = make.posted(force.linton, collar_number="21999")
    make.duty(stranger, "2026-01-01 01:00", "2026-01-01 07:00")
    make.abstraction(stranger, "2026-01-01 02:00", "2026-01-01 04:00")
    browser = sign_in(make.user(Role.BCU_MANAGER, "NOR"))

    page = browser.get("/abstractions/?first=2026-01-01&last=2026-12-31&person=21999").text

    assert "No abstraction in these days" in page


def test_people_are_found_by_name_and_by_collar_number_within_scope(force: Force, sign_in: SignIn) -> None:
    gone = make.person("21777", "Ahmed")
    make.posting(gone, make.post(force.ely), last_day=TODAY.replace(year=2024))
    browser = sign_in(make.user(Role.RESOURCES_LEAD, "NOR"))

    everybody = browser.get("/staffing/people").text
    by_name = browser.get("/staffing/people?search=rah").text
    by_number = browser.get("/staffing/people?search=21777").text
    of_team = browser.get("/staffing/people?team=SOH&format=csv").text

    html5lib.HTMLParser(strict=True).parse(everybody)
    assert "Rahman" in everybody
    assert "Ahmed" not in everybody
    assert "Patel" not in everybody
    assert "Rahman" in by_name
    assert "Nowak" not in by_name
    assert "No posting today" in by_number
    assert "Nowak" in of_team
    assert "Rahman" not in of_team


def test_a_constable_finds_the_people_of_their_team(force: Force, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.PC, "ELY"))

    page = browser.get("/staffing/people").text

    assert "Okafor" in page
    assert "Nowak" not in page
    assert 'href="/staffing/"' not in page


def test_who_changes_staffing_is_led_from_the_person_to_each_change(force: Force, sign_in: SignIn) -> None:
    lead, manager = sign_in(make.user(Role.RESOURCES_LEAD, "NOR")), sign_in(make.user(Role.BCU_MANAGER, "NOR"))

    page = lead.get("/staffing/people/21432").text

    for change in ("post", "move", "attach", "act", "promote"):
        assert f'href="/staffing/people/21432/{change}"' in page
        assert lead.get(f"/staffing/people/21432/{change}").status_code == 200
    end = re.search(r"/staffing/postings/\d+/end", page)
    assert end is not None
    assert "21432" in lead.get(end[0]).text
    assert "/staffing/people/21432/move" not in manager.get("/staffing/people/21432").text
    assert end[0] not in manager.get("/staffing/people/21432").text
    assert 'href="/staffing/posts/ELY-PC-1"' in page


def test_nobody_is_offered_a_post_once_they_have_left_the_service(force: Force, sign_in: SignIn) -> None:
    lead = sign_in(make.user(Role.RESOURCES_LEAD, "NOR"))
    assert "/staffing/people/21432/post" in lead.get("/staffing/people/21432").text
    with db.transaction():
        db.session.get_one(Person, force.constable.id).leaving_on = TODAY.replace(year=2024)

    assert "/staffing/people/21432/post" not in lead.get("/staffing/people/21432").text
