"""Open a plan; its problem, its objective, its sources, its marking."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.people import queries as people
from npt.problem_solving import queries, services
from npt.problem_solving.forms import CheersForm, MarkingForm, NewPlanForm, ObjectiveForm, ProblemForm, SourceForm
from npt.problem_solving.services import NewCheers, NewMarking, NewPlan, NewProblem, NewSource
from npt.problem_solving.views.asking import Asked, ask, seen, warning_about
from npt.problem_solving.views.lists import bp
from npt.web.access import requires
from npt.web.banners import say
from npt.web.marking import marking_of


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def new() -> ResponseReturnValue:
    """Open a plan: the problem in one sentence, and more about it. Similar plans are shown when they are asked for."""
    form = NewPlanForm(data={"takes_from": request.args.get("from", "")})
    teams = [team for team in people.teams(actor().scope) if team.live(today(), today())]
    form.team.choices = {team.code: team.name for team in teams}
    looked, warning = "look" in request.form, ""
    if not looked and form.validate_on_submit() and not (warning := warning_about(form)):
        try:
            with transaction():
                ref = services.open_plan(form.into(NewPlan), actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Plan {ref} is open.")
            return redirect(url_for("problem_solving.show", ref=ref))
    similar = None
    if form.is_submitted() and (problem := form.problem.data or ""):
        similar = queries.similar_plans(actor(), problem, form.problem_type.data)
    return render_template(
        "problem_solving/new.html",
        form=form,
        teams=teams,
        similar=similar,
        looked=looked,
        warning=warning,
        marking=marking_of(similar or ()),
    )


@bp.route("/<ref>/problem", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def problem(ref: str) -> ResponseReturnValue:
    """Say the problem anew, where it is, and whose the plan is."""
    plan = seen(ref)
    held = queries.ward_ids(plan.id)
    form = ProblemForm(
        data={
            "problem": plan.problem,
            "detail": plan.detail,
            "problem_type": plan.kind,
            "wards": [str(ward) for ward in held],
            "owner_id": plan.owner_id,
            "supervisor_id": plan.supervisor_id,
        }
    )
    staff, sergeants = queries.people_of(plan.team_id, today()), queries.sergeants_of(plan.team_id, today())
    form.wards.choices = queries.wards_of(plan.team_id, today())
    form.owner_id.choices = _with(staff, plan.owner_id, plan.owner)
    form.supervisor_id.choices = _with(sergeants, plan.supervisor_id, plan.supervisor)
    asked = Asked("Problem, wards and people", "Save", f"Plan {ref} is saved.")

    def change() -> None:
        wards = tuple(int(ward) for ward in form.wards.data or ())
        services.change_problem(ref, form.into(NewProblem, wards=wards), actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)


def _with(offered: dict[int, str], id: int | None, name: str | None) -> dict[int, str]:
    """Who holds it stays among those offered, also when they have left the team."""
    return offered if id is None else {id: name or "", **offered}


@bp.route("/<ref>/objective", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def objective(ref: str) -> ResponseReturnValue:
    """Write the objective."""
    plan = seen(ref)
    form = ObjectiveForm(data={"objective": plan.facts.objective})
    asked = Asked("Objective", "Save the objective", "The objective is saved.")
    return ask(plan, form, asked, lambda: services.set_objective(ref, form.objective.data, actor=actor(), at=now()))


@bp.route("/<ref>/cheers", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def cheers(ref: str) -> ResponseReturnValue:
    """Answer the six questions of the CHEERS test, as far as they can be answered."""
    plan = seen(ref)
    form = CheersForm(data={each.value: answer for each, answer in plan.cheers.items()})
    asked = Asked(
        "CHEERS test",
        "Save the answers",
        "The answers are saved.",
        "Where all six can be answered it is a problem for this way of working; where one cannot, find out first. What "
        "is not known yet stays empty: nothing waits for it.",
    )
    return ask(plan, form, asked, lambda: services.answer_cheers(ref, form.into(NewCheers), actor=actor(), at=now()))


@bp.route("/<ref>/sources/new", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def new_source(ref: str) -> ResponseReturnValue:
    """Add a source of what is known."""
    plan, form = seen(ref), SourceForm()
    asked = Asked("Add a source", "Add this source", "The source is added.", "How is the problem known?")
    return ask(plan, form, asked, lambda: services.add_source(ref, form.into(NewSource), actor=actor(), at=now()))


@bp.route("/<ref>/marking", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def marking(ref: str) -> ResponseReturnValue:
    """Restrict a plan, or take the restriction away."""
    plan = seen(ref)
    readers = [str(person) for person in queries.reader_ids(plan.id)]
    form = MarkingForm(data={"marking": marking_of([plan]), "reason": plan.marking_reason or "", "readers": readers})
    form.readers.choices = queries.people_of(plan.team_id, today())
    asked = Asked(
        "Restrict this plan",
        "Save",
        f"The marking of plan {ref} is saved.",
        "A restricted plan is read by the team's supervisors, its author and owner, the auditor, and those named here. "
        "Nobody else finds it, in search and files either, and nothing of it is shared.",
    )

    def change() -> None:
        named = tuple(int(person) for person in form.readers.data or ())
        reason = form.reason.data if form.restricts else None
        services.mark(ref, NewMarking(reason, named), actor=actor(), at=now(), on=today())

    return ask(plan, form, asked, change)
