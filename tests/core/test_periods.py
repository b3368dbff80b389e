import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npt.core.periods import (
    DAY,
    MINUTE,
    Fold,
    Interval,
    NoSuchTime,
    Period,
    TwiceThatNight,
    Window,
    add_months,
    first_instant,
    instant,
    interval_or_none,
    local_day,
    midnight,
    month_of,
    split_by_day,
    subtract,
    to_minute,
    total_minutes,
    union,
    windows_by_month,
)

LONDON = ZoneInfo("Europe/London")
START = dt.datetime(2026, 11, 12, tzinfo=dt.UTC)
without_deadline = settings(deadline=None, max_examples=100)


def utc(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)


def minute(number: int) -> dt.datetime:
    return START + number * MINUTE


def test_seconds_are_dropped_and_the_zone_becomes_utc() -> None:
    noon = dt.datetime(2026, 6, 1, 12, 0, 59, 999, tzinfo=LONDON)

    assert to_minute(noon) == utc(6, 1, 11)
    assert to_minute(noon).tzinfo is dt.UTC


def test_a_naive_instant_is_refused() -> None:
    naive = dt.datetime(2026, 6, 1)  # noqa: DTZ001

    with pytest.raises(ValueError, match="naive"):
        to_minute(naive)
    with pytest.raises(ValueError, match="naive"):
        Interval(naive, utc(6, 2))
    with pytest.raises(ValueError, match="naive"):
        Interval(utc(6, 1), naive)


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (dt.date(2026, 1, 5), dt.time(7), utc(1, 5, 7)),
        (dt.date(2026, 7, 5), dt.time(7), utc(7, 5, 6)),
        (dt.date(2026, 3, 29), dt.time(0, 59), utc(3, 29, 0, 59)),
        (dt.date(2026, 3, 29), dt.time(2, 0), utc(3, 29, 1)),
        (dt.date(2026, 10, 25), dt.time(0, 59), utc(10, 24, 23, 59)),
        (dt.date(2026, 10, 25), dt.time(2, 0), utc(10, 25, 2)),
        (dt.date(2026, 7, 5), dt.time(7, 30, 59), utc(7, 5, 6, 30)),
    ],
)
def test_a_clock_time_is_an_instant(day: dt.date, clock: dt.time, expected: dt.datetime) -> None:
    assert instant(day, clock, LONDON) == expected


@pytest.mark.parametrize("clock", [dt.time(1, 0), dt.time(1, 30), dt.time(1, 59)])
@pytest.mark.parametrize("fold", [None, *Fold])
def test_a_time_the_clocks_went_forward_over_does_not_exist(clock: dt.time, fold: Fold | None) -> None:
    with pytest.raises(NoSuchTime, match="does not exist on 2026-03-29"):
        instant(dt.date(2026, 3, 29), clock, LONDON, fold)


@pytest.mark.parametrize("minutes", [0, 30, 59])
def test_a_time_that_happens_twice_asks_which(minutes: int) -> None:
    night, clock = dt.date(2026, 10, 25), dt.time(1, minutes)

    with pytest.raises(TwiceThatNight, match="happens twice on 2026-10-25"):
        instant(night, clock, LONDON)

    assert instant(night, clock, LONDON, Fold.BEFORE) == utc(10, 25, 0, minutes)
    assert instant(night, clock, LONDON, Fold.AFTER) == utc(10, 25, 1, minutes)


def test_saying_which_of_two_does_no_harm_on_any_other_night() -> None:
    assert instant(dt.date(2026, 7, 5), dt.time(1, 30), LONDON, Fold.AFTER) == utc(7, 5, 0, 30)


@without_deadline
@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2032, 1, 1)), st.sampled_from(Fold))  # noqa: DTZ001
def test_every_clock_time_that_exists_reads_back_as_it_was_written(written: dt.datetime, fold: Fold) -> None:
    try:
        found = instant(written.date(), written.time(), LONDON, fold)
    except NoSuchTime:
        assert written.hour == 1
        assert written.month == 3
    else:
        assert found.astimezone(LONDON).replace(tzinfo=None, fold=0) == written.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25), (dt.date(2026, 11, 12), 24)]
)
def test_a_local_day_is_as_long_as_the_clocks_make_it(day: dt.date, hours: int) -> None:
    whole = Window(day, day, LONDON).whole

    assert whole.minutes == hours * 60
    assert local_day(whole.starts_at, LONDON) == day == local_day(whole.ends_at - MINUTE, LONDON)
    assert local_day(whole.ends_at, LONDON) == day + DAY


