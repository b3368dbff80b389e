"""The monthly return: what is owed, when it is late, what may be confirmed, and which months something touches."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    Confirmation,
    Judged,
    LateReturn,
    MonthFigures,
    MonthSeen,
    ReturnKind,
    ReturnState,
    TeamMonth,
    Touch,
    is_owed,
    missing_findings,
    months_back,
    months_of,
    obstacles_to_confirming,
    obstacles_to_reopening,
    return_due_on,
    standing,
)
from npt.core.authority import Role
from npt.core.periods import month_of
from tests.abstractions.make import LONDON, a_duty, a_policy, at

OCTOBER = month_of(dt.date(2026, 10, 1), LONDON)
FIGURES = MonthFigures(600, 60, 0, 1)
TEAM, OTHER = 1, 2


def confirmed(when: str, reopened: str | None = None, kind: ReturnKind = ReturnKind.COMPLETE) -> Confirmation:
    again = (at(reopened), "C. Hale", "A week was missing") if reopened else (None, None, None)
    return Confirmation(1, kind, at(when), "Sgt Okafor", FIGURES, *again)


def stands(on: str, *known: Confirmation, owed: bool = True) -> tuple[str, int]:
    found = standing(OCTOBER, known, owed=owed, on=dt.date.fromisoformat(on), return_day=5)
    return found.state.value, found.days_late


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2026-10-31", ("not_over", 0)),
        ("2026-11-01", ("due", 0)),
        ("2026-11-05", ("due", 0)),
        ("2026-11-06", ("missing", 1)),
        ("2026-11-12", ("missing", 7)),
    ],
)
def test_a_return_is_missing_from_the_day_after_policys_day_of_the_next_month(on: str, state: tuple[str, int]) -> None:
    assert stands(on) == state


def test_a_return_day_past_the_end_of_a_short_month_is_its_last_day() -> None:
    assert return_due_on(month_of(dt.date(2026, 1, 1), LONDON), 31) == dt.date(2026, 2, 28)


def test_a_month_confirmed_late_was_missing_until_then() -> None:
    late = confirmed("2026-11-09 09:00")

    assert stands("2026-11-08", late) == ("missing", 3)
    assert stands("2026-11-09", late) == ("complete", 0)


def test_a_month_opened_again_is_late_from_the_day_after_that_and_complete_before() -> None:
    opened = confirmed("2026-11-03 09:00", reopened="2026-12-10 09:00")

    assert stands("2026-12-09", opened) == ("complete", 0)
    assert stands("2026-12-10", opened) == ("reopened", 0)
    assert stands("2026-12-13", opened) == ("reopened", 3)
    assert stands("2026-12-13", opened, confirmed("2026-12-12 09:00", kind=ReturnKind.NIL)) == ("nil", 0)


def test_a_month_opened_again_before_it_was_due_is_late_only_after_it_was_due() -> None:
    opened = confirmed("2026-11-01 09:00", reopened="2026-11-02 09:00")

    assert stands("2026-11-05", opened) == ("reopened", 0)
    assert stands("2026-11-06", opened) == ("reopened", 1)


def test_a_team_owes_the_months_it_was_live_in_from_the_first_with_data_and_not_for_ever() -> None:
    def owed(on: str, first: str | None = "2026-09-14", *, live: bool = True, back: int = 12) -> bool:
        first_month = dt.date.fromisoformat(first) if first else None
        day = dt.date.fromisoformat(on)
        return is_owed(OCTOBER, live=live, first_month=first_month, on=day, chased_months=back)

    assert owed("2026-11-01")
    assert not owed("2026-10-31")
    assert not owed("2026-11-01", live=False)
    assert not owed("2026-11-01", first=None)
    assert owed("2026-11-01", first="2026-10-31")
    assert not owed("2026-12-01", first="2026-11-01")
    assert owed("2027-10-31")
    assert not owed("2027-11-01")
    assert stands("2026-12-01", owed=False) == ("not_owed", 0)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(1, 30))
def test_months_back_are_those_just_over_one_after_the_other(on: dt.date, back: int) -> None:
    months = months_back(on, back, LONDON)

    assert len(months) == back
    assert months[-1].last_day == on.replace(day=1) - dt.timedelta(days=1)
    assert all(b.first_day == a.last_day + dt.timedelta(days=1) for a, b in pairwise(months))


def obstacles(
    kind: ReturnKind, *, entries: int = 0, counting: int = 0, away: tuple[str, ...] = (), **known: object
) -> list[str]:
    given = {"at": at("2026-11-01 00:00"), "live": True, "standing_by": None, **known}
    seen = MonthSeen(entries, counting, away)
    return [r.message for r in obstacles_to_confirming(OCTOBER, kind, seen, **given)]  # type: ignore[arg-type]


def test_a_month_is_complete_with_entries_nil_without_any_that_count_and_never_before_it_is_over() -> None:
    complete, nil = ReturnKind.COMPLETE, ReturnKind.NIL

    assert obstacles(complete, entries=3, counting=2) == []
    assert obstacles(nil) == []
    assert obstacles(nil, entries=2) == []
    assert obstacles(nil, entries=3, counting=2) == [
        "2 entries count in October 2026: confirm it as complete, or put the entries right"
    ]
    assert obstacles(complete) == ["There are no entries in October 2026: confirm it as nil"]
    assert obstacles(nil, at=at("2026-10-31 23:59")) == ["October 2026 is not over. Confirm it from 1 November 2026 on"]
    assert obstacles(nil, standing_by="Sgt Okafor") == ["October 2026 is confirmed already, by Sgt Okafor"]
    assert obstacles(nil, live=False) == ["The team was not there in October 2026: there is nothing to confirm"]
    assert obstacles(complete, entries=2, counting=2, away=("PC 1432 A. Rahman", "PC 1432 A. Rahman")) == [
        "PC 1432 A. Rahman is still away: end that entry first"
    ]


def test_only_what_is_confirmed_is_opened_again_and_only_for_a_reason() -> None:
    assert [r.message for r in obstacles_to_reopening(False, "Why")] == [
        "This month is not confirmed: there is nothing to open again"
    ]
    assert [r.field for r in obstacles_to_reopening(True, "  ")] == ["reason"]
    assert obstacles_to_reopening(True, "A week was missing") == []


def test_one_finding_for_a_team_says_what_is_late_by_most_and_how_many_more() -> None:
    judged = Judged({1: "SOH", 2: "ELY"}, {}, {1})
    late = {
        1: [LateReturn(dt.date(2026, 9, 1), 38), LateReturn(dt.date(2026, 10, 1), 7)],
        2: [LateReturn(dt.date(2026, 10, 1), 1)],
        3: [],
    }

    soham, ely = missing_findings(judged, late, a_policy())

    assert (soham.subject, soham.figure, soham.threshold, soham.severity.value) == ("SOH", "38", "0", "medium")
    assert soham.detail == "Return for September 2026 and 1 more not confirmed, 38 days late"
    assert ely.detail == "Return for October 2026 not confirmed, 1 day late"
    assert (soham.owner_role, ely.owner_role) == (Role.SERGEANT, Role.INSPECTOR)


MOVED_ON = dt.date(2026, 11, 1)


def team_on(person_id: int, day: dt.date) -> int | None:
    """In one team up to the end of October, and in another from November on."""
    return TEAM if day < MOVED_ON else OTHER


def touched(starts: str, ends: str | None, *duties: tuple[str, str], whole: bool = False) -> set[tuple[int, int]]:
    touch = Touch(1, at(starts), at(ends) if ends else None, dt.date.fromisoformat(starts[:10]), whole)
    rostered = [a_duty(*each, ref=f"D{n}") for n, each in enumerate(duties)]
    found = months_of(touch, rostered, at=at("2026-11-12 12:00"), team_on=team_on, zone=LONDON)
    return {(each.team_id, each.first_day.month) for each in found}


def test_time_in_a_duty_is_the_teams_of_its_duty_date_in_the_month_it_lies_in() -> None:
    night = ("2026-10-31 22:00", "2026-11-01 07:00")

    assert touched("2026-10-31 22:00", "2026-11-01 02:00", night) == {(TEAM, 10), (TEAM, 11)}
    assert touched("2026-11-01 01:00", "2026-11-01 03:00", night) == {(TEAM, 11)}
    assert touched("2026-11-01 06:00", "2026-11-01 08:00", night) == {(TEAM, 11), (OTHER, 11)}
    assert touched("2026-10-31 08:00", "2026-10-31 09:00") == {(TEAM, 10)}


def test_a_duty_is_all_of_its_own_date_and_what_has_no_end_runs_to_now() -> None:
    assert touched("2026-10-31 22:00", "2026-11-01 07:00", whole=True) == {(TEAM, 10), (TEAM, 11)}
    assert touched("2026-10-30 08:00", None) == {(TEAM, 10), (TEAM, 11)}


@given(st.integers(0, 90 * 24), st.integers(1, 72))
def test_what_is_touched_lies_between_start_and_end_and_is_never_nothing(start: int, hours: int) -> None:
    begin = at("2026-09-01 00:00") + dt.timedelta(hours=start)
    touch = Touch(1, begin, begin + dt.timedelta(hours=hours), begin.date())

    found = months_of(touch, (), at=at("2026-12-31 12:00"), team_on=team_on, zone=LONDON)

    months = {each.first_day for each in found}
    first = begin.astimezone(LONDON).date().replace(day=1)
    last = (begin + dt.timedelta(hours=hours, minutes=-1)).astimezone(LONDON).date().replace(day=1)
    assert first in months
    assert last in months
    assert all(first <= month <= last for month in months)
    assert found <= {TeamMonth(team, month) for team in (TEAM, OTHER) for month in months}


def test_every_state_has_its_word_and_those_that_are_wanted_are_not_confirmed() -> None:
    assert all(state.label for state in ReturnState)
    assert not any(state.confirmed and state.wanted for state in ReturnState)
