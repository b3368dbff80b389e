"""What is typed for briefings."""

from npt.web.forms import DayField, Form, Required, TextAreaField, TextField

SHORT = 300
"""Not policy: the characters of what can be read out at a briefing in one breath."""


class NoteForm(Form):
    """What response and CID officers are told of a priority."""

    place = TextField("Where", [Required("Enter where")], description="Streets or places, with days and times")
    what_to_do = TextAreaField(
        "What to do", [Required("Enter what they are to do")], most=SHORT, description="One or two sentences"
    )
    who_to_call = TextField(
        "Who to call", [Required("Enter who to call")], description="A name or desk, and how to reach it"
    )
    last_day = DayField("Until", [Required("Enter the last day")])
