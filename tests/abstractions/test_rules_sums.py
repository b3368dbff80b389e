"""Minutes added up of a night, judged in the morning, are the minutes counted from the start."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import DayTaken, Place, Sums, Tally, add_up, figures_by, tally
from npt.core.periods import DAY, Interval, midnight
from npt.people.rules import Grade
from tests.abstractions.make import (
    LONDON,
    PC,
    World,
    a_duty,
    an_absence,
    an_abstraction,
    at,
    windows,
    without_deadline,
    worlds,
)

NOVEMBER = Interval(at("2026-11-01 00:00"), at("2026-12-01 00:00"))


def counts(reason: str, day: dt.date, grade: Grade) -> bool:
    return reason == "custody"


@without_deadline
@given(st.data())
def test_what_a_night_added_up_and_what_came_since_are_together_what_is_counted_from_the_start(
    data: st.DataObject,
) -> None:
    world = data.draw(worlds(people=2))
    stays = replace(world, places={id: (before, day, before) for id, (before, day, _) in world.places.items()})
    window = data.draw(windows(stays))
    nights = [midnight(day + DAY, LONDON) for day in window.days()]
    night = data.draw(st.sampled_from(nights))
    asked = night + dt.timedelta(minutes=data.draw(st.integers(0, 3 * 1440)))
    within = Interval(window.whole.starts_at, window.as_at(asked))

    over = add_up([1, 2], stays.duties, stays.absences, stays.abstractions, Interval(within.starts_at, night))
    judged = [each.judged(stays.place(each.person_id, stays.first_day), stays.counts) for each in over]
    since = counted(stays, Interval(night, within.ends_at), asked) if night < within.ends_at else []

    assert by_person([*filter(None, judged), *since]) == by_person(counted(stays, within, asked))


def counted(world: World, within: Interval, asked: dt.datetime) -> list[Tally]:
    return [
        *tally(
            world.duties,
            world.absences,
            world.abstractions,
            within=within,
            moment=min(asked, within.ends_at),
            place=world.place,
            counts=world.counts,
        ).people
    ]


def by_person(tallies: list[Tally]) -> dict[tuple[int, int, Grade], object]:
    """The figures of everybody who has a minute."""
    found = figures_by(tallies, lambda each: (each.person_id, each.team_id, each.grade))
    return {key: each for key, each in found.items() if each.duty_minutes or each.off_duty_minutes}


def test_days_are_those_by_which_minutes_are_judged_also_before_the_month() -> None:
    night = a_duty("2026-10-31 22:00", "2026-11-01 06:00")
    away = an_abstraction("2026-11-01 05:00", "2026-11-01 08:00")

    [sums] = add_up([1], [night], [], [away], NOVEMBER)

    assert (sums.duty_minutes, sums.first_day, sums.last_day) == (360, dt.date(2026, 10, 31), dt.date(2026, 11, 1))
    assert sums.taken == (
        DayTaken("custody", dt.date(2026, 10, 31), 60, 0),
        DayTaken("custody", dt.date(2026, 11, 1), 0, 120),
    )


def test_of_somebody_on_leave_all_month_there_is_nothing_to_judge() -> None:
    duty, leave = a_duty("2026-11-03 08:00", "2026-11-03 16:00"), an_absence("2026-10-20 00:00")

    assert add_up([1], [duty], [leave], [], NOVEMBER) == [Sums(1, 0)]


def test_nobody_is_left_out_and_nobody_else_is_in() -> None:
    duties = [a_duty("2026-11-03 08:00", "2026-11-03 16:00", person=id) for id in (1, 3)]

    assert [(each.person_id, each.duty_minutes) for each in add_up([1, 2], duties, [], [], NOVEMBER)] == [
        (1, 480),
        (2, 0),
    ]


def test_what_does_not_count_is_in_no_figure() -> None:
    sums = Sums(
        1,
        480,
        (DayTaken("court", dt.date(2026, 11, 3), 60, 30), DayTaken("custody", dt.date(2026, 11, 4), 20, 10)),
        dt.date(2026, 11, 3),
        dt.date(2026, 11, 4),
    )

    assert sums.judged(PC, counts) == Tally(1, 1, Grade.PC, 480, {"custody": 20}, 10)


def test_inspectors_specials_and_people_without_a_post_are_in_no_rate() -> None:
    sums = Sums(1, 480)

    assert sums.judged(None, counts) is None
    assert sums.judged(Place(1, Grade.SPECIAL), counts) is None
