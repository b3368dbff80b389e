"""Reasons a BCU bars for its NPT staff: specialist courses above all (issue 4)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from npt.core.periods import day_in_words


class Strength(StrEnum):
    """What happens when a barred reason is logged."""

    OFF = "off"
    WARN = "warn"
    BLOCK = "block"

    @property
    def label(self) -> str:
        return {"off": "Not barred", "warn": "Warned, and asked to confirm", "block": "Refused"}[self.value]


@dataclass(frozen=True, slots=True)
class Bar:
    """A BCU's bar on a reason, in force on the day it is asked for."""

    bcu_id: int
    bcu_name: str
    reason: str
    strength: Strength
    first_day: dt.date
    set_by: str
    why: str


def bar_in_words(bar: Bar, label: str) -> str:
    """What is said to whoever logs a barred reason: that it is barred, since when, who set it and why."""
    barred = "is barred" if bar.strength is Strength.BLOCK else "is not wanted"
    since = f"since {day_in_words(bar.first_day)}"
    return f"{label} {barred} for NPT staff of {bar.bcu_name} BCU {since}. Set by {bar.set_by}: {bar.why.rstrip('.')}"
