"""Teams, their staff and their sergeants as the rules of supervision know them."""

import datetime as dt
from fractions import Fraction

from npt.core.periods import DAY
from npt.people.rules import (
    CoverFact,
    Grade,
    PostingFact,
    PostingKind,
    TeamFact,
)
from npt.staffing.rules.supervision import Supervision, supervision
from tests.people.make import LONG_AGO, a_post, a_posting
from tests.staffing.make import DEFAULT

TODAY = dt.date(2007, 12, 31)
YESTERDAY = TODAY - DAY

SERGEANT, OTHER_SERGEANT = 100, 101
"""Sergeants' ids, apart from those of the staff."""


def a_team(number: int, *, bcu: int = 1, first: dt.date = LONG_AGO, last: dt.date | None = None) -> TeamFact:
    return TeamFact(number, f"NPT{number:02d}", first, last, bcu)


def staff_of(team: int, people: int, grade: Grade = Grade.PC) -> list[PostingFact]:
    return [a_posting(a_post(f"{team}-{grade}-{n}", grade, team=team), team * 10_000 + n) for n in range(people)]


def a_sergeant(person: int, team: int, kind: PostingKind = PostingKind.SUBSTANTIVE, **dates: dt.date) -> PostingFact:
    return a_posting(a_post(f"SGT-{person}-{team}", Grade.SERGEANT, team=team), person, kind, **dates)  # type: ignore[arg-type]


def judge(postings: list[PostingFact], teams: list[TeamFact], covers: list[CoverFact] | None = None) -> Supervision:
    return supervision(postings, teams, covers or [], TODAY, DEFAULT)


def spans_of(judged: Supervision) -> dict[int, Fraction]:
    return {span.person_id: span.span for span in judged.spans}


def a_bcu(bcu: int, sergeants: int, staff: int) -> tuple[list[TeamFact], list[PostingFact]]:
    """A BCU of one team to each sergeant, its staff shared out as evenly as they go."""
    teams = [a_team(bcu * 100 + n, bcu=bcu) for n in range(sergeants)]
    postings = [a_sergeant(bcu * 100 + n, team.id) for n, team in enumerate(teams)]
    for n, team in enumerate(teams):
        postings += staff_of(team.id, staff // sergeants + (n < staff % sergeants))
    return teams, postings
