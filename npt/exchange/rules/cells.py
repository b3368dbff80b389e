"""One cell: from its text to a value, or a sentence that says what to enter (FORMATS, "Files in")."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from npt.core.characters import holds_unseen
from npt.core.periods import DAY, Fold, NoSuchTime, TwiceThatNight, instant, midnight, to_minute
from npt.people.rules import Grade
from npt.policy.rules import VALUE_NAMES

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d)(?::[0-5]\d)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00:00", re.ASCII)
_CLOCK = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)(?::[0-5]\d)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}(\.\d+)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

# Not policy: outside these years a date is a slip of the pen, and "9999-12-31" is written by leaving the cell empty.
FIRST_YEAR, LAST_YEAR = 1900, 2199

HUNDREDTHS = Decimal("0.01")


class Clock:
    """Local times to instants, remembering each day's distance from UTC, for files of a hundred thousand rows."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._starts: dict[str, dt.datetime | None] = {}

    def instant(self, day: str, clock: str) -> dt.datetime:
        """The instant of a local time, in UTC.

        :raises NoSuchTime: when the clocks went forward over it
        :raises TwiceThatNight: when the clocks went back and it happened twice
        """
        if day not in self._starts:
            self._starts[day] = self._plain_start(dt.date.fromisoformat(day))
        time = dt.time.fromisoformat(clock)
        start = self._starts[day]
        if start is None:
            return instant(dt.date.fromisoformat(day), time, self.zone)
        return start + dt.timedelta(hours=time.hour, minutes=time.minute)

    def _plain_start(self, day: dt.date) -> dt.datetime | None:
        # A day of 24 hours has no clock change in it; on any other the rule itself is asked.
        start = midnight(day, self.zone)
        return start if midnight(day + DAY, self.zone) - start == DAY else None


class Untold(str):
    """A cell that could not be translated: what was written, and what to enter."""

    __slots__ = ("why",)
    why: str

    @classmethod
    def because(cls, written: str, why: str) -> "Untold":
        made = cls(written)
        made.why = why
        return made


Parse = Callable[[str, Clock], Any]
"""From the text of a cell to its value. Raises ``ValueError`` saying what to enter."""


def text(longest: int) -> Parse:
    """Words, no more characters than the database holds, and none that nobody sees."""

    def parse(written: str, _: Clock) -> str:
        if holds_unseen(written):
            raise ValueError("take out the control characters, which nobody sees")
        if len(written) > longest:
            raise ValueError(f"enter no more than {longest} characters")
        return str(written)

    return parse


def email(written: str, _: Clock) -> str:
    """An email address, in lower case, so that a user and a person are recognised as the same."""
    if len(written) > 254 or not _EMAIL.fullmatch(written):
        raise ValueError("enter an email address such as a.rahman@example.police.uk")
    return written.lower()


def day(written: str, _: Clock) -> dt.date:
    """A local day, ``YYYY-MM-DD``; or the cell of a spreadsheet that holds a date at midnight."""
    if not _DAY.fullmatch(written):
        # Only a spreadsheet's date cell is more than plain text; it cannot but carry a time.
        at_midnight = None if type(written) is str else _MIDNIGHT.fullmatch(written)
        if at_midnight is None:
            raise ValueError("enter a date as YYYY-MM-DD")
        written = at_midnight[1]
    try:
        value = dt.date.fromisoformat(written)
    except ValueError:
        raise ValueError("there is no such day: enter a date as YYYY-MM-DD") from None
    return _in_range(value)


def _in_range(value: dt.date) -> dt.date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"enter a year from {FIRST_YEAR} to {LAST_YEAR}")
    return value


