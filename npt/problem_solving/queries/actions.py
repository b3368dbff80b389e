"""Read the actions of plans across plans: whose, due when, done or not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from npt.core.authority import Actor
from npt.core.db import session
from npt.people.models import Bcu, Organisation, Person, Sector, Team
from npt.problem_solving.models import Plan, PlanAction
from npt.problem_solving.queries.changes import UNDONE, changes_of, first_due
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.partners import ActionState


@dataclass(frozen=True, slots=True)
class ActionNarrowing:
    """Which actions of open plans a list shows. What is not given narrows nothing.

    ``organisation``, ``team`` and ``bcu`` are codes; ``partners_only`` leaves out those of the staff; ``owner_id`` is
    whoever of the staff has them to do.
    """

    state: ActionState = ActionState.UNDONE
    organisation: str | None = None
    team: str | None = None
    bcu: str | None = None
    meeting: int | None = None
    partners_only: bool = False
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as a list or a file shows it, with its plan."""

    id: int
    what: str
    who: str
    partner: bool
    due_on: dt.date
    done_on: dt.date | None
    done_by: str | None
    overdue: bool
    plan_ref: str
    problem: str
    team_name: str
    bcu_name: str
    sensitive: bool
    meeting_id: int | None
    cancelled_on: dt.date | None
    first_due_on: dt.date | None
    """The day it was due at first, if that was another."""


def _conditions(actor: Actor, asked: ActionNarrowing, on: dt.date) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [visible(actor)]
    undone = UNDONE
    by_state: dict[ActionState, Sequence[ColumnElement[bool]]] = {
        ActionState.UNDONE: [undone],
        ActionState.OVERDUE: [undone, PlanAction.due_on < on],
        ActionState.DONE: [PlanAction.done_on.is_not(None)],
        ActionState.CANCELLED: [PlanAction.cancelled_on.is_not(None)],
        ActionState.ALL: [],
    }
    wanted += by_state[asked.state]
    if asked.meeting is None:
        wanted.append(Plan.closed_at.is_(None))
    else:
        wanted.append(PlanAction.group_meeting_id == asked.meeting)
    for column, value in ((Organisation.code, asked.organisation), (Team.code, asked.team), (Bcu.code, asked.bcu)):
        if value is not None:
            wanted.append(column == value)
    if asked.owner_id is not None:
        wanted.append(PlanAction.owner_id == asked.owner_id)
    if asked.partners_only:
        wanted.append(PlanAction.partner.is_not(None))
    return wanted


def _from(statement: Any) -> Any:
    return (
        statement.select_from(PlanAction)
        .join(Plan, Plan.id == PlanAction.plan_id)
        .join(Team, Team.id == Plan.team_id)
        .join(Sector, Sector.id == Team.sector_id)
        .join(Bcu, Bcu.id == Sector.bcu_id)
        .outerjoin(Organisation, Organisation.name == PlanAction.partner)
    )


def action_count(actor: Actor, asked: ActionNarrowing, on: dt.date) -> int:
    """How many actions ``action_rows`` has."""
    return session.scalar(_from(select(func.count(PlanAction.id))).where(*_conditions(actor, asked, on))) or 0


def action_rows(
    actor: Actor, asked: ActionNarrowing, on: dt.date, offset: int = 0, limit: int | None = None
) -> list[ActionRow]:
    """The actions of plans the actor may see: undone first, by the day they are due."""
    statement = (
        _from(select(PlanAction, Plan, Team.name, Bcu.name, Person.forename, Person.surname))
        .outerjoin(Person, Person.id == PlanAction.owner_id)
        .where(*_conditions(actor, asked, on))
        .order_by(~UNDONE, PlanAction.due_on, PlanAction.id)
        .offset(offset)
        .limit(limit)
    )
    found = session.execute(statement).all()
    changes = changes_of([action.id for action, *_ in found])
    return [
        ActionRow(
            action.id,
            action.what,
            action.partner or f"{forename} {surname}",
            action.partner is not None,
            action.due_on,
            action.done_on,
            action.done_by,
            action.done_on is None and action.cancelled_on is None and plan.closed_at is None and action.due_on < on,
            plan.ref,
            plan.problem,
            team,
            bcu,
            plan.marking_reason is not None,
            action.group_meeting_id,
            action.cancelled_on,
            first_due(action.due_on, changes.get(action.id, ())),
        )
        for action, plan, team, bcu, forename, surname in found
    ]
