"""A force lead in a real browser: who supervises whom, on the day of the source's figures and today."""

import csv
import io

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_force_lead_reads_the_source_s_ratios_on_the_last_day_of_2007(visit: Visit) -> None:
    lead = visit("force_lead")

    page = lead.go("/staffing/supervision?on=2007-12-31")

    told = [row.inner_text().split("\t") for row in page.locator("#ratios tbody tr, #ratios tfoot tr").all()]
    assert told == [
        ["Central", "11", "89", "8.09"],
        ["Northern", "8", "95", "11.88"],
        ["Southern", "12", "116", "9.67"],
        ["Whole force", "31", "300", "9.68"],
    ]
    lead.see("supervision-2007")
    rows = list(csv.reader(io.StringIO(lead.fetch(page.url + "&format=csv&list=ratios").removeprefix("\ufeff"))))
    assert [row[-1] for row in rows[1:]] == ["8.09", "11.88", "9.67", "9.68"]


def test_today_one_sergeant_has_seventeen_people_in_two_teams_and_the_page_says_why(visit: Visit) -> None:
    lead = visit("force_lead")

    page = lead.go("/staffing/supervision")

    widest = page.locator("#sergeants tbody tr").first
    expect(widest.locator('td[data-label="Span"]')).to_have_text("17.00")
    expect(widest.locator('td[data-label="Against the line"]')).to_have_text("Over the line")
    expect(widest.locator('td[data-label="Covering"]')).to_contain_text("BUR since 3 September 2025")
    expect(widest.locator('td[data-label="Covering"]')).to_contain_text("because BUR-SERGEANT-1 is vacant")
