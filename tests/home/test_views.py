"""What each person sees first."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from npt import edge
from npt.abstractions.rules import AbsenceKind
from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import MINUTE, midnight
from npt.flags import services as flags
from npt.flags.rules import Finding, FlagKind
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.policy.rules import Severity
from tests import make
from tests.conftest import NOW, TODAY, SignIn


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH", "Soham")


@pytest.fixture
def hours_ago(app: Flask) -> Callable[[float], str]:
    """The instant so many hours before now, as the builders take it. Pages ask the real clock."""

    def written(hours: float) -> str:
        with app.app_context():
            return f"{edge.now() - hours * 60 * MINUTE:%Y-%m-%d %H:%M}"

    return written


def a_sergeant(of: Team, email: str = "okafor@force.example") -> Person:
    return make.posted(of, Grade.SERGEANT, email=email, surname="Okafor", collar_number="1201")


def test_a_sergeant_sees_who_of_the_team_is_away_now_and_for_how_long(
    sign_in: SignIn, soham: Team, hours_ago: Callable[[float], str]
) -> None:
    who = make.posted(soham, collar_number="1432")
    make.abstraction(who, hours_ago(3), None)
    make.abstraction(make.posted(make.team(), surname="Stranger"), hours_ago(3), None)

    page = sign_in(make.user(Role.SERGEANT, "SOH")).get("/").text

    assert "PC 1432 A. Rahman" in page
    assert "Custody cover" in page
    assert "still away" in page
    assert "Back now" in page
    assert "Stranger" not in page


def test_a_sergeant_s_teams_are_those_of_the_account_of_the_post_and_of_the_cover(sign_in: SignIn, soham: Team) -> None:
    covered = make.team(soham.sector, "ELY", "Ely")
    who = a_sergeant(soham)
    make.cover(who, covered, dt.date(2025, 9, 3))
    make.team(soham.sector, "LIT", "Littleport")

    page = sign_in(make.user(Role.SERGEANT, email="okafor@force.example")).get("/").text

    assert "Soham" in page
    assert "covering since 3 September 2025" in page
    assert "Littleport" not in page


def test_a_team_with_nothing_recorded_has_no_data_and_never_nought_per_cent(sign_in: SignIn, soham: Team) -> None:
    page = sign_in(make.user(Role.SERGEANT, "SOH")).get("/").text

    assert "no data" in page
    assert "0.0 %" not in page


def test_of_those_rostered_on_a_day_the_absent_are_told_from_those_who_come(
    sign_in: SignIn, soham: Team, app: Flask
) -> None:
    with app.app_context():
        day = edge.today()
    for number in range(3):
        make.duty(make.posted(soham, collar_number=f"150{number}"), f"{day} 12:00", f"{day} 20:00")
    away, ill = make.posted(soham, collar_number="1510"), make.posted(soham, collar_number="1511")
    for who in (away, ill):
        make.duty(who, f"{day} 12:00", f"{day} 20:00")
    make.absence(away, f"{day} 10:00", f"{day} 20:00")
    make.absence(ill, f"{day} 18:00", f"{day} 20:00", AbsenceKind.SICKNESS)

    page = sign_in(make.user(Role.SERGEANT, "SOH")).get("/").text
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page[page.index("npt-days") :]))

    assert "4 of Soham on duty, 1 of Soham absent" in shown
    assert f'href="/abstractions/week?team=SOH#SOH-{day}"' in page


def test_a_sergeant_reads_how_many_hours_the_month_is_over_or_has_left(
    sign_in: SignIn, soham: Team, app: Flask
) -> None:
    with app.app_context():
        day = edge.today()
    make.target("10.00")
    who = make.posted(soham, collar_number="1432")
    make.duty(who, f"{day} 08:00", f"{day} 18:00")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    assert "ends with" in sergeant.get("/").text
    assert ">1 h</a> left of what the target allows" in sergeant.get("/").text

    make.abstraction(who, f"{day} 08:00", f"{day} 12:00")

    page = sergeant.get("/").text
    assert ">3 h</a> over what the target allows" in page


def test_a_sergeant_without_a_team_is_told_how_to_get_one(sign_in: SignIn, soham: Team) -> None:
    page = sign_in(make.user(Role.SERGEANT)).get("/")

    assert page.status_code == 200
    assert "No team is yours today" in page.text


def test_an_inspector_of_many_teams_sees_them_in_one_table(sign_in: SignIn, soham: Team) -> None:
    for name in ("Ely", "Littleport", "Burwell"):
        make.team(soham.sector, name.upper(), name)
    make.team(soham.sector, "OLD", "Witchford", last_day=dt.date(2024, 3, 31))

    inspector = sign_in(make.user(Role.INSPECTOR, "ECA"))
    page = inspector.get("/").text
    listed = inspector.get("/?format=csv").text.splitlines()

    assert all(name in page for name in ("Soham", "Ely", "Littleport", "Burwell"))
    assert "Witchford" not in page
    assert sorted(line.split(",")[1] for line in listed[1:]) == ["Burwell", "Ely", "Littleport", "Soham"]


def test_an_inspector_reads_the_teams_worst_first(sign_in: SignIn, soham: Team, app: Flask) -> None:
    with app.app_context():
        until, begun = edge.now(), midnight(edge.today().replace(day=1), edge.zone())
    # What is over of the month: ten hours of it, but for whoever asks on its first morning.
    since = max(until - 600 * MINUTE, begun)

    def after(share: float) -> str:
        return f"{(since + share * (until - since)).astimezone(dt.UTC):%Y-%m-%d %H:%M}"

    make.target("10.00")
    for name, taken in (("Burwell", 0.2), ("Ely", 0.8), ("Littleport", 0.5)):
        who = make.posted(make.team(soham.sector, name.upper(), name))
        make.duty(who, after(0), after(1))
        make.abstraction(who, after(0), after(taken))

    page = sign_in(make.user(Role.INSPECTOR, "ECA")).get("/").text
    table = page[page.index("so far, the worst first") : page.index("</table>")]

    assert re.findall(r"/teams/\w+\">(\w+)<", table) == ["Ely", "Littleport", "Burwell", "Soham"]


def test_a_team_that_has_closed_or_is_to_open_is_still_an_ordinary_page(sign_in: SignIn, soham: Team) -> None:
    make.team(soham.sector, "OLD", "Witchford", last_day=dt.date(2024, 3, 31))
    make.team(soham.sector, "NEW", "Northstowe", first_day=dt.date(2190, 1, 1))
    inspector = sign_in(make.user(Role.INSPECTOR, "ECA"))

    for code, name in (("OLD", "Witchford"), ("NEW", "Northstowe")):
        page = inspector.get(f"/teams/{code}")
        assert page.status_code == 200
        assert name in page.text


def test_another_team_s_page_is_not_found(sign_in: SignIn, soham: Team) -> None:
    make.team(code="ELY")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    assert sergeant.get("/teams/SOH").status_code == 200
    assert sergeant.get("/teams/ELY").status_code == 404


def test_a_constable_sees_their_own_hours_and_who_is_away_but_changes_nothing(
    sign_in: SignIn, soham: Team, hours_ago: Callable[[float], str]
) -> None:
    own = make.posted(soham, email="amina@force.example")
    colleague = make.posted(soham, collar_number="1500", surname="Reid")
    make.abstraction(colleague, hours_ago(2), None)
    make.duty(own, hours_ago(0.5), hours_ago(-0.5))

    page = sign_in(make.user(Role.PC, "SOH", email="amina@force.example")).get("/").text

    assert "PC 1500 A. Reid" in page
    assert "available duty" in page
    assert "Back now" not in page
    assert "Log abstraction" not in page
    assert "See entry" not in page


def test_a_constable_sees_the_next_duty_and_what_is_planned_and_whether_it_was_authorised(
    sign_in: SignIn, soham: Team, hours_ago: Callable[[float], str]
) -> None:
    own = make.posted(soham, email="amina@force.example")
    constable = sign_in(make.user(Role.PC, "SOH", email="amina@force.example"))
    assert "No duty of yours is rostered after now" in constable.get("/").text
    make.duty(own, hours_ago(-30), hours_ago(-38))
    make.duty(own, hours_ago(-54), hours_ago(-62))
    make.duty(make.posted(soham), hours_ago(-6), hours_ago(-14))
    entry = make.abstraction(own, hours_ago(-31), hours_ago(-35), "custody", destination="Peterborough")
    make.abstraction(make.posted(soham), hours_ago(-31), hours_ago(-35), "court")
    with transaction():
        current.merge(entry).awaiting_since = NOW

    page = constable.get("/").text
    ahead = page[page.index("Ahead of you") : page.index("Priorities (")]

    assert "Next duty: <a class" in ahead
    assert ahead.count("<li>") == 1
    assert "Custody cover" in ahead
    assert "Peterborough" in ahead
    assert "Awaiting authorisation" in ahead


def test_a_constable_who_is_no_person_on_record_is_told_why_there_are_no_hours(sign_in: SignIn, soham: Team) -> None:
    page = sign_in(make.user(Role.PC)).get("/").text

    assert "No duty of yours is recorded this month" in page
    assert "Your user account names no team" in page


def test_a_bcu_manager_is_led_to_the_month_of_the_bcu(sign_in: SignIn, soham: Team) -> None:
    manager = sign_in(make.user(Role.BCU_MANAGER, "SOU"))

    page = manager.get("/", follow_redirects=True)

    assert page.status_code == 200
    assert page.request.path.startswith("/bcu-month/SOU/")


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_everything_offered_on_a_home_can_be_opened(sign_in: SignIn, soham: Team, role: Role) -> None:
    browser = sign_in(make.user(role))

    offered = {href for href in links(browser) if not href.startswith(("/static", "#", "http"))}

    answers = {href: browser.get(href, follow_redirects=True).status_code for href in offered}
    assert {href: status for href, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if Permission.VIEW_ABSTRACTIONS in GRANTS[role]])
def test_everything_offered_on_a_team_s_page_can_be_opened(sign_in: SignIn, soham: Team, role: Role) -> None:
    finding = Finding(
        FlagKind.VACANCY, "P1", Severity.HIGH, "122", "90", Role.SERGEANT, "Post P1 is vacant", team_id=soham.id
    )
    with transaction():
        flags.reconcile("vacancies", [finding], on=TODAY, policy=policy_on(TODAY), actor=system("vacancies"), at=NOW)
    browser = sign_in(make.user(role, "SOH"))

    offered = {href for href in links(browser, "/teams/SOH") if not href.startswith(("/static", "#", "http"))}

    answers = {href: browser.get(href, follow_redirects=True).status_code for href in offered}
    assert {href: status for href, status in answers.items() if status != 200} == {}
    assert any(href.startswith("/flags/") for href in offered) == (Permission.VIEW_FLAGS in GRANTS[role])


def links(browser: FlaskClient, path: str = "/") -> list[str]:
    page = browser.get(path, follow_redirects=True).text
    return [part.split('"')[0].replace("&amp;", "&") for part in page.split(' href="')[1:]]


def test_a_home_asks_the_database_no_more_for_a_bigger_team(sign_in: SignIn, soham: Team, app: Flask) -> None:
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    before = statements(browser)
    for _ in range(5):
        make.posted(soham)

    assert statements(browser) == before


def statements(browser: FlaskClient) -> int:
    counted = []
    engine = current.get_bind().engine

    def count(*_: object) -> None:
        counted.append(1)

    event.listen(engine, "before_cursor_execute", count)
    browser.get("/")
    event.remove(engine, "before_cursor_execute", count)
    return len(counted)
