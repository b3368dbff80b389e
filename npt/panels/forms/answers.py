"""What is typed for residents."""

from npt.web.forms import Form, Required, TextAreaField, TextField

MOST = 1000
"""Not policy: the characters of what residents read of one priority."""


class AnswerForm(Form):
    """What was done, and what came of it."""

    done = TextAreaField(
        "What was done",
        [Required("Enter what was done")],
        most=MOST,
        description="In plain words for residents. No names, addresses, telephone or vehicle numbers, "
        "and nothing of how the police found out",
    )
    result = TextField("What came of it so far (optional)", most=300, description="One sentence, like a count")
