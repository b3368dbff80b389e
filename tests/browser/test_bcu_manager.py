"""A BCU manager's month in a real browser: the four sentences, the table, and what every figure is made of."""

import csv
import io
import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

LINKED = ("Strength of posts", "Vacant (oldest)", "Span", "Duty", "Abstracted", "Rate", "Open flags")


def _row(page: Page, team: str) -> Locator:
    return page.locator("#teams tbody tr", has=page.get_by_role("rowheader", name=team, exact=True))


def _cell(row: Locator, label: str) -> Locator:
    return row.locator(f'td[data-label="{label}"]')


def _number(row: Locator, label: str) -> str:
    return _cell(row, label).get_by_role("link").inner_text()


def _open(manager: Visitor, team: str, label: str) -> str:
    """Follow one figure of a team, and give the figure."""
    row = _row(manager.page, team)
    figure = _number(row, label)
    manager.go(_cell(row, label).get_by_role("link").get_attribute("href") or "")
    return figure


def _finished_month(visit: Visit) -> tuple[Visitor, str]:
    """Last month: no figure of it moves while it is looked at."""
    manager = visit("bcu_manager")
    manager.page.locator("a[rel=prev]").click()
    manager.page.wait_for_load_state()
    return manager, manager.page.url


def test_a_bcu_manager_lands_on_the_month_with_four_sentences_first(visit: Visit) -> None:
    manager = visit("bcu_manager")
    page = manager.page

    expect(page.get_by_role("heading", level=1)).to_contain_text("Southern BCU, ")
    questions = page.locator("dl.govuk-summary-list dt")
    expect(questions).to_have_text(["What got worse", "What got better", "What breaks policy", "What needs a decision"])
    for answer in page.locator("dl.govuk-summary-list dd").all_inner_texts():
        assert answer.endswith(".")
    assert page.locator("#teams tbody tr").count() == 12
    manager.see("month")


def test_every_figure_of_a_team_leads_to_a_page_with_that_total(visit: Visit) -> None:
    manager, month = _finished_month(visit)
    page = manager.page
    for label in LINKED[:-1]:
        expect(_cell(_row(page, "Soham"), label).get_by_role("link")).to_have_count(1)

    duty = _open(manager, "Soham", "Duty")
    expect(page.locator("caption")).to_contain_text(f"with {duty} available")
    manager.go(month)
    abstracted = _open(manager, "Soham", "Abstracted")
    expect(page.locator("caption")).to_contain_text(f"with {abstracted} counted")
    manager.see("entries-behind")
    manager.go(month)
    strength = _open(manager, "Soham", "Strength of posts")
    manager.see("staffing-behind")
    posts = page.locator("#posts tbody tr")
    held = posts.filter(has_not=page.locator('td[data-label="Holder"]', has_text=re.compile("^Vacant")))
    assert strength == f"{held.count()} of {posts.count()}"
    manager.go(month)
    vacant = _open(manager, "Soham", "Vacant (oldest)")
    assert int(vacant.split()[0]) == posts.count() == posts.filter(has_text="Vacant").count()
    manager.go(month)
    span = _open(manager, "Soham", "Span")
    expect(page.locator('td[data-label="Span"]')).to_have_text([span])


def test_the_month_prints_as_one_run_of_sheets_that_all_lie_on_their_side(visit: Visit) -> None:
    manager, _ = _finished_month(visit)

    printed = manager.page.pdf(format="A4", prefer_css_page_size=True)

    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert 3 <= len(sheets) <= 5
    assert all(float(width) > float(height) for width, height in sheets)


def test_the_open_flags_of_a_team_are_the_flags_it_leads_to(visit: Visit) -> None:
    manager = visit("bcu_manager")

    flags = _open(manager, "Soham", "Open flags")

    assert int(flags) == manager.page.locator("main tbody tr").count() > 0


def test_the_last_line_is_the_sum_of_the_teams_and_leads_to_the_same(visit: Visit) -> None:
    manager, month = _finished_month(visit)
    page = manager.page
    total = page.locator("#teams tfoot tr")
    summed = {
        label: sum(_minutes(_number(row, label)) for row in page.locator("#teams tbody tr").all())
        for label in ("Duty", "Abstracted")
    }

    for label, minutes in summed.items():
        assert _minutes(_number(total, label)) == minutes
    figure, path = _number(total, "Abstracted"), _cell(total, "Abstracted").get_by_role("link").get_attribute("href")
    manager.go(path or "")
    expect(page.locator("caption")).to_contain_text(f"with {figure} counted ({summed['Abstracted']:,} minutes)")
    assert page.locator("main tbody tr").count() == 50
    assert month


def _minutes(words: str) -> int:
    hours, _, minutes = words.replace(",", "").partition(" h")
    return int(hours) * 60 + int(minutes or 0)


def test_the_table_sorts_by_a_link_and_downloads_as_it_stands(visit: Visit) -> None:
    manager, _ = _finished_month(visit)
    page = manager.page
    worst_first = page.locator("#teams tbody th").all_inner_texts()

    manager.follow(re.compile("^Team"), within=page.locator("#teams thead"))

    by_name = page.locator("#teams tbody th").all_inner_texts()
    assert sorted(worst_first) == sorted(by_name)
    assert by_name in (sorted(by_name), sorted(by_name, reverse=True))
    file = page.get_by_role("link", name="Download CSV").first.get_attribute("href") or ""
    rows = list(csv.reader(io.StringIO(manager.fetch(file).removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:13]] == by_name or [row[1] for row in rows[1:13]] == by_name
    manager.fetch(file.replace(".csv", ".xlsx"))


def test_the_definition_and_the_month_are_changed_by_a_link(visit: Visit) -> None:
    manager = visit("bcu_manager")
    page = manager.page
    heading = page.get_by_role("heading", level=1).inner_text()

    manager.follow("Show the national definition")
    expect(page.get_by_role("link", name="Show the force definition")).to_be_visible()
    expect(page.locator("#teams tbody")).to_contain_text("No target set")
    manager.see("national")
    with page.expect_navigation():
        page.locator("a[rel=prev]").click()

    assert page.get_by_role("heading", level=1).inner_text() != heading
    expect(page.get_by_role("link", name="Show the force definition")).to_be_visible()
    with page.expect_navigation():
        page.locator("a[rel=next]").click()
    assert page.get_by_role("heading", level=1).inner_text() == heading


def test_another_bcu_is_not_found(visit: Visit) -> None:
    manager = visit("bcu_manager")

    manager.go("/bcu-month/NOR/2026-10", status=404)
    manager.go("/staffing/bcus/NOR", status=404)

    expect(manager.page.get_by_role("heading", level=1)).to_have_text("Page not found")
