"""Open a plan, and keep what it says of the problem: its words, its wards, its people, its sources, its marking."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import delete, func, select

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.people import queries as people
from npt.problem_solving import queries
from npt.problem_solving.models import Plan, PlanReader, PlanSource, PlanWard
from npt.problem_solving.rules.stages import CLOSED
from npt.problem_solving.rules.vocabulary import ProblemType, SourceKind, Stage
from npt.problem_solving.services.sharing import reuse


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A problem to work on. With ``objective_first`` the objective is written before scanning.

    ``takes_from``: the number of another plan that it reuses.
    """

    team: str
    problem: str
    detail: str
    problem_type: ProblemType
    objective_first: bool = False
    takes_from: str | None = None


def open_plan(new: NewPlan, *, actor: Actor, at: dt.datetime, on: dt.date) -> str:
    """Open a plan of a team. Who opens it owns it, if they are of the team; its sergeant supervises. Returns its ref.

    :raises NoResultFound: when the team is not the actor's
    :raises Refused: when the team has been closed, the same form was sent twice, or there is no plan to take from
    """
    team = people.team(new.team, actor.scope)
    if not team.live(on, on):
        raise Refused(Reason("Choose a team that is not closed", "team"))
    db.lock_record("plans")
    _refuse_twice(new, team.id, actor)
    ref = f"P-{(session.scalar(select(func.max(Plan.id))) or 0) + 1}"
    staff = queries.people_of(team.id, on)
    first = Stage.OBJECTIVE if new.objective_first else Stage.SCANNING
    session.add(
        Plan(
            ref=ref,
            team_id=team.id,
            problem=new.problem,
            detail=new.detail,
            problem_type=new.problem_type,
            first_stage=first,
            stage=first,
            author=actor.name,
            author_user_id=actor.user_id,
            author_id=actor.person_id,
            owner_id=actor.person_id if actor.person_id in staff else None,
            supervisor_id=next(iter(queries.sergeants_of(team.id, on)), None),
            opened_at=at,
            last_update_at=at,
        )
    )
    session.flush()
    audit.record("plan.opened", f"plan:{ref}", actor=actor, at=at, team=team.code, problem_type=new.problem_type)
    if new.takes_from:
        reuse(ref, new.takes_from, actor=actor, at=at, field="takes_from")
    return ref


def _refuse_twice(new: NewPlan, team_id: int, actor: Actor) -> None:
    """Only a plan of their own is told of: one of somebody else's may be restricted."""
    if actor.user_id is None:
        return
    same = session.scalar(
        select(Plan.ref).where(
            Plan.team_id == team_id,
            Plan.author_user_id == actor.user_id,
            Plan.problem == new.problem,
            Plan.closed_at.is_(None),
        )
    )
    if same is not None:
        raise Refused(Reason(f"You opened {same} for this problem already. Work on that one", "problem"))


def changeable(ref: str, actor: Actor) -> Plan:
    """An open plan, locked.

    :raises NoResultFound: when there is none, or the actor may not see it
    :raises Refused: when it is closed
    """
    plan = queries.plan_to_change(ref, actor)
    if plan.closed_at is not None:
        raise Refused(CLOSED)
    return plan


def change(plan: Plan, event: str, new: dict[str, object], *, actor: Actor, at: dt.datetime) -> None:
    """Set what differs, and leave one entry that says from what to what; nothing when nothing differs."""
    if (differing := take_over(plan, new)) is not None:
        plan.last_update_at = at
        before, after = differing
        audit.record(event, f"plan:{plan.ref}", actor=actor, at=at, before=before, after=after)


def take_over(row: object, new: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]] | None:
    """Set what differs on a row. Returns what it was and what it is, of that alone; nothing when nothing differs."""
    before = {name: getattr(row, name) for name, value in new.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, new[name])
    return (before, {name: new[name] for name in before}) if before else None


@dataclass(frozen=True, slots=True)
class NewProblem:
    """What a plan says of its problem, and whose it is."""

    problem: str
    detail: str
    problem_type: ProblemType
    owner_id: int | None
    supervisor_id: int | None
    wards: tuple[int, ...] = ()


