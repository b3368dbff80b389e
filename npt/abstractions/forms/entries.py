"""What a sergeant may type to log an abstraction, what narrows a list of entries, and the words around it."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from werkzeug.datastructures import MultiDict

from npt.abstractions.rules import Authorisation, Hours
from npt.core.errors import Reason, Refused
from npt.core.periods import DAY, local_day
from npt.people.rules import RATED_GRADES, Grade
from npt.policy.rules import Definition, Group
from npt.web.filters import station_zone
from npt.web.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    MomentField,
    Required,
    TextField,
    TickField,
    choices_of,
)


def after_return() -> TextField:
    """Why something is added to a month that its team has confirmed. Shown only to whoever is asked for it."""
    return TextField("Why is it changed after the month was confirmed?", most=500, default="")


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
    LATE = "late"
    NOWHERE = "nowhere"

    @property
    def label(self) -> str:
        return _SHOW_LABELS[self]


_SHOW_LABELS = {
    Show.ALL: "All entries",
    Show.OFF_DUTY: "With time off duty",
    Show.LATE: "Logged late",
    Show.NOWHERE: "Without a destination",
}


class Upto(StrEnum):
    """Up to when minutes are counted: the moment of asking, or the end of the window, with what is planned."""

    NOW = "now"
    PLANNED = "planned"

    @property
    def label(self) -> str:
        return "Up to now" if self is Upto.NOW else "All of it, as planned"


def with_the_day_after(field: MomentField, start: dt.datetime | None) -> None:
    """Read a time entered without its date as the first such time after a start: that day, or the night after it.

    Nothing that is logged lasts longer than a day, so no other can be meant.
    """
    if start is None or field.typed_day or not field.typed_clock:
        return
    first = local_day(start, station_zone())
    for day in (first, first + DAY):
        typed = {"day": day.isoformat(), "clock": field.typed_clock, "fold": field.typed_fold}
        field.process(MultiDict({f"{field.name}_{part}": value for part, value in typed.items()}))
        if field.process_errors or (field.data and field.data > start):
            return


def hold_the_end_against_the_choice(form: Form, sound: bool) -> bool:
    """Whether a form is sound whose end is either "still away" or a time: not both, and not neither."""
    returning, ends_at = form["returning"], form["ends_at"]
    nothing_entered = not (ends_at.typed_clock or ends_at.typed_day)
    if returning.data is Return.BACK and nothing_entered:
        ends_at.errors = ["Enter when they were, or will be, back"]
        return False
    if returning.data is Return.STILL_AWAY and ends_at.typed_clock:
        returning.errors = ['You chose "still away" and entered a time back: choose one']
        return False
    return sound


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
    despite = TickField("Log it all the same: I have read why it is not wanted")
    why = after_return()

    def __init__(self, people: Mapping[int, str], reasons: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.person_id.choices = people
        self.reason.choices = reasons

    def validate(self, extra_validators: object = None) -> bool:
        """Hold the end against what was chosen: either still away, or a time to be back."""
        with_the_day_after(self.ends_at, self.starts_at.data)
        return hold_the_end_against_the_choice(self, bool(super().validate(extra_validators)))


class SeveralForm(Form):
    """The same for several people at once."""

    person_ids = ChoicesField("Who is away?", [Required("Choose who is away")], coerce=int)
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
    destination = TextField("Where to? (optional)", most=200, description="For example, Cambridge v Peterborough")
    despite = TickField("Log it all the same: I have read why it is not wanted")
    why = after_return()

    def __init__(self, people: Mapping[int, str], reasons: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.person_ids.choices = people
        self.reason.choices = reasons

    def validate(self, extra_validators: object = None) -> bool:
        """Hold the end against what was chosen: either still away, or a time to be back."""
        with_the_day_after(self.ends_at, self.starts_at.data)
        return hold_the_end_against_the_choice(self, bool(super().validate(extra_validators)))

    def refuse(self, refusal: Refused) -> None:
        """What is said of one person stands by the question who."""
        about = {"person_id": "person_ids"}
        super().refuse(Refused(*(Reason(r.message, about.get(r.field or "", r.field)) for r in refusal.reasons)))


class NarrowForm(Form):
    """Which entries a list shows."""

    class Meta(Form.Meta):
        csrf = False

    KEPT = frozenset(
        {"first", "last", "team", "sector", "bcu", "person", "grade", "group", "hours", "definition", "upto", "at"}
    )
    """What a list of duties is narrowed by too."""

    first = DayField("From", [Required("Enter the first day")])
    last = DayField("To", [Required("Enter the last day")])
    team = ChoiceField("Team", first="All teams")
    sector = ChoiceField("Sector", first="All sectors")
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
    hours = ChoiceField("Time of day", coerce=Hours, choices=choices_of(Hours), first="All day")
    destination = TextField("Where to", most=200)
    show = ChoiceField("Entries", coerce=Show, choices=choices_of(Show))
    authorisation = ChoiceField(
        "Authorisation", coerce=Authorisation, choices=choices_of(Authorisation), first="Needed or not"
    )
    person = TextField("Collar number")
    but = TextField("All but the entry", most=60)
    definition = ChoiceField("Definition", coerce=Definition, choices=choices_of(Definition))
    upto = ChoiceField("Counted", coerce=Upto, choices=choices_of(Upto))

    def validate(self, extra_validators: object = None) -> bool:
        """A list from its last day to its first is no list."""
        sound = bool(super().validate(extra_validators))
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first and last and last < first:
            self.last.errors = ["Enter a last day on or after the first"]
            return False
        return sound

    @property
    def narrowed(self) -> bool:
        """Whether the list is narrowed by more than days, unit and reason, which stand open."""
        rarer = (self.grade, self.group, self.hours, self.destination, self.authorisation, self.person, self.but)
        usual = (self.show, Show.ALL), (self.definition, Definition.LOCAL), (self.upto, Upto.NOW)
        return any(field.data or field.errors for field in rarer) or any(
            field.data is not each for field, each in usual
        )
