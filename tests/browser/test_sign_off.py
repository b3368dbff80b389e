"""A priority from what a resident asks to its closure across four roles, and a chair who has never seen it."""

import re

from playwright.sync_api import expect

from npt.core.periods import DAY
from npt.edge import now
from tests.browser.conftest import PASSWORD, PostingSite, Site, Visit
from tests.browser.visitor import PHONE, Visitor
from tests.posting import links_in, waited_for

TITLE = "Fires in the old station yard"
AGREED = "At which meeting did the panel agree?"
MEETS_ON = 3
"""The demonstration's panels meet on Wednesdays; nobody plans two meetings of a panel on a day."""
NEW_PASSWORD = "harbour violet 91 basket"


def fill(visitor: Visitor, **typed: str) -> None:
    for name, value in typed.items():
        visitor.page.locator(f'[name="{name}"]').fill(value)


def test_a_priority_from_what_residents_ask_to_its_closure(visit: Visit) -> None:
    sergeant, pc, chair, inspector = visit("sergeant"), visit("pc"), visit("chair"), visit("inspector")
    priority = raise_it(sergeant)
    meeting = hold_a_meeting(sergeant, "7.2", "8.1")
    adopt_it(chair, priority, meeting)
    plan = open_plan(sergeant, priority)
    work_on(pc, sergeant, plan)
    put_forward(sergeant, priority)
    sign(chair, priority, meeting)
    close(inspector, chair, priority, plan)


