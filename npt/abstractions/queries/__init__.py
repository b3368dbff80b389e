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
from npt.abstractions.queries.presence import Attendance, Present, attendance
from npt.abstractions.queries.rostering import AbsenceRow, RosterRow, absence, absences, duty, roster

__all__ = [
    "AbsenceRow",
    "Attendance",
    "AwayRow",
    "Count",
    "DutyRow",
    "Entry",
    "EntryRow",
    "Facts",
    "Narrowing",
    "Present",
    "Question",
    "RosterRow",
    "absence",
    "absences",
    "attendance",
    "away_now",
    "count",
    "duties_behind",
    "duty",
    "entries_behind",
    "entry",
    "facts",
    "on_duty",
    "place_on",
    "project",
    "roster",
    "usual_reasons",
]
