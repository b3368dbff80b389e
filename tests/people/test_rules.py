import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core.periods import DAY
from npt.people.rules import (
    Grade,
    Place,
    PostFact,
    PostingFact,
    PostingKind,
    Standing,
    by_person,
    effective_fte,
    filling,
    fte_breaches,
    holders,
    in_force,
    in_force_until,
    is_live,
    place,
    post_fte_breaches,
    present_posting,
    staffing,
    standings,
    unsuspended,
)
from tests.people.make import DAYS, START, a_post, a_posting, days, staffings

TODAY = dt.date(2026, 5, 20)
YESTERDAY = TODAY - DAY
TOMORROW = TODAY + DAY


def test_a_posting_is_in_force_until_the_earliest_of_its_own_its_posts_and_the_persons_last_day() -> None:
    closing = a_post(last=dt.date(2026, 6, 30))

    assert in_force_until(a_posting(a_post())) is None
    assert in_force_until(a_posting(closing)) == dt.date(2026, 6, 30)
    assert in_force_until(a_posting(closing, last=dt.date(2026, 5, 31))) == dt.date(2026, 5, 31)
    assert in_force_until(a_posting(closing, service_ends=dt.date(2026, 4, 1))) == dt.date(2026, 4, 1)


def test_a_posting_is_in_force_on_its_first_and_its_last_day_and_not_outside_them() -> None:
    posting = a_posting(a_post(), first=TODAY, last=TOMORROW)

    judged = [in_force(posting, day) for day in (YESTERDAY, TODAY, TOMORROW, TOMORROW + DAY)]

    assert judged == [False, True, True, False]


def test_a_posting_is_not_in_force_before_its_post_is_funded() -> None:
    posting = a_posting(a_post(first=TODAY), first=YESTERDAY)

    assert not in_force(posting, YESTERDAY)
    assert in_force(posting, TODAY)


@pytest.mark.parametrize("kind", [PostingKind.ACTING, PostingKind.TEMPORARY])
def test_acting_or_temporary_suspends_every_substantive_posting_until_they_return(kind: PostingKind) -> None:
    own = a_posting(a_post("PC-1"), fte="0.50")
    other = a_posting(a_post("PC-2"), fte="0.50")
    up = a_posting(a_post("SGT-1", Grade.SERGEANT), kind=kind, first=TODAY, last=TODAY)

    assert unsuspended([own, other, up], YESTERDAY) == [own, other]
    assert unsuspended([own, other, up], TODAY) == [up]
    assert unsuspended([own, other, up], TOMORROW) == [own, other]


def test_an_attachment_neither_suspends_nor_is_suspended_and_fills_nothing() -> None:
    own = a_posting(a_post("PC-1"))
    lent = a_posting(a_post("PC-9", team=9), kind=PostingKind.ATTACHMENT, first=TODAY)
    up = a_posting(a_post("SGT-1", Grade.SERGEANT), kind=PostingKind.ACTING, first=TOMORROW)

    assert unsuspended([own, lent], TODAY) == [own, lent]
    assert unsuspended([own, lent, up], TOMORROW) == [lent, up]
    assert filling([own, lent], TODAY) == [own]
    assert filling([own, lent, up], TOMORROW) == [up]


def test_an_acting_sergeant_counts_as_a_sergeant_and_leaves_a_gap_among_the_constables() -> None:
    constable, sergeant = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [a_posting(constable), a_posting(sergeant, kind=PostingKind.ACTING, first=TODAY)]

    rows = staffing([constable, sergeant], postings, TODAY, place)

    assert [(row.grade, row.filled, row.strength, row.vacancies) for row in rows] == [
        (Grade.SERGEANT, 1, 1, 0),
        (Grade.PC, 0, 0, 1),
    ]
    present = present_posting(postings, TODAY)
    assert present is not None
    assert present.post.grade is Grade.SERGEANT


def test_the_latest_first_day_makes_the_present_posting_whatever_its_kind() -> None:
    lent = a_posting(a_post("PC-9", team=9), kind=PostingKind.ATTACHMENT, first=YESTERDAY)
    moved = a_posting(a_post("PC-1"), first=TODAY)

    assert present_posting([lent, moved], YESTERDAY) == lent
    assert present_posting([lent, moved], TODAY) == moved


