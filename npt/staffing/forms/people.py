"""What narrows the list of people."""

from npt.web.forms import ChoiceField, Form, TextField


class PeopleForm(Form):
    """Who is looked for."""

    class Meta(Form.Meta):
        csrf = False

    search = TextField("Name or collar number")
    team = ChoiceField("Team", first="All teams")
    bcu = ChoiceField("BCU", first="All BCUs")
