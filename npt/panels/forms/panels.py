"""What is typed about panels and their chairs."""

from collections.abc import Mapping

from npt.panels.forms.checks import email, weeks
from npt.panels.rules.vocabulary import ChairType, Office
from npt.web.forms import ChoiceField, ChoicesField, DayField, Form, Required, TextField, WholeField, choices_of

_CADENCE = "Leave empty to follow the force's policy"


class ChangePanelForm(Form):
    """What a panel is called, whom it serves, how often it meets, and when it ends."""

    name = TextField("Name", [Required("Enter the panel's name")])
    district = TextField("District (optional)")
    teams = ChoicesField("Teams it serves", description="The lead team is always one of them")
    cadence_weeks = WholeField("Most weeks between meetings (optional)", [weeks], description=_CADENCE)
    last_day = DayField("Last day (optional)", description="Only when the panel is to end")

    def offer(self, teams: Mapping[str, str]) -> None:
        """Say which teams a panel may serve."""
        self.teams.choices = teams


class NewPanelForm(Form):
    """A panel to be."""

    name = TextField("Name", [Required("Enter the panel's name")])
    code = TextField(
        "Code", [Required("Enter a code")], most=40, description="Letters, digits and hyphens, as no other unit has it"
    )
    district = TextField("District (optional)")
    lead_team = ChoiceField("Lead team", [Required("Choose the team that leads it")], first="Choose…")
    teams = ChoicesField("Other teams it serves")
    cadence_weeks = WholeField("Most weeks between meetings (optional)", [weeks], description=_CADENCE)
    first_day = DayField("First day", [Required("Enter the first day")])

    def offer(self, own: Mapping[str, str], teams: Mapping[str, str]) -> None:
        """Say which teams may lead it, and which it may serve."""
        self.lead_team.choices = own
        self.teams.choices = teams


class NewTermForm(Form):
    """Who is to hold which office."""

    office = ChoiceField(
        "Office", [Required("Choose an office")], choices=choices_of(Office), coerce=Office, radios=True
    )
    name = TextField("Name", [Required("Enter their name")])
    email = TextField(
        "Email address",
        [Required("Enter their email address"), email],
        most=254,
        description="The one they sign in with",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    chair_type = ChoiceField(
        "Whom they come from",
        [Required("Choose whom they come from")],
        choices=choices_of(ChairType),
        coerce=ChairType,
        radios=True,
        description="Independent: a member of the community whom the panel elected",
    )
    first_day = DayField("From", [Required("Enter the first day")])
    last_day = DayField("To (optional)", description="The last day, if it is known")


class EndTermForm(Form):
    """The last day of a term."""

    last_day = DayField("Last day in office", [Required("Enter the last day")])
