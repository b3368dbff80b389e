"""What is done about panels, each with an entry in the record (RULES sections 5 and 9)."""

from npt.panels.services.flagging import flag_panels
from npt.panels.services.meetings import (
    HowItWent,
    NewMeeting,
    Terms,
    cancel_meeting,
    plan_meeting,
    record_meeting,
)
from npt.panels.services.panels import ChangeOfPanel, NewPanel, change_panel, create_panel
from npt.panels.services.terms import NewTerm, appoint, end_term

__all__ = [
    "ChangeOfPanel",
    "HowItWent",
    "NewMeeting",
    "NewPanel",
    "NewTerm",
    "Terms",
    "appoint",
    "cancel_meeting",
    "change_panel",
    "create_panel",
    "end_term",
    "flag_panels",
    "plan_meeting",
    "record_meeting",
]
