"""What becomes of a priority before and after a chair decides: raised, decided on, worked on, reviewed, reopened."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, refuse_if_any
from npt.mail.rules import Post
from npt.panels import queries
from npt.panels.models import CommunityFeedback, Priority
from npt.panels.rules.minuted import obstacles_to_minute, obstacles_to_order
from npt.panels.rules.priorities import (
    next_ref,
    obstacles_to_deciding,
    obstacles_to_feedback,
    obstacles_to_reason,
    obstacles_to_step,
)
from npt.panels.rules.signing import obstacles_to_letting_go
from npt.panels.rules.vocabulary import EventKind, PriorityState
from npt.panels.services.invitations import tell_signatories
from npt.panels.services.steps import Because, mend, take
from npt.people.models import Panel
from npt.problem_solving import services as plans
from npt.problem_solving.models import Plan
from npt.problem_solving.services import NewPlan

NOT_YOURS = "Only the chair or vice-chair in office records this, or a supervisor of the team that leads the panel"
NOT_CHAIRS = (
    "Only the chair or vice-chair in office withdraws it, since its plan may then be closed without a signature. Write "
    "the decision into the minutes: they find it on their first page"
)


@dataclass(frozen=True, slots=True)
class NewPriority:
    """What residents ask for. ``recommended``: by the profile and not raised at a meeting."""

    title: str
    detail: str | None
    source: str | None
    recommended: bool = False
    meeting_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a panel decided: at which meeting, by which minute, and why."""

    meeting_id: int | None
    minute_ref: str
    reason: str = ""


