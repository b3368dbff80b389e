"""Which week and team the grid shows; whose absence from the neighbourhood the live board shows."""

from npt.web.forms import ChoiceField, DayField, Form, Required


class WeekForm(Form):
    """Any day of the week asked for, and the team."""

    class Meta(Form.Meta):
        csrf = False

    day = DayField("Week of", [Required("Enter any day of the week")])
    team = ChoiceField("Team")


class AwayForm(Form):
    """The BCU or the team whose people are shown."""

    class Meta(Form.Meta):
        csrf = False

    bcu = ChoiceField("BCU", first="All BCUs")
    team = ChoiceField("Team", first="All teams")