def change_problem(ref: str, new: NewProblem, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Say the problem anew, where it is, and who owns and supervises the plan.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed; when somebody or a ward is not of the plan's team
    """
    plan = changeable(ref, actor)
    wards, held = queries.wards_of(plan.team_id, on), queries.ward_ids(plan.id)
    staff, sergeants = queries.people_of(plan.team_id, on), queries.sergeants_of(plan.team_id, on)
    reasons = []
    if not set(new.wards) <= {*wards, *held}:
        reasons.append(Reason("Choose wards of the team", "wards"))
    if new.owner_id not in {None, plan.owner_id, *staff}:
        reasons.append(Reason("Choose somebody of the team", "owner_id"))
    if new.supervisor_id not in {None, plan.supervisor_id, *sergeants}:
        reasons.append(Reason("Choose a sergeant of the team", "supervisor_id"))
    refuse_if_any(reasons)
    if set(new.wards) != set(held):
        session.execute(delete(PlanWard).where(PlanWard.plan_id == plan.id))
        session.add_all(PlanWard(plan_id=plan.id, ward_id=ward) for ward in new.wards)
        audit.record("plan.wards_changed", f"plan:{ref}", actor=actor, at=at, wards=[wards.get(w) for w in new.wards])
    texts = {name: value for name, value in asdict(new).items() if name != "wards"}
    change(plan, "plan.changed", texts, actor=actor, at=at)


def set_objective(ref: str, objective: str, *, actor: Actor, at: dt.datetime) -> None:
    """Write the objective.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed
    """
    change(changeable(ref, actor), "plan.objective_set", {"objective": objective}, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class NewCheers:
    """Answers to the six questions of the CHEERS test; what is not known yet is left empty."""

    community: str = ""
    harm: str = ""
    expectation: str = ""
    events: str = ""
    recurring: str = ""
    similarity: str = ""


def answer_cheers(ref: str, new: NewCheers, *, actor: Actor, at: dt.datetime) -> None:
    """Answer what is known of the CHEERS test. It is a help, and nothing waits for it.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed
    """
    values: dict[str, object] = {f"cheers_{name}": value for name, value in asdict(new).items()}
    change(changeable(ref, actor), "plan.cheers_answered", values, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class NewSource:
    """Where the problem is known from, and what that says."""

    kind: SourceKind
    says: str


def add_source(ref: str, new: NewSource, *, actor: Actor, at: dt.datetime) -> None:
    """Add a source of what is known.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed
    """
    plan = changeable(ref, actor)
    session.add(PlanSource(plan_id=plan.id, kind=new.kind, says=new.says))
    plan.last_update_at = at
    audit.record("plan.source_added", f"plan:{ref}", actor=actor, at=at, kind=new.kind)


@dataclass(frozen=True, slots=True)
class NewMarking:
    """Why a plan is restricted, and who beside its supervisors may read it; no reason: it is not restricted."""

    reason: str | None
    readers: tuple[int, ...] = ()


def mark(ref: str, new: NewMarking, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Mark a plan OFFICIAL-SENSITIVE and restrict it, or take the restriction away; also one that is closed.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when its text was disposed of; when somebody named is not of the team
    """
    plan = queries.plan_to_change(ref, actor)
    if plan.disposed_at is not None:
        raise Refused("The text of this plan was disposed of, and there is nothing to restrict")
    staff = queries.people_of(plan.team_id, on)
    held = queries.reader_ids(plan.id)
    if not set(new.readers) <= {*staff, *held}:
        raise Refused(Reason("Choose people of the team", "readers"))
    readers = new.readers if new.reason else ()
    if set(readers) != set(held):
        session.execute(delete(PlanReader).where(PlanReader.plan_id == plan.id))
        session.add_all(PlanReader(plan_id=plan.id, person_id=person) for person in readers)
        audit.record("plan.readers_changed", f"plan:{ref}", actor=actor, at=at, readers=[staff.get(r) for r in readers])
    change(plan, "plan.marked", {"marking_reason": new.reason or None}, actor=actor, at=at)
