"""Logging in a real browser: two interactions from My team, several people at once, and what an inspector decides."""

import datetime as dt
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Response, ViewportSize, expect

from tests.browser.conftest import Site, Visit
from tests.browser.visitor import DESKTOP, PHONE, SCREENSHOTS, Visitor

LONDON = ZoneInfo("Europe/London")
AUTHORISE, DECLINE = re.compile(r"^Authorise\s*:"), re.compile(r"^Decline\s*:")


class Counted:
    """A visitor whose interactions are counted: clicks, and nothing typed. What the server took is kept beside them."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.interactions = visitor, 0
        self.milliseconds: list[tuple[str, int]] = []
        visitor.page.on("response", self._took)

    def _took(self, answer: Response) -> None:
        took = re.search(r"dur=(\d+)", answer.headers.get("server-timing", ""))
        if took:
            self.milliseconds.append((f"{answer.request.method} {urlsplit(answer.url).path}", int(took[1])))

    def keep(self, name: str) -> None:
        """Keep what was counted, where pictures are kept too."""
        took = ", ".join(f"{what} {milliseconds} ms" for what, milliseconds in self.milliseconds)
        said = f"{self.interactions} interactions; the server took: {took}\n"
        SCREENSHOTS.mkdir(exist_ok=True)
        (SCREENSHOTS / f"{self.visitor.name}-{name}.txt").write_text(said)

    def click(self, role: str, name: re.Pattern[str] | str) -> Page:
        self.interactions += 1
        page = self.visitor.page
        with page.expect_navigation():
            page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        return page


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_somebody_on_duty_is_logged_in_two_interactions_from_my_team(
    visit: Visit, site: Site, size: ViewportSize, javascript: bool
) -> None:
    sergeant, who = visit("sergeant", javascript=javascript), site.covered[0]
    sergeant.page.set_viewport_size(size)
    sergeant.go("/")
    counted = Counted(sergeant)

    counted.click("link", re.compile(rf"Log\s+{re.escape(who)}\s+away"))
    if size is PHONE:
        sergeant.fits()
    elif javascript:
        sergeant.see("log-at-once")
    page = counted.click("button", "Response cover")

    assert counted.interactions == 2
    # Kept beside the pictures and not held to a limit, for that would measure the machine: docs/speed.md has figures.
    counted.keep(f"logging-{size['width']}px")
    assert [what for what, _ in counted.milliseconds] == ["GET /abstractions/new", "POST /abstractions/new", "GET /"]
    expect(page.get_by_role("alert")).to_contain_text(f"Logged: {who}, Response cover, from ")
    _take_back(sergeant, who)


def _take_back(sergeant: Visitor, who: str) -> None:
    """Leave the person as free as they were."""
    page = sergeant.page
    away = page.locator(".npt-list > li", has=page.locator("strong", has_text=who))
    sergeant.follow(re.compile("^See entry"), within=away)
    sergeant.follow("Cancel this entry")
    page.get_by_label("Why is it cancelled?").fill("Logged to try it")
    sergeant.press("Cancel this entry")
    expect(page.get_by_role("alert")).to_contain_text(f"The entry of {who} is cancelled.")


def _fill(page: Page, legend: str, moment: str) -> None:
    group = page.get_by_role("group", name=legend, exact=True)
    day, clock = moment.split()
    group.get_by_label("Date", exact=True).fill(day)
    group.get_by_label("Time", exact=True).fill(clock)


def test_two_are_logged_with_one_form_and_what_it_would_do_is_said_as_one_types(visit: Visit, site: Site) -> None:
    sergeant, first, second = visit("sergeant"), *site.covered[:2]
    page = sergeant.page
    sergeant.follow("Log for several people")

    for who in (first, second):
        sergeant.choose("Who is away?", who)
    sergeant.choose("Why?", "Custody cover")
    _fill(page, "From", "2026-03-05 09:00")
    sergeant.choose("Until", "Back, or due back, at a time")
    _fill(page, "Back at", "2026-03-05 12:00")
    expect(page.locator("#effect")).to_contain_text(re.compile(r"March 2026 would (go from|stay at)"))
    sergeant.see("several")
    sergeant.press("Log for everybody chosen")

    for who in (first, second):
        expect(page.get_by_role("alert")).to_contain_text(who)
    sergeant.follow("Log for several people")
    sergeant.choose("Who is away?", second)
    sergeant.choose("Why?", "Custody cover")
    _fill(page, "From", "2026-03-05 11:00")
    sergeant.press("Log for everybody chosen")
    sergeant.told(f"{second} is already away")


def _plan(sergeant: Visitor, who: str, day: str) -> None:
    page = sergeant.page
    sergeant.go("/abstractions/new")
    sergeant.choose("Who is away?", who)
    sergeant.choose("Why?", "Custody cover")
    _fill(page, "From", f"{day} 07:00")
    sergeant.choose("Until", "Back, or due back, at a time")
    _fill(page, "Back at", f"{day} 20:30")
    sergeant.press("Check")
    expect(page.locator("#effect")).to_contain_text("An inspector must authorise this.")
    sergeant.press("Log abstraction")
    expect(page.get_by_text("waits for an inspector to authorise it").first).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_long_plan_waits_until_an_inspector_authorises_or_declines_it(
    visit: Visit, site: Site, javascript: bool
) -> None:
    days = iter(
        f"{dt.datetime.now(LONDON) + dt.timedelta(days=each):%Y-%m-%d}" for each in range(60 if javascript else 64, 70)
    )
    sergeant, inspector = visit("sergeant", javascript=javascript), visit("inspector", javascript=javascript)
    who = site.covered[1]
    page = inspector.page

    _plan(sergeant, who, next(days))
    sergeant.see("awaiting")
    inspector.go("/")
    inspector.follow(re.compile(r"^To authorise\s*\d+"))
    inspector.see("to-authorise")
    inspector.follow(AUTHORISE)
    inspector.see("authorise")
    page.get_by_label("Note (optional)").fill("For the festival")
    inspector.press("Authorise")
    expect(page.get_by_role("alert")).to_contain_text(f"Authorised: the entry of {who}.")

    _plan(sergeant, who, next(days))
    inspector.go("/to-authorise/")
    inspector.follow(DECLINE)
    inspector.press("Decline this entry")
    inspector.told("Enter why it is declined")
    inspector.see("decline")
    page.get_by_label("Why is it declined?").fill("The team cannot spare him")
    inspector.press("Decline this entry")
    expect(page.get_by_role("alert")).to_contain_text(f"Declined: the entry of {who}. It is cancelled.")
    sergeant.go("/")
    expect(sergeant.page.get_by_text("The team cannot spare him").first).to_be_visible()


def test_an_entry_is_changed_and_split_from_its_own_page(visit: Visit, site: Site) -> None:
    sergeant, who = visit("sergeant"), site.covered[0]
    page = sergeant.page
    sergeant.go("/abstractions/new")
    sergeant.choose("Who is away?", who)
    sergeant.choose("Why?", "Custody cover")
    _fill(page, "From", "2026-03-04 09:00")
    sergeant.choose("Until", "Back, or due back, at a time")
    _fill(page, "Back at", "2026-03-04 12:00")
    sergeant.press("Log abstraction")
    sergeant.follow(re.compile("^See it"), within=page.get_by_role("alert"))

    sergeant.follow("Change this entry")
    sergeant.see("change")
    _fill(page, "Back at", "2026-03-04 13:00")
    page.get_by_label("Why is it changed?").fill("Relieved late")
    sergeant.press("Save the change")
    expect(page.get_by_text("4 March 2026, 1:00pm").first).to_be_visible()

    sergeant.follow("Split this entry")
    sergeant.see("split")
    _fill(page, "Split at", "2026-03-04 11:00")
    page.get_by_label("From then on").select_option("Response cover")
    page.get_by_label("Why is it split?").fill("Sent on")
    sergeant.press("Split this entry")
    expect(page.get_by_role("alert")).to_contain_text("is split at 4 March 2026, 11:00am")
