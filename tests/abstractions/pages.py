"""Soham and its people as a browser meets them, and what is typed into the forms of an entry."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from npt import edge
from npt.abstractions.models import Abstraction
from npt.abstractions.rules import AbsenceKind
from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import to_minute
from npt.people.models import Person, Team
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import SignIn, post

NEW = "/abstractions/new"
NOVEMBER = "first=2026-11-01&last=2026-11-30"
TODAY = {"starts_at_day": "2026-11-10", "starts_at_clock": "07:00"}


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH", "Soham")


@pytest.fixture
def rahman(soham: Team) -> Person:
    return make.posted(soham, collar_number="1432", surname="Rahman")


def with_a_week(who: Person) -> Person:
    """An early on Tuesday of which custody took two hours and a half, leave on Wednesday, a night on Thursday."""
    make.duty(who, "2026-11-10 07:00", "2026-11-10 16:00")
    make.abstraction(who, "2026-11-10 08:00", "2026-11-10 10:30", ref="A-1")
    make.duty(who, "2026-11-11 07:30", "2026-11-11 16:00")
    make.absence(who, "2026-11-11 00:00", "2026-11-12 00:00", AbsenceKind.COMPASSIONATE)
    make.duty(who, "2026-11-12 22:00", "2026-11-13 07:00")
    return who


@pytest.fixture
def sergeant(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, soham.code, name="Sgt Okafor"))


@pytest.fixture
def inspector(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.INSPECTOR, "ECA", name="Insp Vale"))


@pytest.fixture
def in_hours(app: Flask) -> Callable[[float], dt.datetime]:
    """The instant so many hours from now. Pages ask the real clock."""

    def moment(hours: float) -> dt.datetime:
        with app.app_context():
            return to_minute(edge.now() + dt.timedelta(hours=hours))

    return moment


def written(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def on_duty(who: Person, in_hours: Callable[[float], dt.datetime]) -> None:
    make.duty(who, written(in_hours(-3)), written(in_hours(5)))


def form(who: Person, **changed: str) -> dict[str, str]:
    typed = {
        "person_id": str(who.id),
        "reason": "custody",
        **TODAY,
        "returning": "back",
        "ends_at_day": "2026-11-10",
        "ends_at_clock": "09:30",
        "destination": "",
    }
    return {**typed, **changed}


def log(browser: FlaskClient, who: Person, **changed: str) -> TestResponse:
    return post(browser, NEW, **form(who, **{"destination": "Parkside", **changed}))


def words(page: str) -> str:
    """What a page says, without its marks: a target in it is a link."""
    return " ".join(re.sub(r"</?a\b[^>]*>", "", page).split())


def entries() -> list[Abstraction]:
    current.expire_all()
    return list(current.scalars(select(Abstraction).order_by(Abstraction.id)))


def a_month(who: Person) -> None:
    for day in range(16, 21):
        make.duty(who, f"2027-02-{day} 08:00", f"2027-02-{day} 18:00")


FEBRUARY = {
    "starts_at_day": "2027-02-16",
    "starts_at_clock": "08:00",
    "ends_at_day": "2027-02-16",
    "ends_at_clock": "13:00",
}
