"""What is typed about the priorities plans serve, and about what is kept of a closed plan."""

from npt.problem_solving.rules.priorities import PriorityList
from npt.problem_solving.rules.retaining import Retention
from npt.web.forms import ChoiceField, ChoicesField, DayField, Form, Required, TextAreaField, TextField, choices_of


class NewPriorityForm(Form):
    """A priority of a list."""

    list = ChoiceField(
        "Whose priority is it?",
        [Required("Choose whose priority it is")],
        coerce=PriorityList,
        choices=choices_of(PriorityList),
        radios=True,
    )
    name = TextField("The priority", [Required("Enter the priority")], description="As the partnership words it")
    first_day = DayField("From", [Required("Enter its first day")])
    last_day = DayField("To (optional)")


class EndPriorityForm(Form):
    """The last day of a priority."""

    last_day = DayField("Its last day", [Required("Enter its last day")])


class TagsForm(Form):
    """The priorities a plan serves."""

    tags = ChoicesField("Which priorities does it serve?", coerce=int)


class PartnershipForm(Form):
    """What a partnership is given."""

    class Meta(Form.Meta):
        csrf = False

    priority = ChoiceField("Priority", coerce=int, first="All plans")
    bcu = ChoiceField("BCU", first="All BCUs")


class RetentionForm(Form):
    """Kept longer, or disposed of."""

    decision = ChoiceField(
        "What becomes of its text?",
        [Required("Choose what becomes of its text")],
        coerce=Retention,
        choices=choices_of(Retention),
        radios=True,
    )
    keep_until = DayField("Kept until", description="Only if you keep it")
    reason = TextAreaField("Why?", [Required("Enter why")], most=1000)
