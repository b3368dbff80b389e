from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    AbsenceKind,
    Breach,
    DutyStatus,
    Figures,
    PersonBreach,
    ReturnKind,
    Status,
    Tally,
    assess,
    assess_person,
    figures_by,
    figures_of,
    minutes_to_spare,
    over_breaches,
    person_breaches,
    rate,
    status,
    teams_without_target,
)
from npt.people.rules import RATED_GRADES, Grade
from npt.policy.rules import Definition, Group, Target, TargetBook, TargetScope
from tests.abstractions.make import a_policy, without_deadline


def a_tally(
    duty: int,
    away: int = 0,
    *,
    team: int = 1,
    grade: Grade = Grade.PC,
    off: int = 0,
    person: int = 1,
    why: str = "court",
) -> Tally:
    return Tally(person, team, grade, duty, {why: away} if away else {}, off)


def a_target(percent: str, group: Group = Group.ALL, scope: TargetScope = TargetScope.FORCE, code: str = "") -> Target:
    return Target(scope, code, group, Decimal(percent))


def test_no_available_duty_is_no_rate_rather_than_nought() -> None:
    assert rate(0, 0) is None
    assert rate(0, 480) == 0
    assert rate(1, 3) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("of", "target", "stands"),
    [
        (None, "8", Status.NO_DATA),
        (None, None, Status.NO_DATA),
        (Fraction(1, 2), None, Status.NO_TARGET),
        (Fraction(0), "8", Status.WITHIN),
        (Fraction(64, 1000) - Fraction(1, 10**9), "8", Status.WITHIN),
        (Fraction(64, 1000), "8", Status.APPROACHING),
        (Fraction(8, 100), "8", Status.APPROACHING),
        (Fraction(8, 100) + Fraction(1, 10**9), "8", Status.OVER),
        (Fraction(1, 3), "33.33", Status.OVER),
        (Fraction(0), "0", Status.WITHIN),
        (Fraction(1, 10**9), "0", Status.OVER),
    ],
)
def test_a_rate_is_over_only_above_its_target_and_approaching_from_four_fifths_of_it(
    of: Fraction | None, target: str | None, stands: Status
) -> None:
    assert status(of, None if target is None else Decimal(target), a_policy()) is stands


def test_where_approaching_begins_is_policy() -> None:
    assert status(Fraction(64, 1000), Decimal(8), a_policy(approaching="90")) is Status.WITHIN
    assert status(Fraction(72, 1000), Decimal(8), a_policy(approaching="90")) is Status.APPROACHING


@given(st.integers(0, 60_000), st.integers(1, 60_000), st.decimals(0, 100, places=2))
@without_deadline
def test_what_is_to_spare_can_be_taken_to_the_last_minute_and_not_one_more(
    taken: int, duty: int, target: Decimal
) -> None:
    most = taken + minutes_to_spare(taken, duty, target)

    assert status(rate(most, duty), target, a_policy()) is not Status.OVER
    assert status(rate(most + 1, duty), target, a_policy()) is Status.OVER


def test_a_larger_unit_is_sum_over_sum_and_never_the_mean_of_rates() -> None:
    half_of_little, none_of_much = a_tally(100, 50, team=1), a_tally(900, 0, team=2)

    both = figures_of([half_of_little, none_of_much])

    assert both.rate == Fraction(50, 1000)


def test_figures_are_given_by_reason_grade_and_group() -> None:
    figures = figures_of(
        [
            a_tally(600, 60, grade=Grade.SERGEANT, why="training", off=7),
            a_tally(1000, 100, grade=Grade.PC),
            a_tally(400, 0, grade=Grade.PCSO, off=5),
        ],
        ["response", "custody"],
    )

    assert (figures.duty_minutes, figures.abstracted_minutes, figures.off_duty_minutes) == (2000, 160, 12)
    assert list(figures.by_reason.items()) == [("court", 100), ("custody", 0), ("response", 0), ("training", 60)]
    assert {g: (s.duty_minutes, s.abstracted_minutes) for g, s in figures.by_grade.items()} == {
        Grade.SERGEANT: (600, 60),
        Grade.PC: (1000, 100),
        Grade.PCSO: (400, 0),
    }
    assert {g: s.rate for g, s in figures.by_group.items()} == {Group.OFFICERS: Fraction(1, 10), Group.PCSOS: 0}


def test_a_unit_without_minutes_has_a_row_when_asked_for_and_a_key_of_nothing_leaves_out() -> None:
    bcu_of = {1: "N", 2: "N", 3: None}

    figures = figures_by(
        [a_tally(100, 10, team=1), a_tally(300, 10, team=2), a_tally(999, 9, team=3)],
        lambda t: bcu_of[t.team_id],
        fixed_codes=["custody"],
        also=["S"],
    )

    assert {code: (f.duty_minutes, f.rate) for code, f in figures.items()} == {
        "N": (400, Fraction(1, 20)),
        "S": (0, None),
    }
    assert figures["S"].by_reason == {"custody": 0}


tallies = st.lists(
    st.builds(
        Tally,
        person_id=st.integers(1, 4),
        team_id=st.integers(1, 3),
        grade=st.sampled_from(sorted(RATED_GRADES)),
        duty_minutes=st.integers(0, 500),
        by_reason=st.dictionaries(st.sampled_from(["custody", "court", "event"]), st.integers(1, 200)),
        off_duty_minutes=st.integers(0, 100),
    ),
    max_size=12,
)


