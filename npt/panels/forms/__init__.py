"""What is typed about panels, their chairs and their meetings."""

from npt.panels.forms.meetings import CancelMeetingForm, NewMeetingForm, RecordMeetingForm
from npt.panels.forms.panels import ChangePanelForm, EndTermForm, NewPanelForm, NewTermForm

__all__ = [
    "CancelMeetingForm",
    "ChangePanelForm",
    "EndTermForm",
    "NewMeetingForm",
    "NewPanelForm",
    "NewTermForm",
    "RecordMeetingForm",
]
