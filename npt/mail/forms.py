"""What is pressed on the page of emails."""

from npt.web.forms import Form


class PressForm(Form):
    """Nothing but the button."""
