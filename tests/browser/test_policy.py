"""Policy in a real browser: a target tried on a past month, then set; courses barred; a sergeant warned and refused."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visit
from tests.browser.visitor import Visitor

WHY = "Ask first whether somebody outside the teams can go"


def test_a_force_lead_tries_a_target_on_a_past_month_and_sets_it(visit: Visit) -> None:
    lead = visit("force_lead")
    page = lead.follow("Policy")
    lead.press("Set a target")
    page.get_by_label("Target of").select_option(label="Chatteris")
    page.get_by_label("Target in per cent").fill("x")
    lead.press("Check what this would do")
    lead.told("Enter a number, like 8 or 7.5", "Enter why")
    page.get_by_label("Target in per cent").fill("1.5")
    page.get_by_label("Why?").fill("The team is new")

    lead.press("Check what this would do")
    expect(page.locator("main")).to_contain_text("1.5 % applies from")
    lead.see("policy-check")
    lead.follow(re.compile(r"^What would \w+ \d{4} have been under this\?"))
    row = page.locator("tbody tr", has=page.get_by_role("rowheader", name=re.compile("^Chatteris")))
    expect(row.locator('td[data-label="Target, would be"]')).to_contain_text("1.5 %")
    expect(row.locator('td[data-label="Status would be"]')).to_have_text("Over target")
    lead.see("policy-preview")
    lead.press("Back to the change")
    expect(page.get_by_label("Why?")).to_have_value("The team is new")
    lead.press("Check what this would do")
    lead.press("Set this target")

    expect(page.get_by_role("alert")).to_contain_text("The target of Chatteris is set.")
    expect(page.locator("tbody tr").first).to_contain_text("The team is new")
    lead.see("policy-target")
    lead.go("/policy/reasons/court/change")
    lead.tab_to("#counts_local-pc")
    page.keyboard.press("Space")
    expect(
        page.get_by_role("checkbox", name=re.compile("counts for PC under the force's own definition"))
    ).to_be_checked()
    lead.see("policy-reason")


def _bar(manager: Visitor, reason: str, strength: str) -> Page:
    page = manager.go("/policy/bars/set")
    page.get_by_label("Reason", exact=True).select_option(label=reason)
    page.get_by_label(strength).check()
    page.get_by_label("Why?").fill(WHY)
    manager.press("Check what this would do")
    manager.press("Set this bar")
    return page


def _fill(page: Page, reason: str, who: str, sergeant: Visitor) -> None:
    sergeant.go("/abstractions/new")
    sergeant.choose("Who is away?", who)
    sergeant.choose("Why?", reason)
    sergeant.choose("Until", "Back, or due back, at a time")
    for legend, clock in (("From", "09:00"), ("Back at", "10:00")):
        group = page.get_by_role("group", name=legend, exact=True)
        group.get_by_label("Date", exact=True).fill(_today(page))
        group.get_by_label("Time", exact=True).fill(clock)


def _today(page: Page) -> str:
    return str(page.get_by_role("group", name="From", exact=True).get_by_label("Date", exact=True).input_value())


def test_a_bcu_manager_bars_courses_and_a_sergeant_is_warned_or_refused(visit: Visit, site: Site) -> None:
    manager, sergeant, who = visit("bcu_manager"), visit("sergeant"), site.covered[0]
    _bar(manager, "Specialist course", "Warned, and asked to confirm")
    page = _bar(manager, "Scene guard", "Refused")
    expect(page.get_by_role("alert")).to_contain_text("Scene guard is set for Southern BCU: refused.")
    manager.see("policy-bar")

    page = sergeant.page
    _fill(page, "Scene guard", who, sergeant)
    sergeant.press("Log abstraction")
    sergeant.told(f"{WHY}. Choose another reason")
    _fill(page, "Specialist course", who, sergeant)
    sergeant.press("Log abstraction")
    expect(page.locator(".govuk-error-summary")).to_contain_text(f"{WHY}. Tick the box to log it all the same")
    sergeant.see("policy-warned")
    page.get_by_label("Log it all the same").check()
    sergeant.press("Log abstraction")
    expect(page.get_by_role("alert").first).to_contain_text(f"Logged: {who}, Specialist course")

    sergeant.follow("See it")
    sergeant.follow("Cancel this entry")
    page.get_by_label("Why is it cancelled?").fill("Logged to try it")
    sergeant.press("Cancel this entry")
