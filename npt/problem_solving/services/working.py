"""Fill the stages of a plan: its measure, its analysis, its actions, its updates, and what came of it."""

import datetime as dt
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from sqlalchemy import select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.problem_solving import queries
from npt.problem_solving.models import Plan, PlanAction, PlanMeasure, PlanUpdate
from npt.problem_solving.queries.one import facts_of
from npt.problem_solving.rules import stages
from npt.problem_solving.rules.acting import CANCELLED
from npt.problem_solving.rules.health import obstacles_to_target
from npt.problem_solving.rules.impact import COUNTS, Least, impact, obstacles_to_counts
from npt.problem_solving.rules.vocabulary import Better, Method, Side, Stage
from npt.problem_solving.services.keeping import change, changeable
from npt.problem_solving.services.partners import kept_name


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """What success is measured by, before anything is done about it."""

    what: str
    source: str
    better: Better
    baseline_value: Decimal
    baseline_first: dt.date
    baseline_last: dt.date
    target_value: Decimal | None = None
    target_on: dt.date | None = None


def choose_measure(ref: str, new: NewMeasure, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Choose the measure, or choose it again while the plan is still at scanning.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when scanning is over, so that nobody moves the goalposts; when its days are out of order; with a
        target and no day to reach it by, or a day and no target
    """
    plan = changeable(ref, actor)
    measure = _measure(plan)
    refuse_if_any(
        [
            *stages.obstacles_to_working(
                facts_of(plan, measure, 0, 0), (Stage.OBJECTIVE, Stage.SCANNING), "The measure is chosen"
            ),
            *stages.obstacles_to_period(new.baseline_first, new.baseline_last, "baseline_last"),
            *obstacles_to_target(new.target_value, new.target_on, measure.target_on if measure else None, on),
        ]
    )
    values = asdict(new)
    before = {name: getattr(measure, name) for name in values} if measure else None
    if measure is None:
        session.add(PlanMeasure(plan_id=plan.id, method=Method.NONE, **values))
    else:
        _set(measure, values)
        # Counts may have been kept before the plan went back; which way is better may have been turned round since.
        counts = {name: getattr(measure, name) for name in COUNTS}
        measure.verdict = impact(measure.method, counts, measure.better, measure.least).verdict
    plan.last_update_at = at
    audit.record("plan.measure_chosen", f"plan:{ref}", actor=actor, at=at, before=before, after=values)


def _measure(plan: Plan) -> PlanMeasure | None:
    return session.scalar(select(PlanMeasure).where(PlanMeasure.plan_id == plan.id))


def _set(row: object, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


@dataclass(frozen=True, slots=True)
class NewAnalysis:
    """The three sides of the triangle, each with who could look after it: what was found, or why it does not apply.

    Beside it what might explain the problem, and what was tried before.
    """

    victim: str = ""
    victim_not: str = ""
    guardian: str = ""
    location: str = ""
    location_not: str = ""
    manager: str = ""
    offender: str = ""
    offender_not: str = ""
    handler: str = ""
    hypotheses: str = ""
    tried: str = ""


def write_analysis(ref: str, new: NewAnalysis, *, actor: Actor, at: dt.datetime) -> None:
    """Write what was found of each side.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed, or a side is both described and said not to apply
    """
    plan = changeable(ref, actor)
    values = asdict(new)
    refuse_if_any(stages.obstacles_to_sides({side: (values[side], values[f"{side}_not"]) for side in Side}))
    change(plan, "plan.analysed", values, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class NewAction:
    """Something to be done, by one of the staff or a partner organisation, by a day.

    An organisation is given by its name; one that is not on record yet is put there.
    """

    what: str
    due_on: dt.date
    owner_id: int | None = None
    partner: str | None = None
    side: Side | None = None
    group_meeting_id: int | None = None


def add_action(ref: str, new: NewAction, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Add an action to a plan whose analysis is done.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: before the response; without an owner or with two; with one who is not of the team; sent twice
    """
    plan = changeable(ref, actor)
    refuse_if_any(
        [
            *stages.obstacles_to_working(
                facts_of(plan, None, 0, 0), (Stage.RESPONSE, Stage.ASSESSMENT), "Actions are added"
            ),
            *stages.obstacles_to_action(new.owner_id, new.partner),
        ]
    )
    if new.owner_id is not None and new.owner_id not in queries.people_of(plan.team_id, on):
        raise Refused(Reason("Choose somebody of the team", "owner_id"))
    kept = asdict(replace(new, partner=kept_name(new.partner, actor=actor, at=at)))
    if session.scalar(
        select(PlanAction.id).filter_by(plan_id=plan.id, done_on=None, cancelled_on=None, **kept).limit(1)
    ):
        raise Refused(Reason("This action is there already, and not done yet", "what"))
    session.add(PlanAction(plan_id=plan.id, **kept))
    plan.last_update_at = at
    audit.record("plan.action_added", f"plan:{ref}", actor=actor, at=at, what=new.what, due_on=new.due_on)


def finish_action(ref: str, action_id: int, *, actor: Actor, at: dt.datetime, on: dt.date) -> str:
    """Say that an action is done. Returns what was done; saying it again changes nothing.

    :raises NoResultFound: when there is no such action of the plan, or the actor may not see it
    :raises Refused: when the plan is closed, or the action was cancelled
    """
    plan = changeable(ref, actor)
    asked = select(PlanAction).where(PlanAction.id == action_id, PlanAction.plan_id == plan.id)
    action = session.execute(asked).scalar_one()
    if action.cancelled_on is not None:
        raise Refused(CANCELLED)
    if action.done_on is None:
        action.done_on, action.done_by = on, actor.name
        plan.last_update_at = at
        audit.record("plan.action_done", f"plan:{ref}", actor=actor, at=at, what=action.what)
    return action.what


def add_update(ref: str, text: str, *, actor: Actor, at: dt.datetime) -> None:
    """Say what happened.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed, or the same form was sent twice
    """
    plan = changeable(ref, actor)
    _refuse_twice(plan, text, actor)
    session.add(PlanUpdate(plan_id=plan.id, at=at, by=actor.name, text=text, review=False))
    plan.last_update_at = at
    audit.record("plan.updated", f"plan:{ref}", actor=actor, at=at)


def _refuse_twice(plan: Plan, text: str, actor: Actor) -> None:
    newest = session.scalar(
        select(PlanUpdate).where(PlanUpdate.plan_id == plan.id).order_by(PlanUpdate.id.desc()).limit(1)
    )
    if newest is not None and (newest.by, newest.text) == (actor.name, text):
        raise Refused(Reason("This is what you wrote last, and it is kept. Write what is new", "text"))


def add_review(ref: str, text: str, next_on: dt.date | None, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Review a plan as its supervisor, and say when the next review is.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed, the next review would be in the past, or the same form was sent twice
    """
    plan = changeable(ref, actor)
    _refuse_twice(plan, text, actor)
    if next_on is not None and next_on <= on:
        raise Refused(Reason("Enter a day after today, or leave it empty", "next_review_on"))
    session.add(PlanUpdate(plan_id=plan.id, at=at, by=actor.name, text=text, review=True, next_review_on=next_on))
    plan.last_update_at = at
    audit.record("plan.reviewed", f"plan:{ref}", actor=actor, at=at, next_review_on=next_on)


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """What came of a plan: the measure afterwards, what the community thinks, the result and why."""

    after_value: Decimal
    after_first: dt.date
    after_last: dt.date
    community_view: str
    result: str
    why: str


def assess(ref: str, new: NewAssessment, *, actor: Actor, at: dt.datetime) -> None:
    """Record what came of a plan.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: before the assessment; when the period afterwards is out of order or reaches into the one before
    """
    plan, measure = assessed(ref, actor)
    refuse_if_any(
        [
            *stages.obstacles_to_period(new.after_first, new.after_last, "after_last"),
            *stages.obstacles_to_after_period(measure.baseline_last, new.after_first),
        ]
    )
    values = asdict(new)
    words = {name: values.pop(name) for name in ("community_view", "result", "why")}
    before = {name: getattr(measure, name) for name in values}
    if before != values:
        _set(measure, values)
        plan.last_update_at = at
        audit.record("plan.measured", f"plan:{ref}", actor=actor, at=at, before=before, after=values)
    change(plan, "plan.assessed", words, actor=actor, at=at)


def assessed(ref: str, actor: Actor) -> tuple[Plan, PlanMeasure]:
    """A plan at assessment, locked, with its measure.

    :raises NoResultFound: when the actor may not see it
    :raises Refused: at another stage, or without a measure
    """
    plan = changeable(ref, actor)
    measure = _measure(plan)
    refuse_if_any(
        stages.obstacles_to_working(facts_of(plan, measure, 0, 0), (Stage.ASSESSMENT,), "What came of it is recorded")
    )
    if measure is None:
        raise Refused("The plan has no measure: go back to scanning and choose one")
    return plan, measure


@dataclass(frozen=True, slots=True)
class NewImpact:
    """What the change is compared with, and the counts of it."""

    method: Method
    compared_with: str | None = None
    treated_before: int | None = None
    treated_after: int | None = None
    comparison_before: int | None = None
    comparison_after: int | None = None
    displacement_before: int | None = None
    displacement_after: int | None = None
    control_before: int | None = None
    control_after: int | None = None
    asked_before: int | None = None
    asked_after: int | None = None
    said_before: int | None = None
    said_after: int | None = None


def compare(ref: str, new: NewImpact, *, actor: Actor, at: dt.datetime, least: Least) -> None:
    """Keep the counts that a plan's change is held against, and the verdict on them.

    Of a method that was not chosen nothing is kept. Sent again when the force's limits have changed, the same counts
    are judged anew.

    :param least: the force's limits, by which the counts are judged
    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: before the assessment; when counts are missing, or more people said it than were asked
    """
    plan, measure = assessed(ref, actor)
    typed = asdict(new)
    counts = {name: typed[name] for name in COUNTS}
    refuse_if_any(obstacles_to_counts(new.method, counts))
    for name in COUNTS:
        if (name.split("_")[0] in ("asked", "said")) != (new.method is Method.SURVEY) or new.method is Method.NONE:
            typed[name] = None
    typed["least"] = least.of(new.method)
    typed["verdict"] = impact(new.method, typed, measure.better, typed["least"]).verdict
    before = {name: getattr(measure, name) for name in typed}
    differing = [name for name in typed if before[name] != typed[name]]
    if not differing:
        return
    _set(measure, typed)
    plan.last_update_at = at
    audit.record(
        "plan.compared",
        f"plan:{ref}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: typed[name] for name in differing},
    )
