"""Every number of a page of figures is a link to what makes it, and where a month is heading is one of them."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.people.models import Person, Team
from npt.people.rules import Grade
from tests import make
from tests.abstractions.force import LONDON
from tests.abstractions.pages import words
from tests.conftest import SignIn

FIGURES = "/abstractions/figures"
FEBRUARY = "first=2027-02-01&last=2027-02-28"


def without_a_link(page: str) -> list[str]:
    """The numbers of a page's tables and figures that lead nowhere."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    cells = [cell for cell in tree.iter("td") if cell.get("class") == "number"]
    values = [cell for cell in tree.iter("p") if cell.get("class") == "npt-figure__value"]
    written = [("".join(cell.itertext()).strip(), cell) for cell in (*cells, *values)]
    return [text for text, cell in written if re.search(r"\d", text) and next(cell.iter("a"), None) is None]


@pytest.fixture
def busy(soham: Team, rahman: Person) -> Person:
    """A PC with custody on the tenth of the month, and a second who has none; a target for the force."""
    make.target("8")
    colleague = make.posted(soham, Grade.PCSO, collar_number="7001")
    for who in (rahman, colleague):
        for day in (10, 11):
            make.duty(who, f"2026-01-{day} 07:00", f"2026-01-{day} 17:00")
    make.abstraction(rahman, "2026-01-10 07:00", "2026-01-10 09:00", destination="Parkside")
    return rahman


@pytest.mark.parametrize("role", [Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER, Role.FORCE_LEAD, Role.AUDITOR])
@pytest.mark.parametrize("page", ["", "/months"])
def test_every_number_of_the_figures_is_a_link(sign_in: SignIn, busy: Person, role: Role, page: str) -> None:
    codes = {Role.SERGEANT: ["SOH"], Role.INSPECTOR: ["ECA"], Role.BCU_MANAGER: ["SOU"]}.get(role, [])
    browser = sign_in(make.user(role, *codes))

    answer = browser.get(f"{FIGURES}{page}?first=2026-01-01&last=2026-01-31")

    assert answer.status_code == 200
    assert without_a_link(answer.text) == []


@pytest.mark.parametrize(
    ("role", "code", "name"),
    [
        (Role.INSPECTOR, "ECA", "sector"),
        (Role.BCU_MANAGER, "SOU", "BCU"),
        (Role.FORCE_LEAD, "", "Whole force"),
    ],
)
def test_the_figures_open_on_the_readers_own_unit(
    sign_in: SignIn, soham: Team, role: Role, code: str, name: str
) -> None:
    browser = sign_in(make.user(role, *[code] if code else []))

    [heading] = re.findall(r"<h1[^>]*>(.*?)</h1>", browser.get(FIGURES).text)

    assert name in heading


def test_a_sergeants_figures_open_on_their_own_team_and_not_on_one_they_cover(sign_in: SignIn, soham: Team) -> None:
    other = make.team(make.sector(make.bcu()), "AAA", "Abbots")
    who = make.posted(soham, Grade.SERGEANT, email="okafor@force.example")
    make.cover(who, other)

    page = sign_in(make.user(Role.SERGEANT, email="okafor@force.example")).get(FIGURES).text

    assert "Abstraction: Soham" in page
    assert ">Abbots</option>" in page


def test_every_target_of_the_figures_leads_to_where_it_was_set(sign_in: SignIn, busy: Person) -> None:
    for role, codes in ((Role.SERGEANT, ["SOH"]), (Role.INSPECTOR, ["ECA"]), (Role.BCU_MANAGER, ["SOU"])):
        browser = sign_in(make.user(role, *codes))
        page = browser.get(f"{FIGURES}?first=2026-01-01&last=2026-01-31").text
        led = {unescape(href) for href in re.findall(r'href="(/policy/targets/applying[^"]*)"', page)}
        assert led
        assert {browser.get(href).status_code for href in led} == {200}, led


