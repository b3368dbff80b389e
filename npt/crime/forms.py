"""Which months, of whom, and which lines of them."""

import datetime as dt
from enum import StrEnum
from typing import cast

from npt.crime.rules import By, Place
from npt.web.forms import ChoiceField, Form, MonthField, Required, choices_of

MOST_MONTHS = 120
"""Months of one span: what a page can be asked to add up, and more than is ever compared."""


class Where(StrEnum):
    """What a list shows of where a crime is."""

    WARD = Place.WARD.value
    NO_TEAM = "no_team"
    OUTSIDE = Place.OUTSIDE.value
    UNLOCATED = Place.UNLOCATED.value

    @property
    def label(self) -> str:
        return "In a ward of no team" if self is Where.NO_TEAM else Place(self.value).label


class SpanForm(Form):
    """The months, both included."""

    class Meta(Form.Meta):
        csrf = False

    first = MonthField("From", [Required("Enter the first month")])
    last = MonthField("To", [Required("Enter the last month")])

    def span_is_sound(self) -> bool:
        """Whether both months are there, in order, and not further apart than can be added up."""
        return not self._span_faults() and bool(self.first.data and self.last.data)

    def _span_faults(self) -> list[str]:
        first, last = cast(dt.date | None, self.first.data), cast(dt.date | None, self.last.data)
        if first is None or last is None:
            return []
        if last < first:
            return ["Enter a last month that is not before the first"]
        if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
            return [f"Enter a last month within {MOST_MONTHS // 12} years of the first"]
        return []

    def validate(self, extra_validators: object = None) -> bool:
        """A span ends with or after the month it begins with, and is not longer than can be added up."""
        sound = bool(super().validate(extra_validators))
        if faults := self._span_faults():
            self.last.errors = faults
        return sound and not faults


class ReportForm(SpanForm):
    """And what a row of the report is."""

    by = ChoiceField("By", coerce=By)


class NarrowCrimeForm(SpanForm):
    """And which published lines a list shows."""

    category = ChoiceField("Category", first="Everything")
    where = ChoiceField("Where", coerce=Where, choices=choices_of(Where), first="Anywhere")
    ward = ChoiceField("Ward", first="All wards")
    team = ChoiceField("Team", first="All teams")
    bcu = ChoiceField("BCU", first="All BCUs")
    panel = ChoiceField("Panel", first="All panels")