def test_of_postings_from_one_day_attachment_goes_before_acting_temporary_and_substantive() -> None:
    one_of_each = [a_posting(a_post(f"P-{kind}"), kind=kind, first=TODAY) for kind in PostingKind]

    found = []
    while one_of_each:
        present = present_posting(one_of_each, TODAY)
        assert present is not None
        found.append(present.kind)
        one_of_each.remove(present)

    assert found == [PostingKind.ATTACHMENT, PostingKind.ACTING, PostingKind.TEMPORARY, PostingKind.SUBSTANTIVE]


def test_of_postings_of_one_day_and_kind_the_larger_fte_goes_first_and_none_is_the_least() -> None:
    small = a_posting(a_post("A"), fte="0.40")
    large = a_posting(a_post("B", fte="0.60"))
    unpaid = a_posting(a_post("0", Grade.SPECIAL))

    assert present_posting([unpaid, small, large], TODAY) == large
    assert present_posting([unpaid, small], TODAY) == small


def test_at_last_the_lower_post_ref_decides() -> None:
    first, second = a_posting(a_post("A"), fte="0.50"), a_posting(a_post("B"), fte="0.50")

    assert present_posting([second, first], TODAY) == first


def test_somebody_with_no_posting_in_force_has_no_present_posting() -> None:
    assert present_posting([a_posting(a_post(), last=YESTERDAY)], TODAY) is None
    assert present_posting([], TODAY) is None


def test_an_attachment_in_the_middle_of_a_month_splits_it_into_three_standings() -> None:
    own = a_posting(a_post("PC-1"))
    lent = a_posting(
        a_post("PC-9", team=9), kind=PostingKind.ATTACHMENT, first=dt.date(2026, 5, 10), last=dt.date(2026, 5, 20)
    )

    runs = standings([own, lent], dt.date(2026, 5, 1), dt.date(2026, 5, 31))

    assert runs == [
        Standing(dt.date(2026, 5, 1), dt.date(2026, 5, 9), own),
        Standing(dt.date(2026, 5, 10), dt.date(2026, 5, 20), lent),
        Standing(dt.date(2026, 5, 21), dt.date(2026, 5, 31), own),
    ]


def test_a_second_posting_that_is_never_the_present_one_splits_nothing() -> None:
    own = a_posting(a_post("PC-1"), fte="0.60", first=TODAY)
    beside = a_posting(a_post("PC-2"), fte="0.40", last=dt.date(2026, 5, 25))

    assert standings([own, beside], TODAY, dt.date(2026, 5, 31)) == [Standing(TODAY, dt.date(2026, 5, 31), own)]


def test_a_leaver_stands_nowhere_after_the_last_day_of_service() -> None:
    leaver = a_posting(a_post(), service_ends=TODAY)

    runs = standings([leaver], YESTERDAY, TOMORROW)

    assert runs == [Standing(YESTERDAY, TODAY, leaver), Standing(TOMORROW, TOMORROW, None)]


def test_the_fte_of_a_posting_is_its_own_else_the_posts_and_none_for_attachments_and_specials() -> None:
    half = a_post(fte="0.50")

    assert effective_fte(a_posting(half)) == Decimal("0.50")
    assert effective_fte(a_posting(half, fte="0.25")) == Decimal("0.25")
    assert effective_fte(a_posting(half, kind=PostingKind.ATTACHMENT)) is None
    assert effective_fte(a_posting(a_post(grade=Grade.SPECIAL), fte="0.25")) is None


def test_holding_more_than_full_time_is_told_from_the_day_it_starts() -> None:
    whole = a_posting(a_post("PC-1"))
    more = a_posting(a_post("PC-2"), first=TODAY, last=TOMORROW, fte="0.10")

    assert fte_breaches([whole, more]) == [(TODAY, Decimal("1.10"))]


def test_a_day_that_changes_the_posts_and_not_the_fte_held_is_no_new_breach() -> None:
    whole = a_posting(a_post("PC-1"))
    more = a_posting(a_post("PC-2"), first=YESTERDAY, last=YESTERDAY, fte="0.10")
    as_much = a_posting(a_post("PC-3"), first=TODAY, fte="0.10")

    assert fte_breaches([whole, more, as_much]) == [(YESTERDAY, Decimal("1.10"))]


