"""Names of skills, when a skill counts as verified, which languages an area lacks, and who may know of what."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.core.periods import Period
from npt.people.rules import SkillKind
from npt.staffing.rules.skills import (
    Need,
    Verified,
    as_known,
    covered,
    folded,
    lacking,
    names_like,
    obstacles_to_need,
    obstacles_to_skill,
    seen_by,
    verified,
)

TODAY = dt.date(2026, 11, 12)
ALWAYS = Period(dt.date(2020, 1, 1))
languages = st.lists(st.sampled_from(["Polish", "polish", "Urdu", "URDU ", "Farsi", "Kurdish", "Latvian"]), max_size=8)


def test_capitals_and_blanks_do_not_part_two_names() -> None:
    assert folded("  british  Sign\tLanguage ") == folded("British sign language")


def test_a_name_takes_the_spelling_that_is_used_already() -> None:
    assert as_known(" POLISH ", ["Urdu", "Polish"]) == "Polish"
    assert as_known(" Sorani   Kurdish", ["Polish"]) == "Sorani Kurdish"


def test_whoever_asks_for_part_of_a_name_is_told_the_names_that_hold_it_and_not_what_they_typed() -> None:
    assert names_like("kurd", ["Kurdish", "Polish", "Kurdish (Sorani)"]) == ["Kurdish", "Kurdish (Sorani)"]
    assert names_like("Polish language", ["Polish"]) == ["Polish"]
    assert names_like("polish", ["Polish"]) == []
    assert names_like("", ["Polish"]) == []


@pytest.mark.parametrize(
    ("verified_on", "said"),
    [
        (None, Verified.NEVER),
        (dt.date(2023, 11, 12), Verified.CURRENT),
        (dt.date(2023, 11, 11), Verified.OLD),
        (TODAY, Verified.CURRENT),
    ],
)
def test_a_skill_verified_more_than_policys_months_ago_is_out_of_date(
    verified_on: dt.date | None, said: Verified
) -> None:
    assert verified(verified_on, TODAY, 36) is said


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 1, 1)), st.integers(1, 9_999), st.dates())
def test_what_was_verified_once_never_counts_as_never_verified(on: dt.date, months: int, asked: dt.date) -> None:
    assert verified(on, asked, months) in (Verified.CURRENT, Verified.OLD)
    assert verified(on, on, months) is Verified.CURRENT


@given(languages, languages)
def test_each_language_needed_is_either_spoken_or_a_gap_and_counted_once(needed: list[str], spoken: list[str]) -> None:
    found = covered(needed, spoken)

    assert sorted(found.held + found.gaps) == sorted(found.needed)
    assert {folded(name) for name in found.needed} == {folded(name) for name in needed}
    assert len({folded(name) for name in found.needed}) == len(found.needed)
    assert {folded(name) for name in found.held} <= {folded(name) for name in spoken}
    assert not {folded(name) for name in found.gaps} & {folded(name) for name in spoken}


@given(languages, languages, languages, languages)
def test_two_teams_together_lack_nothing_that_neither_lacks(
    needed: list[str], spoken: list[str], others_need: list[str], others_speak: list[str]
) -> None:
    apart = covered(needed, spoken).gaps + covered(others_need, others_speak).gaps
    together = covered(needed + others_need, spoken + others_speak).gaps

    assert {folded(name) for name in together} <= {folded(name) for name in apart}


def test_a_holder_lacks_what_a_post_asks_for_unless_they_have_it_under_any_spelling() -> None:
    assert lacking("Polish", [1, 2, 3], {1: ["polish"], 2: ["Urdu"]}) == [2, 3]
    assert lacking("Polish", [], {}) == []


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (Need("polish ", TODAY), ["Polish is needed there from 1 January 2026, still"]),
        (Need("Polish", dt.date(2025, 1, 1), dt.date(2025, 12, 31)), []),
        (Need("Urdu", TODAY, TODAY - dt.timedelta(1)), ["Enter a last day from 12 November 2026 on"]),
        (Need("Urdu", dt.date(2019, 1, 1)), ["The team begins on 1 January 2020: enter a day from then on"]),
        (Need("Urdu", TODAY), []),
    ],
)
def test_a_team_needs_a_language_once_at_a_time_and_while_it_is_live(new: Need, said: list[str]) -> None:
    kept = [Need("Polish", dt.date(2026, 1, 1), id=1)]

    assert [reason.message for reason in obstacles_to_need(new, kept, ALWAYS)] == said


def test_a_need_is_not_in_its_own_way_and_none_begins_after_the_team_has_ended() -> None:
    kept = [Need("Polish", dt.date(2026, 1, 1), id=1)]
    ended = Period(dt.date(2020, 1, 1), dt.date(2026, 6, 30))

    assert list(obstacles_to_need(Need("Polish", dt.date(2026, 1, 1), TODAY, 1), kept, ALWAYS)) == []
    assert [r.field for r in obstacles_to_need(Need("Urdu", dt.date(2026, 7, 1)), kept, ended)] == ["first_day"]


def test_a_skill_is_recorded_once_and_verified_by_today() -> None:
    held = [(SkillKind.LANGUAGE, "Polish")]

    twice = obstacles_to_skill(SkillKind.LANGUAGE, "POLISH", held, None, TODAY)
    to_come = obstacles_to_skill(SkillKind.LANGUAGE, "Urdu", held, TODAY + dt.timedelta(1), TODAY)

    assert [reason.field for reason in twice] == ["name"]
    assert [reason.field for reason in to_come] == ["verified_on"]
    assert list(obstacles_to_skill(SkillKind.SPECIALIST, "Polish", held, TODAY, TODAY)) == []


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if Permission.VIEW_STAFFING in GRANTS[role]])
def test_languages_are_found_by_all_who_see_staffing_and_community_links_by_those_who_may_open_the_record(
    role: Role,
) -> None:
    record = role not in (Role.FORCE_LEAD, Role.ANALYST)

    assert seen_by(role, SkillKind.LANGUAGE, open=False, own=False)
    assert seen_by(role, SkillKind.SPECIALIST, open=False, own=False)
    assert not seen_by(role, SkillKind.COMMUNITY, open=False, own=False)
    assert seen_by(role, SkillKind.COMMUNITY, open=True, own=False) is record
    assert seen_by(role, SkillKind.COMMUNITY, open=True, own=True)
