"""The pages of figures: who sees whose, what leads where and adds up, what is refused, files, and few statements."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.rules import Group
from tests import make
from tests.abstractions.pages import words
from tests.conftest import SignIn
from tests.staffing.test_views_units import statements

JANUARY = "first=2026-01-01&last=2026-01-31"
FIGURES, MINE, MONTHS = "/abstractions/figures", "/abstractions/mine/figures", "/abstractions/figures/months"


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH")


@pytest.fixture
def rahman(soham: Team) -> Person:
    """A PC with 18 hours of duty in January: an hour and a half of custody at night, two hours of court."""
    who = make.posted(soham, collar_number="1432", surname="Rahman", email="rahman@example.org")
    make.duty(who, "2026-01-05 22:00", "2026-01-06 07:00")
    make.duty(who, "2026-01-07 07:00", "2026-01-07 16:00")
    make.abstraction(who, "2026-01-05 23:30", "2026-01-06 01:00", destination="Parkside")
    make.abstraction(who, "2026-01-07 09:00", "2026-01-07 11:00", reason="court")
    make.abstraction(who, "2026-01-07 15:00", "2026-01-07 17:00", destination=" parkside ")
    return who


@pytest.fixture
def manager(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.BCU_MANAGER, "SOU"))


LISTED = r'<a class="govuk-link[^"]*" href="(/abstractions/[^"]*at=[^"]*)">([\d,]+ h(?: \d\d)?)<'
"""A link to a list, which says as at when it was counted, and the hours it shows."""


def minutes(words: str) -> int:
    hours, _, rest = words.replace(",", "").partition(" h")
    return int(hours) * 60 + int(rest or 0)


def follow(browser: FlaskClient, page: str) -> int:
    """Open every list that a page of figures leads to, and hold its total to the figure that led there."""
    opened = 0
    for href, shown in re.findall(
        r'<a class="govuk-link[^"]*" href="(/abstractions/[^"]*at=[^"]*)">([\d,]+ h(?: \d\d)?)<', page
    ):
        answer = browser.get(unescape(href))
        assert answer.status_code == 200, href
        found = re.search(r"with ([\d,]+ h(?: \d\d)?) (counted|available)", answer.text)
        total = minutes(found[1]) if found else 0
        if "show=off_duty" not in href:
            assert total == minutes(shown), (href, shown)
        opened += 1
    return opened


def test_a_bcu_manager_sees_both_definitions_side_by_side_and_every_figure_leads_to_its_entries(
    manager: FlaskClient, rahman: Person
) -> None:
    page = manager.get(f"{FIGURES}?unit=SOU&{JANUARY}").text

    assert "Abstraction: Southern BCU" in page
    assert "2 h 30 of 18 h" in words(page)  # custody, on duty
    assert "4 h 30 of 18 h" in words(page)  # and court, which only the national definition counts
    assert "no target set" in page
    assert "Midnight to 3am" in page
    assert ">Parkside</th>" in page
    assert "Not written down" in page
    assert follow(manager, page) > 40


@pytest.mark.parametrize("unit", ["unit=ECA", "unit=SOH", "person=1432"])
def test_sector_team_and_person_have_the_same_page_and_their_figures_lead_to_entries_too(
    manager: FlaskClient, rahman: Person, unit: str
) -> None:
    page = manager.get(f"{FIGURES}?{unit}&{JANUARY}").text

    assert "2 h 30 of 18 h" in words(page)
    assert follow(manager, page) > 20


def test_a_sector_is_judged_by_its_bcu_s_target_and_groups_by_their_own(manager: FlaskClient, rahman: Person) -> None:
    make.target("13.9")
    make.target("14", group=Group.OFFICERS)

    page = manager.get(f"{FIGURES}?unit=ECA&{JANUARY}").text

    assert "13.9 % rate" not in page
    assert "target 13.9 %" in words(page)
    assert "Approaching target" in page  # 2 h 30 of 18 h is 13.888… %


def test_custody_and_response_have_their_lines_where_nothing_was_taken(manager: FlaskClient, soham: Team) -> None:
    page = manager.get(f"{FIGURES}?unit=SOH&{JANUARY}").text

    for label in ("Custody cover", "Response cover"):
        assert f">{label}</th>" in page
    assert "no data" in page


def test_the_days_of_a_preset_are_this_month_last_month_and_the_rolling_days_of_policy(
    manager: FlaskClient, rahman: Person
) -> None:
    plain = manager.get(FIGURES).text
    rolling = manager.get(f"{FIGURES}?period=rolling").text
    nonsense = manager.get(f"{FIGURES}?period=fortnight").text

    for page in (plain, rolling, nonsense):
        assert "Last 28 days" in page
    assert 'aria-current="true"><strong>This month so far' in plain
    assert 'aria-current="true"><strong>Last 28 days' in rolling
    assert 'aria-current="true"><strong>This month so far' in nonsense


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first=2026-13-01&last=2026-01-31", "Enter a real date, like 12/11/2026"),
        ("first=2026-01-31", "Enter the last day as well"),
        ("last=2026-01-31", "Enter the first day as well"),
        ("first=2026-01-31&last=2026-01-01", "Enter a last day on or after the first"),
    ],
)
def test_days_that_cannot_be_are_answered_in_the_field_and_kept(
    manager: FlaskClient, rahman: Person, asked: str, said: str
) -> None:
    for path in (FIGURES, MONTHS):
        page = manager.get(f"{path}?unit=SOH&{asked}")

        assert page.status_code == 200
        assert said in page.text
        assert "There is a problem" in page.text


def test_a_unit_or_person_out_of_scope_is_not_found(sign_in: SignIn, soham: Team, rahman: Person) -> None:
    other = make.team(make.sector(make.bcu("NOR", "Northern"), "HUN"), "RAM", "Ramsey")
    stranger = make.posted(other, collar_number="9999")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    for path in (FIGURES, MONTHS):
        for asked in ("unit=SOU", "unit=ECA", "unit=RAM", "unit=force", "unit=nowhere", "person=9999", "person=0"):
            assert sergeant.get(f"{path}?{asked}").status_code == 404, asked
        assert sergeant.get(f"{path}?unit=SOH").status_code == 200
        assert sergeant.get(f"{path}?person=1432").status_code == 200
    assert stranger.collar_number not in sergeant.get(FIGURES).text


def test_somebody_who_has_moved_on_is_compared_for_their_time_here_but_their_own_figures_stay_shut(
    sign_in: SignIn, soham: Team
) -> None:
    elsewhere = make.team(make.sector(make.bcu("NOR", "Northern")), "RAM")
    moved = make.person("1500", "Moved")
    make.posting(moved, make.post(soham), last_day=make.at("2026-01-31 00:00").date())
    make.posting(moved, make.post(elsewhere), make.at("2026-02-01 00:00").date())
    make.duty(moved, "2026-01-05 07:00", "2026-01-05 16:00")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    page = sergeant.get(f"{FIGURES}?unit=SOH&{JANUARY}").text

    assert "PC 1500 A. Moved" in page
    assert f"{FIGURES}?person=1500" not in page
    assert sergeant.get(f"{FIGURES}?person=1500").status_code == 404


def test_a_pc_sees_their_own_figures_and_months_and_no_others(sign_in: SignIn, soham: Team, rahman: Person) -> None:
    pc = sign_in(make.user(Role.PC, "SOH", email="rahman@example.org"))

    page = pc.get(f"{MINE}?{JANUARY}").text

    assert "2 h 30 of 18 h" in words(page)
    assert "no individual limit set" in page
    assert follow(pc, page) > 10
    assert "January 2026" in pc.get(f"{MINE}/months").text
    assert pc.get(FIGURES).status_code == pc.get(MONTHS).status_code == 404


def test_whoever_has_no_team_or_no_record_is_told_how_they_would_come_to_be_here(sign_in: SignIn, soham: Team) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT))

    assert "No team is yours today" in sergeant.get(FIGURES).text
    assert "No record is yours" in sergeant.get(MINE).text
    assert sergeant.get(MONTHS).status_code == sergeant.get(f"{MINE}/months").status_code == 200


def test_the_force_lead_sets_bcu_against_bcu_worst_first_and_sorts_by_link(
    sign_in: SignIn, soham: Team, rahman: Person
) -> None:
    ramsey = make.team(make.sector(make.bcu("NOR", "Northern")), "RAM", "Ramsey")
    busy = make.posted(ramsey)
    make.duty(busy, "2026-01-05 07:00", "2026-01-05 16:00")
    make.abstraction(busy, "2026-01-05 07:00", "2026-01-05 16:00")
    lead = sign_in(make.user(Role.FORCE_LEAD))

    def names(asked: str) -> list[str]:
        page = lead.get(f"{FIGURES}?unit=force&{JANUARY}{asked}").text
        return re.findall(r'<th scope="row"><a[^>]*>([^<]*)<', page[page.index('id="compared"') :])

    assert names("") == ["Northern BCU", "Southern BCU"]
    assert names("&order=rate") == ["Southern BCU", "Northern BCU"]
    assert names("&by=team&order=-name") == ["Soham", "Ramsey"]
    assert names("&by=nonsense&order=nonsense") == names("")
    assert follow(lead, lead.get(f"{FIGURES}?{JANUARY}").text) > 40


def test_twelve_months_are_a_chart_and_a_table_whose_figures_lead_to_their_entries(
    manager: FlaskClient, rahman: Person
) -> None:
    page = manager.get(f"{MONTHS}?unit=SOH&{JANUARY}").text

    assert "<svg" in page
    assert "Jan 26 13.9 %" in page
    assert "Dec 25 no data" in page
    assert page.count('<th scope="row">') == 12
    assert follow(manager, page) == 12 * 5


def test_everything_shown_comes_as_one_csv_and_as_a_workbook(manager: FlaskClient, rahman: Person) -> None:
    path = f"{FIGURES}?unit=SOU&{JANUARY}"

    rows = list(csv.DictReader(io.StringIO(manager.get(f"{path}&format=csv").text.removeprefix("\ufeff"))))
    book = openpyxl.load_workbook(io.BytesIO(manager.get(f"{path}&format=xlsx").data))

    [whole] = [row for row in rows if row["Table"] == "Whole"]
    assert (whole["Duty minutes"], whole["Counted minutes"], whole["Minutes counted nationally"]) == (
        "1080",
        "150",
        "270",
    )
    assert whole["Rate per cent"] == "13.89"
    assert whole["Minutes off duty"] == "60"
    for table in ("Reasons", "Destinations", "Time of day", "Teams"):
        assert sum(int(row["Counted minutes"]) for row in rows if row["Table"] == table) == 150
    assert book.sheetnames == ["Whole", "Reasons", "Grades", "Groups", "Destinations", "Time of day", "Teams"]
    months = manager.get(f"{MONTHS}?unit=SOU&{JANUARY}&format=csv").text
    assert "2026-01,January 2026,1080,150" in months
    assert manager.get(f"{path}&format=pdf").status_code == 404


def test_late_entries_are_those_the_list_shows(manager: FlaskClient, soham: Team) -> None:
    who = make.posted(soham)
    make.duty(who, "2026-01-05 07:00", "2026-01-05 16:00")
    make.abstraction(who, "2026-01-05 07:00", "2026-01-05 08:00", logged_at=make.at("2026-01-09 07:00"))
    make.abstraction(who, "2026-01-05 09:00", "2026-01-05 10:00", logged_at=make.at("2026-01-05 09:00"))

    page = manager.get(f"{FIGURES}?unit=SOH&{JANUARY}").text

    href = re.search(r'href="([^"]*show=late)">1<', page)
    assert href
    assert "of 2 entries" in words(page)
    assert "1 entry with 1 h counted" in manager.get(unescape(href[1])).text


def test_the_statements_do_not_grow_with_teams_or_people_and_are_few(
    sign_in: SignIn, soham: Team, rahman: Person
) -> None:
    lead = sign_in(make.user(Role.FORCE_LEAD))
    lead.get("/")

    def asked(path: str) -> int:
        with statements() as sent:
            assert lead.get(path).status_code == 200
        return len(sent)

    pages: list[Callable[[], int]] = [
        lambda: asked(f"{FIGURES}?unit=force&{JANUARY}"),
        lambda: asked(f"{FIGURES}?unit=SOH&{JANUARY}"),
        lambda: asked(f"{MONTHS}?unit=force&{JANUARY}"),
    ]
    before = [page() for page in pages]
    for _ in range(3):
        team = make.team(make.sector(make.bcu()))
        for grade in (Grade.PC, Grade.SERGEANT):
            who = make.posted(team, grade)
            make.posted(soham, grade)
            make.duty(who, "2026-01-05 07:00", "2026-01-05 16:00")
            make.abstraction(who, "2026-01-05 07:00", "2026-01-05 08:00")

    assert [page() for page in pages] == before
    assert max(before) <= 13, before
