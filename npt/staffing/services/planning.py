"""Say when a vacancy is to be filled."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from npt.audit import services as audit
from npt.core import db
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

    The same said twice by one person on a day is said once.

    :raises NoResultFound: when there is no such post, or it is not the actor's
    :raises Refused: when the post is filled, or the day cannot be
    """
    db.lock_record("staffing")
    vacant = queries.post_to_plan(ref, actor.scope, on, policy)
    refuse_if_any(
        obstacles_to_planning(
            vacant.post, vacant_from=vacant.vacant_from, planned_fill_on=new.planned_fill_on, today=on
        )
    )
    newest = session.scalars(
        select(VacancyPlan).where(VacancyPlan.post_id == vacant.post.id).order_by(VacancyPlan.id.desc()).limit(1)
    ).one_or_none()
    known = newest and (newest.planned_fill_on, newest.note, newest.set_on, newest.set_by)
    if known == (new.planned_fill_on, new.note, on, actor.name):
        return
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
