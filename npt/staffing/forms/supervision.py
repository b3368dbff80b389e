"""What may be asked of supervision without changing it."""

from npt.core.errors import Refused
from npt.staffing.rules.what_if import Change, what_is_missing
from npt.web.forms import ChoiceField, Form, choices_of


class WhatIfForm(Form):
    """A sergeant more, elsewhere or fewer."""

    class Meta(Form.Meta):
        csrf = False

    change = ChoiceField("What if you", coerce=Change, choices=choices_of(Change), first="Choose a change")
    person = ChoiceField("Sergeant", first="Nobody chosen")
    team = ChoiceField("Team", first="No team chosen")

    def validate(self, extra_validators: object = None) -> bool:
        """Say what is missing from the question, when there is one."""
        sound = bool(super().validate(extra_validators))
        if not sound or self.change.data is None:
            return sound
        missing = list(what_is_missing(self.change.data, person=bool(self.person.data), team=bool(self.team.data)))
        if missing:
            self.refuse(Refused(*missing))
        return not missing
