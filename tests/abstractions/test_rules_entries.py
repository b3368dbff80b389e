import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    Booked,
    InDuty,
    Outlook,
    in_duty,
    is_late,
    obstacles_to_authorising,
    obstacles_to_logging,
    obstacles_to_times,
    why_authorisation_is_needed,
)
from npt.core.errors import Reason
from npt.core.periods import month_of
from npt.people.rules import RATED_GRADES
from npt.policy.rules import Policy, ReasonBook, ReasonRow
from tests.abstractions.make import LONDON, a_duty, a_policy, an_absence, an_abstraction, at, without_deadline

CUSTODY = ReasonRow("custody", dt.date(2026, 11, 1), None, "Custody cover", "custody", RATED_GRADES, RATED_GRADES)
REASONS = ReasonBook([CUSTODY])
NOVEMBER = month_of(dt.date(2026, 11, 1), LONDON)
DECEMBER = month_of(dt.date(2026, 12, 1), LONDON)


def refusals(
    starts: str, ends: str | None, *booked: Booked, reason: str = "custody", may_run_on: bool = False
) -> list[Reason]:
    return obstacles_to_logging(
        starts_at=at(starts),
        ends_at=at(ends) if ends else None,
        starts_on=dt.date.fromisoformat(starts[:10]),
        reason=reason,
        reasons=REASONS,
        who="PC 1432 A. Rahman",
        booked=booked,
        may_run_on=may_run_on,
    )


def booked(starts: str, ends: str | None = None) -> Booked:
    return Booked(at(starts), at(ends) if ends else None, "Custody cover from 7:00am on 12 November")


def test_nothing_stands_in_the_way_of_an_ordinary_entry() -> None:
    assert refusals("2026-11-12 07:00", "2026-11-12 15:00") == []
    assert refusals("2026-11-12 07:00", None) == []


@pytest.mark.parametrize("ends", ["2026-11-12 07:00", "2026-11-12 06:59", "2026-11-12 07:00:59"])
def test_an_end_not_after_the_start_is_refused(ends: str) -> None:
    assert [(r.field, r.message) for r in refusals("2026-11-12 07:00", ends)] == [
        ("ends_at", "The end must be after the start")
    ]


def test_an_entry_of_more_than_24_hours_is_asked_for_duty_by_duty() -> None:
    [reason] = refusals("2026-11-12 07:00", "2026-11-13 07:01")

    assert reason.field == "ends_at"
    assert "Enter one entry for each duty" in reason.message
    assert refusals("2026-11-12 07:00", "2026-11-13 07:00") == []


def test_24_hours_are_24_hours_also_when_the_clocks_change() -> None:
    forward = obstacles_to_times(at("2026-03-28 12:00"), at("2026-03-29 13:00"))
    back = obstacles_to_times(at("2026-10-24 12:00"), at("2026-10-25 12:00"))

    assert forward == []
    assert [r.field for r in back] == ["ends_at"]


def test_an_open_entry_that_ran_on_is_ended_as_it_stands() -> None:
    assert refusals("2026-11-12 07:00", "2026-11-20 07:01", may_run_on=True) == []
    assert refusals("2026-11-12 07:00", "2026-11-12 07:00", may_run_on=True) != []


def test_nobody_is_in_two_places() -> None:
    reasons = refusals("2026-11-12 09:00", "2026-11-12 12:00", booked("2026-11-12 07:00", "2026-11-12 10:00"))

    assert reasons == [
        Reason("PC 1432 A. Rahman is already away: Custody cover from 7:00am on 12 November", "person_id")
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "other", "refused"),
    [
        ("2026-11-12 10:00", "2026-11-12 12:00", booked("2026-11-12 07:00", "2026-11-12 10:00"), False),
        ("2026-11-12 05:00", "2026-11-12 07:00", booked("2026-11-12 07:00", "2026-11-12 10:00"), False),
        ("2026-11-12 05:00", "2026-11-12 07:01", booked("2026-11-12 07:00", "2026-11-12 10:00"), True),
        ("2026-11-25 05:00", "2026-11-25 07:00", booked("2026-11-12 07:00"), True),
        ("2026-11-12 05:00", "2026-11-12 07:00", booked("2026-11-12 07:00"), False),
        ("2026-11-12 05:00", None, booked("2026-11-12 07:00", "2026-11-12 10:00"), True),
        ("2026-11-12 10:00", None, booked("2026-11-12 07:00", "2026-11-12 10:00"), False),
        ("2026-11-12 05:00", None, booked("2026-11-25 07:00"), True),
    ],
)
def test_an_open_entry_has_no_end_and_entries_that_touch_do_not_overlap(
    starts: str, ends: str | None, other: Booked, refused: bool
) -> None:
    assert bool(refusals(starts, ends, other)) is refused


