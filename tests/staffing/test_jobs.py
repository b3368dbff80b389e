"""The check of vacancies, from the tables to the flags, on either database."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from npt.core.authority import EVERYTHING, Role, system
from npt.core.db import transaction
from npt.flags import queries as flags
from npt.flags.rules import FlagKind
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.staffing.jobs import vacancies
from tests import make
from tests.conftest import TODAY


@pytest.fixture(autouse=True)
def _at_work(app: Flask, session: scoped_session[Session]) -> object:
    with transaction():
        start_policy()
    with app.app_context():
        yield


def check(on: dt.date = TODAY) -> str:
    with transaction():
        return vacancies(on, system("vacancies"))


def test_vacant_and_soon_vacant_posts_are_flagged_with_age_band_line_and_owner() -> None:
    with_sergeant, without = make.team(), make.team()
    make.posted(with_sergeant, Grade.SERGEANT)
    make.post(with_sergeant, ref="A-PC", first_day=TODAY - dt.timedelta(days=122))
    make.post(without, Grade.SERGEANT, ref="B-SGT", first_day=TODAY)
    make.posting(make.person(), make.post(without, ref="C-PC"), last_day=TODAY + dt.timedelta(days=5))

    check()

    assert [
        (f.kind, f.subject, f.severity.value, f.figure, f.threshold, f.owner_role) for f in flags.flags_for(EVERYTHING)
    ] == [
        (FlagKind.FORECAST_VACANCY, "C-PC", "low", "5", "90", Role.INSPECTOR),
        (FlagKind.VACANCY, "A-PC", "high", "122", "90", Role.SERGEANT),
        (FlagKind.VACANCY, "B-SGT", "medium", "0", "0", Role.INSPECTOR),
    ]


def test_a_vacancy_ages_under_one_flag_and_closes_when_somebody_comes() -> None:
    team = make.team()
    post = make.post(team, ref="A-PC", first_day=TODAY - dt.timedelta(days=27))
    check(TODAY)
    check(TODAY + dt.timedelta(days=1))
    [aged] = flags.flags_for(EVERYTHING)
    make.posting(make.person(), post, TODAY + dt.timedelta(days=2))

    outcome = check(TODAY + dt.timedelta(days=2))

    assert (aged.figure, aged.severity.value, aged.opened_on) == ("28", "medium", TODAY)
    assert aged.detail.endswith("vacant 28 days, since 16 October 2026 (open)")
    assert flags.flags_for(EVERYTHING) == []
    assert "1 closed" in outcome
