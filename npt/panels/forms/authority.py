"""What is typed about members of the police authority and forums of chairs."""

from collections.abc import Mapping

from npt.panels.forms.checks import people
from npt.web.forms import ChoiceField, DayField, Form, Required, TextAreaField, TextField, WholeField


class NewMemberForm(Form):
    """Who becomes a member."""

    name = TextField("Name", [Required("Enter the member's name")], description="As it is published; nothing else")
    first_day = DayField("In office from", [Required("Enter the first day")])


class AllocationForm(Form):
    """Which member goes to which panel."""

    member = ChoiceField("Member", [Required("Choose a member")], coerce=int, first="Choose…")
    panel = ChoiceField("Panel", [Required("Choose a panel")], first="Choose…")
    first_day = DayField("From", [Required("Enter the first day")])

    def offer(self, members: Mapping[int, str], panels: Mapping[str, str]) -> None:
        """Say who may go where."""
        self.member.choices, self.panel.choices = members, panels


class LastDayForm(Form):
    """The last day of something."""

    last_day = DayField("Last day", [Required("Enter the last day")])


class ForumForm(Form):
    """A forum of chairs that was held."""

    bcu = ChoiceField("BCU", [Required("Choose a BCU")], first="Choose…")
    held_on = DayField("Held on", [Required("Enter the day it was held")])
    attended = WholeField("How many chairs and vice-chairs came?", [Required("Enter how many came"), people])
    notes = TextAreaField("What was said and agreed (optional)")

    def offer(self, bcus: Mapping[str, str]) -> None:
        """Say whose forum it may be."""
        self.bcu.choices = bcus
