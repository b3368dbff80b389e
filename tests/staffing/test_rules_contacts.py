"""Who is the contact of a ward on a day, who has left since when and why, and what that flags; no database."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core.authority import Role
from npt.core.effects import Weight
from npt.flags.rules import FlagKind
from npt.people.rules import Grade, PostFact, PostingFact, PostingKind, present_posting
from npt.policy.rules import Severity
from npt.staffing.rules.boundaries import Membership, WardFact
from npt.staffing.rules.contacts import (
    Contact,
    Left,
    Naming,
    WardContacts,
    Why,
    answering_teams,
    contact_effects,
    contact_findings,
    contacts_of,
    left,
    obstacles_to_naming,
    obstacles_to_replacing,
)
from npt.staffing.rules.effects import Names
from npt.staffing.rules.reach import email_of, telephone_of
from tests.staffing.make import a_policy

DAY = dt.timedelta(1)
START = dt.date(2026, 1, 1)
TODAY = dt.date(2026, 11, 12)
ELY, SOHAM = 1, 2
NAMES = {ELY: "Ely", SOHAM: "Soham"}
WARD = WardFact(10, "SOHN", "Soham North", (Membership(1, SOHAM, START),))
CONTACT = Contact(5, 7, START)
MEDIUM = a_policy(severity_no_named_contact=Severity.MEDIUM, severity_named_contact_left=Severity.HIGH)


def posting(
    team: int | None = SOHAM,
    grade: Grade = Grade.PC,
    first_day: dt.date = START,
    last_day: dt.date | None = None,
    kind: PostingKind = PostingKind.SUBSTANTIVE,
    leaving: dt.date | None = None,
) -> PostingFact:
    post = PostFact(team or 0, f"{team}-{grade}", grade, Decimal(1), START, None, team, None if team else 9)
    return PostingFact(7, post, kind, first_day, last_day, None, leaving)


def said(*postings: PostingFact, ward: WardFact = WARD, day: dt.date = TODAY) -> str | None:
    found = left(CONTACT, postings, ward, day)
    return found.said(NAMES, "Ely") if found else None


@pytest.mark.parametrize("grade", [Grade.PC, Grade.PCSO])
def test_a_pc_or_pcso_of_the_wards_team_is_current(grade: Grade) -> None:
    assert said(posting(grade=grade)) is None


def test_whoever_leaves_the_service_has_left_from_the_day_after_their_last() -> None:
    last = posting(leaving=TODAY)

    assert said(last, day=TODAY) is None
    assert said(last, day=TODAY + DAY) == "out of service since 13 November 2026"
    assert said(last, day=TODAY + 30 * DAY) == "out of service since 13 November 2026"


def test_whoever_moves_has_left_on_the_first_day_in_the_other_team() -> None:
    moved = (posting(last_day=TODAY - DAY), posting(ELY, first_day=TODAY))

    assert said(*moved, day=TODAY - DAY) is None
    assert said(*moved) == "in Ely since 12 November 2026"


def test_whoever_is_attached_away_has_left_while_it_lasts() -> None:
    away = (posting(), posting(ELY, first_day=TODAY, last_day=TODAY + 6 * DAY, kind=PostingKind.ATTACHMENT))

    assert said(*away) == "attached to Ely since 12 November 2026"
    assert said(*away, day=TODAY + 7 * DAY) is None


def test_an_acting_sergeant_is_no_contact_even_in_the_same_team() -> None:
    acting = (posting(), posting(grade=Grade.SERGEANT, first_day=TODAY, kind=PostingKind.ACTING))

    assert said(*acting) == "Sergeant in Soham since 12 November 2026"


def test_an_inspector_is_named_by_grade_alone() -> None:
    assert said(posting(None, Grade.INSPECTOR)) == "Inspector since 1 January 2026"


def test_whoever_holds_no_post_any_more_has_left() -> None:
    assert said(posting(last_day=TODAY - DAY)) == "in no post since 12 November 2026"
    assert said() == "in no post since 1 January 2026"


def test_a_ward_that_goes_to_another_team_leaves_its_contact_behind() -> None:
    moved = WardFact(10, "SOHN", "Soham North", (Membership(1, SOHAM, START, TODAY - DAY), Membership(2, ELY, TODAY)))

    assert said(posting(), ward=moved, day=TODAY - DAY) is None
    assert said(posting(), ward=moved) == "of Soham, while the ward has been Ely's since 12 November 2026"


def test_a_record_that_is_over_or_to_come_says_nothing_of_anybody() -> None:
    over = Contact(5, 7, START, TODAY - DAY)
    to_come = Contact(5, 7, TODAY + DAY)

    assert [left(contact, (), WARD, TODAY) for contact in (over, to_come)] == [None, None]


days = st.dates(START, dt.date(2026, 3, 31))
ranges = st.tuples(days, days).map(sorted)
moves = st.lists(
    st.tuples(ranges, st.sampled_from([ELY, SOHAM]), st.sampled_from([Grade.PC, Grade.SERGEANT]), st.booleans()),
    max_size=5,
)


@given(moves, ranges, days, st.lists(days, max_size=2, unique=True), st.none() | days)
def test_through_any_moves_somebody_is_current_or_has_left_since_a_day_all_of_which_they_were_gone(
    moved: list[tuple[list[dt.date], int, Grade, bool]],
    record: list[dt.date],
    day: dt.date,
    turns: list[dt.date],
    leaving: dt.date | None,
) -> None:
    postings = [
        posting(team, grade, span[0], span[1], PostingKind.ATTACHMENT if away else PostingKind.SUBSTANTIVE, leaving)
        for span, team, grade, away in moved
    ]
    starts = [START, *sorted(turn for turn in turns if turn > START)]
    ends = [*(start - DAY for start in starts[1:]), None]
    ward = WardFact(
        10,
        "SOHN",
        "Soham North",
        tuple(Membership(n, (SOHAM, ELY)[n % 2], s, e) for n, (s, e) in enumerate(zip(starts, ends, strict=True))),
    )
    contact = Contact(5, 7, *record)

    def current(on: dt.date) -> bool:
        # Said anew from RULES section 2, day by day and without the rule's own shortcuts.
        present, membership = present_posting(postings, on), ward.on(on)
        if present is None or membership is None:
            return False
        return present.post.team_id == membership.team_id and present.post.grade is Grade.PC

    found = left(contact, postings, ward, day)

    in_force = record[0] <= day <= record[1]
    assert (found is not None) == (in_force and not current(day))
    if found is not None:
        gone = [found.since + n * DAY for n in range((day - found.since).days + 1)]
        assert not any(current(on) for on in gone)
        assert found.since == contact.first_day or current(found.since - DAY)


def judged(*contacts: Contact, postings: tuple[PostingFact, ...] = (), live: bool = True) -> WardContacts:
    return contacts_of(WARD, contacts, {7: postings}, {SOHAM} if live else set(), TODAY)


CALLED = Names({7: "PC 1432 A. Rahman", 8: "PCSO 7002 J. Nowak"}, NAMES, {})


def flagged(*wards: WardContacts, supervised: tuple[int, ...] = (SOHAM,)) -> list[tuple[FlagKind, str, str, Role, str]]:
    found = contact_findings(wards, supervised, CALLED, MEDIUM)
    assert all(finding.team_id == SOHAM for finding in found)
    return [(f.kind, f.subject, f.severity.value, f.owner_role, f.detail) for f in found]


def test_a_ward_of_a_live_team_with_no_record_in_force_is_flagged_to_the_sergeant() -> None:
    over = Contact(5, 7, START, TODAY - DAY)

    assert flagged(judged(over, postings=(posting(),))) == [
        (FlagKind.NO_NAMED_CONTACT, "SOHN", "medium", Role.SERGEANT, "Soham North ward has no named contact")
    ]
    assert flagged(judged(), supervised=())[0][3] is Role.INSPECTOR


def test_a_ward_of_a_team_that_is_closed_wants_no_contact() -> None:
    assert flagged(judged(live=False)) == []


def test_a_ward_with_a_current_contact_is_not_flagged() -> None:
    assert flagged(judged(CONTACT, postings=(posting(),))) == []


def test_a_ward_whose_only_contact_has_left_is_flagged_for_that_alone() -> None:
    assert flagged(judged(CONTACT, postings=(posting(ELY),))) == [
        (
            FlagKind.NAMED_CONTACT_LEFT,
            "SOHN",
            "high",
            Role.SERGEANT,
            "Soham North ward names a contact who has left: PC 1432 A. Rahman, in Ely since 1 January 2026",
        )
    ]


def test_one_flag_names_everybody_who_has_left_also_beside_a_current_contact() -> None:
    other = Contact(6, 8, START)
    both = contacts_of(WARD, (CONTACT, other), {}, {SOHAM}, TODAY)
    one = contacts_of(WARD, (CONTACT, other), {8: (posting(),)}, {SOHAM}, TODAY)

    [found] = flagged(both)
    assert "PC 1432 A. Rahman, in no post" in found[4]
    assert "PCSO 7002 J. Nowak, in no post" in found[4]
    [found] = flagged(one)
    assert "7002" not in found[4]


def test_a_move_says_beforehand_which_ward_it_leaves_with_a_contact_who_has_gone() -> None:
    moved = (posting(last_day=TODAY - DAY), posting(ELY, first_day=TODAY))
    here, gone = judged(CONTACT, postings=(posting(),)), judged(CONTACT, postings=moved)

    def effects(before: WardContacts, after: WardContacts) -> list[tuple[Weight, str]]:
        return [(each.weight, each.sentence) for each in contact_effects([before], [after], CALLED)]

    away = "Soham North ward would name a contact who has left: PC 1432 A. Rahman, in Ely since 12 November 2026"
    assert effects(here, gone) == [(Weight.WORSE, away)]
    assert effects(gone, here) == [(Weight.BETTER, "PC 1432 A. Rahman would be a contact of Soham North ward again")]
    assert effects(here, here) == effects(gone, gone) == []


def refused(new: Naming, own: tuple[int, ...] | None = (SOHAM,)) -> list[tuple[str | None, str]]:
    return [(reason.field, reason.message) for reason in obstacles_to_naming(new, WARD, own)]


def naming(
    *postings: PostingFact, known: tuple[Contact, ...] = (), first: dt.date = TODAY, last: dt.date | None = None
) -> Naming:
    return Naming("PC 1432 A. Rahman", postings, first, last, known)


def test_a_constable_of_the_team_is_named_by_a_sergeant_of_it() -> None:
    assert refused(naming(posting())) == []
    assert refused(naming(posting()), own=None) == []


def test_a_sergeant_or_somebody_of_another_team_is_not_named() -> None:
    why = "PC 1432 A. Rahman is not a PC or PCSO of the ward's team on 12 November 2026"

    for held in (posting(grade=Grade.SERGEANT), posting(ELY), posting(leaving=TODAY - DAY)):
        [(field, message)] = refused(naming(held))
        assert field == "collar_number"
        assert message.startswith(why)


def test_the_ward_of_another_team_or_of_none_is_not_theirs_to_name_for() -> None:
    assert refused(naming(posting()), own=(ELY,)) == [
        ("first_day", "Soham North ward is another team's on 12 November 2026: that team names its contacts")
    ]
    assert refused(naming(posting(), first=START - DAY))[0][0] == "first_day"


def test_nobody_is_named_twice_for_one_day_and_days_stand_in_order() -> None:
    known = (Contact(1, 7, START, TODAY),)

    assert refused(naming(posting(), known=known)) == [
        (
            "collar_number",
            "PC 1432 A. Rahman is named for this ward already, from 1 January 2026 to 12 November 2026",
        )
    ]
    assert refused(naming(posting(), known=known, first=TODAY + DAY)) == []
    assert refused(naming(posting(), last=TODAY - DAY))[0][0] == "last_day"


def test_whom_somebody_replaces_must_be_there_to_the_day_before() -> None:
    def why(old: Contact | None, person: int = 8) -> list[str]:
        return [reason.message for reason in obstacles_to_replacing(old, person, TODAY)]

    assert why(Contact(1, 7, START)) == []
    assert why(None) == ["Choose one of the ward's contacts, or nobody"]
    assert why(Contact(1, 7, START), person=7) == ["Choose somebody else: they would take their own place"]
    assert "starts on 12 November 2026" in why(Contact(1, 7, TODAY))[0]
    assert "ends on 1 January 2026 already" in why(Contact(1, 7, START, START))[0]


def test_the_teams_that_have_the_ward_now_or_later_name_its_contacts_else_the_last_that_had_it() -> None:
    moving = WardFact(10, "W", "W", (Membership(1, SOHAM, START, TODAY), Membership(2, ELY, TODAY + DAY)))
    left_alone = WardFact(10, "W", "W", (Membership(1, ELY, START, START), Membership(2, SOHAM, START + DAY, TODAY)))

    assert answering_teams(moving, TODAY) == {SOHAM, ELY}
    assert answering_teams(moving, TODAY + DAY) == {ELY}
    assert answering_teams(left_alone, TODAY + DAY) == {SOHAM}


def test_a_reason_for_leaving_is_kept_with_where_they_are() -> None:
    there = posting(ELY)

    assert left(CONTACT, (there,), WARD, TODAY) == Left(START, Why.TEAM, there)


@pytest.mark.parametrize("typed", ["soham.team@force.example", "Soham.Team@Force.example"])
def test_an_email_address_is_kept_in_small_letters(typed: str) -> None:
    assert email_of(typed) == "soham.team@force.example"


@pytest.mark.parametrize("typed", ["soham", "a@b", "two words@force.example", "x" * 250 + "@force.example"])
def test_what_is_no_email_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="Enter an email address, like"):
        email_of(typed)


@pytest.mark.parametrize("typed", ["101", "01632 960100", "+44 (0)1632 960100", "(01632) 960-100", "101 ext 4567"])
def test_a_telephone_number_is_kept_as_typed(typed: str) -> None:
    assert telephone_of(f" {typed.replace(' ', '  ')}") == typed


@pytest.mark.parametrize("typed", ["12", "ring Tom", "0163²960100", "1" * 41, "101 ext", "=1+1", "01632/960100"])
def test_what_is_no_telephone_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="Enter a telephone number, like"):
        telephone_of(typed)
