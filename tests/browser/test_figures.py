"""A BCU manager takes a figure apart in a real browser, down to the entries that make it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_bcu_manager_goes_from_the_month_to_a_reason_to_its_entries_and_the_totals_agree(visit: Visit) -> None:
    manager = visit("bcu_manager")
    page = manager.page

    manager.follow("Abstractions", within=page.get_by_role("navigation", name="Menu"))
    manager.follow("Figures")
    manager.follow("Last month")
    expect(page.get_by_role("heading", level=1)).to_have_text("Abstraction: Southern BCU")
    manager.see("figures")
    figures = page.url
    custody = page.locator("#reason tbody tr", has=page.get_by_role("rowheader", name="Custody cover", exact=True))
    link = custody.locator('td[data-label="Counted"] a')
    hours = link.inner_text().split(",\n")[0].split(", Custody")[0]
    manager.go(link.get_attribute("href") or "")
    expect(page.locator("caption")).to_contain_text(f"with {hours} counted")

    manager.go(figures)
    night = page.locator("#hours tbody tr").first
    link = night.locator('td[data-label="Duty"] a')
    hours = link.inner_text().split(", duty")[0]
    manager.go(link.get_attribute("href") or "")
    expect(page.locator("caption")).to_contain_text(f"with {hours} available")

    manager.go(figures)
    manager.follow("Twelve months")
    expect(page.locator("svg.npt-trend")).to_be_visible()
    page.get_by_text("Show the table").click()
    expect(page.locator("tbody tr")).to_have_count(12)
    manager.see("months")


def test_a_sergeant_goes_from_where_the_month_is_heading_to_what_it_holds_and_is_planned(visit: Visit) -> None:
    sergeant = visit("sergeant")
    page = sergeant.go("/")

    heading = page.locator(".npt-figure p", has_text="heading for").first.get_by_role("link")
    shown = heading.inner_text()
    with page.expect_navigation():
        heading.click()

    expect(page.locator("main")).to_contain_text("with what is planned")
    expect(page.locator("main")).to_contain_text(f"available duty: {shown}")
    sergeant.see("planned")
    sergeant.go("/abstractions/")
    expect(page.get_by_label("Collar number")).to_be_hidden()
    sergeant.see("entries")


def test_a_force_lead_sees_what_nights_a_longer_look_back_would_have_struck(visit: Visit) -> None:
    lead = visit("force_lead")
    page = lead.go("/policy/figures/rolling_days/change")
    page.get_by_label("New value").fill("14")
    page.get_by_label("Why?").fill("Sooner told")
    lead.press("Check what this would do")
    lead.follow(re.compile(r"^What would \w+ \d{4} have been under this\?"))

    expect(page.get_by_role("columnheader", name="Nights over target")).to_be_visible()
    lead.see("nights-preview")
