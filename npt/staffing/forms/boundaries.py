"""What a resources lead types about a boundary review."""

from collections.abc import Mapping

from wtforms import FieldList, FormField

from npt.staffing.rules.boundaries import NewReview, WardMove
from npt.web.forms import ChoiceField, DayField, Form, Required, TextAreaField

ROWS = 3
"""How many wards the form has room for at first, and how many more "Add rows" gives."""


class MoveForm(Form):
    """One ward and its new team."""

    class Meta(Form.Meta):
        csrf = False

    ward = ChoiceField("Ward", first="No ward")
    team = ChoiceField("New team", first="No team")


class ReviewForm(Form):
    """The review: when, why, with whom, with what outcome; and the wards it moves."""

    reviewed_on = DayField("When was the review held?", [Required("Enter the day the review was held")])
    reason = TextAreaField("Why was it held?", [Required("Enter why the review was held")])
    partners = TextAreaField(
        "Which partners were consulted?",
        [Required("Enter the partners consulted, or that none was and why")],
        description="For example, the district council and the panels of both areas",
    )
    outcome = TextAreaField("What was the outcome?", [Required("Enter the outcome")])
    first_day = DayField(
        "From which day do the wards move?",
        [Required("Enter the day from which the wards move")],
        description="Today or later. Days gone by keep the teams they had.",
    )
    moves = FieldList(FormField(MoveForm), min_entries=ROWS)

    def offer(self, wards: Mapping[str, str], teams: Mapping[str, str], *, more: bool = False) -> None:
        """Say which wards and teams may be chosen; with ``more``, in further rows as well."""
        for _ in range(ROWS if more else 0):
            self.moves.append_entry()
        for entry in self.moves:
            entry.form.ward.choices = wards
            entry.form.team.choices = teams

    def validate(self, extra_validators: object = None) -> bool:
        """A row needs both its ward and its team, or neither."""
        sound = bool(super().validate(extra_validators))
        for entry in self.moves:
            if entry.form.ward.data and not entry.form.team.data:
                entry.form.team.errors = ["Choose the new team of this ward"]
                sound = False
            elif entry.form.team.data and not entry.form.ward.data:
                entry.form.ward.errors = ["Choose the ward that moves to this team"]
                sound = False
        return sound

    def review(self) -> NewReview:
        """What was typed, as the service takes it."""
        chosen = [entry.form for entry in self.moves if entry.form.ward.data]
        return self.into(NewReview, moves=tuple(WardMove(each.ward.data, each.team.data) for each in chosen))
