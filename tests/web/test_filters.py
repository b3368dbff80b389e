import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask

from npt.web import filters


def test_a_day_is_written_out_without_leading_zeros() -> None:
    assert filters.day(dt.date(2026, 11, 2)) == "2 November 2026"
    assert filters.weekday(dt.date(2026, 11, 12)) == "Thursday 12 November 2026"


@pytest.mark.parametrize(
    ("time", "written"),
    [
        (dt.time(0, 0), "midnight"),
        (dt.time(0, 5), "12:05am"),
        (dt.time(9, 32), "9:32am"),
        (dt.time(12, 0), "midday"),
        (dt.time(23, 59), "11:59pm"),
    ],
)
def test_a_time_is_written_on_the_twelve_hour_clock(time: dt.time, written: str) -> None:
    assert filters.clock(time) == written


def test_an_instant_is_shown_on_the_station_clock(request_of: Flask) -> None:
    summer = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    winter = dt.datetime(2026, 11, 12, 9, 32, tzinfo=dt.UTC)

    assert filters.moment(summer) == "2 July 2026, 12:30am"
    assert filters.moment(winter) == "12 November 2026, 9:32am"
    assert filters.day(summer) == "2 July 2026"


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (0, "0 h"),
        (45, "0 h 45"),
        (300, "5 h"),
        (24750, "412 h 30"),
        (72305, "1,205 h 05"),
        (-90, "−1 h 30"),
        (Fraction(119, 2), "1 h"),
        (None, "no data"),
    ],
)
def test_minutes_are_shown_as_hours(minutes: Fraction | int | None, written: str) -> None:
    assert filters.hours(minutes) == written


@pytest.mark.parametrize(
    ("figure", "written"),
    [
        (Fraction(98, 1000), "9.8 %"),
        (Fraction(1, 16), "6.3 %"),
        (Fraction(3, 20), "15.0 %"),
        (Decimal("8"), "8.0 %"),
        (Decimal("8.05"), "8.1 %"),
        (Fraction(0), "0.0 %"),
        (None, "no data"),
    ],
)
def test_a_rate_is_a_share_and_a_target_is_in_per_cent_and_both_round_half_up(
    figure: Fraction | Decimal | None, written: str
) -> None:
    assert filters.percent(figure) == written


def test_no_figure_is_never_zero() -> None:
    assert filters.two_places(None) == "no data"
    assert filters.whole(None) == "no data"
    assert filters.two_places(Fraction(95, 8)) == "11.88"


def test_one_team_and_three_teams() -> None:
    assert filters.plural(1, "team") == "1 team"
    assert filters.plural(3, "team") == "3 teams"
    assert filters.plural(2, "vacancy", "vacancies") == "2 vacancies"


@pytest.mark.parametrize(
    ("details", "written"),
    [
        ({"before": {"ends": "9"}, "after": {"ends": "10", "because": "Late"}}, "because: Late; ends: 9 → 10"),
        ({"before": {"last_day": None}, "after": {"last_day": None, "ends": "10"}}, "ends: 10"),
        ({"before": {"email": None}, "after": {"email": "a@force.example"}}, "email: nothing → a@force.example"),
        ({"cancelled": True, "seal": "x"}, "cancelled: yes"),
        ({"abstracted_minutes": 8760, "entries": 61}, "abstracted: 146 h; entries: 61"),
    ],
)
def test_what_the_record_says_is_put_in_words(details: dict[str, object], written: str) -> None:
    assert filters.change_words(details) == written
