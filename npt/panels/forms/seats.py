"""What is typed about the seats of a panel."""

from npt.panels.forms.checks import email
from npt.panels.rules.membership import MemberSector
from npt.web.forms import ChoiceField, DayField, Form, Required, TextField, TickField, choices_of


class ChangeSeatForm(Form):
    """What a seat is for."""

    role = TextField(
        "Role", [Required("Enter the role")], description="What they are there, like Head teacher. Never a name"
    )
    sector = ChoiceField(
        "Sector",
        [Required("Choose a sector")],
        choices=choices_of(MemberSector),
        coerce=MemberSector,
        first="Choose…",
    )
    votes = TickField("Has a vote: a member of the panel")
    expected = TickField("Is expected at every meeting: whether they came is recorded")
    email = TextField(
        "Email address for invitations (optional)",
        [email],
        most=254,
        description="Of the organisation or office, like clerk@soham.example. Never a private person's own",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class NewSeatForm(ChangeSeatForm):
    """Who is to have a seat, from when."""

    organisation = TextField(
        "Organisation",
        [Required("Enter the organisation")],
        description="Like Soham Town Council. For residents, the street or group they speak for",
    )
    first_day = DayField("From", [Required("Enter the first day")])


class EndSeatForm(Form):
    """The last day of a seat."""

    last_day = DayField("Last day", [Required("Enter the last day")])
