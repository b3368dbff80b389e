"""Which unit's figures are asked for, over which days."""

import datetime as dt
from enum import StrEnum
from typing import cast

from npt.web.forms import ChoiceField, DayField, Form


class Preset(StrEnum):
    """Days asked for by name."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    ROLLING = "rolling"


class FiguresForm(Form):
    """A unit, and two days; without days, those of a preset."""

    class Meta(Form.Meta):
        csrf = False

    unit = ChoiceField("Figures of")
    first = DayField("From")
    last = DayField("To")

    def validate(self, extra_validators: object = None) -> bool:
        """Two days or none, and in order."""
        sound = bool(super().validate(extra_validators))
        if not sound:
            return False
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if last and not first:
            self.first.errors = ["Enter the first day as well"]
        elif first and not last:
            self.last.errors = ["Enter the last day as well"]
        elif first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
        return not (self.first.errors or self.last.errors)
