"""What becomes of a closed plan's text once it need not be kept any longer (docs/decisions/0041)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Text, select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, refuse_if_any
from npt.core.periods import add_months
from npt.problem_solving import queries
from npt.problem_solving.models import Plan, PlanAction, PlanMove, PlanScore, PlanSource, PlanUpdate

GONE = "Disposed of"
"""What stands in place of a text that was disposed of."""
_TEXTS = tuple(column.name for column in Plan.__table__.columns if isinstance(column.type, Text))
"""The texts of a plan. Its problem and the reason of its marking are shorter, and go with them."""


def propose_disposals(on: dt.date, months: int, *, actor: Actor, at: dt.datetime) -> int:
    """Fix until when closed plans are kept that have no day yet, and propose those whose day has come.

    Doing it again changes nothing. Returns how many are proposed that were not before.

    :param months: how long the text of a closed plan is kept (policy)
    """
    proposed = 0
    waiting = select(Plan).where(
        Plan.closed_at.is_not(None), Plan.disposed_at.is_(None), Plan.disposal_proposed_on.is_(None)
    )
    for plan in session.scalars(waiting.with_for_update()):
        assert plan.closed_at is not None  # noqa: S101 - asked for
        if plan.retention_review_on is None:
            plan.retention_review_on = add_months(plan.closed_at.date(), months)
        if plan.retention_review_on <= on:
            plan.disposal_proposed_on = on
            proposed += 1
            audit.record("plan.disposal_proposed", f"plan:{plan.ref}", actor=actor, at=at, on=on)
    return proposed


@dataclass(frozen=True, slots=True)
class NewRetention:
    """What is decided of a plan's text: kept until another day, and why; without a day it is disposed of."""

    keep_until: dt.date | None
    reason: str


def decide_retention(ref: str, new: NewRetention, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Keep the text of a closed plan until another day, or dispose of it: its words go, its figures and days stay.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it was not proposed; without a reason; when the day to keep it until is not to come
    """
    plan = queries.plan_to_change(ref, actor)
    reasons = []
    if plan.disposal_proposed_on is None or plan.disposed_at is not None:
        reasons.append(Reason("The disposal of this plan is not proposed"))
    if not new.reason.strip():
        reasons.append(Reason("Enter why", "reason"))
    if new.keep_until is not None and new.keep_until <= on:
        reasons.append(Reason("Enter a day after today", "keep_until"))
    refuse_if_any(reasons)
    if new.keep_until is not None:
        plan.retention_review_on, plan.disposal_proposed_on = new.keep_until, None
        audit.record("plan.kept", f"plan:{ref}", actor=actor, at=at, until=new.keep_until, reason=new.reason)
        return
    _dispose(plan)
    plan.disposed_at, plan.disposed_by = at, actor.name
    audit.record("plan.disposed", f"plan:{ref}", actor=actor, at=at, reason=new.reason)


_TEXTS_ABOUT = (
    (PlanSource, "says"),
    (PlanAction, "what"),
    (PlanUpdate, "text"),
    (PlanMove, "reason"),
    (PlanScore, "note"),
)
"""What stands beside a plan. The lesson of good practice stays: it is written for others, and a lead approved it."""


def _dispose(plan: Plan) -> None:
    _empty(plan, *_TEXTS)
    plan.problem = f"{plan.problem_type.label}, disposed of"
    _empty(plan, "marking_reason")
    for table, name in _TEXTS_ABOUT:
        for row in session.scalars(select(table).where(table.plan_id == plan.id)):
            _empty(row, name)


def _empty(row: object, *names: str) -> None:
    for name in names:
        if getattr(row, name):
            setattr(row, name, GONE)
