"""Read what was counted for a plan in the published files, and what could be."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from npt.core.db import session
from npt.crime import queries as crime
from npt.problem_solving.models import PlanCount, PlanCountWard
from npt.problem_solving.queries.one import MeasureRow
from npt.problem_solving.rules.counting import Area, Span


@dataclass(frozen=True, slots=True)
class CountedWard:
    """A ward of a count."""

    area: Area
    code: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Counting:
    """Where a plan's counts come from: months, category, wards; and what of it is in no ward."""

    at: dt.datetime
    by: str
    category: str | None
    before: Span
    after: Span
    unlocated: tuple[int, int]
    outside: tuple[int, int]
    without_id: int
    wards: Sequence[CountedWard]

    @property
    def areas(self) -> list[tuple[Area, list[CountedWard]]]:
        """The areas there are, each with its wards."""
        found = [(area, [ward for ward in self.wards if ward.area is area]) for area in Area]
        return [(area, wards) for area, wards in found if wards]

    def figures(self) -> Mapping[str, int]:
        """The counts as a measure names them."""
        return {
            f"{area.value}_{when}": sum(getattr(ward, when) for ward in wards)
            for area, wards in self.areas
            for when in ("before", "after")
        }


def counting_of(plan_id: int, measure: MeasureRow | None) -> Counting | None:
    """What was counted for a plan; nothing when its counts were typed, or typed over since."""
    row = session.scalar(select(PlanCount).where(PlanCount.plan_id == plan_id))
    if row is None or measure is None:
        return None
    wards = session.scalars(
        select(PlanCountWard).where(PlanCountWard.plan_id == plan_id).order_by(PlanCountWard.ward_name)
    )
    found = Counting(
        row.at,
        row.by,
        row.category,
        Span(row.before_first, row.before_last),
        Span(row.after_first, row.after_last),
        (row.unlocated_before, row.unlocated_after),
        (row.outside_before, row.outside_after),
        row.without_id,
        [CountedWard(ward.area, ward.ward_code, ward.ward_name, ward.before, ward.after) for ward in wards],
    )
    counted = found.figures()
    held = {name: measure.counts[name] for name in measure.counts if name.split("_")[0] in set(Area)}
    return found if all(counted.get(name) == value for name, value in held.items()) else None


def loaded_months() -> list[dt.date]:
    """The months there are files of, in order."""
    return sorted({loaded.month for loaded in crime.loaded_months()})


def wards_with_boundary() -> dict[str, str]:
    """The wards that can be counted, by code, in order of name."""
    return dict(sorted(crime.boundary_names().items(), key=lambda each: each[1]))
