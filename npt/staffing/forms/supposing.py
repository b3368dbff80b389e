"""What a preview of another figure of policy is asked for in its address."""

from collections.abc import Mapping

from npt.staffing.rules.supposing import State
from npt.web.forms import ChoiceField, Form, Required, TextField, choices_of

BY = {"was": "as it was", "would_be": "as it would have been"}


class SupposingForm(Form):
    """The month and the figure as its own form has it; and which of what it judges is listed."""

    class Meta(Form.Meta):
        csrf = False

    month = ChoiceField("Month", [Required("Choose a month")])
    name = ChoiceField("Figure", [Required("Open a preview from a change of policy")])
    value = TextField("Value", [Required("Enter a value")])
    unit = ChoiceField("BCU", first="All")
    by = ChoiceField("By", choices=BY, first="Either")
    state = ChoiceField("State", coerce=State, choices=choices_of(State), first="All")

    def __init__(
        self, *, months: Mapping[str, str], figures: Mapping[str, str], units: Mapping[str, str], **known: object
    ) -> None:
        super().__init__(**known)
        self.month.choices, self.name.choices, self.unit.choices = months, figures, units
