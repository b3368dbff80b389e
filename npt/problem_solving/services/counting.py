"""Count recorded crime for a plan in the published files, and fill its comparison in (docs/decisions/0042)."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import delete

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.crime import queries as crime
from npt.problem_solving.models import PlanCount, PlanCountWard
from npt.problem_solving.queries import counting as queries
from npt.problem_solving.rules.counting import Area, Asked, Span, obstacles_to_counting
from npt.problem_solving.rules.impact import Least
from npt.problem_solving.rules.vocabulary import Method
from npt.problem_solving.services.working import NewImpact, assessed, compare


def count_from_files(ref: str, asked: Asked, *, actor: Actor, at: dt.datetime, least: Least) -> Mapping[str, int]:
    """Count what the published files hold of a plan's wards and of those it is compared with, and fill both in.

    Where they come from is kept beside them. What has no location, or lies outside every boundary, is in no ward: it is
    counted by itself. Returns the counts as the measure names them.

    :param least: the force's limits, by which the counts are judged
    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: before the assessment; when months are not loaded, not as many, or not apart; when a ward is twice
    """
    plan, _ = assessed(ref, actor)
    known = queries.wards_with_boundary()
    refuse_if_any([*obstacles_to_counting(asked, queries.loaded_months(), known)])
    wards = {code: area for area in Area for code in asked.wards.get(area, ())}
    before, after = (_counted(span, asked.category) for span in (asked.before, asked.after))
    rows = [
        PlanCountWard(
            plan_id=plan.id,
            area=area,
            ward_code=code,
            ward_name=known[code],
            before=before.by_ward.get(code, 0),
            after=after.by_ward.get(code, 0),
        )
        for code, area in wards.items()
    ]
    session.execute(delete(PlanCountWard).where(PlanCountWard.plan_id == plan.id))
    session.execute(delete(PlanCount).where(PlanCount.plan_id == plan.id))
    session.add_all(rows)
    session.add(
        PlanCount(
            plan_id=plan.id,
            at=at,
            by=actor.name,
            category=asked.category,
            before_first=asked.before.first,
            before_last=asked.before.last,
            after_first=asked.after.first,
            after_last=asked.after.last,
            unlocated_before=before.unlocated,
            unlocated_after=after.unlocated,
            outside_before=before.outside,
            outside_after=after.outside,
            without_id=sum(counted.without_id.get(code, 0) for counted in (before, after) for code in wards),
        )
    )
    figures = {
        f"{area.value}_{when}": sum(getattr(row, when) for row in rows if row.area is area)
        for area in Area
        if asked.wards.get(area)
        for when in ("before", "after")
    }
    named = ", ".join(known[code] for code in asked.wards[Area.COMPARISON])
    audit.record(
        "plan.counted",
        f"plan:{ref}",
        actor=actor,
        at=at,
        category=asked.category or "everything",
        before=f"{asked.before.first:%Y-%m} to {asked.before.last:%Y-%m}",
        after=f"{asked.after.first:%Y-%m} to {asked.after.last:%Y-%m}",
        wards={area.value: sorted(asked.wards[area]) for area in Area if asked.wards.get(area)},
    )
    compare(ref, NewImpact(Method.AREA, named[:200], **figures), actor=actor, at=at, least=least)
    return figures


def _counted(span: Span, category: str | None) -> crime.WardCounts:
    return crime.ward_counts(span.first, span.last, category)
