"""Minutes by hours of the day and by month: each part as a count minute by minute has it, and together the whole."""

import datetime as dt
from collections import Counter
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from npt.abstractions.rules import ByHours, ByWindow, Hours, Tallies, parts, tally
from npt.core.periods import Window
from tests.abstractions.make import (
    LONDON,
    World,
    a_duty,
    an_abstraction,
    at,
    moments,
    windows,
    without_deadline,
    worlds,
)
from tests.abstractions.slow_count import as_count, number, slow_parts


@cache
def hours_of(minute: int) -> Hours:
    """In which part of the day a minute lies, by the station clock."""
    clock = dt.datetime.fromtimestamp(minute * 60, LONDON)
    return list(Hours)[clock.hour // 3]


def by_hours(world: World, window: Window, asked: dt.datetime) -> dict[Hours, Tallies]:
    cut = parts(
        ByHours(LONDON),
        world.duties,
        world.absences,
        world.abstractions,
        within=window.so_far(asked),
        moment=window.as_at(asked),
    )
    return cut.tallies(place=world.place, counts=world.counts)


@given(st.data())
@settings(without_deadline, max_examples=50)
def test_each_part_of_the_day_is_what_a_count_of_its_minutes_gives(data: st.DataObject) -> None:
    world = data.draw(worlds())
    window, asked = data.draw(windows(world)), data.draw(moments(world))
    within = window.so_far(asked)
    minutes = range(number(within.starts_at), number(within.ends_at)) if within else range(0)

    counted = by_hours(world, window, asked)

    slowly = slow_parts(world, minutes, number(window.as_at(asked)), hours_of)
    for hours in Hours:
        assert as_count(counted.get(hours, Tallies())) == slowly[hours]


@given(st.data())
@settings(without_deadline, max_examples=50)
def test_the_parts_of_a_window_add_up_to_the_whole_of_it(data: st.DataObject) -> None:
    world = data.draw(worlds())
    window, asked = data.draw(windows(world)), data.draw(moments(world))
    within, moment = window.so_far(asked), window.as_at(asked)
    facts = world.duties, world.absences, world.abstractions
    whole = tally(*facts, within=within, moment=moment, place=world.place, counts=world.counts)
    days = [Window(day, day, LONDON) for day in window.days()]

    cut = parts(ByWindow(days), *facts, within=within, moment=moment)

    by_day = cut.tallies(place=world.place, counts=world.counts)
    assert sum(map(as_count, by_day.values()), Counter()) == as_count(whole)
    assert sum(map(as_count, by_hours(world, window, asked).values()), Counter()) == as_count(whole)
    for day, tallies in by_day.items():
        alone = tally(*facts, within=day.so_far(asked), moment=day.as_at(asked), place=world.place, counts=world.counts)
        assert as_count(tallies) == as_count(alone)


def test_the_hour_that_happens_twice_lies_in_the_night_both_times() -> None:
    night = a_duty("2026-10-24 22:00", "2026-10-25 07:00")
    window = Window(dt.date(2026, 10, 24), dt.date(2026, 10, 25), LONDON)
    cut = parts(ByHours(LONDON), [night], [], [], within=window.whole, moment=window.whole.ends_at)

    lengths = {
        hours: sum((d.ends_at - d.starts_at for d in pieces), dt.timedelta()) for hours, pieces in cut.duties.items()
    }

    assert lengths[Hours.FROM_0] == dt.timedelta(hours=4)
    assert sum(lengths.values(), dt.timedelta()) == dt.timedelta(hours=10)


def test_a_night_s_custody_is_shared_between_the_evening_and_the_small_hours() -> None:
    night = a_duty("2026-11-12 22:00", "2026-11-13 07:00")
    custody = an_abstraction("2026-11-12 23:30", "2026-11-13 03:15")
    window = Window(dt.date(2026, 11, 1), dt.date(2026, 11, 30), LONDON)

    cut = parts(ByHours(LONDON), [night], [], [custody], within=window.whole, moment=at("2026-12-01 00:00"))

    assert {
        hours: [(piece.starts_at, piece.ends_at) for piece in pieces] for hours, pieces in cut.abstractions.items()
    } == {
        Hours.FROM_21: [(at("2026-11-12 23:30"), at("2026-11-13 00:00"))],
        Hours.FROM_0: [(at("2026-11-13 00:00"), at("2026-11-13 03:00"))],
        Hours.FROM_3: [(at("2026-11-13 03:00"), at("2026-11-13 03:15"))],
    }
    assert {piece.starts_on for pieces in cut.abstractions.values() for piece in pieces} == {dt.date(2026, 11, 12)}
