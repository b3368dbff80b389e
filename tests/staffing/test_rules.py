import datetime as dt

import pytest
from hypothesis import given

from npt.core.authority import Role
from npt.core.periods import DAY
from npt.flags.rules import Finding, FlagKind
from npt.people.rules import Grade, PostFact, PostingFact, PostingKind, holders, is_live
from npt.policy.rules import Severity
from npt.staffing.rules.tenure import Tenure, early_moves, expected_until, is_early_move, tenures
from npt.staffing.rules.vacancies import (
    Band,
    ForecastVacancy,
    band,
    forecast_findings,
    forecast_vacancies,
    raised_band,
    threshold_days,
    vacancies,
    vacancy_findings,
    vacant_since,
)
from tests.people.make import LONG_AGO, START, a_post, a_posting, days, staffings
from tests.staffing.make import DEFAULT, a_policy

TODAY = dt.date(2026, 5, 20)
YESTERDAY = TODAY - DAY
TOMORROW = TODAY + DAY


def in_days(number: int) -> dt.date:
    return TODAY + dt.timedelta(number)


def test_a_post_is_vacant_from_the_day_after_its_last_filled_day() -> None:
    post = a_post()
    postings = [a_posting(post, 1, last=in_days(-100)), a_posting(post, 2, first=in_days(-90), last=in_days(-11))]

    (found,) = vacancies([post], postings, TODAY, DEFAULT)

    assert (found.vacant_since, found.age_days) == (in_days(-10), 10)


def test_a_post_nobody_ever_held_is_vacant_from_its_first_day() -> None:
    assert vacant_since(a_post(first=in_days(-5)), [], TODAY) == in_days(-5)


def test_the_first_vacant_day_is_day_0() -> None:
    post = a_post()

    (found,) = vacancies([post], [a_posting(post, last=YESTERDAY)], TODAY, DEFAULT)

    assert (found.age_days, found.band, found.severity) == (0, Band.NEW, Severity.LOW)


def test_a_filled_post_and_one_that_is_not_live_are_not_vacant() -> None:
    filled, closed, to_come = a_post("A"), a_post("B", last=YESTERDAY), a_post("C", first=TOMORROW)

    assert vacancies([filled, closed, to_come], [a_posting(filled)], TODAY, DEFAULT) == []


def test_a_post_whose_holder_is_suspended_is_vacant_from_that_day_until_they_return() -> None:
    own, above = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [
        a_posting(own),
        a_posting(above, kind=PostingKind.ACTING, first=in_days(-30), last=in_days(-20)),
        a_posting(above, kind=PostingKind.TEMPORARY, first=in_days(-19), last=TODAY),
    ]

    assert vacant_since(own, postings, in_days(-31)) is None
    assert vacant_since(own, postings, TODAY) == in_days(-30)
    assert vacant_since(own, postings, TOMORROW) is None
    assert vacant_since(above, postings, TOMORROW) == TOMORROW


def test_a_suspended_holders_post_is_filled_by_a_stand_in() -> None:
    own, above = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [
        a_posting(own),
        a_posting(above, kind=PostingKind.ACTING, first=in_days(-30)),
        a_posting(own, 2, PostingKind.TEMPORARY, first=in_days(-20), last=in_days(-10)),
    ]

    assert vacant_since(own, postings, in_days(-21)) == in_days(-30)
    assert vacant_since(own, postings, in_days(-10)) is None
    assert vacant_since(own, postings, TODAY) == in_days(-9)


def test_somebody_attached_to_a_post_does_not_fill_it_and_goes_on_filling_their_own() -> None:
    own, host = a_post("PC-1"), a_post("PC-9", team=9, first=in_days(-40))
    postings = [a_posting(own), a_posting(host, kind=PostingKind.ATTACHMENT, first=in_days(-30))]

    found = vacancies([own, host], postings, TODAY, DEFAULT)

    assert [(vacancy.post.ref, vacancy.age_days) for vacancy in found] == [("PC-9", 40)]


def test_a_leavers_post_is_vacant_the_day_after_their_last_day_of_service() -> None:
    post = a_post()

    assert vacant_since(post, [a_posting(post, service_ends=YESTERDAY)], TODAY) == TODAY


def test_a_part_filled_post_is_not_vacant() -> None:
    post = a_post()

    assert vacant_since(post, [a_posting(post, fte="0.20")], TODAY) is None


