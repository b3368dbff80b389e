"""Find plans again: by their words, by what they are about, by what came of them (RULES section 6)."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, exists, func, literal, or_, select

from npt.core import full_text
from npt.core.authority import Actor
from npt.core.db import among, session
from npt.core.full_text import Phrase, Piece
from npt.people.models import Team, Ward
from npt.problem_solving.models import GoodPractice, Plan, PlanAction, PlanMeasure, PlanReuse, PlanWard
from npt.problem_solving.queries.seeing import readable, told_of, visible
from npt.problem_solving.rules.impact import Verdict
from npt.problem_solving.rules.sharing import PracticeState
from npt.problem_solving.rules.vocabulary import Outcome, PlanState, ProblemType, Stage

INDEX = "plan_texts"
PARTS = ("said", "measured", "known", "done")
"""What the index holds beside the problem, in its order."""


_REF = re.compile(r"\s*P-(\d{1,9})\s*", re.ASCII | re.IGNORECASE)


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
    def ref(self) -> str | None:
        """The number of a plan, when that is what is asked for: P-12, in any case."""
        found = _REF.fullmatch(self.question)
        return f"P-{found[1]}" if found else None

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return () if self.ref else full_text.wanted(self.question)

    @property
    def hopeless(self) -> bool:
        """Something is asked for, and none of it finds anything."""
        return bool(self.question.strip()) and not (self.phrases or self.ref)


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
    verdict: Verdict | None
    """What the figures say; nothing while an open plan was not measured again."""
    practice: PracticeState | None
    reused: int
    sensitive: bool
    whole: bool
    title: Sequence[Piece] = ()
    snippet: Sequence[Piece] = ()


_MEASURED_AGAIN = select(PlanMeasure.plan_id).where(
    or_(PlanMeasure.after_value.is_not(None), PlanMeasure.verdict.is_not(None))
)


def _searched(*columns: Any, actor: Actor, search: Search, found: CTE | None) -> Select[Any]:
    statement = select(*columns).select_from(Plan).join(Team, Team.id == Plan.team_id)
    if found is not None:
        statement = statement.join(found, found.c.id == Plan.id)
    return statement.where(readable(actor), *_conditions(search))


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if search.state is not PlanState.ALL:
        wanted.append(Plan.closed_at.is_(None) == (search.state is PlanState.OPEN))
    if search.ref is not None:
        wanted.append(Plan.ref == search.ref)
    if search.kind is not None:
        wanted.append(Plan.problem_type == search.kind)
    if search.outcome is not None:
        wanted.append(Plan.outcome == search.outcome)
    if search.verdict is Verdict.NO_COMPARISON:
        compared = select(PlanMeasure.plan_id).where(PlanMeasure.verdict != Verdict.NO_COMPARISON)
        wanted += [Plan.id.not_in(compared), or_(Plan.closed_at.is_not(None), Plan.id.in_(_MEASURED_AGAIN))]
    return wanted + [Plan.id.in_(plans) for plans in _about(search)]


def _about(search: Search) -> Iterator[Select[Any]]:
    """The plans that other tables say something of."""
    if search.ward is not None:
        yield select(PlanWard.plan_id).join(Ward, Ward.id == PlanWard.ward_id).where(Ward.code == search.ward)
    if search.partner is not None:
        yield select(PlanAction.plan_id).where(PlanAction.partner == search.partner)
    if search.verdict is not None and search.verdict is not Verdict.NO_COMPARISON:
        yield select(PlanMeasure.plan_id).where(PlanMeasure.verdict == search.verdict)
    if search.practice is not None:
        yield select(GoodPractice.plan_id).where(GoodPractice.state == search.practice)


def plans_found(actor: Actor, search: Search) -> list[int]:
    """The numbers of the plans that match, the best first; without a question the newest first."""
    if search.hopeless:
        return []
    phrases = search.phrases
    found = full_text.matching(INDEX, phrases) if phrases else None
    best = [found.c.back] if found is not None else []
    statement = _searched(Plan.id, actor=actor, search=search, found=found)
    return list(session.scalars(statement.order_by(*best, Plan.opened_at.desc(), Plan.id)))


NEAR = 10
"""So many plans are shown that hold only some of the words, where none holds all."""


def plans_near(actor: Actor, search: Search) -> list[int]:
    """Where no plan holds all the words: those that hold most of the first ones, the best first. The rest narrows."""
    phrases = search.phrases[:SIMILAR_WORDS]
    for least in range(len(phrases) - 1, 0, -1):
        found = full_text.matching(INDEX, phrases, least)
        statement = _searched(Plan.id, actor=actor, search=search, found=found)
        ids = session.scalars(statement.order_by(found.c.back, Plan.opened_at.desc(), Plan.id).limit(NEAR)).all()
        if ids:
            return list(ids)
    return []


AT_ONCE = 5_000
"""So many plans are read in one go: a statement of SQLite takes only so many values."""


def found_rows(actor: Actor, search: Search, ids: Sequence[int]) -> list[Found]:
    """Plans that were found, in that order, with what was found in each marked."""
    found = []
    for first in range(0, len(ids), AT_ONCE):
        part = ids[first : first + AT_ONCE]
        rows = _rows(part, actor)
        marks = full_text.marked(INDEX, search.phrases, part, PARTS)
        found += [_marked(rows[id], marks) for id in part]
    return found


def _marked(row: Found, marks: Mapping[int, tuple[list[Piece], list[Piece]]]) -> Found:
    title, snippet = marks.get(row.id, ([Piece(row.problem)], []))
    return replace(row, title=title, snippet=snippet)


def _rows(ids: Collection[int], actor: Actor) -> dict[int, Found]:
    if not ids:
        return {}
    whole = case((visible(actor), literal(True)), else_=literal(False))
    statement = (
        select(Plan, Team.name, GoodPractice.state, whole, PlanMeasure.verdict, PlanMeasure.after_value)
        .join(Team, Team.id == Plan.team_id)
        .outerjoin(GoodPractice, GoodPractice.plan_id == Plan.id)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .where(among(Plan.id.expression, ids), readable(actor))
    )
    reused = _reused(ids, actor)
    found = {}
    for plan, team_name, practice, own, verdict, after in session.execute(statement):
        told = after is not None or plan.closed_at is not None
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
            verdict=verdict or (Verdict.NO_COMPARISON if told else None),
            practice=practice,
            reused=reused.get(plan.id, 0),
            sensitive=plan.marking_reason is not None,
            whole=bool(own),
        )
    return found


def _reused(ids: Collection[int], actor: Actor) -> dict[int, int]:
    """By how many plans each is reused: by as many as its page tells the actor of."""
    rows = session.execute(
        select(PlanReuse.from_plan_id, func.count())
        .join(Plan, Plan.id == PlanReuse.plan_id)
        .join(Team, Team.id == Plan.team_id)
        .where(among(PlanReuse.from_plan_id.expression, ids), told_of(actor))
        .group_by(PlanReuse.from_plan_id)
    )
    return {id: count for id, count in rows}  # noqa: C416 - rows are not pairs to mypy


SIMILAR = 5
"""So many similar plans are offered: what can be read before one writes one's own."""
SIMILAR_WORDS = 6
"""The first words of a problem, by which similar ones are found."""


