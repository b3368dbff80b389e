"""What the address of a staffing page asks for: the day, and files in place of the page."""

import datetime as dt

from flask import request

from npt.edge import today
from npt.web.addresses import this_page
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
    gone = tuple(name for name, value in changed.items() if value is None)
    return this_page(gone, **{name: value for name, value in changed.items() if value is not None})
