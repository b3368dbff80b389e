"""The library: plans found again, what worked, and one plan in summary, on one page of paper."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.core.authority import Permission
from npt.edge import actor, today
from npt.problem_solving import queries
from npt.problem_solving.forms import SearchForm
from npt.problem_solving.queries import Found, Search, Worked
from npt.problem_solving.rules.impact import Verdict
from npt.problem_solving.rules.vocabulary import Outcome, PlanState, Side
from npt.problem_solving.views.lists import bp, picture_of
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file
from npt.web.marking import marking_of
from npt.web.paging import address_of, asked_page, fetched

HEADER = (
    "Plan",
    "Problem",
    "Type",
    "Team",
    "Stage",
    "Opened",
    "Closed",
    "Outcome",
    "What the figures say",
    "Good practice",
    "Reused by plans",
    "Marking",
    "Where it was found",
)


@bp.get("/library")
@requires(Permission.VIEW_PLANS)
def library() -> ResponseReturnValue:
    """Plans found by their words and by what came of them: of the reader's teams, and the force's good practice."""
    form = _searched_by()
    search = Search(
        form.question.data or "",
        form.state.data or PlanState.ALL,
        form.kind.data,
        form.ward.data,
        form.partner.data,
        form.outcome.data,
        form.verdict.data,
        form.practice.data,
    )
    who = actor()
    ids = queries.plans_found(who, search)
    near = not ids and len(search.phrases) > 1 and bool(ids := queries.plans_near(who, search))
    if ending := request.args.get("format"):
        rows = queries.found_rows(who, search, ids)
        restricted = any(row.sensitive for row in rows)
        return list_file(ending, "library of plans", HEADER, [_cells(row) for row in rows], sensitive=restricted)
    page = fetched(
        len(ids),
        asked_page(),
        lambda offset, limit: queries.found_rows(who, search, ids[offset : offset + limit]),
    )
    return render_template(
        "problem_solving/library.html",
        form=form,
        page=page,
        search=search,
        near=near,
        marking=marking_of(page.items),
        address=address_of,
        other=lambda **changed: this_page(without=("page", "format"), **changed),
    )


def _searched_by() -> SearchForm:
    given = MultiDict(request.args)
    given.setdefault("state", PlanState.ALL.value)
    form = SearchForm(formdata=given)
    form.ward.choices, form.partner.choices = queries.library_choices(actor())
    form.validate()
    return form


def _cells(row: Found) -> Sequence[Cell]:
    return (
        row.ref,
        row.problem,
        row.kind.label,
        row.team_name,
        row.stage.label,
        row.opened_at,
        row.closed_at,
        row.outcome.label if row.outcome else None,
        row.verdict.label if row.verdict else None,
        row.practice.label if row.practice else None,
        row.reused,
        marking_of([row]),
        "".join(piece.text for piece in row.snippet),
    )


@bp.get("/what-worked")
@requires(Permission.VIEW_PLANS)
def what_worked() -> ResponseReturnValue:
    """What came of closed plans, by type of problem: every number leads to the plans that make it."""
    rows = queries.what_worked(actor())
    if ending := request.args.get("format"):
        header = (
            "Type of problem",
            "Closed plans",
            *(f"Outcome: {outcome.label}" for outcome in Outcome),
            *(f"Figures: {verdict.label}" for verdict in Verdict),
            "Good practice",
        )
        return list_file(ending, "what worked", header, [_told(row) for row in rows])
    return render_template(
        "problem_solving/what_worked.html",
        rows=rows,
        total=queries.of_all_types(rows),
        outcomes=list(Outcome),
        verdicts=list(Verdict),
    )


def _told(row: Worked) -> Sequence[Cell]:
    return (row.label, row.plans, *row.outcomes.values(), *row.verdicts.values(), row.practices)


@bp.get("/<ref>/summary")
@requires(Permission.VIEW_PLANS)
def summary(ref: str) -> ResponseReturnValue:
    """One plan on one page of paper; of another team's good practice all there is to read."""
    plan, whole = queries.plan_to_read(ref, actor(), today())
    found, sharing = plan.impact, queries.sharing_of(plan.id, actor())
    return render_template(
        "problem_solving/summary.html",
        plan=plan,
        whole=whole,
        sharing=sharing,
        sides=list(Side),
        impact=found,
        picture=picture_of(found),
        marking=marking_of([plan], sharing.takes_from, sharing.reused_by),
    )
