"""Closed plans that need not be kept any longer."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, now, policy, today, transaction
from npt.problem_solving import services
from npt.problem_solving.forms.priorities import RetentionForm
from npt.problem_solving.queries import lists
from npt.problem_solving.services import NewRetention
from npt.problem_solving.views.asking import seen
from npt.problem_solving.views.lists import bp
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.asking import Asked, Foreseen, ask_twice
from npt.web.banners import say
from npt.web.downloads import list_file
from npt.web.marking import marking_of

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
                marking_of([row]),
            )
            for row in found
        ]
        return list_file(ending, "plans to dispose of", HEADER, cells, sensitive=restricted)
    return render_template(
        "problem_solving/disposals.html",
        rows=found,
        months=policy(today()).plan_retention_months,
        other=lambda **changed: this_page(without=("format",), **changed),
        marking=marking_of(found),
    )


@bp.route("/<ref>/disposal", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def disposal(ref: str) -> ResponseReturnValue:
    """Keep a closed plan's text longer, or dispose of it."""
    plan, form = seen(ref), RetentionForm()
    here = url_for("problem_solving.show", ref=ref)
    title = f"Keep or dispose of {ref}"
    asked = Asked(title, "Decide", ("Plans", url_for("problem_solving.index")), (ref, here), plan.problem, warning=True)

    def decided() -> NewRetention:
        return form.into(NewRetention, reason=form.reason.data or "")

    def foresee() -> Foreseen:
        return Foreseen(services.foresee_retention(ref, decided(), actor=actor(), on=today()))

    def change() -> None:
        with transaction():
            services.decide_retention(ref, decided(), actor=actor(), at=now(), on=today())

    def done(_: None) -> ResponseReturnValue:
        say(f"Decided for plan {ref}.")
        return redirect(here)

    marking = marking_of([plan])
    return ask_twice(form, asked, foresee=foresee, change=change, done=done, marking=marking)
