"""What is typed about the contacts of a ward, and about how a team is reached."""

from collections.abc import Callable, Mapping

from wtforms import Field, ValidationError

from npt.staffing.rules.reach import email_of, telephone_of
from npt.web.forms import ChoiceField, DayField, Form, Required, TextField


class ContactsForm(Form):
    """Which wards are shown, as at which day."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField("As at")
    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    team = ChoiceField("Team", first="All teams")


class NewContactForm(Form):
    """Whom to name, from when to when, and in whose place."""

    collar_number = ChoiceField("Who?", [Required("Choose a PC or PCSO of the team")], first="Choose…")
    first_day = DayField("From", [Required("Enter the first day")])
    last_day = DayField("To (optional)", description="The last day, if it is known")
    replaces = ChoiceField(
        "In whose place? (optional)",
        coerce=int,
        first="Nobody's: they are named beside the others",
        description="That record ends the day before",
    )

    def offer(self, candidates: Mapping[str, str], replaceable: Mapping[int, str]) -> None:
        """Say who may be named, and whom they may replace."""
        self.collar_number.choices = candidates
        self.replaces.choices = replaceable


class EndContactForm(Form):
    """The last day of a record."""

    last_day = DayField(
        "Last day", [Required("Enter the last day")], description="The last day on which people may ask for them"
    )


def _kept_as(kept: Callable[[str], str]) -> Callable[[Form, Field], None]:
    def check(form: Form, field: Field) -> None:
        if field.data:
            try:
                field.data = kept(field.data)
            except ValueError as error:
                raise ValidationError(str(error)) from error

    return check


class ReachForm(Form):
    """A team's email address and telephone number."""

    email = TextField("Email", [_kept_as(email_of)], most=254, description="Leave empty when the team has none")
    telephone = TextField("Telephone", [_kept_as(telephone_of)], description="Leave empty when the team has none")
