"""What is typed about partner organisations, and by a partner about their own actions."""

from npt.people.rules.organisations import OrganisationKind
from npt.problem_solving.forms.plans import NO_NAMES
from npt.problem_solving.rules.partners import ActionState
from npt.web.forms import ChoiceField, Form, Required, TextAreaField, TextField, TickField, choices_of


class NewOrganisationForm(Form):
    """A partner organisation."""

    name = TextField(
        "Name of the organisation",
        [Required("Enter the organisation's name")],
        description="The organisation and never a person of it",
    )
    kind = ChoiceField(
        "What kind of body is it?",
        [Required("Choose what kind of body it is")],
        coerce=OrganisationKind,
        choices=choices_of(OrganisationKind),
        first="Choose one",
    )


class OrganisationForm(NewOrganisationForm):
    """An organisation, and whether it still works with the force."""

    active = TickField(
        "It works with the force", description="Without it nobody gives it anything to do, or signs in for it"
    )


class ActionsForm(Form):
    """Which actions a list shows."""

    class Meta(Form.Meta):
        csrf = False

    state = ChoiceField("State", coerce=ActionState, choices=choices_of(ActionState))
    organisation = ChoiceField("Organisation", first="Staff and all organisations")
    team = ChoiceField("Team", first="All teams")
    bcu = ChoiceField("BCU", first="All BCUs")
    partners = TickField("Only of partners")
    mine = TickField("Only your own")


class StandsForm(Form):
    """How an action stands."""

    text = TextAreaField("How does it stand?", [Required("Enter how it stands")], most=2000, description=NO_NAMES)
