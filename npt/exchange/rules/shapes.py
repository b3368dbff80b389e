"""How other systems write dates, times and numbers, and the same as our files have them."""

import datetime as dt
import re
from enum import StrEnum

from npt.core.periods import DAY


class Shape(StrEnum):
    """How a column of another system is written."""

    OURS = "ours"
    DAY_FIRST = "day_first"
    MONTH_NAME = "month_name"
    YEAR_FIRST = "year_first"
    MONTH_FIRST = "month_first"
    DECIMAL_COMMA = "decimal_comma"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Shape.OURS: "As our files have it",
    Shape.DAY_FIRST: "DD/MM/YYYY, with or without HH:MM",
    Shape.MONTH_NAME: "DD-Mon-YYYY, with or without HH:MM",
    Shape.YEAR_FIRST: "YYYY-MM-DD, with or without HH:MM",
    Shape.MONTH_FIRST: "MM/DD/YYYY, with or without HH:MM",
    Shape.DECIMAL_COMMA: "A number with a decimal comma, such as 0,60",
}

DATES = (Shape.OURS, Shape.DAY_FIRST, Shape.MONTH_NAME, Shape.YEAR_FIRST, Shape.MONTH_FIRST)
NUMBERS = (Shape.OURS, Shape.DECIMAL_COMMA)

_WRITTEN = {
    Shape.OURS: "YYYY-MM-DD",
    Shape.DAY_FIRST: "DD/MM/YYYY",
    Shape.MONTH_NAME: "DD-Mon-YYYY",
    Shape.YEAR_FIRST: "YYYY-MM-DD",
    Shape.MONTH_FIRST: "MM/DD/YYYY",
}

_OURS = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?", re.ASCII)
_TIME = r"(?:[T ]+(?P<clock>\S.*))?"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}}){_TIME}", re.ASCII)
_PATTERNS = {
    Shape.OURS: _YEAR_FIRST,
    Shape.YEAR_FIRST: _YEAR_FIRST,
    Shape.DAY_FIRST: re.compile(rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}", re.ASCII),
    Shape.MONTH_FIRST: re.compile(
        rf"(?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}", re.ASCII
    ),
    Shape.MONTH_NAME: re.compile(
        rf"(?P<day>\d{{1,2}})[- ](?P<month>[A-Za-z]{{3,9}})[- ](?P<year>\d{{4}}){_TIME}", re.ASCII
    ),
}
_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})(?::\d{2}(?:\.0+)?)?\s*([ap]m)?", re.ASCII | re.IGNORECASE)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_COMMA = re.compile(r"(\d+|\d{1,3}(?:[. ]\d{3})+)(?:,(\d+))?", re.ASCII)


def is_ours(written: str) -> bool:
    """Whether a text is an instant as our files have it: it is taken as it stands, so an offset can be written."""
    return _OURS.fullmatch(written) is not None


def has_offset(written: str) -> bool:
    """Whether a text is an instant of ours that says how far it is from UTC, and needs no other column."""
    found = _OURS.fullmatch(written)
    return found is not None and found[2] is not None


def day_as_ours(written: str, shape: Shape) -> str:
    """A day as ``YYYY-MM-DD``. A midnight that an export puts behind every date is dropped.

    :raises ValueError: saying what to enter
    """
    day, clock = _taken_apart(written, shape, f"enter a date as {_WRITTEN[shape]}")
    if clock is not None and _clock(clock) != "00:00":
        raise ValueError(f"this column holds days without a time: enter a date as {_WRITTEN[shape]}")
    return day


def moment_as_ours(written: str, shape: Shape) -> str:
    """An instant on the station clock as ``YYYY-MM-DDTHH:MM``.

    :raises ValueError: saying what to enter
    """
    wanted = f"enter a date and time as {_WRITTEN[shape]} HH:MM"
    day, clock = _taken_apart(written, shape, wanted)
    if clock is None:
        raise ValueError(f"there is no time: {wanted}")
    return f"{day}T{_clock(clock)}"


def joined(day: str, clock: str, shape: Shape) -> str:
    """A day and a time of two columns as one instant. A time that stands beside the day gives way to the column's own.

    :raises ValueError: saying what to enter
    """
    return f"{_taken_apart(day, shape, f'enter a date as {_WRITTEN[shape]}')[0]}T{_clock(clock)}"


def _taken_apart(written: str, shape: Shape, wanted: str) -> tuple[str, str | None]:
    # A spreadsheet's own date is the same whatever its owner sees.
    pattern = _PATTERNS[shape] if type(written) is str else _YEAR_FIRST
    found = pattern.fullmatch(written)
    if found is None:
        raise ValueError(wanted)
    try:
        day = dt.date(int(found["year"]), _month(found["month"]), int(found["day"]))
    except ValueError:
        raise ValueError(f"there is no such day: {wanted}") from None
    return day.isoformat(), found["clock"]


def _month(written: str) -> int:
    if written.isdigit():
        return int(written)
    fitting = [n for n, name in enumerate(_MONTHS, start=1) if name.startswith(written.lower())]
    return fitting[0] if len(fitting) == 1 else 0


def _clock(written: str) -> str:
    found = _CLOCK.fullmatch(written.strip())
    if found is None:
        raise ValueError("enter a time as HH:MM")
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("enter a time as HH:MM")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError("there is no such time: enter a time as HH:MM")
    return f"{hour:02}:{minute:02}"


def number_as_ours(written: str) -> str:
    """A number with a decimal comma, and dots or blanks between its thousands, as ``1234.50``.

    :raises ValueError: saying what to enter
    """
    found = _COMMA.fullmatch(written)
    if found is None:
        raise ValueError("enter a number with a decimal comma, such as 0,60")
    whole = re.sub(r"[. ]", "", found[1])
    return f"{whole}.{found[2]}" if found[2] else whole


def next_day_if_not_after(start: str | None, end: str | None) -> str | None:
    """An end that is not after its start, on the station clock, is meant for the next day: a night's duty.

    What carries an offset, or is not an instant, is left as it is.
    """
    if start is None or end is None:
        return end
    begins, ends = _LOCAL.fullmatch(start), _LOCAL.fullmatch(end)
    if begins is None or ends is None or ends.groups()[:2] > begins.groups()[:2]:
        return end
    return f"{(dt.date.fromisoformat(ends[1]) + DAY).isoformat()}T{ends[2]}"
