"""Read one plan whole."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, select

from npt.core.authority import Actor, Permission
from npt.core.db import session
from npt.people.models import Person, Team, Ward
from npt.problem_solving.models import (
    Plan,
    PlanAction,
    PlanMeasure,
    PlanMove,
    PlanSource,
    PlanUpdate,
    PlanWard,
)
from npt.problem_solving.queries.changes import UNDONE, ChangeLine, changes_of, first_due
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.acting import may_change_actions
from npt.problem_solving.rules.health import past_target, target_reached
from npt.problem_solving.rules.impact import COUNTS, NO_COMPARISON, Impact, impact
from npt.problem_solving.rules.stages import Facts
from npt.problem_solving.rules.vocabulary import Better, Cheers, Method, Outcome, ProblemType, Side, SourceKind, Stage


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action of a plan. ``overdue`` on the day asked about."""

    id: int
    what: str
    side: Side | None
    who: str
    partner: str | None
    due_on: dt.date
    done_on: dt.date | None
    done_by: str | None
    overdue: bool
    owner_id: int | None = None
    cancelled_on: dt.date | None = None
    cancelled_by: str | None = None
    cancelled_because: str | None = None
    changes: Sequence[ChangeLine] = ()

    @property
    def undone(self) -> bool:
        """Still to be done: not done, and not cancelled."""
        return self.done_on is None and self.cancelled_on is None

    @property
    def first_due(self) -> dt.date | None:
        """The day it was due at first, if that was another."""
        return first_due(self.due_on, self.changes)


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """An update, or a supervisor's review."""

    at: dt.datetime
    by: str
    text: str
    review: bool
    next_review_on: dt.date | None


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A step from one stage to another."""

    at: dt.datetime
    by: str
    from_stage: Stage
    to_stage: Stage
    reason: str | None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where the problem is known from."""

    kind: SourceKind
    says: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """What a plan is measured by, with the counts its change is held against."""

    what: str
    source: str
    better: Better
    baseline_value: Decimal
    baseline_first: dt.date
    baseline_last: dt.date
    target_value: Decimal | None
    target_on: dt.date | None
    after_value: Decimal | None
    after_first: dt.date | None
    after_last: dt.date | None
    method: Method
    compared_with: str | None
    counts: Mapping[str, int | None]
    least: int | None

    @property
    def reached(self) -> bool:
        """Whether it was taken again and is at its target."""
        return self.target_value is not None and target_reached(self.better, self.target_value, self.after_value)

    def past_target(self, on: dt.date) -> bool:
        """Whether its day is gone and it is not there."""
        return past_target(self.target_on, self.reached, on)

    @property
    def impact(self) -> Impact:
        """What may be said of its change, by the limit in force when the counts were kept."""
        return impact(self.method, self.counts, self.better, self.least)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan whole. Actions: undone first, by the day they are due. Updates and moves: newest first."""

    id: int
    ref: str
    problem: str
    detail: str
    kind: ProblemType
    team_id: int
    team_code: str
    team_name: str
    author: str
    owner_id: int | None
    owner: str | None
    supervisor_id: int | None
    supervisor: str | None
    opened_at: dt.datetime
    last_update_at: dt.datetime
    closed_at: dt.datetime | None
    closed_by: str | None
    outcome: Outcome | None
    needs_sign_off: bool
    signed_off_at: dt.datetime | None
    marking_reason: str | None
    retention_review_on: dt.date | None
    disposal_proposed_on: dt.date | None
    disposed_at: dt.datetime | None
    disposed_by: str | None
    cheers: Mapping[Cheers, str]
    sides: Mapping[Side, tuple[str, str]]
    outer: Mapping[Side, str]
    hypotheses: str
    tried: str
    facts: Facts
    wards: Sequence[str]
    sources: Sequence[SourceLine]
    actions: Sequence[ActionLine]
    updates: Sequence[UpdateLine]
    moves: Sequence[MoveLine]
    measure: MeasureRow | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def impact(self) -> Impact:
        """What may be said of its change; of a plan without a measure, that there is no comparison."""
        return self.measure.impact if self.measure else NO_COMPARISON

    @property
    def sensitive(self) -> bool:
        return self.marking_reason is not None

    @property
    def answered(self) -> int:
        """How many of the six questions of the CHEERS test are answered."""
        return sum(bool(answer.strip()) for answer in self.cheers.values())

    @property
    def next_action(self) -> ActionLine | None:
        """The undone action due first."""
        return next((action for action in self.actions if action.undone), None)

    def may_change_actions(self, actor: Actor) -> bool:
        """Whether somebody changes and cancels its actions."""
        supervises = actor.may(Permission.SUPERVISE_PLANS)
        return self.is_open and may_change_actions(actor.person_id, supervises, self.owner_id, self.supervisor_id)

    def past_target(self, on: dt.date) -> bool:
        """Open, its target day gone, and the measure not there."""
        return self.is_open and self.measure is not None and self.measure.past_target(on)

    @property
    def overdue(self) -> int:
        """How many actions are past their day and not done."""
        return sum(action.overdue for action in self.actions)

    @property
    def next_review_on(self) -> dt.date | None:
        return next((update.next_review_on for update in self.updates if update.review), None)


def plan_page(ref: str, actor: Actor, on: dt.date) -> PlanPage:
    """One plan as its page shows it.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    return page_of(ref, visible(actor), on)


