"""Move a plan on, back, or to its end."""

from flask import url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, now, policy, today
from npt.problem_solving import services
from npt.problem_solving.forms import BackForm, CloseForm, OnForm
from npt.problem_solving.queries import PlanPage
from npt.problem_solving.rules import stages
from npt.problem_solving.views.asking import MENDED_AT, Asked, ask, seen
from npt.problem_solving.views.lists import bp
from npt.web.access import requires


def _listed(plan: PlanPage) -> list[tuple[str, str]]:
    return [(each.message, url_for(MENDED_AT[each.part], ref=plan.ref)) for each in stages.missing(plan.facts)]


@bp.route("/<ref>/move-on", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def move_on(ref: str) -> ResponseReturnValue:
    """Move a plan on to its next stage, when nothing is missing."""
    plan, form = seen(ref), OnForm()
    following = stages.next_stage(plan.facts.stage)
    name = following.value if following else "the end"
    asked = Asked(
        f"Move on to {name}",
        f"Move on to {name}",
        f"Plan {ref} is at {name}.",
        f"The plan is at {plan.facts.stage.value}.",
        _listed(plan),
    )
    return ask(plan, form, asked, lambda: services.move_on(ref, actor=actor(), at=now()))


@bp.route("/<ref>/move-back", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def move_back(ref: str) -> ResponseReturnValue:
    """Take a plan back to an earlier stage, and say why."""
    plan, form = seen(ref), BackForm()
    earlier = stages.earlier_stages(plan.facts.stage, plan.facts.first_stage)
    form.stage.choices = {stage.value: stage.label for stage in earlier}
    asked = Asked("Go back a stage", "Go back", f"Plan {ref} went back.", "The reason stays on record.")
    return ask(
        plan,
        form,
        asked,
        lambda: services.move_back(ref, form.stage.data, form.reason.data, actor=actor(), at=now()),
    )


@bp.route("/<ref>/close", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def close(ref: str) -> ResponseReturnValue:
    """Close a plan with its outcome."""
    plan, form = seen(ref), CloseForm()
    found = plan.impact
    asked = Asked(
        "Close this plan",
        "Close this plan",
        f"Plan {ref} is closed.",
        f"What the figures say: {found.verdict.label}. A closed plan is not changed again.",
        _listed(plan),
    )
    months = policy(today()).plan_retention_months

    def change() -> None:
        services.close_plan(ref, form.outcome.data, actor=actor(), at=now(), on=today(), kept_months=months)

    return ask(plan, form, asked, change)
