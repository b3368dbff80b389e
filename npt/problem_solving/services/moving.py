"""Move a plan on, take it back, close it (RULES sections 5 and 6)."""

import datetime as dt

from sqlalchemy import func, select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.core.periods import add_months
from npt.problem_solving import queries
from npt.problem_solving.models import Plan, PlanAction, PlanMeasure, PlanMove, PlanSource
from npt.problem_solving.queries.one import facts_of
from npt.problem_solving.rules import stages
from npt.problem_solving.rules.stages import Closer, Closing, Facts
from npt.problem_solving.rules.vocabulary import Outcome, Stage
from npt.problem_solving.services.signing import one_at_a_time, tell_of_closing


def _facts(plan: Plan) -> Facts:
    measure = session.scalar(select(PlanMeasure).where(PlanMeasure.plan_id == plan.id))
    sources = session.scalar(select(func.count(PlanSource.id)).where(PlanSource.plan_id == plan.id)) or 0
    actions = (
        session.scalar(
            select(func.count(PlanAction.id)).where(PlanAction.plan_id == plan.id, PlanAction.cancelled_on.is_(None))
        )
        or 0
    )
    return facts_of(plan, measure, sources, actions)


def move_on(ref: str, *, actor: Actor, at: dt.datetime) -> Stage:
    """Move a plan on to its next stage, which is returned.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: with everything its stage lacks
    """
    plan = queries.plan_to_change(ref, actor)
    _move(plan, stages.after_moving_on(_facts(plan)), None, actor=actor, at=at)
    return plan.stage


def move_back(ref: str, to: Stage | None, reason: str, *, actor: Actor, at: dt.datetime) -> None:
    """Take a plan back to an earlier stage, and say why.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: without a reason, or to a stage that is not an earlier one
    """
    plan = queries.plan_to_change(ref, actor)
    _move(plan, stages.after_going_back(_facts(plan), to, reason), reason, actor=actor, at=at)


def _move(plan: Plan, to: Stage, reason: str | None, *, actor: Actor, at: dt.datetime) -> None:
    before, plan.stage, plan.last_update_at = plan.stage, to, at
    session.add(PlanMove(plan_id=plan.id, at=at, by=actor.name, from_stage=before, to_stage=to, reason=reason))
    event = "plan.moved_back" if reason else "plan.moved_on"
    audit.record(
        event, f"plan:{plan.ref}", actor=actor, at=at, before={"stage": before}, after={"stage": to}, reason=reason
    )


def close_plan(
    ref: str, outcome: Outcome | None, *, actor: Actor, at: dt.datetime, on: dt.date, kept_months: int
) -> None:
    """Close a plan with its outcome, and fix until when its text is kept.

    :param kept_months: how long the text of a closed plan is kept (policy)
    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: with every reason: not assessed, not signed off, the actor's own, no outcome
    """
    one_at_a_time()
    plan = queries.plan_to_change(ref, actor)
    closing = Closing(
        plan.author_user_id,
        plan.author_id,
        plan.owner_id,
        plan.needs_sign_off,
        plan.signed_off_at,
        plan.signed_off_by_user_id,
    )
    closer = Closer(actor.person_id, actor.user_id)
    refuse_if_any([*stages.obstacles_to_closing(_facts(plan), closing, closer), *stages.obstacles_to_outcome(outcome)])
    plan.closed_at, plan.closed_by, plan.outcome, plan.last_update_at = at, actor.name, outcome, at
    plan.retention_review_on = add_months(on, kept_months)
    audit.record("plan.closed", f"plan:{ref}", actor=actor, at=at, outcome=outcome, kept_until=plan.retention_review_on)
    tell_of_closing(plan.id, actor=actor, at=at, on=on)
