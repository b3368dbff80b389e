"""Closed plans that need not be kept any longer."""

import datetime as dt
from typing import cast

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, now, policy, today
from npt.problem_solving import services
from npt.problem_solving.forms.priorities import RetentionForm
from npt.problem_solving.queries import lists
from npt.problem_solving.services import NewRetention
from npt.problem_solving.views.asking import Asked, ask, seen
from npt.problem_solving.views.lists import bp
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import list_file

HEADER = ("Plan", "Problem", "Team", "Closed", "Kept until", "Proposed", "Marking")


@bp.get("/disposals")
@requires(Permission.SUPERVISE_PLANS)
def disposals() -> ResponseReturnValue:
    """The closed plans whose disposal the nightly check proposes."""
    found = lists.disposals(actor())
    restricted = any(row.sensitive for row in found)
    if ending := request.args.get("format"):
        cells = [
            (
                row.ref,
                row.problem,
                row.team_name,
                row.closed_at,
                row.kept_until,
                row.proposed_on,
                "OFFICIAL-SENSITIVE" if row.sensitive else "OFFICIAL",
            )
            for row in found
        ]
        return list_file(ending, "plans to dispose of", HEADER, cells, sensitive=restricted)
    return render_template(
        "problem_solving/disposals.html",
        rows=found,
        months=policy(today()).plan_retention_months,
        other=lambda **changed: this_page(without=("format",), **changed),
        marking="OFFICIAL-SENSITIVE" if restricted else "OFFICIAL",
    )


@bp.route("/<ref>/disposal", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def disposal(ref: str) -> ResponseReturnValue:
    """Keep a closed plan's text longer, or dispose of it."""
    plan, form = seen(ref), RetentionForm()
    asked = Asked(
        "Keep or dispose of this plan",
        "Decide",
        f"Decided for plan {ref}.",
        "Disposed of are its words: the problem, sources, analysis, actions, updates and result. What stays is its "
        "type, its days, its stages, its measure and counts, and its outcome. It cannot be taken back.",
    )

    def change() -> None:
        new = NewRetention(cast("dt.date | None", form.keep_until.data), form.reason.data)
        services.decide_retention(ref, new, actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)
