import datetime as dt
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npt.abstractions.rules import (
    AbsenceFact,
    AbstractionFact,
    DutyFact,
    Place,
    Tallies,
    available_pieces,
    tally,
)
from npt.core.periods import Interval, Window, month_of
from npt.people.rules import Grade
from tests.abstractions.make import (
    DAYS,
    LONDON,
    PC,
    PCSO,
    SERGEANT,
    World,
    a_duty,
    an_absence,
    an_abstraction,
    at,
    moments,
    windows,
    without_deadline,
    worlds,
)
from tests.abstractions.slow_count import as_count, number, owners, slow_count

OCTOBER = month_of(dt.date(2026, 10, 1), LONDON)
NOVEMBER = month_of(dt.date(2026, 11, 1), LONDON)
NEXT_YEAR = at("2027-01-01 00:00")


def counted(
    *facts: DutyFact | AbsenceFact | AbstractionFact,
    window: Window = NOVEMBER,
    asked: dt.datetime = NEXT_YEAR,
    places: Mapping[dt.date, Place | None] | None = None,
    place: Place | None = PC,
    not_counting: frozenset[dt.date] = frozenset(),
) -> Tallies:
    """Count one or more people who all have one place, but for the days named."""
    return tally(
        [f for f in facts if isinstance(f, DutyFact)],
        [f for f in facts if isinstance(f, AbsenceFact)],
        [f for f in facts if isinstance(f, AbstractionFact)],
        within=window.so_far(asked),
        moment=window.as_at(asked),
        place=lambda _, day: (places or {}).get(day, place),
        counts=lambda _, day, __: day not in not_counting,
    )


def minutes(tallies: Tallies) -> tuple[int, int, int]:
    """Duty, abstracted and off-duty minutes of everybody."""
    return (
        sum(t.duty_minutes for t in tallies.people),
        sum(t.abstracted_minutes for t in tallies.people),
        sum(t.off_duty_minutes for t in tallies.people),
    )


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [
        ("2026-11-12 22:00", "2026-11-13 07:00", 9),
        ("2026-03-28 22:00", "2026-03-29 07:00", 8),
        ("2026-10-24 22:00", "2026-10-25 07:00", 10),
    ],
)
def test_a_night_duty_is_nine_hours_but_for_the_nights_the_clocks_change(starts: str, ends: str, hours: int) -> None:
    window = Window(at(starts).date(), at(ends).date(), LONDON)

    tallies = counted(a_duty(starts, ends), an_abstraction(starts, ends), window=window)

    assert minutes(tallies) == (hours * 60, hours * 60, 0)


def test_a_night_at_the_end_of_the_month_is_split_at_local_midnight() -> None:
    night = a_duty("2026-10-31 22:00", "2026-11-01 07:00")
    away = an_abstraction("2026-10-31 23:30", "2026-11-01 02:10")

    assert minutes(counted(night, away, window=OCTOBER)) == (120, 30, 0)
    assert minutes(counted(night, away, window=NOVEMBER)) == (420, 130, 0)


def test_minutes_after_midnight_stay_with_the_team_grade_and_policy_of_the_duty_date() -> None:
    night = a_duty("2026-11-11 22:00", "2026-11-12 07:00")
    away = an_abstraction("2026-11-12 01:00", "2026-11-12 02:00")
    moved = {dt.date(2026, 11, 12): Place(2, Grade.SERGEANT)}

    tallies = counted(night, away, places=moved, not_counting=frozenset({dt.date(2026, 11, 12)}))

    assert [(t.team_id, t.grade, t.duty_minutes, t.by_reason) for t in tallies.people] == [
        (1, Grade.PC, 540, {"custody": 60})
    ]


def test_an_entry_over_a_move_is_shared_by_both_teams() -> None:
    duties = [a_duty(f"2026-11-{day} 07:00", f"2026-11-{day} 15:00", ref=day) for day in ("11", "12")]
    away = an_abstraction("2026-11-11 13:00", "2026-11-12 10:00")

    tallies = counted(*duties, away, places={dt.date(2026, 11, 12): Place(2, Grade.PC)})

    assert [(e.team_id, e.counted, e.off_duty) for e in tallies.entries] == [(1, 120, 16 * 60), (2, 180, 0)]


def test_off_duty_minutes_belong_to_the_team_of_the_day_the_entry_starts_but_lie_in_their_own_month() -> None:
    rest_day_worked = an_abstraction("2026-10-31 22:00", "2026-11-01 03:00")
    moved = {dt.date(2026, 11, 1): Place(2, Grade.PC)}

    october = counted(rest_day_worked, window=OCTOBER, places=moved)
    november = counted(rest_day_worked, window=NOVEMBER, places=moved)

    assert [(t.team_id, t.off_duty_minutes) for t in october.people] == [(1, 120)]
    assert [(t.team_id, t.off_duty_minutes) for t in november.people] == [(1, 180)]


