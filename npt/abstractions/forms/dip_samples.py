"""What an auditor types to draw a dip-sample, to say what they found of an entry, and to close it."""

import datetime as dt
from typing import cast

from wtforms import HiddenField

from npt.abstractions.rules import LARGEST_SAMPLE, DrawnFrom, Finding
from npt.web.forms import (
    ChoiceField,
    DayField,
    Form,
    Required,
    TextAreaField,
    TextField,
    WholeField,
    choices_of,
)


class NewSampleForm(Form):
    """Which entries are drawn from, and how many."""

    first = DayField("First day", [Required("Enter the first day")])
    last = DayField("Last day", [Required("Enter the last day")], description="Entries that start in these days")
    bcu = ChoiceField("BCU", first="All BCUs")
    team = ChoiceField("Team", first="All teams")
    drawn_from = ChoiceField(
        "Drawn from",
        [Required("Choose which entries to draw from")],
        coerce=DrawnFrom,
        choices=choices_of(DrawnFrom),
        radios=True,
    )
    size = WholeField(
        "How many?",
        [Required(f"Enter how many to draw, from 1 to {LARGEST_SAMPLE}")],
        description="For example, 20. When there are fewer, all of them are drawn",
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Days from the last to the first are none."""
        sound = bool(super().validate(extra_validators))
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
            return False
        return sound


class FindingForm(Form):
    """What was found of an entry, and from what."""

    finding = ChoiceField(
        "What do you find?",
        [Required("Choose what you find")],
        coerce=Finding,
        choices=choices_of(Finding),
        radios=True,
    )
    evidence = TextField(
        "What did you look at?",
        [Required("Enter what you looked at")],
        most=500,
        description="For example, the custody record and the duty sheet of that day",
    )
    note = TextAreaField(
        "What is wrong, or why it cannot be told",
        most=1000,
        description="Not needed when it agrees. It is read by the team's supervisors when the sample is closed",
    )
    seen = HiddenField()


class CloseSampleForm(Form):
    """What is concluded from a sample."""

    conclusion = TextAreaField("Your conclusion", [Required("Enter your conclusion")], most=4000)
