"""Whatever is sent to the form of a saved column mapping: it answers in words, and the mapping stays as saved."""

import io
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.exchange import queries
from npt.exchange.rules.kinds import BY_NAME
from tests import make
from tests.conftest import SignIn, token_of
from tests.exchange.rosters import ROSTERED, saved
from tests.forms import as_it_stands

ODD = (
    "",
    " ",
    "x" * 10_000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "=cmd|' /C calc'!A0",
    "\u202egnitset",
    "99999999999999999999",
    "-1",
    "a = b\nb",
    "= = =",
    "\r\n\r\nSet-Cookie: x=1",
)
WELL = (200, 400)


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMINISTRATOR))


@pytest.fixture
def page(browser: FlaskClient) -> str:
    """The address of a mapping that is saved."""
    return f"/imports/mappings/{saved(ROSTERED)}"


def as_saved() -> object:
    return queries.mapping_named("Roster")


@pytest.mark.parametrize("act", ["save", "preview", "drop table"])
def test_nothing_typed_into_any_one_field_breaks_it(browser: FlaskClient, page: str, act: str) -> None:
    sent = {**as_it_stands(browser.get(page).text), "act": act}
    answers = {}
    for place, name in enumerate(sorted(sent.keys() - {"act", "csrf_token", "name"})):
        # Each field meets every third of them, and each of them every third field.
        for odd in ODD[place % 3 :: 3]:
            answer = browser.post(page, data={**sent, name: odd})
            answers[name, odd] = answer.status_code
            if answer.status_code == 302:
                assert answer.location == page, "what can be saved leads back to the mapping and nowhere else"
            else:
                html5lib.HTMLParser(strict=True).parse(answer.text)
                assert "<script>alert" not in answer.text

    assert len(answers) > 60
    assert {what: status for what, status in answers.items() if status not in (*WELL, 302)} == {}
    assert act == "save" or as_saved() == ROSTERED


def test_everything_odd_at_once_is_refused_with_what_was_typed_still_there(browser: FlaskClient, page: str) -> None:
    sent = as_it_stands(browser.get(page).text)
    for odd in ODD[3:]:
        typed = {name: [odd, odd] for name in sent}
        answer = browser.post(page, data={**typed, "name": odd, "csrf_token": sent["csrf_token"], "act": "save"})

        assert answer.status_code == 200
        assert "There is a problem" in answer.text
        assert odd.strip().splitlines()[0] in unescape(answer.text)
        assert as_saved() == ROSTERED


def test_a_form_without_its_fields_and_with_others_is_refused(browser: FlaskClient, page: str) -> None:
    token = token_of(browser)

    for sent in ({}, {"mapping_id": "0"}, {"ref_header": "Duty No"}, {"__class__": "x", "kind": "people"}):
        answer = browser.post(page, data={**sent, "csrf_token": token, "act": "save"})
        assert (answer.status_code, "There is a problem" in answer.text) == (200, True)
        assert as_saved() == ROSTERED
    assert browser.post(page, data={"act": "save", "csrf_token": "meddled"}).status_code in (302, 400)
    assert as_saved() == ROSTERED


def test_a_kind_that_is_sent_along_does_not_make_it_a_mapping_of_another(browser: FlaskClient, page: str) -> None:
    sent = as_it_stands(browser.get(page).text)

    browser.post(page, data={**sent, "kind": "people", "act": "save"})

    assert as_saved() == ROSTERED


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\0", b"\xff\xfe\x00", b"PK\x03\x04broken", b"," * 5000, b'"never closed', b"A,A\n1,2\n", b"\n" * 1000],
)
@pytest.mark.parametrize("name", ["duties.csv", "duties.xlsx", "../../etc/passwd"])
def test_a_sample_of_rubbish_is_refused_in_words(browser: FlaskClient, page: str, content: bytes, name: str) -> None:
    sent = as_it_stands(browser.get(page).text)

    answer = browser.post(page, data={**sent, "sample": (io.BytesIO(content), name), "act": "preview"})

    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert as_saved() == ROSTERED


@pytest.mark.parametrize(
    "query", ["next=https://elsewhere.example/", "back=//elsewhere.example", "_external=1&_scheme=x"]
)
def test_saving_leads_to_the_mapping_wherever_the_address_would_send_somebody(
    browser: FlaskClient, page: str, query: str
) -> None:
    sent = as_it_stands(browser.get(f"{page}?{query}").text)
    elsewhere = {"next": "https://elsewhere.example/", "Referer": "https://elsewhere.example/"}

    answer = browser.post(f"{page}?{query}", data={**sent, **elsewhere, "act": "save"})

    assert (answer.status_code, answer.location) == (302, page)


def test_one_that_does_not_exist_is_missed_and_one_that_was_ended_cannot_be_saved(
    browser: FlaskClient, page: str
) -> None:
    sent = as_it_stands(browser.get(page).text)
    assert browser.post(f"{page}/end", data={"csrf_token": sent["csrf_token"]}).status_code == 302

    assert browser.post(page, data={**sent, "name": "Another", "act": "save"}).status_code == 200
    assert as_saved() is None or as_saved() == ROSTERED
    for gone in ("0", "99999999999999999999", "-1", "x", "1%00"):
        assert browser.post(f"/imports/mappings/{gone}", data={**sent, "act": "save"}).status_code == 404
    assert "duties" in BY_NAME
