"""Read lists of plans: what is wanted of them, in what order, with the next action of each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from npt.core.authority import Actor
from npt.core.db import session
from npt.people.models import Bcu, Person, Sector, Team
from npt.problem_solving.models import Plan, PlanAction, PlanMeasure, PlanMove, PlanTag, PlanUpdate
from npt.problem_solving.queries.one import measure_row
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.health import Health
from npt.problem_solving.rules.vocabulary import Better, Outcome, PlanState, ProblemType, Stage


@dataclass(frozen=True, slots=True)
class HealthLines:
    """The lines a plan's health is judged by: nothing done to it since, at one stage since, and today."""

    no_update_since: dt.datetime
    at_stage_since: dt.datetime
    today: dt.date


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which plans are asked for. What is not given narrows nothing."""

    state: PlanState = PlanState.OPEN
    stage: Stage | None = None
    kind: ProblemType | None = None
    team: str | None = None
    bcu: str | None = None
    teams: tuple[str, ...] = ()
    priority: int | None = None
    overdue: bool = False
    health: Health | None = None
    asked: HealthLines | None = None
    """The days by which ``health`` is judged; it narrows nothing without them."""


@dataclass(frozen=True, slots=True)
class NextAction:
    """The undone action due first, whose it is, and how many are past their day."""

    what: str
    who: str
    due_on: dt.date
    overdue: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan as a list or a file shows it."""

    id: int
    ref: str
    problem: str
    kind: ProblemType
    stage: Stage
    team_name: str
    bcu_name: str
    owner: str | None
    opened_at: dt.datetime
    last_update_at: dt.datetime
    closed_at: dt.datetime | None
    outcome: Outcome | None
    sensitive: bool
    next_review_on: dt.date | None
    target_on: dt.date | None
    past_target: bool
    next_action: NextAction | None


def _overdue(on: dt.date) -> ColumnElement[bool]:
    late = select(PlanAction.plan_id).where(PlanAction.done_on.is_(None), PlanAction.due_on < on)
    return Plan.closed_at.is_(None) & Plan.id.in_(late)


def _past_target(on: dt.date) -> Select[int]:
    """``rules.health.past_target`` for the database: the target day is gone and the measure is not at its target."""
    after, target = PlanMeasure.after_value, PlanMeasure.target_value
    short = case((PlanMeasure.better == Better.LOWER, after > target), else_=after < target)
    return select(PlanMeasure.plan_id).where(PlanMeasure.target_on < on, or_(after.is_(None), short))


def _conditions(actor: Actor, narrowing: Narrowing, on: dt.date) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [visible(actor)]
    if narrowing.state is PlanState.OPEN:
        wanted.append(Plan.closed_at.is_(None))
    if narrowing.state is PlanState.CLOSED:
        wanted.append(Plan.closed_at.is_not(None))
    for column, value in (
        (Plan.stage, narrowing.stage),
        (Plan.problem_type, narrowing.kind),
        (Team.code, narrowing.team),
        (Bcu.code, narrowing.bcu),
    ):
        if value is not None:
            wanted.append(column == value)
    return wanted + _more_conditions(narrowing, on)


def _more_conditions(narrowing: Narrowing, on: dt.date) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if narrowing.priority is not None:
        wanted.append(Plan.id.in_(select(PlanTag.plan_id).where(PlanTag.priority_id == narrowing.priority)))
    if narrowing.teams:
        wanted.append(Team.code.in_(narrowing.teams))
    if narrowing.overdue:
        wanted.append(_overdue(on))
    if narrowing.health is not None and narrowing.asked is not None:
        wanted.append(unwell(narrowing.health, narrowing.asked))
    return wanted


def unwell(health: Health, lines: HealthLines) -> ColumnElement[bool]:
    """Open plans of which one thing is to be looked at. For a statement that holds ``Plan``."""
    is_open = Plan.closed_at.is_(None)
    if health is Health.OVERDUE:
        return _overdue(lines.today)
    if health is Health.STALE:
        return is_open & (Plan.last_update_at <= lines.no_update_since)
    if health is Health.STALLED:
        moved = select(PlanMove.plan_id).where(PlanMove.at > lines.at_stage_since)
        return is_open & (Plan.opened_at <= lines.at_stage_since) & Plan.id.not_in(moved)
    if health is Health.PAST_TARGET:
        return is_open & Plan.id.in_(_past_target(lines.today))
    if health is Health.REVIEW_DUE:
        return is_open & (lines.today > _NEXT_REVIEW)
    return is_open & (Plan.stage == Stage.ASSESSMENT) & Plan.needs_sign_off & Plan.signed_off_at.is_(None)


@dataclass(frozen=True, slots=True)
class HealthRow:
    """How the open plans of a team stand: how many there are, and how many of each kind are to be looked at."""

    team_code: str
    team_name: str
    sector_name: str
    bcu_name: str
    plans: int
    unwell: Mapping[Health, int]


def health_by_team(actor: Actor, lines: HealthLines) -> list[HealthRow]:
    """How the open plans that the actor may see stand, by team, those with most to look at first."""
    counts = [func.sum(case((unwell(health, lines), 1), else_=0)) for health in Health]
    statement = (
        select(Team.code, Team.name, Sector.name, Bcu.name, func.count(Plan.id), *counts)
        .select_from(Plan)
        .join(Team, Team.id == Plan.team_id)
        .join(Team.sector)
        .join(Sector.bcu)
        .where(visible(actor), Plan.closed_at.is_(None))
        .group_by(Team.code, Team.name, Sector.name, Bcu.name)
    )
    found = [
        HealthRow(
            code, name, sector, bcu, number, {health: int(of or 0) for health, of in zip(Health, found_of, strict=True)}
        )
        for code, name, sector, bcu, number, *found_of in session.execute(statement)
    ]
    return sorted(found, key=lambda row: (-sum(row.unwell.values()), row.team_name))


