"""Plans as a panel reads them: their summaries and updates, without names of staff (RULES section 9).

Whoever asks has judged whose priority a plan answers; no scope narrows it. Of a restricted plan there are only figures
and what was recorded of the result.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from npt.core.authority import Actor
from npt.core.db import session
from npt.people.models import Team
from npt.problem_solving.models import Plan, PlanAction, PlanMeasure, PlanUpdate
from npt.problem_solving.queries.one import MeasureRow, measure_row
from npt.problem_solving.queries.seeing import visible
from npt.problem_solving.rules.impact import NO_COMPARISON, Impact
from npt.problem_solving.rules.vocabulary import Outcome, Stage


@dataclass(frozen=True, slots=True)
class SummaryAction:
    """Something done or to be done about a problem, by the team or by a partner."""

    what: str
    partner: str | None
    due_on: dt.date
    done_on: dt.date | None


@dataclass(frozen=True, slots=True)
class SummaryUpdate:
    """What happened, and when it was said."""

    at: dt.datetime
    text: str


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan as its panel sees it, and whose it is, by which a signature is judged.

    Actions done come first, in the order they were done; updates newest first.
    """

    id: int
    ref: str
    team_id: int
    team_name: str
    restricted: bool
    problem: str
    stage: Stage
    opened_at: dt.datetime
    last_update_at: dt.datetime
    closed_at: dt.datetime | None
    outcome: Outcome | None
    signed_off_at: dt.datetime | None
    result: str
    why: str
    measure: MeasureRow | None
    actions: Sequence[SummaryAction]
    updates: Sequence[SummaryUpdate]
    last_done_on: dt.date | None
    author_user_id: int | None
    writer_ids: frozenset[int]
    """Who wrote and who owns it, as people."""
    supervisor_id: int | None

    @property
    def has_result(self) -> bool:
        """At assessment, with the measure's value afterwards and the result in words."""
        measured = self.measure is not None and self.measure.after_value is not None
        return self.stage is Stage.ASSESSMENT and measured and bool(self.result.strip())

    @property
    def impact(self) -> Impact:
        """What may be said of its change; of a plan without a measure, that there is no comparison."""
        return self.measure.impact if self.measure else NO_COMPARISON


def plan_summaries(plan_ids: Collection[int]) -> Mapping[int, PlanSummary]:
    """Summaries of plans, by their ids. Three statements, however many there are."""
    if not plan_ids:
        return {}
    actions: dict[int, list[PlanAction]] = defaultdict(list)
    done_first = (PlanAction.done_on.is_(None), PlanAction.done_on, PlanAction.due_on, PlanAction.id)
    for action in session.scalars(
        select(PlanAction)
        .where(PlanAction.plan_id.in_(plan_ids), PlanAction.cancelled_on.is_(None))
        .order_by(*done_first)
    ):
        actions[action.plan_id].append(action)
    updates: dict[int, list[PlanUpdate]] = defaultdict(list)
    told = select(PlanUpdate).where(PlanUpdate.plan_id.in_(plan_ids), PlanUpdate.review.is_(False))
    for update in session.scalars(told.order_by(PlanUpdate.id.desc())):
        updates[update.plan_id].append(update)
    rows = session.execute(
        select(Plan, Team, PlanMeasure)
        .join(Team, Team.id == Plan.team_id)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .where(Plan.id.in_(plan_ids))
    )
    return {plan.id: _summary(plan, team, measure, actions[plan.id], updates[plan.id]) for plan, team, measure in rows}


def _summary(
    plan: Plan, team: Team, measure: PlanMeasure | None, actions: Sequence[PlanAction], updates: Sequence[PlanUpdate]
) -> PlanSummary:
    restricted = plan.marking_reason is not None
    return PlanSummary(
        id=plan.id,
        ref=plan.ref,
        team_id=team.id,
        team_name=team.name,
        restricted=restricted,
        problem="" if restricted else plan.problem,
        stage=plan.stage,
        opened_at=plan.opened_at,
        last_update_at=plan.last_update_at,
        closed_at=plan.closed_at,
        outcome=plan.outcome,
        signed_off_at=plan.signed_off_at,
        result=plan.result,
        why=plan.why,
        measure=measure_row(measure) if measure else None,
        actions=[]
        if restricted
        else [SummaryAction(row.what, row.partner, row.due_on, row.done_on) for row in actions],
        updates=[] if restricted else [SummaryUpdate(row.at, row.text) for row in updates],
        last_done_on=max((row.done_on for row in actions if row.done_on is not None), default=None),
        author_user_id=plan.author_user_id,
        writer_ids=frozenset(who for who in (plan.author_id, plan.owner_id) if who is not None),
        supervisor_id=plan.supervisor_id,
    )


def free_plans(team_ids: Collection[int], actor: Actor) -> dict[str, str]:
    """The open plans of some teams that answer no priority and that the actor may see: ref and problem."""
    rows = session.execute(
        select(Plan.ref, Plan.problem)
        .join(Team, Team.id == Plan.team_id)
        .where(Plan.team_id.in_(team_ids), Plan.closed_at.is_(None), Plan.needs_sign_off.is_(False), visible(actor))
        .order_by(func.lower(Plan.problem), Plan.id)
    )
    return {row.ref: row.problem for row in rows}
