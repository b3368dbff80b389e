"""What somebody may type about a duty or an absence of one of their people."""

import datetime as dt
from collections.abc import Mapping
from typing import cast

from npt.abstractions.forms.entries import after_return
from npt.abstractions.rules import AbsenceKind, DutyStatus
from npt.web.forms import ChoiceField, DayField, Form, MomentField, Required, TextField, choices_of

_STANDING = choices_of(status for status in DutyStatus if status.counts)


class DutyForm(Form):
    """One duty for one person."""

    person_id = ChoiceField("Who?", [Required("Choose who the duty is for")], coerce=int, first="Choose somebody")
    starts_at = MomentField("Starts", required="Enter when the duty starts")
    ends_at = MomentField("Ends", required="Enter when the duty ends")
    status = ChoiceField(
        "State", [Required("Choose planned or worked")], coerce=DutyStatus, choices=_STANDING, radios=True
    )
    why = after_return()

    def __init__(self, people: Mapping[int, str], **known: object) -> None:
        super().__init__(**known)
        self.person_id.choices = people


class CorrectDutyForm(Form):
    """What is right about a duty."""

    starts_at = MomentField("Starts", required="Enter when the duty starts")
    ends_at = MomentField("Ends", required="Enter when the duty ends")
    status = ChoiceField(
        "State", [Required("Choose planned or worked")], coerce=DutyStatus, choices=_STANDING, radios=True
    )
    reason = TextField("Why is it corrected?", [Required("Enter why it is corrected")])


class CancelForm(Form):
    """Why something on record is cancelled."""

    reason = TextField("Why is it cancelled?", [Required("Enter why it is cancelled")])


class AbsenceForm(Form):
    """One absence of one person."""

    person_id = ChoiceField("Who?", [Required("Choose who is absent")], coerce=int, first="Choose somebody")
    kind = ChoiceField(
        "Kind",
        [Required("Choose the kind of absence")],
        coerce=AbsenceKind,
        choices=choices_of(AbsenceKind),
        first="Choose the kind",
    )
    starts_at = MomentField("From", required="Enter when it starts")
    ends_at = MomentField("Until (optional)", description="Leave this empty when nobody knows yet.")
    why = after_return()

    def __init__(self, people: Mapping[int, str], **known: object) -> None:
        super().__init__(**known)
        self.person_id.choices = people


class EndAbsenceForm(Form):
    """When an absence ended, or will."""

    ends_at = MomentField("Until", required="Enter when it ended, or will end")
    why = after_return()


class NarrowDaysForm(Form):
    """Which days and team a list shows."""

    class Meta(Form.Meta):
        csrf = False

    first = DayField("From", [Required("Enter the first day")])
    last = DayField("To", [Required("Enter the last day")])
    team = ChoiceField("Team", first="All teams")

    def validate(self, extra_validators: object = None) -> bool:
        """A list from its last day to its first is no list."""
        sound = bool(super().validate(extra_validators))
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
            return False
        return sound
