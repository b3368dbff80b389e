"""``contacts.csv``: who is named for which ward, taken in and given out, on both databases."""

import pytest

from npt.audit.queries import history
from npt.core.db import session
from npt.staffing.models import NamedContact
from tests.exchange.make import FORCE, changed, load, places, refused, rows
from tests.exchange.test_export import given_out, taken_back

pytestmark = pytest.mark.usefixtures("force")


@pytest.fixture
def force(session: object) -> None:
    load(FORCE)


def days() -> list[tuple[str, str | None]]:
    found = session.query(NamedContact).order_by(NamedContact.first_day)
    return [(row.first_day.isoformat(), row.last_day.isoformat() if row.last_day else None) for row in found]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_contacts_come_back_and_change_nothing(ending: str) -> None:
    load(rows("contacts", "E1,0077,2024-01-01,2025-12-31"))

    files = given_out(ending, "contacts")

    assert [file.rows for file in files] == [2]
    assert taken_back(files) == {}


def test_the_columns_are_the_published_ones() -> None:
    [file] = given_out("csv", "contacts")

    assert file.content.decode().splitlines() == ["ward,collar_number,first_day,last_day", "E1,1432,2026-01-01,"]


def test_a_ward_or_person_that_is_not_known_is_named_with_line_and_column() -> None:
    answer = refused(rows("contacts", "E9,1432,2026-01-01,", "E1,9999,2026-01-01,", "E1,0077,2026-05-01,2026-04-30"))

    assert answer == [
        'contacts.csv:2: ward: there is no ward ("E9")',
        'contacts.csv:3: collar_number: there is no person with this collar number ("9999")',
        'contacts.csv:4: last_day: the last day is before the first day ("2026-04-30")',
    ]


def test_a_ward_of_the_same_run_is_known_also_when_its_own_row_is_faulty() -> None:
    load({**rows("wards", "E2,Ely East,ELY,2020-01-01,"), **rows("contacts", "E2,1432,2026-01-01,")})

    answer = refused({**rows("wards", "E3,,ELY,2020-01-01,"), **rows("contacts", "E3,1432,2026-01-01,")})

    assert places(answer) == ["wards.csv:2: name"]


def test_nobody_is_named_twice_for_a_ward_on_one_day() -> None:
    assert refused(rows("contacts", "E1,1432,2026-11-01,")) == [
        "contacts.csv:2: first_day: this person is a contact of the ward on those days already "
        '(E1/1432/2026-01-01, on record) ("2026-11-01")'
    ]
    assert load(rows("contacts", "E1,0077,2026-11-01,"))["contacts"].new == 1


def test_a_record_that_makes_room_for_another_of_the_same_run_does_not_trip_over_it() -> None:
    result = load(rows("contacts", "E1,1432,2026-06-01,", "E1,1432,2026-01-01,2026-05-31"))

    assert (result["contacts"].new, result["contacts"].changed) == (1, 1)
    assert days() == [("2026-01-01", "2026-05-31"), ("2026-06-01", None)]


def test_a_changed_last_day_is_in_the_record_with_before_and_after() -> None:
    load(changed("contacts", "2026-01-01,", "2026-01-01,2026-06-30"))

    [line] = history("contact:E1/1432/2026-01-01")
    assert (line.event, line.details["before"], line.details["after"]) == (
        "contact.changed",
        {"last_day": None},
        {"last_day": "2026-06-30"},
    )
