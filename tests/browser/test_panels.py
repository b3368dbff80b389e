"""A chair finds their own panel; the sergeant of its lead team plans a meeting, and a clash is refused."""

import datetime as dt

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_chair_finds_their_panel_and_a_meeting_its_sergeant_planned_and_a_clash_is_refused(visit: Visit) -> None:
    sergeant = visit("sergeant")
    day = dt.date.today() + dt.timedelta(days=400)  # noqa: DTZ011 - any day nobody has planned for

    sergeant.follow("Panels")
    sergeant.follow("Soham and Villages")
    for refused in (False, True):
        sergeant.press("Plan a meeting")
        sergeant.page.get_by_label("Date").fill(day.isoformat())
        sergeant.page.get_by_label("Time").fill("19:30")
        sergeant.page.get_by_label("Where").fill("Pavilion")
        sergeant.press("Plan this meeting")
        if refused:
            sergeant.told(f"This panel meets on {day.day} {day:%B %Y} already. Choose another day")
            expect(sergeant.page.get_by_label("Where")).to_have_value("Pavilion")
            sergeant.see("panel-clash")
        else:
            expect(sergeant.page.get_by_role("alert")).to_contain_text("7:30pm")
            sergeant.see("panel")

    chair = visit("chair")
    expect(chair.page.get_by_role("heading", level=1)).to_have_text("Soham and Villages panel")
    expect(chair.page.locator("#next + ul")).to_contain_text("Pavilion")
    expect(chair.page.locator("#news + ul")).to_contain_text(f"The meeting of {day.day} {day:%B %Y} was planned")
    expect(chair.page.get_by_role("navigation").get_by_role("link")).to_have_text(["Panels", "Panels"])
    chair.see("chair-home")
    chair.go("/staffing/", status=404)