@pytest.mark.parametrize(
    ("age", "own", "sergeants", "threshold"),
    [
        (0, Band.NEW, Band.OPEN, 0),
        (27, Band.NEW, Band.OPEN, 0),
        (28, Band.OPEN, Band.PROLONGED, 28),
        (89, Band.OPEN, Band.PROLONGED, 28),
        (90, Band.PROLONGED, Band.SERIOUS, 90),
        (179, Band.PROLONGED, Band.SERIOUS, 90),
        (180, Band.SERIOUS, Band.CRITICAL, 180),
        (364, Band.SERIOUS, Band.CRITICAL, 180),
        (365, Band.CRITICAL, Band.CRITICAL, 365),
        (4000, Band.CRITICAL, Band.CRITICAL, 365),
    ],
)
def test_bands_begin_on_policys_days_and_a_sergeants_is_one_higher(
    age: int, own: Band, sergeants: Band, threshold: int
) -> None:
    assert band(age, DEFAULT) is own
    assert raised_band(own, Grade.SERGEANT) is sergeants
    assert {raised_band(own, grade) for grade in Grade if grade is not Grade.SERGEANT} == {own}
    assert threshold_days(age, DEFAULT) == threshold


def test_another_policy_draws_other_lines() -> None:
    assert band(10, a_policy(vacancy_open_days=10)) is Band.OPEN
    assert threshold_days(10, a_policy(vacancy_open_days=10)) == 10


def test_a_vacant_sergeants_post_is_flagged_by_its_raised_band_and_its_own_threshold() -> None:
    post = a_post("SOH-SGT-1", Grade.SERGEANT, team=4, first=in_days(-30))

    found = vacancies([post], [], TODAY, DEFAULT)
    findings = vacancy_findings(found, supervised=set())

    assert (found[0].band, found[0].severity) == (Band.PROLONGED, Severity.HIGH)
    assert findings == [
        Finding(
            kind=FlagKind.VACANCY,
            subject="SOH-SGT-1",
            severity=Severity.HIGH,
            figure="30",
            threshold="28",
            owner_role=Role.INSPECTOR,
            detail="Sergeant post SOH-SGT-1 vacant 30 days, since 20 April 2026 (prolonged)",
            team_id=4,
        )
    ]


def test_a_teams_sergeant_answers_for_its_vacancies_and_the_inspector_where_there_is_none() -> None:
    posts = [
        a_post("A", team=1),
        a_post("B", team=2),
        a_post("C", Grade.INSPECTOR, team=None, sector=7),
    ]

    findings = vacancy_findings(vacancies(posts, [], TODAY, DEFAULT), supervised={1})

    assert [(finding.subject, finding.owner_role) for finding in findings] == [
        ("A", Role.SERGEANT),
        ("B", Role.INSPECTOR),
        ("C", Role.INSPECTOR),
    ]
    assert (findings[2].team_id, findings[2].sector_id) == (None, 7)


def test_vacancies_come_in_order_of_post_ref() -> None:
    posts = [a_post(ref) for ref in ("B", "C", "A")]

    assert [vacancy.post.ref for vacancy in vacancies(posts, [], TODAY, DEFAULT)] == ["A", "B", "C"]


@given(staffings(), days)
def test_every_live_post_is_either_filled_or_vacant_since_the_day_history_says(
    made: tuple[list[PostFact], list[PostingFact]], day: dt.date
) -> None:
    posts, postings = made
    posts = list({post.id: post for post in posts}.values())
    filled_on = {
        START + dt.timedelta(n): set(holders(postings, START + dt.timedelta(n))) for n in range((day - START).days + 1)
    }

    found = {vacancy.post.id: vacancy for vacancy in vacancies(posts, postings, day, DEFAULT)}

    assert set(found) == {post.id for post in posts if is_live(post, day)} - filled_on[day]
    for post in posts:
        if post.id in found:
            since = day
            while since > post.first_day and post.id not in filled_on[since - DAY]:
                since -= DAY
            assert found[post.id].vacant_since == since
        assert vacant_since(post, postings, day) == (found[post.id].vacant_since if post.id in found else None)


@pytest.mark.parametrize(("days_left", "forecast"), [(-1, False), (0, True), (90, True), (91, False)])
def test_a_posting_is_forecast_when_it_ends_within_policys_days_both_included(days_left: int, forecast: bool) -> None:
    post = a_post()

    found = forecast_vacancies([post], [a_posting(post, last=in_days(days_left))], TODAY, DEFAULT)

    assert found == ([ForecastVacancy(post, in_days(days_left + 1), days_left)] if forecast else [])