def test_off_duty_minutes_follow_the_policy_of_the_day_the_entry_starts() -> None:
    rest_day_worked = an_abstraction("2026-11-11 22:00", "2026-11-12 03:00")

    before = counted(rest_day_worked, not_counting=frozenset({dt.date(2026, 11, 11)}))
    after = counted(rest_day_worked, not_counting=frozenset({dt.date(2026, 11, 12)}))

    assert minutes(before) == (0, 0, 0)
    assert minutes(after) == (0, 0, 300)


def test_leave_inside_a_duty_inside_an_abstraction_is_off_duty() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")
    dentist = an_absence("2026-11-12 09:00", "2026-11-12 10:30")
    away = an_abstraction("2026-11-12 06:00", "2026-11-12 16:00")

    tallies = counted(duty, dentist, away)

    assert minutes(tallies) == (390, 390, 210)


def test_an_open_absence_runs_on_and_is_never_an_abstraction() -> None:
    duties = [a_duty(f"2026-11-{day} 07:00", f"2026-11-{day} 15:00", ref=day) for day in ("11", "12", "13")]
    sick = an_absence("2026-11-12 11:00")

    tallies = counted(*duties, sick)

    assert minutes(tallies) == (480 + 240, 0, 0)


def test_someone_still_away_is_away_up_to_the_moment_of_asking() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")
    away = an_abstraction("2026-11-12 08:00")

    assert minutes(counted(duty, away, asked=at("2026-11-12 09:32"))) == (152, 92, 0)
    assert minutes(counted(duty, away, asked=at("2026-11-12 16:00"))) == (480, 420, 60)


def test_a_window_asked_for_afterwards_counts_to_its_end_and_no_further() -> None:
    still_away = an_abstraction("2026-11-30 23:00")

    assert minutes(counted(still_away, asked=at("2026-12-24 12:00"))) == (0, 0, 60)


def test_what_is_still_to_come_counts_nothing_yet() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")
    court = an_abstraction("2026-11-12 13:00", "2026-11-12 14:00", id=1)
    open_later = an_abstraction("2026-11-12 14:00", id=2)

    tallies = counted(duty, court, open_later, asked=at("2026-11-12 10:00"))

    assert minutes(tallies) == (180, 0, 0)
    assert tallies.entries == ()


def test_a_window_wholly_in_the_future_has_no_data() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")

    assert counted(duty, asked=at("2026-10-31 23:59")) == Tallies()


def test_two_duties_at_once_are_worked_once_and_the_first_to_start_has_the_minutes() -> None:
    early = a_duty("2026-11-11 22:00", "2026-11-12 07:00", ref="Z")
    overtime = a_duty("2026-11-12 05:00", "2026-11-12 09:00", ref="A")

    pieces = available_pieces([overtime, early], [])

    assert [(p.duty.ref, p.interval.minutes) for p in pieces] == [("Z", 540), ("A", 120)]


def test_of_two_duties_that_start_together_the_lower_ref_has_the_minutes() -> None:
    short = a_duty("2026-11-12 07:00", "2026-11-12 10:00", ref="A")
    long = a_duty("2026-11-12 07:00", "2026-11-12 15:00", ref="B")

    pieces = available_pieces([long, short], [])

    assert [(p.duty.ref, p.interval.minutes) for p in pieces] == [("A", 180), ("B", 300)]


@pytest.mark.parametrize("place", [None, Place(1, Grade.INSPECTOR), Place(1, Grade.SPECIAL)])
def test_inspectors_specials_and_people_without_a_posting_are_in_no_figure(place: Place | None) -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")
    away = an_abstraction("2026-11-12 08:00", "2026-11-12 18:00")

    assert counted(duty, away, place=place) == Tallies()


@pytest.mark.parametrize("place", [SERGEANT, PC, PCSO])
def test_sergeants_pcs_and_pcsos_are_in_the_figures(place: Place) -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")
    away = an_abstraction("2026-11-12 08:00", "2026-11-12 18:00")

    assert minutes(counted(duty, away, place=place)) == (480, 420, 180)


def test_duty_after_a_last_posting_is_in_no_rate_and_is_not_off_duty_either() -> None:
    duties = [a_duty(f"2026-11-{day} 07:00", f"2026-11-{day} 15:00", ref=day) for day in ("11", "12")]
    away = an_abstraction("2026-11-11 13:00", "2026-11-12 10:00")

    tallies = counted(*duties, away, places={dt.date(2026, 11, 12): None})

    assert minutes(tallies) == (480, 120, 16 * 60)


