"""What may be decided of a closed plan's text once its day has come (docs/decisions/0041 and 0058)."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum

from npt.core.effects import Effect, Weight
from npt.core.errors import Reason
from npt.core.periods import day_in_words


class Retention(StrEnum):
    """What becomes of the text."""

    KEEP = "keep"
    DISPOSE = "dispose"

    @property
    def label(self) -> str:
        return {"keep": "Keep it until another day", "dispose": "Dispose of its text"}[self.value]


def obstacles_to_retention(to: Retention, keep_until: dt.date | None, reason: str, on: dt.date) -> Iterator[Reason]:
    """Why it cannot be decided so: the day and the decision do not fit each other, or no reason is given."""
    if to is Retention.KEEP and (keep_until is None or keep_until <= on):
        yield Reason("Enter the day until which it is kept, after today", "keep_until")
    if to is Retention.DISPOSE and keep_until is not None:
        yield Reason("Leave the day empty, or keep the text until then", "keep_until")
    if not reason.strip():
        yield Reason("Enter why", "reason")


def effects_of_retention(to: Retention, keep_until: dt.date | None) -> list[Effect]:
    """What deciding so would do."""
    if to is Retention.KEEP and keep_until is not None:
        return [Effect(f"Its text is kept, and comes up again on {day_in_words(keep_until)}")]
    return [
        Effect(
            "Its words go, for good: the problem, sources, analysis, actions, updates, reviews, result and reasons, "
            "also on this page's history and in search",
            Weight.WORSE,
        ),
        Effect("Its number, type, team, wards, days, stages, measure and counts, verdict and outcome stay"),
        Effect("Who disposed of it, when and why stays on record; so does a lesson put forward as good practice"),
    ]