def test_in_summer_the_local_day_starts_before_the_utc_day() -> None:
    assert midnight(dt.date(2026, 7, 1), LONDON) == utc(6, 30, 23)
    assert local_day(utc(6, 30, 23), LONDON) == dt.date(2026, 7, 1)
    assert local_day(utc(6, 30, 22, 59), LONDON) == dt.date(2026, 6, 30)


@pytest.mark.parametrize("ends", [0, -1])
def test_an_end_not_after_its_start_is_refused(ends: int) -> None:
    with pytest.raises(ValueError, match="not after its start"):
        Interval(minute(0), minute(ends))

    assert interval_or_none(minute(0), minute(ends)) is None


def test_intervals_that_only_touch_have_nothing_in_common() -> None:
    assert Interval(minute(0), minute(5)).meet(Interval(minute(5), minute(9))) is None
    assert Interval(minute(0), minute(6)).meet(Interval(minute(5), minute(9))) == Interval(minute(5), minute(6))


bounds = st.tuples(st.integers(0, 40), st.integers(1, 15))
pieces = st.lists(bounds.map(lambda b: Interval(minute(b[0]), minute(b[0] + b[1]))), max_size=8)


def minutes_in(intervals: list[Interval]) -> set[int]:
    return {n for i in intervals for n in range((i.starts_at - START) // MINUTE, (i.ends_at - START) // MINUTE)}


@without_deadline
@given(pieces)
def test_a_union_is_the_same_minutes_each_once_in_the_fewest_pieces(some: list[Interval]) -> None:
    joined = union(some)

    assert minutes_in(joined) == minutes_in(some)
    assert total_minutes(joined) == len(minutes_in(some))
    assert all(a.ends_at < b.starts_at for a, b in pairwise(joined))


@without_deadline
@given(bounds, pieces)
def test_what_is_left_of_an_interval_is_its_minutes_less_those_taken(
    whole: tuple[int, int], taken: list[Interval]
) -> None:
    interval = Interval(minute(whole[0]), minute(whole[0] + whole[1]))

    left = subtract(interval, taken)

    assert minutes_in(left) == minutes_in([interval]) - minutes_in(taken)
    assert total_minutes(left) == len(minutes_in(left))
    assert left == sorted(left)


@without_deadline
@given(bounds, bounds)
def test_what_two_intervals_have_in_common_is_the_minutes_of_both(a: tuple[int, int], b: tuple[int, int]) -> None:
    one, other = (Interval(minute(s), minute(s + n)) for s, n in (a, b))

    both = one.meet(other)

    assert minutes_in([both] if both else []) == minutes_in([one]) & minutes_in([other])


def test_a_period_holds_both_its_days_and_without_a_last_one_goes_on() -> None:
    day = dt.date(2026, 11, 12)

    assert day in Period(day, day)
    assert day - DAY not in Period(day, day)
    assert day + DAY not in Period(day, day)
    assert dt.date(2099, 1, 1) in Period(day)
    with pytest.raises(ValueError, match="before the first"):
        Period(day, day - DAY)


periods = st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9))


@without_deadline
@given(periods, periods)
def test_periods_overlap_when_they_share_a_day(a: tuple[int, int | None], b: tuple[int, int | None]) -> None:
    first = dt.date(2026, 10, 20)

    def made(first_in: int, length: int | None) -> Period:
        return Period(first + first_in * DAY, None if length is None else first + (first_in + length) * DAY)

    one, other = made(*a), made(*b)

    shared = any(first + n * DAY in one and first + n * DAY in other for n in range(20))
    assert one.overlaps(other) is shared


NOVEMBER = month_of(dt.date(2026, 11, 12), LONDON)


