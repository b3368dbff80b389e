"""What may be typed about an entry on record: when it ended, what is right, where it splits, what is decided."""

import datetime as dt
from collections.abc import Mapping

from wtforms import HiddenField

from npt.abstractions.forms.entries import (
    Return,
    after_return,
    hold_the_end_against_the_choice,
    with_the_day_after,
)
from npt.web.forms import ChoiceField, Form, MomentField, Required, TextAreaField, TextField, TickField, choices_of

NO_REASON = "cancelled"
"""The choice for a part of a divided entry that is taken back."""


class BackForm(Form):
    """When somebody came back, or will."""

    ends_at = MomentField("Back at", required="Enter when they were, or will be, back")
    why = after_return()


class CancelEntryForm(Form):
    """Why an entry is taken back."""

    reason = TextField(
        "Why is it cancelled?",
        [Required("Enter why")],
        most=500,
        description="For example, logged for the wrong person",
    )
    seen = HiddenField()


class ChangeEntryForm(Form):
    """What is right about an entry, and why it is changed."""

    reason = ChoiceField("Reason", [Required("Choose why they are away")])
    starts_at = MomentField("From", required="Enter when they went")
    returning = ChoiceField(
        "Until",
        [Required("Choose whether they are still away")],
        coerce=Return,
        choices=choices_of(Return),
        radios=True,
    )
    ends_at = MomentField("Back at")
    destination = TextField("Where to? (optional)", most=200)
    note = TextAreaField("Note (optional)", most=1000)
    why = TextField(
        "Why is it changed?",
        [Required("Enter why it is changed")],
        most=500,
        description="For example, came back later than logged",
    )
    despite = TickField("Log it all the same: I have read why it is not wanted")
    seen = HiddenField()

    def __init__(self, reasons: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.reason.choices = reasons

    def validate(self, extra_validators: object = None) -> bool:
        """Hold the end against what was chosen: either still away, or a time to be back."""
        with_the_day_after(self.ends_at, self.starts_at.data)
        return hold_the_end_against_the_choice(self, bool(super().validate(extra_validators)))


class DivideEntryForm(Form):
    """Where an entry is divided in two, and what each part was."""

    divided_at = MomentField(
        "Split at",
        required="Enter when the one part ended and the other began",
        description="Without a date it is the first such time after the start.",
    )
    first = ChoiceField("Up to then", [Required("Choose what the first part was")])
    second = ChoiceField("From then on", [Required("Choose what the second part was")])
    why = TextField(
        "Why is it split?",
        [Required("Enter why it is split")],
        most=500,
        description="For example, sent on from custody to the hospital",
    )
    despite = TickField("Log it all the same: I have read why it is not wanted")
    seen = HiddenField()

    def __init__(self, reasons: Mapping[str, str], starts_at: dt.datetime, **known: object) -> None:
        super().__init__(**known)
        self.first.choices = self.second.choices = {**reasons, NO_REASON: "Not away: cancel this part"}
        self._starts_at = starts_at

    def validate(self, extra_validators: object = None) -> bool:
        """A time without a date is the first such time inside the entry."""
        with_the_day_after(self.divided_at, self._starts_at)
        return bool(super().validate(extra_validators))


class AuthoriseForm(Form):
    """What is said with an authorisation. Which of the two is asked depends on whether the entry has begun."""

    note = TextField("Note (optional)", most=500)
    afterwards_why = TextField("Why could it not wait?", most=500, description="For example, a critical incident")
    seen = HiddenField()


class DeclineForm(Form):
    """Why an entry is declined."""

    reason = TextField(
        "Why is it declined?",
        [Required("Enter why it is declined")],
        most=450,
        description="For example, the team cannot spare another officer this month",
    )
    seen = HiddenField()