def test_the_end_of_service_is_forecast_too() -> None:
    post = a_post()

    (found,) = forecast_vacancies([post], [a_posting(post, service_ends=in_days(30))], TODAY, DEFAULT)

    assert found.vacant_from == in_days(31)


def test_a_posting_somebody_follows_the_next_day_is_not_forecast() -> None:
    post = a_post()
    leaving = a_posting(post, 1, last=in_days(10))

    follows = a_posting(post, 2, first=in_days(11))
    late = a_posting(post, 2, first=in_days(12))
    lent = a_posting(post, 2, PostingKind.ATTACHMENT, first=in_days(5))

    assert forecast_vacancies([post], [leaving, follows], TODAY, DEFAULT) == []
    assert forecast_vacancies([post], [leaving, late], TODAY, DEFAULT) == [ForecastVacancy(post, in_days(11), 10)]
    assert forecast_vacancies([post], [leaving, lent], TODAY, DEFAULT) == [ForecastVacancy(post, in_days(11), 10)]


def test_a_follower_who_acts_elsewhere_that_day_does_not_hold_the_post() -> None:
    post, above = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [
        a_posting(post, 1, last=in_days(10)),
        a_posting(post, 2, first=in_days(11)),
        a_posting(above, 2, PostingKind.ACTING, first=in_days(11)),
    ]

    assert forecast_vacancies([post], postings, TODAY, DEFAULT) == [ForecastVacancy(post, in_days(11), 10)]


def test_the_end_of_acting_is_forecast_for_the_post_acted_in_and_not_for_their_own() -> None:
    own, above = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [a_posting(own), a_posting(above, kind=PostingKind.ACTING, last=in_days(10))]

    found = forecast_vacancies([own, above], postings, TODAY, DEFAULT)

    assert found == [ForecastVacancy(above, in_days(11), 10)]


def test_a_holder_suspended_to_the_end_is_no_forecast_for_the_post_is_vacant_already() -> None:
    own, above = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [a_posting(own, last=in_days(10)), a_posting(above, kind=PostingKind.ACTING)]

    assert forecast_vacancies([own], postings, TODAY, DEFAULT) == []


def test_a_holder_who_returns_before_they_leave_for_good_is_forecast() -> None:
    own, above = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [a_posting(own, last=in_days(10)), a_posting(above, kind=PostingKind.ACTING, last=in_days(5))]

    assert forecast_vacancies([own], postings, TODAY, DEFAULT) == [ForecastVacancy(own, in_days(11), 10)]


def test_a_holder_who_fills_the_post_now_is_forecast_even_when_acting_begins_before_they_leave() -> None:
    own, above = a_post("PC-1"), a_post("SGT-1", Grade.SERGEANT)
    postings = [a_posting(own, last=in_days(10)), a_posting(above, kind=PostingKind.ACTING, first=in_days(5))]

    assert forecast_vacancies([own], postings, TODAY, DEFAULT) == [ForecastVacancy(own, in_days(11), 10)]


def test_a_post_that_ends_with_its_holder_is_not_forecast() -> None:
    post = a_post(last=in_days(10))

    assert forecast_vacancies([post], [a_posting(post)], TODAY, DEFAULT) == []


def test_attachments_are_never_forecast() -> None:
    host = a_post()

    lent = a_posting(host, kind=PostingKind.ATTACHMENT, last=in_days(10))

    assert forecast_vacancies([host], [lent], TODAY, DEFAULT) == []


def test_a_shared_post_is_forecast_once_when_the_last_holder_goes() -> None:
    post = a_post()
    first, second = a_posting(post, 1, fte="0.50", last=in_days(10)), a_posting(post, 2, fte="0.50", last=in_days(20))
    together = [a_posting(post, person, fte="0.50", last=in_days(20)) for person in (1, 2)]

    assert forecast_vacancies([post], [first, second], TODAY, DEFAULT) == [ForecastVacancy(post, in_days(21), 20)]
    assert forecast_vacancies([post], together, TODAY, DEFAULT) == [ForecastVacancy(post, in_days(21), 20)]


def test_the_successors_own_end_is_forecast_and_one_post_is_flagged_once_for_the_nearest() -> None:
    post = a_post("PC-1", team=4)
    postings = [
        a_posting(post, 1, last=in_days(10)),
        a_posting(post, 2, first=in_days(20), last=in_days(40)),
    ]

    found = forecast_vacancies([post], postings, TODAY, DEFAULT)
    findings = forecast_findings(found, {4}, DEFAULT)

    assert [forecast.days_left for forecast in found] == [10, 40]
    assert findings == [
        Finding(
            kind=FlagKind.FORECAST_VACANCY,
            subject="PC-1",
            severity=Severity.LOW,
            figure="10",
            threshold="90",
            owner_role=Role.SERGEANT,
            detail="PC post PC-1 will be vacant from 31 May 2026, with nobody to follow",
            team_id=4,
        )
    ]