def test_the_list_of_a_month_as_planned_adds_up_to_where_it_is_heading(sergeant: FlaskClient, rahman: Person) -> None:
    for day in range(16, 21):
        make.duty(rahman, f"2027-02-{day} 08:00", f"2027-02-{day} 18:00")
    make.abstraction(rahman, "2027-02-16 08:00", "2027-02-16 13:00")
    make.absence(rahman, "2027-02-20 08:00", "2027-02-20 18:00")

    so_far = words(sergeant.get(f"/abstractions/?{FEBRUARY}").text)
    planned = words(sergeant.get(f"/abstractions/?{FEBRUARY}&upto=planned").text)
    duties = words(sergeant.get(f"/abstractions/duties?{FEBRUARY}&upto=planned").text)

    assert "1 entry with 0 h counted" in so_far
    assert "1 entry with 5 h counted (300 minutes)" in planned
    assert "5 h of 40 h available duty: 12.5 %" in planned
    assert "with what is planned" in planned
    assert "with 40 h available" in duties


def test_a_part_of_the_day_of_a_month_as_planned_has_its_share_of_it(sergeant: FlaskClient, rahman: Person) -> None:
    make.duty(rahman, "2027-02-16 08:00", "2027-02-16 18:00")
    make.abstraction(rahman, "2027-02-16 08:00", "2027-02-16 13:00")

    page = words(sergeant.get(f"/abstractions/?{FEBRUARY}&upto=planned&hours=09-12").text)

    assert "3 h of 3 h available duty: 100.0 %" in page


@pytest.mark.parametrize("path", ["/", "/teams/SOH", FIGURES])
def test_where_the_month_is_heading_leads_to_the_whole_month(
    sergeant: FlaskClient, rahman: Person, in_hours: Callable[[float], dt.datetime], path: str
) -> None:
    this_month = f"{in_hours(0).astimezone(LONDON):%Y-%m}"
    make.duty(rahman, f"{this_month}-01 08:00", f"{this_month}-01 18:00")
    make.duty(rahman, f"{this_month}-28 08:00", f"{this_month}-28 18:00")
    make.abstraction(rahman, f"{this_month}-28 08:00", f"{this_month}-28 09:00")

    page = sergeant.get(path).text
    [href, shown] = re.findall(r'heading for\s*<a class="govuk-link" href="([^"]*)">([^<]*)<', page)[0]

    assert shown == "5.0 %"
    assert "1 h of 20 h available duty: 5.0 %" in words(sergeant.get(unescape(href)).text)


MINUTES = re.compile(r'<a class="govuk-link" href="([^"]*#minutes)">([^<]*)<')
NOVEMBER = "first=2026-11-01&last=2026-11-30"


def minutes_of(page: str) -> list[tuple[str, str]]:
    """The minutes of the rows of a list, each after the address it leads to."""
    return [(unescape(href).removesuffix("#minutes"), shown) for href, shown in MINUTES.findall(page)]


def test_the_minutes_of_an_entry_are_explained_by_the_terms_of_the_list(sergeant: FlaskClient, rahman: Person) -> None:
    make.duty(rahman, "2026-10-31 20:00", "2026-11-01 04:00", ref="NIGHT")
    make.absence(rahman, "2026-11-01 02:00", "2026-11-01 03:00")
    make.abstraction(rahman, "2026-10-31 22:00", "2026-11-01 05:00", ref="A-1")

    page = sergeant.get(f"/abstractions/?{NOVEMBER}").text
    [href] = {href for href, shown in minutes_of(page) if shown == "3 h"}
    explained = words(sergeant.get(href).text)

    assert "2 entries" not in page
    assert "1 November 2026 to 30 November 2026" in explained
    assert "4 stretches" in explained
    for said in ("1 November 2026, midnight", "1 November 2026, 2:00am", "Off duty, shown and not counted", "5 h"):
        assert said in explained
    whole = words(sergeant.get("/abstractions/entries/A-1").text)
    assert "31 October 2026, 10:00pm" in whole
    assert "7 h" in whole


