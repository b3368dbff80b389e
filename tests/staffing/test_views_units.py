"""Structure pages: each unit on any day, within scope, in few statements."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from npt.accounts.models import User
from npt.core import db
from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.people.models import WardMembership
from npt.people.rules import Grade
from tests import make
from tests.conftest import TODAY
from tests.staffing.force import Force, force

ON = f"on={TODAY}"
SignIn = Callable[[User], FlaskClient]


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


@pytest.fixture
def manager(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.BCU_MANAGER, "NOR"))


@pytest.fixture
def resources(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "NOR"))


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split()).replace(" ,", ",")


def table(page: str, anchor: str) -> list[list[str]]:
    """The words of every row of a table, heading row apart."""
    body = page.split(f'id="{anchor}"')[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows[1:]]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every question put to the database meanwhile."""
    sent: list[str] = []

    def note(*args: object) -> None:
        if str(args[2]).startswith("SELECT"):
            sent.append(str(args[2]))

    engine = db.engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "path",
    ["/staffing/", "/staffing/bcus/NOR", "/staffing/sectors/FEN", "/staffing/teams/SOH", "/staffing/wards/SOHN"],
)
def test_every_structure_page_is_strict_html_with_one_heading(manager: FlaskClient, path: str) -> None:
    page = manager.get(f"{path}?{ON}")

    html5lib.HTMLParser(strict=True).parse(page.text)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_a_bcus_figures_count_its_posts_its_people_and_its_sergeants(manager: FlaskClient) -> None:
    page = manager.get(f"/staffing/bcus/NOR?{ON}").text

    assert table(page, "grades") == [
        ["Inspector", "1", "1", "0", "1", "1.00", "1.00", "0.00"],
        ["Sergeant", "2", "1", "1", "1", "2.00", "1.00", "1.00"],
        ["PC", "2", "1", "1", "1", "2.00", "1.00", "1.00"],
        ["PCSO", "1", "1", "0", "1", "0.80", "0.80", "0.00"],
        ["Special constables, by people only", "–", "–", "–", "1", "–", "–", "–"],
        ["All but specials", "6", "4", "2", "4", "5.80", "3.80", "2.00"],
    ]
    assert [row[:8] for row in table(page, "teams")] == [
        ["Ely", "1 of 1", "1 of 2", "–", "1", "2", "2.00", "Own sergeant"],
        ["Soham", "0 of 1", "–", "1 of 1", "1", "2", "2.00", "Covered"],
    ]


def test_a_team_lists_its_people_its_posts_and_its_wards(resources: FlaskClient) -> None:
    page = resources.get(f"/staffing/teams/SOH?{ON}").text

    assert [row[:2] for row in table(page, "people")] == [
        ["PCSO 27002 A. Nowak", "PCSO"],
        ["Special constable 29001 A. Byrne", "Special constable"],
    ]
    assert [row[0] for row in table(page, "posts")] == ["SOH-SGT-1", "SOH-PCSO-1", table(page, "posts")[2][0]]
    assert "284 days, since 1 February 2026" not in page
    assert "Soham North" in page


def test_a_ward_shows_who_polices_it_as_its_teams_own_page_does(resources: FlaskClient, sign_in: SignIn) -> None:
    team, ward = resources.get(f"/staffing/teams/SOH?{ON}").text, resources.get(f"/staffing/wards/SOHN?{ON}").text
    outside = sign_in(make.user(Role.SERGEANT, "ELY")).get(f"/staffing/wards/SOHN?{ON}")

    assert table(ward, "people") == table(team, "people") != []
    assert table(ward, "posts") == table(team, "posts") != []
    assert f'href="/staffing/teams/SOH?on={TODAY}&amp;format=csv&amp;list=people"' in ward
    assert f'href="/staffing/teams/SOH?on={TODAY}#wards"' in ward
    assert outside.status_code == 404


def test_breadcrumbs_lead_from_ward_to_force_and_stop_at_the_scope(manager: FlaskClient, sign_in: SignIn) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    seen = manager.get(f"/staffing/wards/SOHN?{ON}").text
    narrow = sergeant.get(f"/staffing/wards/SOHN?{ON}").text

    for href in ("/staffing/bcus/NOR", "/staffing/sectors/FEN", "/staffing/teams/SOH"):
        assert f'href="{href}?on={TODAY}"' in seen
    assert 'href="/staffing/bcus/NOR' not in narrow
    assert words(narrow.split("Breadcrumb")[1].split("</nav>")[0]).endswith("Northern BCU Fens Soham Soham North")


def test_the_day_asked_for_decides_who_holds_what_also_in_the_future(force: Force, manager: FlaskClient) -> None:
    newcomer = make.person("21777", "Ahmed")
    make.posting(
        newcomer, make.post(force.soham, ref="SOH-PC-9", first_day=TODAY.replace(day=20)), TODAY.replace(day=20)
    )

    today = manager.get(f"/staffing/teams/SOH?{ON}").text
    later = manager.get(f"/staffing/teams/SOH?on={TODAY.replace(day=20)}").text
    before = manager.get("/staffing/teams/SOH?on=2026-01-15").text

    assert "SOH-PC-9" not in today
    assert "A. Ahmed" in later
    assert "SOH-SGT-1" not in before
    assert "SOH-SGT-1" in today


