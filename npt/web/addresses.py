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
"""So many addresses that were made are kept, of so many characters; then all are forgotten. 10 MB at most."""


class Application(Flask):
    """Makes an address once: a page of a week has hundreds, mostly those of the request before."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[Hashable, str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """As Flask makes it. An address follows from these words and from where the application is mounted alone."""
        if not has_request_context() or endpoint.startswith("."):
            return super().url_for(endpoint, **values)
        key = request.environ.get("SCRIPT_NAME"), endpoint, *((n, type(v), v) for n, v in values.items())
        try:
            return self._addresses[key]
        except TypeError:  # a list among the values
            return super().url_for(endpoint, **values)
        except KeyError:
            made = super().url_for(endpoint, **values)
        if len(made) <= LONGEST_REMEMBERED and "_external" not in values and "_scheme" not in values:
            if len(self._addresses) >= REMEMBERED:
                self._addresses.clear()
            self._addresses[key] = made
        return made


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
