"""Whose plans somebody may see (RULES section 9; docs/decisions/0028 and 0037)."""

from sqlalchemy import ColumnElement, and_, or_, select, true

from npt.core.authority import Actor, Permission, Role
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Team
from npt.problem_solving.models import GoodPractice, Plan, PlanReader
from npt.problem_solving.rules.sharing import PracticeState

_SEES_RESTRICTED = frozenset({Role.AUDITOR, Role.SYSTEM})


def visible(actor: Actor) -> ColumnElement[bool]:
    """Plans of the actor's teams; a restricted one only for supervisors, the auditor and those it names.

    For a statement that holds ``Team`` beside ``Plan``.
    """
    return and_(people.in_scope(actor.scope), _not_kept_from(actor))


def _not_kept_from(actor: Actor) -> ColumnElement[bool]:
    if actor.role in _SEES_RESTRICTED or actor.may(Permission.SUPERVISE_PLANS):
        return true()
    if actor.person_id is None:
        return Plan.marking_reason.is_(None)
    who = actor.person_id
    named = select(PlanReader.plan_id).where(PlanReader.person_id == who)
    return or_(Plan.marking_reason.is_(None), Plan.author_id == who, Plan.owner_id == who, Plan.id.in_(named))


def readable(actor: Actor) -> ColumnElement[bool]:
    """Plans the actor may read in summary: their own, and the force's good practice unless it is restricted.

    For a statement that holds ``Team`` beside ``Plan``, and an actor who may see plans at all.
    """
    approved = select(GoodPractice.plan_id).where(GoodPractice.state == PracticeState.APPROVED)
    return or_(visible(actor), and_(Plan.marking_reason.is_(None), Plan.id.in_(approved)))


def told_of(actor: Actor) -> ColumnElement[bool]:
    """Plans that the actor may know there are, though it be by their team alone: all but those kept from them.

    For a statement that holds ``Team`` beside ``Plan``.
    """
    return or_(Plan.marking_reason.is_(None), visible(actor))


def plan_to_change(ref: str, actor: Actor) -> Plan:
    """One plan, locked until the transaction ends.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    statement = select(Plan).join(Team, Team.id == Plan.team_id).where(Plan.ref == ref, visible(actor))
    return session.execute(statement.with_for_update(of=Plan)).scalar_one()


def lock_plan(plan_id: int) -> None:
    """Keep a plan as it is until the transaction ends."""
    session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update())
