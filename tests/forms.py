"""A form as a browser would send it."""

from collections.abc import Iterator
from typing import Any

import html5lib


def as_it_stands(page: str) -> dict[str, list[str]]:
    """Everything the form of a page would send, as it stands."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    sent: dict[str, list[str]] = {}
    for field in tree.iter():
        if field.tag not in ("input", "select", "textarea"):
            continue
        name, kind = field.get("name"), field.get("type", "")
        unmarked = kind in ("checkbox", "radio") and field.get("checked") is None
        if not name or kind in ("file", "submit") or unmarked:
            continue
        value = field.get("value", "") if field.tag == "input" else "".join(_values(field))
        sent.setdefault(name, []).append(value)
    return sent


def _values(field: Any) -> Iterator[str]:
    if field.tag == "textarea":
        yield "".join(field.itertext()).removeprefix("\n")
    for option in field.iter("option"):
        if option.get("selected") is not None:
            yield option.get("value") or ""


def typed_into(page: str) -> list[str]:
    """The names of the fields that take what somebody writes, of the first form of a page that has any."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    main = next(tree.iter("main"))
    return next((names for form in main.iter("form") if (names := list(_written(form)))), [])


def _written(form: Any) -> Iterator[str]:
    for field in form.iter():
        name = field.get("name")
        if name and (field.tag == "textarea" or (field.tag == "input" and field.get("type") == "text")):
            yield name
