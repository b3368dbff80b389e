"""The posts and the people behind the figures of a unit are as many as the figure says."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.people.rules import Grade
from tests import make
from tests.conftest import TODAY
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import statements, table, words

SignIn = Callable[[User], FlaskClient]
POSTS, PEOPLE = f"/staffing/posts?on={TODAY}", f"/staffing/in-post?on={TODAY}"


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


@pytest.fixture
def manager(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.BCU_MANAGER, "NOR"))


def cells(page: str, anchor: str) -> list[list[tuple[str, str]]]:
    """For every row of a table its cells: the address a cell leads to and its words."""
    body = page.split(f'id="{anchor}"')[1].split("</table>")[0]
    rows = re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    found = []
    for row in rows[1:]:
        linked = re.findall(r'<td[^>]*class="number"[^>]*>\s*<a class="govuk-link" href="([^"]+)">([^<]+)</a>', row)
        found.append([(unescape(href), said.strip()) for href, said in linked])
    return found


@pytest.mark.parametrize("unit", ["teams/ELY", "teams/SOH", "sectors/FEN", "bcus/NOR", ""])
def test_every_figure_of_posts_by_grade_leads_to_posts_that_come_to_it(manager: FlaskClient, unit: str) -> None:
    page = manager.get(f"/staffing/{unit}?on={TODAY}").text

    rows = cells(page, "grades")
    assert len(rows) > 1
    for row in rows:
        if len(row) == 1:  # special constables, by people alone
            assert f"{row[0][1]} person in post" in words(manager.get(row[0][0]).text)
            continue
        establishment, filled, vacant, people, funded, held, gap = row
        behind = words(manager.get(establishment[0]).text)
        assert f"{filled[1]} of {establishment[1]} post" in behind
        assert f"{vacant[1]} vacant" in behind
        assert f"{funded[1]} {held[1]} {gap[1]}" in behind
        assert {funded[0], gap[0]} == {establishment[0]}
        if filled[1] != "0":
            in_post = words(manager.get(filled[0]).text)
            assert f"{filled[1]} of {filled[1]} post" in in_post
            assert f"{people[1]} pe" in in_post


def test_a_part_filled_post_shows_its_gap_and_each_holders_share(force: Force, manager: FlaskClient) -> None:
    shared = make.post(force.ely, Grade.PCSO, ref="ELY-PCSO-5")
    for number, fte in (("27101", "0.40"), ("27102", "0.35")):
        make.posting(make.person(number, "Ames", Grade.PCSO), shared, fte=fte)

    page = manager.get(f"{POSTS}&team=ELY&grade=pcso").text

    html5lib.HTMLParser(strict=True).parse(page)
    [row, _] = table(page, "posts")
    assert row[0] == "ELY-PCSO-5, PCSO"
    assert "27101 A. Ames, 0.40" in row[2]
    assert "27102 A. Ames, 0.35" in row[2]
    assert row[4:] == ["1.00", "0.75", "0.25"]
    assert "1 of 1 post filled, 0 vacant 2 people in post" in words(page)


def test_the_people_behind_a_figure_are_those_of_the_day(force: Force, manager: FlaskClient) -> None:
    staff = manager.get(f"{PEOPLE}&grade=staff").text
    everybody = manager.get(f"{PEOPLE}&bcu=NOR").text

    html5lib.HTMLParser(strict=True).parse(staff)
    assert sorted(row[0] for row in table(staff, "people")) == ["PC 21432 A. Rahman", "PCSO 27002 A. Nowak"]
    structure = words(manager.get(f"/staffing/bcus/NOR?on={TODAY}").text)
    assert "PCs and PCSOs 2 by present team" in structure
    assert f"All {len(table(everybody, 'people'))} people" in structure
    assert "PC 21432 A. Rahman" not in manager.get(f"{PEOPLE}&team=SOH").text


def test_both_lists_are_files(manager: FlaskClient) -> None:
    posts = list(csv.reader(io.StringIO(manager.get(f"{POSTS}&format=csv&team=SOH").text)))
    people = list(csv.reader(io.StringIO(manager.get(f"{PEOPLE}&format=csv&team=SOH&grade=pcso").text)))

    assert posts[1][:6] == ["SOH-SGT-1", "Sergeant", "SOH", "FEN", "NOR", "1.00"]
    assert posts[2][9:] == ["0.80", "0.00"]
    assert people[1][:6] == ["27002", "Amina Nowak", "PCSO", "SOH", "FEN", "NOR"]
    assert manager.get(f"{POSTS}&format=xlsx").data.startswith(b"PK")
    assert manager.get(f"{PEOPLE}&format=xlsx").data.startswith(b"PK")


@pytest.mark.parametrize("path", [POSTS, PEOPLE])
@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_roles_with_staffing_see_them_and_only_their_own(
    force: Force, sign_in: SignIn, role: Role, path: str
) -> None:
    answer = sign_in(make.user(role)).get(path)

    assert answer.status_code == (200 if Permission.VIEW_STAFFING in GRANTS[role] else 404)


@pytest.mark.parametrize("path", [POSTS, PEOPLE])
def test_another_bcus_are_not_shown(force: Force, manager: FlaskClient, path: str) -> None:
    assert "Patel" not in manager.get(path).text
    assert "Patel" not in manager.get(f"{path}&team=LIN").text
    assert "Choose one from the list" in manager.get(f"{path}&team=LIN").text


@pytest.mark.parametrize("path", [POSTS, PEOPLE])
def test_the_statements_do_not_grow_with_posts_and_people(force: Force, manager: FlaskClient, path: str) -> None:
    manager.get(path)
    with statements() as few:
        manager.get(path)
    for _ in range(12):
        make.posted(force.ely, Grade.PC)

    with statements() as many:
        assert manager.get(path).status_code == 200

    assert len(many) == len(few)
