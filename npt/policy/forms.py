"""What a force lead or BCU manager may type about policy, and the words around it."""

from collections.abc import Mapping

from npt.people.rules import Grade
from npt.policy.rules import Group, Severity
from npt.policy.rules.barring import Strength
from npt.policy.rules.words import COUNTED_GRADES, GROUP_LABELS
from npt.web.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    NumberField,
    Required,
    TextAreaField,
    TextField,
    choices_of,
)

_WHY = "Enter why"
_FIRST = "Enter the first day"
_FROM = "Today or a later day. What is in force ends the day before."
_GRADES = choices_of(COUNTED_GRADES)


class TargetForm(Form):
    """For whom, how much, from when and why."""

    unit = ChoiceField("Target of", [Required("Choose whose target it is")], first="Choose…")
    group = ChoiceField(
        "For", [Required("Choose for which grades")], coerce=Group, choices=dict(GROUP_LABELS), radios=True
    )
    percent = NumberField(
        "Target in per cent",
        [Required("Enter the target, like 8 or 7.5")],
        description="The share of available duty that may be lost to abstraction",
    )
    first_day = DayField("From", [Required(_FIRST)], description=_FROM)
    why = TextField("Why?", [Required(_WHY)], most=500, description="For example, agreed at the resources meeting")

    def __init__(self, units: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.unit.choices = units


class EndForm(Form):
    """The last day on which something is in force, and why."""

    last_day = DayField("Last day", [Required("Enter the last day")], description="Today or a later day")
    why = TextField("Why?", [Required(_WHY)], most=500)


class WithdrawForm(Form):
    """Nothing to type: only to confirm."""


class FigureForm(Form):
    """Another value, from when and why."""

    value = TextField("New value", [Required("Enter the new value")], most=20)
    first_day = DayField("From", [Required(_FIRST)], description=_FROM)
    why = TextField("Why?", [Required(_WHY)], most=500)


class YesNoForm(FigureForm):
    """The same for a figure that is yes or no."""

    value = ChoiceField("New value", [Required("Choose yes or no")], choices={"yes": "Yes", "no": "No"}, radios=True)


class SeverityForm(FigureForm):
    """The same for how grave a flag is."""

    value = ChoiceField(
        "New value",
        [Required("Choose how grave it is")],
        choices={each.value: each.value.capitalize() for each in Severity},
        radios=True,
    )


class ReasonForm(Form):
    """What a reason is called, when to use it, and for whom it counts under each definition."""

    label = TextField("Name", [Required("Enter the name")])
    guidance = TextAreaField(
        "Guidance",
        most=1000,
        description="What a sergeant reads when choosing: what it is, and what it is not",
    )
    counts_local = ChoicesField("Counts under the force's own definition", coerce=Grade, choices=_GRADES)
    counts_national = ChoicesField("Counts under the national definition", coerce=Grade, choices=_GRADES)
    first_day = DayField("From", [Required(_FIRST)], description=_FROM)
    why = TextField("Why?", [Required(_WHY)], most=500, description="For example, decided by the chief officers")


class NewReasonForm(ReasonForm):
    """The same for a reason there was not before, with its code and family."""

    code = TextField(
        "Code",
        [Required("Enter a code")],
        most=40,
        description="Small letters, digits and _, like ambulance_watch. Files know the reason by it; it never changes.",
    )
    family = ChoiceField(
        "Family",
        [Required("Choose a family")],
        first="Choose…",
        description="Every reason of the families custody and response has a line of its own, zero included",
    )

    def __init__(self, families: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.family.choices = families


class BarForm(Form):
    """Which reason is barred for whose staff, how strictly, from when and why."""

    bcu = ChoiceField("For NPT staff of", [Required("Choose a BCU")], first="Choose…")
    reason = ChoiceField("Reason", [Required("Choose a reason")], first="Choose…")
    strength = ChoiceField(
        "Whoever logs it is",
        [Required("Choose what happens")],
        coerce=Strength,
        choices=choices_of(Strength),
        radios=True,
    )
    first_day = DayField("From", [Required(_FIRST)], description=_FROM)
    why = TextField(
        "Why?",
        [Required(_WHY)],
        most=500,
        description="Read by whoever logs it. For example, no courses until the vacancies are filled",
    )

    def __init__(self, bcus: Mapping[str, str], reasons: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.bcu.choices, self.reason.choices = bcus, reasons
