"""Who is in the chair of a panel, and what stands in the way of an appointment (RULES section 5)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.core.periods import Period, day_in_words
from npt.panels.rules.vocabulary import ChairType, Office


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody in an office of a panel, from a first to a last day."""

    id: int
    name: str
    email: str
    office: Office
    chair_type: ChairType
    first_day: dt.date
    last_day: dt.date | None

    def in_force(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


def holder(terms: Iterable[Term], office: Office, day: dt.date) -> Term | None:
    """Who holds an office on a day. There is at most one."""
    return next((term for term in terms if term.office is office and term.in_force(day)), None)


def obstacles_to_term(
    office: Office, first_day: dt.date, last_day: dt.date | None, panel: Period, terms: Iterable[Term]
) -> Iterator[Reason]:
    """Why somebody cannot hold an office of a panel from a first to a last day.

    :param terms: those of the panel there are
    """
    if last_day is not None and last_day < first_day:
        yield Reason("The last day is before the first day", "last_day")
        return
    if first_day < panel.first_day:
        yield Reason(f"The panel's first day is {day_in_words(panel.first_day)}. Enter a later day", "first_day")
    if panel.last_day is not None and first_day > panel.last_day:
        yield Reason(f"The panel's last day is {day_in_words(panel.last_day)}. Enter an earlier day", "first_day")
    asked = Period(first_day, last_day)
    for term in terms:
        if term.office is office and Period(term.first_day, term.last_day).overlaps(asked):
            until = f"to {day_in_words(term.last_day)}" if term.last_day else "without a last day"
            yield Reason(
                f"{term.name} is {office.label.lower()} from {day_in_words(term.first_day)} {until}. "
                "End that term first, or choose other days",
                "first_day",
            )


def obstacles_to_ending(term: Term, last_day: dt.date) -> Iterator[Reason]:
    """Why a term cannot end on a day: it would be over before it began, or is over before that day."""
    if last_day < term.first_day:
        yield Reason(f"The term begins on {day_in_words(term.first_day)}. Enter that day or a later one", "last_day")
    elif term.last_day is not None and last_day > term.last_day:
        ends = day_in_words(term.last_day)
        yield Reason(f"The term ends on {ends} already. Enter that day or an earlier one", "last_day")
