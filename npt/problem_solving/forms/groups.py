"""What is typed about the groups partners meet in."""

from npt.problem_solving.rules.partners import GroupKind, GroupMeetingStatus
from npt.web.forms import (
    ChoiceField,
    DayField,
    Form,
    MomentField,
    Required,
    TextAreaField,
    TextField,
    choices_of,
)


class NewGroupForm(Form):
    """A group, and the team that leads it."""

    name = TextField("Name of the group", [Required("Enter the name of the group")])
    kind = ChoiceField(
        "What kind of group?",
        [Required("Choose its kind")],
        coerce=GroupKind,
        choices=choices_of(GroupKind),
        radios=True,
    )
    team = ChoiceField("Which team leads it?", [Required("Choose the team")])


class EndGroupForm(Form):
    """The last day of a group, and why."""

    last_day = DayField("Its last day", [Required("Enter its last day")])
    reason = TextAreaField("Why does it end?", [Required("Say why the group ends")], most=1000)


class EndMemberForm(Form):
    """The last day of an organisation in a group."""

    last_day = DayField("Its last day as a member", [Required("Enter its last day as a member")])


class NewMemberForm(Form):
    """An organisation in a group."""

    organisation = ChoiceField("Organisation", [Required("Choose an organisation")], first="Choose one")
    role = TextField("In which part?", [Required("Enter the part, such as chair")], most=100, description="No names")
    first_day = DayField("Since", [Required("Enter since when")])


class NewGroupMeetingForm(Form):
    """When and where a group meets."""

    starts_at = MomentField("When", required="Enter the day and time")
    venue = TextField("Where", [Required("Enter where it meets")])


class GroupMeetingForm(Form):
    """How a meeting was."""

    status = ChoiceField(
        "Was it held?",
        [Required("Choose whether it was held")],
        coerce=GroupMeetingStatus,
        choices=choices_of([GroupMeetingStatus.HELD, GroupMeetingStatus.CANCELLED]),
        radios=True,
    )
    minutes_ref = TextField("Reference of the minutes (optional)")


class TakenOnForm(Form):
    """What an organisation took on."""

    plan = ChoiceField("For which plan?", [Required("Choose the plan")], first="Choose one")
    organisation = ChoiceField("Who took it on?", [Required("Choose the organisation")], first="Choose one")
    what = TextAreaField("What will be done?", [Required("Enter what will be done")], most=1000)
    due_on = DayField("By when?", [Required("Enter the day by which it will be done")])
