"""One priority whole: its plan, what the community says, its steps, what was signed, and what stands in the way."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from npt.accounts.models import User
from npt.core.authority import EVERYTHING, Actor, Permission, Scope
from npt.core.db import session
from npt.core.periods import local_day
from npt.panels.models import ChairTerm, CommunityFeedback, Meeting, Priority, PriorityEvent, Signature
from npt.panels.queries.panels import (
    PanelLine,
    PriorityRow,
    SittingRow,
    panel_page,
    panels_on,
    sitting_of,
    term_of,
    visible,
)
from npt.panels.rules.findings import Going
from npt.panels.rules.meetings import Sitting
from npt.panels.rules.priorities import Review, can, review
from npt.panels.rules.signing import Case, Consent, Obstacle, Part, Signer, obstacles
from npt.panels.rules.terms import Term
from npt.panels.rules.vocabulary import CURRENT, ChairType, EventKind, MeetingStatus, Office, PriorityState
from npt.people.models import Panel
from npt.policy.rules import Policy
from npt.problem_solving import queries as plans
from npt.problem_solving.models import Plan
from npt.problem_solving.queries import PlanSummary


def priority_to_change(priority_id: int, scope: Scope) -> Priority:
    """A priority of a panel the actor may see, locked until the transaction ends.

    :raises NoResultFound: when there is none, or its panel is none of theirs
    """
    statement = select(Priority).join(Priority.panel).where(Priority.id == priority_id, visible(scope))
    return session.scalars(statement.with_for_update(of=Priority)).one()


def panel_to_serve(code: str, scope: Scope) -> Panel:
    """A panel the actor may see.

    :raises NoResultFound: when there is none, or it is none of theirs
    """
    return session.scalars(select(Panel).where(Panel.code == code, visible(scope))).one()


def refs_that_begin(start: str) -> list[str]:
    """The references of priorities that begin so, of whichever panel they are."""
    return list(session.scalars(select(Priority.ref).where(Priority.ref.startswith(start, autoescape=True))))


def meeting_of(panel_id: int, meeting_id: int | None, zone: ZoneInfo) -> Sitting | None:
    """A meeting of a panel; nothing when it is another panel's, or none was named."""
    row = session.scalar(select(Meeting).where(Meeting.id == meeting_id, Meeting.panel_id == panel_id))
    return sitting_of(row, zone) if row else None


def term_held(panel_id: int, actor: Actor, on: dt.date) -> Term | None:
    """The office of a panel that somebody holds on a day: the chair's before the vice-chair's, should they hold both.

    Users are known to be who chairs a panel by the address they sign in with.
    """
    if actor.user_id is None:
        return None
    rows = session.scalars(
        select(ChairTerm)
        .join(User, func.lower(User.email) == func.lower(ChairTerm.email))
        .where(
            User.id == actor.user_id,
            ChairTerm.panel_id == panel_id,
            ChairTerm.first_day <= on,
            ChairTerm.last_day.is_(None) | (ChairTerm.last_day >= on),
        )
        .order_by(ChairTerm.office)
    )
    return next((term_of(row) for row in rows), None)


def round_of(priority_id: int) -> int:
    """Which signature of a priority would be the next: the first, and one more for each time it was reopened."""
    reopened = select(func.count(PriorityEvent.id)).where(
        PriorityEvent.priority_id == priority_id, PriorityEvent.kind == EventKind.REOPENED
    )
    return 1 + (session.scalar(reopened) or 0)


def adopted_now(panel_id: int) -> int:
    """How many priorities a panel has going."""
    going = select(func.count(Priority.id)).where(Priority.panel_id == panel_id, Priority.state.in_(CURRENT))
    return session.scalar(going) or 0


def priority_of_plan(ref: str, scope: Scope) -> int:
    """The id of the priority that a plan answers.

    :raises NoResultFound: when it answers none, or one of a panel the actor may not see
    """
    statement = select(Priority.id).join(Priority.plan).join(Priority.panel).where(Plan.ref == ref, visible(scope))
    return session.scalars(statement).one()


@dataclass(frozen=True, slots=True)
class EventLine:
    """A step of a priority, with the meeting it belongs to and the plan it was about."""

    id: int
    priority_id: int
    kind: EventKind
    at: dt.datetime
    by: str
    meeting_id: int | None
    minute_ref: str | None
    reason: str | None
    plan: str | None


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """What the community says."""

    on: dt.date
    source: str
    view: str
    recorded_at: dt.datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """What was signed, by whom and how."""

    id: int
    text: str
    sha256: str
    signed_at: dt.datetime
    signed_by: str
    office: Office
    chair_type: ChairType
    meeting_id: int
    minute_ref: str
    consent: Consent


