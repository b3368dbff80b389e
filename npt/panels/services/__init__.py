"""What is done about panels, each with an entry in the record (RULES sections 5 and 9)."""

from npt.panels.services.briefing import NewNote, read_briefing, write_note
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
from npt.panels.services.seats import ChangeOfSeat, NewSeat, add_seat, change_seat, end_seat
from npt.panels.services.terms import NewTerm, appoint, end_term

__all__ = [
    "ChangeOfPanel",
    "ChangeOfSeat",
    "HowItWent",
    "NewMeeting",
    "NewNote",
    "NewPanel",
    "NewSeat",
    "NewTerm",
    "Terms",
    "add_seat",
    "appoint",
    "cancel_meeting",
    "change_panel",
    "change_seat",
    "create_panel",
    "end_seat",
    "end_term",
    "flag_panels",
    "plan_meeting",
    "read_briefing",
    "record_meeting",
    "write_note",
]
