"""The sentences of a BCU's month on its page: each number leads to what makes it."""

import re
from html import unescape

from flask.testing import FlaskClient

from tests.reports.pages import OCTOBER


def answer(page: str, question: str) -> str:
    """The markup of the answer to one of the four questions."""
    found = re.search(rf">{question}</a></dt>\s*<dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    assert found
    return found[1]


def links(markup: str) -> dict[str, str]:
    """Where each linked piece of a sentence leads; of two that read alike, the first."""
    found = re.findall(r'<a [^>]*href="([^"]+)">([^<]+)</a>', markup)
    return {text: unescape(href) for href, text in reversed(found)}


def test_every_number_of_the_sentences_is_a_link(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text

    for question in ("What got worse", "What got better", "What breaks policy", "What needs a decision"):
        said = re.sub(r"<a .*?</a>", "", answer(page, question))
        said = re.sub(r"Sergeant \d+|[A-Z0-9]+-[A-Z]+-\d+|(since|Since|of|for) \w+ \d{4}", "", said)
        assert not re.search(r"\d", said), said


def test_a_rate_leads_to_the_entries_of_that_team_and_month(manager: FlaskClient) -> None:
    found = links(answer(manager.get(OCTOBER).text, "What breaks policy"))

    assert "1 h counted (60 minutes)" in manager.get(found["12.5 %"]).text
    assert "team=N2" in found["12.5 %"]
    assert manager.get(found["8.0 %"]).status_code == 200


def test_what_was_leads_to_the_month_before_and_what_is_to_this_one(manager: FlaskClient) -> None:
    worse = links(answer(manager.get("/bcu-month/N/2025-11").text, "What got worse"))

    assert "first=2025-10-01" in worse["6.8 %"]
    assert "3 h counted (180 minutes)" in manager.get(worse["6.8 %"]).text
    assert "first=2025-11-01" in worse["28.6 %"]


def test_days_late_lead_to_the_return_and_days_vacant_to_the_post(manager: FlaskClient) -> None:
    late = links(answer(manager.get("/bcu-month/N/2025-11").text, "What breaks policy"))
    vacant = links(answer(manager.get("/bcu-month/N/2026-02").text, "What needs a decision"))

    assert [href for text, href in late.items() if text.endswith("days")] == ["/returns/N1/2025-11"]
    assert "/staffing/posts/N1-PCSO-1" in vacant.values()


def test_every_link_of_the_sentences_opens(manager: FlaskClient) -> None:
    for month in ("2025-10", "2025-11", "2026-02"):
        page = manager.get(f"/bcu-month/N/{month}").text
        for question in ("What got worse", "What got better", "What breaks policy", "What needs a decision"):
            for href in links(answer(page, question)).values():
                if href.startswith("#"):
                    assert f'id="{href[1:]}"' in page
                else:
                    assert manager.get(href).status_code == 200, href
