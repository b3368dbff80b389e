"""What is typed about panels, their chairs and their meetings."""

from npt.panels.forms.answers import AnswerForm
from npt.panels.forms.attendance import AttendanceForm
from npt.panels.forms.authority import AllocationForm, ForumForm, LastDayForm, NewMemberForm
from npt.panels.forms.briefing import NoteForm
from npt.panels.forms.calendars import CalendarForm
from npt.panels.forms.invitations import InviteForm
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
from npt.panels.forms.priorities import (
    DecisionForm,
    FeedbackForm,
    NewPriorityForm,
    PutForwardForm,
    ReasonedDecisionForm,
    ReasonForm,
    ReviewForm,
    StartPlanForm,
    TieForm,
)
from npt.panels.forms.profiles import ProfileForm, RecommendationForm
from npt.panels.forms.seats import ChangeSeatForm, EndSeatForm, NewSeatForm
from npt.panels.forms.signing import ConsentForm, DeferForm, RefuseForm, SignForm

__all__ = [
    "AgendaForm",
    "AllocationForm",
    "AnswerForm",
    "AttendanceForm",
    "CalendarForm",
    "CancelMeetingForm",
    "ChangePanelForm",
    "ChangeSeatForm",
    "ConsentForm",
    "CorrectionForm",
    "DecisionForm",
    "DeferForm",
    "EndSeatForm",
    "EndTermForm",
    "FeedbackForm",
    "ForumForm",
    "InviteForm",
    "IssueForm",
    "LastDayForm",
    "MinuteForm",
    "MoveMeetingForm",
    "NewMeetingForm",
    "NewMemberForm",
    "NewPanelForm",
    "NewPriorityForm",
    "NewSeatForm",
    "NewTermForm",
    "NoteForm",
    "ProfileForm",
    "PutForwardForm",
    "ReasonForm",
    "ReasonedDecisionForm",
    "RecommendationForm",
    "RecordMeetingForm",
    "RefuseForm",
    "ReviewForm",
    "SignForm",
    "StartPlanForm",
    "TieForm",
    "presences_of",
    "record_form",
]
