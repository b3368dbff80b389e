"""Read duties, absences and abstractions, and the figures they make."""

from npt.abstractions.queries.attendance import Attendance, DutyState, Present, attendance, duty_states
from npt.abstractions.queries.authorising import (
    Waiting,
    awaiting,
    awaiting_count,
    declined_since,
    in_lines,
    lines_of,
)
from npt.abstractions.queries.board import BoardRow, board
from npt.abstractions.queries.breakdown import Both, UnitFigures, unit_figures
from npt.abstractions.queries.duties_behind import DutyRow, duties_behind, duty_minutes
from npt.abstractions.queries.entries import (
    AwayRow,
    EntryRow,
    Narrowing,
    Whereabouts,
    away_now,
    entries_behind,
    on_duty,
    standing_of,
    whereabouts,
)
from npt.abstractions.queries.facts import Facts, duties_at, facts
from npt.abstractions.queries.figures import Count, Question, count, place_on, project
from npt.abstractions.queries.keeping import KeptEntry, kept_entries
from npt.abstractions.queries.missing import WithoutDuty, WithoutTeam, without_duty, without_team
from npt.abstractions.queries.one_entry import (
    Entry,
    Words,
    booked,
    entry,
    logged_by_person,
    mark_of,
    usual_reasons,
)
from npt.abstractions.queries.projection import outlooks
from npt.abstractions.queries.quality import Quality, quality
from npt.abstractions.queries.rostering import AbsenceRow, RosterRow, absence, absences, duty, roster, rostered
from npt.abstractions.queries.trend import TrendMonth, trend
from npt.abstractions.queries.units import person_unit, unit_of, unit_of_person, units
from npt.abstractions.queries.week import Reader, TeamWeek, WeekRow, team_weeks

__all__ = [
    "AbsenceRow",
    "Attendance",
    "AwayRow",
    "BoardRow",
    "Both",
    "Count",
    "DutyRow",
    "DutyState",
    "Entry",
    "EntryRow",
    "Facts",
    "KeptEntry",
    "Narrowing",
    "Present",
    "Quality",
    "Question",
    "Reader",
    "RosterRow",
    "TeamWeek",
    "TrendMonth",
    "UnitFigures",
    "Waiting",
    "WeekRow",
    "Whereabouts",
    "WithoutDuty",
    "WithoutTeam",
    "Words",
    "absence",
    "absences",
    "attendance",
    "awaiting",
    "awaiting_count",
    "away_now",
    "board",
    "booked",
    "count",
    "declined_since",
    "duties_at",
    "duties_behind",
    "duty",
    "duty_minutes",
    "duty_states",
    "entries_behind",
    "entry",
    "facts",
    "in_lines",
    "kept_entries",
    "lines_of",
    "logged_by_person",
    "mark_of",
    "on_duty",
    "outlooks",
    "person_unit",
    "place_on",
    "project",
    "quality",
    "roster",
    "rostered",
    "standing_of",
    "team_weeks",
    "trend",
    "unit_figures",
    "unit_of",
    "unit_of_person",
    "units",
    "usual_reasons",
    "whereabouts",
    "without_duty",
    "without_team",
]
