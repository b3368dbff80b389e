"""Whatever is written into a form of an entry, a return, policy or a sample: refused in words, kept; and sent twice."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from npt.audit.models import AuditEntry
from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import add_months
from npt.edge import now
from npt.people.models import Person, Team
from tests import make
from tests.conftest import SignIn, post, token_of
from tests.forms import as_it_stands, typed_into

LONG = "x" * 10_000
UNSEEN = "Wal\x01ton\x1b[31m \u202eRoad\x07"
"""Characters nobody sees: they are left out, and the rest is kept."""

FORMS = {
    Role.SERGEANT: (
        "/abstractions/new",
        "/abstractions/several",
        "/abstractions/A-1/change",
        "/abstractions/A-1/split",
        "/abstractions/A-1/cancel",
    ),
    Role.INSPECTOR: ("/to-authorise/A-2/authorise", "/to-authorise/A-2/decline"),
    Role.BCU_MANAGER: ("/returns/SOH/{month}/reopen", "/policy/targets/set", "/policy/bars/set"),
    Role.FORCE_LEAD: (
        "/policy/reasons/new",
        "/policy/reasons/court/change",
        "/policy/reasons/court/end",
        "/policy/figures/late_hours/change",
        "/policy/figures/person_limit_percent/change",
    ),
    Role.AUDITOR: ("/abstractions/dip-samples/new", "/abstractions/dip-samples/{sample}/1"),
}
SCOPES = {Role.SERGEANT: ["SOH"], Role.INSPECTOR: ["ECA"], Role.BCU_MANAGER: ["SOU"]}
Open = Callable[[Role], FlaskClient]


@pytest.fixture
def browser_of(sign_in: SignIn, soham: Team, rahman: Person) -> Open:
    """A browser of each role, where there is an entry, one that waits, a confirmed month and a sample."""
    make.duty(rahman, "2026-10-06 07:00", "2026-10-06 17:00")
    make.abstraction(rahman, "2026-09-10 07:00", "2026-09-10 09:30")
    make.abstraction(rahman, "2026-11-10 07:00", "2026-11-10 09:30", ref="A-1")
    waits = make.abstraction(rahman, "2027-02-10 07:00", "2027-02-10 20:30", ref="A-2")
    with transaction():
        current.merge(waits).awaiting_since = make.at("2026-11-12 09:00")
    browsers: dict[Role, FlaskClient] = {}

    def browser(role: Role) -> FlaskClient:
        if role not in browsers:
            browsers[role] = sign_in(make.user(role, *SCOPES.get(role, [])))
        return browsers[role]

    return browser


def kept() -> int:
    return current.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.fixture
def months() -> tuple[str, str]:
    """The month before last, and last month."""
    first = now().date().replace(day=1)
    return f"{add_months(first, -2):%Y-%m}", f"{add_months(first, -1):%Y-%m}"


def path_of(path: str, browser_of: Open, months: tuple[str, str]) -> str:
    """An address of this force: with a sample drawn, or a month confirmed, where it speaks of one."""
    if "{sample}" in path:
        sent = {"first": "2026-09-01", "last": "2026-11-30", "drawn_from": "all", "size": "2"}
        drawn = post(browser_of(Role.AUDITOR), "/abstractions/dip-samples/new", **sent)
        return path.format(sample=drawn.location.rsplit("/", 1)[1])
    if path.endswith("/reopen"):
        confirm(browser_of(Role.SERGEANT), months[1])
    return path.format(month=months[1])


def confirm(sergeant: FlaskClient, month: str) -> None:
    address = f"/returns/SOH/{month}/confirm"
    page = as_it_stands(sergeant.get(address).text)
    assert sergeant.post(address, data={**page, "kind": "nil"}).status_code == 302


EVERY = [(role, path) for role, paths in FORMS.items() for path in paths]


@pytest.mark.parametrize(("role", "path"), EVERY, ids=[path for _, path in EVERY])
def test_ten_thousand_characters_are_refused_in_words_and_kept_to_be_shortened(
    browser_of: Open, months: tuple[str, str], role: Role, path: str
) -> None:
    browser, address = browser_of(role), path_of(path, browser_of, months)
    page = browser.get(address)
    assert page.status_code == 200
    names = typed_into(page.text)
    assert names, "nothing can be written into this form"
    before = kept()

    for name in names:
        answer = browser.post(address, data={**as_it_stands(page.text), name: LONG})
        assert answer.status_code == 200, name
        assert "There is a problem" in answer.text, name
        assert LONG in answer.text, f"{name}: what was typed is lost"
        summary = answer.text[answer.text.index("There is a problem") :]
        assert re.search(r"characters or fewer|[Ee]nter a |Enter the ", summary[: summary.index("<h1")]), name
    assert kept() == before


@pytest.mark.parametrize(("role", "path"), EVERY, ids=[path for _, path in EVERY])
def test_characters_that_nobody_sees_are_left_out_of_what_is_kept(
    browser_of: Open, months: tuple[str, str], role: Role, path: str
) -> None:
    browser, address = browser_of(role), path_of(path, browser_of, months)
    page = browser.get(address)

    for name in typed_into(page.text):
        answer = browser.post(address, data={**as_it_stands(page.text), name: UNSEEN}, follow_redirects=True)
        assert answer.status_code == 200, name
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202e]", answer.text), name


NINE = {
    "starts_at_day": "2026-11-12",
    "starts_at_clock": "09:00",
    "ends_at_day": "2026-11-12",
    "ends_at_clock": "10:00",
}
TWICE: tuple[tuple[Role, str, Mapping[str, object]], ...] = (
    (Role.SERGEANT, "/abstractions/new", {**NINE, "reason": "custody", "returning": "back"}),
    (Role.SERGEANT, "/abstractions/several", {**NINE, "reason": "custody", "returning": "back"}),
    (Role.SERGEANT, "/abstractions/A-1/change", {"ends_at_clock": "10:00", "why": "Later"}),
    (
        Role.SERGEANT,
        "/abstractions/A-1/split",
        {"divided_at_day": "2026-11-10", "divided_at_clock": "08:00", "second": "court", "why": "Sent on"},
    ),
    (Role.SERGEANT, "/abstractions/A-1/cancel", {"reason": "Wrong person"}),
    (Role.SERGEANT, "/abstractions/A-3/end", {}),
    (Role.SERGEANT, "/returns/SOH/{month}/confirm", {"kind": "nil"}),
    (Role.INSPECTOR, "/to-authorise/A-2/authorise", {"note": "Agreed"}),
    (Role.INSPECTOR, "/to-authorise/A-2/decline", {"reason": "Cannot be spared"}),
    (Role.BCU_MANAGER, "/returns/SOH/{month}/reopen", {"reason": "Two entries are missing"}),
    (Role.BCU_MANAGER, "/policy/targets/set", {"unit": "team:SOH", "group": "all", "percent": "8", "why": "Agreed"}),
    (Role.BCU_MANAGER, "/policy/bars/set", {"bcu": "SOU", "reason": "course", "strength": "warn", "why": "Vacancies"}),
    (Role.FORCE_LEAD, "/policy/reasons/court/change", {"label": "Court and tribunal", "why": "Agreed"}),
    (Role.FORCE_LEAD, "/policy/figures/late_hours/change", {"value": "24", "why": "Agreed"}),
    (Role.FORCE_LEAD, "/policy/reasons/new", {"code": "ward_walk", "label": "Walk", "family": "support", "why": "New"}),
    (
        Role.AUDITOR,
        "/abstractions/dip-samples/new",
        {"first": "2026-09-01", "last": "2026-11-30", "drawn_from": "all", "size": "2"},
    ),
    (Role.AUDITOR, "/abstractions/dip-samples/{sample}/1", {"finding": "agrees", "evidence": "Duty sheet"}),
)


@pytest.mark.parametrize(("role", "path", "typed"), TWICE, ids=[path for _, path, _ in TWICE])
def test_a_form_sent_twice_is_done_once_and_the_second_is_answered_in_words(
    browser_of: Open,
    soham: Team,
    rahman: Person,
    months: tuple[str, str],
    role: Role,
    path: str,
    typed: Mapping[str, object],
) -> None:
    make.duty(rahman, "2026-11-12 07:00", "2026-11-12 17:00")
    browser, address = browser_of(role), path_of(path, browser_of, months)
    if path.endswith("/end"):
        make.abstraction(make.posted(soham), "2026-11-12 07:00", None, ref="A-3")
        sent: dict[str, object] = {"csrf_token": token_of(browser)}
    else:
        who = {"/abstractions/new": "person_id", "/abstractions/several": "person_ids"}.get(path)
        sent = {**as_it_stands(browser.get(address).text), **({who: str(rahman.id)} if who else {}), **typed}
    answer = browser.post(address, data=sent)
    if answer.status_code == 200 and 'name="step"' in answer.text:
        sent = {**as_it_stands(answer.text), "step": "confirm"}
        answer = browser.post(address, data=sent)
    assert answer.status_code == 302, unescape(answer.text[answer.text.index("<h1") :])[:600]
    before = kept()

    again = browser.post(address, data=sent, follow_redirects=True)

    assert again.status_code == 200
    assert kept() == before
    assert any(words in again.text for words in ("There is a problem", "govuk-notification-banner", "not waiting"))
