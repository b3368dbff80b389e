"""Why a post is vacant, and the plan to fill it."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from npt.people.rules import Grade, PostFact, PostingFact, PostingKind
from npt.staffing.rules.leaving import Plan, last_to_fill, obstacles_to_planning, plan_in_force, why
from npt.staffing.rules.vacancies import vacancies
from tests.people.make import START, a_post, a_posting, staffings
from tests.staffing.make import a_policy

TODAY = dt.date(2026, 11, 12)
POST = a_post()


def test_a_retired_holder_left_the_post_because_of_the_retirement() -> None:
    posting = a_posting(POST, service_ends=dt.date(2026, 10, 31))

    left = last_to_fill([posting], dt.date(2026, 11, 1))

    assert left is not None
    assert left.last_day == dt.date(2026, 10, 31)
    assert why(left, "move", "retirement") == "retirement"


def test_a_holder_posted_elsewhere_left_it_because_of_the_posting() -> None:
    posting = a_posting(POST, last=dt.date(2026, 10, 31))

    left = last_to_fill([posting], dt.date(2026, 11, 1))

    assert left is not None
    assert why(left, "promotion", "retirement") == "promotion"
    assert why(left, None, None) == "no reason recorded"


def test_a_holder_who_acts_elsewhere_still_holds_the_vacant_post() -> None:
    own = a_posting(POST)

    left = last_to_fill([own], TODAY)

    assert left is not None
    assert left.last_day is None
    assert why(left, None, None) == "acts elsewhere"


def test_an_attachment_never_filled_the_post_and_so_nobody_left_it() -> None:
    attached = a_posting(POST, kind=PostingKind.ATTACHMENT, last=dt.date(2026, 10, 31))

    assert last_to_fill([attached], dt.date(2026, 11, 1)) is None


@given(staffings())
def test_a_post_vacant_from_its_first_day_has_no_last_holder_and_every_other_vacancy_has_one(
    staffing: tuple[list[PostFact], list[PostingFact]],
) -> None:
    posts, postings = staffing
    for vacancy in vacancies(posts, postings, START + dt.timedelta(20), a_policy()):
        left = last_to_fill([p for p in postings if p.post.id == vacancy.post.id], vacancy.vacant_since)
        if vacancy.vacant_since > vacancy.post.first_day:
            assert left is not None


def plan(fill: dt.date, on: dt.date, by: str = "Lead") -> Plan:
    return Plan(fill, None, on, by)


def test_the_newest_plan_set_up_to_the_day_is_the_one_in_force() -> None:
    first = plan(dt.date(2026, 12, 1), dt.date(2026, 10, 1))
    second = plan(dt.date(2027, 1, 1), dt.date(2026, 11, 1))

    assert plan_in_force([second, first], TODAY, dt.date(2026, 9, 1)) == second
    assert plan_in_force([second, first], dt.date(2026, 10, 15), dt.date(2026, 9, 1)) == first
    assert plan_in_force([second, first], dt.date(2026, 9, 15), dt.date(2026, 9, 1)) is None


def test_a_plan_for_an_earlier_vacancy_says_nothing_of_this_one() -> None:
    old = plan(dt.date(2026, 2, 1), dt.date(2026, 1, 1))

    assert plan_in_force([old], TODAY, dt.date(2026, 9, 1)) is None


def test_a_planned_day_that_has_passed_is_missed() -> None:
    assert plan(dt.date(2026, 11, 11), TODAY).missed(TODAY)
    assert not plan(TODAY, TODAY).missed(TODAY)


def refused(post: PostFact, vacant_from: dt.date | None, fill: dt.date) -> list[str | None]:
    return [
        reason.field
        for reason in obstacles_to_planning(post, vacant_from=vacant_from, planned_fill_on=fill, today=TODAY)
    ]


def test_a_filled_post_has_nothing_to_plan() -> None:
    assert refused(POST, None, TODAY) == [None]


def test_a_fill_date_in_the_past_is_refused_and_today_is_not() -> None:
    assert refused(POST, TODAY, TODAY - dt.timedelta(1)) == ["planned_fill_on"]
    assert refused(POST, TODAY, TODAY) == []


def test_a_forecast_vacancy_is_not_filled_before_it_begins() -> None:
    vacant_from = TODAY + dt.timedelta(42)

    assert refused(POST, vacant_from, vacant_from - dt.timedelta(2)) == ["planned_fill_on"]
    assert refused(POST, vacant_from, vacant_from) == []


@given(st.integers(0, 400))
def test_no_post_is_filled_after_its_funding_ends(days: int) -> None:
    ends = TODAY + dt.timedelta(100)
    fill = TODAY + dt.timedelta(days)

    assert bool(refused(a_post("T", Grade.PC, last=ends), TODAY, fill)) == (fill > ends)