ends = st.none() | st.integers(1, 9)


@without_deadline
@given(st.integers(0, 9), ends, st.integers(0, 9), ends)
def test_two_entries_overlap_when_they_have_a_minute_in_common(
    a: int, a_long: int | None, b: int, b_long: int | None
) -> None:
    start = at("2026-11-12 07:00")
    minute = dt.timedelta(minutes=1)
    one = set(range(a, 50 if a_long is None else a + a_long))
    other = set(range(b, 50 if b_long is None else b + b_long))

    held = Booked(start + a * minute, None if a_long is None else start + (a + a_long) * minute, "")

    ends_at = None if b_long is None else start + (b + b_long) * minute
    assert held.overlaps(start + b * minute, ends_at) is bool(one & other)


def test_a_reason_not_in_force_that_day_cannot_be_logged() -> None:
    [before] = refusals("2026-10-31 23:00", "2026-11-01 02:00")
    [unknown] = refusals("2026-11-12 07:00", None, reason="festival")

    assert (before.field, before.message) == (
        "reason",
        "Custody cover cannot be logged on 31 October 2026: choose another reason",
    )
    assert unknown.field == "reason"


def test_everything_wrong_is_said_at_once() -> None:
    found = refusals("2026-10-12 07:00", "2026-10-14 07:00", booked("2026-10-12 07:00"), booked("2026-10-13 07:00"))

    assert [r.field for r in found] == ["ends_at", "reason", "person_id"]
    assert found[-1].message.count("Custody cover from 7:00am on 12 November") == 2


def test_an_entry_without_an_end_is_shown_the_way_out_when_the_person_is_away_again_later() -> None:
    later = booked("2026-11-12 12:00", "2026-11-12 13:00")

    [reason] = refusals("2026-11-12 07:00", None, later, booked("2026-11-20 07:00"))

    assert reason == Reason(
        "Enter when they will be back: PC 1432 A. Rahman is away again for Custody cover from 7:00am on 12 November. "
        "An entry still away would run into it",
        "returning",
    )


def an_outlook(with_it: str | None, target: str | None = "8", *, without: str = "0", december: bool = False) -> Outlook:
    return Outlook(
        1,
        DECEMBER if december else NOVEMBER,
        Fraction(without),
        None if with_it is None else Fraction(with_it),
        None if target is None else Decimal(target),
    )


def why(
    *outlooks: Outlook,
    starts: str = "2026-11-12 07:00",
    ends: str | None = None,
    logged: str = "2026-11-11 07:00",
    policy: Policy | None = None,
    lies: InDuty | None = None,
) -> list[str]:
    return why_authorisation_is_needed(
        starts_at=at(starts),
        ends_at=at(ends) if ends else None,
        logged_at=at(logged),
        outlooks=outlooks,
        policy=policy or a_policy(),
        in_duty=lies,
    )


def test_a_planned_entry_that_takes_the_month_over_target_needs_an_inspector() -> None:
    assert why(an_outlook("0.0801")) == [
        "It starts after it is logged, and with it November 2026 is heading over target"
    ]
    assert why(an_outlook("0.08")) == []


def test_it_needs_one_even_when_the_month_was_over_without_it() -> None:
    assert len(why(an_outlook("0.2", without="0.2"))) == 1


def test_a_month_that_was_over_without_it_is_said_to_be_over_already() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 16:00")
    entry = an_abstraction("2026-11-12 07:00", "2026-11-12 15:00")
    on_duty = in_duty(entry, [duty], [], at=at("2026-11-11 07:00"))
    off_duty = in_duty(entry, [], [], at=at("2026-11-11 07:00"))
    leave = [an_absence("2026-11-12 00:00")]
    on_leave = in_duty(entry, [duty], leave, at=at("2026-11-11 07:00"))
    short = in_duty(entry, [a_duty("2026-11-12 07:00", "2026-11-12 08:00")], leave, at=at("2026-11-11 07:00"))
    same, joint = an_outlook("0.2", without="0.2"), an_outlook("0.2")

    already = "It starts after it is logged, and November 2026 is heading over target already"
    assert why(an_outlook("0.2", without="0.1"), lies=on_duty) == [already]
    assert why(same, lies=on_duty) == [f"{already}; this entry adds nothing to it"]
    assert why(same, lies=off_duty) == [f"{already}; this entry adds nothing: it is off duty"]
    assert why(same, lies=on_leave) == [f"{already}; this entry adds nothing: it is in an absence"]
    assert why(same, lies=short)[0].endswith("it is off duty or in an absence")
    assert why(joint, lies=off_duty) == [
        "It starts after it is logged, and with those logged together with it November 2026 is heading over target; "
        "this entry adds nothing: it is off duty"
    ]