def test_a_month_is_the_local_calendar_month() -> None:
    october = month_of(dt.date(2026, 10, 31), LONDON)
    february = month_of(dt.date(2028, 2, 1), LONDON)

    assert (october.first_day, october.last_day) == (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert october.whole == Interval(utc(9, 30, 23), utc(11, 1))
    assert february.last_day == dt.date(2028, 2, 29)


def test_the_moment_of_asking_is_now_or_the_windows_end_when_that_is_earlier() -> None:
    now = utc(11, 12, 9, 32) + dt.timedelta(seconds=40)

    assert NOVEMBER.as_at(now) == utc(11, 12, 9, 32)
    assert NOVEMBER.as_at(utc(12, 24)) == utc(12, 1)


def test_a_window_not_over_yet_is_cut_and_one_to_come_is_nothing() -> None:
    assert NOVEMBER.so_far(utc(11, 12, 9, 32)) == Interval(utc(11, 1), utc(11, 12, 9, 32))
    assert NOVEMBER.so_far(utc(12, 24)) == NOVEMBER.whole
    assert NOVEMBER.so_far(utc(11, 1)) is None
    assert NOVEMBER.so_far(utc(10, 1)) is None


def test_a_window_has_both_its_days_and_none_that_ends_before_it_starts() -> None:
    assert list(Window(dt.date(2026, 10, 31), dt.date(2026, 11, 2), LONDON).days()) == [
        dt.date(2026, 10, 31),
        dt.date(2026, 11, 1),
        dt.date(2026, 11, 2),
    ]
    with pytest.raises(ValueError, match="before the first"):
        Window(dt.date(2026, 11, 2), dt.date(2026, 11, 1), LONDON)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 31), 25, dt.date(2028, 2, 29)),
        (dt.date(2024, 2, 29), 24, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 15), 1, dt.date(2027, 1, 15)),
        (dt.date(2026, 1, 15), -1, dt.date(2025, 12, 15)),
        (dt.date(2026, 11, 12), 0, dt.date(2026, 11, 12)),
    ],
)
def test_months_on_is_the_same_day_or_that_months_last(day: dt.date, months: int, expected: dt.date) -> None:
    assert add_months(day, months) == expected


instants = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 1)).map(  # noqa: DTZ001
    lambda d: to_minute(d.replace(tzinfo=dt.UTC))
)
lengths = st.integers(1, 4000) | st.integers(1, 120_000)


@without_deadline
@given(instants, lengths)
def test_split_by_day_an_interval_is_whole_and_each_piece_in_its_day(starts_at: dt.datetime, length: int) -> None:
    whole = Interval(starts_at, starts_at + length * MINUTE)

    split = split_by_day(whole, LONDON)

    assert union(piece for _, piece in split) == [whole]
    assert total_minutes(piece for _, piece in split) == length
    for day, piece in split:
        assert piece.meet(Window(day, day, LONDON).whole) == piece
    assert len({day for day, _ in split}) == len(split)


@without_deadline
@given(instants, lengths)
def test_the_months_an_interval_touches_hold_all_of_it_and_none_for_nothing(
    starts_at: dt.datetime, length: int
) -> None:
    whole = Interval(starts_at, starts_at + length * MINUTE)

    parts = [whole.meet(window.whole) for window in windows_by_month(whole, LONDON)]

    assert total_minutes(part for part in parts if part) == length
    assert None not in parts


def test_an_interval_that_ends_at_midnight_does_not_touch_the_next_day_or_month() -> None:
    last_evening = Interval(utc(10, 31, 22), utc(11, 1))

    assert [day for day, _ in split_by_day(last_evening, LONDON)] == [dt.date(2026, 10, 31)]
    assert [w.first_day for w in windows_by_month(last_evening, LONDON)] == [dt.date(2026, 10, 1)]


def test_a_time_nobody_can_be_asked_about_is_the_first_that_fits() -> None:
    assert first_instant(dt.date(2026, 3, 29), dt.time(0, 59), LONDON) == utc(3, 29, 0, 59)
    assert first_instant(dt.date(2026, 3, 29), dt.time(1, 0), LONDON) == utc(3, 29, 1)
    assert first_instant(dt.date(2026, 3, 29), dt.time(1, 59), LONDON) == utc(3, 29, 1)
    assert first_instant(dt.date(2026, 3, 29), dt.time(2, 0), LONDON) == utc(3, 29, 1)
    assert first_instant(dt.date(2026, 10, 25), dt.time(1, 30), LONDON) == utc(10, 25, 0, 30)
    assert first_instant(dt.date(2026, 10, 25), dt.time(2, 0), LONDON) == utc(10, 25, 2)
