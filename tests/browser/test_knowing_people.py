"""Who residents may ask for, who speaks what, and who could follow: kept by the people who run a team, in a browser."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

WARD, LEFT_WARD = "Dullingham Villages", "Isleham"
"""In the demonstration nobody is named for the first, and whoever is named for the second has left."""


def _night(visit: Visit, job: str) -> None:
    administrator = visit("administrator")
    administrator.go(f"/jobs/{job}")
    administrator.press("Run now")


def test_a_sergeant_names_a_contact_where_nobody_is_and_replaces_whoever_left(visit: Visit) -> None:
    sergeant = visit("sergeant")
    page = sergeant.go("/staffing/contacts")
    sergeant.follow(re.compile(f"^Name somebody.*{WARD}"))
    sergeant.press("Name this contact")
    sergeant.told("Choose a PC or PCSO of the team")
    sergeant.see("name-contact-refused")
    page.get_by_label("Who?").select_option(index=1)
    chosen = page.get_by_label("Who?").locator("option:checked").inner_text()
    sergeant.press("Name this contact")
    expect(page.locator("main")).to_contain_text(f"{chosen} is named for {WARD} ward")
    sergeant.see("ward-named")

    sergeant.go("/staffing/contacts")
    sergeant.follow(re.compile(f"^Replace.*{LEFT_WARD}"))
    expect(page.get_by_label("In whose place? (optional)")).not_to_have_value("")
    page.get_by_label("Who?").select_option(index=1)
    sergeant.press("Name this contact")
    expect(page.locator("main")).to_contain_text(f"is named for {LEFT_WARD} ward")

    sergeant.go("/staffing/contacts")
    # Other journeys of the same site may leave gaps of their own; these two are closed.
    expect(page.locator("table#nobody tbody tr", has_text=WARD)).to_have_count(0)
    expect(page.locator("table#left tbody tr", has_text=LEFT_WARD)).to_have_count(0)
    sergeant.see("contacts-with-the-gaps-closed")
    _night(visit, "contacts")
    sergeant.go("/flags/?kind=no_named_contact")
    expect(page.locator("main")).not_to_contain_text(WARD)


def test_a_resources_lead_closes_the_gap_of_a_language_and_finds_who_speaks_it(visit: Visit) -> None:
    lead = visit("resources_lead")
    page = lead.go("/staffing/languages")
    gap = page.locator("tbody tr", has_text="Lithuanian").first
    expect(gap).to_contain_text("Gap")

    _open_a(lead, "PCSO")
    who = page.locator("h1").inner_text()
    lead.follow("Add a skill or language")
    lead.press("Add to the record")
    lead.told("Choose the kind", "Enter the language, skill or link, like Polish")
    lead.see("add-skill-refused")
    page.get_by_label("Language", exact=True).check()
    page.get_by_label("Name").fill("lithuanian")
    page.get_by_label("Level (optional)").fill("fluent")
    page.get_by_label("Verified on (optional)").fill(_today().isoformat())
    lead.press("Add to the record")
    expect(page.locator("main")).to_contain_text("Lithuanian is on the record of PCSO")
    expect(page.locator("#skills ~ table").first).to_contain_text("Lithuanian")
    lead.see("person-with-skill")

    lead.go("/staffing/skills?name=Lithuanian&bcu=SOU")
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody")).to_contain_text(who.split(", ")[1])
    lead.see("skills-found")
    lead.go("/staffing/languages")
    expect(page.locator("tbody tr", has_text="Lithuanian").first).to_contain_text("Covered")


def test_a_resources_lead_puts_a_constable_forward_and_says_what_came_of_it(visit: Visit) -> None:
    lead = visit("resources_lead")
    page = lead.page
    _open_a(lead, "PC")
    lead.follow("Put them forward for a grade")
    lead.press("Put them forward")
    lead.told("Choose the grade they are a candidate for")
    lead.see("put-forward-refused")
    page.get_by_label("Grade").select_option(label="Sergeant")
    lead.press("Put them forward")
    expect(page.locator("h1")).to_contain_text("Sergeant")
    lead.see("candidate")
    where = page.url

    lead.go("/staffing/succession")
    ready = page.locator("tr", has_text="Southern, Sergeant")
    assert int(ready.locator('td[data-label="Candidates ready"]').inner_text()) >= 1
    page.goto(where)
    lead.follow(re.compile("^Close"))
    lead.press("Close this candidacy")
    lead.told("Choose what came of it")
    lead.see("close-candidacy-refused")
    page.get_by_label("Not suitable").check()
    lead.press("Close this candidacy")
    lead.told("Enter why")
    page.get_by_label("Note (optional)").fill("Invented: would like another year in the team.")
    lead.press("Close this candidacy")
    expect(page.locator("main")).to_contain_text("Not suitable")
    lead.see("candidacy-closed")


def _open_a(lead: Visitor, grade: str) -> None:
    """Open the page of the first of a grade in Soham."""
    row = lead.go("/staffing/people?team=SOH").locator(
        "tbody tr", has=lead.page.get_by_role("cell", name=grade, exact=True)
    )
    lead.follow(re.compile(","), within=row.first)


def _today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Europe/London")).date()