def test_two_halves_an_attachment_a_special_and_a_suspended_posting_are_no_more_than_full_time() -> None:
    halves = [a_posting(a_post("PC-1"), fte="0.50"), a_posting(a_post("PC-2"), fte="0.50")]
    special = a_posting(a_post("SC-1", Grade.SPECIAL))
    lent = a_posting(a_post("PC-9"), kind=PostingKind.ATTACHMENT, first=TODAY)
    up = a_posting(a_post("SGT-1", Grade.SERGEANT), kind=PostingKind.ACTING, first=TODAY)

    assert fte_breaches([*halves, special, lent, up]) == []


def test_acting_in_two_posts_at_once_is_more_than_full_time() -> None:
    first = a_posting(a_post("SGT-1", Grade.SERGEANT), kind=PostingKind.ACTING)
    second = a_posting(a_post("SGT-2", Grade.SERGEANT), kind=PostingKind.TEMPORARY, first=TODAY)

    assert fte_breaches([first, second]) == [(TODAY, Decimal("2.00"))]


def test_two_may_share_a_post_while_their_fte_does_not_exceed_it() -> None:
    post = a_post()
    first, second = a_posting(post, 1, fte="0.60"), a_posting(post, 2, fte="0.40", first=TODAY)
    third = a_posting(post, 3, fte="0.20", first=TOMORROW)

    assert post_fte_breaches(post, [first, second]) == []
    assert post_fte_breaches(post, [first, second, third]) == [(TOMORROW, Decimal("1.20"))]


def test_a_post_may_be_taken_by_another_while_its_holder_is_suspended_but_not_after() -> None:
    post, sergeants = a_post(), a_post("SGT-1", Grade.SERGEANT)
    holder = a_posting(post, 1)
    away = a_posting(sergeants, 1, PostingKind.ACTING, first=TODAY, last=TOMORROW)
    stand_in = a_posting(post, 2, PostingKind.TEMPORARY, first=TODAY)

    assert post_fte_breaches(post, [holder, away, stand_in]) == [(TOMORROW + DAY, Decimal("2.00"))]


def test_specials_share_a_post_without_limit() -> None:
    post = a_post(grade=Grade.SPECIAL)

    assert post_fte_breaches(post, [a_posting(post, person) for person in range(5)]) == []


def test_a_part_filled_post_is_filled_and_its_gap_shows_in_fte() -> None:
    post = a_post()

    (row,) = staffing([post], [a_posting(post, fte="0.60")], TODAY, place)

    assert (row.establishment, row.filled, row.vacancies, row.strength) == (1, 1, 0, 1)
    assert (row.establishment_fte, row.strength_fte, row.vacant_fte) == (
        Decimal("1.00"),
        Decimal("0.60"),
        Decimal("0.40"),
    )


def test_a_shared_post_is_one_filled_post_and_two_people() -> None:
    post = a_post()

    (row,) = staffing([post], [a_posting(post, 1, fte="0.50"), a_posting(post, 2, fte="0.50")], TODAY, place)

    assert (row.filled, row.strength, row.strength_fte) == (1, 2, Decimal("1.00"))


def test_one_person_in_two_teams_is_one_person_of_the_force() -> None:
    here, there = a_post("PC-1", team=1, fte="0.50"), a_post("PC-2", team=2, fte="0.50")
    postings = [a_posting(here), a_posting(there)]

    teams = staffing([here, there], postings, TODAY, place)
    (force,) = staffing([here, there], postings, TODAY, lambda post: "force")

    assert [(row.unit, row.strength) for row in teams] == [(Place(1, None), 1), (Place(2, None), 1)]
    assert (force.establishment, force.filled, force.strength, force.strength_fte) == (2, 2, 1, Decimal("1.00"))


def test_one_person_in_two_grades_of_a_team_is_one_person_in_its_total() -> None:
    constable, pcso = a_post("PC-1", fte="0.50"), a_post("PCSO-1", Grade.PCSO, fte="0.50")
    postings = [a_posting(constable), a_posting(pcso)]

    (total,) = staffing([constable, pcso], postings, TODAY, place, by_grade=False)

    assert (total.grade, total.establishment, total.strength) == (None, 2, 1)


