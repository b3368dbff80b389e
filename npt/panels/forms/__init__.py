"""What is typed about panels, their chairs and their meetings."""

from npt.panels.forms.answers import AnswerForm
from npt.panels.forms.briefing import NoteForm
from npt.panels.forms.meetings import CancelMeetingForm, NewMeetingForm, RecordMeetingForm
from npt.panels.forms.panels import ChangePanelForm, EndTermForm, NewPanelForm, NewTermForm
from npt.panels.forms.seats import ChangeSeatForm, EndSeatForm, NewSeatForm

__all__ = [
    "AnswerForm",
    "CancelMeetingForm",
    "ChangePanelForm",
    "ChangeSeatForm",
    "EndSeatForm",
    "EndTermForm",
    "NewMeetingForm",
    "NewPanelForm",
    "NewSeatForm",
    "NewTermForm",
    "NoteForm",
    "RecordMeetingForm",
]
