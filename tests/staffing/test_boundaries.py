"""A boundary review moves wards from a day; the past keeps its teams, on either database."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core import db
from npt.core.authority import EVERYTHING, GRANTS, PEOPLE_ROLES, Actor, Permission, Role, Scope
from npt.core.errors import Refused
from npt.people.models import WardMembership
from npt.people.rules import TeamFact
from npt.staffing import queries, services
from npt.staffing.rules.boundaries import Membership, NewReview, WardFact, WardMove, effect, obstacles_to_review
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import words

SignIn = Callable[[User], FlaskClient]
NEXT_MONTH = dt.date(2026, 12, 1)
LEAD = Actor("Lead", Role.RESOURCES_LEAD, EVERYTHING)
TEAMS = {"ELY": TeamFact(1, "ELY", make.LONG_AGO), "SOH": TeamFact(2, "SOH", make.LONG_AGO)}
NORTH = WardFact(10, "SOHN", "Soham North", (Membership(1, 2, make.LONG_AGO),))


def review(*moves: tuple[str, str], first_day: dt.date = NEXT_MONTH, reviewed_on: dt.date = TODAY) -> NewReview:
    return NewReview(
        reviewed_on, first_day, "Growth", "District council", "Agreed", tuple(WardMove(*move) for move in moves)
    )


def refused(new: NewReview, *wards: WardFact) -> list[tuple[str | None, str]]:
    found = obstacles_to_review(new, {ward.code: ward for ward in wards or (NORTH,)}, TEAMS, TODAY)
    return [(reason.field, reason.message) for reason in found]


def test_a_ward_moves_to_another_live_team_from_today_on() -> None:
    assert refused(review(("SOHN", "ELY"))) == []
    assert refused(review(("SOHN", "ELY"), first_day=TODAY)) == []


def test_a_review_never_rewrites_a_day_gone_by() -> None:
    assert [field for field, _ in refused(review(("SOHN", "ELY"), first_day=TODAY - dt.timedelta(1)))] == ["first_day"]


def test_a_review_that_has_not_been_held_is_no_review() -> None:
    found = refused(review(("SOHN", "ELY"), reviewed_on=TODAY + dt.timedelta(1)))

    assert [field for field, _ in found] == ["reviewed_on"]


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ((), "Choose at least one ward and its new team"),
        ((("SOHN", "SOH"),), "Soham North already belongs to SOH"),
        ((("SOHN", "ELY"), ("SOHN", "ELY")), "Soham North is chosen twice"),
        ((("NONE", "ELY"),), "NONE is not a ward you may move"),
        ((("SOHN", "LIN"),), "LIN is not a team of yours that is live on that day"),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_words(moves: tuple[tuple[str, str], ...], message: str) -> None:
    assert message in [said for _, said in refused(review(*moves))]


def test_a_ward_that_moves_already_on_that_day_or_later_is_refused() -> None:
    moving = WardFact(
        10,
        "SOHN",
        "Soham North",
        (Membership(1, 2, make.LONG_AGO, dt.date(2026, 12, 31)), Membership(2, 1, dt.date(2027, 1, 1))),
    )

    assert "already moves on that day or later" in refused(review(("SOHN", "ELY")), moving)[0][1]


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["ELY", "SOH"])), unique_by=lambda move: move[0]))
def test_no_ward_is_lost_or_doubled_by_a_review(chosen: list[tuple[str, str]]) -> None:
    wards = [WardFact(n, code, code, (Membership(n, 1 + n % 2, make.LONG_AGO),)) for n, code in enumerate("ABCDE")]

    found = effect([WardMove(*move) for move in chosen], wards, TEAMS, NEXT_MONTH)

    moved = {move[0] for move in chosen}
    after = [ward for row in found for ward in row.after]
    assert len(after) == len(set(after))
    assert moved <= set(after)
    if len(found) == 2:
        assert sorted(after) == sorted(ward for row in found for ward in row.before)


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


def memberships() -> list[tuple[int, dt.date, dt.date | None]]:
    rows = db.session.execute(
        select(WardMembership.team_id, WardMembership.first_day, WardMembership.last_day).order_by(
            WardMembership.first_day
        )
    )
    return [(row.team_id, row.first_day, row.last_day) for row in rows]


def record(*moves: tuple[str, str], actor: Actor = LEAD, first_day: dt.date = NEXT_MONTH) -> int:
    with db.transaction():
        return services.review_boundaries(review(*moves, first_day=first_day), actor=actor, at=NOW, on=TODAY)


def test_the_old_membership_ends_the_day_before_and_the_new_begins_on_the_day(force: Force) -> None:
    review_id = record(("SOHN", "ELY"))

    assert memberships() == [
        (force.soham.id, make.LONG_AGO, dt.date(2026, 11, 30)),
        (force.ely.id, NEXT_MONTH, None),
    ]
    found = queries.boundary_review(review_id, EVERYTHING)
    assert [(move.ward_name, move.before.code, move.after.code) for move in found.moves] == [
        ("Soham North", "SOH", "ELY")
    ]
    assert [line.event for line in history(f"boundary_review:{review_id}")] == ["boundary.reviewed"]
    assert [line.event for line in history("ward:SOHN")] == ["ward.moved"]


def test_past_months_keep_the_past_team(force: Force) -> None:
    record(("SOHN", "ELY"))

    ward = queries.ward("SOHN", EVERYTHING)

    assert [(team.code if (team := ward.team_on(day)) else None) for day in (TODAY, dt.date(2026, 11, 30))] == [
        "SOH",
        "SOH",
    ]
    then = ward.team_on(NEXT_MONTH)
    assert then is not None
    assert then.code == "ELY"


def test_a_second_review_moves_it_on_and_the_first_stays_as_it_was(force: Force) -> None:
    first = record(("SOHN", "ELY"))
    record(("SOHN", "SOH"), first_day=dt.date(2027, 3, 1))

    assert memberships() == [
        (force.soham.id, make.LONG_AGO, dt.date(2026, 11, 30)),
        (force.ely.id, NEXT_MONTH, dt.date(2027, 2, 28)),
        (force.soham.id, dt.date(2027, 3, 1), None),
    ]
    assert queries.boundary_review(first, EVERYTHING).first_day == NEXT_MONTH
    assert [each.review_id is not None for each in queries.ward("SOHN", EVERYTHING).belonging] == [True, True, False]


def test_a_ward_of_a_closed_team_can_be_given_to_a_live_one(force: Force) -> None:
    closed = make.team(force.fens, "OLD", "Chatteris", last_day=TODAY)
    make.ward(closed, "CHAT", "Chatteris North")

    record(("CHAT", "ELY"))

    assert queries.ward("CHAT", EVERYTHING).belonging[0].team.code == "ELY"


def test_a_ward_or_team_of_another_bcu_is_not_the_leads_to_move(force: Force) -> None:
    lead = Actor("Lead", Role.RESOURCES_LEAD, Scope(team_ids=frozenset({force.linton.id})))

    with pytest.raises(Refused) as refusal:
        record(("SOHN", "LIN"), actor=lead)

    assert [reason.message for reason in refusal.value.reasons] == ["SOHN is not a ward you may move"]
    assert len(memberships()) == 1


def test_a_refused_review_leaves_nothing_behind(force: Force) -> None:
    make.ward(force.soham, "SOHS", "Soham South")

    with pytest.raises(Refused):
        record(("SOHS", "ELY"), ("SOHN", "SOH"))

    assert [last for _, _, last in memberships()] == [None, None]
    assert queries.boundary_reviews(EVERYTHING) == []


TYPED = {
    "reviewed_on": "2026-01-05",
    "reason": "Growth of the town",
    "partners": "District council",
    "outcome": "Agreed by all",
    "first_day": "2126-12-01",
    "moves-0-ward": "SOHN",
    "moves-0-team": "ELY",
}


@pytest.fixture
def lead(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "NOR"))


def test_the_effect_is_shown_before_anything_moves(lead: FlaskClient) -> None:
    page = post(lead, "/staffing/boundaries/new", **TYPED, step="check")

    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "Soham 1: Soham North 0: none: the team would be left with no ward" in words(page.text)
    assert "Ely 0: none 1: Soham North" in words(page.text)
    assert "Record this review" in page.text
    assert len(memberships()) == 1


def test_a_review_is_recorded_listed_and_kept_with_its_history(lead: FlaskClient) -> None:
    answer = post(lead, "/staffing/boundaries/new", **TYPED, step="record")
    page = lead.get(answer.location).text
    listed = lead.get("/staffing/boundaries").text
    file = lead.get("/staffing/boundaries?format=csv").text.removeprefix("﻿")

    for shown in (page, listed):
        html5lib.HTMLParser(strict=True).parse(shown)
    assert "1 ward will belong to another team from 1 December 2126" in page
    assert "Growth of the town" in page
    assert "Boundary reviewed" in page
    assert "Soham North from Soham to Ely" in words(listed)
    assert list(csv.reader(io.StringIO(file)))[1][2:6] == ["SOHN", "Soham North", "SOH", "ELY"]
    assert answer.location in lead.get("/staffing/wards/SOHN").text


def test_half_a_row_is_refused_beside_its_field_and_what_was_typed_is_kept(lead: FlaskClient) -> None:
    page = post(lead, "/staffing/boundaries/new", **{**TYPED, "moves-0-team": ""}, step="record")

    assert "Choose the new team of this ward" in page.text
    assert "Growth of the town" in page.text
    assert len(memberships()) == 1


def test_a_refusal_of_the_rules_stands_at_the_top(lead: FlaskClient) -> None:
    page = post(lead, "/staffing/boundaries/new", **{**TYPED, "first_day": "2020-01-01"}, step="record")

    assert "days gone by keep the teams they had" in page.text
    assert "Record this review" not in page.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"moves-0-ward": "", "moves-0-team": ""}, "Choose at least one ward and its new team"),
        ({"moves-1-ward": "SOHN", "moves-1-team": "ELY"}, "Soham North is chosen twice"),
        ({"moves-0-team": "SOH"}, "Soham North already belongs to SOH"),
    ],
)
def test_what_is_wrong_with_the_wards_is_said_and_leads_to_them(
    lead: FlaskClient, changed: dict[str, str], said: str
) -> None:
    page = post(lead, "/staffing/boundaries/new", **{**TYPED, **changed}, step="check").text

    assert "There is a problem" in page
    assert f'<a href="#moves">{said}</a>' in page
    assert 'id="moves"' in page
    assert "Record this review" not in page


def test_a_review_sent_twice_moves_its_wards_once_and_says_so(lead: FlaskClient) -> None:
    post(lead, "/staffing/boundaries/new", **TYPED, step="record")

    page = post(lead, "/staffing/boundaries/new", **TYPED, step="record").text

    assert "Soham North already moves on that day or later" in page
    assert len(memberships()) == 2


def test_more_rows_are_added_without_losing_what_was_typed(lead: FlaskClient) -> None:
    page = post(lead, "/staffing/boundaries/new", **TYPED, step="more")

    assert 'name="moves-5-ward"' in page.text
    assert "There is a problem" not in page.text
    assert "District council" in page.text


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_who_changes_staffing_records_a_review(force: Force, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make.user(role))

    assert browser.get("/staffing/boundaries/new").status_code == (
        200 if Permission.CHANGE_STAFFING in GRANTS[role] else 404
    )
    assert browser.get("/staffing/boundaries").status_code == (200 if Permission.VIEW_STAFFING in GRANTS[role] else 404)


def test_a_review_that_touches_no_team_in_scope_is_not_found(force: Force, sign_in: SignIn) -> None:
    review_id = record(("SOHN", "ELY"))
    theirs, strangers = (sign_in(make.user(Role.BCU_MANAGER, code)) for code in ("NOR", "SOU"))

    assert theirs.get(f"/staffing/boundaries/{review_id}").status_code == 200
    assert strangers.get(f"/staffing/boundaries/{review_id}").status_code == 404
    assert "No boundary review is recorded" in strangers.get("/staffing/boundaries").text