def raise_it(sergeant: Visitor) -> str:
    sergeant.go("/panels/SOHV")
    sergeant.follow("Put a priority before the panel")
    sergeant.press("Put it before the panel")
    sergeant.told("Enter what is asked for in a few words", "Choose how it comes to the panel")
    sergeant.see("new-priority")
    fill(sergeant, title=TITLE, detail="Every second weekend, and the fire service is called", source="Residents")
    sergeant.choose("How it comes to the panel", "Residents raised it")
    sergeant.press("Put it before the panel")
    expect(sergeant.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    return sergeant.page.url.split("?")[0]


def hold_a_meeting(sergeant: Visitor, *items: str) -> re.Pattern[str]:
    """A meeting of two or three days ago with issued minutes that have these items; how a list of meetings names it."""
    page = sergeant.page
    days = [now().date() - back * DAY for back in (2, 3)]
    day = next(day for day in days if day.isoweekday() != MEETS_ON)
    sergeant.go("/panels/SOHV")
    sergeant.press("Plan a meeting")
    for label, typed in (("Date", day.isoformat()), ("Time", "19:00"), ("Where", "Scout hut")):
        page.get_by_label(label).fill(typed)
    sergeant.press("Plan this meeting")
    sergeant.follow("See it")
    address = page.url
    sergeant.press("Record how it went")
    page.get_by_label("How many of the public came?").fill("20")
    page.get_by_label("How many members of the panel came?").fill("7")
    page.get_by_label("Who took the chair?").fill("Margaret Holt")
    sergeant.press("Record as held")
    sergeant.press("Write the minutes")
    for number in items:
        sergeant.press("Add an item")
        page.get_by_label("Number").fill(number)
        page.get_by_label("Item", exact=True).fill(TITLE)
        page.get_by_label("What was said").fill("The shop next door spoke of it.")
        sergeant.press("Keep this item")
    sergeant.press("Issue these minutes")
    sergeant.press("Issue these minutes")
    sergeant.go(address)
    return re.compile(f"^{day.day} {day:%B %Y}")


def choose_meeting(chair: Visitor, label: str, meeting: re.Pattern[str]) -> None:
    offered = chair.page.get_by_label(label)
    offered.select_option(label=offered.locator("option", has_text=meeting).inner_text().strip())


def adopt_it(chair: Visitor, priority: str, meeting: re.Pattern[str]) -> None:
    chair.go("/panels/SOHV")
    chair.follow(TITLE)
    chair.press("The panel adopted it")
    chair.press("Record that it is adopted")
    chair.told("Choose the meeting", "Enter the reference of the minute, like 6.2")
    chair.see("priority-adopt")
    choose_meeting(chair, "Meeting that decided it", meeting)
    fill(chair, minute_ref="7.9")
    chair.press("Record that it is adopted")
    expect(chair.page.locator(".govuk-error-summary")).to_contain_text("have no item 7.9. Read them")
    fill(chair, minute_ref="7.2")
    chair.press("Record that it is adopted")
    expect(chair.page.get_by_text("minute 7.2").first).to_be_visible()


def open_plan(sergeant: Visitor, priority: str) -> str:
    sergeant.go(priority)
    sergeant.follow("Open a plan for it")
    sergeant.page.get_by_label("Team").select_option("Soham")
    sergeant.page.get_by_label("Type of problem").select_option("Criminal damage and arson")
    sergeant.see("priority-plan")
    sergeant.press("Open this plan")
    sergeant.follow(re.compile(r"P-\d+"))
    return sergeant.page.url.split("?")[0]


def work_on(pc: Visitor, sergeant: Visitor, plan: str) -> None:
    day = now().date()
    for source in ("Recorded crime", "The panel"):
        pc.go(f"{plan}/sources/new")
        pc.choose("Source", source)
        pc.page.get_by_label("What does it say?").fill("Eleven fires since June")
        pc.press("Add this source")
    pc.go(f"{plan}/measure")
    pc.choose("When is it better?", "When it is lower")
    first, last = day - 200 * DAY, day - 110 * DAY
    fill(pc, what="Fires in the yard", source="Fire service", baseline_value="11")
    fill(pc, baseline_first=first.isoformat(), baseline_last=last.isoformat())
    pc.press("Choose this measure")
    sergeant.go(f"{plan}/move-on")
    sergeant.press("Move on to analysis")
    pc.go(f"{plan}/analysis")
    fill(pc, victim="The shop next door", location="The hole in the fence", offender_not="Nobody is known")
    pc.press("Save the analysis")
    sergeant.go(f"{plan}/move-on")
    sergeant.press("Move on to response")
    pc.go(f"{plan}/actions/new")
    fill(pc, what="Mend the fence", partner="The railway", due_on=day.isoformat())
    pc.press("Add this action")
    with pc.page.expect_navigation():
        pc.page.get_by_role("button", name=re.compile("^Done")).first.click()
    sergeant.go(f"{plan}/move-on")
    sergeant.press("Move on to assessment")
    pc.go(f"{plan}/assessment")
    first, last = day - 100 * DAY, day - DAY
    fill(pc, after_value="2", after_first=first.isoformat(), after_last=last.isoformat())
    fill(pc, community_view="Quiet", result="Two fires instead of eleven", why="The fence is mended")
    pc.press("Save the assessment")
    pc.go(f"{plan}/updates/new")
    pc.page.get_by_label("What happened?").fill("The railway mended the fence.")
    pc.press("Add this update")


def put_forward(sergeant: Visitor, priority: str) -> None:
    sergeant.go(priority)
    sergeant.follow("Put it forward for sign-off")
    sergeant.press("Put it forward")
    sergeant.press("Read what the chair reads")
    expect(sergeant.page.get_by_text("What the community says is not recorded")).to_be_visible()
    sergeant.see("decide-missing")
    sergeant.follow(re.compile("mend this"))
    fill(sergeant, source="Street survey", view="No smoke since the fence is up")
    sergeant.see("priority-feedback")
    sergeant.press("Record what they say")
    sergeant.see("priority-forward")


def sign(chair: Visitor, priority: str, meeting: re.Pattern[str]) -> None:
    chair.go("/panels/SOHV")
    expect(chair.page.get_by_text(f"“{TITLE}”: The railway mended the fence.")).to_be_visible()
    chair.see("chair-home")
    chair.follow(re.compile(f"Read and decide.*{TITLE}"))
    expect(chair.page.get_by_text("Everything needed is here.")).to_be_visible()
    chair.see("decide")
    chair.press("Sign off this priority")
    chair.told("Choose the meeting", "Enter the reference of the minute, like 6.2")
    choose_meeting(chair, AGREED, meeting)
    fill(chair, minute_ref="8.1")
    chair.press("Sign off this priority")
    chair.told("Say whether all agreed, or how many were for, against and abstained")
    chair.see("decide-refused")
    chair.page.get_by_label("Everybody agreed").check()
    chair.press("Sign off this priority")
    chair.see("sign-off")
    chair.press("Sign this")
    expect(chair.page.get_by_role("heading", level=1)).to_contain_text("It is signed off")
    chair.see("signed-off")


def close(inspector: Visitor, chair: Visitor, priority: str, plan: str) -> None:
    inspector.go(priority)
    inspector.follow("Close its plan")
    inspector.choose("What came of it?", "Resolved")
    inspector.press("Close this plan")
    chair.go(priority)
    expect(chair.page.get_by_text("closed, resolved")).to_be_visible()
    chair.see("priority-closed")


def test_a_vice_chair_who_has_never_seen_it_signs_with_nothing_but_the_sign_in_email(
    visit: Visit, posting_site: PostingSite
) -> None:
    address = "roger.unsworth@demo.example"
    administrator = visit("administrator")
    administrator.go(f"{posting_site.address}/users/new")
    administrator.page.get_by_label("Name").fill("Roger Unsworth")
    administrator.page.get_by_label("Email address").fill(address)
    administrator.page.get_by_label("Role").select_option("Panel chair")
    administrator.page.locator('[name="scopes"]').fill("SOHV")
    administrator.press("Add user")
    expect(administrator.page.get_by_role("alert")).to_contain_text("is on its way to")
    administrator.see("user-invited")
    [link] = links_in(waited_for(posting_site.mailbox, address))
    administrator.go(f"{posting_site.address}/emails/?show=sent")
    # The letter is in her box a moment before the mail server's answer is written down.
    administrator.comes_to_read(address)
    administrator.see("emails")

    vice = visit()
    vice.page.goto(link)
    assert link.rsplit("/", 1)[1] not in vice.page.url
    vice.see("choose-by-link")
    vice.press("Save and go on")
    vice.told("Enter a new password", "Enter the new password again")
    vice.page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    vice.page.get_by_label("New password again").fill(NEW_PASSWORD)
    vice.press("Save and go on")
    expect(vice.page.get_by_role("heading", level=1)).to_have_text("Soham and Villages panel")
    vice.see("vice-home")
    vice.follow(re.compile("Read and decide.*Off-road motorcycles"))
    expect(vice.page.get_by_text("Better, by more than chance explains").first).to_be_visible()
    vice.see("vice-decide")
    # The page lists where the minutes speak of this priority; she enters what it says there.
    minuted = vice.page.get_by_role("link", name=re.compile(r", item \d")).first.inner_text()
    meeting, _, item = minuted.partition(", item ")
    choose_meeting(vice, AGREED, re.compile(f"^{meeting}"))
    fill(vice, minute_ref=item, votes_for="9", votes_against="1", votes_abstained="2")
    vice.press("Sign off this priority")
    expect(vice.page.get_by_text("with 9 for, 1 against and 2 abstained").first).to_be_visible()
    vice.press("Sign this")
    expect(vice.page.get_by_text("You need do nothing more.")).to_be_visible()
    vice.press("See and print what you signed")
    vice.see("signature")
    assert sheets(vice) == 1
    signed = vice.page.locator(".npt-signed").inner_text()
    for more, length in ((2000, "long"), (4000, "longest")):
        # What residents asked, the result and what the community said, each as long as it can be typed.
        told = signed + 3 * ("The cars are slower, most say. " * 200)[:more]
        vice.page.evaluate(
            "([told, length]) => { document.querySelector('.npt-signed').textContent = told;"
            " document.querySelector('.npt-sheet').classList.add('npt-sheet--' + length) }",
            [told, length],
        )
        assert sheets(vice) == 1, length

    stranger = visit()
    stranger.go(link, status=410)
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("This link works no longer")
    stranger.see("link-over")
    stranger.follow("have a new link sent to you")
    stranger.see("forgotten")
    stranger.page.get_by_label("Email address").fill(address)
    stranger.press("Send the link")
    stranger.see("link-asked")
    [another] = links_in(waited_for(posting_site.mailbox, address, more_than=1))
    stranger.page.goto(another)
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Choose a new password")


def sheets(visitor: Visitor) -> int:
    """On how many sheets of paper a page prints."""
    return len(re.findall(rb"/Type\s*/Page[^s]", visitor.page.pdf(format="A4")))


def test_a_chair_hears_by_email_that_a_priority_waits_again_and_everybody_of_the_next_meeting(
    visit: Visit, posting_site: PostingSite, site: Site
) -> None:
    title, box = "Speeding on Fordham Road", posting_site.mailbox
    address = site.sign_ins["chair"]
    chair, sergeant = visit("chair"), visit("sergeant")
    chair.go(f"{posting_site.address}/panels/SOHV")
    chair.follow(re.compile(f"Read and decide.*{title}"))
    chair.press("Refuse to sign off")
    fill(chair, reason="Two residents still count thirty cars an hour")
    chair.press("Continue")
    chair.press("Refuse to sign off")
    assert box.to(address) == []

    sergeant.go(f"{posting_site.address}/panels/SOHV")
    sergeant.follow(title)
    sergeant.follow("Put it forward for sign-off")
    sergeant.press("Put it forward")
    expect(sergeant.page.get_by_role("alert")).to_contain_text("on the way to whoever may sign it")
    [link] = links_in(waited_for(box, address))

    on_a_phone = visit()
    on_a_phone.page.set_viewport_size(PHONE)
    on_a_phone.page.goto(link)
    on_a_phone.page.get_by_label("Email address").fill(address)
    on_a_phone.page.get_by_label("Password", exact=True).fill(PASSWORD)
    on_a_phone.press("Sign in")
    expect(on_a_phone.page.get_by_role("heading", level=1)).to_have_text(title)
    on_a_phone.fits()
    on_a_phone.press("Read and decide")
    on_a_phone.fits()

    sergeant.go(f"{posting_site.address}/panels/SOHV")
    sergeant.follow(re.compile(r"^(Mon|Tues|Wednes|Thurs|Fri)day \d+ .*pm$"))
    sergeant.see("meeting-to-invite-to")
    sergeant.press("Send the invitation")
    expect(sergeant.page.get_by_role("alert")).to_contain_text("The invitation is on its way to")
    message = waited_for(box, address, more_than=1)
    assert [each.get_content_type() for each in message.iter_attachments()] == ["text/calendar"]
    sergeant.comes_to_read("Everybody with an address has it.")
    sergeant.see("invited")
