"""What is typed for a neighbourhood profile."""

from npt.web.forms import Form, Required, TextAreaField, TextField

_NOBODY = "The chair and residents read this: no names, addresses or numbers of people"


class ProfileForm(Form):
    """What the team says for itself."""

    activity = TextAreaField(
        "What the team did since the panel last met", [Required("Enter what the team did")], description=_NOBODY
    )
    residents = TextAreaField(
        "What residents told the team",
        [Required("Enter what residents said, or that nobody said anything")],
        description="At events, on doorsteps, in surveys: how many were asked, and what they said",
    )


class RecommendationForm(Form):
    """A priority to recommend."""

    title = TextField("Priority", [Required("Enter the priority")])
    detail = TextAreaField("What it is about (optional)", description=_NOBODY)
    reason = TextAreaField("Why the panel should choose it", [Required("Enter why")])
