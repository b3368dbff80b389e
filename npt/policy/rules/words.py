"""Targets and reasons in words, what a person may enter of them, and who may set a target."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from npt.core.errors import Reason
from npt.people.rules import RATED_GRADES, Grade
from npt.policy.rules import FIXED_FAMILIES, Group, ReasonRow, TargetScope

GROUP_LABELS = {
    Group.ALL: "Everybody",
    Group.OFFICERS: "Sergeants and PCs",
    Group.PCSOS: "PCSOs",
}
"""The grades of a target in words."""

WHOLE = "force"
"""How the force is named where the unit of a target stands in an address or in the record."""

COUNTED_GRADES = tuple(grade for grade in Grade if grade in RATED_GRADES)
"""The grades whose minutes are in a rate, in order of rank."""

_CODE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class TargetKey:
    """What a target is for: a scope, its code (empty for the force), and a group of grades."""

    scope: TargetScope
    code: str
    group: Group

    @property
    def reference(self) -> str:
        """As addresses and the record have it: ``team/SOH/all``."""
        return f"{self.scope.value}/{self.code or WHOLE}/{self.group.value}"


def percent_in_words(percent: Decimal) -> str:
    """A target as a sentence has it: ``8 %``, ``7.5 %``."""
    text = f"{percent:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def grades_in_words(grades: Collection[Grade]) -> str:
    """Grades as a sentence has them: ``sergeants, PCs``; all of them ``everybody``; none ``nobody``."""
    listed = [grade for grade in COUNTED_GRADES if grade in grades]
    if len(listed) == len(COUNTED_GRADES):
        return "everybody"
    plurals = {Grade.SERGEANT: "sergeants", Grade.PC: "PCs", Grade.PCSO: "PCSOs"}
    return ", ".join(plurals[grade] for grade in listed) or "nobody"


def counts_in_words(row: ReasonRow) -> str:
    """For whom a reason counts, under both definitions."""
    local, national = grades_in_words(row.counts_local), grades_in_words(row.counts_national)
    return f"counts locally for {local}, nationally for {national}"


def code_faults(code: str, known: Collection[str]) -> list[Reason]:
    """What is wrong with the code of a new reason."""
    if not _CODE.fullmatch(code):
        return [Reason("Enter a code of small letters, digits and _ that begins with a letter", "code")]
    if code in known:
        return [Reason("There is a reason with this code. Change that one, or enter another code", "code")]
    return []


def left_without(family: str, others: Collection[ReasonRow]) -> str | None:
    """What to say when no reason of a fixed family is left in force, so that it would have no line of its own."""
    if family not in FIXED_FAMILIES or any(row.family == family for row in others):
        return None
    return f"No reason of the family {family} is left: it would have no line of its own, and could not be logged"
