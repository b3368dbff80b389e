"""A team's week: what stands in which cell, and that the cells add up to the week's figure to the minute."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    AbsenceKind,
    AbstractionFact,
    Cell,
    DutyFact,
    Off,
    PersonWeek,
    Place,
    Spell,
    count_days,
    figures_of,
    overdue_since,
    people_weeks,
    tally,
    week_of,
)
from npt.core.periods import DAY, MINUTE, Interval, Window, local_day, midnight
from npt.people.rules import Grade
from tests.abstractions.make import (
    LONDON,
    PC,
    World,
    a_duty,
    an_abstraction,
    at,
    moments,
    windows,
    without_deadline,
    worlds,
)
from tests.abstractions.slow_count import number, slow_count

WEEK = week_of(dt.date(2026, 11, 12), LONDON)
AFTER = "2026-11-20 12:00"


def a_spell(starts: str, ends: str | None, kind: AbsenceKind | None = AbsenceKind.ANNUAL_LEAVE) -> Spell:
    return Spell(1, at(starts), at(ends) if ends else None, kind)


def row(
    *facts: DutyFact | Spell | AbstractionFact,
    asked: str = AFTER,
    window: Window = WEEK,
    places: Mapping[dt.date, Place] | None = None,
    team: int = 1,
) -> PersonWeek:
    """The week of one PC of team 1, unless ``places`` says where they are on some days."""

    def place(person_id: int, day: dt.date) -> Place | None:
        return (places or {}).get(day, PC)

    duties = [fact for fact in facts if isinstance(fact, DutyFact)]
    absences = [fact for fact in facts if isinstance(fact, Spell)]
    entries = [fact for fact in facts if isinstance(fact, AbstractionFact)]
    days = count_days(
        duties,
        absences,  # type: ignore[arg-type]
        entries,
        window=window,
        at=at(asked),
        place=place,
        counts=lambda reason, day, grade: reason != "training",
    )
    [found] = people_weeks(team, days, duties, absences, entries, window=window, place=place, people=[1])
    return found


def on(found: PersonWeek, day: int) -> Cell:
    """The cell of a day of the month."""
    return next(cell for cell in found.cells if cell.day.day == day)


def taken(cell: Cell) -> list[tuple[str, int, int, int, int]]:
    return [(t.entry.reason, t.counted, t.not_counting, t.off_duty, t.to_come) for t in cell.taken]


@pytest.mark.parametrize("day", [9, 12, 15])
def test_a_week_runs_from_monday_to_sunday(day: int) -> None:
    found = week_of(dt.date(2026, 11, day), LONDON)

    assert (found.first_day, found.last_day) == (dt.date(2026, 11, 9), dt.date(2026, 11, 15))


def test_a_cell_shows_the_duty_and_what_was_taken_from_it() -> None:
    found = row(a_duty("2026-11-10 07:00", "2026-11-10 16:00"), an_abstraction("2026-11-10 08:00", "2026-11-10 10:30"))

    cell = on(found, 10)
    assert [duty.ref for duty in cell.duties] == ["D1"]
    assert taken(cell) == [("custody", 150, 0, 0, 0)]
    assert (cell.duty_minutes, cell.abstracted_minutes, cell.share) == (540, 150, Fraction(150, 540))
    assert (found.duty_minutes, found.abstracted_minutes, found.rate) == (540, 150, Fraction(150, 540))


def test_a_day_without_anything_is_empty() -> None:
    cell = on(row(a_duty("2026-11-10 07:00", "2026-11-10 16:00")), 11)

    assert (cell.here, cell.empty) == (True, True)


def test_a_night_stands_on_its_duty_date_and_its_minutes_on_the_days_they_fall_in() -> None:
    found = row(a_duty("2026-11-10 22:00", "2026-11-11 07:00"), an_abstraction("2026-11-10 23:00", "2026-11-11 02:00"))

    evening, morning = on(found, 10), on(found, 11)
    assert ([d.ref for d in evening.duties], list(evening.carried)) == (["D1"], [])
    assert (list(morning.duties), [d.ref for d in morning.carried]) == ([], ["D1"])
    assert (evening.duty_minutes, morning.duty_minutes) == (120, 420)
    assert (taken(evening), taken(morning)) == ([("custody", 60, 0, 0, 0)], [("custody", 120, 0, 0, 0)])


def test_the_night_of_the_sunday_before_gives_monday_its_minutes() -> None:
    found = row(a_duty("2026-11-08 22:00", "2026-11-09 07:00"))

    monday = on(found, 9)
    assert (list(monday.duties), [d.ref for d in monday.carried], monday.duty_minutes) == ([], ["D1"], 420)


@pytest.mark.parametrize(("sunday", "minutes"), [(dt.date(2026, 3, 29), 480), (dt.date(2026, 10, 25), 600)])
def test_a_night_the_clocks_change_in_is_as_long_as_it_was(sunday: dt.date, minutes: int) -> None:
    window = week_of(sunday, LONDON)
    saturday = sunday - DAY
    night = a_duty(f"{saturday} 22:00", f"{sunday} 07:00")

    found = row(night, window=window, asked="2026-12-01 12:00")

    assert (found.cells[5].duty_minutes, found.cells[6].duty_minutes) == (120, minutes - 120)


def test_what_is_still_to_come_is_said_and_not_counted() -> None:
    found = row(
        a_duty("2026-11-12 07:00", "2026-11-12 16:00"),
        a_duty("2026-11-13 07:00", "2026-11-13 16:00", ref="D2"),
        an_abstraction("2026-11-12 08:00", "2026-11-12 11:00"),
        an_abstraction("2026-11-13 08:00", "2026-11-13 12:00", id=2),
        asked="2026-11-12 10:00",
    )

    today, tomorrow = on(found, 12), on(found, 13)
    assert (taken(today), today.duty_minutes, today.share) == ([("custody", 120, 0, 0, 60)], 180, Fraction(180, 540))
    assert (taken(tomorrow), tomorrow.duty_minutes) == ([("custody", 0, 0, 0, 240)], 0)
    assert tomorrow.share == Fraction(240, 540)


def test_somebody_still_away_has_what_is_over_counted() -> None:
    cell = on(
        row(
            a_duty("2026-11-12 07:00", "2026-11-12 16:00"),
            an_abstraction("2026-11-12 08:00", None),
            asked="2026-11-12 10:00",
        ),
        12,
    )

    assert taken(cell) == [("custody", 120, 0, 0, 360)]
    assert cell.taken[0].entry.ends_at is None


def test_what_does_not_count_and_what_was_off_duty_is_shown_beside() -> None:
    found = row(
        a_duty("2026-11-10 07:00", "2026-11-10 16:00"),
        an_abstraction("2026-11-10 08:00", "2026-11-10 09:00", reason="training"),
        an_abstraction("2026-11-10 15:00", "2026-11-10 18:00", id=2),
        an_abstraction("2026-11-11 10:00", "2026-11-11 12:00", reason="training", id=3),
    )

    assert taken(on(found, 10)) == [("training", 0, 60, 0, 0), ("custody", 60, 0, 120, 0)]
    assert taken(on(found, 11)) == [("training", 0, 0, 0, 0)]


def test_an_absence_takes_the_whole_duty_or_says_which_part() -> None:
    found = row(
        a_duty("2026-11-10 07:00", "2026-11-10 16:00"),
        a_duty("2026-11-11 07:00", "2026-11-11 16:00", ref="D2"),
        a_spell("2026-11-10 00:00", "2026-11-11 00:00"),
        a_spell("2026-11-11 12:00", "2026-11-11 16:00", AbsenceKind.TOIL),
        a_spell("2026-11-14 00:00", None, AbsenceKind.SICKNESS),
    )

    part = Interval(at("2026-11-11 12:00"), at("2026-11-11 16:00"))
    assert list(on(found, 10).absences) == [Off(AbsenceKind.ANNUAL_LEAVE)]
    assert list(on(found, 11).absences) == [Off(AbsenceKind.TOIL, part)]
    assert [list(on(found, day).absences) for day in (12, 13)] == [[], []]
    assert [list(on(found, day).absences) for day in (14, 15)] == [[Off(AbsenceKind.SICKNESS)]] * 2
    assert (on(found, 10).duty_minutes, on(found, 11).duty_minutes) == (0, 300)


def test_a_night_somebody_was_absent_from_does_not_reach_into_the_next_day() -> None:
    found = row(a_duty("2026-11-10 22:00", "2026-11-11 07:00"), a_spell("2026-11-10 22:00", "2026-11-12 00:00"))

    assert (list(on(found, 11).carried), list(on(found, 11).absences)) == ([], [Off(AbsenceKind.ANNUAL_LEAVE)])


def test_whoever_moves_in_mid_week_stands_in_each_team_on_the_days_they_are_in_it() -> None:
    moved = {dt.date(2026, 11, day): Place(2, Grade.PC) for day in range(12, 20)}
    facts = (
        a_duty("2026-11-11 22:00", "2026-11-12 07:00"),
        a_duty("2026-11-12 22:00", "2026-11-13 07:00", ref="D2"),
        an_abstraction("2026-11-12 01:00", "2026-11-12 02:00"),
        an_abstraction("2026-11-12 23:00", "2026-11-12 23:30", id=2),
    )

    before, after = row(*facts, places=moved), row(*facts, places=moved, team=2)

    assert [cell.here for cell in before.cells] == [True] * 3 + [False] * 4
    assert [cell.here for cell in after.cells] == [False] * 3 + [True] * 4
    # The night begun in the old team is the old team's to its end.
    assert (on(before, 12).duty_minutes, taken(on(before, 12))) == (420, [("custody", 60, 0, 0, 0)])
    assert (on(after, 12).duty_minutes, taken(on(after, 12))) == (120, [("custody", 30, 0, 0, 0)])
    assert on(before, 13).empty


def test_a_special_constable_is_shown_and_is_in_no_rate() -> None:
    special = {dt.date(2026, 11, 2) + number * DAY: Place(1, Grade.SPECIAL) for number in range(20)}

    found = row(
        a_duty("2026-11-10 18:00", "2026-11-10 22:00"),
        an_abstraction("2026-11-10 19:00", "2026-11-10 20:00"),
        places=special,
    )

    assert (found.rated, found.duty_minutes, found.rate) == (False, 0, None)
    assert [t.rated for t in on(found, 10).taken] == [False]


def test_an_acting_sergeant_has_both_grades_in_the_order_they_come() -> None:
    acting = {dt.date(2026, 11, day): Place(1, Grade.SERGEANT) for day in (12, 13, 14, 15)}

    assert list(row(a_duty("2026-11-10 07:00", "2026-11-10 16:00"), places=acting).grades) == [Grade.PC, Grade.SERGEANT]


@pytest.mark.parametrize(
    ("asked", "since"),
    [
        ("2026-11-12 15:59", None),
        ("2026-11-12 16:00", "2026-11-12 16:00"),
        ("2026-11-12 20:00", "2026-11-12 16:00"),
    ],
)
def test_whoever_is_still_away_when_their_duty_is_over_is_overdue(asked: str, since: str | None) -> None:
    duties = [a_duty("2026-11-12 07:00", "2026-11-12 12:00"), a_duty("2026-11-12 12:00", "2026-11-12 16:00", ref="D2")]

    assert overdue_since(at("2026-11-12 08:00"), duties, at(asked)) == (at(since) if since else None)


def test_whoever_went_off_duty_is_never_overdue() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 16:00")

    assert overdue_since(at("2026-11-12 16:00"), [duty], at("2026-11-13 16:00")) is None


def weeks_of(world: World, window: Window, moment: dt.datetime) -> dict[int, list[PersonWeek]]:
    spells = [Spell(each.person_id, each.starts_at, each.ends_at) for each in world.absences]
    days = count_days(
        world.duties,
        world.absences,
        world.abstractions,
        window=window,
        at=moment,
        place=world.place,
        counts=world.counts,
    )
    return {
        team: people_weeks(
            team,
            days,
            world.duties,
            spells,
            world.abstractions,
            window=window,
            place=world.place,
            people=world.places,
        )
        for team in (1, 2)
    }


@without_deadline
@given(st.data())
def test_the_cells_add_up_to_the_weeks_figure_to_the_minute(data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    window, moment = data.draw(windows(world)), data.draw(moments(world))

    weeks = weeks_of(world, window, moment)

    whole = tally(
        world.duties,
        world.absences,
        world.abstractions,
        within=window.so_far(moment),
        moment=window.as_at(moment),
        place=world.place,
        counts=world.counts,
    )
    for team, rows in weeks.items():
        figures = figures_of(row for row in whole.people if row.team_id == team)
        cells = [cell for row in rows for cell in row.cells]
        assert sum(row.duty_minutes for row in rows) == sum(c.duty_minutes for c in cells) == figures.duty_minutes
        assert sum(row.abstracted_minutes for row in rows) == figures.abstracted_minutes
        assert sum(row.off_duty_minutes for row in rows) == figures.off_duty_minutes
        assert sum(t.counted for c in cells for t in c.taken) == figures.abstracted_minutes
        assert sum(t.off_duty for c in cells for t in c.taken) == figures.off_duty_minutes


@without_deadline
@given(st.data())
def test_each_cell_is_what_a_count_minute_by_minute_finds_on_that_day(data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    window, moment = data.draw(windows(world)), data.draw(moments(world))

    shown: Counter[tuple[object, ...]] = Counter()
    for team, rows in weeks_of(world, window, moment).items():
        for each in rows:
            for cell in each.cells:
                shown[cell.day, each.person_id, team, "duty"] += cell.duty_minutes
                shown[cell.day, each.person_id, team, "abstracted"] += cell.abstracted_minutes

    slow: Counter[tuple[object, ...]] = Counter()
    for day in window.days():
        alone = Window(day, day, LONDON)
        if over := alone.so_far(moment):
            minutes = range(number(over.starts_at), number(over.ends_at))
            for key, found in slow_count(world, minutes, number(alone.as_at(moment))).items():
                if key[0] != "entry" and key[3] != "off duty":
                    slow[day, key[0], key[1], "duty" if key[3] == "duty" else "abstracted"] += found
    assert +shown == +slow


@without_deadline
@given(st.data())
def test_every_duty_of_the_week_stands_in_one_cell_of_one_team(data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    window, moment = data.draw(windows(world)), data.draw(moments(world))

    weeks = weeks_of(world, window, moment)

    shown = Counter(
        (team, cell.day, duty.ref)
        for team, rows in weeks.items()
        for each in rows
        for cell in each.cells
        for duty in cell.duties
    )
    wanted = Counter(
        (there.team_id, duty.duty_date, duty.ref)
        for duty in world.duties
        if window.first_day <= duty.duty_date <= window.last_day
        and (there := world.place(duty.person_id, duty.duty_date))
    )
    assert shown == wanted


@without_deadline
@given(st.data())
def test_nothing_to_come_is_less_than_nothing_and_all_of_it_is_ahead(data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    window, moment = data.draw(windows(world)), data.draw(moments(world))

    for rows in weeks_of(world, window, moment).values():
        for each in rows:
            for cell in each.cells:
                assert 0 <= cell.share <= 1
                ahead = midnight(cell.day + DAY, LONDON) - max(moment, midnight(cell.day, LONDON))
                for entry in cell.taken:
                    assert 0 <= entry.to_come <= max(ahead // MINUTE, 0)
                    assert local_day(entry.entry.starts_at, LONDON) <= cell.day
