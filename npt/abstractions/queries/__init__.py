"""Read duties, absences and abstractions, and the figures they make."""

from npt.abstractions.queries.attendance import Attendance, DutyState, Present, attendance, duty_states
from npt.abstractions.queries.board import BoardRow, board
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
from npt.abstractions.queries.rostering import AbsenceRow, RosterRow, absence, absences, duty, roster, rostered
from npt.abstractions.queries.week import Reader, TeamWeek, WeekRow, team_weeks

__all__ = [
    "AbsenceRow",
    "Attendance",
    "AwayRow",
    "BoardRow",
    "Count",
    "DutyRow",
    "DutyState",
    "Entry",
    "EntryRow",
    "Facts",
    "Narrowing",
    "Present",
    "Question",
    "Reader",
    "RosterRow",
    "TeamWeek",
    "WeekRow",
    "Whereabouts",
    "absence",
    "absences",
    "attendance",
    "away_now",
    "board",
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
    "rostered",
    "team_weeks",
    "usual_reasons",
    "whereabouts",
]
