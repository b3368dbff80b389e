"""What is sent about the address of a panel's calendar."""

from npt.web.forms import Form


class CalendarForm(Form):
    """Nothing but the buttons."""
