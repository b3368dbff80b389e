"""What narrows the list of early moves."""

import datetime as dt
from typing import cast

from npt.core.periods import Period
from npt.web.forms import ChoiceField, DayField, Form, Required


class EarlyMovesForm(Form):
    """Between which days, and from which teams."""

    class Meta(Form.Meta):
        csrf = False

    first = DayField("From", [Required("Enter the first day")])
    last = DayField("To", [Required("Enter the last day")])
    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    team = ChoiceField("Team", first="All teams")

    def validate(self, extra_validators: object = None) -> bool:
        """A list from its last day to its first is no list."""
        sound = bool(super().validate(extra_validators))
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
            return False
        return sound

    def days(self, otherwise: Period) -> Period:
        """The days asked for; others when they cannot be."""
        if not self.validate():
            return otherwise
        return Period(cast(dt.date, self.first.data), cast(dt.date, self.last.data))
