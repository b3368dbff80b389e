"""An inspector plans a meeting, prepares it, and records it; the chair reads the pack on a phone and prints."""

import datetime as dt
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import DESKTOP, PHONE


def test_a_meeting_from_its_plan_to_issued_minutes_which_the_chair_reads_on_a_phone_and_prints(visit: Visit) -> None:
    held = dt.datetime.now(ZoneInfo("Europe/London")).date() - dt.timedelta(days=1)
    following = held + dt.timedelta(days=150)
    inspector = visit("inspector")
    page = inspector.page

    inspector.follow("Panels")
    inspector.follow("Soham and Villages")
    inspector.see("panel-seats")
    inspector.press("Plan a meeting")
    page.get_by_label("Date").fill(held.isoformat())
    page.get_by_label("Time").fill("19:15")
    page.get_by_label("Where").fill("Pavilion by the lode")
    inspector.press("Plan this meeting")
    inspector.follow("See it")
    expect(page.locator(".npt-empty").first).to_contain_text("No agenda is prepared")
    address = page.url

    inspector.go(f"{address}/agenda")
    expect(page.get_by_label("Item", exact=True).first).to_have_value("Apologies")
    page.get_by_label("Item", exact=True).last.fill("Summer fair")
    page.get_by_label("Number", exact=True).last.fill("3.1")
    inspector.press("Keep this agenda")
    inspector.told("Summer fair: another item has the number 3.1. Enter another", field=False)
    inspector.see("agenda-form")
    page.get_by_label("Number", exact=True).last.fill("8.1")
    inspector.press("Keep this agenda")
    expect(page.locator(".npt-numbered").first).to_contain_text("8.1 Summer fair")
    inspector.follow("Invitation")
    expect(page.locator(".npt-words")).to_contain_text("Pavilion by the lode")
    inspector.see("invitation")

    inspector.go(address)
    inspector.press("Record how it went")
    page.get_by_label("How many of the public came?").fill("52")
    page.get_by_label("How many members of the panel came?").fill("9")
    page.get_by_label("Who took the chair?").fill("Margaret Holt")
    inspector.choose("Housing association (Neighbourhood manager)", "Sent apologies")
    inspector.choose("Fire and rescue service (Community fire officer)", "Present")
    inspector.see("record-meeting")
    inspector.press("Record as held")
    expect(page.locator("#attendance")).to_contain_text("Sent apologies")

    inspector.press("Write the minutes")
    for number, title, decision, more in (
        ("6.8", "Theft of heating oil", "Adopt a priority", "Theft of heating oil from farms"),
        ("6.9", "Signs on the droves", "Action", ""),
    ):
        inspector.press("Add an item")
        page.get_by_label("Number").fill(number)
        page.get_by_label("Item", exact=True).fill(title)
        page.get_by_label("What was said").fill("Nine for, none against.")
        page.get_by_label("What was decided").select_option(decision)
        if more:
            page.get_by_label("About which priority?").select_option(more)
        else:
            inspector.press("Keep this item")
            inspector.told("Enter who acts", "Enter the day by which it is to be done")
            page.get_by_label("Who acts").fill("County council, highways")
            page.get_by_label("By when").fill(following.isoformat())
        inspector.press("Keep this item")
    inspector.see("minutes-draft")
    inspector.press("Issue these minutes")
    inspector.press("Issue these minutes")
    expect(page.get_by_text("Draft")).to_have_count(0)

    inspector.go(address)
    inspector.follow("Fix the next meeting")
    page.get_by_label("Date").fill(following.isoformat())
    page.get_by_label("Time").fill("19:15")
    inspector.press("Plan this meeting")
    expect(page.get_by_text("fixed at this meeting")).to_be_visible()
    inspector.see("meeting-held")
    inspector.go("/panels/attendance")
    inspector.see("attendance")
    inspector.go("/panels/authority")
    inspector.see("authority")
    inspector.go("/panels/decisions")
    inspector.see("decisions")

    chair = visit("chair")
    chair.page.set_viewport_size(PHONE)
    chair.go(address)
    chair.follow("Pack to read before it")
    expect(chair.page.get_by_role("heading", name="Agenda")).to_be_visible()
    chair.fits()
    chair.page.set_viewport_size(DESKTOP)
    chair.see("pack")
    chair.go(f"{address}/minutes")
    expect(chair.page.get_by_text("Issue these minutes")).to_have_count(0)
    for words in ("Soham and Villages", "Margaret Holt", "OFFICIAL", "Adopt a priority", "County council, highways"):
        expect(chair.page.get_by_text(words).first).to_be_visible()
    chair.see("minutes")
    chair.page.emulate_media(media="print")
    expect(chair.page.locator(".npt-marking").first).to_be_visible()
    expect(chair.page.get_by_role("navigation", name="Menu")).to_be_hidden()
    chair.picture("minutes-print")
    assert chair.page.pdf(format="A4")[:4] == b"%PDF"
    chair.page.emulate_media(media="screen")
    chair.go("/panels/SOHV/calendar-address")
    chair.press("Make an address")
    followed = chair.page.locator("#address").inner_text()
    chair.see("calendar-address")
    nobody = visit()
    assert "SUMMARY:Soham and Villages panel" in nobody.fetch(followed)
    nobody.fetch(followed.replace(".ics", "x.ics"), status=404)
