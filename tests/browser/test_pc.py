"""A PC's home in a real browser: their own month, and nobody else's."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_pc_sees_their_own_month_and_the_duties_it_is_made_of(visit: Visit) -> None:
    pc = visit("pc")
    page = pc.page

    expect(page.get_by_role("heading", level=1)).to_have_text("My team")
    pc.see("home")
    duty = page.locator(".npt-figure", has_text="rostered and worked").get_by_role("link")
    hours = duty.inner_text()
    with page.expect_navigation():
        duty.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("My duties")
    expect(page.locator("caption")).to_contain_text(re.compile(rf"with {re.escape(hours)} available"))
    pc.see("duties")


def test_a_pc_is_offered_no_action_and_finds_no_list_of_others(visit: Visit) -> None:
    pc = visit("pc")

    expect(pc.page.locator("main").get_by_role("button")).to_have_count(0)
    for path in ("/abstractions/new", "/abstractions/", "/staffing/", "/flags/", "/users"):
        pc.go(path, status=404)
