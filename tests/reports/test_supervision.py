"""Who supervises whom, counted by hand, comes out to the letter of FORMATS, on either database."""

import datetime as dt
from decimal import Decimal
from typing import cast

import pytest

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session, transaction
from npt.people.models import Person, Post, Posting, Team
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.reports import queries
from npt.reports.rules import supervision_json
from npt.reports.rules.units import Json
from tests import make
from tests.reports.force import OCTOBER, SmallForce
from tests.staffing.make import a_policy

pytestmark = pytest.mark.usefixtures("session")


def test_the_published_ratios_of_december_2007_come_out_of_the_database() -> None:
    with transaction():
        start_policy()
    sector_of = {code: make.sector(make.bcu(code)) for code in ("C", "N", "S")}
    for code, sergeants, staff in (("C", 11, 89), ("N", 8, 95), ("S", 12, 116)):
        _staffed([make.team(sector_of[code], f"{code}{number:02d}") for number in range(sergeants)], staff)
    day = dt.date(2007, 12, 31)

    report = supervision_json(queries.supervision_report(day, policy_on(day), EVERYTHING))

    assert report["bcus"] == [
        {"code": "C", "sergeants": 11, "staff": 89, "ratio": "8.09"},
        {"code": "N", "sergeants": 8, "staff": 95, "ratio": "11.88"},
        {"code": "S", "sergeants": 12, "staff": 116, "ratio": "9.67"},
    ]
    assert report["force"] == {"sergeants": 31, "staff": 300, "ratio": "9.68"}


def test_a_bcu_without_a_live_team_is_listed_with_nobody_and_no_ratio(force: SmallForce) -> None:
    ended = make.team(make.sector(make.bcu("S")), "S1", "Sawston")
    make.bcu("W")
    with transaction():
        ended.last_day = OCTOBER.first_day

    bcus = cast(
        list[Json], supervision_json(queries.supervision_report(OCTOBER.last_day, a_policy(), EVERYTHING))["bcus"]
    )

    assert [row["code"] for row in bcus] == ["N", "S", "W"]
    assert bcus[1:] == [{"code": code, "sergeants": 0, "staff": 0, "ratio": None} for code in ("S", "W")]


def _staffed(teams: list[Team], staff: int) -> None:
    """A sergeant in each team, and so many constables shared out."""
    long_ago = dt.date(2005, 1, 1)
    seats = [(team, Grade.SERGEANT) for team in teams]
    seats += [(teams[number % len(teams)], Grade.PC) for number in range(staff)]
    with transaction():
        for team in teams:
            team.first_day = long_ago
        for number, (team, grade) in enumerate(seats):
            name = f"{team.code}-{number}"
            session.add(
                Posting(
                    person=Person(collar_number=name, forename="A", surname="B", grade=grade),
                    post=Post(ref=name, grade=grade, team_id=team.id, fte=Decimal(1), first_day=long_ago),
                    first_day=long_ago,
                    kind=PostingKind.SUBSTANTIVE,
                )
            )


def test_a_bcu_manager_sees_their_teams_and_sergeants_and_the_forces_ratio(force: SmallForce) -> None:
    other = make.team(make.sector(make.bcu("S")), "S1", "Sawston")
    make.posted(other, Grade.SERGEANT)
    own = Scope(bcu_ids=frozenset({force.bcu.id}), team_ids=frozenset({force.ely.id, force.soham.id}))

    report = queries.supervision_report(OCTOBER.last_day, a_policy(), own)

    assert [row.team.code for row in report.teams] == ["N1", "N2"]
    assert [row.sergeant.code for row in report.sergeants] == ["1003"]
    assert [row.code for row in report.bcus] == ["N"]
    assert report.force is not None
    assert report.force.sergeants == 2
