"""What is typed about meetings."""

from npt.panels.forms.checks import people
from npt.web.forms import Form, MomentField, Required, TextField, TickField, WholeField


class NewMeetingForm(Form):
    """When and where a panel is to meet."""

    starts_at = MomentField("When", required="Enter the day and time")
    venue = TextField("Where (optional)")
    public = TickField("Anybody may come", description="Only public meetings count towards the number policy asks for")


class RecordMeetingForm(Form):
    """How a meeting went."""

    public_attendance = WholeField("How many of the public came? (optional)", [people])
    minutes_ref = TextField("Reference of the minutes (optional)", description="It can be added once they are written")


class CancelMeetingForm(Form):
    """Why a meeting is not to be."""

    why = TextField("Why?", [Required("Enter why it is cancelled")])
