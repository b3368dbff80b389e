"""A resources lead in a real browser: a sergeant retires in six weeks, and nobody is surprised."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from npt.core.periods import DAY, day_in_words
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

POST, TEAM, NEIGHBOUR = "HIS-SERGEANT-1", "Histon and Milton", "Sawston and Linton"


CHECK = "Check what this would do"


def _today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Europe/London")).date()


def _row(page: Page, table: str, words: str) -> Locator:
    return page.locator(f"{table} tbody tr", has_text=words)


def _vacancies(lead: Visitor, on: dt.date) -> Page:
    return lead.go(f"/staffing/vacancies?on={on.isoformat()}&grade=sergeant")


def _supervision(lead: Visitor, on: dt.date) -> Page:
    return lead.go(f"/staffing/supervision?on={on.isoformat()}")


def _post(lead: Visitor, ref: str) -> str:
    """Open a post; the name of whoever holds it now."""
    page = lead.go(f"/staffing/posts/{ref}")
    return page.locator("table tbody th", has_text="Now").first.inner_text().removesuffix("Now").strip()


def _night(visit: Visit, job: str) -> None:
    administrator = visit("administrator")
    administrator.go(f"/jobs/{job}")
    administrator.press("Run now")


def test_a_sergeant_retires_in_six_weeks_forecast_vacancy_cover_fill(visit: Visit) -> None:
    lead, last_day = visit("resources_lead"), _today() + 42 * DAY

    _they_tell_us(lead, last_day)
    _it_is_forecast(lead, visit, last_day)
    _the_post_is_vacant(lead, last_day + DAY)
    _another_sergeant_covers(lead, last_day + DAY)
    _a_constable_is_promoted(lead, last_day + 15 * DAY)


def _they_tell_us(lead: Visitor, last_day: dt.date) -> None:
    retiring = _post(lead, POST)
    lead.follow(f"End the posting of {retiring}")
    lead.page.get_by_label("Last day in the post").fill(last_day.isoformat())
    lead.page.get_by_label("Reason", exact=True).select_option(label="Retirement")
    lead.press(CHECK)
    expect(lead.page.locator(".govuk-warning-text")).to_contain_text(f"{TEAM} would be left with no supervisor")
    lead.see("retiring-check")
    lead.press("End this posting")
    expect(lead.page.locator("main")).to_contain_text(f"{retiring} leaves {POST} on {day_in_words(last_day)}")
    expect(lead.page.locator("main")).to_contain_text(f"Forecast vacancy from {day_in_words(last_day + DAY)}")
    lead.see("retiring-post")


def _it_is_forecast(lead: Visitor, visit: Visit, last_day: dt.date) -> None:
    forecast = _row(_vacancies(lead, _today()), "#forecast", POST)
    expect(forecast.locator('td[data-label="Vacant from"]')).to_have_text(day_in_words(last_day + DAY))
    expect(forecast.locator('td[data-label="Days left"]')).to_have_text("42")
    expect(forecast.locator('td[data-label="Why"]')).to_have_text("Retirement")
    lead.follow(f"Set the fill date of {POST}", within=forecast)
    lead.page.get_by_label("By when will the post be filled?").fill((last_day + 15 * DAY).isoformat())
    lead.press("Save the fill date")
    _night(visit, "vacancies")
    lead.go("/flags/?kind=forecast_vacancy")
    expect(lead.page.locator("main")).to_contain_text(
        f"Sergeant post {POST} will be vacant from {day_in_words(last_day + DAY)}, with nobody to follow"
    )


def _the_post_is_vacant(lead: Visitor, day: dt.date) -> None:
    vacant = _row(_vacancies(lead, day), "#vacant", POST)
    expect(vacant.locator('td[data-label="Age"]')).to_have_text("0 days")
    expect(vacant.locator('td[data-label="Cover"]')).to_have_text("No cover")
    expect(vacant.locator('td[data-label="Planned fill date"]')).to_contain_text(day_in_words(day + 14 * DAY))
    lead.see("retired-vacancies")
    expect(_row(_supervision(lead, day), "#teams", TEAM)).to_contain_text("No supervisor")


def _another_sergeant_covers(lead: Visitor, day: dt.date) -> None:
    page = lead.page
    _post(lead, POST)
    lead.press("Record cover")
    expect(page.get_by_label("First day")).to_have_value(day.isoformat())
    offered = page.get_by_label("Sergeant", exact=True)
    offered.select_option(label=offered.locator("option", has_text=NEIGHBOUR).inner_text())
    lead.press(CHECK)
    lead.see("cover-check")
    lead.press("Record this cover")
    _supervision(lead, day)
    expect(_row(page, "#teams", TEAM)).not_to_contain_text("No supervisor")
    covering = _row(page, "#sergeants", POST)
    expect(covering).to_contain_text(f"HIS since {day_in_words(day)}, 0 days, because {POST} is vacant")
    expect(covering).to_contain_text("2 teams")
    lead.see("covered-supervision")


def _a_constable_is_promoted(lead: Visitor, day: dt.date) -> None:
    page = lead.page
    number = _post(lead, "HIS-PC-1").split()[1]
    _post(lead, POST)
    page.get_by_label("Collar number of whoever is to fill it").fill(number)
    lead.press("Post somebody")
    page.get_by_label("First day in the new post").fill(day.isoformat())
    page.get_by_label(re.compile(r"Why\?")).fill("Promoted at the autumn board")
    lead.press(CHECK)
    lead.see("promoted-check")
    lead.press("Move them")
    _post(lead, POST)
    lead.follow("End this cover")
    page.get_by_label("Last day of cover").fill((day - DAY).isoformat())
    lead.press(CHECK)
    lead.press("End this cover")

    _supervision(lead, day)
    expect(_row(page, "#teams", TEAM)).not_to_contain_text("No supervisor")
    expect(page.locator("#sergeants")).not_to_contain_text(POST)
    expect(page.locator("#sergeants")).to_contain_text(number)
    expect(_row(_vacancies(lead, day), "#vacant", POST)).to_have_count(0)
