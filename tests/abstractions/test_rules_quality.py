"""Data quality by its rules: what an entry is counted under, gaps without duty, and reasons that stand out."""

import datetime as dt
from collections import Counter
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npt.abstractions.rules import (
    Gap,
    Keeping,
    Kept,
    QualityLine,
    QualityOrder,
    UnusualReason,
    gaps_without_duty,
    in_order,
    kept_how,
    unusual_reasons,
)
from npt.core.periods import DAY, Interval
from tests.abstractions.make import a_policy, at

POLICY = a_policy()
NOVEMBER = Interval(at("2026-11-01 00:00"), at("2026-11-12 12:12"))
MORNING = {"starts_at": at("2026-11-10 07:00"), "ends_at": at("2026-11-10 09:00"), "logged_at": at("2026-11-10 07:05")}


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        ({}, {Kept.ALL}),
        ({"logged_at": at("2026-11-12 07:00")}, {Kept.ALL}),
        ({"logged_at": at("2026-11-12 07:01")}, {Kept.ALL, Kept.LATE}),
        ({"logged_at": None}, {Kept.ALL, Kept.NOT_JUDGED}),
        ({"afterwards": True}, {Kept.ALL, Kept.AFTERWARDS}),
        ({"changed": True}, {Kept.ALL, Kept.CHANGED}),
        ({"ends_at": at("2026-11-10 19:00")}, {Kept.ALL}),
        ({"ends_at": at("2026-11-10 19:01")}, {Kept.ALL, Kept.LONG}),
        ({"ends_at": None}, {Kept.ALL, Kept.LONG, Kept.OPEN}),
        ({"cancelled": True, "changed": True}, {Kept.CANCELLED}),
        ({"cancelled": True, "declined": True}, set()),
        ({"declined": True}, {Kept.ALL}),
        ({"starts_at": at("2026-10-31 23:59")}, set()),
        ({"starts_at": at("2026-11-12 12:12"), "ends_at": at("2026-11-12 13:00")}, set()),
        ({"starts_at": at("2026-10-31 23:59"), "cancelled": True}, set()),
        ({"starts_at": at("2026-10-31 23:59"), "ends_at": None}, {Kept.OPEN}),
        ({"starts_at": at("2026-11-11 12:12"), "ends_at": None}, {Kept.ALL, Kept.LONG}),
    ],
)
def test_an_entry_is_counted_under_what_became_of_it(known: dict[str, object], kept: set[Kept]) -> None:
    assert kept_how(Keeping(**{**MORNING, **known}), NOVEMBER, POLICY) == kept  # type: ignore[arg-type]


FIRST = dt.date(2026, 11, 1)
numbers = st.sets(st.integers(-3, 43))


@given(covered=numbers, posted=numbers, least=st.integers(1, 20))
def test_a_gap_is_a_run_of_days_in_a_team_with_neither_duty_nor_absence_as_long_as_policy_says(
    covered: set[int], posted: set[int], least: int
) -> None:
    looked_at = Gap(FIRST, FIRST + 40 * DAY)
    found = gaps_without_duty(
        {FIRST + number * DAY for number in covered}, lambda day: (day - FIRST).days in posted, looked_at, least
    )

    runs: list[list[int]] = [[]]
    for number in range(41):
        if number in posted and number not in covered:
            runs[-1].append(number)
        else:
            runs.append([])
    assert found == [Gap(FIRST + run[0] * DAY, FIRST + run[-1] * DAY) for run in runs if run and len(run) >= least]


def test_a_team_that_gives_custody_three_times_as_often_stands_out_and_by_how_much_is_said() -> None:
    found = unusual_reasons({"custody": 30, "court": 70}, {"custody": 120, "court": 880}, POLICY)

    custody, court = found
    assert (custody.reason, custody.more, custody.share, custody.rest_share) == (
        "custody",
        True,
        Fraction(3, 10),
        Fraction(1, 10),
    )
    assert custody.expected == 12
    assert (court.reason, court.more) == ("court", False)


def test_a_reason_of_which_too_few_were_to_be_expected_is_not_judged() -> None:
    own, force = {"custody": 8, "court": 12}, {"custody": 20, "court": 380}  # one of custody was to be expected

    assert unusual_reasons(own, force, POLICY) == []
    assert [each.reason for each in unusual_reasons(own, force, a_policy(mix_expected=1))] == ["custody", "court"]


counts = st.dictionaries(st.sampled_from(["custody", "court", "event"]), st.integers(0, 200))


@settings(max_examples=60)
@given(own=counts, rest=counts, limit=st.integers(0, 6), least=st.integers(1, 10))
def test_what_stands_out_is_what_the_standardised_residual_says_and_both_ways_round(
    own: dict[str, int], rest: dict[str, int], limit: int, least: int
) -> None:
    policy = a_policy(mix_limit=str(limit), mix_expected=least)
    force = Counter(own) + Counter(rest)
    found = {each.reason: each for each in unusual_reasons(own, force, policy)}

    ours, theirs = sum(own.values()), sum(rest.values())
    for reason in force:
        if not ours or not theirs:
            assert found == {}
            continue
        every = ours + theirs
        expected = ours * force[reason] / every
        spread = sqrt(expected * (1 - ours / every) * (1 - force[reason] / every))
        residual = (own.get(reason, 0) - expected) / spread if spread > 1e-9 else 0.0
        cells = [unit * of / every for unit in (ours, theirs) for of in (force[reason], every - force[reason])]
        if abs(abs(residual) - limit) > 1e-9 and abs(min(cells) - least) > 1e-9:
            assert (reason in found) == (min(cells) >= least and abs(residual) > limit)
        if reason in found:
            assert found[reason].more == (residual > 0)


def test_a_force_of_one_unit_has_nothing_to_be_compared_with() -> None:
    assert unusual_reasons({"custody": 50}, {"custody": 50}, POLICY) == []
    assert unusual_reasons({}, {"custody": 50}, POLICY) == []
    assert UnusualReason("custody", 5, 5, 5, 5).squared_residual == 0


def test_lines_stand_in_order_of_any_column_and_of_name_where_they_are_equal() -> None:
    def line(name: str, late: int, judged: int) -> QualityLine:
        return QualityLine(
            name.upper(), name, Counter({Kept.LATE: late, Kept.ALL: judged + 1, Kept.NOT_JUDGED: 1}), 0, [], 0, 0
        )

    lines = [line("Wisbech", 1, 10), line("Ely", 2, 40), line("Soham", 0, 0), line("Bar Hill", 1, 10)]

    by_share = in_order(lines, QualityOrder.LATE, descending=True)
    assert [each.name for each in by_share] == ["Bar Hill", "Wisbech", "Ely", "Soham"]
    assert [each.late_share for each in by_share[2:]] == [Fraction(1, 20), None]
    for order in QualityOrder:
        down, up = in_order(lines, order, descending=True), in_order(lines, order, descending=False)
        assert sorted(each.name for each in down) == sorted(each.name for each in up) == sorted(x.name for x in lines)
    assert in_order(lines, QualityOrder.UNIT, descending=True)[0].name == "Wisbech"
