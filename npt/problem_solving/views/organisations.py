"""Partner organisations: who owes what, and what is kept of each."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.people import queries as people
from npt.problem_solving import services
from npt.problem_solving.forms import ActionsForm, NewOrganisationForm, OrganisationForm
from npt.problem_solving.queries import actions as rows
from npt.problem_solving.queries import partners as queries
from npt.problem_solving.queries.actions import ActionNarrowing, ActionRow
from npt.problem_solving.rules.partners import ActionState
from npt.problem_solving.services import ChangeOfOrganisation, NewOrganisation
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.asking import shown_fields
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.forms import Form
from npt.web.marking import marking_of
from npt.web.paging import address_of, asked_page, fetched

partners_bp = Blueprint("partners", __name__, url_prefix="/partners")

HEADER = ("Code", "Organisation", "Kind", "Active", "Not done", "Overdue", "Oldest due", "Done")
ACTIONS = (
    "Action",
    "Who",
    "Due",
    "Done",
    "Done by",
    "At first due",
    "Cancelled",
    "Overdue",
    "Plan",
    "Problem",
    "Team",
    "BCU",
    "Marking",
)


@partners_bp.get("/")
@requires(Permission.VIEW_PLANS)
def index() -> ResponseReturnValue:
    """What each organisation has taken on, and how much of it is overdue."""
    found = queries.organisations(actor(), today())
    if ending := request.args.get("format"):
        cells = [
            (row.code, row.name, row.kind.label, row.active, row.undone, row.overdue, row.oldest_due_on, row.done)
            for row in found
        ]
        return list_file(ending, "partners", HEADER, cells)
    return render_template("partners/index.html", rows=found, other=_other)


@partners_bp.get("/actions")
@requires(Permission.VIEW_PLANS)
def actions() -> ResponseReturnValue:
    """The actions of open plans, of staff and partners: whose, due when, and what is overdue."""
    form = _narrowed_by()
    asked = ActionNarrowing(
        form.state.data or ActionState.UNDONE,
        form.organisation.data,
        form.team.data,
        form.bcu.data,
        partners_only=bool(form.partners.data),
        # Whoever is nobody of the staff has none: no action is owned by 0.
        owner_id=(actor().person_id or 0) if form.mine.data else None,
    )
    who, on = actor(), today()
    if ending := request.args.get("format"):
        found = rows.action_rows(who, asked, on)
        return list_file(
            ending, "actions", ACTIONS, [action_cells(row) for row in found], sensitive=any(r.sensitive for r in found)
        )
    page = fetched(
        rows.action_count(who, asked, on),
        asked_page(),
        lambda offset, limit: rows.action_rows(who, asked, on, offset, limit),
    )
    marking = marking_of(page.items)
    return render_template(
        "partners/actions.html", form=form, page=page, address=address_of, other=_other, marking=marking
    )


def _narrowed_by() -> ActionsForm:
    teams = people.teams(actor().scope)
    given = MultiDict(request.args)
    given.setdefault("state", ActionState.UNDONE.value)
    form = ActionsForm(formdata=given)
    form.organisation.choices = {row.code: row.name for row in queries.organisations(actor(), today())}
    form.team.choices = {team.code: team.name for team in teams}
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.validate()
    return form


def action_cells(row: ActionRow) -> tuple[Cell, ...]:
    """An action as a line of a file."""
    return (
        row.what,
        row.who,
        row.due_on,
        row.done_on,
        row.done_by,
        row.first_due_on,
        row.cancelled_on,
        row.overdue,
        row.plan_ref,
        row.problem,
        row.team_name,
        row.bcu_name,
        "OFFICIAL-SENSITIVE" if row.sensitive else "OFFICIAL",
    )


def _other(**changed: str) -> str:
    return this_page(without=("page", "format"), **changed)


@partners_bp.get("/organisations/<code>")
@requires(Permission.VIEW_PLANS)
def organisation(code: str) -> ResponseReturnValue:
    """One organisation: what it has taken on, and what was kept of it when."""
    row = queries.organisation(code, actor(), today())
    found = rows.action_rows(actor(), ActionNarrowing(organisation=code), today())
    return render_template(
        "partners/organisation.html",
        row=row,
        actions=found,
        history=audit.history(f"organisation:{code}"),
        marking=marking_of(found),
    )


@partners_bp.route("/organisations/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def new_organisation() -> ResponseReturnValue:
    """Put an organisation on record."""
    form = NewOrganisationForm()
    return _asked(
        form,
        "Add a partner organisation",
        "Add this organisation",
        lambda: services.add_organisation(form.into(NewOrganisation), actor=actor(), at=now()),
        "The organisation is added.",
    )


@partners_bp.route("/organisations/<code>/edit", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def edit_organisation(code: str) -> ResponseReturnValue:
    """Change what an organisation is called, what it is, and whether it still works with the force."""
    row = queries.organisation(code, actor(), today())
    form = OrganisationForm(data={"name": row.name, "kind": row.kind, "active": row.active})

    def change() -> str:
        new = form.into(ChangeOfOrganisation, active=bool(form.active.data))
        services.change_organisation(code, new, actor=actor(), at=now())
        return code

    return _asked(form, f"Change {row.name}", "Save", change, "The organisation is saved.")


def _asked(form: Form, title: str, button: str, change: Callable[[], str], done: str) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            with transaction():
                code = change()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(done)
            return redirect(url_for("partners.organisation", code=code))
    return render_template("partners/form.html", form=form, title=title, button_words=button, fields=shown_fields(form))
