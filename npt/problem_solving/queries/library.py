"""Find plans again: by their words, by what they are about, by what came of them (RULES section 6)."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, exists, func, literal, select

from npt.core import full_text
from npt.core.authority import Actor
from npt.core.db import among, session
from npt.core.full_text import Phrase, Piece
from npt.people.models import Team, Ward
from npt.problem_solving.models import GoodPractice, Plan, PlanAction, PlanMeasure, PlanReuse, PlanWard
from npt.problem_solving.queries.seeing import readable, visible
from npt.problem_solving.rules.impact import COUNTS, Least, Verdict, impact
from npt.problem_solving.rules.sharing import PracticeState
from npt.problem_solving.rules.vocabulary import Method, Outcome, PlanState, ProblemType, Stage

INDEX = "plan_texts"
PARTS = ("said", "measured", "known", "done")
"""What the index holds beside the problem, in its order."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which plans are looked for. What is not given narrows nothing. ``practice``: only good practice of that state."""

    question: str = ""
    state: PlanState = PlanState.ALL
    kind: ProblemType | None = None
    ward: str | None = None
    partner: str | None = None
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    practice: PracticeState | None = None

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return full_text.wanted(self.question)

    @property
    def hopeless(self) -> bool:
        """Something is asked for, and none of it finds anything."""
        return bool(self.question.strip()) and not self.phrases


@dataclass(frozen=True, slots=True)
class Found:
    """A plan that was found. ``whole``: the reader may open all of it, and not its summary alone."""

    id: int
    ref: str
    problem: str
    kind: ProblemType
    stage: Stage
    team_name: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    outcome: Outcome | None
    verdict: Verdict
    practice: PracticeState | None
    reused: int
    sensitive: bool
    whole: bool
    title: Sequence[Piece] = ()
    snippet: Sequence[Piece] = ()


_REUSED = select(func.count(PlanReuse.id)).where(PlanReuse.from_plan_id == Plan.id).scalar_subquery()
_COUNTS = tuple(getattr(PlanMeasure, name) for name in COUNTS)


def _searched(*columns: Any, actor: Actor, search: Search, found: CTE | None) -> Select[Any]:
    statement = select(*columns).select_from(Plan).join(Team, Team.id == Plan.team_id)
    if found is not None:
        statement = statement.join(found, found.c.id == Plan.id)
    return statement.where(readable(actor), *_conditions(search))


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if search.state is not PlanState.ALL:
        wanted.append(Plan.closed_at.is_(None) == (search.state is PlanState.OPEN))
    if search.kind is not None:
        wanted.append(Plan.problem_type == search.kind)
    if search.outcome is not None:
        wanted.append(Plan.outcome == search.outcome)
    if search.ward is not None:
        wards = select(PlanWard.plan_id).join(Ward, Ward.id == PlanWard.ward_id).where(Ward.code == search.ward)
        wanted.append(Plan.id.in_(wards))
    if search.partner is not None:
        wanted.append(Plan.id.in_(select(PlanAction.plan_id).where(PlanAction.partner == search.partner)))
    if search.practice is not None:
        practices = select(GoodPractice.plan_id).where(GoodPractice.state == search.practice)
        wanted.append(Plan.id.in_(practices))
    return wanted


def plans_found(actor: Actor, search: Search, least: Least) -> list[int]:
    """The numbers of the plans that match, the best first; without a question the newest first.

    The verdict is a rule over counts and policy, so it is not asked of the database: only the counts are.

    :param least: the force's limits, by which verdicts are given
    """
    if search.hopeless:
        return []
    phrases = search.phrases
    found = full_text.matching(INDEX, phrases) if phrases else None
    best = [found.c.back] if found is not None else []
    order = (*best, Plan.opened_at.desc(), Plan.id)
    if search.verdict is None:
        return list(session.scalars(_searched(Plan.id, actor=actor, search=search, found=found).order_by(*order)))
    columns = (Plan.id, PlanMeasure.method, PlanMeasure.better, *_COUNTS)
    statement = _searched(*columns, actor=actor, search=search, found=found)
    statement = statement.outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
    if search.verdict is not Verdict.NO_COMPARISON:
        statement = statement.where(PlanMeasure.method != Method.NONE)
    rows = session.execute(statement.order_by(*order))
    return [id for id, *measured in rows if _verdict(measured, least) is search.verdict]


def found_rows(actor: Actor, search: Search, ids: Sequence[int], least: Least) -> list[Found]:
    """Plans that were found, in that order, with what was found in each marked."""
    rows = _rows(ids, actor, least)
    marks = full_text.marked(INDEX, search.phrases, ids, PARTS)
    return [_marked(rows[id], marks) for id in ids]


def _marked(row: Found, marks: Mapping[int, tuple[list[Piece], list[Piece]]]) -> Found:
    title, snippet = marks.get(row.id, ([Piece(row.problem)], []))
    return replace(row, title=title, snippet=snippet)


