"""An inspector's home in a real browser: the teams of the sector."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_an_inspector_sees_the_teams_of_the_sector_and_opens_one(visit: Visit) -> None:
    inspector = visit("inspector")
    page = inspector.page

    expect(page.get_by_role("heading", level=1)).to_have_text("My teams")
    assert page.locator("main table tbody tr").count() == 3
    inspector.see("my-teams")
    inspector.follow("Ely and Littleport", within=page.locator("main table"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Ely and Littleport")
    inspector.see("team")


def test_an_inspector_finds_no_team_of_another_sector(visit: Visit) -> None:
    inspector = visit("inspector")

    inspector.go("/teams/CCC", status=404)

    expect(inspector.page.get_by_role("heading", level=1)).to_have_text("Page not found")
