"""What narrows the posts and the people behind the figures of a unit."""

from enum import StrEnum

from npt.people.rules import Grade
from npt.web.forms import ChoiceField, DayField, Form, choices_of


class Filled(StrEnum):
    """Whether a post is filled on the day."""

    FILLED = "filled"
    VACANT = "vacant"
    SHARED = "shared"
    ONE_OF_TWO = "one_of_two"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Filled.FILLED: "Filled",
    Filled.VACANT: "Vacant",
    Filled.SHARED: "With two holders",
    Filled.ONE_OF_TWO: "Of somebody with two posts",
}


EVERY_GRADE = "every"
"""Asks for the posts of every grade, specials' too."""


class UnitForm(Form):
    """Which unit, as at which day."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField("As at")
    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    team = ChoiceField("Team", first="All teams")


class PostsForm(UnitForm):
    """Which posts are shown."""

    grade = ChoiceField(
        "Grade",
        choices={**{grade.value: grade.label for grade in Grade}, EVERY_GRADE: "All, specials too"},
        first="All but specials",
    )
    state = ChoiceField("Posts", coerce=Filled, choices=choices_of(Filled), first="Filled or vacant")


STAFF = "staff"
"""Asks for the grades that are counted as staff of a team (RULES section 3)."""


class MembersForm(UnitForm):
    """Which people are shown."""

    grade = ChoiceField(
        "Grade on the day",
        choices={**{grade.value: grade.label for grade in Grade}, STAFF: "Those in a sergeant's span"},
        first="All grades",
    )
