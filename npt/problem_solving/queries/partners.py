"""Read what partners do: their organisations, the groups they meet in, and one of them as somebody of it signs in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, select

from npt.core.authority import Actor, Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Organisation, Team
from npt.people.rules.organisations import OrganisationKind
from npt.problem_solving.models import Plan, PlanAction, PlanUpdate
from npt.problem_solving.queries.changes import UNDONE, ChangeLine, changes_of, first_due
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.vocabulary import ProblemType, Stage


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation, and its actions of open plans that the actor may see: not done, overdue, done."""

    code: str
    name: str
    kind: OrganisationKind
    active: bool
    undone: int = 0
    overdue: int = 0
    oldest_due_on: dt.date | None = None
    done: int = 0


def organisations(actor: Actor, on: dt.date, code: str | None = None) -> list[OrganisationLine]:
    """The organisations on record, those with most overdue first."""
    undone = UNDONE
    late = undone & (PlanAction.due_on < on)
    counts = (
        select(
            PlanAction.partner.label("partner"),
            func.sum(case((undone, 1), else_=0)).label("undone"),
            func.sum(case((late, 1), else_=0)).label("overdue"),
            func.min(case((late, PlanAction.due_on))).label("oldest"),
            func.sum(case((PlanAction.done_on.is_not(None), 1), else_=0)).label("done"),
        )
        .join(Plan, Plan.id == PlanAction.plan_id)
        .join(Team, Team.id == Plan.team_id)
        .where(PlanAction.partner.is_not(None), Plan.closed_at.is_(None), visible(actor))
        .group_by(PlanAction.partner)
        .subquery()
    )
    statement = select(Organisation, counts.c.undone, counts.c.overdue, counts.c.oldest, counts.c.done).outerjoin(
        counts, counts.c.partner == Organisation.name
    )
    if code is not None:
        statement = statement.where(Organisation.code == code)
    found = [
        OrganisationLine(
            each.code, each.name, each.kind, each.active, int(undone or 0), int(overdue or 0), oldest, int(done or 0)
        )
        for each, undone, overdue, oldest, done in session.execute(statement)
    ]
    return sorted(found, key=lambda line: (-line.overdue, -line.undone, line.name.lower()))


def organisation(code: str, actor: Actor, on: dt.date) -> OrganisationLine:
    """One organisation.

    :raises NoResultFound: when there is none
    """
    session.execute(select(Organisation.id).where(Organisation.code == code)).scalar_one()
    return organisations(actor, on, code)[0]


def organisation_to_change(code: str) -> Organisation:
    """One organisation, locked until the transaction ends.

    :raises NoResultFound: when there is none
    """
    return session.execute(select(Organisation).where(Organisation.code == code).with_for_update()).scalar_one()


def organisation_named(name: str) -> Organisation | None:
    """The organisation of a name; capitals do not matter."""
    return session.scalars(select(Organisation).where(func.lower(Organisation.name) == name.strip().lower())).first()


def active_organisations() -> dict[str, str]:
    """The names of organisations that may be given something to do, as choices."""
    active = select(Organisation.name).where(Organisation.active).order_by(func.lower(Organisation.name))
    return {name: name for name in session.scalars(active)}


@dataclass(frozen=True, slots=True)
class Summary:
    """As much of a plan as a partner reads (docs/decisions/0041)."""

    ref: str
    problem: str
    kind: ProblemType
    stage: Stage
    objective: str
    opened_at: dt.datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Said:
    """How an action stands, said by whom and when."""

    at: dt.datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An action of a partner's own organisation. ``summary``: of its plan, nothing of a restricted one."""

    id: int
    what: str
    organisation: str
    team_name: str
    due_on: dt.date
    done_on: dt.date | None
    done_by: str | None
    overdue: bool
    closed: bool
    summary: Summary | None
    updates: Sequence[Said] = ()
    cancelled_on: dt.date | None = None
    cancelled_because: str | None = None
    changes: Sequence[ChangeLine] = ()
    """What it was before, as long as it was theirs: what another organisation had is not told."""

    @property
    def first_due(self) -> dt.date | None:
        """The day it was due at first, if that was another."""
        return first_due(self.due_on, self.changes)


def _own(scope: Scope) -> ColumnElement[bool]:
    if not scope.organisation_ids:
        return false()
    names = select(Organisation.name).where(Organisation.id.in_(scope.organisation_ids), Organisation.active)
    return PlanAction.partner.in_(names)


def _own_statement(scope: Scope) -> Any:
    return (
        select(PlanAction, Plan, Team.name)
        .join(Plan, Plan.id == PlanAction.plan_id)
        .join(Team, Team.id == Plan.team_id)
        .where(_own(scope))
    )


def own_actions(scope: Scope, on: dt.date) -> list[OwnAction]:
    """The actions of a partner's organisations: undone ones of open plans by the day due, then what was done lately."""
    statement = _own_statement(scope).order_by(~UNDONE, PlanAction.due_on, PlanAction.id)
    rows = session.execute(statement).all()
    changes = changes_of([action.id for action, *_ in rows])
    return [_own_action(row, on, changes.get(row[0].id, ())) for row in rows]


def own_action(action_id: int, scope: Scope, on: dt.date) -> OwnAction:
    """One action of a partner's organisations, with what was said of it.

    :raises NoResultFound: when there is none, or it is another organisation's
    """
    row = session.execute(_own_statement(scope).where(PlanAction.id == action_id)).one()
    said = select(PlanUpdate).where(PlanUpdate.action_id == action_id).order_by(PlanUpdate.id.desc())
    changed = changes_of([action_id]).get(action_id, ())
    return _own_action(row, on, changed, [Said(each.at, each.by, each.text) for each in session.scalars(said)])


def _own_action(row: Any, on: dt.date, changes: Sequence[ChangeLine], updates: Sequence[Said] = ()) -> OwnAction:
    action, plan, team = row
    summary = None
    if plan.marking_reason is None:
        summary = Summary(
            plan.ref,
            plan.problem,
            plan.problem_type,
            plan.stage,
            plan.objective,
            plan.opened_at,
            plan.closed_at is None,
        )
    return OwnAction(
        action.id,
        action.what,
        action.partner or "",
        team,
        action.due_on,
        action.done_on,
        action.done_by,
        action.done_on is None and action.cancelled_on is None and plan.closed_at is None and action.due_on < on,
        plan.closed_at is not None,
        summary,
        updates,
        action.cancelled_on,
        action.cancelled_because,
        [each for each in changes if each.partner == action.partner],
    )


def own_to_change(action_id: int, scope: Scope) -> tuple[Plan, PlanAction]:
    """An action of a partner's organisations with its plan, which is locked until the transaction ends.

    :raises NoResultFound: when there is none, or it is another organisation's
    """
    plan_id = session.execute(select(PlanAction.plan_id).where(PlanAction.id == action_id, _own(scope))).scalar_one()
    plan = session.execute(select(Plan).where(Plan.id == plan_id).with_for_update()).scalar_one()
    return plan, session.get_one(PlanAction, action_id)


def own_organisations(scope: Scope) -> list[str]:
    """The names of the organisations a partner signs in for."""
    if not scope.organisation_ids:
        return []
    wanted = select(Organisation.name).where(Organisation.id.in_(scope.organisation_ids), Organisation.active)
    return list(session.scalars(wanted.order_by(Organisation.name)))


def teams_in_scope(scope: Scope) -> dict[str, str]:
    """The teams somebody may see, as choices by code."""
    return {team.code: team.name for team in people.teams(scope)}
