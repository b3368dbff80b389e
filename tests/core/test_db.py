"""The transaction, and what the database itself refuses, on both databases."""

import datetime as dt

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from npt.abstractions.models import Abstraction
from npt.core import db
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people.models import Bcu, WardMembership
from tests import make

pytestmark = pytest.mark.usefixtures("session")


def test_a_write_outside_a_transaction_is_refused() -> None:
    current.add(Bcu(code="N", name="Northern"))

    with pytest.raises(RuntimeError, match="outside transaction"):
        current.flush()


def test_a_transaction_inside_another_is_refused() -> None:
    with transaction(), pytest.raises(RuntimeError, match="open already"), transaction():
        pass


def test_nothing_is_kept_when_something_goes_wrong() -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        current.add(Bcu(code="N", name="Northern"))
        current.flush()
        _ = 1 / 0

    assert current.scalars(select(Bcu)).all() == []


def test_a_naive_instant_is_refused() -> None:
    officer = make.person()

    with pytest.raises(Exception, match="naive"), transaction():
        current.add(Abstraction(ref="A", person_id=officer.id, reason="custody", starts_at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-11-12 08:00", "2026-11-12 10:00"),
        ("2026-11-12 11:00", "2026-11-12 13:00"),
        ("2026-11-12 09:30", "2026-11-12 09:31"),
        ("2026-11-12 08:00", None),
        ("2026-11-12 08:00", "2026-11-12 14:00"),
    ],
)
def test_nobody_is_in_two_places_at_once(starts: str, ends: str | None) -> None:
    officer = make.person()
    make.abstraction(officer, "2026-11-12 09:00", "2026-11-12 12:00")

    with pytest.raises(Refused, match="already logged as away"):
        make.abstraction(officer, starts, ends)


def test_nothing_later_is_logged_while_somebody_is_still_away() -> None:
    officer = make.person()
    make.abstraction(officer, "2026-11-12 09:00", None)

    with pytest.raises(Refused, match="already logged as away"):
        make.abstraction(officer, "2026-12-24 09:00", "2026-12-24 10:00")


def test_entries_that_only_touch_and_entries_of_others_do_not_overlap() -> None:
    officer = make.person()
    make.abstraction(officer, "2026-11-12 09:00", "2026-11-12 12:00")

    make.abstraction(officer, "2026-11-12 12:00", "2026-11-12 13:00")
    make.abstraction(make.person(), "2026-11-12 09:00", "2026-11-12 12:00")

    assert len(current.scalars(select(Abstraction)).all()) == 3


def test_a_cancelled_entry_stands_in_nobodys_way() -> None:
    officer = make.person()
    cancelled = make.abstraction(officer, "2026-11-12 09:00", "2026-11-12 12:00")
    with transaction():
        current.get_one(Abstraction, cancelled.id).cancelled_at = make.at("2026-11-12 09:05")

    make.abstraction(officer, "2026-11-12 10:00", "2026-11-12 11:00")

    assert len(current.scalars(select(Abstraction)).all()) == 2


def test_entries_may_swap_places_when_overlaps_are_judged_at_the_end() -> None:
    officer = make.person()
    early = make.abstraction(officer, "2026-11-12 09:00", "2026-11-12 10:00")
    late = make.abstraction(officer, "2026-11-12 10:00", "2026-11-12 11:00")

    with transaction():
        db.defer_overlaps()
        current.get_one(Abstraction, early.id).starts_at = make.at("2026-11-12 10:00")
        current.get_one(Abstraction, early.id).ends_at = make.at("2026-11-12 11:00")
        current.flush()
        current.get_one(Abstraction, late.id).starts_at = make.at("2026-11-12 09:00")
        current.get_one(Abstraction, late.id).ends_at = make.at("2026-11-12 10:00")

    assert current.get_one(Abstraction, late.id).starts_at == make.at("2026-11-12 09:00")


def test_an_overlap_left_at_the_end_is_refused_and_the_next_transaction_judges_at_once_again() -> None:
    officer = make.person()
    make.abstraction(officer, "2026-11-12 09:00", "2026-11-12 10:00")
    with pytest.raises(Refused, match="already logged as away"), transaction():
        db.defer_overlaps()
        current.add(Abstraction(ref="X", person_id=officer.id, reason="custody", starts_at=make.at("2026-11-12 09:30")))

    with pytest.raises(Refused, match="already logged as away"):
        make.abstraction(officer, "2026-11-12 09:30", None)


def test_a_ward_belongs_to_one_team_at_a_time() -> None:
    first, second = make.team(), make.team()
    ward = make.ward(first)

    with pytest.raises(Refused, match="already belongs to a team"):
        make.keep(WardMembership(ward_id=ward.id, team_id=second.id, first_day=dt.date(2026, 1, 1)))


def test_two_targets_for_one_scope_are_never_in_force_together() -> None:
    make.target("8.00")

    with pytest.raises(Refused, match="in force on those days"):
        make.target("9.00", first_day=dt.date(2026, 1, 1))


def test_what_a_request_reads_twice_is_read_once_and_afresh_once_anything_may_have_changed() -> None:
    answers = iter(range(10))

    def read() -> int:
        return db.once("answer", lambda: next(answers))

    assert [read(), read(), db.once("another", lambda: next(answers))] == [0, 0, 1]
    with transaction():
        assert [read(), read()] == [2, 3]
    assert [read(), read()] == [4, 4]
    db.forget_what_was_read()
    assert read() == 5
    current.execute(select(Bcu.id))
    current.rollback()
    assert read() == 6


def test_what_the_database_has_prepared_outlasts_the_end_of_a_reading(engine: Engine) -> None:
    asked, prepared = text("SELECT 1 + :number"), text("SELECT count(*) FROM pg_prepared_statements")
    with engine.connect() as connection:
        for number in range(10):
            connection.execute(asked, {"number": number})
            connection.rollback()
        if connection.dialect.name == "postgresql":  # SQLite has nothing of the kind
            assert connection.scalar(prepared)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite plans anew by itself
def test_a_table_that_changes_under_the_server_fails_one_reading_and_no_other(engine: Engine) -> None:
    asked = text("SELECT held FROM changing")

    def read() -> int:
        with engine.connect() as connection:
            return int(connection.execute(asked).scalar_one())

    def change(*statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    change("CREATE TABLE changing (held integer)", "INSERT INTO changing VALUES (7)")
    try:
        assert [read() for _ in range(10)] == [7] * 10

        change("ALTER TABLE changing ALTER held TYPE bigint")

        with pytest.raises(DBAPIError, match="cached plan"):
            read()
        assert read() == 7
    finally:
        change("DROP TABLE changing")
