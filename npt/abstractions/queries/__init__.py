"""Read duties, absences and abstractions, and the figures they make."""

from npt.abstractions.queries.entries import (
    AwayRow,
    DutyRow,
    Entry,
    EntryRow,
    Narrowing,
    away_now,
    duties_behind,
    entries_behind,
    entry,
    on_duty,
    usual_reasons,
)
from npt.abstractions.queries.facts import Facts, facts
from npt.abstractions.queries.figures import Count, Question, count, place_on, project

__all__ = [
    "AwayRow",
    "Count",
    "DutyRow",
    "Entry",
    "EntryRow",
    "Facts",
    "Narrowing",
    "Question",
    "away_now",
    "count",
    "duties_behind",
    "entries_behind",
    "entry",
    "facts",
    "on_duty",
    "place_on",
    "project",
    "usual_reasons",
]
