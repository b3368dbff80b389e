"""Addresses: what may stand in one, and this page asked for otherwise."""

import datetime as dt
from collections.abc import Hashable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, has_request_context, request, url_for
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from npt.edge import today
from npt.web.forms.typed import EARLIEST, LATEST

LARGEST = 2**31 - 1
"""The largest number a row can have. A larger one in an address names nothing, and PostgreSQL would stumble over it."""

NULL = "\0"
"""A character nobody can type and PostgreSQL cannot hold."""


class Number(IntegerConverter):
    """The number of a row."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **options})


class Code(UnicodeConverter):
    """What a file calls a thing. One with a slash in it, or of dots alone, is written so that it stays one step.

    A server undoes one writing of an address before it looks for the page, and browsers undo dots; this is the second.
    """

    def to_url(self, value: str) -> str:
        """The code as a step of an address."""
        written = str(value).replace("%", "%25").replace("/", "%2F")
        return super().to_url(written.replace(".", "%2E") if set(written) == {"."} else written)

    def to_python(self, value: str) -> str:
        """The code as the file wrote it."""
        return value.replace("%2F", "/").replace("%2E", ".").replace("%25", "%")


def refuse_null_characters() -> None:
    """Stand before every request, once it is known who asks: what no row can hold does not exist."""
    if NULL in request.path or any(NULL in value for values in request.args.listvalues() for value in values):
        abort(404)
    if any(NULL in typed for values in request.form.listvalues() for typed in values):
        abort(400)


REMEMBERED = 20_000
LONGEST_REMEMBERED = 300
"""So many parts of addresses are kept, of so many characters; then all are forgotten. 10 MB at most."""

LEFT_AS_IT_IS = "!$'()*,/:;?@"
"""What stands in a query as it was given, as Flask has it."""

PLAIN = frozenset({str, int, bool, dt.date})
"""Values that are written alike when they are equal and of one type. Moments of two zones may be equal."""

Part = tuple[str, type, Hashable]
"""One name and value of an address, with the type: 1 and True are equal."""


class Application(Flask):
    """Makes the parts of an address once: a page of a week has hundreds, and hardly a part that no other has."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._in_path: dict[str, frozenset[str]] = {}
        self._parts: dict[Hashable, str] = {}

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """As Flask makes it, put together of its path and of each name and value behind it.

        The path follows from what stands in it and from where the application is mounted alone.
        """
        if _anchor or _method or _scheme or _external or endpoint.startswith(".") or not has_request_context():
            own: dict[str, Any] = {"_anchor": _anchor, "_method": _method, "_scheme": _scheme, "_external": _external}
            return super().url_for(endpoint, **own, **values)
        in_path = self._in_path.get(endpoint)
        if in_path is None:
            in_path = self._in_path[endpoint] = self._names_in_path(endpoint)
        place: list[Hashable] = [request.environ.get("SCRIPT_NAME"), endpoint]
        asked = []
        try:
            for name, value in values.items():
                part = name, type(value), value
                if name in in_path:
                    place.append(part)
                elif value is not None:
                    asked.append(self._parts.get(part) or self._written(part))
            path = self._parts.get(where := tuple(place))
        except TypeError:  # a list among the values
            return super().url_for(endpoint, **values)
        if path is None:
            path = super().url_for(endpoint, **{name: value for name, value in values.items() if name in in_path})
            self._remember(where, path)
        return f"{path}?{'&'.join(asked)}" if asked else path

    def _names_in_path(self, endpoint: str) -> frozenset[str]:
        rules = (rule for rule in self.url_map.iter_rules() if rule.endpoint == endpoint)
        return frozenset(name for rule in rules for name in rule.arguments)

    def _written(self, part: Part) -> str:
        name, kind, value = part
        if issubclass(kind, tuple):
            raise TypeError("several values are written one after another")
        written = urlencode({name: value}, safe=LEFT_AS_IT_IS)
        if kind in PLAIN:
            self._remember(part, written)
        return written

    def _remember(self, key: Hashable, made: str) -> None:
        if len(made) <= LONGEST_REMEMBERED:
            if len(self._parts) >= REMEMBERED:
                self._parts.clear()
            self._parts[key] = made


def this_page(without: tuple[str, ...] = (), **changed: object) -> str:
    """The address of the page being shown, with its filters and order kept but for what is changed or left out.

    What somebody wrote into the address stays what it is: Flask's own words in it (``_scheme``) mean nothing.
    """
    return _asked(url_for(request.endpoint or "", **(request.view_args or {})), without, changed)


def other_page(
    endpoint: str, without: tuple[str, ...] = (), places: Mapping[str, Any] | None = None, **changed: object
) -> str:
    """The address of another page, asked for what this one was asked for but for what is changed or left out.

    ``places`` are what stands in the path of that page.
    """
    return _asked(url_for(endpoint, **(places or {})), without, changed)


def _asked(path: str, without: tuple[str, ...], changed: Mapping[str, object]) -> str:
    left_out = {*without, *changed}
    kept = [(name, value) for name, values in request.args.lists() if name not in left_out for value in values]
    asked = urlencode([*kept, *changed.items()])
    return f"{path}?{asked}" if asked else path


def asked_day() -> dt.date:
    """The day in the address; today when there is none, or it is no day a force plans for."""
    try:
        day = dt.date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
    return day if EARLIEST <= day.year <= LATEST else today()


def here(**changed: str | None) -> str:
    """The address of this page with some of what it asks for changed; ``None`` takes it out."""
    gone = tuple(name for name, value in changed.items() if value is None)
    return this_page(gone, **{name: value for name, value in changed.items() if value is not None})
