"""What a plan learns of the panel whose priority it answers: that it needs a sign-off, and that it has it (RULES 5).

Panels ask for these, having judged who may. A plan does not know panels.
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused
from npt.problem_solving import queries
from npt.problem_solving.models import Plan


def one_at_a_time() -> None:
    """Wait until nobody else signs off, reopens, withdraws or closes: a priority and its plan are changed together.

    A plan is closed from the plan and signed off from the priority; each would wait for what the other holds.
    """
    db.lock_record("sign-offs")


Told = Callable[[int, Actor, dt.datetime, dt.date], None]
_to_tell: list[Told] = []


def when_closed(tell: Told) -> None:
    """Have somebody told of every plan that is closed, in the same transaction: its id, by whom, when, on which day."""
    _to_tell.append(tell)


def tell_of_closing(plan_id: int, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Tell those who asked that a plan is closed."""
    for tell in _to_tell:
        tell(plan_id, actor, at, on)


def need_sign_off(ref: str, *, actor: Actor, at: dt.datetime) -> Plan:
    """Have an open plan answer a panel's priority: it cannot be closed until it is signed off. It is given locked.

    :raises NoResultFound: when there is none, or the actor may not see it
    :raises Refused: when it is closed, or answers a priority already
    """
    plan = queries.plan_to_change(ref, actor)
    if plan.closed_at is not None:
        raise Refused(Reason("This plan is closed. Choose an open one, or open another", "plan"))
    if plan.needs_sign_off:
        raise Refused(Reason("This plan answers a priority already. Choose another plan", "plan"))
    plan.needs_sign_off = True
    audit.record("plan.sign_off_needed", f"plan:{ref}", actor=actor, at=at)
    return plan


def release(plan_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Have a plan answer no priority any more, so that its supervisor may close it. A closed one stays as it is."""
    plan = _locked(plan_id)
    if plan.closed_at is None and plan.needs_sign_off:
        plan.needs_sign_off, plan.signed_off_at, plan.signed_off_by_user_id = False, None, None
        audit.record("plan.sign_off_not_needed", f"plan:{plan.ref}", actor=actor, at=at)


def take_sign_off(plan_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Tell a plan that the panel signed off the priority it answers, and by whom, who then does not close it.

    :raises Refused: when it is closed, or needs none
    """
    plan = _locked(plan_id)
    if plan.closed_at is not None or not plan.needs_sign_off:
        raise Refused("The plan is closed, or answers no priority")
    plan.signed_off_at, plan.signed_off_by_user_id = at, actor.user_id
    audit.record("plan.signed_off", f"plan:{plan.ref}", actor=actor, at=at)


def take_back_sign_off(plan_id: int, *, actor: Actor, at: dt.datetime) -> bool:
    """Have an open plan need a sign-off anew: its priority was reopened. False when it is closed, for it stays so."""
    plan = _locked(plan_id)
    if plan.closed_at is not None:
        return False
    plan.signed_off_at, plan.signed_off_by_user_id = None, None
    audit.record("plan.sign_off_needed", f"plan:{plan.ref}", actor=actor, at=at, because="the priority was reopened")
    return True


def _locked(plan_id: int) -> Plan:
    return session.scalars(select(Plan).where(Plan.id == plan_id).with_for_update()).one()