@dataclass(frozen=True, slots=True)
class PriorityPage:
    """One priority of a panel whole, and what the actor is to it. Everything dated newest first.

    ``term``: the office of the panel that the actor holds today. ``theirs``: a team of theirs leads the panel.
    """

    panel: PanelLine
    theirs: bool
    priority: PriorityRow
    decided_at: SittingRow | None
    plan: PlanSummary | None
    plan_seen: bool
    events: Sequence[EventLine]
    feedback: Sequence[FeedbackLine]
    signatures: Sequence[SignatureLine]
    term: Term | None
    obstacles: Sequence[Obstacle]
    review: Review | None

    def can(self, step: str) -> bool:
        """Whether a step can be taken from where it stands."""
        return can(EventKind(step), self.priority.state)

    @property
    def records(self) -> bool:
        """Whether the actor may record what the panel decided: in office, or of the team that leads it."""
        return self.term is not None or self.theirs

    @property
    def lets_go(self) -> bool:
        """Whether the actor may withdraw it: in office, and the plan is not their own."""
        return self.term is not None and all(each.part is not Part.INDEPENDENCE for each in self.obstacles)

    @property
    def meetings(self) -> Mapping[int, SittingRow]:
        """The panel's meetings by their ids."""
        return {row.sitting.id: row for row in self.panel.meetings}

    @property
    def held(self) -> list[SittingRow]:
        """The meetings held, the last first."""
        return [row for row in reversed(self.panel.meetings) if row.sitting.status is MeetingStatus.HELD]

    @property
    def held_since(self) -> list[SittingRow]:
        """Those from the one that adopted it on: the panel cannot have let go of it before."""
        adopted = self.decided_at
        return [row for row in self.held if adopted is None or row.sitting.on >= adopted.sitting.on]

    @property
    def planned(self) -> list[SittingRow]:
        """The meetings still to come."""
        return [row for row in self.panel.to_come if row.sitting.status is MeetingStatus.PLANNED]

    @property
    def signature(self) -> SignatureLine | None:
        """The signature that stands: of what is signed off and was not reopened."""
        return self.signatures[0] if self.signatures and self.priority.state is PriorityState.SIGNED_OFF else None


def priority_page(priority_id: int, actor: Actor, on: dt.date, policy: Policy, zone: ZoneInfo) -> PriorityPage:
    """One priority.

    :raises NoResultFound: when there is none, or the actor may not see its panel
    """
    statement = select(Panel.code).join(Priority, Priority.panel_id == Panel.id).where(Priority.id == priority_id)
    page = panel_page(session.scalars(statement).one(), actor.scope, on, policy, zone)
    [row] = [each for each in page.panel.priorities if each.id == priority_id]
    decided_at = next((each for each in page.panel.meetings if each.sitting.id == row.adopted_at_id), None)
    plan = plans.plan_summaries([row.plan_id]).get(row.plan_id) if row.plan_id else None
    events, heard, term = events_of([priority_id]), feedback_of(priority_id), term_held(page.panel.id, actor, on)
    return PriorityPage(
        panel=page.panel,
        theirs=page.theirs,
        priority=row,
        decided_at=decided_at,
        plan=plan,
        plan_seen=plan is not None and _sees(plan, actor),
        events=events,
        feedback=heard,
        signatures=_signatures(priority_id),
        term=term,
        obstacles=obstacles(case_of(row.state, plan, heard, page.panel.meetings), signer_of(term, plan, actor)),
        review=_review(row, decided_at, events, policy, zone),
    )


def case_of(
    state: PriorityState, plan: PlanSummary | None, heard: Sequence[FeedbackLine], meetings: Sequence[SittingRow]
) -> Case:
    """What the rules of signing ask about a priority and its plan."""
    return Case(
        state=state,
        stage=plan.stage if plan else None,
        result=plan is not None and plan.has_result,
        closed=plan is not None and plan.closed_at is not None,
        last_action_on=plan.last_done_on if plan else None,
        heard_on=max((line.on for line in heard), default=None),
        meetings_held=sum(row.sitting.status is MeetingStatus.HELD for row in meetings),
    )


def signer_of(term: Term | None, plan: PlanSummary | None, actor: Actor) -> Signer:
    """What somebody who would sign has to do with the plan: they wrote or own it, or command the team whose it is."""
    if plan is None:
        return Signer(term, wrote_or_owns=False, supervises=False)
    wrote = actor.user_id is not None and plan.author_user_id == actor.user_id
    commands = actor.may(Permission.SUPERVISE_PLANS) and actor.scope.has_team(plan.team_id)
    return Signer(
        term,
        wrote_or_owns=wrote or actor.person_id in plan.writer_ids,
        supervises=commands or (actor.person_id is not None and actor.person_id == plan.supervisor_id),
    )


def signer_for(priority: Priority, actor: Actor, on: dt.date) -> Signer:
    """What somebody who would decide on a priority has to do with it on a day."""
    plan = plans.plan_summaries([priority.plan_id]).get(priority.plan_id) if priority.plan_id else None
    return signer_of(term_held(priority.panel_id, actor, on), plan, actor)


def _sees(plan: PlanSummary, actor: Actor) -> bool:
    """Whether the plan's own page is the actor's to open, as far as can be told without opening it."""
    if not (actor.may(Permission.VIEW_PLANS) and actor.scope.has_team(plan.team_id)):
        return False
    return not plan.restricted or actor.may(Permission.SUPERVISE_PLANS)


