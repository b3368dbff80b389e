"""The page of supervision: spans, cover and its cause, ratios, one level up, and what if."""

import csv
import io
import re
from collections.abc import Callable

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core import db
from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.people.models import Posting
from npt.people.rules import Grade
from tests import make
from tests.conftest import TODAY, post
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import table, words

SignIn = Callable[[User], FlaskClient]
PATH = f"/staffing/supervision?on={TODAY}"


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


@pytest.fixture
def manager(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.BCU_MANAGER, "NOR"))


def test_a_sergeant_of_two_teams_is_shown_with_days_of_cover_and_the_vacancy_that_causes_it(
    manager: FlaskClient,
) -> None:
    page = manager.get(PATH).text

    html5lib.HTMLParser(strict=True).parse(page)
    assert table(page, "sergeants") == [
        [
            "Sergeant 21201 A. Okafor",
            "ELY, SOH 2 teams",
            "2.00",
            "Within",
            "SOH since 12 September 2026, 61 days, because SOH-SGT-1 is vacant",
        ]
    ]
    assert [row[:4] for row in table(page, "ratios")] == [
        ["Northern", "1", "2", "2.00"],
        ["Whole force", "1", "3", "3.00"],
    ]
    assert table(page, "inspectors") == [["Fens", "Inspector 20301 A. Osei", "1", "1.00"]]
    assert "<svg" in page


def test_a_team_with_staff_and_no_sergeant_has_no_supervisor_and_no_ratio(force: Force, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.BCU_MANAGER, "SOU"))

    page = browser.get(PATH).text

    assert table(page, "teams") == [["Linton", "1", "–", "No supervisor", "–"]]
    assert "Nobody supervises a team of yours" in page


def test_adding_a_sergeant_shows_the_spans_before_and_after_and_changes_nothing(manager: FlaskClient) -> None:
    page = manager.get(f"{PATH}&change=add&team=SOH").text

    assert table(page, "imagined") == [
        ["The sergeant added", "Supervises nobody", "0.50 (SOH)"],
        ["Sergeant 21201 A. Okafor", "2.00 (ELY, SOH)", "1.50 (ELY, SOH)"],
        ["Mean", "2.00", "1.00"],
        ["Widest", "2.00", "1.50"],
        ["Over the line", "0", "0"],
    ]
    with db.session.no_autoflush:
        assert db.session.query(Posting).filter_by(person_id=0).count() == 0
    assert 'id="imagined"' not in manager.get(PATH).text


def test_moving_a_sergeant_says_which_team_would_be_left_with_no_supervisor(manager: FlaskClient) -> None:
    page = manager.get(f"{PATH}&change=move&person=21201&team=SOH").text

    assert ["Sergeant 21201 A. Okafor", "2.00 (ELY, SOH)", "1.00 (SOH)"] in table(page, "imagined")
    assert "ELY would be left with no supervisor." in page


def test_removing_a_sergeant_leaves_both_teams_alone(manager: FlaskClient) -> None:
    page = manager.get(f"{PATH}&change=remove&person=21201").text

    assert "ELY would be left with no supervisor." in page
    assert "SOH would be left with no supervisor." in page
    assert ["Mean", "2.00", "no data"] in table(page, "imagined")


def test_half_a_question_is_answered_with_what_is_missing(manager: FlaskClient) -> None:
    page = manager.get(f"{PATH}&change=move").text

    assert "Choose the sergeant" in page
    assert "Choose the team" in page
    assert 'id="imagined"' not in page


def test_a_team_of_another_bcu_cannot_be_asked_about(manager: FlaskClient) -> None:
    page = manager.get(f"{PATH}&change=add&team=LIN").text

    assert "Choose one from the list" in page
    assert 'id="imagined"' not in page


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_roles_with_staffing_see_supervision(force: Force, sign_in: SignIn, role: Role) -> None:
    answer = sign_in(make.user(role)).get(PATH)

    assert answer.status_code == (200 if Permission.VIEW_STAFFING in GRANTS[role] else 404)


def test_an_average_does_not_hide_a_sergeant_over_the_line(force: Force, manager: FlaskClient) -> None:
    for _ in range(10):
        make.posted(force.soham, Grade.PC)

    page = words(manager.get(PATH).text)

    assert "Widest span 12.00" in page
    assert "Over the line 1 of 1 supervisor" in page


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("sergeants", ["21201", "Amina Okafor", "ELY; SOH", "2.00", "no", "SOH", "2026-09-12", "61", "SOH-SGT-1"]),
        ("teams", ["ELY", "FEN", "NOR", "1", "1", "0", "1.00", "no"]),
        ("ratios", ["Northern", "1", "2", "2.00"]),
        ("cover", ["21201", "Amina Okafor", "SOH", "2026-09-12", "", "", ""]),
        ("inspectors", ["FEN", "Inspector 20301 A. Osei", "1", "1.00", "no"]),
    ],
)
def test_every_table_of_supervision_is_a_file(manager: FlaskClient, name: str, first: list[str]) -> None:
    file = manager.get(f"{PATH}&format=csv&list={name}")

    assert list(csv.reader(io.StringIO(file.text.removeprefix("﻿"))))[1] == first
    assert manager.get(f"{PATH}&format=xlsx&list={name}").data.startswith(b"PK")


def test_every_record_of_cover_is_listed_with_its_reason_and_leads_to_its_page(
    force: Force, manager: FlaskClient
) -> None:
    over = make.cover(force.sergeant, force.soham, TODAY.replace(month=3), TODAY.replace(month=4))
    to_come = make.cover(force.sergeant, force.linton, TODAY.replace(month=12))
    elsewhere = make.cover(force.sergeant, force.soham, TODAY.replace(month=12, day=20), reason="Court")

    page = manager.get(PATH).text

    who = "Sergeant 21201 A. Okafor"
    assert table(page, "cover") == [
        [f"Soham, covered by {who}", who, "20 December 2026", "Still", "–", "Court"],
        [f"Soham, covered by {who}", who, "12 September 2026", "Still", "61 days", "Not recorded"],
    ]
    assert f"/staffing/cover/{elsewhere.id}" in page
    assert f"/staffing/cover/{over.id}" not in page
    assert manager.get(f"/staffing/cover/{over.id}").status_code == 200
    assert manager.get(f"/staffing/cover/{to_come.id}").status_code == 404


def test_cover_that_no_vacancy_causes_can_be_ended_from_its_page_and_keeps_its_history(
    force: Force, manager: FlaskClient, sign_in: SignIn
) -> None:
    lead = sign_in(make.user(Role.RESOURCES_LEAD, "NOR"))
    found = re.search(r"/staffing/cover/\d+", lead.get("/staffing/supervision").text)
    assert found is not None
    path = found[0]

    page = lead.get(path).text
    html5lib.HTMLParser(strict=True).parse(page)
    assert f'href="{path}/end"' in page
    assert f'href="{path}/end"' not in manager.get(path).text
    answer = post(lead, f"{path}/end", last_day="2190-11-30", step="confirm")

    assert answer.headers["Location"] == path
    assert "Cover ended" in lead.get(path).text
    assert "To 30 November 2190" in words(lead.get(path).text)