def test_any_month_it_touches_is_enough() -> None:
    assert why(an_outlook("0.01"), an_outlook("0.09", december=True)) == [
        "It starts after it is logged, and with it December 2026 is heading over target"
    ]


def test_a_month_is_named_once_however_many_teams_it_is_over_for() -> None:
    assert len(why(an_outlook("0.09"), an_outlook("0.10"))) == 1


def test_without_a_target_or_data_the_projection_asks_for_nobody() -> None:
    assert why(an_outlook("1", None), an_outlook(None)) == []


def test_an_entry_that_has_started_when_it_is_logged_is_not_held_up_by_the_target() -> None:
    assert why(an_outlook("1"), logged="2026-11-12 07:00") == []
    assert why(an_outlook("1"), logged="2026-11-12 07:00:59") == []
    assert len(why(an_outlook("1"), logged="2026-11-12 06:59:59")) == 1


def test_whether_the_target_asks_for_an_inspector_is_policy() -> None:
    assert why(an_outlook("1"), policy=a_policy(over_target=False)) == []


def test_more_than_twelve_hours_from_start_to_end_needs_an_inspector() -> None:
    assert why(ends="2026-11-12 19:00") == []
    assert why(ends="2026-11-12 19:01") == ["It is longer than 12 hours"]
    assert why(ends="2026-11-12 19:01", logged="2026-11-13 07:00") == ["It is longer than 12 hours"]
    assert why(starts="2026-10-24 20:00", ends="2026-10-25 08:00") == ["It is longer than 12 hours"]


def test_how_long_is_long_is_policy() -> None:
    assert why(ends="2026-11-12 14:30", policy=a_policy(over_hours="7.50")) == []
    assert why(ends="2026-11-12 14:31", policy=a_policy(over_hours="7.50")) == ["It is longer than 7.5 hours"]
    assert why(ends="2026-11-12 17:01", policy=a_policy(over_hours="10")) == ["It is longer than 10 hours"]


def test_nobody_authorises_an_entry_about_themselves_or_one_they_logged() -> None:
    about_me = obstacles_to_authorising(actor_person_id=1, actor_user_id=10, person_id=1, logged_by_user_id=20)
    logged_by_me = obstacles_to_authorising(actor_person_id=1, actor_user_id=10, person_id=2, logged_by_user_id=10)
    logged_as_person = obstacles_to_authorising(actor_person_id=1, actor_user_id=10, person_id=2, logged_by_person_id=1)
    both = obstacles_to_authorising(actor_person_id=1, actor_user_id=10, person_id=1, logged_by_user_id=10)

    assert [len(found) for found in (about_me, logged_by_me, logged_as_person, both)] == [1, 1, 1, 2]


def test_somebody_else_may_authorise_also_when_nobody_knows_who_logged_it() -> None:
    other = obstacles_to_authorising(
        actor_person_id=1, actor_user_id=10, person_id=2, logged_by_user_id=1, logged_by_person_id=10
    )
    unknown = obstacles_to_authorising(actor_person_id=None, actor_user_id=None, person_id=2)

    assert other == unknown == []


def test_an_entry_is_late_when_logged_more_than_48_hours_after_it_started() -> None:
    started = at("2026-11-12 07:00")

    assert not is_late(started, at("2026-11-14 07:00:59"), a_policy())
    assert is_late(started, at("2026-11-14 07:01"), a_policy())
    assert is_late(started, at("2026-11-12 08:01"), a_policy(late_hours=1))
    assert not is_late(started, at("2026-11-11 07:00"), a_policy())
    assert not is_late(started, None, a_policy())


def test_48_hours_are_48_hours_also_when_the_clocks_go_back() -> None:
    assert is_late(at("2026-10-24 07:00"), at("2026-10-26 06:01"), a_policy())
