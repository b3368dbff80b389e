"""Fields in which a person types: text, numbers, days and times, files."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import flask_wtf.file
import wtforms
from wtforms.validators import Length

from npt.core.characters import seen_alone
from npt.core.periods import month_from
from npt.web.forms import widgets

LINE = 200
"""The longest single line, in characters, unless a field says otherwise."""
PAGE = 4000
"""The longest text of several lines, in characters, unless a field says otherwise."""
EARLIEST, LATEST = 1900, 2199
"""The years a day may lie in: a slip of the finger becomes a message and not an overflow."""

_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))?(?::\d{2})?\s*(?P<half>[ap]m)?", re.ASCII | re.IGNORECASE
)


_BREAK = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")


def _kept(of_several_lines: re.Match[str]) -> str:
    return "\t" if of_several_lines[0] == "\t" else "\n"


def _at_most(most: int, validators: Sequence[object], label: str | None) -> list[object]:
    what = label.rstrip("?") if label else "Text"
    return [*validators, Length(max=most, message=f"{what} must be {most:,} characters or fewer")]


class TextField(wtforms.StringField):
    """One line of text, at most ``most`` characters, without those that nobody sees."""

    widget = widgets.Text()

    def __init__(
        self, label: str | None = None, validators: Sequence[object] = (), *, most: int = LINE, **options: Any
    ) -> None:
        super().__init__(label, _at_most(most, validators, label), **options)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        # A line pasted out of a sheet or a letter brings tabs and ends of lines along.
        self.raw_data = [_BREAK.sub(" ", seen_alone(text)) for text in valuelist]
        super().process_formdata(self.raw_data)


class TextAreaField(wtforms.TextAreaField):
    """Several lines of text, at most ``most`` characters, without those that nobody sees."""

    widget = widgets.Area()

    def __init__(
        self, label: str | None = None, validators: Sequence[object] = (), *, most: int = PAGE, **options: Any
    ) -> None:
        super().__init__(label, _at_most(most, validators, label), **options)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.raw_data = [_BREAK.sub(_kept, seen_alone(text)) for text in valuelist]
        super().process_formdata(self.raw_data)


class PasswordField(wtforms.PasswordField):
    """A password: kept exactly as typed, never shown again."""

    widget = widgets.Password()


class FileField(flask_wtf.file.FileField):
    """A file from the person's own machine."""

    widget = widgets.File()


class FilesField(flask_wtf.file.MultipleFileField):
    """Any number of files from the person's own machine."""

    widget = widgets.File(multiple=True)


class SubmitField(wtforms.SubmitField):
    """The button that sends the form, named by what it does."""

    widget = widgets.Submit()


class _Parsed(wtforms.Field):
    """A field whose text becomes a value, or an error that says what to enter. What was typed is kept."""

    def parse(self, text: str) -> object:
        raise NotImplementedError

    def written(self, value: Any) -> str:
        return str(value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.raw_data = [seen_alone(text) for text in valuelist]
        text = self.raw_data[0].strip() if self.raw_data else ""
        self.data = None
        if text:
            self.data = self.parse(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written(self.data)


class WholeField(_Parsed):
    """A whole number, 0 or more."""

    widget = widgets.Sized("text", 5, "numeric")

    def parse(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError("Enter a whole number, like 12")
        return int(text)


class NumberField(_Parsed):
    """An exact number, 0 or more, with at most two places."""

    widget = widgets.Sized("text", 5, "decimal")

    def parse(self, text: str) -> Decimal:
        if not _AMOUNT.fullmatch(text):
            raise ValueError("Enter a number, like 8 or 7.5")
        return Decimal(text)


class DayField(_Parsed):
    """A day, from the browser's own picker or typed as 12/11/2026."""

    widget = widgets.Sized("date", 10)

    def parse(self, text: str) -> dt.date:
        return day_from(text)

    def written(self, value: dt.date) -> str:
        return value.isoformat()


class MonthField(_Parsed):
    """A month, from the browser's own picker or typed as 2026-11; its first day."""

    widget = widgets.Sized("month", 10)

    def parse(self, text: str) -> dt.date:
        first_day = month_from(text)
        if first_day is None or not EARLIEST <= first_day.year <= LATEST:
            raise ValueError("Enter a month as a year and a month, like 2026-11")
        return first_day

    def written(self, value: dt.date) -> str:
        return f"{value:%Y-%m}"


class ClockField(_Parsed):
    """A time of day to the minute, from the browser's own picker or typed as 9:32am or 0932."""

    widget = widgets.Sized("time", 10)

    def parse(self, text: str) -> dt.time:
        return clock_from(text)

    def written(self, value: dt.time) -> str:
        return f"{value:%H:%M}"


def day_from(text: str) -> dt.date:
    """The day somebody wrote: ``2026-11-12``, ``12/11/2026``, ``12 11 2026``, ``12 November 2026``.

    :raises ValueError: saying what to enter
    """
    for written in ("%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d %B %Y"):
        try:
            day = dt.datetime.strptime(text.strip(), written).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if EARLIEST <= day.year <= LATEST:
            return day
    raise ValueError("Enter a real date, like 12/11/2026")


def clock_from(text: str) -> dt.time:
    """The time of day somebody wrote: ``09:32``, ``0932``, ``9.32am``, ``9am``.

    :raises ValueError: saying what to enter
    """
    message = "Enter a real time, like 9:32am or 14:05"
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(message)
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(message)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return dt.time(hour, minute)
    except ValueError as error:
        raise ValueError(message) from error