def test_a_closed_team_says_when_it_closed(force: Force, manager: FlaskClient) -> None:
    make.team(force.fens, "OLD", "Chatteris", last_day=TODAY.replace(month=3))

    page = manager.get(f"/staffing/teams/OLD?{ON}").text

    assert "Chatteris closed on 12 March 2026" in page


@pytest.mark.parametrize(
    "path", ["/staffing/bcus/SOU", "/staffing/sectors/SOS", "/staffing/teams/LIN", "/staffing/wards/NONE"]
)
def test_what_is_out_of_scope_is_not_found(manager: FlaskClient, path: str) -> None:
    assert manager.get(f"{path}?{ON}").status_code == 404


def test_the_first_page_counts_only_what_the_reader_may_see(manager: FlaskClient, sign_in: SignIn) -> None:
    lead = sign_in(make.user(Role.FORCE_LEAD))

    theirs, every = manager.get(f"/staffing/?{ON}").text, lead.get(f"/staffing/?{ON}").text

    assert [row[0] for row in table(theirs, "bcus")] == ["Northern"]
    assert [row[0] for row in table(every, "bcus")] == ["Northern", "Southern", "Together"]
    assert "Linton" not in theirs


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_roles_with_staffing_open_the_structure(force: Force, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make.user(role))

    answer = browser.get(f"/staffing/?{ON}")

    assert answer.status_code == (200 if Permission.VIEW_STAFFING in GRANTS[role] else 404)


def test_a_role_without_abstractions_sees_no_rate(manager: FlaskClient, resources: FlaskClient) -> None:
    assert "Abstraction rate" in manager.get(f"/staffing/teams/ELY?{ON}").text
    assert "bstraction" not in resources.get(f"/staffing/teams/ELY?{ON}").text


def test_the_rate_of_the_last_28_days_stands_against_its_target(force: Force, manager: FlaskClient) -> None:
    make.target("8")
    make.duty(force.constable, "2026-11-02 07:00", "2026-11-02 17:00")
    make.abstraction(force.constable, "2026-11-02 08:00", "2026-11-02 10:00")

    page = words(manager.get(f"/staffing/teams/ELY?{ON}").text)

    assert "Abstraction rate 20.0 % of 8.0 % target 2 h of 10 h" in page
    assert "Over target 15 October 2026 to 11 November 2026" in page


def test_every_list_of_a_unit_is_a_file(manager: FlaskClient) -> None:
    posts = manager.get(f"/staffing/bcus/NOR?format=csv&list=posts&{ON}")
    people = manager.get(f"/staffing/bcus/NOR?format=csv&list=people&{ON}")
    teams = manager.get(f"/staffing/bcus/NOR?format=csv&list=teams&{ON}")
    excel = manager.get(f"/staffing/bcus/NOR?format=xlsx&list=sectors&{ON}")

    rows = [list(csv.reader(io.StringIO(each.text.removeprefix("﻿")))) for each in (posts, people, teams)]
    assert [len(each) - 1 for each in rows] == [7, 5, 2]
    assert rows[2][1][:5] == ["ELY", "Ely", "3", "2", "1"]
    assert excel.data.startswith(b"PK")


def test_a_ward_keeps_the_teams_it_had(force: Force, manager: FlaskClient) -> None:
    moved = make.ward(force.ely, "STRE", "Stretham")
    with db.transaction():
        old = db.session.query(WardMembership).filter_by(ward_id=moved.id).one()
        old.last_day = TODAY.replace(month=6)
        db.session.flush()
        db.session.add(
            WardMembership(ward_id=moved.id, team_id=force.soham.id, first_day=TODAY.replace(month=6, day=13))
        )

    assert "Belongs to" in manager.get(f"/staffing/wards/STRE?{ON}").text
    assert "Stretham" in manager.get("/staffing/teams/ELY?on=2026-06-12").text
    assert "Stretham" not in manager.get("/staffing/teams/ELY?on=2026-06-13").text
    assert "Stretham" in manager.get(f"/staffing/teams/SOH?{ON}").text


@pytest.mark.parametrize("path", ["/staffing/", "/staffing/bcus/NOR"])
def test_a_structure_page_of_31_teams_needs_no_more_statements_than_one_of_two(
    force: Force, sign_in: SignIn, path: str
) -> None:
    browser = sign_in(make.user(Role.BCU_MANAGER, "NOR"))
    browser.get(f"{path}?{ON}")
    with statements() as few:
        browser.get(f"{path}?{ON}")
    for number in range(29):
        team = make.team(force.fens, f"XT{number:02}", f"Team {number}")
        make.posted(team, Grade.SERGEANT)
        make.duty(make.posted(team), "2026-11-02 07:00", "2026-11-02 17:00")
        make.ward(team, f"XW{number:02}")

    with statements() as many:
        page = browser.get(f"{path}?{ON}")

    assert len(table(page.text, "teams")) == 31
    assert len(many) == len(few) <= 35