def _verdict(measured: Sequence[Any], least: Least) -> Verdict:
    method, better, *counts = measured
    if method is None or method is Method.NONE:
        return Verdict.NO_COMPARISON
    return impact(method, dict(zip(COUNTS, counts, strict=True)), better, least).verdict


def _rows(ids: Collection[int], actor: Actor, least: Least) -> dict[int, Found]:
    if not ids:
        return {}
    whole = case((visible(actor), literal(True)), else_=literal(False))
    statement = (
        select(Plan, Team.name, GoodPractice.state, _REUSED, whole, PlanMeasure.method, PlanMeasure.better, *_COUNTS)
        .join(Team, Team.id == Plan.team_id)
        .outerjoin(GoodPractice, GoodPractice.plan_id == Plan.id)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .where(among(Plan.id.expression, ids), readable(actor))
    )
    found = {}
    for plan, team_name, practice, reused, own, *measured in session.execute(statement):
        found[plan.id] = Found(
            id=plan.id,
            ref=plan.ref,
            problem=plan.problem,
            kind=plan.problem_type,
            stage=plan.stage,
            team_name=team_name,
            opened_at=plan.opened_at,
            closed_at=plan.closed_at,
            outcome=plan.outcome,
            verdict=_verdict(measured, least),
            practice=practice,
            reused=reused,
            sensitive=plan.marking_reason is not None,
            whole=bool(own),
        )
    return found


SIMILAR = 5
"""So many similar plans are offered: what can be read before one writes one's own."""
SIMILAR_WORDS = 6
"""The first words of a problem, by which similar ones are found."""


def similar_plans(
    actor: Actor, problem: str, kind: ProblemType | None, least: Least, *, but: int | None = None
) -> Sequence[Found]:
    """Plans about much the same, the nearest first: of the same type before others, by the words of the problem.

    They share two of its words, or one where none shares two.

    :param but: the plan that is being written
    """
    phrases = full_text.wanted(problem)[:SIMILAR_WORDS]
    for least_words in (2, 1):
        if len(phrases) < least_words:
            continue
        found = full_text.matching(INDEX, phrases, least_words)
        statement = _searched(Plan.id, actor=actor, search=Search(), found=found)
        if but is not None:
            statement = statement.where(Plan.id != but)
        same_kind = case((Plan.problem_type == kind, 0), else_=1)
        ids = session.scalars(statement.order_by(same_kind, found.c.back, Plan.id).limit(SIMILAR)).all()
        if ids:
            rows = _rows(ids, actor, least)
            return [rows[id] for id in ids]
    return []


def library_choices(actor: Actor) -> tuple[dict[str, str], dict[str, str]]:
    """The wards and the partners that plans which the actor may read are about: what a list can be narrowed by."""
    own = select(Plan.id).join(Team, Team.id == Plan.team_id).where(readable(actor))
    about = exists().where(PlanWard.ward_id == Ward.id, PlanWard.plan_id.in_(own))
    wards = session.execute(select(Ward.code, Ward.name).where(about).order_by(Ward.name, Ward.code))
    partners = session.scalars(
        select(PlanAction.partner)
        .where(PlanAction.partner.is_not(None), PlanAction.plan_id.in_(own))
        .distinct()
        .order_by(PlanAction.partner)
    )
    return {row.code: row.name for row in wards}, {name: name for name in partners if name is not None}


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of the closed plans of one type: how many ended with each outcome, and with each verdict."""

    kind: ProblemType
    plans: int
    outcomes: Mapping[Outcome, int]
    verdicts: Mapping[Verdict, int]
    practices: int


def what_worked(actor: Actor, least: Least) -> list[Worked]:
    """For each type of problem, what came of its closed plans, of those the actor may read."""
    statement = (
        _searched(
            Plan.problem_type,
            Plan.outcome,
            GoodPractice.state,
            PlanMeasure.method,
            PlanMeasure.better,
            *_COUNTS,
            actor=actor,
            search=Search(state=PlanState.CLOSED),
            found=None,
        )
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .outerjoin(GoodPractice, GoodPractice.plan_id == Plan.id)
    )
    told: dict[ProblemType, list[tuple[Outcome, Verdict, bool]]] = {}
    for kind, outcome, state, *measured in session.execute(statement):
        known = (outcome, _verdict(measured, least), state is PracticeState.APPROVED)
        told.setdefault(kind, []).append(known)
    return [_worked(kind, told[kind]) for kind in ProblemType if kind in told]


def _worked(kind: ProblemType, closed: Sequence[tuple[Outcome, Verdict, bool]]) -> Worked:
    outcomes, verdicts = dict.fromkeys(Outcome, 0), dict.fromkeys(Verdict, 0)
    for outcome, verdict, _ in closed:
        outcomes[outcome] += 1
        verdicts[verdict] += 1
    return Worked(kind, len(closed), outcomes, verdicts, sum(practice for *_, practice in closed))