def raise_priority(code: str, new: NewPriority, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> Priority:
    """Recommend a priority to a panel, or write down one that was raised.

    :raises NoResultFound: when there is no such panel, or it serves none of the actor's teams
    :raises Refused: when it was raised at no meeting of the panel, or is there already
    """
    panel = queries.panel_to_serve(code, actor.scope)
    db.lock_record("priorities")
    meeting = queries.meeting_of(panel.id, new.meeting_id, zone)
    reasons = []
    if new.meeting_id is not None and meeting is None:
        reasons.append(Reason("Choose a meeting of this panel", "meeting_id"))
    if _there_already(panel, new.title):
        reasons.append(Reason("The panel has a priority of this title that is not answered yet", "title"))
    refuse_if_any(reasons)
    priority = Priority(
        ref=next_ref(panel.code, queries.refs_that_begin(f"{panel.code}-")),
        panel_id=panel.id,
        title=new.title,
        detail=new.detail,
        source=new.source,
        state=PriorityState.RECOMMENDED if new.recommended else PriorityState.RAISED,
    )
    session.add(priority)
    session.flush()
    kind = EventKind.RECOMMENDED if new.recommended else EventKind.RAISED
    take(priority, kind, Because(meeting), actor=actor, at=at)
    return priority


_OVER = (PriorityState.DECLINED, PriorityState.SIGNED_OFF, PriorityState.WITHDRAWN)


def _there_already(panel: Panel, title: str) -> bool:
    same = select(Priority.id).where(
        Priority.panel_id == panel.id, Priority.title == title, Priority.state.not_in(_OVER)
    )
    return session.scalar(same.limit(1)) is not None


def adopt_priority(
    priority_id: int, decision: Decision, *, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo
) -> int:
    """Record that the panel adopted a priority. Returns how many it has going now.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it was decided already, at no meeting held, by no minute, or is not the actor's to record
    """
    priority = queries.priority_to_change(priority_id, actor.scope)
    because = _decided(priority, EventKind.ADOPTED, decision, actor=actor, on=on, zone=zone)
    _settle(priority, because)
    take(priority, EventKind.ADOPTED, because, actor=actor, at=at)
    return queries.adopted_now(priority.panel_id)


def decline_priority(
    priority_id: int, decision: Decision, *, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo
) -> None:
    """Record that the panel declined a priority, and why.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: as of adopting; without a reason
    """
    priority = queries.priority_to_change(priority_id, actor.scope)
    because = _decided(priority, EventKind.DECLINED, decision, actor=actor, on=on, zone=zone)
    _settle(priority, because)
    take(priority, EventKind.DECLINED, because, actor=actor, at=at)


def withdraw_priority(
    priority_id: int, decision: Decision, *, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo
) -> None:
    """Record that the panel no longer asks for a priority. Its plan needs no sign-off any more.

    So it is the chair's, as a signature is, and not for whoever wrote, owns or supervises the plan.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it was not adopted, or is signed off; as of adopting; without a reason; out of office; before
        it was adopted; when the plan is their own
    """
    plans.one_at_a_time()
    priority = queries.priority_to_change(priority_id, actor.scope)
    because = _decided(priority, EventKind.WITHDRAWN, decision, actor=actor, on=on, zone=zone)
    refuse_if_any(obstacles_to_letting_go(queries.signer_for(priority, actor, on)))
    take(priority, EventKind.WITHDRAWN, because, actor=actor, at=at)
    mend(priority, EventKind.WITHDRAWN, actor=actor, at=at, on=on)
    if priority.plan_id is not None:
        plans.release(priority.plan_id, actor=actor, at=at)
        priority.plan_id = None


_WHY = {
    EventKind.DECLINED: "Enter why the panel declined it",
    EventKind.WITHDRAWN: "Enter why the panel no longer asks for it",
}


def _decided(
    priority: Priority, kind: EventKind, decision: Decision, *, actor: Actor, on: dt.date, zone: ZoneInfo
) -> Because:
    """What a decision of the panel stands on, once nothing is in its way."""
    meeting = queries.meeting_of(priority.panel_id, decision.meeting_id, zone)
    reasons = [*obstacles_to_step(kind, priority.state), *obstacles_to_deciding(meeting, decision.minute_ref)]
    if meeting is not None:
        reasons += obstacles_to_minute(decision.minute_ref, queries.issued_numbers(meeting.id), meeting.on)
        if kind is EventKind.WITHDRAWN:
            reasons += obstacles_to_order(meeting.on, _adopted_on(priority, zone))
    if kind in _WHY:
        reasons += obstacles_to_reason(decision.reason, _WHY[kind])
    in_office = queries.term_held(priority.panel_id, actor, on) is not None
    if kind is EventKind.WITHDRAWN and not in_office:
        reasons.append(Reason(NOT_CHAIRS))
    elif not in_office and not _leads(priority, actor):
        reasons.append(Reason(NOT_YOURS))
    refuse_if_any(reasons)
    return Because(meeting, decision.minute_ref.strip(), decision.reason.strip() or None)


def _adopted_on(priority: Priority, zone: ZoneInfo) -> dt.date | None:
    meeting = queries.meeting_of(priority.panel_id, priority.adopted_at_id, zone)
    return meeting.on if meeting else None


def _leads(priority: Priority, actor: Actor) -> bool:
    return actor.scope.has_team(priority.panel.lead_team_id)


def _settle(priority: Priority, because: Because) -> None:
    """The meeting that decided on a priority stands on it, with its minute."""
    priority.adopted_at_id = because.meeting.id if because.meeting else None
    priority.minute_ref = because.minute_ref


def tie_plan(priority_id: int, ref: str, *, actor: Actor, at: dt.datetime, on: dt.date, reason: str = "") -> None:
    """Have an open plan answer a priority, or another plan than the one that did.

    :raises NoResultFound: when the actor may not see the panel, or the plan
    :raises Refused: when it is not adopted, or waits for the chair; when the plan is closed, answers another priority,
        or belongs to a team the panel does not serve; when it takes another's place without a reason
    """
    plans.one_at_a_time()
    priority = queries.priority_to_change(priority_id, actor.scope)
    reasons = [*obstacles_to_step(EventKind.STARTED, priority.state)]
    if priority.plan_id is not None:
        reasons += obstacles_to_reason(reason, "Enter why another plan answers it now")
    refuse_if_any(reasons)
    plan = plans.need_sign_off(ref, actor=actor, at=at)
    if plan.team_id not in {row.team_id for row in queries.served(priority.panel_id)}:
        refuse_if_any([Reason("Choose a plan of a team that this panel serves", "plan")])
    before = session.get(Plan, priority.plan_id) if priority.plan_id is not None else None
    priority.plan_id = plan.id
    session.flush()
    if before is not None:
        plans.release(before.id, actor=actor, at=at)
    take(priority, EventKind.STARTED, Because(reason=reason.strip() or None), actor=actor, at=at)
    mend(priority, EventKind.STARTED, actor=actor, at=at, on=on)


def start_plan(priority_id: int, new: NewPlan, *, actor: Actor, at: dt.datetime, on: dt.date) -> str:
    """Open a plan for a priority. Returns its ref.

    :raises NoResultFound: when the actor may not see the panel, or the team is not theirs
    :raises Refused: as of opening a plan, and of naming one that is there
    """
    plans.one_at_a_time()
    priority = queries.priority_to_change(priority_id, actor.scope)
    refuse_if_any(obstacles_to_step(EventKind.STARTED, priority.state))
    ref = plans.open_plan(new, actor=actor, at=at, on=on)
    tie_plan(priority_id, ref, actor=actor, at=at, on=on)
    return ref


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to write to those whose signature is asked for: the page to lead to, and the day."""

    post: Post
    on: dt.date


def put_forward(priority_id: int, *, actor: Actor, at: dt.datetime, telling: Telling | None = None) -> int:
    """Put a priority forward for sign-off. Returns how many of those who may sign it were written to.

    :param telling: nothing where no emails are sent
    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it is not in progress, or no plan answers it
    """
    priority = queries.priority_to_change(priority_id, actor.scope)
    reasons = [*obstacles_to_step(EventKind.PUT_FORWARD, priority.state)]
    if not reasons and priority.plan_id is None:
        reasons.append(Reason("Name the plan that answers it first"))
    refuse_if_any(reasons)
    take(priority, EventKind.PUT_FORWARD, actor=actor, at=at)
    return tell_signatories(priority, telling.post, actor=actor, at=at, on=telling.on) if telling else 0


def review_priority(priority_id: int, text: str, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Write down what a review of a priority found.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it is not adopted or is answered; without a word
    """
    priority = queries.priority_to_change(priority_id, actor.scope)
    refuse_if_any(
        [
            *obstacles_to_step(EventKind.REVIEWED, priority.state),
            *obstacles_to_reason(text, "Enter what the review found"),
        ]
    )
    take(priority, EventKind.REVIEWED, Because(reason=text.strip()), actor=actor, at=at)
    mend(priority, EventKind.REVIEWED, actor=actor, at=at, on=on)


def reopen_priority(priority_id: int, reason: str, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Take up again a priority that was signed off. What was signed stays; another signature may follow.

    Its plan goes on if it is still open; a closed one stays closed, and another has to be opened.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it is not signed off; without a reason; when it is not the actor's to reopen
    """
    plans.one_at_a_time()
    priority = queries.priority_to_change(priority_id, actor.scope)
    reasons = [
        *obstacles_to_step(EventKind.REOPENED, priority.state),
        *obstacles_to_reason(reason, "Enter why it is taken up again"),
    ]
    if not (_leads(priority, actor) or queries.term_held(priority.panel_id, actor, on)):
        reasons.append(Reason(NOT_YOURS))
    refuse_if_any(reasons)
    if priority.plan_id is not None and not plans.take_back_sign_off(priority.plan_id, actor=actor, at=at):
        priority.plan_id = None
    take(priority, EventKind.REOPENED, Because(reason=reason.strip()), actor=actor, at=at)
    mend(priority, EventKind.REOPENED, actor=actor, at=at, on=on)


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """What the community says of a priority, on which day and heard where."""

    on: dt.date
    source: str
    view: str


def add_feedback(priority_id: int, new: NewFeedback, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Write down what the community says of a priority.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it would be heard in the future, or is written down already
    """
    priority = queries.priority_to_change(priority_id, actor.scope)
    same = select(CommunityFeedback.id).filter_by(priority_id=priority.id, on=new.on, source=new.source, view=new.view)
    reasons = [*obstacles_to_feedback(new.on, on)]
    if session.scalar(same.limit(1)) is not None:
        reasons.append(Reason("This is written down already", "view"))
    refuse_if_any(reasons)
    session.add(
        CommunityFeedback(
            priority_id=priority.id,
            on=new.on,
            source=new.source,
            view=new.view,
            recorded_at=at,
            recorded_by=actor.name,
        )
    )
    audit.record(
        "priority.feedback_added", f"priority:{priority.ref}", actor=actor, at=at, heard_on=new.on, source=new.source
    )


def tell_of_closed_plan(plan_id: int, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Leave a step on the priority whose plan was just closed."""
    priority = session.scalar(select(Priority).where(Priority.plan_id == plan_id).with_for_update())
    if priority is not None:
        take(priority, EventKind.CLOSED, actor=actor, at=at)
        mend(priority, EventKind.CLOSED, actor=actor, at=at, on=on)


plans.when_closed(tell_of_closed_plan)
