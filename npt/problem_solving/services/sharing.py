"""Share what a plan teaches: propose it as good practice, decide on that, reuse a plan, score one."""

import datetime as dt
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.people.models import Team
from npt.problem_solving import queries
from npt.problem_solving.models import GoodPractice, Plan, PlanMeasure, PlanReuse, PlanScore
from npt.problem_solving.queries.one import facts_of
from npt.problem_solving.queries.seeing import readable
from npt.problem_solving.rules import sharing
from npt.problem_solving.rules.sharing import PracticeState, Score


def propose_practice(ref: str, lesson: str, *, actor: Actor, at: dt.datetime) -> None:
    """Propose a plan as good practice, with what others can take from it. Also one that is closed already.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: before an assessment with a result; of a restricted plan; when it is proposed or approved already
    """
    plan = queries.plan_to_change(ref, actor)
    practice = _practice(plan)
    measure = session.scalar(select(PlanMeasure).where(PlanMeasure.plan_id == plan.id))
    refuse_if_any(
        sharing.obstacles_to_proposing(
            facts_of(plan, measure, 0, 0),
            restricted=plan.marking_reason is not None,
            state=practice.state if practice else None,
        )
    )
    if practice is None:
        practice = GoodPractice(plan_id=plan.id)
        session.add(practice)
    practice.lesson, practice.state = lesson, PracticeState.PROPOSED
    practice.proposed_at, practice.proposed_by = at, actor.name
    practice.decided_at = practice.decided_by = practice.reason = None
    audit.record("plan.practice_proposed", f"plan:{ref}", actor=actor, at=at, lesson=lesson)


def _practice(plan: Plan) -> GoodPractice | None:
    return session.scalar(select(GoodPractice).where(GoodPractice.plan_id == plan.id))


def decide_practice(ref: str, to: PracticeState, reason: str, *, actor: Actor, at: dt.datetime) -> None:
    """Approve or decline a proposal, or withdraw what was approved.

    :raises NoResultFound: when the actor may not see the plan, or nobody proposed it
    :raises Refused: when it was decided already; of a restricted plan; without a reason where one is needed
    """
    plan = queries.plan_to_change(ref, actor)
    practice = _practice(plan)
    if practice is None:
        raise NoResultFound
    refuse_if_any(sharing.obstacles_to_deciding(practice.state, to, reason, restricted=plan.marking_reason is not None))
    before = practice.state
    practice.state, practice.decided_at, practice.decided_by, practice.reason = to, at, actor.name, reason or None
    audit.record(
        f"plan.practice_{to.value}",
        f"plan:{ref}",
        actor=actor,
        at=at,
        before={"good_practice": before},
        after={"good_practice": to},
        reason=reason or None,
    )


def reuse(ref: str, from_ref: str, *, actor: Actor, at: dt.datetime, field: str = "from_ref") -> None:
    """Say that a plan takes something from another one, which the actor may read. Saying it again changes nothing.

    :param field: where the other one was typed
    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed; when the other is itself, or none that the actor may read
    """
    plan = queries.plan_to_change(ref, actor)
    asked = select(Plan).join(Team, Team.id == Plan.team_id).where(Plan.ref == from_ref.strip().upper())
    other = session.scalar(asked.where(readable(actor)))
    if other is None:
        raise Refused(Reason("Enter the number of a plan you may read, such as P-12", field))
    refuse_if_any(sharing.obstacles_to_reuse(plan.id, other.id, field, closed=plan.closed_at is not None))
    if session.scalar(select(PlanReuse.id).filter_by(plan_id=plan.id, from_plan_id=other.id)) is not None:
        return
    session.add(PlanReuse(plan_id=plan.id, from_plan_id=other.id, at=at, by=actor.name))
    plan.last_update_at = at
    audit.record("plan.reuses", f"plan:{ref}", actor=actor, at=at, takes_from=other.ref)
    # Not the other plan's number: its readers may not be those of this one.
    audit.record("plan.reused", f"plan:{other.ref}", actor=actor, at=at)


def score_plan(ref: str, score: Score, note: str, *, actor: Actor, at: dt.datetime) -> None:
    """Score how well a plan was made, as its supervisor sees it. Also one that is closed: it teaches the next.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when a stage is not given 0 to 5; when the actor wrote the plan or owns it; when the same form was
        sent twice
    """
    plan = queries.plan_to_change(ref, actor)
    reasons = sharing.obstacles_to_score(score)
    own = actor.person_id is not None and actor.person_id in (plan.author_id, plan.owner_id)
    if own or (actor.user_id is not None and actor.user_id == plan.author_user_id):
        reasons.append(Reason("You wrote this plan or own it: another supervisor scores it"))
    given = next(iter(queries.scores_of(plan.id)), None)
    if given is not None and (given.by, given.note, given.score) == (actor.name, note, score):
        reasons.append(Reason("This is the score you gave last, and it is kept"))
    refuse_if_any(reasons)
    session.add(PlanScore(plan_id=plan.id, **asdict(score), note=note, at=at, by=actor.name))
    audit.record("plan.scored", f"plan:{ref}", actor=actor, at=at, total=score.total, **asdict(score))
