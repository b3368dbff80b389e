"""Change and cancel actions of a plan."""

from flask import abort
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.periods import day_in_words
from npt.edge import actor, now, today
from npt.problem_solving import queries, services
from npt.problem_solving.forms import CancelActionForm, ChangeActionForm
from npt.problem_solving.queries import ActionLine, PlanPage, partners
from npt.problem_solving.services import ChangeOfAction
from npt.problem_solving.views.asking import Asked, ask, seen
from npt.problem_solving.views.lists import bp
from npt.web.access import requires


@bp.route("/<ref>/actions/<int:action_id>/change", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def change_action(ref: str, action_id: int) -> ResponseReturnValue:
    """Change what is to be done, by whom or by when, and say why."""
    plan = seen(ref)
    action = _of(plan, action_id)
    form = ChangeActionForm(
        data={
            "what": action.what,
            "owner_id": action.owner_id,
            "organisation": action.partner,
            "due_on": action.due_on,
        }
    )
    staff, named = queries.people_of(plan.team_id, today()), partners.active_organisations()
    form.owner_id.choices = {action.owner_id: action.who, **staff} if action.owner_id else staff
    form.organisation.choices = {action.partner: action.partner, **named} if action.partner else named
    asked = Asked(
        "Change this action",
        "Change it",
        "The action is changed.",
        f"What it was, and that it was due on {day_in_words(action.due_on)}, stays to be read beside it.",
        part="actions",
    )

    def change() -> None:
        new = form.into(ChangeOfAction, partner=form.organisation.data or None)
        services.change_action(ref, action_id, new, actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)


@bp.route("/<ref>/actions/<int:action_id>/cancel", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def cancel_action(ref: str, action_id: int) -> ResponseReturnValue:
    """Cancel an action, and say why."""
    plan = seen(ref)
    action, form = _of(plan, action_id), CancelActionForm()
    asked = Asked(
        "Cancel this action",
        "Cancel it",
        "The action is cancelled.",
        f"{action.what} ({action.who}). It stays to be read with your reason, and counts as overdue no longer.",
        part="actions",
    )

    def change() -> None:
        services.cancel_action(ref, action_id, form.reason.data, actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)


def _of(plan: PlanPage, action_id: int) -> ActionLine:
    found = next((each for each in plan.actions if each.id == action_id), None)
    return found if found is not None else abort(404)
