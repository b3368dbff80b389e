"""What a panel can be called, and from when to when it can be."""

import datetime as dt
import re
from collections.abc import Iterator

from npt.core.errors import Reason
from npt.core.periods import day_in_words

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)

RESERVED = frozenset({"new", "attendance", "authority", "chairs", "decisions", "feeds", "meetings", "minutes", "seats"})
"""Words that stand in addresses where a code stands."""


def obstacles_to_code(code: str) -> Iterator[Reason]:
    """Why a panel cannot have a code: it stands in addresses and in lists, so it is letters, digits and hyphens."""
    if not _CODE.fullmatch(code) or code.lower() in RESERVED:
        yield Reason("Enter a code of letters, digits and hyphens, like SOH-V", "code")


def obstacles_to_days(first_day: dt.date, last_day: dt.date | None) -> Iterator[Reason]:
    """Why a panel cannot end on a day."""
    if last_day is not None and last_day < first_day:
        yield Reason(f"The panel's first day is {day_in_words(first_day)}. Enter that day or a later one", "last_day")
