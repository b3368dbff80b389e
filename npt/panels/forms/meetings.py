"""What is typed about meetings."""

from collections.abc import Iterable

from npt.panels.forms.checks import people
from npt.panels.rules.attendance import Came, Expected, Presence
from npt.web.forms import ChoiceField, Form, MomentField, Required, TextField, TickField, WholeField, choices_of

ANYWAY = "Plan it all the same"


class NewMeetingForm(Form):
    """When and where a panel is to meet."""

    starts_at = MomentField("When", required="Enter the day and time")
    venue = TextField("Where (optional)")
    public = TickField("Anybody may come", description="Only public meetings count towards the number policy asks for")
    anyway = TickField(ANYWAY, description="Tick this when what is said above is known and settled")


class MoveMeetingForm(Form):
    """When and where a meeting is to be instead, and why."""

    starts_at = MomentField("When", required="Enter the day and time")
    venue = TextField("Where (optional)")
    why = TextField("Why?", [Required("Enter why it is moved")])
    anyway = TickField(ANYWAY, description="Tick this when what is said above is known and settled")


class RecordMeetingForm(Form):
    """How a meeting went."""

    public_attendance = WholeField("How many of the public came? (optional)", [people])
    members_present = WholeField("How many members of the panel came? (optional)", [people])
    chaired_by = TextField("Who took the chair? (optional)")
    minutes_ref = TextField("Reference of the minutes (optional)", description="It can be added once they are written")


def record_form(expected: Iterable[Expected]) -> type[RecordMeetingForm]:
    """The form of a meeting at which these were expected: a question for each, by its key."""
    fields = {
        each.key: ChoiceField(
            each.label, choices=choices_of(Presence), coerce=Presence, radios=True, first="Not recorded"
        )
        for each in expected
    }
    return type("RecordMeetingForm", (RecordMeetingForm,), fields)


def presences_of(form: Form, came: Iterable[Came]) -> dict[str, Presence | None]:
    """What was chosen for each of those expected; of whom nothing was sent, nothing is said."""
    keys = [each.expected.key for each in came]
    return {key: form[key].data for key in keys if form[key].raw_data}


class CancelMeetingForm(Form):
    """Why a meeting is not to be."""

    why = TextField("Why?", [Required("Enter why it is cancelled")])
