"""The list of early moves, as each role has it."""

import csv
import datetime as dt
import io

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.core.db import transaction
from npt.people.models import Posting
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import TODAY, SignIn
from tests.staffing.moving import Force, a_force
from tests.staffing.test_views_units import statements, table, words

PATH = "/staffing/early-moves"
CAME = dt.date(2025, 3, 3)


@pytest.fixture
def force(client: FlaskClient) -> Force:
    with transaction():
        start_policy()
    return a_force()


@pytest.fixture
def lead(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "SOUTH"))


def early(force: Force, last_day: dt.date, number: str = "1777", why: str | None = "Transfer: asked to") -> Posting:
    """A constable who came to Soham on 3 March 2025 and goes on to Ely."""
    who = make.person(number, "Hurst")
    left = make.posting(who, make.post(force.soham, ref=f"SOH-PC-{number}"), CAME, last_day, end_reason=why)
    make.posting(who, make.post(force.ely, ref=f"ELY-PC-{number}"), last_day + dt.timedelta(1))
    return left


def test_an_early_move_is_listed_with_its_reason_and_where_they_went(force: Force, lead: FlaskClient) -> None:
    early(force, dt.date(2026, 10, 31))

    page = lead.get(f"{PATH}?on={TODAY}").text

    html5lib.HTMLParser(strict=True).parse(page)
    assert table(page, "moves") == [
        [
            "PC 1777 A. Hurst",
            "PC",
            "Soham",
            "3 March 2025",
            "31 October 2026",
            "3 March 2027",
            "Transfer: asked to",
            "PC, Ely",
        ]
    ]
    assert f'href="{PATH}?on={TODAY}"' in lead.get(f"/staffing/?on={TODAY}").text


def test_who_stays_to_the_day_or_leaves_outside_the_days_asked_for_is_not_in_it(
    force: Force, lead: FlaskClient
) -> None:
    early(force, dt.date(2027, 3, 2), "1701")
    early(force, dt.date(2027, 2, 28), "1702")
    pcso = make.person("7700", "Ames", Grade.PCSO)
    make.posting(pcso, make.post(force.soham, Grade.PCSO, ref="SOH-PCSO-7"), CAME, dt.date(2026, 10, 1))

    assert "No sergeant or PC of the teams asked for left early" in words(lead.get(f"{PATH}?on={TODAY}").text)
    ahead = lead.get(f"{PATH}?first=2026-11-12&last=2027-12-31").text
    assert [row[0] for row in table(ahead, "moves")] == ["PC 1702 A. Hurst"]


def test_days_that_cannot_be_are_said_and_the_last_year_is_shown(force: Force, lead: FlaskClient) -> None:
    early(force, dt.date(2026, 10, 31))

    page = lead.get(f"{PATH}?first=2026-12-01&last=2026-11-01&on={TODAY}").text

    assert "Enter a last day on or after the first" in page
    assert len(table(page, "moves")) == 1
    assert "13 November 2025 to 12 November 2026" in words(page)


def test_it_is_a_file_and_narrowed_by_team(force: Force, lead: FlaskClient) -> None:
    early(force, dt.date(2026, 10, 31))

    rows = list(csv.reader(io.StringIO(lead.get(f"{PATH}?format=csv&on={TODAY}").text)))

    assert rows[1][3:] == [
        "SOH",
        "EC",
        "SOUTH",
        "2025-03-03",
        "2026-10-31",
        "2027-03-03",
        "Transfer: asked to",
        "PC, Ely",
    ]
    assert lead.get(f"{PATH}?format=xlsx").data.startswith(b"PK")
    assert len(list(csv.reader(io.StringIO(lead.get(f"{PATH}?format=csv&team=ELY&on={TODAY}").text)))) == 1


def test_another_bcus_early_moves_are_not_shown(force: Force, sign_in: SignIn) -> None:
    early(force, dt.date(2026, 10, 31))
    make.bcu(code="NORTH")

    page = sign_in(make.user(Role.BCU_MANAGER, "NORTH")).get(PATH).text

    assert "Hurst" not in page


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_roles_with_staffing_see_early_moves(force: Force, sign_in: SignIn, role: Role) -> None:
    answer = sign_in(make.user(role)).get(PATH)

    assert answer.status_code == (200 if Permission.VIEW_STAFFING in GRANTS[role] else 404)


def test_the_statements_do_not_grow_with_the_moves(force: Force, lead: FlaskClient) -> None:
    early(force, dt.date(2026, 10, 31))
    lead.get(f"{PATH}?on={TODAY}")
    with statements() as few:
        lead.get(f"{PATH}?on={TODAY}")
    for number in range(10):
        early(force, TODAY - dt.timedelta(10 + number), f"18{number:02}")

    with statements() as many:
        page = lead.get(f"{PATH}?on={TODAY}").text

    assert len(table(page, "moves")) == 11
    assert len(many) == len(few)
