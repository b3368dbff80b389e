"""Fill the stages: the measure, the analysis, actions, updates, reviews, and what came of it."""

import datetime as dt
from typing import cast

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.problem_solving import queries, services
from npt.problem_solving.forms import (
    ActionForm,
    AnalysisForm,
    AssessmentForm,
    ImpactForm,
    MeasureForm,
    ReviewForm,
    TargetDayForm,
    UpdateForm,
)
from npt.problem_solving.queries import partners
from npt.problem_solving.rules.vocabulary import Side
from npt.problem_solving.services import NewAction, NewAnalysis, NewAssessment, NewImpact, NewMeasure
from npt.problem_solving.views.asking import Asked, ask, seen
from npt.problem_solving.views.lists import bp, least_today
from npt.web.access import requires
from npt.web.banners import say


@bp.route("/<ref>/measure", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def measure(ref: str) -> ResponseReturnValue:
    """Choose what success is measured by, before anything is done."""
    plan = seen(ref)
    form = MeasureForm(obj=plan.measure)
    asked = Asked(
        "Choose the measure",
        "Choose this measure",
        "The measure is chosen.",
        "It is chosen now, before anything is done, and cannot be changed once scanning is over.",
    )

    def change() -> None:
        services.choose_measure(ref, form.into(NewMeasure), actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)


@bp.route("/<ref>/target-day", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def target_day(ref: str) -> ResponseReturnValue:
    """Move the day by which the target is to be reached, and say why."""
    plan = seen(ref)
    form = TargetDayForm(data={"target_on": plan.measure.target_on if plan.measure else None})
    asked = Asked(
        "Move the target day",
        "Move the day",
        "The target day is moved.",
        "The measure and the target stay. The old day, the new one and why are kept among the updates.",
        part="updates",
    )

    def change() -> None:
        day = cast("dt.date", form.target_on.data)
        services.move_target_day(ref, day, form.reason.data, actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)


@bp.route("/<ref>/analysis", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def analysis(ref: str) -> ResponseReturnValue:
    """Write what was found of victim, location and offender, or why one does not apply."""
    plan = seen(ref)
    data = {"hypotheses": plan.hypotheses, "tried": plan.tried}
    for side in Side:
        data[side.value], data[f"{side.value}_not"] = plan.sides[side]
        data[side.outer] = plan.outer[side]
    form = AnalysisForm(data=data)
    asked = Asked(
        "Problem analysis triangle",
        "Save the analysis",
        "The analysis is saved.",
        "For each side: what was found, and who could look after it. Or why it does not apply. Then what might explain "
        "it, and what was tried before.",
    )
    return ask(plan, form, asked, lambda: services.write_analysis(ref, form.into(NewAnalysis), actor=actor(), at=now()))


@bp.route("/<ref>/actions/new", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def new_action(ref: str) -> ResponseReturnValue:
    """Add an action with its owner and the day it is due."""
    plan, form = seen(ref), ActionForm()
    form.owner_id.choices = queries.people_of(plan.team_id, today())
    form.organisation.choices = partners.active_organisations()
    asked = Asked("Add an action", "Add this action", "The action is added.", part="actions")

    def change() -> None:
        new = form.into(NewAction, partner=form.organisation.data or form.partner.data or None)
        services.add_action(ref, new, actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)


@bp.post("/<ref>/actions/<int:action_id>/done")
@requires(Permission.UPDATE_PLANS)
def finish_action(ref: str, action_id: int) -> ResponseReturnValue:
    """Say that an action is done."""
    try:
        with transaction():
            what = services.finish_action(ref, action_id, actor=actor(), at=now(), on=today())
    except Refused as refusal:
        say(f"{refusal}.", important=True)
    else:
        say(f"Done: {what}")
    return redirect(url_for("problem_solving.show", ref=ref, _anchor="actions"))


@bp.route("/<ref>/updates/new", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def new_update(ref: str) -> ResponseReturnValue:
    """Say what happened."""
    plan, form = seen(ref), UpdateForm()
    asked = Asked("Add an update", "Add this update", "The update is added.", part="updates")
    return ask(plan, form, asked, lambda: services.add_update(ref, form.text.data, actor=actor(), at=now()))


@bp.route("/<ref>/reviews/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def new_review(ref: str) -> ResponseReturnValue:
    """Review a plan as its supervisor."""
    plan, form = seen(ref), ReviewForm()
    asked = Asked("Review this plan", "Record this review", "The review is recorded.", part="updates")
    return ask(
        plan,
        form,
        asked,
        lambda: services.add_review(
            ref, form.text.data, cast("dt.date | None", form.next_review_on.data), actor=actor(), at=now(), on=today()
        ),
    )


@bp.route("/<ref>/assessment", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def assessment(ref: str) -> ResponseReturnValue:
    """Record what came of a plan."""
    plan = seen(ref)
    known = {"community_view": plan.facts.community_view, "result": plan.facts.result, "why": plan.facts.why}
    form = AssessmentForm(obj=plan.measure, data=known)
    lead = ""
    if plan.measure:
        lead = f"The measure: {plan.measure.what}. It was {plan.measure.baseline_value.normalize():f} before."
    asked = Asked("What came of it", "Save the assessment", "The assessment is saved.", lead)
    return ask(plan, form, asked, lambda: services.assess(ref, form.into(NewAssessment), actor=actor(), at=now()))


@bp.route("/<ref>/impact", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def impact(ref: str) -> ResponseReturnValue:
    """Hold the change against a comparison area, or compare two surveys."""
    plan = seen(ref)
    known = {"method": plan.measure.method, "compared_with": plan.measure.compared_with} if plan.measure else {}
    form = ImpactForm(data={**known, **(plan.measure.counts if plan.measure else {})})
    asked = Asked(
        "Compare the change",
        "Compare",
        "The comparison is saved.",
        "Count equal periods before and after; the same months of a year, if the season matters. With areas fill in "
        "the areas, with surveys the answers.",
        part="impact",
    )
    return ask(
        plan,
        form,
        asked,
        lambda: services.compare(ref, form.into(NewImpact), actor=actor(), at=now(), least=least_today()),
    )
