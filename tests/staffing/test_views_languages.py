"""The page of languages: needed against spoken, each figure with its rows, and who may say what is needed."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core import db
from npt.core.authority import PEOPLE_ROLES, Role
from npt.staffing.models import NeededLanguage
from tests import make
from tests.conftest import TODAY, post
from tests.staffing import able
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import table

SignIn = Callable[[User], FlaskClient]
ON = f"on={TODAY}"


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    """Ely needs Polish and Urdu, Soham Polish; Nowak in Soham speaks Polish, and somebody in Linton Urdu."""
    made = force()
    for team, language in ((made.ely, "Polish"), (made.ely, "Urdu"), (made.soham, "Polish")):
        able.needed_language(team, language)
    able.skill(made.pcso, "Polish", verified_on=None)
    able.skill(make.posted(made.linton), "Urdu")
    return made


@pytest.fixture
def manager(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.BCU_MANAGER, "NOR"))


@pytest.fixture
def sergeant(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, "ELY"))


def test_a_bcu_shows_what_it_lacks_first_and_each_unit_its_share(manager: FlaskClient) -> None:
    page = manager.get(f"/staffing/languages?{ON}").text

    html5lib.HTMLParser(strict=True).parse(page)
    assert table(page, "languages") == [
        ["Urdu", "Gap", "0 who speak Urdu", "1 who speak Urdu", "Ely"],
        ["Polish", "Covered Nobody verified", "1 who speak Polish", "1 who speak Polish", "Ely, Soham"],
    ]
    assert [row[:2] + row[3:] for row in table(page, "units")] == [
        ["Fens", "Sector", "1 of 2 in Fens", "Urdu"],
        ["Ely", "Team", "0 of 2 in Ely", "Polish, Urdu"],
        ["Soham", "Team", "1 of 1 in Soham", "–"],
    ]


def test_every_figure_leads_to_as_many_rows_as_it_says(manager: FlaskClient) -> None:
    page = manager.get(f"/staffing/languages?{ON}").text

    links = re.findall(r'href="(/staffing/skills\?[^"]*name=[^"]*)">(\d+)<', page)
    assert len(links) == 4
    for address, figure in links:
        found = manager.get(unescape(address)).text
        assert len(table(found, "found") if 'id="found"' in found else []) == int(figure)
    units = re.findall(r'href="(/staffing/languages\?unit=[^"]*)#languages">(\d+)<.*?>(\d+) of', page, re.DOTALL)
    assert len(units) == 3
    for unit, needed, covered in units:
        rows = table(manager.get(unescape(unit)).text, "languages")
        assert (len(rows), sum(row[1].startswith("Covered") for row in rows)) == (int(needed), int(covered))


def test_a_past_day_is_shown_as_it_was(force: Force, manager: FlaskClient) -> None:
    able.needed_language(force.ely, "Farsi", TODAY.replace(year=2024), TODAY.replace(year=2025))

    assert "Farsi" in manager.get("/staffing/languages?on=2025-11-12").text
    assert "Farsi" not in manager.get("/staffing/languages?on=2025-11-13").text


def test_the_files_hold_the_tables(manager: FlaskClient) -> None:
    def read(which: str) -> list[list[str]]:
        text = manager.get(f"/staffing/languages?{ON}&format=csv&list={which}").text
        return list(csv.reader(io.StringIO(text.removeprefix("﻿"))))

    assert read("units")[1] == ["BCU", "NOR", "Northern", "2", "1", "Urdu"]
    assert read("languages")[1] == ["Urdu", "ELY", "0", "1", "no"]
    assert [row[:2] for row in read("needed")[1:]] == [["ELY", "Polish"], ["ELY", "Urdu"], ["SOH", "Polish"]]
    assert manager.get(f"/staffing/languages?{ON}&format=xlsx").data.startswith(b"PK")


def test_a_sergeant_says_what_their_team_needs_and_ends_it(force: Force, sergeant: FlaskClient) -> None:
    added = post(
        sergeant, "/staffing/languages/new", team_code="ELY", language="romanian", first_day="01/11/2026", note="Census"
    )
    row = db.session.query(NeededLanguage).filter_by(language="romanian").one()
    page = sergeant.get(f"/staffing/languages?unit=team:ELY&{ON}").text
    changed = post(sergeant, f"/staffing/languages/{row.id}/change", last_day="11/11/2026", note="Survey")
    after = sergeant.get(f"/staffing/languages?unit=team:ELY&{ON}").text
    history = sergeant.get(f"/staffing/languages/{row.id}/change").text

    html5lib.HTMLParser(strict=True).parse(history)
    assert (added.status_code, changed.status_code) == (302, 302)
    assert ["romanian", "1 November 2026", "Still", "Census"] in [row[:4] for row in table(page, "needed")]
    assert "romanian" not in after
    assert "Needed language changed" in history
    assert "Needed language added" in history


def test_what_cannot_be_needed_is_refused_in_words_and_kept(sergeant: FlaskClient) -> None:
    twice = post(sergeant, "/staffing/languages/new", team_code="ELY", language="POLISH", first_day="2026-11-01").text
    other = post(sergeant, "/staffing/languages/new", team_code="SOH", language="Farsi", first_day="2026-11-01").text
    empty = post(sergeant, "/staffing/languages/new").text

    assert "Polish is needed there from 1 January 2020, still" in twice
    assert 'value="POLISH"' in twice
    assert "Choose one from the list" in other
    assert "Enter a language, like Polish" in empty
    assert db.session.query(NeededLanguage).count() == 3


def test_another_teams_need_is_nobodys_to_change(force: Force, sergeant: FlaskClient) -> None:
    row = db.session.query(NeededLanguage).filter_by(team_id=force.soham.id).one()

    assert sergeant.get(f"/staffing/languages/{row.id}/change").status_code == 404
    assert sergeant.get("/staffing/languages?unit=team:SOH").status_code == 200
    assert 'id="needed"' not in sergeant.get(f"/staffing/languages?unit=team:SOH&{ON}").text


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_needs_are_said_by_sergeants_and_above_and_the_resources_lead(
    force: Force, sign_in: SignIn, role: Role
) -> None:
    says = role in (Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER, Role.RESOURCES_LEAD)

    assert sign_in(make.user(role)).get("/staffing/languages/new").status_code == (200 if says else 404)


def test_an_area_without_needs_says_who_adds_them(force: Force, sign_in: SignIn) -> None:
    page = sign_in(make.user(Role.SERGEANT, "LIN")).get(f"/staffing/languages?{ON}").text

    assert "Nobody has said which languages are needed here" in page
    assert "of 0" not in page


def test_a_sergeant_of_two_teams_sees_both_beside_each_other(force: Force, sign_in: SignIn) -> None:
    page = sign_in(make.user(Role.SERGEANT, "ELY", "SOH")).get(f"/staffing/languages?unit=team:SOH&{ON}").text

    assert [row[:2] for row in table(page, "units")] == [["Ely", "Team"], ["Soham", "Team"]]
    assert [row[0] for row in table(page, "needed")] == ["Polish"]


def test_the_force_shows_its_bcus_and_a_sector_its_teams(force: Force, sign_in: SignIn) -> None:
    whole = sign_in(make.user(Role.FORCE_LEAD)).get(f"/staffing/languages?{ON}").text
    sector = sign_in(make.user(Role.INSPECTOR, "FEN")).get(f"/staffing/languages?{ON}").text

    html5lib.HTMLParser(strict=True).parse(whole)
    assert [row[:2] for row in table(whole, "units")] == [["Northern", "BCU"], ["Southern", "BCU"]]
    assert [row[1] for row in table(whole, "languages")] == ["Covered Nobody verified", "Covered"]
    assert "Add a language a team needs" not in whole
    assert [row[0] for row in table(sector, "units")] == ["Ely", "Soham"]
    assert "Add a language a team needs" in sector
