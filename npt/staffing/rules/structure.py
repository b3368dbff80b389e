"""The figures of a unit on a day: posts and people by grade, supervision, wards (RULES sections 2 and 3)."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from npt.people.rules import Grade, PostFact, PostingFact, Staffing, staffing
from npt.staffing.rules.supervision import AreaRatio, TeamSupervision

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class UnitStaffing:
    """Posts and people of a unit. ``total`` leaves specials out; they are counted by people only.

    Nothing where the unit has no such post on the day.
    """

    total: Staffing[int] | None = None
    grades: Mapping[Grade, Staffing[int]] = field(default_factory=dict)

    @property
    def specials(self) -> int:
        """Special constables in post, as people."""
        found = self.grades.get(Grade.SPECIAL)
        return found.strength if found else 0


def staffing_by(
    posts: Iterable[PostFact], postings: Sequence[PostingFact], day: dt.date, unit: Callable[[PostFact], int | None]
) -> dict[int, UnitStaffing]:
    """The staffing of every unit with a live post on a day.

    Every posting of everybody who ever held one of the posts must be given.
    """
    listed = list(posts)
    counted = [post for post in listed if post.grade is not Grade.SPECIAL]
    totals = {row.unit: row for row in staffing(counted, postings, day, unit, by_grade=False)}
    grades: dict[int, dict[Grade, Staffing[int]]] = {}
    for row in staffing(listed, postings, day, unit):
        if row.grade is not None:
            grades.setdefault(row.unit, {})[row.grade] = row
    return {key: UnitStaffing(totals.get(key), grades[key]) for key in grades}


def vacancy_rate(row: Staffing[K] | None) -> Fraction | None:
    """Vacant posts as a share of the establishment; nothing without a post."""
    return Fraction(row.vacancies, row.establishment) if row and row.establishment else None


def ratio_of(teams: Iterable[TeamSupervision]) -> AreaRatio:
    """Staff of some teams to the people who supervise there by posting, each once; cover adds no sergeant."""
    listed = list(teams)
    sergeants = {person for team in listed for person in team.posted}
    return AreaRatio(None, len(sergeants), sum(team.staff for team in listed))
