"""What each role sees of a person, spelled out, and whose record is whose."""

import datetime as dt

import pytest
from hypothesis import given

from npt.core.authority import EVERYTHING, GRANTS, PEOPLE_ROLES, Permission, Role, Scope
from npt.people.rules import Grade, Place, PostFact, PostingFact, PostingKind
from npt.people.rules.records import may_open, place_of_record
from npt.staffing.rules.people import Field, fields_seen
from npt.staffing.rules.structure import staffing_by
from tests.people.make import START, a_post, a_posting, staffings

TODAY = dt.date(2026, 11, 12)
EVERY_FIELD = {
    "identity",
    "contact",
    "named_for",
    "postings",
    "tenure",
    "leaving",
    "hours",
    "skills",
    "candidacy",
    "candidacy_note",
    "abstractions",
    "absences",
    "absence_kinds",
}
SEEN_OF_OTHERS = {
    Role.PC: {"identity", "contact", "named_for", "absences"},
    Role.SERGEANT: EVERY_FIELD - {"candidacy", "candidacy_note"},
    Role.INSPECTOR: EVERY_FIELD,
    Role.BCU_MANAGER: EVERY_FIELD,
    Role.RESOURCES_LEAD: {
        "identity",
        "contact",
        "named_for",
        "postings",
        "tenure",
        "leaving",
        "hours",
        "skills",
        "candidacy",
        "candidacy_note",
    },
    Role.FORCE_LEAD: {"identity", "contact", "named_for", "postings", "tenure", "leaving", "candidacy", "abstractions"},
    Role.CHAIR: set(),
    Role.PARTNER: set(),
    Role.RESPONDER: set(),
    Role.ANALYST: {"identity", "named_for", "postings", "tenure", "leaving", "abstractions"},
    Role.AUDITOR: EVERY_FIELD,
    Role.ADMINISTRATOR: set(),
}


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_each_role_sees_of_others_what_the_table_says_and_nothing_else(role: Role) -> None:
    assert {field.value for field in fields_seen(role, own=False)} == SEEN_OF_OTHERS[role]


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_whoever_may_open_a_persons_page_sees_all_of_their_own_record(role: Role) -> None:
    own = fields_seen(role, own=True)

    assert own == (frozenset(Field) if Permission.VIEW_PERSON in GRANTS[role] else frozenset())


def test_the_table_of_the_test_names_every_field_there_is() -> None:
    assert {field.value for field in Field} == EVERY_FIELD


def test_a_record_follows_the_person_to_the_new_team() -> None:
    old, new = a_post("A", team=1), a_post("B", team=2)
    postings = [a_posting(old, last=dt.date(2026, 11, 11)), a_posting(new, first=TODAY)]

    assert place_of_record(postings, TODAY) == Place(2, None)
    assert place_of_record(postings, dt.date(2026, 11, 11)) == Place(1, None)


def test_the_record_of_somebody_who_has_left_stays_with_their_last_team() -> None:
    first = a_posting(a_post("A", team=1), last=dt.date(2020, 1, 1))
    last = a_posting(a_post("B", team=2), first=dt.date(2020, 1, 2), last=dt.date(2024, 1, 1))

    assert place_of_record([last, first], TODAY) == Place(2, None)


def test_the_record_of_somebody_still_to_come_is_with_their_first_team() -> None:
    later = a_posting(a_post("B", team=2), first=dt.date(2027, 6, 1))
    soon = a_posting(a_post("A", team=1), first=dt.date(2026, 12, 1))

    assert place_of_record([later, soon], TODAY) == Place(1, None)


def test_whoever_never_had_a_post_is_in_nobodys_scope_but_the_forces() -> None:
    assert place_of_record([], TODAY) is None
    assert may_open(EVERYTHING, None, 7)
    assert not may_open(Scope(team_ids=frozenset({1})), None, 7)


def test_an_inspectors_record_is_open_to_whoever_has_the_sector_and_not_to_a_team_alone() -> None:
    post = a_post("EC-INSP", Grade.INSPECTOR, team=None, sector=5)
    of = place_of_record([a_posting(post)], TODAY)

    assert may_open(Scope(sector_ids=frozenset({5})), of, 7)
    assert not may_open(Scope(team_ids=frozenset({5})), of, 7)


def test_ones_own_record_is_always_in_scope() -> None:
    assert may_open(Scope(person_id=7), Place(3, None), 7)


@given(staffings())
def test_in_every_unit_the_establishment_is_the_filled_and_the_vacant_posts(
    staffing: tuple[list[PostFact], list[PostingFact]],
) -> None:
    posts, postings = staffing
    for unit in (lambda post: post.team_id, lambda post: 1):
        for found in staffing_by(posts, postings, START + dt.timedelta(12), unit).values():
            rows = [row for row in [found.total, *found.grades.values()] if row is not None]
            assert all(row.establishment == row.filled + row.vacancies and row.vacancies >= 0 for row in rows)
            counted = [row for grade, row in found.grades.items() if grade is not Grade.SPECIAL]
            assert sum(row.establishment for row in counted) == (found.total.establishment if found.total else 0)


def test_specials_are_people_and_never_posts_of_a_total() -> None:
    pc, special = a_post("PC"), a_post("SPC", Grade.SPECIAL)
    postings = [a_posting(pc, 1), a_posting(special, 2), a_posting(special, 3, PostingKind.ATTACHMENT)]

    found = staffing_by([pc, special], postings, TODAY, lambda post: post.team_id)[1]

    assert found.total is not None
    assert (found.total.establishment, found.total.strength, found.specials) == (1, 1, 1)