def moment(written: str, clock: Clock) -> dt.datetime:
    """An instant to the minute, in UTC: ``YYYY-MM-DDTHH:MM[:SS]``, local time unless an offset is given."""
    parts = _INSTANT.fullmatch(written)
    if parts is None:
        raise ValueError("enter a date and time as YYYY-MM-DDTHH:MM")
    try:
        # Read whole, so that every part of it, seconds and offset too, is one that exists.
        read = dt.datetime.fromisoformat(written)
    except ValueError:
        raise ValueError("there is no such time: enter a date and time as YYYY-MM-DDTHH:MM") from None
    _in_range(read)
    if read.tzinfo is not None:
        return to_minute(read)
    try:
        return clock.instant(parts[1], parts[2])
    except NoSuchTime:
        raise ValueError("this time does not exist, the clocks go forward over it: enter it with its offset") from None
    except TwiceThatNight:
        twice = [_with_offset(read, fold, clock.zone) for fold in Fold]
        raise ValueError(f"this time happens twice, the clocks go back: enter {twice[0]} or {twice[1]}") from None


def _with_offset(local: dt.datetime, fold: Fold, zone: ZoneInfo) -> str:
    return instant(local.date(), local.time(), zone, fold).astimezone(zone).isoformat(timespec="minutes")


def time_of_day(written: str, _: Clock) -> dt.time:
    """A time on the station clock to the minute, ``HH:MM``; what a spreadsheet adds of seconds is dropped."""
    parts = _CLOCK.fullmatch(written)
    if parts is None:
        raise ValueError("enter a time as HH:MM")
    return dt.time.fromisoformat(parts[1])


def whole(highest: int, *, lowest: int = 0) -> Parse:
    """A whole number from a lowest up to a highest."""

    def parse(written: str, _: Clock) -> int:
        if not _WHOLE.fullmatch(written) or not lowest <= int(written) <= highest:
            raise ValueError(f"enter a whole number from {lowest} to {highest}")
        return int(written)

    return parse


def number(lowest: str, highest: str, *, above: bool = False) -> Parse:
    """A number of no more than two decimal places within bounds; ``above``: the lowest itself is too low."""
    least, most = Decimal(lowest), Decimal(highest)
    bounds = f"above {lowest} and up to {highest}" if above else f"from {lowest} to {highest}"

    def parse(written: str, _: Clock) -> Decimal:
        if not _NUMBER.fullmatch(written):
            raise ValueError(f"enter a number {bounds}")
        value = Decimal(written)
        if value < least or value > most or (above and value == least):
            raise ValueError(f"enter a number {bounds}")
        if value != value.quantize(HUNDREDTHS):
            raise ValueError("enter no more than two decimal places")
        return value.quantize(HUNDREDTHS)

    return parse


def one_of(kind: type[StrEnum]) -> Parse:
    """One of the words of an enum."""
    words = {member.value: member for member in kind}
    listed = ", ".join(words)

    def parse(written: str, _: Clock) -> StrEnum:
        if written not in words:
            raise ValueError(f"enter one of: {listed}")
        return words[written]

    return parse


def grades(written: str, _: Clock) -> str:
    """Grades, ``;``-separated, or ``all``: in the order of rank, as the tables of policy keep them."""
    named = {word.strip() for word in written.split(";")} - {""}
    if named == {"all"}:
        named = set(Grade)
    if unknown := named - set(Grade):
        raise ValueError(
            f"there is no grade {sorted(unknown)[0]}: enter {', '.join(Grade)}, separated by ; or all, or nothing"
        )
    return ";".join(grade.value for grade in Grade if grade in named)


def codes(written: str, _: Clock) -> str:
    """Codes, ``;``-separated: each once and in order, so that the same codes are always the same text."""
    listed = sorted({word.strip() for word in written.split(";")} - {""})
    return ";".join(_CODE(code, _) for code in listed)


_CODE = text(40)


def yes_or_no(written: str, _: Clock) -> bool:
    """``yes`` or ``no``."""
    if written not in {"yes", "no"}:
        raise ValueError("enter yes or no")
    return written == "yes"


def policy_name(written: str, _: Clock) -> str:
    """The name of a figure of policy."""
    if written not in VALUE_NAMES:
        raise ValueError(f"no such figure of policy: enter one of {', '.join(VALUE_NAMES)}")
    return written
