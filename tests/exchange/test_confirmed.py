"""An import and the months that teams have confirmed: time is counted as changed after, a reason is refused."""

import datetime as dt

import pytest
from sqlalchemy import select

from npt.abstractions import queries
from npt.abstractions.models import MonthlyReturn
from npt.abstractions.rules import ReturnKind
from npt.core.db import session
from npt.people.models import Team
from tests import make
from tests.conftest import NOW
from tests.exchange.make import FORCE, load, refused, rows

OCTOBER = dt.date(2026, 10, 1)
CONFIRMED = (
    "October 2026 is confirmed by a team, and a reason never rewrites a confirmed month: "
    "enter days after the confirmed months, or have the month opened again first"
)


@pytest.fixture
def soham(session: object) -> int:
    """Soham, which has confirmed October."""
    load(FORCE)
    return confirmed()


def confirmed() -> int:
    team_id = session.scalars(select(Team.id).where(Team.code == "SOH")).one()
    make.keep(
        MonthlyReturn(
            team_id=team_id,
            month=OCTOBER,
            version=1,
            kind=ReturnKind.COMPLETE,
            confirmed_at=NOW,
            confirmed_by="Sgt Fisk",
            duty_minutes=1,
            abstracted_minutes=1,
            off_duty_minutes=0,
            entries=2,
        )
    )
    return team_id


def test_time_that_is_brought_or_changed_after_the_return_is_taken_and_stays_visible(soham: int) -> None:
    load(
        rows(
            "abstractions",
            "A1,1432,custody,2026-10-01T08:00,2026-10-01T11:00,Parkside,0077,",
            "A9,1432,custody,2026-11-02T08:00,2026-11-02T09:00,,,",
            "A3,1432,custody,2026-10-02T08:00,2026-10-02T09:00,,,",
        )
    )
    load(rows("duties", "D2,1432,2026-10-01T23:30,2026-10-02T07:00,cancelled"))
    load(rows("absences", "X2,1432,sickness,2026-10-30T07:00,2026-11-05T07:00"))

    found = queries.changes(soham, OCTOBER)

    assert sorted((c.event, c.subject, c.because) for c in found) == [
        ("absence.imported", "absence:X2", None),
        ("abstraction.changed", "abstraction:A1", None),
        ("abstraction.imported", "abstraction:A3", None),
        ("duty.changed", "duty:D2", None),
    ]


def test_a_reason_that_starts_in_a_confirmed_month_is_refused_with_its_line(soham: int) -> None:
    answer = refused(rows("reasons", "court,2026-10-15,,Court,court,,,", "court,2026-11-01,,Court,court,,,"))

    assert answer == [f'reasons.csv:2: first_day: {CONFIRMED} ("2026-10-15")']


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("custody,2020-01-01,2026-10-30,Custody cover,custody,all,pc; sergeant,", "last_day"),
        ("custody,2020-01-01,,Custody cover,custody,pc,pc; sergeant,", "counts_local"),
        ("custody,2026-09-20,,Custody cover,custody,,,", "first_day"),
        ("court,2020-01-01,,Court,court,all,all,", "first_day"),
    ],
)
def test_nor_is_one_that_would_classify_a_day_of_it_otherwise(soham: int, row: str, column: str) -> None:
    [answer] = refused(rows("reasons", row))

    assert answer.startswith(f"reasons.csv:2: {column}: {CONFIRMED}")


@pytest.mark.parametrize(
    "row",
    [
        "custody,2020-01-01,,Custody,custody,all,pc; sergeant,Say where",
        "custody,2020-01-01,2026-10-31,Custody cover,custody,all,pc; sergeant,",
        "custody,2026-11-01,,Custody cover,custody,,,",
        "custody,2026-09-01,2026-09-30,Custody cover,custody,,,",
        "court,2026-11-01,,Court,court,all,all,",
    ],
)
def test_words_and_days_outside_the_confirmed_months_may_change(soham: int, row: str) -> None:
    load(rows("reasons", row))


def test_the_whole_force_taken_in_again_changes_no_confirmed_month(soham: int) -> None:
    load(FORCE)

    assert queries.changes(soham, OCTOBER) == []
