"""What a sergeant more, elsewhere or fewer would do, and inspectors to sergeants."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.people.rules import CoverFact, Grade, PostFact, PostingFact, PostingKind, TeamFact
from npt.staffing.rules.command import causes_of_cover, command
from npt.staffing.rules.supervision import Supervision, supervision
from npt.staffing.rules.vacancies import vacancies
from npt.staffing.rules.what_if import NEWCOMER, Change, WhatIf, effect, imagined, what_is_missing
from tests.people.make import START, a_post, a_posting, staffings
from tests.staffing.make import a_policy

TODAY = dt.date(2026, 11, 12)
ELY, SOHAM = TeamFact(1, "ELY", dt.date(2006, 4, 1)), TeamFact(2, "SOH", dt.date(2006, 4, 1))
PADGETT = 500


def people(team: int, count: int) -> list[PostingFact]:
    return [a_posting(a_post(f"{team}PC{n}", team=team), team * 100 + n) for n in range(count)]


def the_force() -> tuple[list[PostingFact], list[CoverFact]]:
    """Padgett has Ely with 7 people and covers Soham with 10."""
    sergeant = a_posting(a_post("ELY-SGT", Grade.SERGEANT, team=1), PADGETT)
    return [sergeant, *people(1, 7), *people(2, 10)], [CoverFact(PADGETT, 2, dt.date(2025, 9, 3))]


def spans(found: Supervision) -> dict[int, Fraction]:
    return {span.person_id: span.span for span in found.spans}


def what_if(asked: WhatIf) -> Supervision:
    postings, covers = the_force()
    return imagined(postings, [ELY, SOHAM], covers, TODAY, a_policy(), asked)


def test_a_sergeant_added_to_a_covered_team_shares_it_with_whoever_covers() -> None:
    assert spans(what_if(WhatIf(Change.ADD, team_id=2))) == {PADGETT: 7 + 5, NEWCOMER: 5}


def test_a_sergeant_who_moves_leaves_post_and_cover_behind() -> None:
    after = what_if(WhatIf(Change.MOVE, team_id=2, person_id=PADGETT))

    assert spans(after) == {PADGETT: 10}
    assert [team.team.code for team in after.teams if team.no_supervisor] == ["ELY"]


def test_a_sergeant_removed_leaves_both_teams_without_a_supervisor() -> None:
    postings, covers = the_force()
    before = supervision(postings, [ELY, SOHAM], covers, TODAY, a_policy())

    found = effect(before, what_if(WhatIf(Change.REMOVE, person_id=PADGETT)))

    assert [team.code for team in found.orphaned] == ["ELY", "SOH"]
    assert found.relieved == ()
    assert [(each.person_id, each.after) for each in found.changed] == [(PADGETT, None)]


def test_a_sergeant_added_to_a_team_without_one_relieves_it() -> None:
    postings = people(2, 3)
    before = supervision(postings, [SOHAM], [], TODAY, a_policy())

    after = imagined(postings, [SOHAM], [], TODAY, a_policy(), WhatIf(Change.ADD, team_id=2))

    assert [team.code for team in effect(before, after).relieved] == ["SOH"]


@pytest.mark.parametrize(
    ("change", "person", "team", "missing"),
    [
        (Change.ADD, False, True, []),
        (Change.ADD, False, False, ["team"]),
        (Change.MOVE, False, False, ["person", "team"]),
        (Change.MOVE, True, True, []),
        (Change.REMOVE, True, False, []),
        (Change.REMOVE, False, True, ["person"]),
    ],
)
def test_a_question_names_the_sergeant_and_the_team_it_needs(
    change: Change, person: bool, team: bool, missing: list[str]
) -> None:
    assert [reason.field for reason in what_is_missing(change, person=person, team=team)] == missing


@given(staffings(), st.sampled_from([1, 2, 3]), st.integers(1, 6), st.sampled_from(Change))
def test_whatever_is_imagined_the_spans_still_add_up_to_the_staff_of_supervised_teams(
    staffing: tuple[list[PostFact], list[PostingFact]], team: int, person: int, change: Change
) -> None:
    _, postings = staffing
    teams = [TeamFact(number, f"T{number}", START) for number in (1, 2, 3)]
    day = START + dt.timedelta(12)

    after = imagined(postings, teams, [], day, a_policy(), WhatIf(change, team, person))

    supervised = sum(each.staff for each in after.teams if each.supervisor_ids)
    assert sum((span.span for span in after.spans), Fraction()) == supervised
    if change is Change.REMOVE:
        assert person not in spans(after)
    if change is Change.ADD:
        assert NEWCOMER in spans(after)


@given(staffings())
def test_nothing_changes_where_nothing_is_changed(staffing: tuple[list[PostFact], list[PostingFact]]) -> None:
    found = supervision(staffing[1], [TeamFact(1, "T1", START)], [], START + dt.timedelta(12), a_policy())

    assert effect(found, found).changed == ()


def test_sergeants_are_counted_to_the_inspectors_of_their_sector_and_an_acting_one_is_a_sergeant() -> None:
    inspector_post = a_post("INSP", Grade.INSPECTOR, team=None, sector=9)
    sergeant, acting = a_post("SGT1", Grade.SERGEANT, team=1), a_post("SGT2", Grade.SERGEANT, team=2)
    postings = [
        a_posting(inspector_post, 1),
        a_posting(sergeant, 2),
        a_posting(a_post("PC1", team=2), 3),
        a_posting(acting, 3, PostingKind.ACTING),
    ]

    found = command([inspector_post], postings, {1: 9, 2: 9}, [9], TODAY)[0]

    assert (found.inspectors, found.sergeants, found.ratio) == ((1,), 2, Fraction(2))


def test_a_sector_with_sergeants_and_no_inspector_has_no_ratio() -> None:
    found = command([], [a_posting(a_post("SGT1", Grade.SERGEANT, team=1), 2)], {1: 9}, [9, 10], TODAY)

    assert [(each.ratio, each.no_inspector) for each in found] == [(None, True), (None, False)]


def test_the_oldest_vacant_sergeants_post_of_a_team_causes_its_cover() -> None:
    older = a_post("SOH-SGT-2", Grade.SERGEANT, team=2, first=dt.date(2025, 9, 1))
    newer = a_post("SOH-SGT-1", Grade.SERGEANT, team=2, first=dt.date(2026, 1, 1))
    constable = a_post("SOH-PC-1", team=2, first=dt.date(2024, 1, 1))

    found = causes_of_cover(vacancies([newer, older, constable], [], TODAY, a_policy()))

    assert {team: vacancy.post.ref for team, vacancy in found.items()} == {2: "SOH-SGT-2"}
