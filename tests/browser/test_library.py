"""A plan that others learn from: seen before one opens one's own, proposed, approved, reused by another team."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit

LONG = "The riders come by the open gate and leave by the path along the river before anybody can stop them. "


def test_a_pc_looks_for_similar_plans_reads_good_practice_of_another_team_and_reuses_it(visit: Visit) -> None:
    pc = visit("pc", javascript=False)
    page = pc.page
    pc.go("/plans/new")
    page.get_by_label("The problem in one sentence").fill("Bicycles are taken outside the sports centre")
    page.get_by_label("More about it").fill("Twice a week, in the evening")
    page.get_by_label("Type of problem").select_option("Theft and shoplifting")
    pc.press("Look for similar plans first")
    expect(page.get_by_role("heading", name="Similar plans")).to_be_visible()
    expect(page.get_by_label("More about it")).to_have_value("Twice a week, in the evening")
    looking = visit("pc")
    looking.go("/plans/new")
    looking.page.get_by_label("The problem in one sentence").fill("Bicycles are taken outside the sports centre")
    looking.press("Look for similar plans first")
    looking.see("similar-plans")

    similar = page.get_by_role("link", name=re.compile("station's racks"))
    number = re.search(r"/plans/(P-\d+)/summary", similar.get_attribute("href") or "")
    assert number
    page.get_by_label("Does it reuse another plan?").fill(number[1])
    pc.press("Open this plan")
    expect(page.get_by_text("It takes something from")).to_be_visible()
    pc.follow(re.compile(f"^{number[1]}: Bicycles"))
    expect(page.get_by_text("Good practice of another team")).to_be_visible()
    expect(page.get_by_text("Marking alone changed nothing")).to_be_visible()
    looking.go(f"/plans/{number[1]}/summary")
    looking.see("good-practice-summary")
    looking.go("/plans/library")
    looking.page.get_by_label("Words").fill("motorbike barrier")
    looking.press("Search")
    expect(looking.page.locator("mark").first).to_be_visible()
    looking.see("library")
    looking.follow(re.compile("Motorbikes on the recreation ground"))
    looking.see("plan-whole")


def test_a_sergeant_proposes_a_plan_the_lead_approves_it_and_a_pc_answers_the_cheers_test(visit: Visit) -> None:
    sergeant, lead, pc = visit("sergeant"), visit("force_lead"), visit("pc")
    sergeant.go("/plans/library?question=heating+oil")
    sergeant.follow(re.compile("Heating oil"))
    plan = sergeant.page.url.split("?")[0]
    sergeant.follow("Score how it was made")
    for stage, points in (("Scanning", "4"), ("Analysis", "3"), ("Response", "4"), ("Assessment", "2")):
        sergeant.choose(stage, points)
    sergeant.page.get_by_label("Why, and what would make the next plan better?").fill("Nobody asked the riders")
    sergeant.see("plan-score")
    sergeant.press("Give this score")
    expect(sergeant.page.get_by_text("18 of 30")).to_be_visible()
    sergeant.follow("Propose as good practice")
    sergeant.press("Propose this plan")
    sergeant.told("Enter what another team can take from it")
    sergeant.page.get_by_label("What can another team take from it?").fill("Alarms on tanks by a track are cheap")
    sergeant.see("propose-practice")
    sergeant.press("Propose this plan")
    expect(sergeant.page.get_by_text("Proposed as good practice")).to_be_visible()

    lead.go("/plans/library")
    lead.follow("Proposals that wait for you")
    lead.see("proposals")
    lead.follow(re.compile("Heating oil"))
    lead.follow("Decide on this proposal")
    lead.choose("What becomes of it?", "Decline it")
    lead.press("Decide")
    lead.told("Enter why, so that its team can learn from it")
    lead.choose("What becomes of it?", "Approve it as good practice")
    lead.see("decide-practice")
    lead.press("Decide")
    expect(lead.page.get_by_text(re.compile("Approved by"))).to_be_visible()
    lead.go("/plans/what-worked")
    lead.see("what-worked")

    pc.go("/plans/?stage=scanning")
    pc.follow(re.compile("behind the library"))
    expect(pc.page.get_by_text("CHEERS test: 3 of 6 answered")).to_be_visible()
    pc.see("plan-scanning")
    pc.follow("Answer the CHEERS test")
    pc.page.get_by_label("Recurring: How often do they happen, and since when?").fill("Two or three a week since June")
    pc.see("cheers")
    pc.press("Save the answers")
    expect(pc.page.get_by_text("CHEERS test: 4 of 6 answered")).to_be_visible()
    assert plan


def test_a_long_plan_prints_on_one_page_of_paper(visit: Visit, tmp_path: Path) -> None:
    sergeant = visit("sergeant")
    sergeant.go("/plans/?stage=assessment")
    page = sergeant.page
    sergeant.follow(re.compile("Motorbikes on the recreation ground"))
    plan = page.url.split("?")[0]
    for number in range(5):
        sergeant.go(f"{plan}/sources/new")
        sergeant.choose("Source", "The panel")
        page.get_by_label("What does it say?").fill(LONG * 8)
        sergeant.press("Add this source")
        sergeant.go(f"{plan}/actions/new")
        page.get_by_label("What will be done?").fill(f"{number}: {LONG * 5}")
        page.get_by_label("Another organisation (optional)").fill("Town council")
        page.get_by_label("By when?").fill("2026-12-24")
        sergeant.press("Add this action")
    written = {"analysis": "Save the analysis", "assessment": "Save the assessment", "objective": "Save the objective"}
    for path, button in (*written.items(), ("problem", "Save")):
        sergeant.go(f"{plan}/{path}")
        if path == "problem":
            page.get_by_label("The problem in one sentence").fill((LONG * 2)[:200])
        for area in page.locator("textarea").all():
            if not (area.get_attribute("name") or "").endswith("_not"):
                area.fill(LONG * 9)
        sergeant.press(button)
    sergeant.go(f"{plan}/summary")
    sergeant.see("plan-summary-long")
    printed = tmp_path / "plan.pdf"
    page.pdf(path=printed, format="A4", prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1