def test_specials_are_counted_by_people_and_never_in_fte() -> None:
    special, constable = a_post("SC-1", Grade.SPECIAL), a_post("PC-1")
    postings = [a_posting(special, 1), a_posting(constable, 2)]

    (alone,) = staffing([special], postings, TODAY, place)
    (total,) = staffing([special, constable], postings, TODAY, place, by_grade=False)

    assert (alone.establishment, alone.strength) == (1, 1)
    assert (alone.establishment_fte, alone.strength_fte, alone.vacant_fte) == (None, None, None)
    assert (total.strength, total.establishment_fte, total.strength_fte) == (2, Decimal("1.00"), Decimal("1.00"))


def test_an_inspectors_post_is_counted_in_its_sector_and_in_no_team() -> None:
    post = a_post("INS-1", Grade.INSPECTOR, team=None, sector=7)

    (row,) = staffing([post], [], TODAY, place)

    assert (row.unit, row.vacancies, row.strength_fte) == (Place(None, 7), 1, Decimal())
    assert staffing([post], [], TODAY, lambda post: post.team_id) == []


def test_the_posts_of_a_closed_team_are_in_no_establishment_and_their_holders_in_no_strength() -> None:
    closed = a_post(last=YESTERDAY)

    assert staffing([closed], [a_posting(closed)], TODAY, place) == []
    assert holders([a_posting(closed)], TODAY) == {}


def test_grades_of_a_unit_come_in_order_of_rank() -> None:
    posts = [a_post(grade.value, grade) for grade in reversed(Grade)]

    assert [row.grade for row in staffing(posts, [], TODAY, place)] == list(Grade)


@given(staffings(), days, days)
def test_standings_say_of_every_day_what_the_day_itself_says(
    made: tuple[list[PostFact], list[PostingFact]], one: dt.date, other: dt.date
) -> None:
    first_day, last_day = min(one, other), max(one, other)
    held = [posting for posting in made[1] if posting.person_id == 1]

    runs = standings(held, first_day, last_day)

    by_day = [run.posting for run in runs for _ in range((run.last_day - run.first_day).days + 1)]
    window = [first_day + dt.timedelta(n) for n in range((last_day - first_day).days + 1)]
    assert by_day == [present_posting(held, day) for day in window]
    assert all(before.posting != after.posting for before, after in itertools.pairwise(runs))
    assert [run.first_day for run in runs] == [first_day, *(run.last_day + DAY for run in runs[:-1])]


@given(staffings(), days, st.booleans())
def test_establishment_is_filled_and_vacant_posts_and_adds_up_while_people_need_not(
    made: tuple[list[PostFact], list[PostingFact]], day: dt.date, by_grade: bool
) -> None:
    posts, postings = made
    live = [post for post in posts if is_live(post, day)]
    filled = {posting.post.id for posting in filling(postings, day)}

    rows = staffing(posts, postings, day, place, by_grade=by_grade)
    force = staffing(posts, postings, day, lambda post: "force", by_grade=False)

    assert sum(row.establishment for row in rows) == len(live)
    assert sum(row.filled for row in rows) == len(filled)
    assert sum(row.vacancies for row in rows) == len([post for post in live if post.id not in filled])
    people = len({posting.person_id for posting in filling(postings, day)})
    assert sum(row.strength for row in force) == people
    assert people <= sum(row.strength for row in rows)


@given(staffings())
def test_every_day_with_too_much_fte_lies_in_a_breach_and_no_other_does(
    made: tuple[list[PostFact], list[PostingFact]],
) -> None:
    window = [START + dt.timedelta(n) for n in range(DAYS + 2)]
    for held in by_person(made[1]).values():
        told = fte_breaches(held)

        before = Decimal()
        for day in window:
            total = sum((effective_fte(p) or Decimal() for p in filling(held, day)), Decimal())
            expected = [(day, total)] if total > 1 and total != before else []
            assert [breach for breach in told if breach[0] == day] == expected
            before = total


@given(staffings(), days)
def test_nobody_is_both_acting_and_in_their_own_post(
    made: tuple[list[PostFact], list[PostingFact]], day: dt.date
) -> None:
    for held in by_person(filling(made[1], day)).values():
        kinds = {posting.kind for posting in held}

        assert kinds == {PostingKind.SUBSTANTIVE} or PostingKind.SUBSTANTIVE not in kinds
