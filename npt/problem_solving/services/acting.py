"""Change and cancel actions of plans, with a reason, and keep what they were (docs/decisions/0072)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from npt.audit import services as audit
from npt.core.authority import Actor, Permission
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.problem_solving import queries
from npt.problem_solving.models import Plan, PlanAction, PlanActionChange
from npt.problem_solving.queries.changes import who_of
from npt.problem_solving.rules import stages
from npt.problem_solving.rules.acting import may_change_actions, obstacles_to_changing, obstacles_to_due_day
from npt.problem_solving.services.keeping import changeable
from npt.problem_solving.services.partners import kept_name


@dataclass(frozen=True, slots=True)
class ChangeOfAction:
    """What an action is to be from now on: what, whose, by when; and why it is changed."""

    what: str
    due_on: dt.date
    reason: str
    owner_id: int | None = None
    partner: str | None = None


def change_action(ref: str, action_id: int, new: ChangeOfAction, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Change an action. What it was, its day too, stays to be read beside it.

    What a partner had and another is to do is cancelled for them and added for the other: each reads their own.

    :raises NoResultFound: when there is no such action of the plan, or the actor may not see it
    :raises Refused: by anybody but the plan's owner or a supervisor; when it is done or cancelled; without a reason;
        when nothing differs; as a new action is refused
    """
    plan, action = _to_change(ref, action_id, actor)
    reasons = [
        *stages.obstacles_to_action(new.owner_id, new.partner),
        *obstacles_to_due_day(action.due_on, new.due_on, on),
    ]
    if new.owner_id not in {None, action.owner_id, *queries.people_of(plan.team_id, on)}:
        reasons.append(Reason("Choose somebody of the team", "owner_id"))
    refuse_if_any([*reasons, *_without(new.reason)])
    partner = kept_name(new.partner, actor=actor, at=at) if new.partner != action.partner else action.partner
    after: dict[str, object] = {"what": new.what, "owner_id": new.owner_id, "partner": partner, "due_on": new.due_on}
    before: dict[str, object] = {name: getattr(action, name) for name in after}
    differing = [name for name in after if before[name] != after[name]]
    if not differing:
        raise Refused(Reason("Nothing differs. Change what, who or the day, or leave it as it is", "what"))
    was = PlanActionChange(
        plan_id=plan.id,
        at=at,
        by=actor.name,
        reason=new.reason,
        was_what=action.what,
        was_who=who_of(action),
        was_partner=action.partner,
        was_due_on=action.due_on,
    )
    if action.partner is not None and partner != action.partner:
        action = _handed_over(action, partner, new, actor, on)
    for name in differing:
        setattr(action, name, after[name])
    was.action_id = action.id
    session.add(was)
    plan.last_update_at = at
    audit.record(
        "plan.action_changed",
        f"plan:{ref}",
        actor=actor,
        at=at,
        reason=new.reason,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
    )


def _handed_over(action: PlanAction, partner: str | None, new: ChangeOfAction, actor: Actor, on: dt.date) -> PlanAction:
    _cancel(action, new.reason, actor, on)
    row = PlanAction(
        plan_id=action.plan_id,
        what=new.what,
        side=action.side,
        owner_id=new.owner_id,
        partner=partner,
        group_meeting_id=action.group_meeting_id,
        due_on=new.due_on,
    )
    session.add(row)
    session.flush()
    return row


def cancel_action(ref: str, action_id: int, reason: str, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Cancel an action. It stays to be read with the reason, by the partner whose it was too.

    :raises NoResultFound: when there is no such action of the plan, or the actor may not see it
    :raises Refused: by anybody but the plan's owner or a supervisor; when it is done or cancelled; without a reason
    """
    plan, action = _to_change(ref, action_id, actor)
    refuse_if_any(_without(reason))
    _cancel(action, reason, actor, on)
    plan.last_update_at = at
    audit.record(
        "plan.action_cancelled",
        f"plan:{ref}",
        actor=actor,
        at=at,
        what=action.what,
        due_on=action.due_on,
        reason=reason,
    )


def _cancel(action: PlanAction, reason: str, actor: Actor, on: dt.date) -> None:
    action.cancelled_on, action.cancelled_by, action.cancelled_because = on, actor.name, reason


def _without(reason: str) -> list[Reason]:
    return [] if reason.strip() else [Reason("Say why", "reason")]


def _to_change(ref: str, action_id: int, actor: Actor) -> tuple[Plan, PlanAction]:
    plan = changeable(ref, actor)
    asked = select(PlanAction).where(PlanAction.id == action_id, PlanAction.plan_id == plan.id)
    action = session.execute(asked).scalar_one()
    may = may_change_actions(actor.person_id, actor.may(Permission.SUPERVISE_PLANS), plan.owner_id, plan.supervisor_id)
    refuse_if_any([*obstacles_to_changing(may, action.done_on, action.cancelled_on)])
    return plan, action
