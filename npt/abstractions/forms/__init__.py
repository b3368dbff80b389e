"""What people may type about duties, absences and abstractions, and the words around it."""

from npt.abstractions.forms.entries import AbstractionForm, BackForm, CancelEntryForm, NarrowForm, Return, Show
from npt.abstractions.forms.rostering import (
    AbsenceForm,
    CancelForm,
    CorrectDutyForm,
    DutyForm,
    EndAbsenceForm,
    NarrowDaysForm,
)
from npt.abstractions.forms.week import AwayForm, WeekForm

__all__ = [
    "AbsenceForm",
    "AbstractionForm",
    "AwayForm",
    "BackForm",
    "CancelEntryForm",
    "CancelForm",
    "CorrectDutyForm",
    "DutyForm",
    "EndAbsenceForm",
    "NarrowDaysForm",
    "NarrowForm",
    "Return",
    "Show",
    "WeekForm",
]