def similar_plans(actor: Actor, problem: str, kind: ProblemType | None, *, but: int | None = None) -> Sequence[Found]:
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
            rows = _rows(ids, actor)
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
    """What came of the closed plans of one type, or of all: how many ended with each outcome, and with each verdict."""

    kind: ProblemType | None
    plans: int
    outcomes: Mapping[Outcome, int]
    verdicts: Mapping[Verdict, int]
    practices: int

    @property
    def label(self) -> str:
        return self.kind.label if self.kind else "All types"


def of_all_types(rows: Sequence[Worked]) -> Worked:
    """The same of all types together."""
    return Worked(
        None,
        sum(row.plans for row in rows),
        {outcome: sum(row.outcomes[outcome] for row in rows) for outcome in Outcome},
        {verdict: sum(row.verdicts[verdict] for row in rows) for verdict in Verdict},
        sum(row.practices for row in rows),
    )


def what_worked(actor: Actor) -> list[Worked]:
    """For each type of problem, what came of its closed plans, of those the actor may read."""
    verdict = func.coalesce(PlanMeasure.verdict, Verdict.NO_COMPARISON)
    parts = (Plan.problem_type, Plan.outcome, verdict, GoodPractice.state)
    statement = (
        _searched(*parts, func.count(Plan.id), actor=actor, search=Search(state=PlanState.CLOSED), found=None)
        .outerjoin(PlanMeasure, PlanMeasure.plan_id == Plan.id)
        .outerjoin(GoodPractice, GoodPractice.plan_id == Plan.id)
        .group_by(*parts)
    )
    told: dict[ProblemType, list[_Counted]] = {}
    for kind, *counted in session.execute(statement):
        told.setdefault(kind, []).append(_Counted(*counted))
    return [_worked(kind, told[kind]) for kind in ProblemType if kind in told]


@dataclass(frozen=True, slots=True)
class _Counted:
    """So many closed plans of one type that ended alike."""

    outcome: Outcome
    verdict: Verdict
    practice: PracticeState | None
    plans: int


def _worked(kind: ProblemType, closed: Sequence[_Counted]) -> Worked:
    outcomes, verdicts = dict.fromkeys(Outcome, 0), dict.fromkeys(Verdict, 0)
    for each in closed:
        outcomes[each.outcome] += each.plans
        verdicts[each.verdict] += each.plans
    practices = sum(each.plans for each in closed if each.practice is PracticeState.APPROVED)
    return Worked(kind, sum(each.plans for each in closed), outcomes, verdicts, practices)
