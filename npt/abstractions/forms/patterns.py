"""What is typed about a shift pattern and the people on it."""

from collections.abc import Mapping
from typing import cast

from npt.abstractions.rules.cycles import Cycle, read
from npt.people.rules import Grade
from npt.web.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    Required,
    TextAreaField,
    TextField,
    TickField,
    WholeField,
)

_LINES = 6000
"""Room for a year of lines."""


def _grade(grade: Grade) -> TextAreaField:
    return TextAreaField(f"{grade.label}: one line for each day (optional)", most=_LINES)


class PatternForm(Form):
    """A pattern: its code and, for each grade, the days of its cycle."""

    code = TextField("Code", [Required("Enter a code")], most=40, description="For example, EARLY-LATE-2")
    sergeant = _grade(Grade.SERGEANT)
    pc = _grade(Grade.PC)
    pcso = _grade(Grade.PCSO)
    special = _grade(Grade.SPECIAL)
    inspector = _grade(Grade.INSPECTOR)

    def validate(self, extra_validators: object = None) -> bool:
        """Every line is a shift or rest."""
        sound = bool(super().validate(extra_validators))
        for grade in Grade:
            try:
                read(self[grade.value].data or "")
            except ValueError as error:
                self[grade.value].errors = [str(error)]
                sound = False
        return sound

    def cycles(self) -> Mapping[Grade, Cycle]:
        """What was typed, by grade. Only of a form that has been validated."""
        return {grade: read(cast(str, self[grade.value].data or "")) for grade in Grade}


class FollowingPatternForm(PatternForm):
    """A pattern that follows another."""

    from_day = DayField(
        "From which day do the people of your teams go over to it? (optional)",
        description="Tomorrow or later. They go on where they are in the cycle. Leave empty to move nobody.",
    )


class TeamForm(Form):
    """Whose people are to be put on a pattern."""

    class Meta(Form.Meta):
        csrf = False

    team = ChoiceField("Team", first="Choose a team")


class AssignForm(Form):
    """Who is put on a pattern, on which days."""

    people = ChoicesField("Who?")
    first_day = DayField("First day", [Required("Enter the first day")], description="Tomorrow or later")
    last_day = DayField("Last day (optional)", description="For a spell; after it they are back on what they were on")
    cycle_day = WholeField(
        "Day of the cycle on the first day",
        [Required("Enter the day of the cycle, like 1")],
        description="1 is the first. Give people different days so that the team is spread over the cycle.",
    )
    end_standing = TickField("End the pattern they are on the day before")

    def __init__(self, people: Mapping[int, str], **known: object) -> None:
        super().__init__(**known)
        self.people.choices = people


class EndPatternForm(Form):
    """The last day on a pattern."""

    last_day = DayField("Last day on the pattern", [Required("Enter the last day")])
