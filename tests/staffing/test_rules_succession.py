"""Who is expected to leave, who could follow, and how many places are left."""

import datetime as dt
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.people.rules import Grade, PostFact, PostingFact, PostingKind, filling, in_force_until, place
from npt.staffing.rules.candidates import (
    SOUGHT,
    Candidacy,
    Outcome,
    Unit,
    Wish,
    obstacles_to_candidacy,
    obstacles_to_closing,
    obstacles_to_verdict,
)
from npt.staffing.rules.succession import (
    Cause,
    Facts,
    Line,
    attached,
    departures,
    line,
    may_move,
    serving,
    together,
    why_leaving,
)
from npt.staffing.rules.vacancies import forecast_vacancies
from tests.people.make import LONG_AGO, START, a_post, a_posting, staffings
from tests.staffing.make import a_policy

TODAY = dt.date(2026, 11, 12)
YEAR_ON = dt.date(2027, 11, 12)
SPRING = dt.date(2027, 4, 30)
POST = a_post()
HERE = Unit("SOU", "Southern", frozenset({1}), frozenset({1, 2}))


def leaving(posts: list[PostFact], postings: list[PostingFact], **funded: dt.date) -> list[tuple[int, str, list[str]]]:
    found = departures(posts, postings, {a_post(ref).id: day for ref, day in funded.items()}, TODAY, YEAR_ON)
    return [(each.person_id, each.cause.value, [post.ref for post in each.open]) for each in found]


def test_a_last_day_of_service_leaves_a_place_open() -> None:
    assert leaving([POST], [a_posting(POST, service_ends=SPRING)]) == [(1, "service", [POST.ref])]


def test_a_last_day_of_a_posting_is_known_as_such() -> None:
    assert leaving([POST], [a_posting(POST, last=SPRING)]) == [(1, "posting", [POST.ref])]


def test_who_leaves_a_post_that_ends_leaves_no_place_to_fill() -> None:
    post = a_post(last=SPRING)

    assert leaving([post], [a_posting(post)]) == [(1, "post", [])]


def test_the_end_of_the_funding_is_a_leaver_and_no_place() -> None:
    post = a_post("FUNDED")

    assert leaving([post], [a_posting(post)], FUNDED=SPRING) == [(1, "funding", [])]


def test_funding_that_ended_before_the_day_says_nothing() -> None:
    post = a_post("FUNDED")

    assert leaving([post], [a_posting(post)], FUNDED=TODAY - dt.timedelta(1)) == []


def test_a_place_that_somebody_takes_over_is_not_open() -> None:
    next_one = a_posting(POST, 2, first=SPRING + dt.timedelta(1))

    assert leaving([POST], [a_posting(POST, last=SPRING), next_one]) == [(1, "posting", [])]


@pytest.mark.parametrize(("last", "leaves"), [(TODAY, True), (YEAR_ON, True), (YEAR_ON + dt.timedelta(1), False)])
def test_both_ends_of_the_time_looked_at_are_in_it(last: dt.date, leaves: bool) -> None:
    assert bool(leaving([POST], [a_posting(POST, last=last)])) == leaves


def test_somebody_who_goes_on_in_the_same_team_and_grade_does_not_leave() -> None:
    other = a_post("SOH-PC-2")
    goes_on = a_posting(other, first=SPRING + dt.timedelta(1))

    assert leaving([POST, other], [a_posting(POST, last=SPRING), goes_on]) == []


def test_a_move_to_another_team_is_a_departure() -> None:
    other = a_post("ELY-PC-1", team=2)
    goes = a_posting(other, first=SPRING + dt.timedelta(1))

    assert leaving([POST, other], [a_posting(POST, last=SPRING), goes]) == [(1, "posting", [POST.ref])]


def test_neither_an_attachment_that_ends_nor_a_special_is_a_leaver() -> None:
    special = a_post("SPC-1", Grade.SPECIAL)
    postings = [
        a_posting(POST),
        a_posting(POST, 2, PostingKind.ATTACHMENT, last=SPRING),
        a_posting(special, 3, last=SPRING),
    ]

    assert leaving([POST, special], postings) == []


