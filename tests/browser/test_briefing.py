"""A response officer reads on a phone what residents asked for, and is counted once."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import DESKTOP, PHONE


def test_a_response_officer_reads_the_briefing_on_a_phone_and_is_counted_once(visit: Visit) -> None:
    manager = visit("bcu_manager")
    manager.follow("Panels")
    manager.follow("Briefing: what response and CID officers see")
    share = re.compile(r"Response and CID officers: \d of 5")
    expect(manager.page.get_by_text(share)).to_be_visible()

    officer = visit("responder")
    officer.page.set_viewport_size(PHONE)
    officer.go("/")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("Briefing for Southern")
    first = officer.page.locator(".npt-brief", has_text="Speeding on Fordham Road")
    for said in ("Fordham Road past the school", "Be seen.", "Soham team, 101 extension 4410"):
        expect(first).to_contain_text(said)
    expect(officer.page.locator("#silent + ul")).to_contain_text("what to do expired on")
    officer.see("briefing")
    officer.page.set_viewport_size(DESKTOP)  # where the menu is not folded
    expect(officer.page.get_by_role("navigation", name="Menu").get_by_role("link")).to_have_text(["Briefing"])
    officer.go("/")
    expect(officer.page.get_by_text("New to you")).to_have_count(0)
    expect(officer.page.get_by_text(share)).to_have_text(re.compile("[3-5] of 5"))
    officer.go("/panels", status=404)

    manager.go("/briefing/SOU/readers?role=responder")
    expect(manager.page.get_by_role("row", name=re.compile("Demonstration Response officer"))).not_to_contain_text(
        "Not yet"
    )
    manager.see("briefing-readers")


def test_a_sergeant_refreshes_what_has_expired_and_it_is_new_to_everybody(visit: Visit) -> None:
    sergeant = visit("sergeant")
    sergeant.go("/briefing")
    title = "Young people with nowhere to go at the recreation ground"
    sergeant.follow(f"Write what to do about {title}")
    sergeant.page.get_by_label("Who to call").fill("")
    sergeant.press("Put it in the briefing")
    sergeant.told("Enter who to call")
    sergeant.see("briefing-note-refused")
    sergeant.page.get_by_label("Who to call").fill("Soham team, 101")
    sergeant.press("Put it in the briefing")
    expect(sergeant.page.get_by_role("alert")).to_contain_text(f"“{title}” stands in the briefing until")
    expect(sergeant.page.locator(".npt-brief", has_text=title)).to_contain_text("Walk through and talk.")
    sergeant.see("briefing-sergeant")
