"""A sergeant corrects and issues a profile; the chair reads it, and what was done, with no training."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_sergeant_issues_a_profile_and_the_chair_reads_it(visit: Visit) -> None:
    sergeant = visit("sergeant")
    sergeant.go("/panels/SOHV")
    sergeant.follow(re.compile("^Profile for "))
    sergeant.see("profile-issued")
    sergeant.press("Correct this profile")
    sergeant.page.get_by_label("What residents told the team").fill("Ring 01353 720 123")
    sergeant.press("Save")
    sergeant.told("This holds what looks like a telephone number. Leave it out: the chair and residents read it")
    sergeant.page.get_by_label("What residents told the team").fill("Seventy people: speeding comes first.")
    sergeant.press("Save")
    sergeant.see("profile-preparing")
    sergeant.follow("Recommend a priority")
    sergeant.page.get_by_label("Priority", exact=True).fill("Cars left across the river path")
    sergeant.page.get_by_label("Why the panel should choose it").fill("Six people could not pass with a pram")
    sergeant.press("Recommend it")
    sergeant.follow("Read it whole and issue it")
    sergeant.see("profile-issue")
    sergeant.press("Issue this profile")
    expect(sergeant.page.get_by_role("alert")).to_contain_text("The chair can read it")

    chair = visit("chair")
    chair.follow(re.compile("^Profile for "))
    expect(chair.page.get_by_text("Seventy people: speeding comes first.")).to_be_visible()
    expect(chair.page.get_by_role("heading", name="Cars left across the river path")).to_be_visible()
    chair.see("profile-chair")
    chair.go("/panels/SOHV/you-said-we-did")
    expect(chair.page.get_by_text("Speed checks on eight mornings")).to_be_visible()
    chair.see("you-said")
