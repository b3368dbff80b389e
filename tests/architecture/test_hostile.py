"""Whatever somebody writes into an address or a form: a page in words, never a fault of ours."""

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from npt.core.authority import Permission, Role
from npt.core.db import transaction
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.web.access import access_of
from tests import make
from tests.architecture.test_access import allowed
from tests.conftest import Backend, SignIn, token_of

VALUES = (
    "",
    "abc",
    "-1",
    "99999999999999999999",
    "0001-01-01",
    "9999-12-31",
    "2007-12-31",
    "\0",
    "\ud800'\"<script>🙂",
)
NAMES = (
    "first",
    "last",
    "day",
    "starts",
    "ends",
    "change",
    "several",
    "authorisation",
    "team",
    "bcu",
    "reason",
    "grade",
    "group",
    "definition",
    "upto",
    "page",
    "format",
    "on",
    "order",
    "months",
    "sector",
    "list",
    "person",
    "state",
    "kind",
    "kept",
    "finding",
    "q",
    "next",
    "month",
    "endpoint",
    "name",
    "duty",
    "unit",
    "by",
    "category",
    "where",
    "ward",
    "stage",
    "overdue",
    "role",
    "question",
    "partner",
    "outcome",
    "verdict",
    "practice",
    "from",
    "came",
    "member",
    "organisation",
    "health",
    "priority",
    "when",
    "fixed_at",
    "panel",
    "version",
    "partners",
    "_scheme",
    "_anchor",
    "_method",
    "_external",
)
LISTS = (
    "/abstractions/",
    "/abstractions/away",
    "/abstractions/duties",
    "/abstractions/mine",
    "/abstractions/quality",
    "/abstractions/quality/after-return",
    "/abstractions/quality/entries",
    "/abstractions/quality/returns",
    "/abstractions/quality/without-duty",
    "/abstractions/quality/without-team",
    "/abstractions/week",
    "/flags/",
    "/staffing/",
    "/bcu-month/",
    "/crime/",
    "/crime/records",
    "/staffing/early-moves",
    "/staffing/in-post",
    "/staffing/posts",
    "/staffing/skills",
    "/staffing/succession",
    "/plans/",
    "/briefing",
    "/plans/library",
    "/plans/what-worked",
    "/partners/",
    "/plans/health",
    "/plans/priorities",
    "/plans/partnership",
    "/plans/disposals",
    "/partners/actions",
)
NAMED = {
    "action_id": ("0", "99999999999999999999"),
    "assignment_id": ("0", "99999999999999999999"),
    "candidate_id": ("0", "99999999999999999999"),
    "code": ("SOH", "CLOSED", "SOU", "\0", "none", "../.."),
    "month": ("2026-10", "0001-01", "9999-12", "2026-13", "\0"),
    "ref": ("A-1", "\0", "none"),
    "flag_id": ("0", "99999999999999999999"),
    "group_id": ("0", "99999999999999999999"),
    "user_id": ("0", "99999999999999999999"),
    "name": ("vacancies", "none", "\0"),
    "collar": ("1432", "none", "\0"),
    "collar_number": ("1432", "none", "\0"),
    "contact_id": ("0", "99999999999999999999"),
    "needed_id": ("0", "99999999999999999999"),
    "skill_id": ("0", "99999999999999999999"),
    "cover_id": ("0", "99999999999999999999"),
    "mapping_id": ("0", "99999999999999999999"),
    "of": ("duty", "nothing"),
    "place": ("1", "99999999999999999999"),
    "sample_id": ("1", "0", "99999999999999999999"),
    "posting_id": ("0", "99999999999999999999"),
    "review_id": ("0", "99999999999999999999"),
    "meeting_id": ("0", "99999999999999999999"),
    "priority_id": ("0", "99999999999999999999"),
    "item_id": ("0", "99999999999999999999"),
    "signature_id": ("0", "99999999999999999999"),
    "side": ("was", "none", "\0"),
    "subject": ("SA1", "none", "\0"),
    "token": ("none", "\0"),
    "member_id": ("0", "99999999999999999999"),
    "allocation_id": ("0", "99999999999999999999"),
    "seat_id": ("0", "99999999999999999999"),
    "term_id": ("0", "99999999999999999999"),
    "row_id": ("0", "99999999999999999999"),
    "scope": ("team", "force", "none", "\0"),
    "group": ("all", "none"),
    "bcu": ("SOU", "none"),
    "ending": ("csv", "xlsx"),
    "filename": ("none.js", "\0"),
    "recommendation_id": ("0", "99999999999999999999"),
    "what": ("priorities", "events", "none"),
}
WELL = (200, 302, 400, 404, 410)


