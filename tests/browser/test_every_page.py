"""Every page each role can come to: opened, held to its size, and looked at by axe."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest

from npt.core.authority import PEOPLE_ROLES, Role
from tests.browser.conftest import Visit
from tests.browser.visitor import DESKTOP, PHONE, Visitor

OF_A_KIND = 3
"""How many pages of a kind are asked for. The first is looked at; the others differ in what they are about."""
Looked = dict[str, set[str]]
"""By kind of page, what it is made of that was looked at already, whichever role came first."""
FILES = re.compile(r"\.(csv|xlsx|pdf|ics)$|[?&]format=")


PARTS = """[...document.querySelectorAll("body *")].map(
  (part) => [part.tagName, part.type, part.getAttribute("class"), part.getAttribute("role")].join(" "))"""
"""What a page is made of: its elements, with their classes and roles."""


def _kind(address: str) -> str:
    """What an address is an example of: two flags are one kind of page, and so is a list narrowed in two ways."""
    parts = urlsplit(address)
    return re.sub(r"/[^/]*[\dA-Z][^/]*(?=/|$)", "/…", parts.path) + ("?page" if "page=" in parts.query else "")


def _links(visitor: Visitor) -> Iterator[str]:
    hrefs: list[str] = visitor.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    parts = urlsplit(visitor.page.url)
    site = f"{parts.scheme}://{parts.netloc}"
    for href in hrefs:
        bare = urldefrag(href).url
        if bare.startswith(f"{site}/") and not FILES.search(bare):
            yield bare.removeprefix(site)


@pytest.fixture(scope="module")
def looked() -> Looked:
    return {}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_every_page_a_role_can_come_to_is_whole_small_and_sound(visit: Visit, role: Role, looked: Looked) -> None:
    visitor = visit(role.value)
    waiting, known, asked = ["/"], {"/"}, Counter[str]()
    faults: list[str] = []

    while waiting:
        address = waiting.pop(0)
        asked[_kind(address)] += 1
        if asked[_kind(address)] > 1:
            if asked[_kind(address)] <= OF_A_KIND:
                visitor.fetch(address)
            continue
        faults += _faults(visitor, address, looked)
        for link in _links(visitor):
            if link not in known:
                known.add(link)
                waiting.append(link)

    assert asked["/"] == 1
    assert not faults, "\n".join(faults)


def _faults(visitor: Visitor, address: str, looked: Looked) -> list[str]:
    """What is wrong with a page; the rest are looked at all the same.

    Every page is opened and held to the width of a phone. It is weighed the first time any role comes to its kind, and
    axe looks whenever it is made of something that no page of its kind had before.
    """
    found = []
    try:
        if (kind := _kind(address)) in looked:
            visitor.go(address)
        else:
            visitor.weigh(address)
        parts = set(visitor.page.evaluate(PARTS))
        if not parts <= looked.setdefault(kind, set()):
            visitor.sound("on a desk")
            looked[kind] |= parts
        visitor.page.set_viewport_size(PHONE)
        visitor.fits()
    except AssertionError as fault:
        found.append(str(fault))
    visitor.page.set_viewport_size(DESKTOP)
    return found
