import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    AbsenceFact,
    AbstractionFact,
    DutyFact,
    Outlook,
    Place,
    expected_end,
    figures_of,
    months_touched,
    outlooks,
    projected,
)
from npt.core.periods import Window, month_of
from npt.people.rules import Grade
from tests.abstractions.make import (
    LONDON,
    PC,
    World,
    a_duty,
    an_absence,
    an_abstraction,
    at,
    moments,
    without_deadline,
    worlds,
)
from tests.abstractions.slow_count import as_count, number, slow_count, slow_end, slow_rate

NOVEMBER = month_of(dt.date(2026, 11, 1), LONDON)
DECEMBER = month_of(dt.date(2026, 12, 1), LONDON)
EARLY = a_duty("2026-11-12 07:00", "2026-11-12 15:00", ref="early")
LATER = a_duty("2026-11-20 07:00", "2026-11-20 15:00", ref="later")


def heading(
    duties: list[DutyFact],
    abstractions: list[AbstractionFact],
    asked: str,
    absences: list[AbsenceFact] | None = None,
    month: Window = NOVEMBER,
) -> tuple[int, int, int]:
    found = projected(
        duties, absences or [], abstractions, month=month, at=at(asked), place=lambda *_: PC, counts=lambda *_: True
    )
    figures = figures_of(found.people)
    return figures.duty_minutes, figures.abstracted_minutes, figures.off_duty_minutes


def test_a_projection_takes_the_whole_month_with_what_is_planned_and_booked() -> None:
    course = an_abstraction("2026-11-20 09:00", "2026-11-20 17:00")
    leave = an_absence("2026-11-12 13:00", "2026-11-13 00:00")

    assert heading([EARLY, LATER], [course], "2026-11-01 00:00", [leave]) == (360 + 480, 360, 120)


def test_someone_still_away_is_taken_to_be_away_to_the_end_of_the_duty_they_are_in() -> None:
    away = an_abstraction("2026-11-12 09:00")

    assert heading([EARLY, LATER], [away], "2026-11-12 10:30") == (960, 360, 0)


def test_someone_still_away_between_duties_is_away_to_the_moment_of_asking() -> None:
    away = an_abstraction("2026-11-12 09:00")

    assert heading([EARLY, LATER], [away], "2026-11-12 15:00") == (960, 360, 0)
    assert heading([EARLY, LATER], [away], "2026-11-12 16:00:40") == (960, 360, 60)


def test_someone_still_away_from_an_earlier_duty_is_away_to_the_end_of_todays() -> None:
    away = an_abstraction("2026-11-12 14:00")

    assert heading([EARLY, LATER], [away], "2026-11-20 08:00") == (960, 60 + 480, (7 * 24 + 16) * 60)


def test_an_open_entry_logged_for_later_runs_to_the_end_of_the_duty_it_starts_in() -> None:
    assert heading([EARLY, LATER], [an_abstraction("2026-11-20 13:00")], "2026-11-12 08:00") == (960, 120, 0)
    assert heading([EARLY, LATER], [an_abstraction("2026-11-21 13:00")], "2026-11-12 08:00") == (960, 0, 0)


def test_of_two_duties_at_once_an_open_entry_runs_to_the_end_of_the_one_the_minute_belongs_to() -> None:
    overtime = a_duty("2026-11-12 08:00", "2026-11-12 19:00", ref="a")

    assert expected_end(an_abstraction("2026-11-12 09:00"), [overtime, EARLY], at("2026-11-12 10:00")) == EARLY.ends_at


def test_when_one_duty_ends_as_the_next_begins_the_moment_is_in_the_next() -> None:
    overtime = a_duty("2026-11-12 15:00", "2026-11-12 19:00", ref="overtime")

    end = expected_end(an_abstraction("2026-11-12 09:00"), [EARLY, overtime], at("2026-11-12 15:00"))

    assert end == overtime.ends_at


def test_the_moment_of_asking_is_kept_to_the_minute() -> None:
    assert expected_end(an_abstraction("2026-11-12 16:00"), [EARLY], at("2026-11-12 16:30:40")) == at(
        "2026-11-12 16:30"
    )


def test_somebody_elses_duty_ends_nothing() -> None:
    theirs = a_duty("2026-11-12 07:00", "2026-11-12 15:00", person=2)

    end = expected_end(an_abstraction("2026-11-12 09:00"), [theirs], at("2026-11-12 10:00"))

    assert end == at("2026-11-12 10:00")


def test_an_entry_over_a_night_at_the_end_of_the_month_touches_both_months() -> None:
    night = a_duty("2026-11-30 22:00", "2026-12-01 07:00")
    open_entry = an_abstraction("2026-11-30 23:00")
    asked = at("2026-11-30 23:00")

    assert list(months_touched(open_entry, [night], asked, LONDON)) == [NOVEMBER, DECEMBER]
    assert list(months_touched(an_abstraction("2026-11-30 23:00", "2026-12-01 00:00"), [night], asked, LONDON)) == [
        NOVEMBER
    ]
    assert list(months_touched(an_abstraction("2026-12-24 23:00"), [night], asked, LONDON)) == [DECEMBER]


