"""The priorities plans serve: their lists, a plan's own, and what a partnership is given."""

import datetime as dt
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.edge import actor, now, today, transaction
from npt.people import queries as people
from npt.problem_solving import services
from npt.problem_solving.forms.priorities import EndPriorityForm, NewPriorityForm, PartnershipForm, TagsForm
from npt.problem_solving.queries import priorities as queries
from npt.problem_solving.queries.priorities import PartnershipLine
from npt.problem_solving.services import NewPriority
from npt.problem_solving.views.asking import Asked, ask, seen
from npt.problem_solving.views.lists import bp
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.asking import shown_fields
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.forms import Form
from npt.web.paging import address_of, asked_page, page_of

CLOSED_SINCE = 365 * DAY
"""How long a closed plan stays among those a partnership is given. A bound of the list, no figure of policy."""

LISTS = ("List", "Priority", "From", "To", "Open plans")
PARTNERSHIP = (
    "Plan",
    "Problem",
    "Type",
    "Stage",
    "Team",
    "BCU",
    "Priorities",
    "Opened",
    "Closed",
    "Outcome",
    "What the figures say",
    "Result",
    "Measure",
    "Before",
    "After",
    "Target",
    "Reach target by",
    "Marking",
)


@bp.get("/priorities")
@requires(Permission.VIEW_PLANS)
def priorities() -> ResponseReturnValue:
    """The priorities of districts, of the strategic assessment and of the force, and how many plans serve each."""
    found = queries.priorities(actor())
    if ending := request.args.get("format"):
        cells = [(row.list.label, row.name, row.first_day, row.last_day, row.plans) for row in found]
        return list_file(ending, "priorities of plans", LISTS, cells)
    return render_template("problem_solving/priorities.html", rows=found, other=_other, today=today())


@bp.route("/priorities/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def new_priority() -> ResponseReturnValue:
    """Put a priority on a list."""
    form = NewPriorityForm(data={"first_day": today()})
    return _asked(
        form,
        "Add a priority",
        "Add this priority",
        lambda: services.add_priority(form.into(NewPriority), actor=actor(), at=now()),
    )


@bp.route("/priorities/<int:priority_id>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def end_priority(priority_id: int) -> ResponseReturnValue:
    """End a priority. Plans that serve it keep it."""
    line = next((row for row in queries.priorities(actor()) if row.id == priority_id), None)
    form = EndPriorityForm(data={"last_day": today()})
    title = f"End “{line.name}”" if line else "End a priority"

    def change() -> None:
        services.end_priority(priority_id, cast("dt.date", form.last_day.data), actor=actor(), at=now())

    return _asked(form, title, "End this priority", change)


def _asked(form: Form, title: str, button: str, change: object) -> ResponseReturnValue:
    if form.validate_on_submit() and callable(change):
        try:
            with transaction():
                change()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say("The list is saved.")
            return redirect(url_for("problem_solving.priorities"))
    back = url_for("problem_solving.priorities")
    return render_template(
        "partners/form.html", form=form, title=title, button_words=button, fields=shown_fields(form), back=back
    )


@bp.route("/<ref>/tags", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def tags(ref: str) -> ResponseReturnValue:
    """Say which priorities a plan serves."""
    plan = seen(ref)
    held = queries.tags_of(plan.id)
    form = TagsForm(data={"tags": list(held)})
    form.tags.choices = {**queries.priorities_on(today()), **held}
    lead = "" if form.tags.choices else "No priority is on a list yet. The force lead keeps the lists."
    asked = Asked("Priorities this plan serves", "Save", f"The priorities of plan {ref} are saved.", lead)
    return ask(
        plan,
        form,
        asked,
        lambda: services.tag_plan(ref, tuple(form.tags.data or ()), actor=actor(), at=now(), on=today()),
    )


@bp.get("/partnership")
@requires(Permission.VIEW_PLANS)
def partnership() -> ResponseReturnValue:
    """Open plans, and what became of those closed in the last year, for a partnership: without restricted ones."""
    form = PartnershipForm(formdata=MultiDict(request.args))
    form.priority.choices = {row.id: f"{row.list.label}: {row.name}" for row in queries.priorities(actor())}
    form.bcu.choices = {bcu.code: bcu.name for bcu in people.bcus(actor().scope)}
    form.validate()
    priority = None if form.priority.errors else form.priority.data
    found = queries.partnership_lines(actor(), now() - CLOSED_SINCE, priority, form.bcu.data)
    if ending := request.args.get("format"):
        return list_file(ending, f"plans for the partnership {today()}", PARTNERSHIP, [_cells(row) for row in found])
    page = page_of(found, asked_page())
    return render_template("problem_solving/partnership.html", form=form, page=page, address=address_of, other=_other)


def _cells(row: PartnershipLine) -> tuple[Cell, ...]:
    return (
        row.ref,
        row.problem,
        row.kind.label,
        row.stage.label,
        row.team_name,
        row.bcu_name,
        "; ".join(row.tags),
        row.opened_at,
        row.closed_at,
        row.outcome.label if row.outcome else None,
        row.verdict.label if row.after is not None else None,
        row.result,
        row.measure,
        row.before,
        row.after,
        row.target,
        row.target_on,
        "OFFICIAL",
    )


def _other(**changed: str) -> str:
    return this_page(without=("page", "format"), **changed)
