"""The check of abstraction, from duties to flags, on either database."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from npt.abstractions.jobs import abstractions
from npt.core.authority import EVERYTHING, Role, system
from npt.core.db import transaction
from npt.flags import queries as flags
from npt.flags.queries import FlagRow
from npt.flags.rules import FlagKind
from npt.people.models import Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import TODAY

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_work(app: Flask, session: scoped_session[Session]) -> object:
    with transaction():
        start_policy()
    with app.app_context():
        yield


def check(on: dt.date = TODAY) -> list[FlagRow]:
    with transaction():
        abstractions(on, system("abstractions"))
    return flags.open_for(EVERYTHING)


def kinds(found: list[FlagRow]) -> list[tuple[str, str]]:
    return [(flag.kind.value, flag.subject) for flag in found]


def a_day_away(team: Team, on: dt.date, away_hours: int = 1) -> str:
    """A PC of the team on duty from 9 to 5, and away from 9. Returns the collar number."""
    who = make.posted(team)
    make.duty(who, f"{on} 09:00", f"{on} 17:00")
    make.abstraction(who, f"{on} 09:00", f"{on} {9 + away_hours:02d}:00")
    return who.collar_number


def test_a_team_over_target_in_the_days_before_is_flagged_against_it_and_owned_by_its_sergeant() -> None:
    make.target("8")
    team = make.team(code="SOH")
    make.posted(team, Grade.SERGEANT)
    a_day_away(team, TODAY - DAY)

    found = check()

    over = next(flag for flag in found if flag.kind is FlagKind.OVER_ABSTRACTION)
    assert (over.subject, over.figure, over.threshold, over.severity.value) == ("SOH", "12.50", "8.00", "high")
    assert over.owner_role is Role.SERGEANT
    assert over.detail == "Over abstraction: 12.50 % against 8.00 %, 28 days to 11 November 2026"


@pytest.mark.parametrize(("days_ago", "over"), [(0, False), (1, True), (28, True), (29, False)])
def test_the_rolling_days_are_the_28_that_end_with_the_day_before(days_ago: int, over: bool) -> None:
    make.target("8")
    a_day_away(make.team(code="SOH"), TODAY - days_ago * DAY)

    found = check()

    assert (("over_abstraction", "SOH") in kinds(found)) is over


def test_a_team_exactly_on_its_target_is_not_over_it() -> None:
    make.target("12.5")
    a_day_away(make.team(), TODAY - DAY)

    assert kinds(check()) == []


def test_a_month_heading_over_target_is_flagged_from_what_is_planned() -> None:
    make.target("8")
    a_day_away(make.team(code="SOH"), TODAY + 10 * DAY)

    [heading] = check()

    assert (heading.kind.value, heading.figure, heading.owner_role) == (
        "projected_over_abstraction",
        "12.50",
        Role.INSPECTOR,
    )
    assert heading.detail == "November 2026 is heading over target: 12.50 % against 8.00 %"


def test_a_target_that_starts_on_the_day_judges_nothing_before_it() -> None:
    make.target("8", first_day=TODAY)
    a_day_away(make.team(code="SOH"), TODAY - DAY)

    assert kinds(check()) == [("no_target", "SOH"), ("projected_over_abstraction", "SOH")]
    assert kinds(check(TODAY + DAY)) == [("over_abstraction", "SOH"), ("projected_over_abstraction", "SOH")]


def test_every_live_team_that_no_target_judges_is_flagged_with_its_rate_where_it_has_one() -> None:
    worked, idle = make.team(code="A"), make.team(code="B")
    make.team(code="C", last_day=TODAY - DAY)
    a_day_away(worked, TODAY - DAY)

    found = check()

    assert [(f.kind.value, f.subject, f.figure, f.threshold, f.severity.value) for f in found] == [
        ("no_target", "A", "12.50", None, "low"),
        ("no_target", idle.code, None, None, "low"),
    ]


def test_a_person_over_the_individual_limit_is_flagged_only_where_the_force_has_set_one() -> None:
    make.target("100")
    team = make.team()
    collar_number = a_day_away(team, TODAY - DAY, away_hours=2)
    without_limit = check()
    make.policy_value("person_limit_percent", "20")

    [flag] = check()

    assert without_limit == []
    assert (flag.kind.value, flag.subject, flag.figure, flag.threshold) == (
        "person_over_abstraction",
        collar_number,
        "25.00",
        "20.00",
    )
    assert flag.team_id == team.id


def test_a_run_for_a_past_day_counts_an_entry_still_open_only_to_that_days_first_moment() -> None:
    make.target("50")
    team = make.team(code="SOH")
    who = make.posted(team)
    make.duty(who, f"{TODAY - DAY} 16:00", f"{TODAY} 08:00")
    make.abstraction(who, f"{TODAY - DAY} 20:00", None)

    found = check()

    assert kinds(found) == [("projected_over_abstraction", "SOH")]
    [heading] = found
    assert heading.figure == "75.00"
