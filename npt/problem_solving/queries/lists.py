"""Read lists of plans: what is wanted of them, in what order, with the next action of each."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, select
from sqlalchemy.orm import aliased

from npt.core.authority import Actor
from npt.core.db import session
from npt.people.models import Bcu, Person, Sector, Team
from npt.problem_solving.models import Plan, PlanAction, PlanMeasure, PlanTag
from npt.problem_solving.queries.changes import UNDONE
from npt.problem_solving.queries.health import NEXT_REVIEW, HealthLines, overdue, supervised_by, unwell
from npt.problem_solving.queries.one import measure_row
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.health import Health
from npt.problem_solving.rules.vocabulary import Outcome, PlanState, ProblemType, Stage


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which plans are asked for. What is not given narrows nothing."""

    state: PlanState = PlanState.OPEN
    stage: Stage | None = None
    kind: ProblemType | None = None
    team: str | None = None
    bcu: str | None = None
    sector: str | None = None
    supervisor: str | None = None
    """By collar number; ``NOBODY`` for the plans that nobody supervises."""
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
        (Sector.code, narrowing.sector),
    ):
        if value is not None:
            wanted.append(column == value)
    return wanted + _more_conditions(narrowing, on)


def _more_conditions(narrowing: Narrowing, on: dt.date) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if narrowing.priority is not None:
        wanted.append(Plan.id.in_(select(PlanTag.plan_id).where(PlanTag.priority_id == narrowing.priority)))
    if narrowing.supervisor is not None:
        wanted.append(supervised_by(narrowing.supervisor))
    if narrowing.teams:
        wanted.append(Team.code.in_(narrowing.teams))
    if narrowing.overdue:
        wanted.append(overdue(on))
    if narrowing.health is not None and narrowing.asked is not None:
        wanted.append(unwell(narrowing.health, narrowing.asked))
    return wanted


_STAGE = case({stage: place for place, stage in enumerate(Stage)}, value=Plan.stage)

ORDERS: Mapping[str, ColumnElement[Any]] = {
    "problem": func.lower(Plan.problem),
    "team": Team.name.expression,
    "stage": _STAGE,
    "updated": Plan.last_update_at.expression,
    "opened": Plan.opened_at.expression,
}
OLDEST_UPDATE_FIRST = "updated"
_DUE_FIRST = (
    select(PlanAction.id)
    .where(PlanAction.plan_id == Plan.id, UNDONE)
    .order_by(PlanAction.due_on, PlanAction.id)
    .limit(1)
    .scalar_subquery()
)

# Made once: My team, which has two minutes of somebody's time, lists the plans of its teams.
_LATE = (
    select(func.count(PlanAction.id))
    .where(PlanAction.plan_id == Plan.id, UNDONE, PlanAction.due_on < bindparam("on", type_=PlanAction.due_on.type))
    .scalar_subquery()
)
_OWNER, _ACTION, _DOER = aliased(Person), aliased(PlanAction), aliased(Person)
_WANTED = select(Plan.id).join(Team, Team.id == Plan.team_id).join(Team.sector).join(Sector.bcu)
_LINES = select(Plan, Team.name, Bcu.name, _OWNER, NEXT_REVIEW, PlanMeasure, _ACTION, _DOER, _LATE)


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
    narrowed = _WANTED.where(*_conditions(actor, narrowing, on))
    wanted = narrowed.order_by(*in_order).offset(offset).limit(limit).subquery()
    statement = (
        _LINES.join(wanted, wanted.c.id == Plan.id)
        .join(Team, Team.id == Plan.team_id)
        .join(Team.sector)
        .join(Sector.bcu)
        .outerjoin(_OWNER, _OWNER.id == Plan.owner_id)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .outerjoin(_ACTION, _ACTION.id == _DUE_FIRST)
        .outerjoin(_DOER, _DOER.id == _ACTION.owner_id)
        .order_by(*in_order)
    )
    rows: Sequence[Any] = session.execute(statement, {"on": on}).all()
    return [_line(on, *row) for row in rows]


def _line(
    on: dt.date,
    plan: Plan,
    team: str,
    bcu: str,
    owner: Person | None,
    review: dt.date | None,
    measure: PlanMeasure | None,
    action: PlanAction | None,
    doer: Person | None,
    late: int,
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
