"""The checks of vacancies and of supervision, from the tables to the flags, on either database."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from npt.core.authority import EVERYTHING, Role, system
from npt.core.db import session, transaction
from npt.flags import queries as flags
from npt.flags.rules import FlagKind
from npt.people.models import Cover, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.staffing.jobs import supervision, vacancies
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
        (f.kind, f.subject, f.severity.value, f.figure, f.threshold, f.owner_role) for f in flags.open_for(EVERYTHING)
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
    [aged] = flags.open_for(EVERYTHING)
    make.posting(make.person(), post, TODAY + dt.timedelta(days=2))

    outcome = check(TODAY + dt.timedelta(days=2))

    assert (aged.figure, aged.severity.value, aged.opened_on) == ("28", "medium", TODAY)
    assert aged.detail.endswith("vacant 28 days, since 16 October 2026 (open)")
    assert flags.open_for(EVERYTHING) == []
    assert "1 closed" in outcome


def check_supervision(on: dt.date = TODAY) -> str:
    with transaction():
        return supervision(on, system("supervision"))


def a_sergeant_of_twelve_who_covers_a_second_team() -> tuple[Team, Team]:
    own, covered = make.team(code="OWN"), make.team(code="SEC")
    sergeant = make.posted(own, Grade.SERGEANT, collar_number="21201")
    for _ in range(11):
        make.posted(own)
    make.posted(covered, Grade.PCSO)
    make.post(covered, Grade.SERGEANT, ref="SEC-SGT-1", first_day=TODAY - dt.timedelta(days=30))
    make.cover(sergeant, covered, TODAY - dt.timedelta(days=20))
    return own, covered


def test_two_teams_a_wide_span_and_a_team_with_nobody_are_flagged_against_their_lines() -> None:
    own, _ = a_sergeant_of_twelve_who_covers_a_second_team()
    alone = make.team(code="ALO")
    make.posted(alone)
    make.posted(alone, Grade.PCSO)

    check_supervision()

    found = flags.open_for(EVERYTHING)
    assert [(f.kind, f.subject, f.severity.value, f.figure, f.threshold, f.owner_role, f.team_code) for f in found] == [
        (FlagKind.SERGEANT_OVER_TWO_TEAMS, "21201", "high", "2", "2", Role.SERGEANT, own.code),
        (FlagKind.SPAN_OVER_LINE, "21201", "medium", "12.00", "10.00", Role.SERGEANT, own.code),
        (FlagKind.TEAM_WITHOUT_SUPERVISOR, "ALO", "critical", "0", "1", Role.INSPECTOR, "ALO"),
    ]
    assert [f.detail for f in found] == [
        "Sergeant 21201 supervises 2 teams: OWN and SEC; covers SEC since 23 October 2026 (20 days) because "
        "post SEC-SGT-1 is vacant",
        "Sergeant 21201 has a span of 12.00 against a line of 10.00 (OWN and SEC)",
        "2 PCs and PCSOs and no supervisor",
    ]


def test_the_check_of_supervision_run_twice_changes_nothing_and_closes_what_has_ended() -> None:
    _, covered = a_sergeant_of_twelve_who_covers_a_second_team()
    check_supervision()
    before = flags.open_for(EVERYTHING)

    again = check_supervision()
    unchanged = flags.open_for(EVERYTHING)
    make.posting(make.person(), make.post(covered, Grade.SERGEANT, first_day=TODAY), TODAY)
    with transaction():
        for cover in session.scalars(select(Cover)):
            cover.last_day = TODAY
    check_supervision(TODAY + dt.timedelta(days=1))

    assert "0 opened, 0 escalated, 0 updated, 0 closed" in again
    assert unchanged == before
    assert [f.kind for f in flags.open_for(EVERYTHING)] == [FlagKind.SPAN_OVER_LINE]


def test_a_team_with_neither_staff_nor_supervisor_and_a_span_on_the_line_are_not_flagged() -> None:
    make.team(code="EMP")
    full = make.team(code="FUL")
    make.posted(full, Grade.SERGEANT)
    for _ in range(10):
        make.posted(full)

    check_supervision()

    assert flags.open_for(EVERYTHING) == []
