"""Read what a plan teaches others: whether it is good practice, who reused it and what it reuses, its scores."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import case, literal, or_, select

from npt.core.authority import Actor
from npt.core.db import session
from npt.people.models import Team
from npt.problem_solving.models import GoodPractice, Plan, PlanReuse, PlanScore
from npt.problem_solving.queries.one import PlanPage, page_of
from npt.problem_solving.queries.seeing import readable, told_of, visible
from npt.problem_solving.rules.sharing import PracticeState, Score
from npt.problem_solving.rules.vocabulary import Outcome, Stage


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A proposal of good practice, and what became of it."""

    lesson: str
    state: PracticeState
    proposed_at: dt.datetime
    proposed_by: str
    decided_at: dt.datetime | None
    decided_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReuseLine:
    """A plan that another reused, or reuses. What the reader may not open is known by its team alone."""

    ref: str | None
    problem: str | None
    team_name: str
    stage: Stage
    outcome: Outcome | None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score, who gave it, when, and what they said of it."""

    score: Score
    note: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a plan teaches others and took from others. Scores: newest first."""

    practice: PracticeLine | None
    takes_from: Sequence[ReuseLine]
    reused_by: Sequence[ReuseLine]
    scores: Sequence[ScoreLine]


def sharing_of(plan_id: int, actor: Actor) -> Sharing:
    """What a plan teaches others and took from others, as far as the reader may see it."""
    practice = session.scalar(select(GoodPractice).where(GoodPractice.plan_id == plan_id))
    takes_from, reused_by = _reuses(plan_id, actor)
    return Sharing(
        PracticeLine(
            practice.lesson,
            practice.state,
            practice.proposed_at,
            practice.proposed_by,
            practice.decided_at,
            practice.decided_by,
            practice.reason,
        )
        if practice
        else None,
        takes_from,
        reused_by,
        scores_of(plan_id),
    )


def scores_of(plan_id: int) -> list[ScoreLine]:
    """The scores a plan was given, newest first."""
    rows = session.scalars(select(PlanScore).where(PlanScore.plan_id == plan_id).order_by(PlanScore.id.desc()))
    return [
        ScoreLine(Score(row.scanning, row.analysis, row.response, row.assessment), row.note, row.at, row.by)
        for row in rows
    ]


def _reuses(plan_id: int, actor: Actor) -> tuple[list[ReuseLine], list[ReuseLine]]:
    """Of a restricted plan that the reader may not see there is nothing at all."""
    may_read = case((readable(actor), literal(True)), else_=literal(False))
    rows = session.execute(
        select(PlanReuse.plan_id, Plan, Team.name, may_read)
        .join(Plan, or_(Plan.id == PlanReuse.plan_id, Plan.id == PlanReuse.from_plan_id))
        .join(Team, Team.id == Plan.team_id)
        .where(
            or_(PlanReuse.plan_id == plan_id, PlanReuse.from_plan_id == plan_id),
            Plan.id != plan_id,
            told_of(actor),
        )
        .order_by(PlanReuse.id)
    )
    takes_from: list[ReuseLine] = []
    reused_by: list[ReuseLine] = []
    for reusing, plan, team, known in rows:
        ref, problem = (plan.ref, plan.problem) if known else (None, None)
        line = ReuseLine(ref, problem, team, plan.stage, plan.outcome, plan.marking_reason is not None)
        (takes_from if reusing == plan_id else reused_by).append(line)
    return takes_from, reused_by


def plan_to_read(ref: str, actor: Actor, on: dt.date) -> tuple[PlanPage, bool]:
    """One plan as its summary shows it, and whether it is the actor's to open whole.

    Of another team's good practice there is the problem, its analysis, what was done and what came of it: no names of
    people, no updates, no history (docs/decisions/0037).

    :raises NoResultFound: when there is none, or the actor may not read it
    """
    whole = case((visible(actor), literal(True)), else_=literal(False))
    own = session.execute(
        select(whole).select_from(Plan).join(Team, Team.id == Plan.team_id).where(Plan.ref == ref, readable(actor))
    ).scalar_one()
    page = page_of(ref, readable(actor), on)
    return (page, True) if own else (_without_people(page), False)


def _without_people(page: PlanPage) -> PlanPage:
    return replace(
        page,
        author="",
        owner_id=None,
        owner=None,
        supervisor_id=None,
        supervisor=None,
        closed_by=None,
        disposed_by=None,
        updates=(),
        moves=(),
        actions=[replace(each, who=each.partner or "The team", done_by=None) for each in page.actions],
    )
