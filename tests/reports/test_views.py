"""The BCU month: who may see it, what it says first, and that every figure leads to the entries that make it."""

import io
import re
from html import unescape

import html5lib
import openpyxl
import pytest
from flask.testing import FlaskClient

from npt.core.authority import PEOPLE_ROLES, Role
from npt.people.models import Bcu
from tests import make
from tests.conftest import SignIn
from tests.reports.force import SmallForce
from tests.reports.pages import OCTOBER, address, cells, words


def test_the_page_is_strict_html_with_one_heading(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER)

    html5lib.HTMLParser(strict=True).parse(page.text)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "<title>Northern BCU, October 2025 – NPT</title>" in page.text
    assert "Hours as at 1 November 2025, midnight. Posts, supervision and flags as at 31 October 2025." in page.text


def test_four_sentences_stand_before_the_table(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text

    first = " ".join(unescape(re.sub(r"</?a[^>]*>", "", page.split('id="teams"')[0])).split())
    for question in ("What got worse", "What got better", "What breaks policy", "What needs a decision"):
        assert question in first
    assert "1 team is over target: Soham (12.5 % against 8.0 %)" in first
    assert "1 team has staff and no supervisor: Soham" in first


def test_a_teams_line_has_every_figure_and_the_worst_team_is_first(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text

    assert cells(page, "Ely") == [
        "Ely",
        "2 of 3",
        "1 (122 days)",
        "1.00",
        "29 h",
        "2 h",
        "6.9 %",
        "10.0 %",
        "Within target",
        "0",
        "0",
    ]
    assert cells(page, "Soham")[3] == "No supervisor"
    assert cells(page, "Northern BCU")[4:8] == ["44 h", "3 h", "6.8 %", "8.0 %"]
    assert page.index(">Soham<") < page.index(">Ely<") < page.index(">Chatteris<")


def test_the_table_is_sorted_by_any_column_and_the_order_stays_with_the_links(manager: FlaskClient) -> None:
    page = manager.get(f"{OCTOBER}?order=-duty").text

    assert page.index(">Ely<") < page.index(">Soham<") < page.index(">Chatteris<")
    assert 'aria-sort="descending"' in page
    assert f"{OCTOBER}?order=-duty&amp;definition=national" in page


@pytest.mark.parametrize("order", ["nonsense", "-", "--rate"])
def test_an_order_there_is_not_puts_the_worst_first(manager: FlaskClient, order: str) -> None:
    page = manager.get(f"{OCTOBER}?order={order}").text

    assert "Worst first." in page


def test_a_figure_leads_to_the_entries_that_make_it(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text

    abstracted = manager.get(address(page, "Ely", "Abstracted")).text
    duty = manager.get(address(page, "Ely", "Duty")).text

    assert "2 h counted (120 minutes)" in abstracted
    assert "29 h" in duty
    assert manager.get(address(page, "Ely", "Strength of posts")).status_code == 200
    assert "3 h counted (180 minutes)" in manager.get(address(page, "Northern BCU", "Abstracted")).text


def test_a_grade_and_a_group_lead_to_their_own_entries(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text.split('id="abstraction"')[1]

    assert "1 h counted (60 minutes)" in manager.get(address(page, "PC", "Abstracted")).text
    assert "2 h counted (120 minutes)" in manager.get(address(page, "PCSOs", "Abstracted")).text


def test_off_duty_hours_lead_to_the_entries_off_duty_alone(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text.split('id="abstraction"')[1]

    found = re.search(r'Off duty</p>.*?href="([^"]+)">([^<]+)<', page, re.DOTALL)
    assert found
    behind = manager.get(unescape(found[1])).text
    entries = re.findall(r'data-label="Off duty"[^>]*>(.*?)</td>', behind.split("<tbody>")[1], re.DOTALL)
    assert found[2] == "1 h"
    assert [words(each)[:12] for each in entries] == ["1 h off duty", "1 h"]


def test_custody_and_response_have_their_own_lines_also_at_zero(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text.split("<caption>By reason</caption>")[1]

    rows = [words(row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]
    assert rows[1:4] == [
        "Custody cover 2 h 4.5 %",
        "Local aid or public order event 1 h 2.3 %",
        "Response cover 0 h 0.0 %",
    ]


def test_under_the_national_definition_no_target_is_shown(manager: FlaskClient) -> None:
    page = manager.get(f"{OCTOBER}?definition=national").text

    assert cells(page, "Ely")[6:9] == ["13.8 %", "No target set", "No target set"]
    assert "Under the national definition there is no target" in page
    assert "definition=national" in address(page, "Ely", "Abstracted")


def test_vacancies_and_spans_are_listed_with_their_ages(manager: FlaskClient) -> None:
    page = words(manager.get(OCTOBER).text)

    assert "N1-PCSO-1 Ely PCSO 1 July 2025 122 days Prolonged" in page
    assert "Sergeant 1003 A. Okafor Ely 1.00 Within –" in page


def test_the_month_before_and_after_and_any_other_can_be_opened(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text

    assert f"{OCTOBER.replace('10', '09')}?order=worst" in page
    assert f"{OCTOBER.replace('10', '11')}?order=worst" in page
    chosen = manager.get("/bcu-month/?bcu=N&month=2025-09")
    assert chosen.headers["Location"] == "/bcu-month/N/2025-09?definition=local"


def test_a_month_wholly_to_come_has_no_data_and_no_zero(manager: FlaskClient) -> None:
    page = manager.get("/bcu-month/N/2998-01").text

    assert cells(page, "Ely")[4:9] == ["0 h", "0 h", "no data", "10.0 %", "No data"]


def test_a_month_to_come_says_that_it_has_not_begun_and_leads_to_the_one_that_runs(manager: FlaskClient) -> None:
    page = manager.get("/bcu-month/N/2998-01").text

    assert "January 2998 has not begun" in page
    assert "Nothing shown" not in page
    found = re.search(r'href="([^"]+)">See \w+ \d{4} so far<', page)
    assert found
    assert " so far</h1>" in manager.get(unescape(found[1])).text


def test_a_manager_of_one_bcu_is_led_to_its_month_and_a_force_lead_chooses(force: SmallForce, sign_in: SignIn) -> None:
    make.team(make.sector(make.bcu("S", "Southern")), "S1")

    own = sign_in(make.user(Role.BCU_MANAGER, "N")).get("/bcu-month/")
    every = sign_in(make.user(Role.FORCE_LEAD)).get("/bcu-month/")

    assert re.fullmatch(r"/bcu-month/N/\d{4}-\d\d\?definition=local", own.headers["Location"])
    assert "Northern BCU" in every.text
    assert "Southern BCU" in every.text
    html5lib.HTMLParser(strict=True).parse(every.text)


def test_a_month_that_is_none_is_answered_with_what_to_enter(manager: FlaskClient) -> None:
    page = manager.get("/bcu-month/?bcu=N&month=October")

    assert "Enter a month as a year and a month, for instance 2026-10" in page.text
    assert "<title>Error: BCU month" in page.text
    assert manager.get("/bcu-month/N/October").status_code == 404


@pytest.mark.usefixtures("force")
def test_another_bcu_does_not_exist_for_its_neighbours_manager(sign_in: SignIn) -> None:
    make.bcu("S", "Southern")
    neighbour = sign_in(make.user(Role.BCU_MANAGER, "S"))

    assert {neighbour.get(f"{OCTOBER}{ending}").status_code for ending in ("", ".csv", ".xlsx")} == {404}


@pytest.mark.usefixtures("force")
@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_roles_with_the_force_or_a_bcu_in_charge_open_a_month(role: Role, sign_in: SignIn) -> None:
    allowed = role in {Role.BCU_MANAGER, Role.FORCE_LEAD, Role.ANALYST, Role.AUDITOR}

    answer = sign_in(make.user(role, "N")).get(OCTOBER)

    assert answer.status_code == (200 if allowed else 404)


@pytest.mark.usefixtures("force")
def test_nobody_sees_a_month_without_signing_in(client: FlaskClient) -> None:
    assert client.get(OCTOBER).status_code == 302


def test_the_teams_table_is_a_csv_in_the_order_shown_and_the_month_a_workbook(manager: FlaskClient) -> None:
    text = manager.get(f"{OCTOBER}.csv?order=-duty").get_data().decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(manager.get(f"{OCTOBER}.xlsx").get_data()))

    assert [line.split(",")[0] for line in text.splitlines()] == ["code", "N1", "N2", "N0", "N"]
    assert "N1,Ely,2,3,1,122,1.00,no,1740,120,6.90,10.00,within,0" in text
    assert book.sheetnames[0] == "Teams"


@pytest.mark.usefixtures("force")
def test_open_flags_lead_to_their_list_while_they_are_todays(sign_in: SignIn) -> None:
    force_lead = sign_in(make.user(Role.FORCE_LEAD))

    to_come = force_lead.get("/bcu-month/N/2998-01").text
    past = force_lead.get(OCTOBER).text

    assert "team=N2" in address(to_come, "Soham", "Open flags")
    assert cells(past, "Soham")[-2] == "2"


@pytest.mark.usefixtures("force")
def test_a_bcu_without_teams_says_what_would_be_here(sign_in: SignIn) -> None:
    make.keep(Bcu(code="E", name="Eastern"))

    page = sign_in(make.user(Role.FORCE_LEAD)).get("/bcu-month/E/2025-10").text

    assert "No team of this BCU was live in this month." in page


def test_the_dots_of_the_spans_say_what_they_are(manager: FlaskClient) -> None:
    page = words(manager.get(OCTOBER).text)

    assert "One dot for each sergeant, by span" in page
    assert "The upright mark is the line, and red dots are over it." in page


def test_whoever_is_not_supervised_can_be_seen(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text.split('id="supervision"')[1]

    found = re.search(r'href="([^"]+)">1 PC or PCSO</a> and nobody', page)
    assert found
    assert "7002 A. Rahman" in manager.get(unescape(found[1])).text
