"""What is typed about panels, their chairs and their meetings."""

from npt.panels.forms.answers import AnswerForm
from npt.panels.forms.briefing import NoteForm
from npt.panels.forms.meetings import (
    CancelMeetingForm,
    MoveMeetingForm,
    NewMeetingForm,
    RecordMeetingForm,
    presences_of,
    record_form,
)
from npt.panels.forms.minutes import AgendaForm, CorrectionForm, IssueForm, MinuteForm
from npt.panels.forms.panels import ChangePanelForm, EndTermForm, NewPanelForm, NewTermForm
from npt.panels.forms.seats import ChangeSeatForm, EndSeatForm, NewSeatForm

__all__ = [
    "AgendaForm",
    "AnswerForm",
    "CancelMeetingForm",
    "ChangePanelForm",
    "ChangeSeatForm",
    "CorrectionForm",
    "EndSeatForm",
    "EndTermForm",
    "IssueForm",
    "MinuteForm",
    "MoveMeetingForm",
    "NewMeetingForm",
    "NewPanelForm",
    "NewSeatForm",
    "NewTermForm",
    "NoteForm",
    "RecordMeetingForm",
    "presences_of",
    "record_form",
]
