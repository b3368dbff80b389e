"""Read the priorities plans are tagged with, and what a partnership is given of plans."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from npt.core.authority import Actor
from npt.core.db import session
from npt.people.models import Bcu, Sector, Team
from npt.problem_solving.models import PartnershipPriority, Plan, PlanMeasure, PlanTag
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.impact import Verdict
from npt.problem_solving.rules.priorities import PriorityList
from npt.problem_solving.rules.vocabulary import Outcome, ProblemType, Stage


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """A priority, and how many open plans that the actor may see serve it."""

    id: int
    list: PriorityList
    name: str
    first_day: dt.date
    last_day: dt.date | None
    plans: int


def priorities(actor: Actor) -> list[PriorityLine]:
    """Every priority there is or was, by list, the newest first."""
    counts = (
        select(PlanTag.priority_id.label("priority_id"), func.count().label("plans"))
        .join(Plan, Plan.id == PlanTag.plan_id)
        .join(Team, Team.id == Plan.team_id)
        .where(visible(actor), Plan.closed_at.is_(None))
        .group_by(PlanTag.priority_id)
        .subquery()
    )
    rows = session.execute(
        select(PartnershipPriority, counts.c.plans).outerjoin(counts, counts.c.priority_id == PartnershipPriority.id)
    )
    found = [PriorityLine(row.id, row.list, row.name, row.first_day, row.last_day, plans or 0) for row, plans in rows]
    order = list(PriorityList)
    return sorted(found, key=lambda each: (order.index(each.list), each.last_day is not None, each.name.lower()))


def priority_to_change(priority_id: int) -> PartnershipPriority:
    """One priority, locked.

    :raises NoResultFound: when there is none
    """
    wanted = select(PartnershipPriority).where(PartnershipPriority.id == priority_id)
    return session.execute(wanted.with_for_update()).scalar_one()


def priorities_on(on: dt.date) -> dict[int, str]:
    """The priorities in force on a day, as choices: each with its list."""
    in_force = (PartnershipPriority.first_day <= on) & or_(
        PartnershipPriority.last_day.is_(None), PartnershipPriority.last_day >= on
    )
    rows = session.scalars(select(PartnershipPriority).where(in_force)).all()
    order = list(PriorityList)
    listed = sorted(rows, key=lambda each: (order.index(each.list), each.name.lower()))
    return {row.id: f"{row.list.label}: {row.name}" for row in listed}


def tags_of(plan_id: int) -> dict[int, str]:
    """The priorities a plan serves, each with its list."""
    return _tags([plan_id])[plan_id]


def _tags(plan_ids: Collection[int]) -> Mapping[int, dict[int, str]]:
    rows = session.execute(
        select(PlanTag.plan_id, PartnershipPriority)
        .join(PartnershipPriority, PartnershipPriority.id == PlanTag.priority_id)
        .where(PlanTag.plan_id.in_(plan_ids))
        .order_by(PartnershipPriority.list, PartnershipPriority.name)
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for plan_id, row in rows:
        found[plan_id][row.id] = f"{row.list.label}: {row.name}"
    return found


@dataclass(frozen=True, slots=True)
class PartnershipLine:
    """A plan as a partnership is given it: never a restricted one."""

    ref: str
    problem: str
    kind: ProblemType
    stage: Stage
    team_name: str
    bcu_name: str
    tags: Sequence[str]
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    outcome: Outcome | None
    verdict: Verdict
    result: str
    measure: str | None
    before: str | None
    after: str | None
    target: str | None
    target_on: dt.date | None


def partnership_lines(
    actor: Actor, since: dt.datetime, priority_id: int | None = None, bcu: str | None = None
) -> list[PartnershipLine]:
    """The open plans that the actor may see, and those closed since, without the restricted ones."""
    statement = (
        select(Plan, Team.name, Bcu.name, PlanMeasure)
        .join(Team, Team.id == Plan.team_id)
        .join(Sector, Sector.id == Team.sector_id)
        .join(Bcu, Bcu.id == Sector.bcu_id)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .where(
            visible(actor),
            Plan.marking_reason.is_(None),
            Plan.disposed_at.is_(None),
            or_(Plan.closed_at.is_(None), Plan.closed_at >= since),
        )
        .order_by(Plan.closed_at.is_not(None), Team.name, Plan.id)
    )
    if priority_id is not None:
        statement = statement.where(Plan.id.in_(select(PlanTag.plan_id).where(PlanTag.priority_id == priority_id)))
    if bcu is not None:
        statement = statement.where(Bcu.code == bcu)
    rows = session.execute(statement).all()
    tags = _tags([plan.id for plan, *_ in rows])
    return [
        PartnershipLine(
            plan.ref,
            plan.problem,
            plan.problem_type,
            plan.stage,
            team,
            in_bcu,
            list(tags[plan.id].values()),
            plan.opened_at,
            plan.closed_at,
            plan.outcome,
            measure.verdict if measure else Verdict.NO_COMPARISON,
            plan.result,
            measure.what if measure else None,
            f"{measure.baseline_value.normalize():f}" if measure else None,
            f"{measure.after_value.normalize():f}" if measure and measure.after_value is not None else None,
            f"{measure.target_value.normalize():f}" if measure and measure.target_value is not None else None,
            measure.target_on if measure else None,
        )
        for plan, team, in_bcu, measure in rows
    ]