def test_somebody_in_two_half_posts_of_a_team_leaves_once_and_leaves_both() -> None:
    one, two = a_post("A"), a_post("B")
    postings = [a_posting(one, fte="0.50", service_ends=SPRING), a_posting(two, fte="0.50", service_ends=SPRING)]

    assert leaving([one, two], postings) == [(1, "service", ["A", "B"])]


def test_somebody_acting_leaves_the_post_they_act_in() -> None:
    sergeant = a_post("SGT", Grade.SERGEANT)
    own, acting = a_posting(POST), a_posting(sergeant, kind=PostingKind.ACTING, last=SPRING)

    found = departures([POST, sergeant], [own, acting], {}, TODAY, YEAR_ON)

    assert [(each.post.ref, each.last_day) for each in found] == [("SGT", SPRING)]
    assert why_leaving(found[0], None, None) == "acting posting ends"


def test_the_reason_recorded_is_the_reason_given() -> None:
    service = departures([POST], [a_posting(POST, service_ends=SPRING)], {}, TODAY, YEAR_ON)[0]
    posting = replace(service, cause=Cause.POSTING, posting=a_posting(POST, last=SPRING))

    assert why_leaving(service, None, "retirement") == "retirement"
    assert why_leaving(posting, "promotion", "retirement") == "promotion"
    assert why_leaving(replace(service, cause=Cause.POST), None, None) == "the post ends"
    assert why_leaving(replace(service, cause=Cause.FUNDING), None, None) == "the funding of the post ends"


@given(staffings(), st.integers(0, 20))
def test_every_leaver_fills_a_post_to_the_last_day_and_none_of_that_team_and_grade_after(
    staffing: tuple[list[PostFact], list[PostingFact]], ahead: int
) -> None:
    posts, postings = staffing
    for each in departures(posts, postings, {}, START, START + dt.timedelta(ahead)):
        before = filling(postings, each.last_day)
        after = filling(postings, each.last_day + dt.timedelta(1))
        assert each.posting in before
        assert in_force_until(each.posting) == each.last_day
        assert not any(
            (p.person_id, place(p.post), p.post.grade) == (each.person_id, place(each.post), each.post.grade)
            for p in after
        )


@given(staffings())
def test_every_place_left_open_is_a_forecast_vacancy_of_the_same_days(
    staffing: tuple[list[PostFact], list[PostingFact]],
) -> None:
    posts, postings = staffing
    forecast = {each.post.id for each in forecast_vacancies(posts, postings, START, a_policy(forecast_days=15))}

    found = departures(posts, postings, {}, START, START + dt.timedelta(15))

    assert {post.id for each in found for post in each.open} <= forecast


def test_an_officer_may_move_when_the_expected_time_is_over_and_is_no_leaver() -> None:
    posting = a_posting(POST, first=dt.date(2025, 3, 1))

    found = may_move([posting], TODAY, YEAR_ON, 24)

    assert [each.expected_until for each in found] == [dt.date(2027, 3, 1)]
    assert leaving([POST], [posting]) == []


def test_neither_a_pcso_nor_whoever_leaves_before_may_move() -> None:
    pcso = a_posting(a_post("P", Grade.PCSO), first=dt.date(2025, 3, 1))
    gone = a_posting(POST, 2, first=dt.date(2025, 3, 1), last=dt.date(2027, 2, 1))
    past = a_posting(a_post("Q"), 3, first=LONG_AGO)

    assert may_move([pcso, gone, past], TODAY, YEAR_ON, 24) == []


def a_candidacy(person: int = 9, bcu: int | None = 1, team: int | None = None, **known: object) -> Candidacy:
    return replace(Candidacy(person, person, Grade.PC, bcu, team, TODAY), **known)  # type: ignore[arg-type]


def test_a_candidacy_is_open_from_its_day_to_the_day_before_it_is_closed() -> None:
    closed = a_candidacy(closed_on=SPRING)

    assert not closed.open_on(TODAY - dt.timedelta(1))
    assert closed.open_on(TODAY)
    assert closed.open_on(SPRING - dt.timedelta(1))
    assert not closed.open_on(SPRING)


