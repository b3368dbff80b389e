"""What is done about panels, each with an entry in the record (RULES sections 5 and 9)."""

from npt.panels.services.answers import NewAnswer, answer_priority, keep_answer
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
from npt.panels.services.priorities import (
    Decision,
    NewFeedback,
    NewPriority,
    add_feedback,
    adopt_priority,
    decline_priority,
    put_forward,
    raise_priority,
    reopen_priority,
    review_priority,
    start_plan,
    tie_plan,
    withdraw_priority,
)
from npt.panels.services.seats import ChangeOfSeat, NewSeat, add_seat, change_seat, end_seat
from npt.panels.services.signing import (
    NewSignature,
    defer_sign_off,
    reasons_against,
    refuse_sign_off,
    sign_off,
    words_to_sign,
)
from npt.panels.services.terms import NewTerm, appoint, end_term

__all__ = [
    "ChangeOfPanel",
    "ChangeOfSeat",
    "Decision",
    "HowItWent",
    "NewAnswer",
    "NewFeedback",
    "NewMeeting",
    "NewNote",
    "NewPanel",
    "NewPriority",
    "NewSeat",
    "NewSignature",
    "NewTerm",
    "Terms",
    "add_feedback",
    "add_seat",
    "adopt_priority",
    "answer_priority",
    "appoint",
    "cancel_meeting",
    "change_panel",
    "change_seat",
    "create_panel",
    "decline_priority",
    "defer_sign_off",
    "end_seat",
    "end_term",
    "flag_panels",
    "keep_answer",
    "plan_meeting",
    "put_forward",
    "raise_priority",
    "read_briefing",
    "reasons_against",
    "record_meeting",
    "refuse_sign_off",
    "reopen_priority",
    "review_priority",
    "sign_off",
    "start_plan",
    "tie_plan",
    "withdraw_priority",
    "words_to_sign",
    "write_note",
]
