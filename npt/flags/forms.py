"""What a person types to answer a flag, and what narrows a list of them."""

from npt.flags.rules import FlagKind, FlagState
from npt.web.forms import ChoiceField, DayField, Form, Required, TextAreaField, choices_of


class AcknowledgeForm(Form):
    """The required response: an action and a date."""

    action = TextAreaField(
        "What will be done?",
        [Required("Enter what will be done")],
        most=1000,
        description="Say who will do what. It stays on record with your name.",
    )
    due_on = DayField("By when?", [Required("Enter the day by which it will be done")], description="Today or later")


OF_NO_TEAM = "no_team"
"""Asks for the flags about a BCU or a sector and no team of it."""


class FlagsForm(Form):
    """Which flags a list shows."""

    class Meta(Form.Meta):
        csrf = False

    state = ChoiceField("State", coerce=FlagState, choices=choices_of(FlagState))
    kind = ChoiceField("Kind", coerce=FlagKind, first="All kinds")
    team = ChoiceField("Team", first="All teams")
    bcu = ChoiceField("BCU", first="All BCUs")
    on = DayField("Open on")