def test_somebody_is_ready_in_time_when_they_could_come_and_do_not_leave_the_service() -> None:
    assert a_candidacy(ready_from=YEAR_ON).ready_by(YEAR_ON)
    assert not a_candidacy(ready_from=YEAR_ON + dt.timedelta(1)).ready_by(YEAR_ON)
    assert not a_candidacy(person_last_day=YEAR_ON).ready_by(YEAR_ON)


@pytest.mark.parametrize(
    ("bcu", "team", "suits"), [(None, None, True), (1, None, True), (2, None, False), (1, 2, True), (1, 3, False)]
)
def test_a_candidate_comes_to_the_team_or_bcu_they_wish_for_or_anywhere(
    bcu: int | None, team: int | None, suits: bool
) -> None:
    assert a_candidacy(bcu=bcu, team=team).suits(HERE) == suits


def facts(*, leavers: int, ready: tuple[Candidacy, ...] = (), on_attachment: tuple[int, ...] = ()) -> Facts:
    posts = [a_post(f"SOH-PC-{number}") for number in range(leavers)]
    postings = [a_posting(post, number, last=SPRING) for number, post in enumerate(posts)]
    host = a_posting(a_post("HOST", team=2), 50)
    guests = [a_posting(host.post, person, PostingKind.ATTACHMENT) for person in on_attachment]
    everybody = [*postings, host, *guests]
    return Facts(
        departures([*posts, host.post], everybody, {}, TODAY, YEAR_ON),
        ready,
        attached(everybody, TODAY, YEAR_ON),
        serving(everybody, TODAY),
    )


def test_the_shortfall_is_the_places_less_those_who_could_follow_each_once() -> None:
    found = line(HERE, Grade.PC, facts(leavers=3, ready=(a_candidacy(90), a_candidacy(91)), on_attachment=(91,)))

    assert (len(found.leavers), len(found.places)) == (3, 3)
    assert (len(found.ready), len(found.attached), len(found.pool)) == (2, 1, 2)
    assert found.short == 1
    assert found.said == "1 short"


def test_the_shortfall_is_never_below_none() -> None:
    found = line(HERE, Grade.PC, facts(leavers=1, ready=(a_candidacy(90), a_candidacy(91))))

    assert (found.short, found.said) == (0, "Enough")
    assert line(HERE, Grade.PCSO, facts(leavers=1)).said == "No place to fill"


def test_somebody_who_fills_such_a_post_already_takes_nothing_off_the_shortfall() -> None:
    found = line(HERE, Grade.PC, facts(leavers=1, ready=(a_candidacy(50),)))

    assert (len(found.ready), found.pool, found.short) == (1, frozenset(), 1)


def test_an_attachment_of_somebody_who_leaves_the_service_is_not_counted() -> None:
    leaver = a_posting(POST, 3, PostingKind.ATTACHMENT, service_ends=SPRING)
    stays = a_posting(POST, 4, PostingKind.ATTACHMENT)
    over = a_posting(POST, 5, PostingKind.ATTACHMENT, last=TODAY - dt.timedelta(1))

    assert attached([leaver, stays, over], TODAY, YEAR_ON) == [stays]


def a_line(number: int, places: int, pool: set[int]) -> Line:
    unit = Unit(str(number), str(number), frozenset({number}), frozenset({number}))
    seats = frozenset(range(number * 10, number * 10 + places))
    short = max(0, places - len(pool))
    return Line(unit, Grade.PC, frozenset(), seats, frozenset(pool), frozenset(), frozenset(pool), short)


def test_a_candidate_for_anywhere_is_not_promised_to_two_bcus() -> None:
    lines = [a_line(1, 1, {7}), a_line(2, 1, {7})]

    assert [each.short for each in lines] == [0, 0]
    assert together("Together", lines).short == 1


lines = st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(1, 4))), min_size=1, max_size=3).map(
    lambda drawn: [a_line(number, places, pool) for number, (places, pool) in enumerate(drawn)]
)


