"""Each minute of an entry and of a duty is somewhere, and its stretches say where."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import DutyFact
from npt.abstractions.rules.availability import available_pieces
from npt.abstractions.rules.portions import Goes, Rostered, duty_portions, portions
from npt.core.periods import Interval, union
from tests.abstractions.make import (
    PC,
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
from tests.abstractions.slow_count import number, slow_count

WHAT = {"counted": Goes.COUNTED, "not counting": Goes.NOT_COUNTING, "off duty": Goes.OFF_DUTY}


@without_deadline
@given(st.data())
def test_the_stretches_of_an_entry_add_up_to_what_counting_minute_by_minute_gives_it(data: st.DataObject) -> None:
    world = data.draw(worlds())
    window, asked = data.draw(windows(world)), data.draw(moments(world))
    until = min(number(asked), number(window.whole.ends_at))
    slow = slow_count(world, range(number(window.whole.starts_at), until), until)

    found: Counter[tuple[object, ...]] = Counter()
    for entry in world.abstractions:
        within = window.so_far(asked)
        if within is None:
            continue
        for each in portions(
            entry,
            [duty for duty in world.duties if duty.person_id == entry.person_id],
            [absence for absence in world.absences if absence.person_id == entry.person_id],
            within=within,
            moment=window.as_at(asked),
            place=world.place,
        ):
            goes = each.goes(entry.reason, world.counts)
            for name, what in WHAT.items():
                if goes is what and each.place:
                    found["entry", entry.id, each.place.team_id, each.place.grade, name] += each.interval.minutes

    assert found == Counter({key: minutes for key, minutes in slow.items() if key[0] == "entry"})


@without_deadline
@given(st.data())
def test_the_stretches_of_an_entry_hold_each_of_its_minutes_once(data: st.DataObject) -> None:
    world = data.draw(worlds(people=1))
    whole = Interval(world.start, at("2027-02-01"))
    for entry in world.abstractions:
        found = portions(entry, world.duties, world.absences, within=whole, moment=whole.ends_at, place=world.place)
        held = [each.interval for each in found]
        assert held == sorted(held)
        if held:
            assert union(held) == [Interval(max(entry.starts_at, whole.starts_at), entry.ends_at or whole.ends_at)]


@without_deadline
@given(worlds(people=1))
def test_what_is_available_of_a_duty_is_what_the_count_takes_of_it(world: World) -> None:
    whole = Interval(at("2026-01-01"), at("2027-02-01"))
    pieces = available_pieces(world.duties, world.absences, whole)
    for duty in {each.ref: each for each in world.duties}.values():
        if sum(each.ref == duty.ref for each in world.duties) > 1:
            continue
        found = duty_portions(duty.ref, world.duties, world.absences, within=whole)
        available = sum(each.interval.minutes for each in found if each.what is Rostered.AVAILABLE)
        assert available == sum(piece.interval.minutes for piece in pieces if piece.duty.ref == duty.ref)
        assert union([each.interval for each in found]) == [Interval(duty.starts_at, duty.ends_at)]


def _of(ref: str, duties: list[DutyFact]) -> list[tuple[int, Rostered]]:
    absences = [an_absence("2026-11-12 09:00", "2026-11-12 10:00")]
    found = duty_portions(ref, duties, absences, within=Interval(at("2026-11-01"), at("2026-12-01")))
    return [(each.interval.minutes, each.what) for each in found]


def test_a_duty_says_what_leave_takes_of_it_and_what_the_duty_before_has() -> None:
    early = a_duty("2026-11-12 07:00", "2026-11-12 15:00", ref="D1")
    late = a_duty("2026-11-12 14:00", "2026-11-12 22:00", ref="D2")

    assert _of("D1", [early, late]) == [(120, Rostered.AVAILABLE), (60, Rostered.ABSENT), (300, Rostered.AVAILABLE)]
    assert _of("D2", [early, late]) == [(60, Rostered.ANOTHER_DUTY), (420, Rostered.AVAILABLE)]


def test_an_entry_over_the_end_of_a_duty_is_counted_to_there_and_off_duty_after() -> None:
    entry = an_abstraction("2026-11-12 14:00", "2026-11-12 17:00", reason="court")
    duty = a_duty("2026-11-12 07:00", "2026-11-12 15:00")

    found = portions(
        entry,
        [duty],
        [],
        within=Interval(at("2026-11-01"), at("2026-12-01")),
        moment=at("2026-12-01"),
        place=lambda person, day: PC,
    )

    said = [(each.interval.minutes, each.goes("court", lambda reason, day, grade: True)) for each in found]
    assert said == [(60, Goes.COUNTED), (120, Goes.OFF_DUTY)]
    assert {each.goes("court", lambda reason, day, grade: False) for each in found} == {Goes.NOT_COUNTING, Goes.NOWHERE}
