"""The returns of a BCU's month: they stand as of today, and say from which day they are late."""

import datetime as dt
import re

import html5lib
from flask import Flask
from flask.testing import FlaskClient

from npt import edge
from npt.abstractions.models import MonthlyReturn
from npt.abstractions.rules import ReturnKind
from npt.core.periods import DAY
from npt.web.filters import day
from tests import make
from tests.reports.force import SmallForce
from tests.reports.pages import OCTOBER, words


def confirmed(force: SmallForce, reopened_at: dt.datetime) -> None:
    make.keep(
        MonthlyReturn(
            team_id=force.ely.id,
            month=dt.date(2025, 10, 1),
            version=1,
            kind=ReturnKind.COMPLETE,
            confirmed_at=dt.datetime(2025, 11, 3, 9, tzinfo=dt.UTC),
            confirmed_by="Sergeant 1003 A. Okafor",
            duty_minutes=0,
            abstracted_minutes=0,
            off_duty_minutes=0,
            entries=0,
            reopened_at=reopened_at,
            reopened_by="A manager",
            reopen_reason="A duty was missing",
        )
    )


def returned(page: str, team: str) -> str:
    """How the return of a team stands, in words."""
    row = next(row for row in re.findall(r"<tr>(.*?)</tr>", page.split('id="returns"')[1], re.DOTALL) if team in row)
    cell = re.search(r'data-label="Return">(.*?)</td>', row, re.DOTALL)
    assert cell
    return words(cell[1])


def test_a_month_that_is_over_says_that_its_returns_stand_as_of_today(app: Flask, manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text

    with app.app_context():
        now = day(edge.today())
    assert f"flags as at 31 October 2025. Returns as at today, {now}." in page
    assert f"Returns for October 2025, as they stand today, {now}" in page


def test_a_return_in_time_and_opened_again_says_from_which_day_it_is_late(
    app: Flask, force: SmallForce, manager: FlaskClient
) -> None:
    with app.app_context():
        since = edge.today() - 3 * DAY
        confirmed(force, edge.now() - 3 * DAY)
        written = day(since)

    page = manager.get(OCTOBER).text

    html5lib.HTMLParser(strict=True).parse(page)
    assert returned(page, "Ely") == (
        f"Reopened, 3 days late : Ely Counted from {written}, when it was opened again; first due by 5 November 2025"
    )


def test_a_return_opened_again_before_it_was_due_is_late_from_the_day_it_was_due(
    force: SmallForce, manager: FlaskClient
) -> None:
    confirmed(force, dt.datetime(2025, 11, 4, 9, tzinfo=dt.UTC))

    assert "Counted from" not in returned(manager.get(OCTOBER).text, "Ely")