@given(lines)
def test_together_nobody_takes_two_places_and_no_place_stays_empty_that_could_be_filled(drawn: list[Line]) -> None:
    found = together("Together", drawn)

    assert found.short == len(found.places) - _best(drawn)
    assert found.short >= max(each.short for each in drawn)


def _best(drawn: list[Line]) -> int:
    """The most places that can be filled, by trying every order in which the people are seated."""
    people = sorted(set().union(*(each.pool for each in drawn)))
    most = 0
    for order in permutations([(each, seat) for each in drawn for seat in sorted(each.places)]):
        free, filled = set(people), 0
        for each, _ in order:
            suitable = sorted(free & each.pool)
            if suitable:
                free.discard(min(suitable, key=lambda person: sum(person in other.pool for other in drawn)))
                filled += 1
        most = max(most, filled)
    return most


@given(staffings(), st.integers(0, 3))
def test_units_have_no_more_leavers_and_places_together_than_one_by_one(
    staffing: tuple[list[PostFact], list[PostingFact]], ready: int
) -> None:
    posts, postings = staffing
    until = START + dt.timedelta(20)
    known = Facts(
        departures(posts, postings, {}, START, until),
        [replace(a_candidacy(900 + number, bcu=None), put_forward_on=START) for number in range(ready)],
        attached(postings, START, until),
        serving(postings, START),
    )
    units = [Unit(str(team), str(team), frozenset({1}), frozenset({team})) for team in (1, 2, 3)]
    for grade in SOUGHT:
        each = [line(unit, grade, known) for unit in units]
        whole = together("All", each)
        assert len(whole.places) == sum(len(row.places) for row in each)
        assert len(whole.leavers) <= sum(len(row.leavers) for row in each)
        assert 0 <= max(row.short for row in each) <= whole.short <= len(whole.places)


def wished(wish: Wish, last_day: dt.date | None = None) -> list[str | None]:
    return [reason.field for reason in obstacles_to_candidacy(wish, "PC 1 A. Rahman", last_day, TODAY)]


def test_somebody_who_left_the_service_is_no_candidate() -> None:
    assert wished(Wish(None, None, None, None), TODAY - dt.timedelta(1)) == [None]
    assert wished(Wish(None, None, None, None), TODAY) == []


def test_nobody_is_ready_after_their_last_day_of_service() -> None:
    assert wished(Wish(None, None, None, YEAR_ON), SPRING) == ["ready_from"]


def test_a_team_is_wished_for_together_with_its_bcu() -> None:
    assert wished(Wish(None, 4, 1, None)) == ["team_code"]
    assert wished(Wish(2, 4, 1, None)) == ["team_code"]
    assert wished(Wish(1, 4, 1, None)) == []


def closing(outcome: Outcome, note: str | None, *own: PostingFact) -> list[str | None]:
    return [r.field for r in obstacles_to_closing(outcome, note, Grade.PC, own, "PC 1 A. Rahman", TODAY)]


def test_posted_is_said_only_of_somebody_with_such_a_post() -> None:
    assert closing(Outcome.POSTED, None) == ["outcome"]
    assert closing(Outcome.POSTED, None, a_posting(POST, kind=PostingKind.ATTACHMENT)) == ["outcome"]
    assert closing(Outcome.POSTED, None, a_posting(POST, last=TODAY - dt.timedelta(1))) == ["outcome"]
    assert closing(Outcome.POSTED, None, a_posting(POST, first=SPRING)) == []


def test_not_suitable_needs_a_reason_and_withdrawn_none() -> None:
    assert closing(Outcome.NOT_SUITABLE, None) == ["closing_note"]
    assert closing(Outcome.NOT_SUITABLE, "Prefers response") == []
    assert closing(Outcome.WITHDRAWN, None) == []


def test_only_an_attachment_that_has_begun_is_judged() -> None:
    assert list(obstacles_to_verdict(PostingKind.ATTACHMENT, TODAY, TODAY)) == []
    assert list(obstacles_to_verdict(PostingKind.ATTACHMENT, SPRING, TODAY))
    assert list(obstacles_to_verdict(PostingKind.SUBSTANTIVE, TODAY, TODAY))
