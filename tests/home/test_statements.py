"""How often the pages that are opened most ask the database: as often for many teams, people and years as for few."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from npt import edge
from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import DAY
from npt.people.models import Person, Sector, Team
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import SignIn
from tests.staffing.test_views_units import statements


@pytest.fixture
def east(session: object) -> Sector:
    with transaction():
        start_policy()
    return make.sector(make.bcu("SOU"), "ECA")


@pytest.fixture
def busy_team(app: Flask, east: Sector) -> Callable[[str], None]:
    """Makes a team of the sector with a sergeant, somebody away, and duties and leave of this year and those before."""
    with app.app_context():
        now, today = edge.now(), edge.today()

    def written(at: dt.datetime) -> str:
        return f"{at:%Y-%m-%d %H:%M}"

    def made(code: str) -> None:
        team = make.team(east, code)
        make.posted(team, Grade.SERGEANT, email=f"{code.lower()}@force.example")
        who, other = make.posted(team), make.posted(team, Grade.PCSO)
        make.post(team)
        make.posting(who, make.post(team), today - 400 * DAY, today - 300 * DAY, PostingKind.ATTACHMENT)
        for years in range(3):
            at = now - years * 365 * DAY - dt.timedelta(hours=2)
            make.duty(who, written(at), written(at + dt.timedelta(hours=8)))
            make.duty(other, written(at), written(at + dt.timedelta(hours=8)))
            make.absence(other, written(at - 3 * DAY), written(at - 2 * DAY))
            make.abstraction(who, written(at), None if years == 0 else written(at + dt.timedelta(hours=1)))

    return made


OfTwoTeams = Callable[[Role, str], FlaskClient]


@pytest.fixture
def of_two_teams(sign_in: SignIn, busy_team: Callable[[str], None]) -> OfTwoTeams:
    """Somebody signed in above two busy teams; a sergeant is the sergeant of the first."""

    def signed_in(role: Role, code: str) -> FlaskClient:
        busy_team("T1")
        busy_team("T2")
        email = "t1@force.example" if role is Role.SERGEANT else "okafor@force.example"
        return sign_in(make.user(role, code, email=email))

    return signed_in


@pytest.mark.parametrize(
    ("role", "code", "address", "most"),
    [
        (Role.SERGEANT, "T1", "/", 12),
        (Role.INSPECTOR, "ECA", "/", 12),
        (Role.SERGEANT, "T1", "/abstractions/week", 9),
        (Role.SERGEANT, "T1", "/abstractions/new?person={person}", 12),
        (Role.INSPECTOR, "ECA", "/abstractions/away", 12),
        (Role.BCU_MANAGER, "SOU", "/abstractions/away", 12),
        (Role.BCU_MANAGER, "SOU", "/abstractions/quality", 12),
        (Role.BCU_MANAGER, "SOU", "/bcu-month/SOU/{month}", 12),
    ],
)
def test_a_page_asks_as_often_for_many_teams_people_and_years_as_for_few(
    app: Flask,
    of_two_teams: OfTwoTeams,
    busy_team: Callable[[str], None],
    role: Role,
    code: str,
    address: str,
    most: int,
) -> None:
    browser = of_two_teams(role, code)
    with app.app_context():
        constable = current.scalars(select(Person.id).where(Person.grade == Grade.PC).order_by(Person.id)).first()
        page = address.format(month=f"{edge.today():%Y-%m}", person=constable)
    few = asked(browser, page)

    for team in ("T3", "T4", "T5"):
        busy_team(team)

    assert asked(browser, page) == few
    assert few <= most


@pytest.mark.parametrize(
    ("role", "code", "address"),
    [(Role.SERGEANT, "T1", "/"), (Role.INSPECTOR, "ECA", "/"), (Role.BCU_MANAGER, "SOU", "/bcu-month/SOU/{month}")],
)
def test_who_leads_elsewhere_who_covers_from_elsewhere_and_who_left_cost_one_statement(
    app: Flask, of_two_teams: OfTwoTeams, role: Role, code: str, address: str
) -> None:
    browser = of_two_teams(role, code)
    with app.app_context():
        today, month = edge.today(), f"{edge.today():%Y-%m}"
        first = edge.today().replace(day=1)
        here = current.scalars(select(Team).where(Team.code == "T1")).one()
        sergeant = current.scalars(select(Person).where(Person.email == "t1@force.example")).one()
    few = asked(browser, address.format(month=month))

    away = make.team(make.sector(make.bcu("NOR"), "NCA"), "N1")
    make.cover(sergeant, away, today - 9 * DAY)
    other = make.team(make.sector(make.bcu("CEN"), "CCA"), "C1")
    stranger = make.posted(other, Grade.SERGEANT)
    make.posted(other)
    make.cover(stranger, here, today - 9 * DAY)
    left = make.person()
    make.posting(left, make.post(here), first - 90 * DAY, first - DAY)
    make.posting(left, make.post(away), first)
    make.duty(left, f"{first - DAY} 22:00", f"{first} 07:00")

    assert asked(browser, address.format(month=month)) <= min(few + 1, 12)


def asked(browser: FlaskClient, page: str) -> int:
    browser.get(page)
    with statements() as sent:
        answer = browser.get(page)
    assert answer.status_code == 200
    return len(sent)