def _review(
    row: PriorityRow, decided_at: SittingRow | None, events: Sequence[EventLine], policy: Policy, zone: ZoneInfo
) -> Review | None:
    if row.state not in CURRENT or decided_at is None:
        return None
    reviewed = max((local_day(step.at, zone) for step in events if step.kind is EventKind.REVIEWED), default=None)
    return review(decided_at.sitting.on, reviewed, policy.priority_review_months)


def events_of(priority_ids: Sequence[int]) -> list[EventLine]:
    """The steps of priorities, newest first."""
    return _events(PriorityEvent.priority_id.in_(priority_ids))


def decisions_at(meeting_id: int) -> list[EventLine]:
    """What was decided about priorities at a meeting, in the order it was recorded; what was put off to it too."""
    return list(reversed(_events(PriorityEvent.meeting_id == meeting_id)))


def _events(wanted: ColumnElement[bool]) -> list[EventLine]:
    rows = session.execute(
        select(PriorityEvent, Plan.ref)
        .outerjoin(Plan, Plan.id == PriorityEvent.plan_id)
        .where(wanted)
        .order_by(PriorityEvent.id.desc())
    )
    return [
        EventLine(
            row.id, row.priority_id, row.kind, row.at, row.by, row.meeting_id, row.minute_ref, row.reason, plan_ref
        )
        for row, plan_ref in rows
    ]


def feedback_of(priority_id: int) -> list[FeedbackLine]:
    """What the community says of a priority, the last heard first."""
    rows = session.scalars(
        select(CommunityFeedback)
        .where(CommunityFeedback.priority_id == priority_id)
        .order_by(CommunityFeedback.on.desc(), CommunityFeedback.id.desc())
    )
    return [FeedbackLine(row.on, row.source, row.view, row.recorded_at, row.recorded_by) for row in rows]


def _signatures(priority_id: int) -> list[SignatureLine]:
    rows = session.scalars(
        select(Signature).where(Signature.priority_id == priority_id).order_by(Signature.round.desc())
    )
    return [signature_line(row) for row in rows]


def signature_line(row: Signature) -> SignatureLine:
    """A signature as pages show it."""
    return SignatureLine(
        row.id,
        row.text,
        row.sha256,
        row.signed_at,
        row.signed_by,
        row.office,
        row.chair_type,
        row.meeting_id,
        row.minute_ref,
        Consent(row.unanimous, row.votes_for, row.votes_against, row.votes_abstained),
    )


def going(on: dt.date, policy: Policy, zone: ZoneInfo) -> list[Going]:
    """Every priority that the nightly check judges as on a day. A few statements, however many there are."""
    lines = [line for line in panels_on(EVERYTHING, on, policy, zone) if line.live]
    rows = [
        (line, row) for line in lines for row in line.priorities if row.state in CURRENT | {PriorityState.SIGNED_OFF}
    ]
    last: dict[tuple[int, EventKind], dt.date] = {}
    for step in reversed(events_of([row.id for _, row in rows])):
        last[step.priority_id, step.kind] = local_day(step.at, zone)
    still_open = _open_plans([row.plan_id for _, row in rows if row.plan_id is not None])
    found = []
    for line, row in rows:
        adopted = next((each.sitting.on for each in line.meetings if each.sitting.id == row.adopted_at_id), None)
        if adopted is None or adopted > on:
            continue
        due = row.state in CURRENT
        months = policy.priority_review_months
        found.append(
            Going(
                row.ref,
                row.title,
                line.name,
                line.lead.id,
                row.plan_id is not None,
                review(adopted, last.get((row.id, EventKind.REVIEWED)), months) if due else None,
                last.get((row.id, EventKind.SIGNED_OFF)) if not due and row.plan_id in still_open else None,
            )
        )
    return found


def _open_plans(plan_ids: Sequence[int]) -> frozenset[int]:
    return frozenset(session.scalars(select(Plan.id).where(Plan.id.in_(plan_ids), Plan.closed_at.is_(None))))


def priority_by_ref(ref: str, scope: Scope) -> int:
    """The id of a priority by its reference.

    :raises NoResultFound: when there is none, or its panel is none of the actor's
    """
    return session.scalars(select(Priority.id).join(Priority.panel).where(Priority.ref == ref, visible(scope))).one()


def decided_refs() -> tuple[frozenset[str], frozenset[str]]:
    """The priorities that took a step here, and the meetings that decisions name, by their references.

    What was put off to a meeting was not decided at it.
    """
    steps = select(Priority.ref).where(Priority.id.in_(select(PriorityEvent.priority_id)))
    named = select(PriorityEvent.meeting_id).where(PriorityEvent.kind != EventKind.DEFERRED)
    meetings = select(Meeting.ref).where(Meeting.id.in_(named))
    return frozenset(session.scalars(steps)), frozenset(session.scalars(meetings))
