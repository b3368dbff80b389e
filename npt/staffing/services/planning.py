"""Say when a vacancy is to be filled."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.policy.rules import Policy
from npt.staffing import queries
from npt.staffing.models import VacancyPlan
from npt.staffing.rules.leaving import obstacles_to_planning


@dataclass(frozen=True, slots=True)
class NewPlan:
    """The day by which a vacant post is to be filled, and how."""

    planned_fill_on: dt.date
    note: str | None = None


def plan_vacancy(ref: str, new: NewPlan, *, actor: Actor, at: dt.datetime, on: dt.date, policy: Policy) -> None:
    """Set, or set anew, the day by which a post that is or will be vacant is to be filled. What was said stays.

    :raises NoResultFound: when there is no such post, or it is not the actor's
    :raises Refused: when the post is filled, or the day cannot be
    """
    vacant = queries.post_to_plan(ref, actor.scope, on, policy)
    refuse_if_any(
        obstacles_to_planning(
            vacant.post, vacant_from=vacant.vacant_from, planned_fill_on=new.planned_fill_on, today=on
        )
    )
    session.add(
        VacancyPlan(
            post_id=vacant.post.id,
            planned_fill_on=new.planned_fill_on,
            note=new.note,
            set_on=on,
            set_by=actor.name,
        )
    )
    audit.record(
        "vacancy.planned", f"post:{ref}", actor=actor, at=at, planned_fill_on=new.planned_fill_on, note=new.note
    )
