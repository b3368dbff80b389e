"""Read how plans stand: one rule for each thing to look at, which counts are made of and lists are narrowed by."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from npt.core.authority import Actor
from npt.core.db import session
from npt.people.models import Bcu, Person, Sector, Team
from npt.problem_solving.models import Plan, PlanAction, PlanMeasure, PlanMove, PlanUpdate
from npt.problem_solving.queries.changes import UNDONE
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.health import Health, HealthBy
from npt.problem_solving.rules.vocabulary import Better, Stage

NOBODY = "nobody"
"""Stands for the collar number of a supervisor where there is none."""


@dataclass(frozen=True, slots=True)
class HealthLines:
    """The lines a plan's health is judged by: nothing done to it since, at one stage since, and today."""

    no_update_since: dt.datetime
    at_stage_since: dt.datetime
    today: dt.date


NEXT_REVIEW = (
    select(PlanUpdate.next_review_on)
    .where(PlanUpdate.plan_id == Plan.id, PlanUpdate.review)
    .order_by(PlanUpdate.id.desc())
    .limit(1)
    .scalar_subquery()
)


def overdue(on: dt.date) -> ColumnElement[bool]:
    """Open plans with an action that is not done and past its day. For a statement that holds ``Plan``."""
    late = select(PlanAction.plan_id).where(UNDONE, PlanAction.due_on < on)
    return Plan.closed_at.is_(None) & Plan.id.in_(late)


def _past_target(on: dt.date) -> Select[int]:
    """``rules.health.past_target`` for the database: the target day is gone and the measure is not at its target."""
    after, target = PlanMeasure.after_value, PlanMeasure.target_value
    short = case((PlanMeasure.better == Better.LOWER, after > target), else_=after < target)
    return select(PlanMeasure.plan_id).where(PlanMeasure.target_on < on, or_(after.is_(None), short))


def unwell(health: Health, lines: HealthLines) -> ColumnElement[bool]:
    """Open plans of which one thing is to be looked at. For a statement that holds ``Plan``."""
    is_open = Plan.closed_at.is_(None)
    if health is Health.OVERDUE:
        return overdue(lines.today)
    if health is Health.STALE:
        return is_open & (Plan.last_update_at <= lines.no_update_since)
    if health is Health.STALLED:
        moved = select(PlanMove.plan_id).where(PlanMove.at > lines.at_stage_since)
        return is_open & (Plan.opened_at <= lines.at_stage_since) & Plan.id.not_in(moved)
    if health is Health.PAST_TARGET:
        return is_open & Plan.id.in_(_past_target(lines.today))
    if health is Health.REVIEW_DUE:
        return is_open & (lines.today > NEXT_REVIEW)
    return is_open & (Plan.stage == Stage.ASSESSMENT) & Plan.needs_sign_off & Plan.signed_off_at.is_(None)


def supervised_by(collar_number: str) -> ColumnElement[bool]:
    """The plans of a supervisor, or of nobody."""
    if collar_number == NOBODY:
        return Plan.supervisor_id.is_(None)
    return Plan.supervisor_id.in_(select(Person.id).where(Person.collar_number == collar_number))


@dataclass(frozen=True, slots=True)
class HealthRow:
    """How the open plans of a team, a sector or a supervisor stand: how many there are, and how many of each kind are
    to be looked at.
    """

    code: str
    name: str
    within: str
    plans: int
    unwell: Mapping[Health, int]


_BY: Mapping[HealthBy, tuple[Any, ...]] = {
    HealthBy.TEAM: (Team.code, Team.name, Sector.name),
    HealthBy.SECTOR: (Sector.code, Sector.name, Bcu.name),
    HealthBy.SUPERVISOR: (Person.collar_number, Person.forename, Person.surname),
}


def standing(actor: Actor, lines: HealthLines, by: HealthBy = HealthBy.TEAM) -> list[HealthRow]:
    """How the open plans that the actor may see stand: those with most to look at first."""
    counts = [func.sum(case((unwell(health, lines), 1), else_=0)) for health in Health]
    statement = (
        select(*_BY[by], func.count(Plan.id), *counts)
        .select_from(Plan)
        .join(Team, Team.id == Plan.team_id)
        .join(Team.sector)
        .join(Sector.bcu)
        .outerjoin(Person, Person.id == Plan.supervisor_id)
        .where(visible(actor), Plan.closed_at.is_(None))
        .group_by(*_BY[by])
    )
    found = []
    for code, one, two, number, *found_of in session.execute(statement):
        name, within = (_name(one, two), "") if by is HealthBy.SUPERVISOR else (one, two)
        of = {health: int(many or 0) for health, many in zip(Health, found_of, strict=True)}
        found.append(HealthRow(code or NOBODY, name, within, number, of))
    return sorted(found, key=lambda row: (-sum(row.unwell.values()), row.name, row.code))


def supervisors(actor: Actor) -> Mapping[str, str]:
    """Who supervises a plan that the actor may see, by collar number; last, where there is such a plan, nobody."""
    statement = (
        select(Person.collar_number, Person.forename, Person.surname)
        .select_from(Plan)
        .join(Team, Team.id == Plan.team_id)
        .outerjoin(Person, Person.id == Plan.supervisor_id)
        .where(visible(actor))
        .distinct()
    )
    rows = sorted(session.execute(statement), key=lambda row: (row[0] is None, row[2], row[1], row[0]))
    return {collar or NOBODY: _name(forename, surname) for collar, forename, surname in rows}


def _name(forename: str | None, surname: str | None) -> str:
    return f"{forename} {surname}" if surname else "Nobody yet"
