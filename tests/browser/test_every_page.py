"""Every page each role can come to: opened, held to its size, and looked at by axe."""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest

from npt.core.authority import PEOPLE_ROLES, Role
from tests.browser.conftest import Visit
from tests.browser.visitor import PHONE, Visitor

MOST = 60
OF_A_KIND = 2
FILES = re.compile(r"\.(csv|xlsx|pdf)$|[?&]format=")


def _kind(address: str) -> str:
    """What an address is an example of: two flags are one kind of page, and so is a list narrowed in two ways."""
    parts = urlsplit(address)
    path = re.sub(r"/[^/]*[\dA-Z][^/]*(?=/|$)", "/…", parts.path)
    return f"{path}?{'&'.join(sorted(re.findall(r'(?:^|&)([^=]+)=', parts.query)))}"


def _links(visitor: Visitor, address: str) -> Iterator[str]:
    hrefs: list[str] = visitor.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    site = "{0.scheme}://{0.netloc}".format(urlsplit(visitor.page.url))
    for href in hrefs:
        bare = urldefrag(href).url
        if bare.startswith(f"{site}/") and not FILES.search(bare):
            yield bare.removeprefix(site)


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_every_page_a_role_can_come_to_is_whole_small_and_sound(visit: Visit, role: Role) -> None:
    visitor = visit(role.value)
    waiting, known, visited = ["/"], {"/"}, dict.fromkeys([""], 0)

    while waiting and sum(visited.values()) < MOST:
        address = waiting.pop(0)
        kind = _kind(address)
        if visited.get(kind, 0) == OF_A_KIND:
            continue
        visited[kind] = visited.get(kind, 0) + 1
        visitor.weigh(address)
        if visited[kind] == 1:
            visitor.sound("on a desk")
        visitor.page.set_viewport_size(PHONE)
        visitor.fits()
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
        found = [link for link in _links(visitor, address) if link not in known]
        known.update(found)
        waiting.extend(dict.fromkeys(found))

    assert visited[_kind("/")] == 1