def test_the_minutes_of_an_entry_say_what_each_definition_makes_of_them(sergeant: FlaskClient, rahman: Person) -> None:
    make.duty(rahman, "2026-11-10 07:00", "2026-11-10 15:00")
    make.abstraction(rahman, "2026-11-10 07:00", "2026-11-10 09:30", "court", ref="A-1")

    page = words(sergeant.get("/abstractions/entries/A-1").text)

    assert 'data-label="Force definition">On duty, not counting<' in page
    assert 'data-label="National definition">Counted<' in page
    assert 'data-label="Force definition">0 h<' in page
    assert 'data-label="National definition">2 h 30<' in page


def test_what_was_available_of_a_duty_is_explained(sergeant: FlaskClient, rahman: Person) -> None:
    make.duty(rahman, "2026-11-10 07:00", "2026-11-10 15:00", ref="D-1")
    make.absence(rahman, "2026-11-10 14:00", "2026-11-10 15:00")

    listed = minutes_of(sergeant.get(f"/abstractions/duties?{NOVEMBER}").text)
    [href] = {href for href, shown in listed if shown == "7 h"}
    page = sergeant.get(href).text

    assert "Leave, sickness or other absence" in page
    assert "Annual leave" not in page
    assert "7 h" in page


def test_somebody_opens_their_own_entry_and_duty_and_nobody_elses(
    sign_in: SignIn, soham: Team, in_hours: Callable[[float], dt.datetime]
) -> None:
    own = make.posted(soham, email="pc@force.example")
    other = make.posted(soham)
    for who, name in ((own, "OWN"), (other, "OTHER")):
        make.duty(who, "2026-11-10 07:00", "2026-11-10 15:00", ref=f"D-{name}")
        make.abstraction(who, "2026-11-10 07:00", "2026-11-10 09:30", ref=f"A-{name}")
    pc = sign_in(make.user(Role.PC, "SOH", email="pc@force.example"))

    entry, duty = pc.get("/abstractions/mine/entries/A-OWN"), pc.get("/abstractions/mine/duties/D-OWN")

    assert "2 h 30" in entry.text
    assert "Change this entry" not in entry.text
    assert "8 h" in duty.text
    for kind, name in (("entries", "A-OTHER"), ("duties", "D-OTHER"), ("entries", "none"), ("duties", "none")):
        assert pc.get(f"/abstractions/mine/{kind}/{name}").status_code == 404


def test_what_a_reason_would_have_counted_opens_the_entries_counted_so(
    sign_in: SignIn, soham: Team, rahman: Person
) -> None:
    make.duty(rahman, "2026-10-05 08:00", "2026-10-05 18:00")
    make.abstraction(rahman, "2026-10-05 08:00", "2026-10-05 13:00", "court", ref="A-1")
    lead = sign_in(make.user(Role.FORCE_LEAD))
    change = "what=reason&code=court&label=Court&counts_local=pc&month=2026-10"

    preview = lead.get(f"/abstractions/preview?{change}").text
    led = {
        unescape(href)
        for href, shown in re.findall(r'href="(/abstractions/\?[^"]*)">([^<]*)<', preview)
        if shown == "50.0 %"
    }

    assert led
    for href in led:
        page = words(lead.get(href).text)
        assert "1 entry with 5 h counted (300 minutes)" in page
        assert "Counted as if Court had counted" in page
        [row] = [href for href, shown in minutes_of(lead.get(href).text) if shown == "5 h"]
        assert 'data-label="Force definition">Counted<' in words(lead.get(row).text)
    assert "1 entry with 0 h counted" in words(lead.get("/abstractions/?first=2026-10-01&last=2026-10-31").text)
    assert lead.get("/abstractions/?what=reason&code=none").status_code == 404
