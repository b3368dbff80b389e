"""What a change would do, in sentences, and what stands in its way, on facts alone."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core.effects import Weight
from npt.core.periods import DAY, Period
from npt.people.rules import CoverFact, Grade, PostFact, PostingFact, TeamFact, holders, is_live
from npt.staffing.rules.effects import Facts, Names, effects_of
from npt.staffing.rules.moves import (
    EndReason,
    early_without_reason,
    handed_on,
    new_early_moves,
    next_ref,
    obstacles_to_acting,
    obstacles_to_end,
    too_much_fte,
)
from npt.staffing.rules.vacancies import vacant_periods, vacant_since
from tests.people.make import LONG_AGO, START, a_post, a_posting, staffings
from tests.staffing.make import a_policy

DECEMBER = dt.date(2026, 12, 1)
SERGEANT, OTHER = 100, 101
NAMES = Names(
    {SERGEANT: "Sergeant 2979", OTHER: "Sergeant 3001", **{n: f"PC {n}" for n in range(1, 40)}},
    {1: "Soham", 2: "Ely"},
    {1: "Southern"},
)
TEAMS = (TeamFact(1, "SOH", LONG_AGO, None, 1), TeamFact(2, "ELY", LONG_AGO, None, 1))


def a_team_of(count: int, team: int = 1, first: int = 1) -> list[PostingFact]:
    return [a_posting(a_post(f"T{team}-PC-{n}", team=team), n, first=LONG_AGO) for n in range(first, first + count)]


def sergeant_of(team: int, person: int = SERGEANT) -> PostingFact:
    return a_posting(a_post(f"T{team}-SGT-1", Grade.SERGEANT, team=team), person)


def facts(postings: list[PostingFact], covers: tuple[CoverFact, ...] = (), posts: tuple[PostFact, ...] = ()) -> Facts:
    return Facts(postings, sorted({p.post for p in postings} | {*posts}, key=lambda p: p.ref), TEAMS, covers)


def sentences(before: Facts, after: Facts) -> list[str]:
    return [effect.sentence for effect in effects_of(before, after, DECEMBER, a_policy(), NAMES)]


def test_a_sergeant_who_leaves_leaves_their_team_with_no_supervisor() -> None:
    staff, sergeant = a_team_of(9), sergeant_of(1)
    gone = sergeant._replace(last_day=DECEMBER - DAY)

    said = sentences(facts([*staff, sergeant]), facts([*staff, gone]))

    assert said == [
        "Soham would be left with no supervisor",
        "Sergeant post T1-SGT-1 would be vacant from 1 December 2026",
        "Sergeant 2979 would hold no post on 1 December 2026",
        "Sergeant 2979 would supervise no team",
        "Southern BCU: 1 sergeant to 9 (9.00) would become 0 sergeants to 9 (no ratio)",
    ]


def test_cover_of_a_second_team_takes_a_span_over_the_line() -> None:
    force = [*a_team_of(9), sergeant_of(1), *a_team_of(8, 2, 20)]
    cover = CoverFact(SERGEANT, 2, DECEMBER)

    said = sentences(facts(force), facts(force, (cover,)))

    assert said == [
        "Sergeant 2979's span would be 17.00 (now 9.00, Ely, Soham), over the line of 10",
        "Ely would have a supervisor again",
    ]


def test_a_fellow_sergeant_brings_a_span_back_within_the_line() -> None:
    force = [*a_team_of(12), sergeant_of(1)]
    fellow = a_posting(a_post("T1-SGT-2", Grade.SERGEANT), OTHER, first=DECEMBER)
    before = facts(force, posts=(fellow.post,))

    effects = effects_of(before, facts([*force, fellow]), DECEMBER, a_policy(), NAMES)

    better = [effect.sentence for effect in effects if effect.weight is Weight.BETTER]
    assert better == [
        "Sergeant post T1-SGT-2 would be filled from 1 December 2026",
        "Sergeant 2979's span would be 6.00 (now 12.00, Soham), within the line of 10",
    ]
    assert not [effect for effect in effects if effect.weight is Weight.WORSE]


def test_an_early_move_is_said_with_the_day_they_were_expected_to_stay_until() -> None:
    came = a_posting(a_post("T1-PC-1"), 1, first=dt.date(2025, 3, 1))
    moved = a_posting(a_post("T2-PC-1", team=2), 1, first=DECEMBER)
    posts = (moved.post,)

    said = sentences(facts([came], posts=posts), facts([came._replace(last_day=DECEMBER - DAY), moved]))

    assert "An early move: PC 1 was expected to stay until 1 March 2027" in said
    assert "PC 1 would be a PC in Ely from 1 December 2026" in said


def test_a_post_that_opens_and_one_that_ends_change_the_establishment() -> None:
    ending, opening = a_post("T1-PC-8"), a_post("T1-PC-9", first=DECEMBER)
    before, after = facts([], posts=(ending,)), facts([], posts=(ending._replace(last_day=DECEMBER - DAY), opening))

    assert sentences(before, after) == [
        "PC post T1-PC-9 would be part of the establishment from 1 December 2026",
        "PC post T1-PC-9 would be vacant until somebody is posted to it",
        "PC post T1-PC-8 would no longer be part of the establishment on 1 December 2026, "
        f"after {(DECEMBER - LONG_AGO).days:d} days vacant",
    ]


def test_a_vacancy_whose_age_a_change_of_fte_would_begin_anew_is_told() -> None:
    ending = a_post("T1-PC-8")
    left = a_posting(ending, 1, last=DECEMBER - 300 * DAY)
    followed = ending._replace(id=99, ref="T1-PC-8.2", first_day=DECEMBER, fte=Decimal("0.60"))
    ended = ending._replace(last_day=DECEMBER - DAY)
    before, after = facts([left], posts=(ending,)), facts([left._replace(post=ended)], posts=(ended, followed))

    assert (
        "PC post T1-PC-8 would no longer be part of the establishment on 1 December 2026, after 299 days vacant"
    ) in sentences(before, after)


def test_part_time_is_said_in_fte() -> None:
    full = a_posting(a_post("T1-PC-1"), 1)
    part = full._replace(first_day=DECEMBER, fte=Decimal("0.60"))

    said = sentences(facts([full]), facts([full._replace(last_day=DECEMBER - DAY), part]))

    assert said == ["PC 1 would hold 0.60 FTE (now 1.00)"]


def test_an_inspector_is_in_a_sector() -> None:
    post = a_post("EC-INSP", Grade.INSPECTOR, team=None, sector=1)

    said = sentences(facts([], posts=(post,)), facts([a_posting(post, 1, first=DECEMBER)]))

    assert "PC 1 would be an inspector in their sector from 1 December 2026" in said


@given(staffings())
def test_a_change_of_nothing_does_nothing(staffing: tuple[list[PostFact], list[PostingFact]]) -> None:
    posts, postings = staffing
    names = Names({n: f"PC {n}" for n in range(9)}, {1: "A", 2: "B", 3: "C"}, {})
    same = Facts(postings, posts, [TeamFact(n, f"T{n}", LONG_AGO) for n in (1, 2, 3)], ())

    assert effects_of(same, same, START, a_policy(), names) == []


@given(staffings(), st.integers(0, 30))
def test_a_post_is_vacant_in_its_vacant_periods_and_on_no_other_day(
    staffing: tuple[list[PostFact], list[PostingFact]], length: int
) -> None:
    posts, postings = staffing
    until = START + length * DAY

    for post in posts:
        periods = vacant_periods(post, postings, until)
        for number in range(length + 1):
            day = START + number * DAY
            empty = is_live(post, day) and post.id not in holders(postings, day)
            assert any(day in period for period in periods) == empty
        assert all(one.last_day is not None and one.last_day < other.first_day - DAY for one, other in _pairs(periods))
        if periods and periods[-1].last_day == until:
            assert vacant_since(post, postings, until) == periods[-1].first_day


def _pairs(periods: list[Period]) -> list[tuple[Period, Period]]:
    return list(itertools.pairwise(periods))


@given(staffings(), st.integers(0, 23))
def test_a_posting_handed_on_fills_the_same_days_in_two_posts(
    staffing: tuple[list[PostFact], list[PostingFact]], number: int
) -> None:
    _, postings = staffing
    day = START + number * DAY
    following = a_post("NEXT", first=day)

    for posting in postings:
        parts = handed_on(posting, following, day)
        assert parts[0].first_day == posting.first_day
        assert parts[-1].last_day == posting.last_day or parts == [posting]
        assert all(part.post is following for part in parts if part.first_day >= day and parts != [posting])
        if len(parts) == 2:
            assert (parts[0].last_day, parts[1].first_day) == (day - DAY, day)


@pytest.mark.parametrize(
    ("ref", "taken", "following"),
    [
        ("SOH-PC-2", [], "SOH-PC-2.2"),
        ("SOH-PC-2", ["SOH-PC-2.2", "SOH-PC-2.3"], "SOH-PC-2.4"),
        ("SOH-PC-2.2", ["SOH-PC-2.2"], "SOH-PC-2.3"),
        ("A.B", [], "A.B.2"),
    ],
)
def test_a_post_that_follows_is_named_after_the_first(ref: str, taken: list[str], following: str) -> None:
    assert next_ref(ref, taken) == following


@pytest.mark.parametrize(
    ("last_day", "early"), [(dt.date(2027, 2, 27), True), (dt.date(2027, 2, 28), False), (dt.date(2027, 3, 1), False)]
)
def test_a_move_is_early_until_the_day_before_the_month_is_out(last_day: dt.date, early: bool) -> None:
    came = a_posting(a_post(), 1, first=dt.date(2025, 3, 1))

    found = new_early_moves([came], [came._replace(last_day=last_day)], 24)

    assert bool(found) == early
    assert bool(early_without_reason(found, "", "PC 1")) == early
    assert early_without_reason(found, "Promotion", "PC 1") == []


def test_an_early_move_on_record_is_not_the_fault_of_a_later_change() -> None:
    left = a_posting(a_post(), 1, first=dt.date(2025, 3, 1), last=dt.date(2025, 9, 1))
    since = a_posting(a_post("T2-PC-1", team=2), 1, first=dt.date(2025, 9, 2))

    assert new_early_moves([left, since], [left, since._replace(last_day=dt.date(2028, 1, 1))], 24) == []


def test_a_pcso_has_no_expectation() -> None:
    came = a_posting(a_post("SOH-PCSO-1", Grade.PCSO), 1, first=dt.date(2026, 3, 1))

    assert new_early_moves([came], [came._replace(last_day=DECEMBER)], 24) == []


@pytest.mark.parametrize(
    ("held", "to", "allowed"),
    [
        (Grade.PC, Grade.SERGEANT, True),
        (Grade.SERGEANT, Grade.INSPECTOR, True),
        (Grade.PC, Grade.PC, False),
        (Grade.SERGEANT, Grade.PC, False),
    ],
)
def test_acting_is_to_a_higher_grade(held: Grade, to: Grade, allowed: bool) -> None:
    own = [a_posting(a_post("OWN", held), 1)]

    found = obstacles_to_acting(a_post("UP", to), DECEMBER, own, "PC 1")

    assert (found == []) == allowed


def test_ending_makes_nothing_longer() -> None:
    assert obstacles_to_end(LONG_AGO, None, DECEMBER, "This posting") == []
    assert obstacles_to_end(LONG_AGO, DECEMBER, DECEMBER, "This posting") == []
    assert obstacles_to_end(LONG_AGO, DECEMBER, DECEMBER + DAY, "This posting")[0].field == "last_day"
    assert obstacles_to_end(DECEMBER, None, DECEMBER - DAY, "This posting")[0].field == "last_day"


def test_too_much_is_said_of_the_person_and_of_each_of_their_posts() -> None:
    shared = a_post("T1-PC-1", fte="0.50")
    after = [
        a_posting(shared, 1),
        a_posting(a_post("T1-PC-2"), 1, first=DECEMBER),
        a_posting(shared, 2, first=DECEMBER),
    ]

    found = too_much_fte(after, {1: "PC 1"})

    assert [reason.message for reason in found] == [
        "PC 1 would hold 1.50 FTE from 1 December 2026: nobody holds more than 1.00",
        "Post T1-PC-1 of 0.50 FTE would be held by 1.00 FTE from 1 December 2026",
    ]


def test_every_reason_a_posting_ends_has_its_words() -> None:
    assert all(reason.label for reason in EndReason)
