"""What people may type about duties, absences and abstractions, and the words around it."""

from npt.abstractions.forms.changing import (
    NO_REASON,
    AuthoriseForm,
    BackForm,
    CancelEntryForm,
    ChangeEntryForm,
    DeclineForm,
    DivideEntryForm,
)
from npt.abstractions.forms.dip_samples import CloseSampleForm, FindingForm, NewSampleForm
from npt.abstractions.forms.entries import AbstractionForm, NarrowForm, Return, SeveralForm, Show, Upto
from npt.abstractions.forms.figures import FiguresForm, Preset
from npt.abstractions.forms.quality import BehindQualityForm, KeptEntriesForm, QualityForm
from npt.abstractions.forms.returns import ConfirmReturnForm, ReopenReturnForm, ReturnsForm
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
    "NO_REASON",
    "AbsenceForm",
    "AbstractionForm",
    "AuthoriseForm",
    "AwayForm",
    "BackForm",
    "BehindQualityForm",
    "CancelEntryForm",
    "CancelForm",
    "ChangeEntryForm",
    "CloseSampleForm",
    "ConfirmReturnForm",
    "CorrectDutyForm",
    "DeclineForm",
    "DivideEntryForm",
    "DutyForm",
    "EndAbsenceForm",
    "FiguresForm",
    "FindingForm",
    "KeptEntriesForm",
    "NarrowDaysForm",
    "NarrowForm",
    "NewSampleForm",
    "Preset",
    "QualityForm",
    "ReopenReturnForm",
    "Return",
    "ReturnsForm",
    "SeveralForm",
    "Show",
    "Upto",
    "WeekForm",
]