@without_deadline
@given(tallies)
def test_teams_add_up_to_the_force_and_reasons_grades_and_groups_to_their_team(rows: list[Tally]) -> None:
    force = figures_of(rows, ["custody"])
    teams = figures_by(rows, lambda t: t.team_id, fixed_codes=["custody"]).values()

    assert force.duty_minutes == sum(t.duty_minutes for t in rows) == sum(f.duty_minutes for f in teams)
    assert force.off_duty_minutes == sum(f.off_duty_minutes for f in teams)
    for figures in (force, *teams):
        assert figures.abstracted_minutes == sum(figures.by_reason.values())
        assert figures.abstracted_minutes == sum(s.abstracted_minutes for s in figures.by_grade.values())
        assert figures.abstracted_minutes == sum(s.abstracted_minutes for s in figures.by_group.values())
        assert figures.duty_minutes == sum(s.duty_minutes for s in figures.by_group.values())
        assert "custody" in figures.by_reason


OFFICERS_OF_NORTH = a_target("5", Group.OFFICERS, TargetScope.BCU, "N")


def test_a_rate_over_all_grades_is_judged_by_all_targets_only() -> None:
    figures = figures_of([a_tally(1000, 60), a_tally(1000, 0, grade=Grade.PCSO)])

    found = assess(figures, a_policy(targets=TargetBook([OFFICERS_OF_NORTH])), bcu="N", team="SOH")

    assert (found.target_percent, found.status) == (None, Status.NO_TARGET)
    assert found.groups[Group.OFFICERS].target_percent == 5
    assert found.groups[Group.OFFICERS].status is Status.OVER
    assert found.groups[Group.PCSOS].status is Status.NO_TARGET


def test_the_narrower_scope_wins_before_the_group_does() -> None:
    targets = TargetBook([OFFICERS_OF_NORTH, a_target("9", scope=TargetScope.TEAM, code="SOH"), a_target("20")])
    figures = figures_of([a_tally(1000, 100)])

    team = assess(figures, a_policy(targets=targets), team="SOH", bcu="N")
    bcu = assess(figures, a_policy(targets=targets), bcu="N")
    force = assess(figures, a_policy(targets=targets))

    assert (team.target_percent, team.groups[Group.OFFICERS].target_percent) == (Decimal(9), Decimal(9))
    assert (bcu.target_percent, bcu.groups[Group.OFFICERS].target_percent) == (Decimal(20), Decimal(5))
    assert (force.target_percent, force.groups[Group.OFFICERS].target_percent) == (Decimal(20), Decimal(20))
    assert [a.status for a in (team, bcu, force)] == [Status.OVER, Status.WITHIN, Status.WITHIN]


def test_under_the_national_definition_there_is_no_target() -> None:
    policy = a_policy(targets=TargetBook([a_target("1")]), person_limit="1")
    figures = figures_of([a_tally(1000, 100)])

    unit = assess(figures, policy, definition=Definition.NATIONAL)
    person = assess_person(figures, policy, definition=Definition.NATIONAL)

    for found in (unit, person):
        assert (found.target_percent, found.status) == (None, Status.NO_TARGET)
        assert {g.status for g in found.groups.values()} == {Status.NO_TARGET, Status.NO_DATA}


def test_a_person_is_judged_by_the_individual_limit_and_no_target() -> None:
    figures = figures_of([a_tally(1000, 100)])
    targets = TargetBook([a_target("1")])

    assert assess_person(figures, a_policy(targets=targets)).status is Status.NO_TARGET
    assert assess_person(figures, a_policy(targets=targets, person_limit="10")).status is Status.APPROACHING
    assert assess_person(figures, a_policy(targets=targets, person_limit="9.99")).status is Status.OVER


def test_teams_strictly_over_target_are_found_and_so_are_teams_without_one() -> None:
    policy = a_policy(targets=TargetBook([a_target("10", scope=TargetScope.TEAM, code=c) for c in ("A", "B", "C")]))
    minutes = {"A": (1000, 101), "B": (1000, 100), "C": (0, 0), "D": (1000, 999), "E": (0, 0)}
    assessments = {
        number: assess(figures_of([a_tally(*minutes[code])]), policy, team=code) for number, code in enumerate("EDCBA")
    }

    assert over_breaches(assessments) == [Breach(4, Fraction(101, 1000), Decimal(10))]
    assert teams_without_target(assessments) == [0, 1]


def test_nobody_is_over_an_individual_limit_that_is_not_set() -> None:
    people: dict[int, Figures] = {
        7: figures_of([a_tally(100, 30)]),
        3: figures_of([a_tally(100, 20)]),
        5: figures_of([a_tally(0, 0)]),
    }

    assert person_breaches(people, a_policy()) == []
    assert person_breaches(people, a_policy(person_limit="20")) == [PersonBreach(7, Fraction(3, 10), Decimal(20))]
    assert [b.person_id for b in person_breaches(people, a_policy(person_limit="0"))] == [3, 7]


def test_planned_and_worked_duties_count_alike_and_cancelled_ones_do_not() -> None:
    assert {s for s in DutyStatus if s.counts} == {DutyStatus.PLANNED, DutyStatus.WORKED}


def test_every_word_a_page_shows_is_written_out() -> None:
    words = [w.label for kind in (AbsenceKind, DutyStatus, Status, ReturnKind) for w in kind]

    assert all(word and word[0].isupper() and "_" not in word for word in words)
    assert Status.NO_TARGET.label == "No target set"
