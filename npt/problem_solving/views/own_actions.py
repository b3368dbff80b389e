"""What a partner sees and does: their own organisation's actions, and of each plan its summary."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.problem_solving import services
from npt.problem_solving.forms import StandsForm
from npt.problem_solving.queries import partners as queries
from npt.problem_solving.views.asking import warning_about
from npt.problem_solving.views.organisations import partners_bp
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import list_file

OWN = (
    "Action",
    "Organisation",
    "Team",
    "Due",
    "Done",
    "Done by",
    "At first due",
    "Cancelled",
    "Cancelled because",
    "Overdue",
    "Plan",
    "Marking",
)


@partners_bp.get("/mine")
@requires(Permission.WORK_PARTNER_ACTIONS)
def mine() -> ResponseReturnValue:
    """The actions of the organisation the actor signs in for: what is overdue, what is to be done, what was done."""
    found = queries.own_actions(actor().scope, today())
    if ending := request.args.get("format"):
        cells = [
            (
                row.what,
                row.organisation,
                row.team_name,
                row.due_on,
                row.done_on,
                row.done_by,
                row.first_due,
                row.cancelled_on,
                row.cancelled_because,
                row.overdue,
                row.summary.problem if row.summary else None,
                "OFFICIAL" if row.summary else "OFFICIAL-SENSITIVE",
            )
            for row in found
        ]
        return list_file(ending, "our actions", OWN, cells, sensitive=any(row.summary is None for row in found))
    undone = [row for row in found if row.done_on is None and row.cancelled_on is None and not row.closed]
    return render_template(
        "partners/mine.html",
        undone=undone,
        cancelled=[row for row in found if row.cancelled_on is not None],
        done=[row for row in found if row.done_on is not None],
        organisations=queries.own_organisations(actor().scope),
        marking="OFFICIAL-SENSITIVE" if any(row.summary is None for row in found) else "OFFICIAL",
    )


@partners_bp.route("/mine/<int:action_id>", methods=["GET", "POST"])
@requires(Permission.WORK_PARTNER_ACTIONS)
def own_action(action_id: int) -> ResponseReturnValue:
    """One action: what was asked, what the plan is for, and how the action stands."""
    row, form = queries.own_action(action_id, actor().scope, today()), StandsForm()
    warning = ""
    if form.validate_on_submit() and not (warning := warning_about(form)):
        try:
            with transaction():
                services.say_how_it_stands(action_id, form.text.data, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say("Kept. The team reads it with the plan.")
            return redirect(url_for("partners.own_action", action_id=action_id))
    marking = "OFFICIAL" if row.summary else "OFFICIAL-SENSITIVE"
    return render_template("partners/own_action.html", row=row, form=form, warning=warning, marking=marking)


@partners_bp.post("/mine/<int:action_id>/done")
@requires(Permission.WORK_PARTNER_ACTIONS)
def finish_own(action_id: int) -> ResponseReturnValue:
    """Say that an action of one's own organisation is done."""
    try:
        with transaction():
            what = services.finish_own_action(action_id, actor=actor(), at=now(), on=today())
    except Refused as refusal:
        say(f"{refusal}.", important=True)
    else:
        say(f"Done: {what}")
    return redirect(url_for("partners.mine"))