def test_the_outlook_shows_the_teams_rate_without_and_with_the_entry_for_each_month() -> None:
    night = a_duty("2026-11-30 22:00", "2026-12-01 07:00", ref="night")
    colleague = a_duty("2026-11-10 07:00", "2026-11-10 15:00", person=2)
    theirs = an_abstraction("2026-11-10 07:00", "2026-11-10 08:00", person=2)
    new = an_abstraction("2026-11-30 23:00", id=None)
    targets = {NOVEMBER: Decimal(20), DECEMBER: None}

    shown = outlooks(
        [new],
        [night, colleague],
        [],
        [theirs],
        at=at("2026-11-30 23:00"),
        zone=LONDON,
        place=lambda *_: PC,
        counts=lambda *_: True,
        target=lambda _, month: targets[month],
    )

    assert shown == [
        Outlook(1, NOVEMBER, Fraction(60, 600), Fraction(120, 600), Decimal(20)),
        Outlook(1, DECEMBER, Fraction(0), Fraction(1), None),
    ]
    assert [o.over for o in shown] == [False, False]
    assert replace(shown[0], target_percent=Decimal("19.99")).over


def test_an_entry_that_takes_no_minutes_shows_the_present_team() -> None:
    shown = outlooks(
        [an_abstraction("2026-11-21 13:00", id=None)],
        [EARLY],
        [],
        [],
        at=at("2026-11-12 08:00"),
        zone=LONDON,
        place=lambda _, day: Place(2 if day >= dt.date(2026, 11, 15) else 1, Grade.PC),
        counts=lambda *_: True,
        target=lambda *_: Decimal(8),
    )

    assert shown == [Outlook(2, NOVEMBER, None, None, Decimal(8))]
    assert not shown[0].over


def test_the_outlook_leaves_out_a_team_that_only_an_earlier_entry_was_in() -> None:
    shown = outlooks(
        [an_abstraction("2026-11-20 13:00", "2026-11-20 14:00", id=None)],
        [EARLY, LATER],
        [],
        [an_abstraction("2026-11-12 08:00", "2026-11-12 09:00", id=7)],
        at=at("2026-11-19 08:00"),
        zone=LONDON,
        place=lambda _, day: Place(2 if day >= dt.date(2026, 11, 15) else 1, Grade.PC),
        counts=lambda *_: True,
        target=lambda *_: None,
    )

    assert shown == [Outlook(2, NOVEMBER, Fraction(0), Fraction(1, 8), None)]


def test_someone_without_a_posting_changes_no_teams_outlook() -> None:
    shown = outlooks(
        [an_abstraction("2026-11-12 08:00", id=None)],
        [EARLY],
        [],
        [],
        at=at("2026-11-12 08:00"),
        zone=LONDON,
        place=lambda *_: None,
        counts=lambda *_: True,
        target=lambda *_: Decimal(8),
    )

    assert shown == []


def slowly(world: World, month: Window, asked: dt.datetime) -> range:
    """The minutes of a month in which the world has anything: the rest would only take time."""
    first = max(number(month.whole.starts_at), number(world.start) - 3000)
    return range(first, min(number(month.whole.ends_at), number(world.start) + 9000))


@without_deadline
@given(st.data())
def test_every_projected_figure_is_what_counting_minute_by_minute_gives(data: st.DataObject) -> None:
    world = data.draw(worlds().filter(lambda w: all(a.ends_at for a in w.absences)))
    asked = data.draw(moments(world))
    month = month_of(world.day(data.draw(st.sampled_from([0, 3]))), LONDON)
    ends = {a.id: slow_end(world, a, number(asked)) for a in world.abstractions}

    found = projected(
        world.duties,
        world.absences,
        world.abstractions,
        month=month,
        at=asked,
        place=world.place,
        counts=world.counts,
    )

    assert as_count(found) == slow_count(world, slowly(world, month, asked), number(asked), ends)


@without_deadline
@given(st.data())
def test_every_outlook_is_the_projection_without_and_with_the_entry(data: st.DataObject) -> None:
    world = data.draw(worlds())
    asked = data.draw(moments(world))
    assume(world.abstractions)
    new, *others = world.abstractions
    before = replace(world, abstractions=others)
    ends = {a.id: slow_end(world, a, number(asked)) for a in world.abstractions}

    shown = outlooks(
        [new],
        world.duties,
        world.absences,
        others,
        at=asked,
        zone=LONDON,
        place=world.place,
        counts=world.counts,
        target=lambda *_: None,
    )

    touched = {month_of(new.starts_on, LONDON)} | {
        month_of(dt.datetime.fromtimestamp(minute * 60, LONDON).date(), LONDON)
        for minute in range(number(new.starts_at), number(new.ends_at) if new.ends_at else ends[new.id], 15)
    }
    assert {o.month for o in shown} <= touched
    for outlook in shown:
        span = slowly(world, outlook.month, asked)
        assert outlook.without == slow_rate(slow_count(before, span, number(asked), ends), outlook.team_id)
        assert outlook.with_it == slow_rate(slow_count(world, span, number(asked), ends), outlook.team_id)
    for month in touched:
        count = slow_count(world, slowly(world, month, asked), number(asked), ends)
        teams = {key[2] for key in count if key[:2] == ("entry", new.id)}
        present = world.place(new.person_id, max(new.starts_on, month.first_day))
        assert {o.team_id for o in shown if o.month == month} == (teams or ({present.team_id} if present else set()))
