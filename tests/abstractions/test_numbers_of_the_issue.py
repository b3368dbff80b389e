"""Every number on the pages of abstraction leads to the entries that make it; a zero to the list that says so.

The walk starts where each role starts and follows the links of these pages. What is no link is named below, with why
(docs/decisions/0043).
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from werkzeug.routing import MapAdapter

from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.people.rules import Grade
from tests import make
from tests.abstractions.pages import on_duty, written
from tests.conftest import SignIn

OURS = ("abstractions.", "authorisations.", "returns.", "reports.", "home.", "policy.")
OF_A_KIND = 3
"""How many pages of a kind are looked at; the others differ in what they are about."""

MOMENTS = re.compile(
    r"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: \d{4})?|\d{1,2}(?::\d\d)?[ap]m|\d{4}-\d\d-\d\d"
)
"""When something was is no figure: nothing makes it."""

TYPED = {"Where to", "Set by, and why", "Why", "Reason", "Answer", "By", "Logged by", "Who", "What it decides", "Value"}
"""What people wrote, and the value of policy itself, on the page that says who set it and why."""

NO_LINK = {
    # A stretch has its start and end beside it, and the totals are those of the rows above: here the trail ends.
    "abstractions.show": {"Time", "total"},
    "abstractions.my_entry": {"Time", "total"},
    "abstractions.duty": {"Time", "total"},
    "abstractions.my_duty": {"Time", "total"},
    # The totals of a list are those of its rows.
    "abstractions.index": {"total"},
    "abstractions.mine": {"total"},
    "abstractions.duties": {"total"},
    "abstractions.my_duties": {"total"},
    # How long after policy's day: nothing but two dates.
    "abstractions.late_returns": {"Days late"},
    # How many hours after its start an entry was logged: both stand beside it.
    "abstractions.kept_entries": {"Logged"},
    # What is set, on the page of what is set.
    "policy.applying": {"In force"},
}


@dataclass
class Page:
    """The numbers of a page that lead nowhere, each with the heading of its cell, and the pages it leads to."""

    address: str
    tree: Element
    bare: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        feet = {cell for foot in self.tree.iter("tfoot") for cell in foot.iter("td")}
        for cell in self.tree.iter("td"):
            self._look(cell, "total" if cell in feet else cell.get("data-label", ""))
        for figure in self.tree.iter("p"):
            if figure.get("class") == "npt-figure__value":
                self._look(figure, "key figure")

    def _look(self, cell: Element, label: str) -> None:
        said = MOMENTS.sub("", " ".join("".join(_outside_links(cell)).split()))
        if re.search(r"\d", said):
            self.bare.append((label, said))

    def links(self) -> Iterator[str]:
        for link in self.tree.iter("a"):
            target = urlsplit(urldefrag(urljoin(f"http://localhost{self.address}", link.get("href", ""))).url)
            if target.netloc == "localhost" and "format=" not in target.query:
                yield f"{target.path}?{target.query}" if target.query else target.path


def _outside_links(element: Element) -> Iterator[str]:
    """What an element says outside its links and buttons, to the eye."""
    if element.tag in ("a", "button", "svg") or "govuk-visually-hidden" in element.get("class", ""):
        return
    yield element.text or ""
    for child in element:
        yield from _outside_links(child)
        yield child.tail or ""


@pytest.fixture
def busy(soham: Team, rahman: Person, in_hours: Callable[[float], dt.datetime]) -> Person:
    """A PC who is away now and was away before, a PCSO who never is, a sergeant, a vacant post, and targets."""
    make.target("8")
    make.post(soham)
    make.posted(soham, Grade.SERGEANT, collar_number="2979", email="sergeant@force.example")
    colleague = make.posted(soham, Grade.PCSO, collar_number="7001")
    with transaction():
        current.merge(rahman).email = "pc@force.example"
    on_duty(rahman, in_hours)
    make.abstraction(rahman, written(in_hours(-1)), None, destination="Parkside 2")
    for days in (3, 20, 40):
        for who in (rahman, colleague):
            make.duty(who, written(in_hours(-24 * days)), written(in_hours(-24 * days + 9)))
        make.abstraction(rahman, written(in_hours(-24 * days)), written(in_hours(-24 * days + 10)))
    return rahman


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.PC, "SOH"),
        (Role.SERGEANT, "SOH"),
        (Role.INSPECTOR, "ECA"),
        (Role.BCU_MANAGER, "SOU"),
        (Role.FORCE_LEAD, ""),
    ],
)
def test_every_number_of_the_pages_of_abstraction_is_a_link(
    sign_in: SignIn, app: Flask, busy: Person, role: Role, code: str
) -> None:
    email = {Role.PC: "pc@force.example", Role.SERGEANT: "sergeant@force.example"}.get(role, "other@force.example")
    browser = sign_in(make.user(role, *[code] if code else [], email=email))
    sites = app.url_map.bind("localhost")
    previews = (
        "/abstractions/preview?what=figure&name=late_hours&value=24",
        "/abstractions/preview?what=reason&code=custody&label=Custody&counts_local=pcso",
    )
    waiting = ["/", *(() if role is Role.PC else previews)]
    known, asked, faults = set(waiting), Counter[str](), []

    while waiting:
        address = waiting.pop(0)
        kind = _endpoint(sites, address)
        asked[kind] += 1
        if not kind.startswith(OURS) or asked[kind] > OF_A_KIND:
            continue
        answer = browser.get(address)
        assert answer.status_code in (200, 302), address
        if answer.mimetype != "text/html":
            continue
        page = Page(address, html5lib.parse(answer.text, namespaceHTMLElements=False))
        if role is Role.PC and kind == "abstractions.week":
            continue  # it is theirs to read without reasons, kinds or entries (RULES section 9)
        allowed = TYPED | NO_LINK.get(kind, set())
        faults += [f"{kind} ({address}): {label}: {said}" for label, said in page.bare if label not in allowed]
        new = [link for link in page.links() if link not in known]
        known.update(new)
        waiting += new

    assert not faults, "\n".join(faults)
    own = {"abstractions.my_figures", "abstractions.my_entry", "abstractions.my_duty"}
    wanted = own if role is Role.PC else {"abstractions.show", "abstractions.duty", "abstractions.struck"}
    assert wanted <= asked.keys()


def _endpoint(sites: MapAdapter, address: str) -> str:
    endpoint, _ = sites.match(urlsplit(address).path, "GET")
    return str(endpoint)