@pytest.fixture
def browsers(app: Flask, sign_in: SignIn) -> dict[str, FlaskClient]:
    """For each endpoint that shows something, a browser of somebody who may open it, in a force with a little in it."""
    with transaction():
        start_policy()
    south = make.bcu("SOU")
    sector = make.sector(south, "ECA")
    soham = make.team(sector, "SOH")
    make.team(sector, "CLOSED", last_day=dt.date(2020, 5, 1))
    sergeant, constable = make.posted(soham, Grade.SERGEANT), make.posted(soham)
    make.post(soham)
    make.duty(constable, "2026-11-12 07:00", "2026-11-12 17:00")
    make.abstraction(constable, "2026-11-12 08:00", "2026-11-12 10:00", ref="A-1")
    manager, administrator = sign_in(make.user(Role.BCU_MANAGER, "SOU")), sign_in(make.user(Role.ADMINISTRATOR))
    make.contact(make.ward(soham, "SOH"), constable)
    assert sergeant.id != constable.id
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {e: manager if Role.BCU_MANAGER in allowed(e) else administrator for e in endpoints}


def written(pattern: str) -> Iterator[str]:
    """Every address of a pattern with what somebody could write in place of its names."""
    found = re.search(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", pattern)
    if found is None:
        yield pattern
        return
    for value in NAMED[found[1]]:
        yield from written(pattern.replace(found[0], quote(value), 1))


def asked(**values: str) -> str:
    return urlencode(values, errors="surrogatepass")


def test_no_address_breaks_a_page(app: Flask, browsers: dict[str, FlaskClient]) -> None:
    answers = {
        path: browsers[rule.endpoint].get(path).status_code
        for rule in app.url_map.iter_rules()
        if rule.endpoint in browsers
        for path in written(rule.rule)
    }

    assert len(answers) > 60
    assert {path: status for path, status in answers.items() if status not in WELL} == {}


def test_nothing_asked_for_in_an_address_breaks_a_page(app: Flask, browsers: dict[str, FlaskClient]) -> None:
    answers = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in browsers and rule.endpoint not in ("static", "health"):
            page = next(written(rule.rule))
            for value in VALUES:
                address = f"{page}?{asked(**dict.fromkeys(NAMES, value))}"
                answers[address] = browsers[rule.endpoint].get(address).status_code

    assert {address: status for address, status in answers.items() if status not in WELL} == {}


def test_no_single_thing_asked_for_breaks_a_list(
    app: Flask, browsers: dict[str, FlaskClient], backend: Backend
) -> None:
    answers = {}
    # PostgreSQL is the one that refuses texts and numbers; on SQLite each name meets each value on a list or another.
    step = 3 if backend.name == "postgresql" else len(VALUES)
    for number, page in enumerate(LISTS):
        for place, name in enumerate(NAMES):
            for value in VALUES[(number + place) % step :: step]:
                address = f"{page}?{asked(**{name: value})}"
                answers[address] = browsers["abstractions.index"].get(address).status_code

    assert {address: status for address, status in answers.items() if status not in WELL} == {}


def test_nothing_typed_into_a_form_breaks_it(app: Flask, browsers: dict[str, FlaskClient]) -> None:
    answers = {}
    for rule in app.url_map.iter_rules():
        marked = access_of(app.view_functions[rule.endpoint])
        if {"GET", "POST"} <= (rule.methods or set()) and isinstance(marked, Permission):
            browser, page = browsers[rule.endpoint], next(written(rule.rule))
            token = token_of(browser)
            for value in VALUES[1:]:
                fields = re.findall(r'name="(\w+)"', browser.get(page).text)
                typed = {**dict.fromkeys(fields, value.encode("utf-8", "replace").decode()), "csrf_token": token}
                answers[page, value] = browser.post(page, data=typed).status_code

    assert len(answers) > 30
    assert {what: status for what, status in answers.items() if status not in WELL} == {}


def test_a_file_that_has_gone_is_missed_in_words_by_somebody_signed_in(browsers: dict[str, FlaskClient]) -> None:
    answer = browsers["home.index"].get("/static/gone.js")

    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_another_page_of_a_list_is_asked_for_with_what_was_written_and_nothing_more(
    browsers: dict[str, FlaskClient],
) -> None:
    page = browsers["abstractions.index"].get("/abstractions/?first=2026-11-01&last=2026-11-30&_scheme=ftp")

    assert "/abstractions/?first=2026-11-01&amp;last=2026-11-30&amp;_scheme=ftp&amp;page=1&amp;format=csv" in page.text
    assert "ftp://" not in page.text
