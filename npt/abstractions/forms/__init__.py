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

__all__ = [
    "AbsenceForm",
    "AbstractionForm",
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
]
