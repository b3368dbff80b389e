"""Shift patterns as people write them, and on which days somebody may be put on one."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules.cycles import (
    LONGEST_CYCLE,
    NewPlace,
    carried_on,
    clash,
    cycles,
    obstacles_to_assigning,
    obstacles_to_ending,
    obstacles_to_pattern,
    read,
    told_on,
    turn,
    written,
)
from npt.abstractions.rules.patterns import Assignment, PatternShift, assignment_on
from npt.people.rules import Grade

TODAY = dt.date(2026, 11, 12)
DAY = dt.timedelta(days=1)
EARLY = (dt.time(7), dt.time(17))
NIGHT = (dt.time(22), dt.time(7))

clocks = st.tuples(st.times(), st.times()).map(
    lambda pair: tuple(each.replace(second=0, microsecond=0, tzinfo=None) for each in pair)
)
shifts = st.none() | clocks.filter(lambda pair: pair[0] != pair[1])


@given(st.lists(shifts, max_size=30))
def test_what_is_written_of_a_cycle_is_read_as_the_same_cycle(cycle: list[tuple[dt.time, dt.time] | None]) -> None:
    assert read(written(cycle)) == cycle


@pytest.mark.parametrize("line", ["07:00-17:00", "0700-1700", "7.00 - 17.00", "07:00 to 17:00", "07:00–17:00"])
def test_times_are_read_as_people_write_them(line: str) -> None:
    assert read(line) == [EARLY]


@pytest.mark.parametrize("line", ["25:00-17:00", "07:00", "07:00-07:00", "early", "07:60-17:00", "٠٧:٠٠-17:00", "1-2"])
def test_a_line_that_is_no_shift_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="Line 2: enter the times, like 07:00-17:00, or rest"):
        read(f"rest\n{line}")


@given(st.text())
def test_whatever_is_typed_is_a_cycle_or_a_sentence(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert len(read(text)) <= LONGEST_CYCLE


def test_a_cycle_longer_than_a_year_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 366 lines"):
        read("rest\n" * (LONGEST_CYCLE + 1))


@pytest.mark.parametrize(
    ("starts", "name"),
    [("07:00", "early"), ("11:59", "early"), ("14:00", "late"), ("22:00", "night"), ("03:59", "night")],
)
def test_a_shift_is_called_by_when_it_starts(starts: str, name: str) -> None:
    assert turn((dt.time.fromisoformat(starts), dt.time(6))) == name
    assert turn(None) == "rest"


def test_a_day_left_out_of_a_pattern_is_rest() -> None:
    found = cycles([PatternShift("EN", 0, Grade.PC, *EARLY), PatternShift("EN", 2, Grade.PC, *NIGHT)])

    assert found == {Grade.PC: [EARLY, None, NIGHT]}


def refused(code: str, **given: list[tuple[dt.time, dt.time] | None]) -> list[str | None]:
    known = {Grade(name): cycle for name, cycle in given.items()}
    return [reason.field for reason in obstacles_to_pattern(code, ["EN"], known)]


def test_a_pattern_has_a_code_of_its_own_and_the_days_of_a_grade() -> None:
    assert refused("EN-2", pc=[EARLY, None]) == []
    assert refused("en", pc=[EARLY]) == ["code"]
    assert refused("new", pc=[EARLY]) == ["code"]
    assert refused("a/b", pc=[EARLY]) == ["code"]
    assert refused("EN-2") == ["pc"]
    assert refused("EN-2", pc=[None, None]) == ["pc"]
    assert refused("EN-2", pc=[EARLY, None], pcso=[EARLY]) == []


def place(first: int, last: int | None = None, offset: int = 0) -> NewPlace:
    return NewPlace("EN", TODAY + first * DAY, None if last is None else TODAY + last * DAY, offset)


def held(first: int, last: int | None = None, offset: int = 0) -> Assignment:
    return Assignment(1, TODAY + first * DAY, None if last is None else TODAY + last * DAY, "OLD", offset)


def test_nobody_is_put_on_a_pattern_for_days_gone_by_or_beyond_its_cycle() -> None:
    assert [r.field for r in obstacles_to_assigning(place(0), 4, TODAY)] == ["first_day"]
    assert [r.field for r in obstacles_to_assigning(place(5, 4), 4, TODAY)] == ["last_day"]
    assert [r.field for r in obstacles_to_assigning(place(1, None, 4), 4, TODAY)] == ["cycle_day"]
    assert [r.field for r in obstacles_to_assigning(place(1, None, -1), 4, TODAY)] == ["cycle_day"]
    assert not list(obstacles_to_assigning(place(1, 1, 3), 4, TODAY))


def test_a_second_pattern_without_an_end_over_a_standing_one_leaves_doubt() -> None:
    assert clash(place(5), [held(-100)]) == held(-100)
    assert clash(place(5), [held(-100, 4)]) is None
    assert clash(place(5), [held(5)]) == held(5)
    assert clash(place(5, 9), [held(9)]) == held(9)


def test_a_spell_inside_a_standing_pattern_leaves_none() -> None:
    assert clash(place(5, 9), [held(-100)]) is None
    assert clash(place(5, 9), [held(-100, 20)]) is None
    assert clash(place(5, 9), [held(-100, 9)]) == held(-100, 9)


spans = st.tuples(st.integers(-20, 20), st.none() | st.integers(0, 20)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)


@given(spans, st.lists(spans, max_size=4, unique_by=lambda span: span[0]))
def test_what_is_let_in_applies_on_all_its_days_and_what_stood_before_applies_again_after_them(
    new: tuple[int, int | None], standing: list[tuple[int, int | None]]
) -> None:
    wanted, known = place(*new), [held(*span) for span in standing]
    if clash(wanted, known) is not None:
        return
    taken = Assignment(1, wanted.first_day, wanted.last_day, "EN", 0)
    for number in range(-25, 50):
        day = TODAY + number * DAY
        inside = wanted.first_day <= day and (wanted.last_day is None or day <= wanted.last_day)
        expected = taken if inside else assignment_on(known, day)
        assert assignment_on([*known, taken], day) == expected


def test_who_goes_over_to_a_pattern_of_the_same_length_goes_on_where_they_were() -> None:
    assert carried_on(held(-9, offset=3), TODAY, 4, 4) == 0
    assert carried_on(held(0, offset=3), TODAY + DAY, 10, 10) == 4
    assert carried_on(held(-9, offset=3), TODAY, 10, 8) == 2


def test_a_last_day_on_a_pattern_is_to_come_and_within_it() -> None:
    assert not list(obstacles_to_ending(held(-9), TODAY, TODAY))
    assert list(obstacles_to_ending(held(-9), TODAY - DAY, TODAY))
    assert list(obstacles_to_ending(held(5), TODAY + DAY, TODAY))
    assert list(obstacles_to_ending(held(-9, 3), TODAY + 4 * DAY, TODAY))


def test_duties_are_made_tonight_or_in_the_first_night_that_reaches_so_far() -> None:
    assert told_on(TODAY + DAY, 42, TODAY) == TODAY + DAY
    assert told_on(TODAY + 42 * DAY, 42, TODAY) == TODAY + DAY
    assert told_on(TODAY + 43 * DAY, 42, TODAY) == TODAY + 2 * DAY
