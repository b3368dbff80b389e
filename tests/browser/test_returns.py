"""A month is confirmed, held against everybody but the BCU's manager, changed by them, and opened again."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import Visit

LONDON = ZoneInfo("Europe/London")


def test_a_sergeant_confirms_the_month_and_then_only_the_manager_changes_it_or_opens_it_again(visit: Visit) -> None:
    sergeant = visit("sergeant")
    month = f"{dt.datetime.now(LONDON).replace(day=1) - dt.timedelta(days=1):%Y-%m}"
    page = sergeant.go(f"/returns/SOH/{month}/confirm")
    sergeant.see("confirm")
    page.get_by_text(re.compile("entries, one by one")).click()
    entry = page.get_by_role("row").get_by_role("link").last.get_attribute("href") or ""
    entry = entry.split("?")[0].replace("/entries/", "/")
    page.get_by_label("Complete").check()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(page.locator(".govuk-notification-banner").first).to_contain_text("as complete")
    sergeant.go(f"/returns/SOH/{month}")
    sergeant.see("confirmed")

    # What would be refused is not offered: the page says whom to ask.
    sergeant.go(f"{entry}/cancel")
    expect(page.locator("main")).to_contain_text("Only the BCU manager can change it now: ask them")
    expect(page.get_by_label("Why is it cancelled?")).to_have_count(0)

    manager = visit("bcu_manager")
    page = manager.go(f"{entry}/cancel")
    page.get_by_label("Why is it cancelled?").fill("Logged twice")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Cancel")).click()
    manager.go(f"/returns/SOH/{month}")
    manager.see("changed-after")
    expect(page.get_by_role("heading", name="Changed after the return (1)")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Open again").click()
    page.get_by_label("Why is it opened again?").fill("A week of custody cover was not entered")
    with page.expect_navigation():
        page.get_by_role("button", name="Open again").click()
    expect(page.locator("main")).to_contain_text("Reopened")
    manager.go(f"/bcu-month/SOU/{month}#returns")
    expect(page.locator("#returns")).to_contain_text("A week of custody cover was not entered")
