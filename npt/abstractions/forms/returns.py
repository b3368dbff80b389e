"""What is said when a month is confirmed or opened again, and which returns a list shows."""

from wtforms import HiddenField

from npt.abstractions.rules import ReturnKind
from npt.web.forms import ChoiceField, Form, Required, TextField, choices_of


class ConfirmReturnForm(Form):
    """Complete or nil."""

    kind = ChoiceField(
        "How do you confirm it?",
        [Required("Choose complete or nil")],
        coerce=ReturnKind,
        choices=choices_of(ReturnKind),
        radios=True,
    )
    seen = HiddenField()


class ReopenReturnForm(Form):
    """Why a month is opened again."""

    reason = TextField(
        "Why is it opened again?",
        [Required("Enter why it is opened again")],
        most=500,
        description="For example, a week of custody cover was not entered",
    )


class ReturnsForm(Form):
    """Whose returns a list shows."""

    class Meta(Form.Meta):
        csrf = False

    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    team = ChoiceField("Team", first="All teams")
