"""Read duties, absences and abstractions, and the figures they make."""

from npt.abstractions.queries.attendance import Attendance, DutyState, Present, attendance, duty_states
from npt.abstractions.queries.entries import (
    AwayRow,
    DutyRow,
    Entry,
    EntryRow,
    Narrowing,
    Whereabouts,
    away_now,
    duties_behind,
    duty_minutes,
    entries_behind,
    entry,
    on_duty,
    usual_reasons,
    whereabouts,
)
from npt.abstractions.queries.facts import Facts, facts
from npt.abstractions.queries.figures import Count, Question, count, place_on, project
from npt.abstractions.queries.rostering import AbsenceRow, RosterRow, absence, absences, duty, roster

__all__ = [
    "AbsenceRow",
    "Attendance",
    "AwayRow",
    "Count",
    "DutyRow",
    "DutyState",
    "Entry",
    "EntryRow",
    "Facts",
    "Narrowing",
    "Present",
    "Question",
    "RosterRow",
    "Whereabouts",
    "absence",
    "absences",
    "attendance",
    "away_now",
    "count",
    "duties_behind",
    "duty",
    "duty_minutes",
    "duty_states",
    "entries_behind",
    "entry",
    "facts",
    "on_duty",
    "place_on",
    "project",
    "roster",
    "usual_reasons",
    "whereabouts",
]
