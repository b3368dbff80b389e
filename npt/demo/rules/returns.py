"""Which months the invented teams have confirmed, which they have not, and the one that was opened again."""

import datetime as dt

from npt.core.periods import DAY, Window
from npt.demo.rules.away import FOCUS

MISSING = frozenset({(FOCUS, 1), ("WSN", 1), ("WSN", 2), ("PCE", 1)})
"""Teams, and how many months back, whose return is missing."""

REOPENED = ("ELY", 2, "Two nights of hospital watch were not entered")
REOPENED_DAYS_AGO = 3
CHANGED = ("CNO", 2, "Logged twice: the custody log has it once")
"""The team one of whose entries the BCU's manager took back after the return."""

FIRST_CONFIRMED_ON = 5
"""Up to this day of a month nobody has confirmed the month before yet."""


def confirmed_on(team: str, month: Window, months_back: int, today: dt.date) -> dt.date | None:
    """The day on which a team confirmed a month, one of the first four of the next; nothing when it did not."""
    if (team, months_back) in MISSING or (months_back == 1 and today.day <= FIRST_CONFIRMED_ON):
        return None
    return month.last_day + DAY * (1 + (sum(team.encode()) + month.first_day.month) % 4)
