"""The pages of crime: each number leads to the lines that make it, of what somebody may see and nothing else."""

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from npt.core import db
from npt.core.authority import Role
from npt.people.models import Team
from tests import make
from tests.conftest import SignIn
from tests.crime.make import EAST, JANUARY, NOWHERE, SEA, TWO_WARDS, WEST, line, load, street

pytestmark = pytest.mark.usefixtures("session")

CRIMES = street(
    line("a", "Drugs", EAST),
    line(at=WEST),
    line(at=WEST),
    line("b", "Burglary", WEST),
    line("c", "Burglary", NOWHERE),
    line("d", "Burglary", SEA),
)


@pytest.fixture
def soham(session: object) -> Team:
    """Soham has the western ward; the eastern belongs to no team. January's crime is there."""
    team = make.team(make.sector(make.bcu("S")), "SOH", "Soham")
    make.ward(team, "E1", "West")
    load({JANUARY: CRIMES, "wards.geojson": TWO_WARDS})
    return team


@pytest.fixture
def lead(sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.FORCE_LEAD))


def cells(page: str) -> list[list[str]]:
    """The text of every row of every table."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [
        [" ".join(re.sub("<[^>]+>", " ", c).split()) for c in re.findall(r"<t[hd].*?</t[hd]>", r, re.DOTALL)]
        for r in rows
    ]


def links(page: str) -> dict[str, str]:
    """Every link to a list of records in the tables, with the number it stands under."""
    found = re.findall(r'<a class="govuk-link[^"]*" href="(/crime/records[^"]*)">([\d,]+)</a>', page)
    return {unescape(href): number for href, number in found}


def count_of(page: str) -> str:
    found = re.search(r"<caption>([\d,]+) records?</caption>", page)
    return found[1] if found else "0"


@pytest.mark.usefixtures("soham")
@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("ward", [["East", "1", "0", "1"], ["West", "1", "2", "3"]]),
        ("team", [["Soham", "1", "2", "3"], ["Wards in no team", "1", "0", "1"]]),
        ("bcu", [["Southern", "1", "2", "3"], ["Wards in no team", "1", "0", "1"]]),
        ("force", [["Force", "2", "2", "4"]]),
    ],
)
def test_each_number_of_a_month_leads_to_the_lines_that_make_it(
    lead: FlaskClient, by: str, rows: list[list[str]]
) -> None:
    page = lead.get(f"/crime/?by={by}")

    assert page.status_code == 200
    nowhere = [["No location published", "1", "0", "1"], ["Outside every boundary", "1", "0", "1"]]
    assert [row for row in cells(page.text) if len(row) == 4][1:] == [*rows, *nowhere, ["Total", "4", "2", "6"]]
    assert "January 2024" in page.text
    assert "data.police.uk, Open Government Licence v3.0" in page.text
    leading = links(page.text)
    assert len(leading) > 8
    assert {href: count_of(lead.get(href).text) for href in leading} == leading


def test_a_sergeant_sees_the_crime_of_their_teams_wards_and_nobody_elses(sign_in: SignIn, soham: Team) -> None:
    other = make.team(make.sector(make.bcu("N")), "ELY", "Ely")
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    stranger = sign_in(make.user(Role.SERGEANT, other.code))

    mine, theirs = browser.get("/crime/?by=team"), stranger.get("/crime/?by=ward")

    assert [row for row in cells(mine.text) if len(row) == 4][1:] == [
        ["Soham", "1", "2", "3"],
        ["Total", "1", "2", "3"],
    ]
    assert count_of(browser.get("/crime/records").text) == "3"
    assert count_of(browser.get("/crime/records?where=unlocated").text) == "0"
    assert "West" not in theirs.text
    assert "No ward, team or BCU is yours to see in these months" in theirs.text
    assert count_of(stranger.get("/crime/records?team=SOH").text) == "0"
    assert "Choose one from the list" in browser.get("/crime/?by=force").text
    assert 'href="/crime/"' in browser.get("/crime/").text


def test_a_list_of_lines_comes_as_a_file_with_its_source(lead: FlaskClient, soham: Team) -> None:
    text = lead.get("/crime/records?team=SOH&category=crime&format=csv").get_data().decode("utf-8-sig")

    (row,) = list(csv.DictReader(io.StringIO(text)))
    assert (row["Crime ID"], row["Ward"], row["Team"], row["Month"]) == ("b", "West", "Soham", "2024-01")
    assert row["Source"] == "Source: data.police.uk, Open Government Licence v3.0."


@pytest.mark.usefixtures("soham")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_table_comes_as_a_file(lead: FlaskClient, ending: str) -> None:
    answer = lead.get(f"/crime/?by=team&format={ending}")

    assert answer.status_code == 200
    assert f"crime-2024-01-2024-01-by-team.{ending}" in answer.headers["Content-Disposition"]


def test_before_anything_is_taken_in_the_page_says_how_crime_comes_to_be_there(lead: FlaskClient) -> None:
    page = lead.get("/crime/").text

    assert "No crime has been taken in yet" in page
    assert "data.police.uk" in page


@pytest.mark.usefixtures("soham")
def test_a_month_nobody_has_taken_in_is_said_and_not_shown_as_quiet(lead: FlaskClient) -> None:
    page = lead.get("/crime/?first=2023-12&last=2024-02").text

    assert "Nothing has been taken in for December 2023 and February 2024: the figures are without them." in page


@pytest.mark.usefixtures("soham")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first=2024-02&last=2024-01", "Enter a last month that is not before the first"),
        ("first=1990-01&last=2024-01", "Enter a last month within 10 years of the first"),
        ("first=january", "Enter a month as a year and a month, like 2026-11"),
        ("first=", "Enter the first month"),
    ],
)
def test_months_that_make_no_span_are_answered_beside_the_field(lead: FlaskClient, asked: str, said: str) -> None:
    for page in ("/crime/", "/crime/records"):
        assert said in lead.get(f"{page}?{asked}").text


@pytest.mark.usefixtures("soham")
def test_rows_come_in_the_order_asked_for(lead: FlaskClient) -> None:
    for asked in ("by=ward&order=-total", "by=&order=-total"):
        names = [row[0] for row in cells(lead.get(f"/crime/?{asked}").text) if len(row) == 4]

        assert names[1:3] == ["West", "East"]


def test_a_page_asks_no_more_of_the_database_when_there_is_more_crime(lead: FlaskClient, soham: Team) -> None:
    def statements(path: str) -> int:
        lead.get(path)
        asked: list[str] = []

        def note(*args: object) -> None:
            asked.append(str(args[2]))

        event.listen(db.engine(), "before_cursor_execute", note)
        try:
            lead.get(path)
        finally:
            event.remove(db.engine(), "before_cursor_execute", note)
        return len(asked)

    before = [statements(path) for path in ("/crime/?by=team", "/crime/records?first=2024-01")]
    load({JANUARY: street(*(line(at=WEST) for _ in range(120)), *(line(at=EAST) for _ in range(20)))})

    assert [statements(path) for path in ("/crime/?by=team", "/crime/records?first=2024-01")] == before
    assert max(before) <= 12


def test_months_nobody_has_loaded_are_no_data_and_no_zero(soham: Team, lead: FlaskClient) -> None:
    page = lead.get("/crime/?first=2024-05&last=2024-06&by=team").text

    assert "No data: nothing has been taken in for May to June 2024." in page
    assert cells(page)[1] == ["Soham", "no data", "no data", "no data"]
    assert cells(page)[-1] == ["Total", "no data", "no data", "no data"]
    assert links(page) == {}
    newest = re.search(r'The newest month there is: <a class="govuk-link" href="([^"]+)">January 2024<', page)
    assert newest
    assert "no data" not in lead.get(unescape(newest[1])).text


def test_a_file_of_months_nobody_has_loaded_holds_no_zero_either(soham: Team, lead: FlaskClient) -> None:
    file = lead.get("/crime/?first=2024-05&last=2024-06&by=team&format=csv").get_data().decode("utf-8-sig")

    assert "Soham" in file
    assert not re.search(r",0(,|\r)", file)
