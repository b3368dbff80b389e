"""What a sergeant may type to log an abstraction, what narrows a list of entries, and the words around it."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from npt.people.rules import RATED_GRADES, Grade
from npt.policy.rules import Definition, Group
from npt.web.forms import ChoiceField, DayField, Form, MomentField, Required, TextField, choices_of


class Return(StrEnum):
    """Whether an end is known."""

    STILL_AWAY = "still_away"
    BACK = "back"

    @property
    def label(self) -> str:
        return "Still away" if self is Return.STILL_AWAY else "Back, or due back, at a time"


class Show(StrEnum):
    """Which of the entries of a window a list shows."""

    ALL = "all"
    OFF_DUTY = "off_duty"

    @property
    def label(self) -> str:
        return "All entries" if self is Show.ALL else "With time off duty"


class AbstractionForm(Form):
    """Who, why, from when, to when, where to."""

    person_id = ChoiceField("Who is away?", [Required("Choose who is away")], coerce=int, radios=True)
    reason = ChoiceField("Why?", [Required("Choose why they are away")], radios=True)
    starts_at = MomentField("From", required="Enter when they went")
    returning = ChoiceField(
        "Until",
        [Required("Choose whether they are still away")],
        coerce=Return,
        choices=choices_of(Return),
        radios=True,
    )
    ends_at = MomentField("Back at")
    destination = TextField("Where to? (optional)", most=200, description="For example, Parkside custody suite")

    def __init__(self, people: Mapping[int, str], reasons: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.person_id.choices = people
        self.reason.choices = reasons

    def validate(self, extra_validators: object = None) -> bool:
        """Hold the end against what was chosen: either still away, or a time to be back."""
        sound = bool(super().validate(extra_validators))
        nothing_entered = not (self.ends_at.typed_clock or self.ends_at.typed_day)
        if self.returning.data is Return.BACK and nothing_entered:
            self.ends_at.errors = ["Enter when they were, or will be, back"]
            return False
        if self.returning.data is Return.STILL_AWAY and self.ends_at.typed_clock:
            self.returning.errors = ['You chose "still away" and entered a time back: choose one']
            return False
        return sound


class BackForm(Form):
    """When somebody came back, or will."""

    ends_at = MomentField("Back at", required="Enter when they were, or will be, back")


class CancelEntryForm(Form):
    """Why an entry is taken back."""

    reason = TextField(
        "Why is it cancelled?",
        [Required("Enter why")],
        most=500,
        description="For example, logged for the wrong person",
    )


class NarrowForm(Form):
    """Which entries a list shows."""

    class Meta(Form.Meta):
        csrf = False

    KEPT = frozenset({"first", "last", "team", "bcu", "grade", "group", "definition", "at"})
    """What a list of duties is narrowed by too."""

    first = DayField("From", [Required("Enter the first day")])
    last = DayField("To", [Required("Enter the last day")])
    team = ChoiceField("Team", first="All teams")
    bcu = ChoiceField("BCU", first="All BCUs")
    reason = ChoiceField("Reason", first="All reasons")
    grade = ChoiceField(
        "Grade", coerce=Grade, choices=choices_of(g for g in Grade if g in RATED_GRADES), first="All grades"
    )
    group = ChoiceField(
        "Group",
        coerce=Group,
        choices={Group.OFFICERS: "Sergeants and PCs", Group.PCSOS: "PCSOs"},
        first="Everybody",
    )
    show = ChoiceField("Entries", coerce=Show, choices=choices_of(Show))
    person = TextField("Collar number")
    definition = ChoiceField("Definition", coerce=Definition, choices=choices_of(Definition))

    def validate(self, extra_validators: object = None) -> bool:
        """A list from its last day to its first is no list."""
        sound = bool(super().validate(extra_validators))
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
            return False
        return sound
