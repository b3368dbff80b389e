"""Everybody else who signs in: what they may open."""

import pytest
from playwright.sync_api import expect

from npt.core.authority import Role
from tests.browser.conftest import Visit

FIGURES = ["BCU month", "Figures", "Abstractions", "Data quality"]
WORK = ["Policy", "Staffing", "Panels", "Plans", "Crime"]
DOORS = {
    Role.ANALYST: [*FIGURES, *WORK],
    Role.AUDITOR: [*FIGURES, "Dip-samples", *WORK, "Flags"],
    Role.FORCE_LEAD: [*FIGURES, "Dip-samples", *WORK, "Flags"],
    Role.RESOURCES_LEAD: ["Policy", "Staffing", "Flags"],
}


@pytest.mark.parametrize(("role", "doors"), DOORS.items(), ids=[role.value for role in DOORS])
def test_a_role_without_a_home_of_its_own_is_led_to_what_it_may_open(
    visit: Visit, role: Role, doors: list[str]
) -> None:
    visitor = visit(role.value)
    page = visitor.page

    expect(page.get_by_role("heading", level=1)).to_have_text(role.label)
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
