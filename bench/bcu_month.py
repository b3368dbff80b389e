"""The BCU month by one statement of SQL, written by hand, and the page held to it figure by figure."""

import datetime as dt
from fractions import Fraction
from typing import Any, NamedTuple

from bench.diary import ZONE
from npt.abstractions import queries as abstractions
from npt.abstractions.queries import Question
from npt.core import db
from npt.core.authority import EVERYTHING
from npt.core.periods import DAY, add_months, local_day, midnight, month_of
from npt.people import queries as people
from npt.policy.queries import policy_on, reason_book
from npt.reports.queries import bcu_month
from npt.settings import ROOT

STATEMENT = (ROOT / "bench" / "bcu_month.sql").read_text()
RATES = (
    STATEMENT.partition(",\n-- What each posting of these teams fills")[0]
    + "\nSELECT worked.month, worked.code, worked.length, taken.length FROM worked LEFT JOIN taken USING (month, code)"
)
"""The same without staffing, supervision, flags and priorities."""


class Line(NamedTuple):
    """A team as the table of the BCU month has it, and its minutes of the month before."""

    code: str
    establishment: int
    strength: int
    vacancies: int
    oldest_days: int | None
    span: float | None
    no_supervisor: bool
    duty: int
    away: int
    duty_before: int
    away_before: int
    flags: int
    priorities: int


def sent(code: str, now: dt.datetime) -> dict[str, Any]:
    """What the statement is asked with: a BCU's running month and the one before."""
    today = local_day(now, ZONE)
    month = month_of(today, ZONE)
    return {
        "bcu": people.bcu(code, EVERYTHING).id,
        "before": midnight(add_months(month.first_day, -1), ZONE),
        "month": month.whole.starts_at,
        "closes": month.as_at(now),
        "shown": today,
        "shown_ends": midnight(today + DAY, ZONE),
    }


def asked(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement, without SQLAlchemy between."""
    cursor = db.session.connection().connection.cursor()
    cursor.execute(statement, parameters)
    return list(cursor.fetchall())


def lines(code: str, now: dt.datetime) -> list[Line]:
    """The lines of a BCU's running month by the statement, teams that show nothing left out."""
    found = [Line._make(row) for row in asked(STATEMENT, sent(code, now))]
    return [line for line in found if line.establishment or line.duty or line.duty_before]


def check(code: str, now: dt.datetime) -> list[Line]:
    """Hold the statement and the page to each other: every figure of every line, minutes to the minute.

    :raises AssertionError: when they differ
    """
    today = local_day(now, ZONE)
    month = month_of(today, ZONE)
    question = Question(month, now, policy_on(month.last_day), reason_book())
    shown = bcu_month(code, question, today, EVERYTHING)
    earlier = month_of(add_months(month.first_day, -1), ZONE)
    only = [team.id for team in people.teams(EVERYTHING) if team.bcu_code == code]
    asked_before = Question(earlier, now, policy_on(earlier.last_day), reason_book())
    counted = abstractions.count(asked_before, EVERYTHING, only)
    before = {counted.teams[id].code: figures for id, figures in counted.by_team().items()}
    of_the_page = []
    for line in shown.lines:
        figures, past = line.assessment.figures, before.get(line.unit.code)
        of_the_page.append(
            Line(
                line.unit.code,
                line.establishment,
                line.strength,
                line.vacancies,
                line.oldest_days,
                _as_sent(line.span),
                line.no_supervisor,
                figures.duty_minutes,
                figures.abstracted_minutes,
                past.duty_minutes if past else 0,
                past.abstracted_minutes if past else 0,
                line.open_flags,
                line.open_priorities,
            )
        )
    found = lines(code, now)
    assert [line._replace(span=_rounded(line.span)) for line in found] == sorted(of_the_page)
    return found


def _as_sent(span: Fraction | None) -> float | None:
    return _rounded(None if span is None else float(span))


def _rounded(span: float | None) -> float | None:
    return None if span is None else round(span, 6)
