"""A value as the files have it: what an import reads back as the very same (FORMATS, "Files in")."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo


def cell(value: object, zone: ZoneInfo) -> str:
    """The text of a cell. Nothing is an empty one; an instant carries the offset of the force's own zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).isoformat(timespec="minutes")
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value)
