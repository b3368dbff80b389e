"""The invented force of the speed figures: repeatable, as the database wants it, and counted alike in two ways."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from bench.bcu_month import check, lines
from bench.diary import Time
from bench.force import Size, force
from bench.generate import application, fill, period
from bench.tables import Rows, bcu_code
from npt.audit.queries import verdict
from npt.core import db
from npt.core.periods import add_months
from tests.conftest import NOW, TODAY, Backend

SMALL = Size("small", people=80, bcus=2)
KEPT = Time(add_months(TODAY.replace(day=1), -1), TODAY, NOW)

LEAVES = text(
    """UPDATE postings SET last_day = :day WHERE id = (
        SELECT postings.id FROM postings
        JOIN posts ON posts.id = postings.post_id JOIN teams ON teams.id = posts.team_id
        WHERE teams.code = :code AND posts.grade = 'sergeant' AND postings.last_day IS NULL LIMIT 1
    )"""
)
"""A sergeant of a team has their last day."""

on_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
"""The speed figures are those of what a force runs."""


@pytest.fixture(scope="module")
def generated(backend: Backend) -> Iterator[Flask]:
    url = backend.fresh_copy()
    made = application(url)
    fill(made, SMALL, KEPT, seed=1)
    with made.app_context():
        yield made
    db.session.remove()
    db.engine().dispose()
    backend.drop(url)


def rows(seed: int, time: Time = KEPT) -> dict[str, list[tuple[object, ...]]]:
    made = Rows(force(SMALL, seed, TODAY), time, seed, "hash")
    return {table.name: [tuple(row) for row in table.rows] for table in made.tables()}


def test_the_same_seed_makes_the_same_force_and_another_seed_another() -> None:
    assert rows(1) == rows(1)
    assert rows(1)["abstractions"] != rows(2)["abstractions"]


def test_a_force_with_a_longer_past_holds_the_same_last_month() -> None:
    longer = rows(1, period(1, NOW))
    since = KEPT.first_day

    def of_the_month(made: dict[str, list[tuple[object, ...]]]) -> set[tuple[object, ...]]:
        return {row[2:] for row in made["duties"] if isinstance(row[5], dt.date) and since <= row[5] <= TODAY}

    assert of_the_month(longer) == of_the_month(rows(1))


@on_postgresql
def test_one_statement_has_the_figures_that_the_page_shows(generated: Flask) -> None:
    found = [line for number in (1, 2) for line in check(bcu_code(number), NOW)]

    assert all(any(getattr(line, name) for line in found) for name in ("strength", "span", "priorities"))
    assert all(any(getattr(line, name) for line in found) for name in ("away", "away_before"))


@on_postgresql
def test_one_statement_follows_a_reason_that_stops_counting(generated: Flask) -> None:
    before = lines(bcu_code(1), NOW)
    with db.transaction():
        db.session.execute(
            text("UPDATE reasons SET last_day = :day WHERE code = 'custody'"), {"day": TODAY.replace(day=1)}
        )

    assert sum(line.away for line in check(bcu_code(1), NOW)) < sum(line.away for line in before)


@on_postgresql
def test_one_statement_follows_a_sergeant_who_leaves(generated: Flask) -> None:
    before = {line.code: line for line in lines(bcu_code(1), NOW)}
    code = next(code for code, line in before.items() if line.strength > 2 and not line.no_supervisor)
    with db.transaction():
        db.session.execute(LEAVES, {"day": TODAY, "code": code})
    after = {line.code: line for line in check(bcu_code(1), NOW + dt.timedelta(days=3))}

    assert after[code].vacancies == before[code].vacancies + 1
    assert after[code].oldest_days is not None


@on_postgresql
def test_the_record_of_the_invented_force_holds(generated: Flask) -> None:
    found = verdict()

    assert found.fault is None
    assert found.entries > 100
