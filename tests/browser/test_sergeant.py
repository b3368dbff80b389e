"""A sergeant's day in a real browser: who is away, what needs an answer, what the figures are made of."""

import csv
import datetime as dt
import io
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visit
from tests.browser.visitor import Visitor

LONDON = ZoneInfo("Europe/London")
NO_TIME = "1:30am does not exist on 29 March 2026: the clocks go forward. Enter a time before 1:00am or from 2:00am."
TWICE = "1:30am happens twice on 25 October 2026: the clocks go back. Choose whether it was before or after"
SEE_IT = re.compile("^See it")
WAITING = re.compile(r"^Acknowledge\s*:")
TOO_LONG = "The end is more than 24 hours after the start. Enter one entry for each duty"


def _log(visitor: Visitor, who: str, start: str, end: str | None = None, where: str = "Parkside") -> None:
    """Fill in the form: ``start`` and ``end`` as "2026-11-20 09:00"."""
    if not visitor.page.url.endswith("/abstractions/new"):
        visitor.go("/abstractions/new")
    visitor.choose("Who is away?", who)
    visitor.choose("Why?", "Custody cover")
    _times(visitor, start, end)
    visitor.page.get_by_label("Where to? (optional)").fill(where)
    visitor.press("Log abstraction")


def _times(visitor: Visitor, start: str, end: str | None) -> None:
    _fill(visitor, "From", start)
    visitor.choose("Until", "Back, or due back, at a time" if end else "Still away")
    if end:
        _fill(visitor, "Back at", end)


def _fill(visitor: Visitor, legend: str, moment: str) -> None:
    group = visitor.page.get_by_role("group", name=legend, exact=True)
    day, clock = moment.split()
    group.get_by_label("Date", exact=True).fill(day)
    group.get_by_label("Time", exact=True).fill(clock)


def _kept(page: Page, who: str, start: str, end: str | None, where: str = "Parkside") -> None:
    """Everything typed stands where it was typed."""
    expect(page.get_by_label(who, exact=True)).to_be_checked()
    expect(page.get_by_label("Custody cover", exact=True)).to_be_checked()
    for name, moment in (("starts_at", start), ("ends_at", end)):
        day, clock = moment.split() if moment else ("", "")
        expect(page.locator(f"[name={name}_day]")).to_have_value(day)
        expect(page.locator(f"[name={name}_clock]")).to_have_value(clock)
    expect(page.get_by_label("Where to? (optional)")).to_have_value(where)


def _minutes(words: str) -> int:
    """The minutes of "412 h 30"."""
    found = re.search(r"([\d,]+) h(?: (\d\d))?", words)
    assert found, words
    return int(found[1].replace(",", "")) * 60 + int(found[2] or 0)


def test_a_sergeant_logs_somebody_away_sees_the_entry_and_has_them_back(visit: Visit, site: Site) -> None:
    sergeant, who = visit("sergeant"), site.free.pop()
    sergeant.see("my-team")
    sergeant.press("Log abstraction")
    sergeant.see("log")

    sergeant.choose("Who is away?", who)
    sergeant.choose("Why?", "Custody cover")
    _fill(sergeant, "From", f"{dt.datetime.now(LONDON) - dt.timedelta(minutes=40):%Y-%m-%d %H:%M}")
    sergeant.page.get_by_label("Where to? (optional)").fill("Parkside")
    sergeant.press("Log abstraction")

    page = sergeant.page
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text(f"Logged: {who}, Custody cover, from ")
    away = page.locator(".npt-list > li", has=page.locator("strong", has_text=who))
    expect(away).to_contain_text("Custody cover, Parkside")
    expect(away).to_contain_text("still away")
    sergeant.see("logged")
    sergeant.follow(SEE_IT, within=banner)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Custody cover: {who}")
    expect(page.get_by_text("Still away").first).to_be_visible()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    sergeant.see("entry")
    sergeant.go("/")
    with page.expect_navigation():
        away.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{who} is back.")
    expect(away).to_have_count(0)


