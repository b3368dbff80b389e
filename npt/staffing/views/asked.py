"""What the address of a staffing page asks for: the day, and files in place of the page."""

import datetime as dt
from typing import Any

from flask import request, url_for

from npt.edge import today
from npt.web.forms.typed import EARLIEST, LATEST


def asked_day() -> dt.date:
    """The day in the address; today when there is none, or it is no day a force plans for."""
    try:
        day = dt.date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
    return day if EARLIEST <= day.year <= LATEST else today()


def here(**changed: str | None) -> str:
    """The address of this page with some of what it asks for changed; ``None`` takes it out."""
    kept: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), **changed}
    return url_for(request.endpoint or "", **{name: value for name, value in kept.items() if value is not None})
