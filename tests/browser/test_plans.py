"""A plan from the PC who opens it to its measured impact, in a real browser."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_pc_opens_a_plan_the_sergeant_is_refused_with_what_is_missing_and_then_moves_it_on(visit: Visit) -> None:
    pc, sergeant = visit("pc"), visit("sergeant")
    page = pc.page
    pc.go("/plans/")
    pc.press("Open a plan")
    pc.press("Open this plan")
    pc.told("Enter the problem in one sentence", "Choose the type of problem")
    pc.see("new-plan")
    page.get_by_label("The problem in one sentence").fill("Fires in the old station yard")
    page.get_by_label("More about it").fill("Every second weekend")
    page.get_by_label("Type of problem").select_option("Criminal damage and arson")
    pc.press("Open this plan")
    expect(page.get_by_role("heading", name="Fires in the old station yard")).to_be_visible()
    plan = page.url.split("?")[0]

    sergeant.go(plan)
    sergeant.press("Move on to analysis")
    sergeant.press("Move on to analysis")
    sergeant.told("Add two sources: at least two are needed", field=False)
    sergeant.see("plan-refused")
    sergeant.follow("Add two sources: at least two are needed")
    for source in ("Recorded crime", "The panel"):
        pc.go(f"{plan}/sources/new")
        pc.choose("Source", source)
        page.get_by_label("What does it say?").fill("Eleven fires since June")
        pc.press("Add this source")
    pc.follow("Choose the measure")
    page.get_by_label("What is measured?").fill("Fires in the yard")
    page.get_by_label("Where does the figure come from?").fill("Fire service")
    pc.choose("When is it better?", "When it is lower")
    page.get_by_label("Value now").fill("11")
    page.get_by_label("Counted from").fill("2026-06-01")
    page.get_by_label("Counted to").fill("2026-08-31")
    pc.press("Choose this measure")
    pc.see("plan-scanned")
    sergeant.go(f"{plan}/move-on")
    sergeant.press("Move on to analysis")
    expect(sergeant.page.locator(".npt-stages [aria-current]")).to_contain_text("Analysis")


def test_a_sergeant_reads_what_may_be_said_of_a_plan_and_closes_it(visit: Visit) -> None:
    sergeant = visit("sergeant")
    sergeant.go("/plans/?stage=assessment")
    sergeant.see("plans")
    sergeant.follow(re.compile("Heating oil"))
    expect(sergeant.page.get_by_text("90 % interval −23.76 to 3.76")).to_be_visible()
    expect(sergeant.page.get_by_text("Could be chance", exact=True)).to_be_visible()
    sergeant.see("plan-impact")
    sergeant.press("Close this plan")
    sergeant.choose("What came of it?", "No change")
    sergeant.see("plan-close")
    sergeant.press("Close this plan")
    expect(sergeant.page.get_by_text("Closed: No change")).to_be_visible()
