"""The auditor's way through a dip-sample in a real browser, and what a BCU manager then reads of it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_an_auditor_draws_a_sample_looks_at_each_entry_and_closes_it_and_the_bcu_manager_reads_it(visit: Visit) -> None:
    auditor, manager = visit("auditor"), visit("bcu_manager")
    page = auditor.page
    auditor.go("/abstractions/")
    auditor.follow("Data quality")
    auditor.see("data-quality")
    auditor.follow("Southern")
    auditor.follow("Dip-samples")
    auditor.see("dip-samples")

    auditor.press("Draw a sample")
    auditor.press("Draw the sample")
    auditor.told("Enter how many to draw, from 1 to 500")
    page.get_by_label("BCU", exact=True).select_option("Southern")
    page.get_by_label("How many?").fill("3")
    auditor.press("Draw the sample")
    expect(page.get_by_text("None of 3 looked at yet.")).to_be_visible()
    sample = page.url.split("?")[0]
    auditor.press("Look at the next entry")
    auditor.choose("What do you find?", "Wrong time")
    page.get_by_label("What did you look at?").fill("Custody log")
    auditor.press("Record the finding")
    auditor.told("Enter what is wrong, or why it cannot be told")
    auditor.see("dip-finding")
    page.get_by_label("What is wrong, or why it cannot be told").fill("Back an hour sooner than logged")
    auditor.press("Record the finding")
    for place in (2, 3):
        expect(page.get_by_role("heading", name=re.compile(f"^Entry {place} of 3"))).to_be_visible()
        auditor.choose("What do you find?", "Agrees with the duty record")
        page.get_by_label("What did you look at?").fill("Duty sheet")
        auditor.press("Record the finding")
    manager.go(sample, status=404)
    auditor.press("Close this sample")
    auditor.see("close-dip-sample")
    page.get_by_label("Your conclusion").fill("One in three is wrong. Ask for the custody log.")
    auditor.press("Close this sample")

    manager.go(sample)
    expect(manager.page.get_by_text("1 of 3 is wrong: 33.3 %.")).to_be_visible()
    expect(manager.page.get_by_text("One in three is wrong. Ask for the custody log.").first).to_be_visible()
    manager.see("dip-sample")
    manager.follow(re.compile(r"^Wrong time"))
    row = manager.page.locator("tbody tr")
    expect(row).to_have_count(1)
    manager.follow(re.compile(r"."), within=row)
    expect(manager.page.locator("#dip-samples")).to_be_visible()
    expect(manager.page.get_by_text("Back an hour sooner than logged").first).to_be_visible()
