"""Somebody at a browser, who looks hard at every page they come to."""

import os
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Locator, Page, Request, ViewportSize, expect

from npt.settings import ROOT

SCREENSHOTS = ROOT / "screenshots"
PICTURES = os.environ.get("NPT_PICTURES") == "1"
"""Whether pages are kept as pictures. Nothing is checked on them, and they take a quarter of what axe does."""
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
FIRST_BYTES, LATER_BYTES = 150_000, 30_000
"""What a page may weigh on the wire, with everything it loads: the first one of a visit, and one after it."""
AXE = Axe()
EVERY_RULE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
TORN_APART = """() => [...document.querySelectorAll(".npt-cards td")]
  .filter(cell => getComputedStyle(cell).display === "flex")
  .filter(cell => cell.querySelector(":scope > :not(.govuk-visually-hidden)"))
  .filter(cell => [...cell.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
  .map(cell => cell.textContent.trim().slice(0, 80))"""
"""Cells of a list of cards in which words stand beside an element: each stretch of them is laid out by itself."""


@dataclass
class Wire:
    """What came over the wire since it was last asked."""

    session: CDPSession
    kept: set[str] = field(default_factory=set)
    received: float = 0

    def __post_init__(self) -> None:
        self.session.send("Network.enable")
        self.session.on("Network.requestServedFromCache", lambda event: self.kept.add(event["requestId"]))
        self.session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self.kept:
            self.received += event["encodedDataLength"]

    def forget(self) -> None:
        """Make the next page the first of a visit."""
        self.session.send("Network.clearBrowserCache")

    def heard(self) -> None:
        """Come after all that was told so far: what is asked is answered in its turn."""
        self.session.send("Runtime.evaluate", {"expression": "0"})

    def nothing(self) -> None:
        """Count anew."""
        self.received = 0


class Visitor:
    """A browser of their own. What goes wrong by itself is kept in ``complaints``, and fails the test at its end."""

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.context, self.name = context, name
        self.page: Page = context.new_page()
        self.wire = Wire(context.new_cdp_session(self.page))
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        self.scripts = "-plain" not in name
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        refused = re.search(r"responded with a status of (\d+)", message.text)
        if message.type in ("error", "warning") and not (refused and int(refused[1]) in self.expected):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _failed(self, request: Request) -> None:
        # What the next page makes needless is let go of.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as a person does."""
        if not self.page.url.endswith("/sign-in"):
            self.go("/sign-in")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")

    def go(self, path: str, status: int = 200) -> Page:
        """Open a page by its address; any answer but ``status`` fails."""
        self.expected = {status} - {200}
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self.page

    def comes_to_read(self, words: str, seconds: int = 60) -> None:
        """Load the page anew until it says what the site, at work behind it, has yet to write down."""
        for _ in range(seconds * 4):
            if self.page.get_by_text(words).first.is_visible():
                return
            self.page.wait_for_timeout(250)
            self.page.reload()
        raise AssertionError(f"{self.page.url} never said: {words}")

    def press(self, name: str, within: Locator | None = None) -> Page:
        """Press a button, or a link that looks like one, and wait for the page it leads to."""
        button = (within or self.page).get_by_role("button", name=name, exact=True).first
        with self.page.expect_navigation():
            button.click()
        return self.page

    def follow(self, name: str | re.Pattern[str], within: Locator | None = None) -> Page:
        """Follow a link by its words."""
        exact = isinstance(name, str)
        with self.page.expect_navigation():
            (within or self.page).get_by_role("link", name=name, exact=exact).first.click()
        return self.page

    def see(self, name: str) -> None:
        """Look at the page on a desk and on a phone: nothing cut off, nothing for axe to find, and pictures if asked.

        On one database: the pages of the other are the same to the eye.
        """
        if not self.name.startswith("sqlite"):
            return
        self.sound("on a desk")
        self.picture(f"{name}-desktop")
        self.page.set_viewport_size(PHONE)
        self.fits()
        self.sound("on a phone")
        self.picture(f"{name}-phone")
        self.page.set_viewport_size(DESKTOP)

    def fits(self) -> None:
        if self.scripts:
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], f"{self.page.url} is {wide} px wide on a phone of {PHONE['width']} px"
            torn = self.page.evaluate(TORN_APART)
            assert not torn, f"{self.page.url}: on a phone these cells fall apart, so put each into a span: {torn}"

    def sound(self, where: str) -> None:
        """Nothing for axe to find. Without JavaScript in the page axe cannot run; the pages are the same ones."""
        if not self.scripts:
            return
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.evaluate(AXE.axe_script)
        # What holds stays in the page: it is long, and nobody reads it.
        found = self.page.evaluate("options => axe.run(options).then(found => found.violations)", EVERY_RULE)
        listed = [
            f"{rule['id']} ({rule['help']}): {node['html'][:200]}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"][:3]
        ]
        assert not listed, f"{self.page.url} {where}: " + "\n".join(listed)

    def picture(self, name: str) -> None:
        """Keep the whole page as a picture, where pictures are asked for."""
        if not PICTURES:
            return
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.name}-{name}.png", full_page=True)

    def weigh_first(self, path: str) -> None:
        """Open a page as the first of a visit, with all it loads, and hold it to what that may weigh."""
        self.wire.forget()
        # The icon comes after the page has loaded; from now on it is kept.
        whole = self._weight(path, until="networkidle")
        assert 0 < whole <= FIRST_BYTES, f"{path}: {whole / 1000:.1f} KB as the first page"

    def weigh(self, path: str) -> None:
        """Open a page after the first of a visit, and hold it to what such a page may weigh."""
        alone = self._weight(path)
        assert 0 < alone <= LATER_BYTES, f"{path}: {alone / 1000:.1f} KB after the first page"

    def _weight(self, path: str, until: Literal["load", "networkidle"] = "load") -> float:
        self.wire.nothing()
        self.go(path)
        self.page.wait_for_load_state(until)
        self.wire.heard()
        return self.wire.received

    def fetch(self, path: str, status: int = 200) -> str:
        """The text of a file this visitor may download."""
        answer = self.context.request.get(path)
        assert answer.status == status, f"{path}: {answer.status}"
        return answer.text()

    def choose(self, legend: str, label: str) -> None:
        """Choose one of a question's buttons, unfolding the group it stands in."""
        question = self.page.get_by_role("group", name=legend)
        button = question.get_by_label(label, exact=True)
        if not button.first.is_visible():
            question.locator("details", has=self.page.get_by_label(label, exact=True)).locator("summary").click()
        button.first.check()

    def told(self, *sentences: str, field: bool = True) -> None:
        """The summary at the top says each of these, each leads to its field, and the field says it too."""
        summary = self.page.locator(".govuk-error-summary")
        for sentence in sentences:
            expect(summary).to_contain_text(sentence)
            if not field:
                continue
            link = summary.get_by_role("link", name=sentence)
            expect(link).to_be_visible()
            target = (link.get_attribute("href") or "").removeprefix("#")
            assert self.page.locator(f'[id="{target}"]').count() == 1, f"{sentence}: leads nowhere ({target})"
            expect(self.page.locator(".govuk-error-message", has_text=sentence)).to_be_visible()

    def tab_to(self, selector: str, key: str = "Tab") -> None:
        """Move by keyboard alone until something that matches has the focus."""
        for _ in range(80):
            self.page.keyboard.press(key)
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{selector} is never reached with {key}")

    def leave(self) -> None:
        """Close everything."""
        self.context.close()
