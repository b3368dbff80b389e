"""Everybody else who signs in: what they may open today, and what will be there for them."""

import pytest
from playwright.sync_api import expect

from npt.core.authority import Role
from tests.browser.conftest import Visit

DOORS = {
    Role.ANALYST: ["BCU month", "Abstractions", "Staffing", "Panels"],
    Role.AUDITOR: ["BCU month", "Abstractions", "Staffing", "Panels", "Flags"],
    Role.FORCE_LEAD: ["BCU month", "Abstractions", "Staffing", "Panels", "Flags"],
    Role.RESOURCES_LEAD: ["Staffing", "Flags"],
}


@pytest.mark.parametrize(("role", "doors"), DOORS.items(), ids=[role.value for role in DOORS])
def test_a_role_without_pages_of_its_own_is_told_what_will_come_and_given_what_there_is(
    visit: Visit, role: Role, doors: list[str]
) -> None:
    visitor = visit(role.value)
    page = visitor.page

    expect(page.get_by_role("heading", level=1)).to_have_text(role.label)
    # The resources lead's pages are here; nothing more is promised.
    expect(page.locator("main .npt-empty")).to_have_count(0 if role is Role.RESOURCES_LEAD else 1)
    visitor.see("home")
    expect(page.locator("main a")).to_have_text(doors)
    for door in doors:
        visitor.go("/")
        visitor.follow(door, within=page.locator("main"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_nobody_comes_in_without_signing_in(visit: Visit) -> None:
    stranger = visit()

    stranger.go("/abstractions/new")

    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    stranger.see("sign-in")
    stranger.weigh_first("/sign-in")
