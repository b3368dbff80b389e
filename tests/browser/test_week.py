"""The team's week and the live board in a real browser: by keyboard alone, on a phone, and without JavaScript."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

LOG = "a.npt-week__log"


def _cell(page: Page) -> list[int]:
    """The row and column of the cell that has the focus, counted in its table's body."""
    found: list[int] = page.evaluate(
        "[document.activeElement.closest('tr').rowIndex, document.activeElement.closest('td').cellIndex]"
    )
    return found


def _open_last_week(sergeant: Visitor) -> Page:
    sergeant.follow(re.compile("^This week"))
    sergeant.follow("Previous week")
    expect(sergeant.page.get_by_role("heading", level=1)).to_have_text("Team week")
    return sergeant.page


def test_the_grid_is_moved_through_and_logged_from_by_keyboard_alone(visit: Visit) -> None:
    sergeant = visit("sergeant")
    page = _open_last_week(sergeant)
    sergeant.see("week")

    sergeant.tab_to(LOG)
    assert _cell(page) == [1, 1]
    for key, cell in (
        ("ArrowRight", [1, 2]),
        ("ArrowDown", [2, 2]),
        ("ArrowDown", [3, 2]),
        ("ArrowLeft", [3, 1]),
        ("ArrowLeft", [3, 1]),
        ("ArrowUp", [2, 1]),
        ("End", [2, 8]),
        ("Home", [2, 1]),
    ):
        page.keyboard.press(key)
        assert _cell(page) == cell, key
    asked = parse_qs(urlsplit(page.evaluate("document.activeElement.href")).query)
    who = page.locator("table").first.locator("tbody tr").nth(1).get_by_role("rowheader").inner_text().splitlines()[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", asked["starts"][0])
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Log abstraction")
    assert parse_qs(urlsplit(page.url).query) == asked
    expect(page.get_by_role("group", name="Who is away?").get_by_label(who, exact=True)).to_be_checked()
    filled = page.get_by_role("group", name="From", exact=True).get_by_label("Date", exact=True).input_value()
    assert filled == asked["starts"][0][:10]


def test_one_cell_at_a_time_is_in_the_order_of_tab_and_its_entries_follow(visit: Visit) -> None:
    sergeant = visit("sergeant")
    page = _open_last_week(sergeant)

    first = page.locator("table").first
    assert first.locator("td a[tabindex='0']").count() == 1
    entry = first.locator("tbody .npt-week__taken a").first
    entry.locator("xpath=ancestor::td").locator(LOG).focus()
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('.npt-week__taken') !== null")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def test_a_click_anywhere_in_a_cell_logs_and_a_click_on_an_entry_opens_it(visit: Visit) -> None:
    sergeant = visit("sergeant")
    page = _open_last_week(sergeant)

    cell = page.locator("tbody td", has=page.locator(".npt-week__taken a")).first
    box = cell.bounding_box()
    assert box
    with page.expect_navigation():
        page.mouse.click(box["x"] + box["width"] - 4, box["y"] + 4)
    expect(page.get_by_role("heading", level=1)).to_have_text("Log abstraction")
    page.go_back()
    with page.expect_navigation():
        cell.locator(".npt-week__taken a").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def test_the_week_works_without_javascript_by_plain_links(visit: Visit) -> None:
    sergeant = visit("sergeant", javascript=False)
    sergeant.go("/abstractions/week")

    with sergeant.page.expect_navigation():
        sergeant.page.locator(LOG).first.click()

    expect(sergeant.page.get_by_role("heading", level=1)).to_have_text("Log abstraction")


def test_the_grid_is_a_table_with_a_caption_and_headings(visit: Visit) -> None:
    sergeant = visit("sergeant")
    page = _open_last_week(sergeant)

    table = page.get_by_role("table").first
    expect(table.locator("caption")).to_contain_text("Soham")
    assert table.get_by_role("columnheader").count() == 9
    people = table.locator("tbody tr").count()
    assert people > 5
    assert table.locator("tbody th[scope=row]").count() == people


def test_a_pc_sees_the_week_of_their_team_without_kinds_or_links(visit: Visit) -> None:
    pc = visit("pc")
    pc.follow("This week")
    pc.see("week")

    expect(pc.page.locator("table a")).to_have_count(0)
    expect(pc.page.locator("tfoot")).to_have_count(0)
    for kind in ("Annual leave", "Sickness", "Compassionate"):
        assert kind not in _others(pc.page)


def _others(page: Page) -> str:
    """The rows of the grid but the reader's own, whose kinds of absence are theirs to know."""
    name = page.locator(".npt-header__person span").inner_text().split(",")[0].split()[-1]
    return " ".join(row for row in page.locator("tbody tr").all_inner_texts() if name not in row)


def test_the_board_refreshes_itself_and_keeps_the_focus_where_it_was(visit: Visit) -> None:
    manager = visit("bcu_manager")
    manager.page.clock.install()
    page = manager.go("/abstractions/away")
    manager.see("away")
    if not page.locator("button[id^=back-]").count():
        pytest.skip("nobody of the demonstration is away in the small hours")
    back = page.locator("button[id^=back-]").first
    back.focus()
    held = back.get_attribute("id")
    page.evaluate("document.querySelector('#board caption').textContent = 'old'")

    with page.expect_response(re.compile("/abstractions/away")):
        page.clock.run_for(61_000)

    expect(page.locator("#board caption")).to_contain_text("away")
    assert page.evaluate("document.activeElement.id") == held


def test_the_board_leaves_itself_alone_when_nobody_has_touched_it_for_an_hour(visit: Visit) -> None:
    manager = visit("bcu_manager")
    manager.page.clock.install()
    page = manager.go("/abstractions/away")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.clock.run_for(59 * 60_000)
    # Sixty refreshes at once: a busy machine needs longer than a person ever would wait.
    page.wait_for_load_state("networkidle", timeout=60_000)
    before = len(asked)
    page.clock.run_for(60 * 60_000)
    page.wait_for_load_state("networkidle")

    assert before > 0
    assert len(asked) - before <= 1