@pytest.mark.parametrize(
    ("figure", "column", "where"),
    [("Abstracted", "Minutes counted", "abstractions"), ("Available duty", "Minutes available", "duties")],
)
def test_the_months_figure_is_the_total_of_the_entries_it_leads_to(
    visit: Visit, figure: str, column: str, where: str
) -> None:
    sergeant = visit("sergeant")
    page = sergeant.page

    # Somebody who is away now adds a minute every minute: look between two looks that agree.
    for _ in range(3):
        shown = _figure(page, figure)
        link = page.locator(".npt-figure", has_text=figure).first.get_by_role("link")
        path = link.get_attribute("href") or ""
        with page.expect_navigation():
            link.click()
        caption = page.locator("caption").inner_text()
        rows = list(csv.DictReader(io.StringIO(sergeant.fetch(f"{path}&format=csv").removeprefix("\ufeff"))))
        sergeant.go("/")
        if _figure(page, figure) == shown:
            break

    assert shown > 0
    assert f"({shown:,} minutes)" in caption
    assert _minutes(caption) == shown
    assert sum(int(row[column]) for row in rows) == shown
    assert len(rows) > 0
    sergeant.go(path)
    sergeant.see(where)


def _figure(page: Page, label: str) -> int:
    return _minutes(page.locator(".npt-figure", has_text=label).first.get_by_role("link").inner_text())


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_an_entry_that_cannot_be_is_refused_in_words_with_everything_typed_kept(
    visit: Visit, site: Site, javascript: bool
) -> None:
    sergeant, who = visit("sergeant", javascript=javascript), site.free.pop()

    _log(sergeant, who, "2026-03-04 09:00", "2026-03-04 08:00")
    sergeant.told("The end must be after the start")
    _kept(sergeant.page, who, "2026-03-04 09:00", "2026-03-04 08:00")
    sergeant.see("end-before-start")

    _log(sergeant, who, "2026-03-04 09:00", "2026-03-05 09:01")
    sergeant.told(TOO_LONG)
    _kept(sergeant.page, who, "2026-03-04 09:00", "2026-03-05 09:01")

    _log(sergeant, who, "2026-03-29 01:30", "2026-03-29 04:00")
    sergeant.told(NO_TIME)
    _kept(sergeant.page, who, "2026-03-29 01:30", "2026-03-29 04:00")
    sergeant.see("no-such-time")

    _log(sergeant, who, "2026-03-29 02:30", "2026-03-29 04:00")
    expect(sergeant.page.get_by_role("alert")).to_contain_text(
        f"Logged: {who}, Custody cover, from 29 March 2026, 2:30am to 29 March 2026, 4:00am."
    )

    _log(sergeant, who, "2026-03-29 03:59", "2026-03-29 05:00")
    sergeant.told(f"{who} is already away: Custody cover from 29 March 2026, 2:30am, to 29 March 2026, 4:00am")
    _kept(sergeant.page, who, "2026-03-29 03:59", "2026-03-29 05:00")
    sergeant.see("overlap")


@pytest.mark.parametrize(
    ("javascript", "which", "clock"),
    [(True, "before", "1:30am BST"), (False, "after", "1:30am GMT")],
    ids=["with-javascript", "without-javascript"],
)
def test_a_time_that_happens_twice_asks_which_and_takes_the_answer(
    visit: Visit, site: Site, javascript: bool, which: str, clock: str
) -> None:
    sergeant, who = visit("sergeant", javascript=javascript), site.free.pop()
    start, end = "2026-10-25 01:30", "2026-10-25 02:30"

    _log(sergeant, who, start, end)
    sergeant.told(TWICE)
    _kept(sergeant.page, who, start, end)
    sergeant.see("which-one")
    sergeant.choose("That time happens twice. Which one was it?", f"The one {which} the clocks went back")
    sergeant.press("Log abstraction")

    expect(sergeant.page.get_by_role("alert")).to_contain_text(
        f"Logged: {who}, Custody cover, from 25 October 2026, {clock} to 25 October 2026, 2:30am."
    )
    sergeant.follow(SEE_IT)
    expect(sergeant.page.get_by_text(f"25 October 2026, {clock}").first).to_be_visible()


