"""What narrows the page of succession, and what a resources lead types about candidates and attachments."""

from collections.abc import Mapping

from npt.people.rules import Grade
from npt.staffing.rules.candidates import SOUGHT, Outcome, Verdict
from npt.web.forms import ChoiceField, DayField, Form, Required, TextAreaField, TextField, choices_of

_NOTE = 1000
_CLOSING = 500


class SuccessionForm(Form):
    """Whose succession is shown, as at which day."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField("As at")
    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    team = ChoiceField("Team", first="All teams")
    grade = ChoiceField("Grade", coerce=Grade, choices=choices_of(SOUGHT), first="All grades")


class FindForm(Form):
    """Who is to be put forward."""

    class Meta(Form.Meta):
        csrf = False

    collar_number = TextField(
        "Collar number",
        [Required("Enter their collar number")],
        most=40,
        description="The whole number. They need no post in a team: a response officer may be a candidate.",
    )


class ChangeCandidateForm(Form):
    """Where a candidate would go, from when, and what is said of it."""

    bcu_code = ChoiceField("BCU", first="Anywhere in the force")
    team_code = ChoiceField("Team (optional)", first="Any team")
    ready_from = DayField("Ready from (optional)", description="Leave empty when they could come now")
    note = TextAreaField(
        "What are they interested in, and what can they do? (optional)",
        most=_NOTE,
        description="They may read this. So may the inspectors, BCU managers and resources leads of their team and of "
        "where they would go, and the auditor.",
    )

    def __init__(self, bcus: Mapping[str, str], teams: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.bcu_code.choices = bcus
        self.team_code.choices = teams


class CandidateForm(ChangeCandidateForm):
    """As ``ChangeCandidateForm``, with the grade."""

    grade = ChoiceField(
        "Grade",
        [Required("Choose the grade they are a candidate for")],
        coerce=Grade,
        choices=choices_of(SOUGHT),
        first="Choose a grade",
    )


class CloseForm(Form):
    """What came of a candidacy."""

    outcome = ChoiceField(
        "What came of it?",
        [Required("Choose what came of it")],
        coerce=Outcome,
        choices=choices_of(Outcome),
        radios=True,
    )
    closing_note = TextAreaField(
        "Note (optional)", most=_CLOSING, description="Needed when they are not suitable. They may ask to read it."
    )


class VerdictForm(Form):
    """How an attachment went."""

    verdict = ChoiceField(
        "How did it go?", [Required("Choose how it went")], coerce=Verdict, choices=choices_of(Verdict), radios=True
    )
    note = TextAreaField(
        "In words",
        [Required("Enter in words how it went")],
        most=_NOTE,
        description="What they did, and what they would need. They may read this.",
    )
