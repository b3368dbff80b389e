"""What becomes of a closed plan's text once it need not be kept any longer (docs/decisions/0041)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Text, select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.effects import Effect
from npt.core.errors import Reason, refuse_if_any
from npt.problem_solving import queries
from npt.problem_solving.models import Plan, PlanAction, PlanActionChange, PlanMove, PlanScore, PlanSource, PlanUpdate
from npt.problem_solving.rules.retaining import Retention, effects_of_retention, obstacles_to_retention

GONE = "Disposed of"
"""What stands in place of a text that was disposed of."""
_TEXTS = tuple(column.name for column in Plan.__table__.columns if isinstance(column.type, Text))
"""The texts of a plan. Its problem and the reason of its marking are shorter, and go with them."""


def propose_disposals(on: dt.date, *, actor: Actor, at: dt.datetime) -> int:
    """Propose the disposal of closed plans whose day has come.

    Doing it again changes nothing. Returns how many are proposed that were not before.
    """
    waiting = select(Plan).where(
        Plan.retention_review_on <= on, Plan.disposed_at.is_(None), Plan.disposal_proposed_on.is_(None)
    )
    due = session.scalars(waiting.order_by(Plan.id).with_for_update()).all()
    for plan in due:
        plan.disposal_proposed_on = on
        audit.record("plan.disposal_proposed", f"plan:{plan.ref}", actor=actor, at=at, on=on)
    return len(due)


@dataclass(frozen=True, slots=True)
class NewRetention:
    """What is decided of a plan's text, and why; until when, if it is kept."""

    decision: Retention
    keep_until: dt.date | None
    reason: str


def decide_retention(ref: str, new: NewRetention, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Keep the text of a closed plan until another day, or dispose of it: its words go, its figures and days stay.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it was not proposed; without a reason; when the day to keep it until is not to come
    """
    plan = _to_decide(ref, new, actor, on)
    if new.decision is Retention.KEEP:
        plan.retention_review_on, plan.disposal_proposed_on = new.keep_until, None
        audit.record("plan.kept", f"plan:{ref}", actor=actor, at=at, until=new.keep_until, reason=new.reason)
        return
    _dispose(plan)
    plan.disposed_at, plan.disposed_by = at, actor.name
    audit.record("plan.disposed", f"plan:{ref}", actor=actor, at=at, reason=new.reason)


def foresee_retention(ref: str, new: NewRetention, *, actor: Actor, on: dt.date) -> list[Effect]:
    """What a decision would do; it changes nothing.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it could not be decided so
    """
    _to_decide(ref, new, actor, on)
    return effects_of_retention(new.decision, new.keep_until)


def _to_decide(ref: str, new: NewRetention, actor: Actor, on: dt.date) -> Plan:
    plan = queries.plan_to_change(ref, actor)
    reasons = [*obstacles_to_retention(new.decision, new.keep_until, new.reason, on)]
    if plan.disposal_proposed_on is None or plan.disposed_at is not None:
        reasons.append(Reason("The disposal of this plan is not proposed"))
    refuse_if_any(reasons)
    return plan


_TEXTS_ABOUT = (
    (PlanSource, "says"),
    (PlanAction, "what"),
    (PlanAction, "cancelled_because"),
    (PlanActionChange, "was_what"),
    (PlanActionChange, "reason"),
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
