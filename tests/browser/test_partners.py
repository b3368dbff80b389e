"""A partner on a phone, the sergeant who sees what they owe, and the PC who gave them something to do."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import PHONE


def test_a_partner_says_on_a_phone_how_their_action_stands_and_the_sergeant_reads_it(visit: Visit) -> None:
    partner, sergeant = visit("partner"), visit("sergeant")
    page = partner.page
    page.set_viewport_size(PHONE)
    partner.go("/")
    expect(page.get_by_role("heading", name="Our actions")).to_be_visible()
    expect(page.get_by_text("Overdue").first).to_be_visible()
    partner.see("our-actions")
    page.set_viewport_size(PHONE)
    what = page.locator("main .npt-list a").first.inner_text()
    partner.follow(what)
    partner.press("Keep this")
    partner.told("Enter how it stands")
    page.get_by_label("How does it stand?").fill("The contractor comes on Monday")
    partner.press("Keep this")
    expect(page.get_by_text("The contractor comes on Monday")).to_be_visible()
    partner.see("our-action")
    partner.go("/plans/", status=404)

    sergeant.go("/partners/")
    sergeant.see("partners")
    sergeant.go("/partners/actions?state=overdue")
    sergeant.see("actions-of-plans")
    sergeant.go("/partners/groups")
    sergeant.follow("Soham joint action group")
    sergeant.see("action-group")
    sergeant.go("/plans/health")
    sergeant.see("plans-health")


def test_a_pc_comes_from_my_team_to_an_update_and_gives_a_partner_something_to_do(visit: Visit) -> None:
    pc = visit("pc")
    pc.go("/")
    pc.see("home-with-plans")
    with pc.page.expect_navigation():
        pc.page.get_by_role("link", name="Add an update").first.click()
    pc.page.get_by_label("What happened?").fill("Quiet on Victoria Road all week")
    pc.press("Add this update")
    expect(pc.page.get_by_text("Quiet on Victoria Road all week")).to_be_visible()
    for path, name in (
        ("/plans/", "plans-list"),
        ("/plans/partnership", "partnership"),
        ("/plans/priorities", "priorities-served"),
    ):
        pc.go(path)
        pc.see(name)
