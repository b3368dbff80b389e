"""Which days the pages of attendance count."""

import datetime as dt
from typing import cast

from npt.web.forms import DayField, Form, Required


class AttendanceForm(Form):
    """The first and the last day on which meetings were held."""

    class Meta(Form.Meta):
        csrf = False

    first = DayField("From", [Required("Enter the first day")])
    last = DayField("To", [Required("Enter the last day")])

    def validate(self, extra_validators: object = None) -> bool:
        """A stretch of days from its last to its first is none."""
        sound = bool(super().validate(extra_validators))
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
            return False
        return sound
