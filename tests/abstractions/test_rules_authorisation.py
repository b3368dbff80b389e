"""How an entry stands with whoever must authorise it, and what a change does to that, for any entry there can be."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    Authorisation,
    Part,
    Stretch,
    authorisation_of,
    obstacles_to_authorising,
    obstacles_to_dividing,
    obstacles_to_touching,
    rejudged,
    whys_together,
)
from npt.core.errors import Reason
from tests.abstractions.make import at, without_deadline

START = at("2026-11-12 07:00")
MINUTE = dt.timedelta(minutes=1)
OVER, LONG = "It is over target", "It is too long"


@pytest.mark.parametrize(
    ("awaiting", "authorised", "afterwards", "declined", "stands"),
    [
        (False, False, False, False, Authorisation.NOT_NEEDED),
        (True, False, False, False, Authorisation.AWAITING),
        (False, True, False, False, Authorisation.AUTHORISED),
        (False, True, True, False, Authorisation.AFTERWARDS),
        (True, True, False, False, Authorisation.AUTHORISED),
        (True, False, False, True, Authorisation.DECLINED),
    ],
)
def test_what_was_decided_wins_over_what_waits(
    awaiting: bool, authorised: bool, afterwards: bool, declined: bool, stands: Authorisation
) -> None:
    found = authorisation_of(awaiting=awaiting, authorised=authorised, afterwards=afterwards, declined=declined)

    assert found is stands


def minutes_of(stretch: Stretch) -> set[int]:
    end = 60 if stretch.ends_at is None else (stretch.ends_at - START) // MINUTE
    return set(range((stretch.starts_at - START) // MINUTE, end))


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    start = draw(st.integers(0, 20))
    length = draw(st.none() | st.integers(1, 20))
    ends_at = None if length is None else START + (start + length) * MINUTE
    return Stretch(draw(st.sampled_from(["custody", "court"])), START + start * MINUTE, ends_at)


whys = st.lists(st.sampled_from([OVER, LONG]), unique=True)


@without_deadline
@given(stretches(), stretches())
def test_what_lies_within_another_takes_no_minute_more_and_for_the_same_reason(one: Stretch, other: Stretch) -> None:
    if one.within(other):
        assert one.reason == other.reason
        assert minutes_of(one) <= minutes_of(other)
    elif one.reason == other.reason and other.ends_at is not None and one.ends_at is not None:
        assert not minutes_of(one) <= minutes_of(other)


@without_deadline
@given(stretches(), stretches(), whys, whys)
def test_nothing_a_change_asks_for_goes_unauthorised(
    before: Stretch, after: Stretch, why_before: list[str], why_now: list[str]
) -> None:
    too_long = [why for why in why_now if why == LONG]

    judged = rejudged(before, after, why_before=why_before, why_now=why_now, too_long=too_long)

    if not after.within(before):
        assert judged.why == tuple(why_now)
        assert not judged.stands
    # Length is judged always; a target only where it was judged before, or where more is taken.
    assert set(too_long) <= set(judged.why) <= set(why_now)
    assert not judged.stands or set(judged.why) <= set(why_before)


def test_a_month_over_its_target_is_the_same_cause_however_it_is_worded() -> None:
    whole, shorter = Stretch("custody", START, START + 60 * MINUTE), Stretch("custody", START, START + 30 * MINUTE)
    with_it, already = "with it November 2026 is heading over target", "November 2026 is heading over target already"
    december = "December 2026 is heading over target already"

    judged = rejudged(whole, shorter, why_before=[with_it], why_now=[already, december], too_long=[])

    assert (judged.why, judged.stands) == ((already,), True)
    assert whys_together([with_it, LONG], [already, december]) == [already, LONG, december]


def test_what_is_open_gives_no_leave_for_another_start() -> None:
    still_away = Stretch("custody", START, None)

    assert Stretch("custody", START, START + 60 * MINUTE).within(still_away)
    assert not Stretch("custody", START + MINUTE, START + 60 * MINUTE).within(still_away)
    assert not still_away.within(Stretch("custody", START, START + 60 * MINUTE))


def test_whoever_changed_it_does_not_decide_it_and_is_told_once() -> None:
    def said(**known: int) -> list[str]:
        reasons = obstacles_to_authorising(actor_person_id=1, actor_user_id=10, person_id=2, **known)
        return [reason.message for reason in reasons]

    assert said(asked_by_user_id=10) == ["Somebody else must decide this: you changed it"]
    assert said(asked_by_user_id=10, logged_by_user_id=10) == ["Somebody else must decide this: you logged it"]
    assert said(asked_by_user_id=11, logged_by_user_id=12) == []


@without_deadline
@given(st.integers(-5, 25), st.none() | st.integers(1, 20))
def test_an_entry_is_divided_only_where_both_parts_have_a_minute(divided: int, length: int | None) -> None:
    found = obstacles_to_dividing(
        starts_at=START,
        ends_at=None if length is None else START + length * MINUTE,
        divided_at=START + divided * MINUTE,
        first=Part("custody"),
        second=Part("court"),
    )

    inside = divided > 0 and (length is None or divided < length)
    assert (found == []) is inside


def test_a_confirmed_month_is_touched_by_a_bcu_manager_with_a_reason_alone() -> None:
    def said(*, confirmed: bool, may_correct: bool, reason: str) -> list[Reason]:
        months = [("October 2026 of Soham", may_correct)] if confirmed else []
        return obstacles_to_touching(months, reason=reason)

    assert said(confirmed=False, may_correct=False, reason="") == []
    assert said(confirmed=True, may_correct=True, reason="Found in the custody log") == []
    assert said(confirmed=True, may_correct=True, reason=" ") == [
        Reason("October 2026 of Soham is confirmed: enter why it is changed", "why")
    ]
    assert said(confirmed=True, may_correct=False, reason="Found in the custody log") == [
        Reason("October 2026 of Soham is confirmed. Only the BCU manager can change it now: ask them")
    ]