def test_a_reason_that_does_not_count_is_on_the_entry_and_in_no_figure() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")
    away = an_abstraction("2026-11-12 08:00", "2026-11-12 18:00")

    tallies = counted(duty, away, not_counting=frozenset({dt.date(2026, 11, 12)}))

    assert minutes(tallies) == (480, 0, 0)
    assert [(e.counted, e.not_counting, e.off_duty) for e in tallies.entries] == [(0, 420, 0)]


def test_an_entry_that_ends_as_a_duty_starts_has_no_minute_of_it() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")
    before_duty = an_abstraction("2026-11-12 06:00", "2026-11-12 07:00")

    tallies = counted(duty, before_duty, not_counting=frozenset({dt.date(2026, 11, 12)}))

    assert tallies.entries == ()


def test_one_persons_absence_takes_nothing_from_another() -> None:
    duties = [a_duty("2026-11-12 07:00", "2026-11-12 15:00", person=p) for p in (1, 2)]

    tallies = counted(*duties, an_absence("2026-11-12 00:00", person=2), an_abstraction("2026-11-12 07:00", person=2))

    assert [(t.person_id, t.duty_minutes, t.off_duty_minutes) for t in tallies.people] == [
        (1, 480, 0),
        (2, 0, (NOVEMBER.whole.ends_at - at("2026-11-12 07:00")) // dt.timedelta(minutes=1)),
    ]


def quick(world: World, window: Window, asked: dt.datetime) -> Tallies:
    return tally(
        world.duties,
        world.absences,
        world.abstractions,
        within=window.so_far(asked),
        moment=window.as_at(asked),
        place=world.place,
        counts=world.counts,
    )


@settings(without_deadline, max_examples=300)
@given(st.data())
def test_every_figure_is_what_counting_minute_by_minute_gives(data: st.DataObject) -> None:
    world = data.draw(worlds())
    window, asked = data.draw(windows(world)), data.draw(moments(world))
    until = min(number(asked), number(window.whole.ends_at))

    tallies = quick(world, window, asked)

    assert as_count(tallies) == slow_count(world, range(number(window.whole.starts_at), until), until)


@without_deadline
@given(st.data())
def test_the_entries_behind_a_figure_add_up_to_it(data: st.DataObject) -> None:
    world = data.draw(worlds())
    tallies = quick(world, data.draw(windows(world)), data.draw(moments(world)))

    by_entry: Counter[object] = Counter()
    for entry in tallies.entries:
        by_entry[entry.person_id, entry.team_id, entry.grade, entry.reason] += entry.counted
        by_entry[entry.person_id, entry.team_id, entry.grade] += entry.off_duty
    by_person: Counter[object] = Counter()
    for row in tallies.people:
        by_person[row.person_id, row.team_id, row.grade] += row.off_duty_minutes
        for reason, counted_minutes in row.by_reason.items():
            by_person[row.person_id, row.team_id, row.grade, reason] += counted_minutes

    assert +by_entry == +by_person
    assert all(e.counted or e.not_counting or e.off_duty for e in tallies.entries)


@without_deadline
@given(st.data())
def test_two_windows_in_a_row_add_up_to_both_together(data: st.DataObject) -> None:
    world = data.draw(worlds())
    last_of_first = data.draw(st.integers(-1, DAYS - 1))
    asked = world.start + dt.timedelta(days=DAYS + data.draw(st.integers(2, 40)))
    first = Window(world.day(-2), world.day(last_of_first), LONDON)
    second = Window(world.day(last_of_first + 1), world.day(DAYS), LONDON)
    both = Window(first.first_day, second.last_day, LONDON)

    apart = as_count(quick(world, first, asked)) + as_count(quick(world, second, asked))

    assert apart == as_count(quick(world, both, asked))


@without_deadline
@given(worlds(people=1), st.none() | st.integers(0, DAYS - 1))
def test_available_duty_is_every_minute_on_duty_and_not_absent_once_in_order(world: World, day: int | None) -> None:
    within = None if day is None else Window(world.day(day), world.day(day), LONDON).whole
    longest = number(world.start) + (DAYS + 3) * 1440
    absent = {
        m for a in world.absences for m in range(number(a.starts_at), number(a.ends_at) if a.ends_at else longest)
    }
    wanted = {
        m: d.ref
        for m, d in owners(world.duties).items()
        if m not in absent and (within is None or number(within.starts_at) <= m < number(within.ends_at))
    }

    pieces = available_pieces(world.duties, world.absences, within)

    found = [(m, p.duty.ref) for p in pieces for m in _minutes(p.interval)]
    assert found == sorted(wanted.items())


def _minutes(interval: Interval) -> range:
    return range(number(interval.starts_at), number(interval.ends_at))