def page_of(ref: str, seen: ColumnElement[bool], on: dt.date) -> PlanPage:
    """One plan whole, if it is among those seen.

    :raises NoResultFound: when it is not
    """
    plan, team, measure = session.execute(
        select(Plan, Team, PlanMeasure)
        .join(Team, Team.id == Plan.team_id)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .where(Plan.ref == ref, seen)
    ).one()
    sources = session.scalars(select(PlanSource).where(PlanSource.plan_id == plan.id).order_by(PlanSource.id)).all()
    actions = _actions(plan.id, on)
    who = _names({plan.owner_id, plan.supervisor_id} - {None})
    wards = select(Ward.name).join(PlanWard, PlanWard.ward_id == Ward.id).where(PlanWard.plan_id == plan.id)
    return PlanPage(
        id=plan.id,
        ref=plan.ref,
        problem=plan.problem,
        detail=plan.detail,
        kind=plan.problem_type,
        team_id=team.id,
        team_code=team.code,
        team_name=team.name,
        author=plan.author,
        owner_id=plan.owner_id,
        owner=who.get(plan.owner_id or 0),
        supervisor_id=plan.supervisor_id,
        supervisor=who.get(plan.supervisor_id or 0),
        opened_at=plan.opened_at,
        last_update_at=plan.last_update_at,
        closed_at=plan.closed_at,
        closed_by=plan.closed_by,
        outcome=plan.outcome,
        needs_sign_off=plan.needs_sign_off,
        signed_off_at=plan.signed_off_at,
        marking_reason=plan.marking_reason,
        retention_review_on=plan.retention_review_on,
        disposal_proposed_on=plan.disposal_proposed_on,
        disposed_at=plan.disposed_at,
        disposed_by=plan.disposed_by,
        cheers={each: getattr(plan, f"cheers_{each.value}") for each in Cheers},
        sides=sides_of(plan),
        outer={side: getattr(plan, side.outer) for side in Side},
        hypotheses=plan.hypotheses,
        tried=plan.tried,
        facts=facts_of(plan, measure, len(sources), sum(action.cancelled_on is None for action in actions)),
        wards=session.scalars(wards.order_by(Ward.name)).all(),
        sources=[SourceLine(source.kind, source.says) for source in sources],
        actions=actions,
        updates=_updates(plan.id),
        moves=_moves(plan.id),
        measure=measure_row(measure) if measure else None,
    )


def sides_of(plan: Plan) -> Mapping[Side, tuple[str, str]]:
    """Each side of the triangle: what was found, and why it does not apply."""
    return {side: (getattr(plan, side.value), getattr(plan, f"{side.value}_not")) for side in Side}


def facts_of(plan: Plan, measure: PlanMeasure | None, sources: int, actions: int) -> Facts:
    """What a plan holds, as its stages ask for it."""
    return Facts(
        stage=plan.stage,
        first_stage=plan.first_stage,
        objective=plan.objective,
        problem=plan.problem,
        sources=sources,
        measured=measure is not None,
        sides={side: any(text.strip() for text in said) for side, said in sides_of(plan).items()},
        actions=actions,
        after=measure is not None and measure.after_value is not None,
        community_view=plan.community_view,
        result=plan.result,
        why=plan.why,
        closed=plan.closed_at is not None,
    )


def measure_row(measure: PlanMeasure) -> MeasureRow:
    """A measure as pages show it."""
    return MeasureRow(
        measure.what,
        measure.source,
        measure.better,
        measure.baseline_value,
        measure.baseline_first,
        measure.baseline_last,
        measure.target_value,
        measure.target_on,
        measure.after_value,
        measure.after_first,
        measure.after_last,
        measure.method,
        measure.compared_with,
        {name: getattr(measure, name) for name in COUNTS},
        measure.least,
    )


def _actions(plan_id: int, on: dt.date) -> list[ActionLine]:
    rows = session.execute(
        select(PlanAction, Person.forename, Person.surname)
        .outerjoin(Person, Person.id == PlanAction.owner_id)
        .where(PlanAction.plan_id == plan_id)
        .order_by(~UNDONE, PlanAction.due_on, PlanAction.id)
    ).all()
    changes = changes_of([action.id for action, *_ in rows])
    return [
        ActionLine(
            action.id,
            action.what,
            action.side,
            action.partner or f"{forename} {surname}",
            action.partner,
            action.due_on,
            action.done_on,
            action.done_by,
            action.done_on is None and action.cancelled_on is None and action.due_on < on,
            action.owner_id,
            action.cancelled_on,
            action.cancelled_by,
            action.cancelled_because,
            changes.get(action.id, ()),
        )
        for action, forename, surname in rows
    ]


def _updates(plan_id: int) -> list[UpdateLine]:
    rows = session.scalars(select(PlanUpdate).where(PlanUpdate.plan_id == plan_id).order_by(PlanUpdate.id.desc()))
    return [UpdateLine(row.at, row.by, row.text, row.review, row.next_review_on) for row in rows]


def _moves(plan_id: int) -> list[MoveLine]:
    rows = session.scalars(select(PlanMove).where(PlanMove.plan_id == plan_id).order_by(PlanMove.id.desc()))
    return [MoveLine(row.at, row.by, row.from_stage, row.to_stage, row.reason) for row in rows]


def _names(ids: Collection[int | None]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.forename, Person.surname).where(Person.id.in_(ids)))
    return {id: f"{forename} {surname}" for id, forename, surname in rows}
