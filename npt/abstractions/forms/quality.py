"""Which days, BCU, team and kind of entry the pages of data quality show."""

import datetime as dt
from typing import cast

from npt.abstractions.rules import Kept
from npt.web.forms import ChoiceField, DayField, Form, Required, choices_of


class QualityForm(Form):
    """The days, and the BCU whose teams are compared; without one the BCUs are."""

    class Meta(Form.Meta):
        csrf = False

    first = DayField("From", [Required("Enter the first day")])
    last = DayField("To", [Required("Enter the last day")])
    bcu = ChoiceField("BCU", first="All BCUs")

    def validate(self, extra_validators: object = None) -> bool:
        """A stretch of days from its last to its first is none."""
        sound = bool(super().validate(extra_validators))
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
            return False
        return sound


class BehindQualityForm(QualityForm):
    """Whose duties are missing, or who was on duty with no team."""

    team = ChoiceField("Team", first="All teams")


class KeptEntriesForm(BehindQualityForm):
    """Which entries are listed."""

    kept = ChoiceField("Entries", coerce=Kept, choices=choices_of(Kept))
    reason = ChoiceField("Reason", first="All reasons")
