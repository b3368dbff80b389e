"""A BCU's month is the same whether or not everybody is read who ever was in the BCU."""

import datetime as dt
import random

import pytest

from npt.core.authority import EVERYTHING
from npt.core.db import forget_what_was_read, transaction
from npt.core.periods import DAY, month_of
from npt.people import queries as people
from npt.people.models import Person, Post
from npt.people.queries import Roll
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from npt.reports import queries
from npt.reports.queries import BcuMonth
from tests import make
from tests.reports.force import LONDON, SmallForce, october

START, DAYS, PEOPLE = dt.date(2025, 1, 1), 304, 20
GRADES = (Grade.PC, Grade.PC, Grade.PCSO, Grade.SERGEANT)


@pytest.fixture
def moving(session: object) -> None:
    """A BCU of two teams beside another one. Its people move often, act up and leave; posts stand empty for a while;
    duties pass midnight, and time away lasts for weeks.
    """
    with transaction():
        start_policy()
    north, south = make.bcu("N"), make.bcu("S")
    here, elsewhere = make.sector(north), make.sector(south)
    teams = [make.team(here, "N1"), make.team(here, "N2"), *(make.team(elsewhere) for _ in range(4))]
    chance = random.Random(20250101)
    posts = {grade: [make.post(team, grade) for team in teams] for grade in set(GRADES)}
    free = {post.id: START for of in posts.values() for post in of}
    acting, acted_until = make.post(teams[0], Grade.SERGEANT), START + 60 * DAY
    for number in range(PEOPLE):
        who = make.person(leaving_on=START + 230 * DAY if number % 5 == 0 else None)
        _moves(who, posts[GRADES[number % len(GRADES)]], free, chance)
        if number % 4 == 1:
            make.posting(who, acting, acted_until, acted_until + 40 * DAY, PostingKind.ACTING)
            acted_until += 50 * DAY
        _hours(who, chance)
    make.cover(make.posted(teams[2], Grade.SERGEANT), teams[0], START + 160 * DAY, START + 250 * DAY)


def _moves(who: Person, posts: list[Post], free: dict[int, dt.date], chance: random.Random) -> None:
    day = START
    while day < START + DAYS * DAY:
        post = min(chance.sample(posts, 3), key=lambda post: free[post.id])
        first = max(day, free[post.id]) + chance.choice((0, 0, 0, 25)) * DAY
        last = first + chance.randint(5, 90) * DAY
        make.posting(who, post, first, last)
        free[post.id] = day = last + DAY


def _hours(who: Person, chance: random.Random) -> None:
    away_until = START
    for number in range(90, DAYS, 3):
        day = START + (number + chance.randrange(3)) * DAY
        make.duty(who, f"{day} 22:00", f"{day + DAY} 06:00")
        if day > away_until and chance.random() < 0.15:
            away_until = day + chance.choice((0, 1, 8, 40)) * DAY
            make.abstraction(who, f"{day} 23:00", f"{away_until + DAY} 03:00")


@pytest.mark.usefixtures("moving")
def test_the_month_is_the_same_without_those_who_left_before_the_month_before(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[set[int], set[int]]] = []
    for month in range(5, 12):
        for today in (dt.date(2025, month, 1), dt.date(2025, month, 17), dt.date(2025, 12, 3), dt.date(2025, 6, 5)):
            whole, everybody = _read(month, today, monkeypatch, since=False)
            limited, some = _read(month, today, monkeypatch, since=True)

            assert limited == whole
            assert some <= everybody
            seen.append((some, everybody))
    assert limited.report.vacancies
    assert sum(some < everybody for some, everybody in seen) > len(seen) / 3


def _read(month: int, today: dt.date, monkeypatch: pytest.MonkeyPatch, *, since: bool) -> tuple[BcuMonth, set[int]]:
    """The month, and whom the roll of the BCU held."""
    roll, held = people.roll, set[int]()

    def kept(**of: object) -> Roll:
        found = roll(**of if since else {**of, "since": None})  # type: ignore[arg-type]
        if "team_ids" in of:
            held.update(found.by_person)
        return found

    forget_what_was_read()
    window = month_of(dt.date(2025, month, 1), LONDON)
    at = dt.datetime.combine(today, dt.time(12, 12), dt.UTC)
    with monkeypatch.context() as patched:
        patched.setattr(people, "roll", kept)
        return queries.bcu_month("N", october(at, window=window), today, EVERYTHING), held


def test_somebody_who_left_years_ago_is_not_read_for_the_month(
    force: SmallForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, gone, after = make.post(force.ely), make.person(), make.person()
    make.posting(gone, post, last_day=dt.date(2022, 1, 31))
    make.posting(after, post, dt.date(2022, 3, 1))

    _, held = _read(10, dt.date(2025, 10, 17), monkeypatch, since=True)

    assert after.id in held
    assert gone.id not in held


def test_somebody_who_left_and_is_not_read_still_has_the_minutes_of_what_began_while_they_were_here(
    force: SmallForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, away, after = make.post(force.ely), make.person(), make.person()
    make.posting(away, post, last_day=dt.date(2025, 7, 31))
    make.posting(away, make.post(make.team()), dt.date(2025, 8, 1))
    make.posting(after, post, dt.date(2025, 8, 1))
    without, _ = _read(10, dt.date(2025, 11, 12), monkeypatch, since=True)
    make.abstraction(away, "2025-07-30 10:00", "2025-10-02 10:00")

    whole, _ = _read(10, dt.date(2025, 11, 12), monkeypatch, since=False)
    limited, held = _read(10, dt.date(2025, 11, 12), monkeypatch, since=True)

    assert away.id not in held
    assert limited == whole
    assert limited != without
