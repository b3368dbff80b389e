"""What is typed about priorities: what residents ask for, what the panel decided, what the community says."""

from collections.abc import Mapping

from npt.problem_solving.rules.vocabulary import ProblemType
from npt.web.forms import ChoiceField, DayField, Form, Required, TextAreaField, TextField, choices_of

NO_NAMES = "Do not name victims, suspects or residents"
MINUTE = "The number in the minutes, like 6.2"


class NewPriorityForm(Form):
    """What residents ask for."""

    title = TextField("In a few words", [Required("Enter what is asked for in a few words")], description=NO_NAMES)
    detail = TextAreaField("In residents' own words (optional)", description="Where, when, and what they want done")
    source = TextField("Where it came from (optional)", description="A survey, the profile, residents at the meeting")
    recommended = ChoiceField(
        "How it comes to the panel",
        [Required("Choose how it comes to the panel")],
        choices={"no": "Residents raised it", "yes": "The neighbourhood profile recommends it"},
        radios=True,
    )
    meeting_id = ChoiceField("Raised at the meeting of (optional)", coerce=int, first="No meeting")

    def offer(self, meetings: Mapping[int, str]) -> None:
        """Say at which meetings it can have been raised."""
        self.meeting_id.choices = meetings


class DecisionForm(Form):
    """At which meeting the panel decided, and by which minute."""

    meeting_id = ChoiceField("Meeting that decided it", [Required("Choose the meeting")], coerce=int, first="Choose…")
    minute_ref = TextField("Minute", [Required("Enter the reference of the minute, like 6.2")], description=MINUTE)

    def offer(self, meetings: Mapping[int, str]) -> None:
        """Say which meetings of the panel were held."""
        self.meeting_id.choices = meetings


class ReasonedDecisionForm(DecisionForm):
    """The same, and why."""

    reason = TextAreaField("Why?", [Required("Enter why")])


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField("Why?", [Required("Enter why")])


class ReviewForm(Form):
    """What a review found."""

    text = TextAreaField(
        "What did the review find?",
        [Required("Enter what the review found")],
        description="Whether it is still what residents want most, and whether it gets better. The chair reads this",
    )


class TieForm(Form):
    """The plan that answers a priority."""

    plan = ChoiceField("Plan", [Required("Choose the plan that answers it")], radios=True)
    reason = TextAreaField("Why another plan? (optional)", description="Only when one answers it already")


class StartPlanForm(Form):
    """A plan to be opened for a priority."""

    team = ChoiceField("Team", [Required("Choose the team")], first="Choose…")
    problem = TextField(
        "The problem in one sentence",
        [Required("Enter the problem in one sentence")],
        description=f"What keeps happening, where and to whom. {NO_NAMES}",
    )
    detail = TextAreaField("More about it", [Required("Enter how often it happens, since when, and what harm it does")])
    problem_type = ChoiceField(
        "Type of problem",
        [Required("Choose the type of problem")],
        coerce=ProblemType,
        choices=choices_of(ProblemType),
        first="Choose…",
    )


class PutForwardForm(Form):
    """Nothing to fill in: the page asks whether to do it."""


class FeedbackForm(Form):
    """What the community says."""

    on = DayField("Heard on", [Required("Enter the day you heard it")])
    source = TextField(
        "Where you heard it", [Required("Enter where you heard it")], description="A street survey, a surgery"
    )
    view = TextAreaField("What they say", [Required("Enter what they say")], description=NO_NAMES)
