"""What a chair enters to decide on a sign-off."""

from collections.abc import Mapping
from typing import cast

from npt.panels.forms.priorities import MINUTE
from npt.panels.rules.signing import Consent
from npt.web.forms import ChoiceField, Form, Required, TextAreaField, TextField, TickField, WholeField


class ConsentForm(Form):
    """What the panel said, at which meeting, by which minute. Sent as an address, so that it can be gone back to."""

    class Meta(Form.Meta):
        csrf = False

    meeting_id = ChoiceField(
        "At which meeting did the panel agree?", [Required("Choose the meeting")], coerce=int, first="Choose…"
    )
    minute_ref = TextField(
        "Minute", [Required("Enter the reference of the minute, like 6.2")], most=200, description=MINUTE
    )
    unanimous = TickField("Everybody agreed")
    votes_for = WholeField("For")
    votes_against = WholeField("Against")
    votes_abstained = WholeField("Abstained")

    def offer(self, meetings: Mapping[int, str]) -> None:
        """Say which meetings of the panel were held."""
        self.meeting_id.choices = meetings

    @property
    def consent(self) -> Consent:
        """What was entered about the panel's consent."""
        votes = (self.votes_for.data, self.votes_against.data, self.votes_abstained.data)
        return Consent(bool(self.unanimous.data), *cast("tuple[int | None, int | None, int | None]", votes))


class SignForm(Form):
    """Nothing to fill in: the page shows what is signed."""


class RefuseForm(Form):
    """Why the panel does not sign off."""

    reason = TextAreaField(
        "Why does the panel not sign it off?",
        [Required("Enter why, so that the team knows what to do")],
        description="The neighbourhood team reads this, and goes on with it",
    )


class DeferForm(Form):
    """To which meeting it is put off."""

    meeting_id = ChoiceField("To which meeting?", [Required("Choose the meeting")], coerce=int, first="Choose…")
    reason = TextAreaField("Why? (optional)")

    def offer(self, meetings: Mapping[int, str]) -> None:
        """Say which meetings of the panel are planned."""
        self.meeting_id.choices = meetings
