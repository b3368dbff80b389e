"""Every page each role can come to: asked for, and held to its size and looked at by axe where it is of a new make.

The walk asks over plain HTTP, which costs little, and opens in Chromium what no role has yet come to: the first page
of each kind, and any that is made of something no page had before.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.routing import MapAdapter

from npt.core.authority import PEOPLE_ROLES, Role
from tests.browser.conftest import Visit
from tests.browser.visitor import DESKTOP, PHONE, Visitor

OF_A_KIND = 2
"""How many pages of a kind a role asks for. The others differ in what they are about."""

FILES = re.compile(r"\.(csv|xlsx|pdf|ics|json)(\?|$)|[?&]format=")


@dataclass
class Looked:
    """The kinds of page, and what pages are made of, that were looked at already, whichever role came first."""

    kinds: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)

    def new(self, kind: str, parts: set[str]) -> bool:
        """Whether there is something to look at in a page of a kind; from now on there is not."""
        found = kind not in self.kinds or not parts <= self.parts
        self.kinds.add(kind)
        self.parts |= parts
        return found


@dataclass
class Page(HTMLParser):
    """What a page is made of (its elements, with their types, classes and roles), and where it leads."""

    address: str
    parts: set[str] = field(default_factory=set)
    hrefs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        self.parts.add(" ".join([tag, *(had.get(name) or "" for name in ("type", "class", "role"))]))
        if tag == "a" and had.get("href"):
            self.hrefs.append(urldefrag(urljoin(self.address, had["href"])).url)

    def links(self) -> list[str]:
        """The pages of this site it leads to, as addresses without the host; files apart."""
        parts = urlsplit(self.address)
        site = f"{parts.scheme}://{parts.netloc}"
        return [
            href.removeprefix(site) for href in self.hrefs if href.startswith(f"{site}/") and not FILES.search(href)
        ]


def _kind(sites: MapAdapter, address: str) -> str:
    """What an address is an example of, by the view that answers it: two flags are one kind, so are two narrowings."""
    parts = urlsplit(address)
    endpoint, _ = sites.match(parts.path, "GET")
    return f"{endpoint}{'?page' if 'page=' in parts.query else ''}"


@pytest.fixture(scope="module")
def looked() -> Looked:
    return Looked()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_every_page_a_role_can_come_to_is_whole_small_and_sound(
    visit: Visit, role: Role, looked: Looked, app: Flask
) -> None:
    visitor = visit(role.value)
    visitor.weigh_first("/")
    sites = app.url_map.bind("")
    waiting, known, asked = ["/"], {"/"}, Counter[str]()
    faults: list[str] = []

    while waiting:
        address = waiting.pop(0)
        kind = _kind(sites, address)
        asked[kind] += 1
        if asked[kind] > OF_A_KIND:
            continue
        answer = visitor.context.request.get(address)
        if answer.status != 200:
            faults.append(f"{address}: {answer.status}")
            continue
        page = Page(answer.url)
        page.feed(answer.text())
        if looked.new(kind, page.parts):
            faults += _faults(visitor, address)
        for link in page.links():
            if link not in known:
                known.add(link)
                waiting.append(link)

    assert asked["home.index"] == 1
    assert not faults, "\n".join(faults)


def _faults(visitor: Visitor, address: str) -> list[str]:
    """What Chromium finds wrong with a page: its weight, what axe says, its width on a phone. The walk goes on."""
    try:
        visitor.weigh(address)
        visitor.sound("on a desk")
        visitor.page.set_viewport_size(PHONE)
        visitor.fits()
    except AssertionError as fault:
        return [str(fault)]
    finally:
        visitor.page.set_viewport_size(DESKTOP)
    return []
