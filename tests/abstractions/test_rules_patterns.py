"""What a shift pattern gives a person: the cycle, the clock's changes, and what it gives way to."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    Assignment,
    PatternBook,
    PatternDuty,
    PatternShift,
    Rostered,
    duties_from_pattern,
    gives_way,
)
from npt.core.periods import DAY, MINUTE, local_day
from npt.people.rules import Grade
from tests.abstractions.make import LONDON, at, without_deadline

FIRST = dt.date(2026, 11, 2)


def clock(text: str | None) -> dt.time | None:
    return None if text is None else dt.time.fromisoformat(text)


def a_pattern(*shifts: str | None, code: str = "EN", grade: Grade = Grade.PC) -> PatternBook:
    """A cycle written as "07:00-16:00", or nothing for rest."""
    days = [(None, None) if each is None else tuple(each.split("-")) for each in shifts]
    return PatternBook(PatternShift(code, n, grade, clock(a), clock(b)) for n, (a, b) in enumerate(days))


def given_to(
    book: PatternBook,
    *assignments: Assignment,
    first: dt.date = FIRST,
    days: int = 8,
    grade: Grade | None = Grade.PC,
    zone: ZoneInfo = LONDON,
) -> list[PatternDuty]:
    ahead = [first + n * DAY for n in range(days)]
    return list(
        duties_from_pattern(book, assignments or (Assignment(1, FIRST, None, "EN"),), ahead, lambda _: grade, zone)
    )


def dates(duties: list[PatternDuty]) -> list[int]:
    return [duty.duty_date.day for duty in duties]


def test_a_cycle_of_early_night_and_rest_repeats_and_a_night_ends_the_next_day() -> None:
    duties = given_to(a_pattern("07:00-16:00", "22:00-07:00", None), days=4)

    assert [(d.starts_at, d.ends_at, d.duty_date) for d in duties] == [
        (at("2026-11-02 07:00"), at("2026-11-02 16:00"), dt.date(2026, 11, 2)),
        (at("2026-11-03 22:00"), at("2026-11-04 07:00"), dt.date(2026, 11, 3)),
        (at("2026-11-05 07:00"), at("2026-11-05 16:00"), dt.date(2026, 11, 5)),
    ]


def test_an_offset_begins_that_many_days_into_the_cycle() -> None:
    duties = given_to(a_pattern("07:00-16:00", "22:00-07:00", None), Assignment(1, FIRST, None, "EN", 2), days=4)

    assert dates(duties) == [3, 4]


def test_an_assignment_gives_duties_from_its_first_day_to_its_last() -> None:
    duties = given_to(
        a_pattern("07:00-16:00"),
        Assignment(1, FIRST + 2 * DAY, FIRST + 4 * DAY, "EN"),
    )

    assert dates(duties) == [4, 5, 6]


def test_of_two_assignments_in_force_the_later_first_day_applies() -> None:
    book = PatternBook(
        [
            PatternShift("A", 0, Grade.PC, dt.time(7), dt.time(15)),
            PatternShift("B", 0, Grade.PC, dt.time(14), dt.time(22)),
        ]
    )

    duties = given_to(book, Assignment(1, FIRST, None, "A"), Assignment(1, FIRST + DAY, FIRST + DAY, "B"), days=3)

    assert [duty.starts_at.hour for duty in duties] == [7, 14, 7]


@pytest.mark.parametrize("grade", [None, Grade.SERGEANT])
def test_nobody_without_a_post_or_of_a_grade_the_pattern_leaves_out_is_given_a_duty(grade: Grade | None) -> None:
    assert given_to(a_pattern("07:00-16:00"), grade=grade) == []


def test_a_night_keeps_its_clock_times_when_the_clocks_go_forward_or_back() -> None:
    night = a_pattern("22:00-07:00")

    [spring] = given_to(night, Assignment(1, dt.date(2026, 3, 28), None, "EN"), first=dt.date(2026, 3, 28), days=1)
    [autumn] = given_to(night, Assignment(1, dt.date(2026, 10, 24), None, "EN"), first=dt.date(2026, 10, 24), days=1)

    assert (spring.ends_at - spring.starts_at, autumn.ends_at - autumn.starts_at) == (
        dt.timedelta(hours=8),
        dt.timedelta(hours=10),
    )


def test_a_start_that_does_not_exist_moves_to_the_first_minute_that_does() -> None:
    spring = dt.date(2026, 3, 29)

    [duty] = given_to(a_pattern("01:30-09:00"), Assignment(1, spring, None, "EN"), first=spring, days=1)

    assert (duty.starts_at, duty.ends_at) == (at("2026-03-29 02:00"), at("2026-03-29 09:00"))


def test_a_shift_that_the_clocks_go_forward_over_is_no_duty() -> None:
    spring = dt.date(2026, 3, 29)

    assert given_to(a_pattern("01:10-01:50"), Assignment(1, spring, None, "EN"), first=spring, days=1) == []


def test_a_time_that_happens_twice_is_the_first_of_the_two() -> None:
    autumn = dt.date(2026, 10, 25)

    [duty] = given_to(a_pattern("01:30-09:00"), Assignment(1, autumn, None, "EN"), first=autumn, days=1)

    assert duty.starts_at == at("2026-10-25T01:30+01:00")


clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None))
cycles = st.lists(st.none() | st.tuples(clocks, clocks), min_size=1, max_size=9)


@without_deadline
@given(
    cycles,
    st.integers(0, 20),
    st.sampled_from([dt.date(2026, 3, 25), dt.date(2026, 10, 21), dt.date(2026, 12, 28)]),
    st.sampled_from(["Europe/London", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_each_day_has_the_one_duty_its_place_in_the_cycle_says_and_never_a_backward_one(
    cycle: list[tuple[dt.time, dt.time] | None], offset: int, first: dt.date, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    book = PatternBook(PatternShift("EN", n, Grade.PC, *(shift or (None, None))) for n, shift in enumerate(cycle))

    duties = given_to(book, Assignment(7, first, None, "EN", offset), first=first, days=14, zone=zone)

    given_on = {duty.duty_date: duty for duty in duties}
    assert len(given_on) == len(duties)
    for number in range(14):
        shift = cycle[(number + offset) % len(cycle)]
        duty = given_on.get(first + number * DAY)
        if shift is None:
            assert duty is None
        elif duty is not None:
            assert duty.person_id == 7
            assert local_day(duty.starts_at, zone) == duty.duty_date
            assert MINUTE <= duty.ends_at - duty.starts_at <= dt.timedelta(hours=25)


def rostered(starts: str, ends: str, *, imported: bool = True, cancelled: bool = False) -> Rostered:
    return Rostered(at(starts).date(), at(starts), at(ends), imported, cancelled)


@pytest.mark.parametrize(
    ("other", "gives"),
    [
        (rostered("2026-11-02 18:00", "2026-11-02 22:00"), True),
        (rostered("2026-11-02 18:00", "2026-11-02 22:00", cancelled=True), True),
        (rostered("2026-11-02 18:00", "2026-11-02 22:00", imported=False), False),
        (rostered("2026-11-02 15:00", "2026-11-02 22:00", imported=False), True),
        (rostered("2026-11-02 15:00", "2026-11-02 22:00", imported=False, cancelled=True), False),
        (rostered("2026-11-01 22:00", "2026-11-02 07:00"), False),
        (rostered("2026-11-01 22:00", "2026-11-02 07:01"), True),
    ],
)
def test_a_generated_duty_gives_way_to_an_imported_one_of_its_day_and_to_any_other_at_its_time(
    other: Rostered, gives: bool
) -> None:
    found = gives_way(at("2026-11-02 07:00"), at("2026-11-02 16:00"), FIRST, [other])

    assert (found is other) is gives
