"""The list of plans, and one plan on one screen."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.audit import queries as audit
from npt.audit.queries import HistoryLine
from npt.core.authority import Permission
from npt.core.periods import DAY, midnight
from npt.edge import actor, policy, today, zone
from npt.people import queries as people
from npt.problem_solving import queries
from npt.problem_solving.forms import PlansForm, UpdateForm
from npt.problem_solving.queries import Found, Narrowing, PlanLine, PlanPage
from npt.problem_solving.queries.counting import counting_of
from npt.problem_solving.queries.health import HealthLines, supervisors
from npt.problem_solving.queries.priorities import priorities, tags_of
from npt.problem_solving.rules import stages
from npt.problem_solving.rules.impact import Impact, Least
from npt.problem_solving.rules.vocabulary import Cheers, Method, PlanState, Side, Stage
from npt.problem_solving.views.asking import MENDED_AT
from npt.web import charts
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file
from npt.web.marking import marking_of
from npt.web.paging import address_of, asked_page, fetched

bp = Blueprint("problem_solving", __name__, url_prefix="/plans")

HEADER = (
    "Plan",
    "Problem",
    "Type",
    "Stage",
    "Team",
    "BCU",
    "Owner",
    "Opened",
    "Last update",
    "Next action",
    "By whom",
    "Due",
    "Overdue actions",
    "Next review",
    "Reach target by",
    "Past target",
    "Closed",
    "Outcome",
    "Marking",
)


@bp.get("/")
@requires(Permission.VIEW_PLANS)
def index() -> ResponseReturnValue:
    """The plans the actor may see: open ones, those longest without an update first, unless asked otherwise."""
    form = _narrowed_by()
    narrowing = Narrowing(
        form.state.data or PlanState.OPEN,
        form.stage.data,
        form.kind.data,
        form.team.data,
        form.bcu.data,
        form.sector.data,
        form.supervisor.data,
        priority=form.priority.data if not form.priority.errors else None,
        overdue=bool(form.overdue.data),
        health=form.health.data,
        asked=health_lines(),
    )
    who, on, order = actor(), today(), request.args.get("order", queries.lists.OLDEST_UPDATE_FIRST)
    if ending := request.args.get("format"):
        found = queries.listed(who, narrowing, on, order=order)
        restricted = any(row.sensitive for row in found)
        return list_file(ending, "plans", HEADER, [_cells(row) for row in found], sensitive=restricted)
    page = fetched(
        queries.how_many(who, narrowing, on),
        asked_page(),
        lambda offset, limit: queries.listed(who, narrowing, on, order=order, offset=offset, limit=limit),
    )
    return render_template(
        "problem_solving/index.html",
        form=form,
        page=page,
        address=address_of,
        order=order,
        ordered=lambda name: _other(order=name),
        other=_other,
        today=on,
        marking=marking_of(page.items),
    )


def health_lines() -> HealthLines:
    """The lines of today by which plans are judged (policy)."""
    now_in_force = policy(today())
    start = midnight(today() + DAY, zone())
    return HealthLines(
        start - now_in_force.plan_stale_days * DAY, start - now_in_force.plan_stalled_days * DAY, today()
    )


def _narrowed_by() -> PlansForm:
    teams = people.teams(actor().scope)
    given = MultiDict(request.args)
    given.setdefault("state", PlanState.OPEN.value)
    form = PlansForm(formdata=given)
    form.team.choices = {team.code: team.name for team in teams}
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.sector.choices = {team.sector_code: team.sector_name for team in teams}
    form.supervisor.choices = supervisors(actor())
    form.priority.choices = {row.id: row.name for row in priorities(actor())}
    form.validate()
    return form


def _other(**changed: str) -> str:
    return this_page(without=("page", "format"), **changed)


def _cells(row: PlanLine) -> Sequence[Cell]:
    action = row.next_action
    return (
        row.ref,
        row.problem,
        row.kind.label,
        row.stage.label,
        row.team_name,
        row.bcu_name,
        row.owner,
        row.opened_at,
        row.last_update_at,
        action.what if action else None,
        action.who if action else None,
        action.due_on if action else None,
        action.overdue if action else 0,
        row.next_review_on,
        row.target_on,
        "yes" if row.past_target else "no",
        row.closed_at,
        row.outcome.label if row.outcome else None,
        marking_of([row]),
    )


@bp.get("/<ref>")
@requires(Permission.VIEW_PLANS)
def show(ref: str) -> ResponseReturnValue:
    """One plan on one screen: the card, the stage being worked on, the others folded, what happened."""
    plan = queries.plan_page(ref, actor(), today())
    found, sharing, similar = plan.impact, queries.sharing_of(plan.id, actor()), _similar(plan)
    return render_template(
        "problem_solving/show.html",
        plan=plan,
        today=today(),
        facts=plan.facts,
        stages=stages.stages_from(plan.facts.first_stage),
        missing=stages.missing(plan.facts),
        following=stages.next_stage(plan.facts.stage),
        sides=list(Side),
        checks=stages.checks(plan.facts),
        mended=MENDED_AT,
        cheers=list(Cheers),
        sharing=sharing,
        similar=similar,
        impact=found,
        picture=picture_of(found),
        pairs=_pairs(plan),
        counting=counting_of(plan.id, plan.measure),
        tags=tags_of(plan.id),
        update_form=UpdateForm(formdata=None),
        history=_history(plan),
        marking=marking_of([plan], similar, sharing.takes_from, sharing.reused_by),
    )


def _history(plan: PlanPage) -> Sequence[HistoryLine]:
    """What the record says of a plan; of one whose text was disposed of who did what and when, and not with what words.

    The record keeps them, for it is not altered. It has a retention of its own, and this page shows it no longer.
    """
    lines = audit.history(f"plan:{plan.ref}")
    if plan.disposed_at is None:
        return lines
    return [line if line.event == "plan.disposed" else replace(line, details={}) for line in lines]


def _similar(plan: PlanPage) -> Sequence[Found]:
    """While a problem is looked at, what others did about much the same."""
    if not plan.is_open or plan.facts.stage not in (Stage.OBJECTIVE, Stage.SCANNING):
        return ()
    return queries.similar_plans(actor(), plan.problem, plan.kind, but=plan.id)


def least_today() -> Least:
    """The force's limits today, below which nothing is said of a change that is compared today."""
    today_policy = policy(today())
    return Least(today_policy.impact_least_counted, today_policy.impact_least_asked)


def picture_of(found: Impact) -> str | None:
    """The difference and its interval as a picture; nothing where there is none."""
    if found.low is None or found.high is None or found.difference is None:
        return None
    told = f"{found.difference:.1f}, {found.confidence} % interval {found.low:.2f} to {found.high:.2f}"
    return charts.interval(
        found.low, found.difference, found.high, title=f"Difference and its {found.confidence} % interval", told=told
    )


_PAIRS = {
    "treated": "Treated area",
    "comparison": "Comparison area",
    "displacement": "Displacement area",
    "control": "Control of the displacement area",
    "asked": "Asked",
    "said": "Said it",
}


def _pairs(plan: PlanPage) -> list[tuple[str, int, int]]:
    """The counts a change is held against: what, before, after."""
    if plan.measure is None or plan.measure.method is Method.NONE:
        return []
    counts = plan.measure.counts
    return [
        (words, before, after)
        for what, words in _PAIRS.items()
        if (before := counts[f"{what}_before"]) is not None and (after := counts[f"{what}_after"]) is not None
    ]