def test_officers_are_expected_until_the_same_day_of_the_month_or_that_months_last() -> None:
    assert expected_until(dt.date(2024, 5, 20), 24) == dt.date(2026, 5, 20)
    assert expected_until(dt.date(2024, 2, 29), 24) == dt.date(2026, 2, 28)
    assert expected_until(dt.date(2025, 8, 31), 6) == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    ("last", "early"),
    [(dt.date(2026, 5, 18), True), (dt.date(2026, 5, 19), False), (dt.date(2026, 5, 20), False), (None, False)],
)
def test_a_posting_that_ends_before_the_day_preceding_the_expected_one_is_an_early_move(
    last: dt.date | None, early: bool
) -> None:
    (tenure,) = tenures([a_posting(a_post(), first=dt.date(2024, 5, 20), last=last)])

    assert is_early_move(tenure, 24) is early


def test_unbroken_postings_in_one_team_and_grade_count_as_one() -> None:
    first = a_posting(a_post("PC-1"), first=dt.date(2024, 1, 1), last=dt.date(2025, 1, 31))
    second = a_posting(a_post("PC-2"), first=dt.date(2025, 2, 1), last=dt.date(2026, 1, 31))

    (tenure,) = tenures([second, first])

    assert tenure == Tenure(1, 1, Grade.PC, dt.date(2024, 1, 1), dt.date(2026, 1, 31), (first, second))
    assert not is_early_move(tenure, 24)


def test_a_day_between_another_team_or_another_grade_begins_a_tenure_anew() -> None:
    first = a_posting(a_post("PC-1"), first=dt.date(2024, 1, 1), last=dt.date(2025, 1, 30))
    later = {
        "a day between": a_posting(a_post("PC-2"), first=dt.date(2025, 2, 1)),
        "another team": a_posting(a_post("PC-3", team=2), first=dt.date(2025, 1, 31)),
        "another grade": a_posting(a_post("SGT-1", Grade.SERGEANT), first=dt.date(2025, 1, 31)),
    }

    found = {name: tenures([first, second]) for name, second in later.items()}

    assert {name: len(both) for name, both in found.items()} == dict.fromkeys(later, 2)
    assert all(is_early_move(both[0], 24) for both in found.values())


def test_a_short_posting_beside_a_long_one_does_not_end_the_tenure() -> None:
    long = a_posting(a_post("PC-1"), first=dt.date(2024, 1, 1), fte="0.50")
    short = a_posting(a_post("PC-2"), first=dt.date(2024, 6, 1), last=dt.date(2024, 7, 1), fte="0.50")

    (tenure,) = tenures([long, short])

    assert tenure.last_day is None


def test_tenure_runs_on_while_a_posting_is_suspended() -> None:
    own = a_posting(a_post("PC-1"), first=dt.date(2024, 1, 1))
    up = a_posting(
        a_post("SGT-1", Grade.SERGEANT), kind=PostingKind.ACTING, first=dt.date(2024, 6, 1), last=dt.date(2024, 7, 1)
    )

    (tenure,) = tenures([own, up])

    assert (tenure.grade, tenure.first_day, tenure.last_day) == (Grade.PC, dt.date(2024, 1, 1), None)


@pytest.mark.parametrize("grade", [Grade.PCSO, Grade.SPECIAL, Grade.INSPECTOR])
def test_only_sergeants_and_constables_have_an_expectation(grade: Grade) -> None:
    assert tenures([a_posting(a_post(grade=grade), last=TODAY)]) == []


def test_early_moves_of_a_month_are_those_that_end_in_it_in_order_of_the_day() -> None:
    post = a_post()
    ends = {1: dt.date(2026, 5, 31), 2: dt.date(2026, 5, 1), 3: dt.date(2026, 4, 30), 4: dt.date(2026, 6, 1)}
    postings = [a_posting(post, person, first=dt.date(2025, 1, 1), last=last) for person, last in ends.items()]
    stayed = a_posting(post, 5, first=LONG_AGO, last=dt.date(2026, 5, 15))

    found = early_moves([*postings, stayed], 24, dt.date(2026, 5, 1), dt.date(2026, 5, 31))

    assert [tenure.person_id for tenure in found] == [2, 1]
