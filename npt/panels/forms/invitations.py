"""What is sent to have an invitation sent."""

from npt.web.forms import Form


class InviteForm(Form):
    """Nothing but the button."""
