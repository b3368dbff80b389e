"""What a preview of a change of policy is asked for in its address."""

from collections.abc import Mapping
from enum import StrEnum

from npt.people.rules import Grade
from npt.policy.rules import Definition, Group
from npt.policy.rules.words import COUNTED_GRADES, GROUP_LABELS
from npt.web.forms import ChoiceField, ChoicesField, Form, NumberField, Required, TextField, choices_of


class What(StrEnum):
    """What is supposed to be different."""

    TARGET = "target"
    REASON = "reason"
    FIGURE = "figure"


class PreviewForm(Form):
    """The month, and the change as its own form has it."""

    class Meta(Form.Meta):
        csrf = False

    month = ChoiceField("Month", [Required("Choose a month")])
    definition = ChoiceField("Definition", coerce=Definition, choices=choices_of(Definition))
    what = ChoiceField(
        "What", [Required("Open a preview from a change of policy")], coerce=What, choices=choices_of(What)
    )
    unit = ChoiceField("Target of")
    group = ChoiceField("For", coerce=Group, choices=dict(GROUP_LABELS))
    percent = NumberField("Target")
    code = ChoiceField("Reason")
    label = TextField("Name")
    counts_local = ChoicesField("Locally", coerce=Grade, choices=choices_of(COUNTED_GRADES))
    counts_national = ChoicesField("Nationally", coerce=Grade, choices=choices_of(COUNTED_GRADES))
    name = ChoiceField("Figure")
    value = TextField("Value")

    def __init__(
        self,
        *,
        months: Mapping[str, str],
        units: Mapping[str, str],
        reasons: Mapping[str, str],
        figures: Mapping[str, str],
        **known: object,
    ) -> None:
        super().__init__(**known)
        self.month.choices, self.unit.choices = months, units
        self.code.choices, self.name.choices = reasons, figures