_STAGE = case({stage: place for place, stage in enumerate(Stage)}, value=Plan.stage)

ORDERS: Mapping[str, ColumnElement[Any]] = {
    "problem": func.lower(Plan.problem),
    "team": Team.name.expression,
    "stage": _STAGE,
    "updated": Plan.last_update_at.expression,
    "opened": Plan.opened_at.expression,
}
OLDEST_UPDATE_FIRST = "updated"
_NEXT_REVIEW = (
    select(PlanUpdate.next_review_on)
    .where(PlanUpdate.plan_id == Plan.id, PlanUpdate.review)
    .order_by(PlanUpdate.id.desc())
    .limit(1)
    .scalar_subquery()
)
_DUE_FIRST = (
    select(PlanAction.id)
    .where(PlanAction.plan_id == Plan.id, PlanAction.done_on.is_(None))
    .order_by(PlanAction.due_on, PlanAction.id)
    .limit(1)
    .scalar_subquery()
)


def _late_actions(on: dt.date) -> ScalarSelect[int]:
    undone = select(func.count(PlanAction.id)).where(PlanAction.plan_id == Plan.id, PlanAction.done_on.is_(None))
    return undone.where(PlanAction.due_on < on).scalar_subquery()


def how_many(actor: Actor, narrowing: Narrowing, on: dt.date) -> int:
    """How many plans of a kind the actor may see."""
    statement = select(func.count(Plan.id)).join(Team, Team.id == Plan.team_id).join(Team.sector).join(Sector.bcu)
    return session.scalar(statement.where(*_conditions(actor, narrowing, on))) or 0


def listed(
    actor: Actor,
    narrowing: Narrowing,
    on: dt.date,
    *,
    order: str = OLDEST_UPDATE_FIRST,
    offset: int = 0,
    limit: int | None = None,
) -> list[PlanLine]:
    """The plans the actor may see, in one of ``ORDERS``: those longest without an update first, if not said."""
    column = ORDERS.get(order.removeprefix("-"), ORDERS[OLDEST_UPDATE_FIRST])
    in_order = (column.desc() if order.startswith("-") else column, Plan.id)
    wanted = (
        select(Plan.id)
        .join(Team, Team.id == Plan.team_id)
        .join(Team.sector)
        .join(Sector.bcu)
        .where(*_conditions(actor, narrowing, on))
        .order_by(*in_order)
        .offset(offset)
        .limit(limit)
    ).subquery()
    owner, action, doer = aliased(Person), aliased(PlanAction), aliased(Person)
    statement = (
        select(Plan, Team.name, Bcu.name, owner, _NEXT_REVIEW, PlanMeasure, action, doer, _late_actions(on))
        .join(wanted, wanted.c.id == Plan.id)
        .join(Team, Team.id == Plan.team_id)
        .join(Team.sector)
        .join(Sector.bcu)
        .outerjoin(owner, owner.id == Plan.owner_id)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .outerjoin(action, action.id == _DUE_FIRST)
        .outerjoin(doer, doer.id == action.owner_id)
        .order_by(*in_order)
    )
    return [_line(*row, on) for row in session.execute(statement)]


def _line(
    plan: Plan,
    team: str,
    bcu: str,
    owner: Person | None,
    review: dt.date | None,
    measure: PlanMeasure | None,
    action: PlanAction | None,
    doer: Person | None,
    late: int,
    on: dt.date,
) -> PlanLine:
    still_open = plan.closed_at is None
    return PlanLine(
        plan.id,
        plan.ref,
        plan.problem,
        plan.problem_type,
        plan.stage,
        team,
        bcu,
        _named(owner) if owner else None,
        plan.opened_at,
        plan.last_update_at,
        plan.closed_at,
        plan.outcome,
        plan.marking_reason is not None,
        review if still_open else None,
        measure.target_on if measure else None,
        still_open and measure is not None and measure_row(measure).past_target(on),
        _next_action(action, doer, late) if still_open and action else None,
    )


def _next_action(action: PlanAction, doer: Person | None, late: int) -> NextAction:
    return NextAction(action.what, action.partner or (_named(doer) if doer else ""), action.due_on, late)


def _named(person: Person) -> str:
    return f"{person.forename} {person.surname}"


@dataclass(frozen=True, slots=True)
class Disposal:
    """A closed plan whose disposal is proposed."""

    ref: str
    problem: str
    team_name: str
    closed_at: dt.datetime | None
    kept_until: dt.date | None
    proposed_on: dt.date | None
    sensitive: bool


def disposals(actor: Actor) -> list[Disposal]:
    """The closed plans that the actor may see whose disposal is proposed, the oldest first."""
    rows = session.execute(
        select(Plan, Team.name)
        .join(Team, Team.id == Plan.team_id)
        .where(visible(actor), Plan.disposal_proposed_on.is_not(None), Plan.disposed_at.is_(None))
        .order_by(Plan.closed_at, Plan.id)
    )
    return [
        Disposal(
            plan.ref,
            plan.problem,
            team,
            plan.closed_at,
            plan.retention_review_on,
            plan.disposal_proposed_on,
            plan.marking_reason is not None,
        )
        for plan, team in rows
    ]