def test_nothing_entered_is_told_field_by_field(visit: Visit) -> None:
    sergeant = visit("sergeant")
    sergeant.go("/abstractions/new")
    sergeant.page.locator("[name=starts_at_clock]").fill("")
    sergeant.page.locator("[name=starts_at_day]").fill("")
    sergeant.choose("Until", "Back, or due back, at a time")

    sergeant.press("Log abstraction")

    sergeant.told(
        "Choose who is away",
        "Choose why they are away",
        "Enter when they went",
        "Enter when they were, or will be, back",
    )
    assert sergeant.page.title().startswith("Error: ")
    sergeant.see("nothing-entered")


def test_the_whole_form_is_filled_in_by_keyboard_alone(visit: Visit, site: Site) -> None:
    sergeant, who = visit("sergeant"), site.free.pop()
    page, keys = sergeant.page, sergeant.page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()

    sergeant.tab_to("a[href='/abstractions/new']")
    _enter(page)
    folded = page.locator("#person_id details").count()
    for number in range(folded):
        sergeant.tab_to(f"#person_id details:nth-of-type({number + 1}) summary")
        keys.press("Enter")
    sergeant.tab_to("#person_id input[type=radio]", "Shift+Tab")
    _move_to(page, who)
    sergeant.tab_to("input[name=reason]")
    _move_to(page, "Custody cover")
    sergeant.tab_to("input[name=destination]")
    keys.type("Thorpe Wood")
    sergeant.tab_to("main button[type=submit]:not([name=step])")
    _enter(page)

    expect(page.get_by_role("alert")).to_contain_text(f"Logged: {who}, ")
    sergeant.tab_to("form[action$='/end'] button")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _move_to(page: Page, who: str) -> None:
    for _ in range(60):
        if page.evaluate("document.activeElement.labels[0].textContent.trim()") == who:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys never reach {who}")


def _in_days(days: int) -> str:
    return f"{dt.datetime.now(LONDON) + dt.timedelta(days=days):%Y-%m-%d}"


def test_a_flag_is_answered_with_an_action_and_a_date(visit: Visit) -> None:
    sergeant = visit("sergeant")
    page = sergeant.page
    waiting = page.get_by_role("link", name=WAITING)
    before = waiting.count()
    sergeant.follow(WAITING)
    sergeant.see("flag")

    sergeant.press("Acknowledge")
    sergeant.told("Enter what will be done", "Enter the day by which it will be done")
    sergeant.see("flag-refused")

    page.get_by_label("What will be done?").fill("Ask for two courses to be moved to January")
    page.get_by_label("By when?").fill(_in_days(-2))
    sergeant.press("Acknowledge")
    sergeant.told("The date must be today or later")
    expect(page.get_by_label("What will be done?")).to_have_value("Ask for two courses to be moved to January")

    page.get_by_label("By when?").fill(_in_days(9))
    sergeant.press("Acknowledge")
    expect(page.get_by_role("alert")).to_contain_text("Acknowledged: ")
    sergeant.see("flags")
    sergeant.follow(SEE_IT, within=page.get_by_role("alert"))
    expect(page.get_by_text("Ask for two courses to be moved to January").first).to_be_visible()
    sergeant.go("/")
    assert waiting.count() == before - 1


def test_a_sergeant_finds_no_way_to_the_teams_of_others(visit: Visit) -> None:
    sergeant = visit("sergeant")

    for path in ("/teams/ELY", "/staffing/teams/ELY", "/bcu-month/SOU/2026-10", "/users", "/imports", "/jobs/"):
        page = sergeant.go(path, status=404)
        expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    sergeant.see("not-found")
