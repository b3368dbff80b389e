"""Move the day by which the target of a plan is to be reached, in the open (docs/decisions/0071)."""

import datetime as dt

from sqlalchemy import select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Refused, refuse_if_any
from npt.core.periods import day_in_words
from npt.problem_solving.models import PlanMeasure, PlanUpdate
from npt.problem_solving.rules.health import obstacles_to_moving
from npt.problem_solving.services.keeping import changeable


def move_target_day(ref: str, day: dt.date, reason: str, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Give the target of a plan another day. The day it had stays to be read, in an update that says why.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed or has no target; without a reason; when the day is past or the same
    """
    plan = changeable(ref, actor)
    measure = session.scalar(select(PlanMeasure).where(PlanMeasure.plan_id == plan.id))
    if measure is None:
        raise Refused("The plan has no measure yet. Its target and day are chosen with it")
    held = measure.target_on
    refuse_if_any(obstacles_to_moving(measure.target_value, held, day, reason, on))
    measure.target_on = day
    was = f"Target day moved from {day_in_words(held)} to" if held else "Target day fixed for"
    session.add(PlanUpdate(plan_id=plan.id, at=at, by=actor.name, text=f"{was} {day_in_words(day)}: {reason}"))
    plan.last_update_at = at
    audit.record("plan.target_day_moved", f"plan:{ref}", actor=actor, at=at, before=held, after=day, reason=reason)
