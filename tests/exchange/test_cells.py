"""Cells: what may be entered, and the sentence that says so."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core.periods import NoSuchTime, TwiceThatNight, instant
from npt.core.spool import DateCell
from npt.exchange.rules import cells
from npt.exchange.rules.cells import Clock, Parse
from npt.people.rules import Grade

CLOCK = Clock(ZoneInfo("Europe/London"))


def complaint(parse: Parse, text: str) -> str:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is what is tested
        parse(text, CLOCK)
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-11-12T07:00", "2026-11-12T07:00"),
        ("2026-07-12T07:00", "2026-07-12T06:00"),
        ("2026-07-12T07:00:59", "2026-07-12T06:00"),
        ("2026-07-12T07:00Z", "2026-07-12T07:00"),
        ("2026-07-12T07:00:30+02:00", "2026-07-12T05:00"),
        ("2026-03-29T00:59", "2026-03-29T00:59"),
        ("2026-03-29T02:00", "2026-03-29T01:00"),
        ("2026-03-29T01:30+00:00", "2026-03-29T01:30"),
        ("2026-10-25T00:59", "2026-10-24T23:59"),
        ("2026-10-25T01:30+01:00", "2026-10-25T00:30"),
        ("2026-10-25T01:30Z", "2026-10-25T01:30"),
        ("2026-10-25T02:00", "2026-10-25T02:00"),
        (DateCell("2026-07-12T00:00:00"), "2026-07-11T23:00"),
    ],
)
def test_a_time_is_london_time_unless_an_offset_is_given(written: str, utc: str) -> None:
    assert cells.moment(written, CLOCK) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


def test_a_time_the_clocks_go_forward_over_is_refused() -> None:
    assert "does not exist" in complaint(cells.moment, "2026-03-29T01:30")


def test_a_time_that_happens_twice_is_refused_with_both_ways_to_write_it() -> None:
    said = complaint(cells.moment, "2026-10-25T01:30")

    assert "happens twice" in said
    assert "2026-10-25T01:30+01:00 or 2026-10-25T01:30+00:00" in said


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-01",
        "2026-10-01 07:00",
        "2026-10-01T7:00",
        "2026-10-01T24:00",
        "2026-10-01T07:60",
        "2026-10-01T07:00:60",
        "2026-10-01T07:00:00.5",
        "2026-13-01T07:00",
        "2026-02-29T07:00",
        "20261001T0700",
        "2026-10-01T07:00+0100",
        "2026-10-01T07:00+25:00",
        "1026-10-01T07:00",
        "9999-12-31T23:59-01:00",
        "٢٠٢٦-10-01T07:00",
        "01/10/2026 07:00",
    ],
)
def test_nothing_but_the_published_form_of_an_instant_is_read(written: str) -> None:
    assert complaint(cells.moment, written)


@given(st.datetimes(min_value=dt.datetime(2000, 1, 1), max_value=dt.datetime(2040, 1, 1)))  # noqa: DTZ001
def test_remembering_the_days_gives_the_same_instants_as_the_rule(local: dt.datetime) -> None:
    written = local.isoformat(timespec="minutes")
    try:
        expected = instant(local.date(), local.time(), CLOCK.zone)
    except (NoSuchTime, TwiceThatNight):
        assert complaint(cells.moment, written)
    else:
        assert cells.moment(written, CLOCK) == expected


def test_a_date_is_written_year_first_and_a_spreadsheets_midnight_is_its_day() -> None:
    assert cells.day("2026-10-01", CLOCK) == dt.date(2026, 10, 1)
    assert cells.day(DateCell("2026-10-01T00:00:00"), CLOCK) == dt.date(2026, 10, 1)


@pytest.mark.parametrize(
    "written",
    [
        "1/10/2026",
        "2026-10-1",
        "2026-02-30",
        "20261001",
        "2026-10-01T00:00:00",
        DateCell("2026-10-01T07:00:00"),
        "9999-12-31",
        "2026-W40-4",
    ],
)
def test_nothing_but_a_day_is_read_as_a_day(written: str) -> None:
    assert complaint(cells.day, written)


@pytest.mark.parametrize(("written", "value"), [("1", "1.00"), ("0.6", "0.60"), ("1.000", "1.00"), ("0.01", "0.01")])
def test_an_fte_has_two_places(written: str, value: str) -> None:
    parsed = cells.number("0", "1.00", above=True)(written, CLOCK)

    assert str(parsed) == value


@pytest.mark.parametrize(
    "written", ["0", "0.00", "1.01", "-1", "1,0", "half", "0.125", "NaN", "1e0", "٠.5", "Infinity"]
)
def test_an_fte_of_none_or_of_more_than_one_is_refused(written: str) -> None:
    assert complaint(cells.number("0", "1.00", above=True), written)


def test_a_target_may_be_nothing_at_all_but_not_more_than_everything() -> None:
    percent = cells.number("0", "100")

    assert percent("0", CLOCK) == Decimal(0)
    assert percent("100", CLOCK) == Decimal(100)
    assert complaint(percent, "100.01") == "enter a number from 0 to 100"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("all", "inspector;sergeant;pc;pcso;special"),
        ("pcso;pc", "pc;pcso"),
        (" pc ; sergeant;", "sergeant;pc"),
        ("pc;pc", "pc"),
    ],
)
def test_grades_are_kept_in_order_of_rank(written: str, kept: str) -> None:
    assert cells.grades(written, CLOCK) == kept


@pytest.mark.parametrize("written", ["constable", "all;pc", "PC", "pc,pcso"])
def test_a_grade_that_is_none_is_refused_by_name(written: str) -> None:
    assert "there is no grade" in complaint(cells.grades, written)


def test_a_word_that_is_not_in_the_list_is_answered_with_the_list() -> None:
    parse = cells.one_of(Grade)

    assert parse("pcso", CLOCK) is Grade.PCSO
    assert complaint(parse, "constable") == "enter one of: inspector, sergeant, pc, pcso, special"


def test_words_are_no_longer_than_the_database_keeps() -> None:
    assert cells.text(3)("abc", CLOCK) == "abc"
    assert complaint(cells.text(3), "abcd") == "enter no more than 3 characters"


@pytest.mark.parametrize("unseen", ["\0", "\x07", "\x1b", "\x7f", "\ufffe", "\u202e"])
def test_a_character_nobody_sees_is_refused_and_an_end_of_line_is_none(unseen: str) -> None:
    assert complaint(cells.text(9), f"a{unseen}b") == "take out the control characters, which nobody sees"
    assert cells.text(9)("a\r\nb\tc", CLOCK) == "a\r\nb\tc"


def test_an_address_is_kept_in_lower_case() -> None:
    assert cells.email("A.Rahman@Example.org", CLOCK) == "a.rahman@example.org"
    assert complaint(cells.email, "a.rahman at example.org")
