"""What the nightly check of panels finds of the police authority and of chairs' forums (docs/decisions/0053)."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from npt.accounts.models import User
from npt.core.authority import EVERYTHING, Role, system
from npt.core.db import transaction
from npt.core.periods import DAY
from npt.flags.queries import FlagRow, Narrowing, flags_for
from npt.flags.rules import FlagKind, FlagState
from npt.panels import services
from npt.panels.rules.authority import AuthorityFacts, MemberGoes, authority_findings, member_of, member_subject
from npt.panels.services import NewAllocation, NewForum
from npt.policy.queries import policy_on
from tests import make
from tests.conftest import NOW, TODAY
from tests.panels.test_authority import LEAD, Area
from tests.panels.test_views import page
from tests.staffing.make import DEFAULT
from tests.staffing.test_views_units import words

SignIn = Callable[[User], FlaskClient]
OURS = (FlagKind.AUTHORITY_MEMBER_LOAD, FlagKind.CHAIRS_FORUM_MISSED, FlagKind.PANEL_WITHOUT_AUTHORITY_MEMBER)
BCUS = {1: ("CEN", "Central"), 2: ("NOR", "Northern")}


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def check(on: dt.date = TODAY) -> list[FlagRow]:
    """Run the check of a day and read what it holds of the authority."""
    with transaction():
        services.flag_panels(on, policy_on(on), ZoneInfo("Europe/London"), actor=system("panels"), at=NOW)
    return flags_for(EVERYTHING, Narrowing(FlagState.OPEN, kinds=OURS))


def said(rows: list[FlagRow]) -> list[tuple[str, str, str | None, str | None]]:
    return [(row.kind.value, row.subject, row.figure, row.threshold) for row in rows]


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_member_is_flagged_exactly_under_two_and_over_three_panels_and_to_the_bcu_they_serve_most(
    central: int, northern: int
) -> None:
    facts = AuthorityFacts(BCUS, [MemberGoes(7, "Cllr Reed", {1: central, 2: northern})])

    found = list(authority_findings(facts, DEFAULT, TODAY))

    panels = central + northern
    assert [each.threshold for each in found] == (["2"] if panels < 2 else ["3"] if panels > 3 else [])
    assert [each.figure for each in found] == [str(panels)] * len(found)
    assert all(each.bcu_id == (1 if central >= northern else 2) for each in found)


def test_a_member_who_goes_nowhere_is_a_matter_of_the_bcu_where_most_panels_want_somebody() -> None:
    facts = AuthorityFacts(BCUS, [MemberGoes(7, "Cllr Reed", {})], [("A", "A", 1), ("B", "B", 2), ("C", "C", 2)])

    found = next(iter(authority_findings(facts, DEFAULT, TODAY)))

    assert (found.kind, found.bcu_id) == (FlagKind.AUTHORITY_MEMBER_LOAD, 2)


def test_a_force_that_has_no_member_on_record_is_not_flagged_for_every_panel(area: Area) -> None:
    assert check() == []


def test_members_with_too_few_and_too_many_panels_and_a_panel_without_are_flagged_and_closed_when_mended(
    area: Area,
) -> None:
    reed = area.member("Cllr Reed", "SV")
    assert said(check()) == [
        ("authority_member_load", member_subject(reed), "1", "2"),
        ("panel_without_authority_member", "EL", "0", "1"),
        ("panel_without_authority_member", "EL2", "0", "1"),
    ]
    assert {row.owner_role for row in check()} == {Role.BCU_MANAGER}

    for code in ("EL", "EL2"):
        with transaction():
            services.allocate(NewAllocation(reed, code, TODAY + DAY), actor=LEAD, at=NOW)
    assert check(TODAY + DAY) == []

    make.panel(area.ely, code="EL3", name="Ely South")
    with transaction():
        services.allocate(NewAllocation(reed, "EL3", TODAY + 2 * DAY), actor=LEAD, at=NOW)
    assert said(check(TODAY + 2 * DAY)) == [("authority_member_load", member_subject(reed), "4", "3")]


def test_a_panel_that_closes_counts_for_nobody_from_the_day_after(area: Area) -> None:
    area.member("Cllr Reed", "SV", "EL")
    with transaction():
        area.panels[0].last_day = TODAY

    before, after = check(), check(TODAY + DAY)

    assert [row.kind for row in before] == [FlagKind.PANEL_WITHOUT_AUTHORITY_MEMBER]
    assert [(row.kind, row.figure) for row in after] == [
        (FlagKind.AUTHORITY_MEMBER_LOAD, "1"),
        (FlagKind.PANEL_WITHOUT_AUTHORITY_MEMBER, "0"),
    ]


def test_a_forum_is_missed_a_year_after_the_first_and_no_sooner(area: Area) -> None:
    first = TODAY - 100 * DAY
    with transaction():
        services.record_forum(NewForum(area.bcu.code, first, 7, None), actor=LEAD, at=NOW, on=TODAY)
    year = dt.date(first.year + 1, first.month, first.day)

    assert check(year - 2 * DAY) == []
    assert said(check(year - DAY)) == [("chairs_forum_missed", area.bcu.code, "1", "2")]
    assert said(check(year)) == [("chairs_forum_missed", area.bcu.code, "0", "2")]


def test_a_bcu_manager_answers_for_it_and_is_led_to_the_member(area: Area, sign_in: SignIn) -> None:
    reed = area.member("Cllr Reed", "SV")
    flag = next(row for row in check() if row.kind is FlagKind.AUTHORITY_MEMBER_LOAD)
    manager = sign_in(make.user(Role.BCU_MANAGER, area.bcu.code))

    shown = page(manager, f"/flags/{flag.id}")
    member = words(page(manager, f"/panels/authority/members/{member_subject(reed)}"))

    assert "Cllr Reed of the police authority goes to 1 panel, fewer than 2" in words(shown)
    assert f'href="/panels/authority/members/{member_subject(reed)}"' in shown
    assert "Goes to 1 panel today fewer than 2" in member
    assert "Panels (1)" in member
    assert "Authority member added" in member
    assert f'href="/panels/authority/members/{member_subject(reed)}#panels"' in page(manager, "/panels/authority")
    assert manager.get(f"/panels/authority/members/{member_subject(reed)}?format=csv").status_code == 200
    for wrong in ("AUTH-999", "AUTH-", "Reed", f"AUTH-{'9' * 30}"):
        assert manager.get(f"/panels/authority/members/{wrong}").status_code == 404
    assert sign_in(make.user(Role.SERGEANT, "SOH")).get(f"/flags/{flag.id}").status_code == 404


def test_the_number_of_a_member_is_read_back_from_a_flag() -> None:
    assert [member_of(text) for text in (member_subject(12), "AUTH-x", "SV", "AUTH-1 ")] == [12, None, None, None]
