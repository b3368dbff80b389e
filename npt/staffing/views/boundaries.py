"""Boundary reviews: which wards moved between teams, why, and with whom it was agreed."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.staffing import queries, services
from npt.staffing.forms.boundaries import ReviewForm
from npt.staffing.queries import BoundaryEffect, ReviewRow
from npt.staffing.views import bp
from npt.staffing.views.asked import here
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import day, plural

HEADER = ("Reviewed", "Wards move from", "Ward", "Ward name", "From team", "To team", "Reason", "Partners", "Outcome")


@bp.get("/boundaries")
@requires(Permission.VIEW_STAFFING)
def boundaries() -> ResponseReturnValue:
    """Every review that touches a team the actor may see, newest first."""
    reviews = queries.boundary_reviews(actor().scope)
    if ending := request.args.get("format"):
        return list_file(ending, "boundary reviews", HEADER, [row for each in reviews for row in _cells(each)])
    return render_template("staffing/boundaries.html", reviews=reviews, here=here)


def _cells(review: ReviewRow) -> list[Sequence[Cell]]:
    return [
        [
            review.reviewed_on,
            review.first_day,
            move.ward_code,
            move.ward_name,
            move.before.code,
            move.after.code,
            review.reason,
            review.partners,
            review.outcome,
        ]
        for move in review.moves
    ]


@bp.get("/boundaries/<int:review_id>")
@requires(Permission.VIEW_STAFFING)
def boundary(review_id: int) -> ResponseReturnValue:
    """One review, with the wards it moved."""
    return render_template(
        "staffing/boundary.html",
        review=queries.boundary_review(review_id, actor().scope),
        history=audit.history(f"boundary_review:{review_id}"),
        scope=actor().scope,
    )


@bp.route("/boundaries/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def new_boundary() -> ResponseReturnValue:
    """Record a review: its effect is shown first, and nothing moves before it was seen."""
    step = request.form.get("step", "check")
    form = ReviewForm()
    first_day = cast(dt.date | None, form.first_day.data) or today()
    ground = queries.ground(actor().scope, max(first_day, today()))
    form.offer(
        {ward.code: ward.name for ward in ground.wards},
        {code: team.name for code, team in ground.teams.items()},
        more=step == "more",
    )
    effect: BoundaryEffect | None = None
    if step != "more" and form.validate_on_submit():
        try:
            effect = queries.boundary_effect(form.review(), ground, today())
            if step == "record":
                return _record(form)
        except Refused as refusal:
            form.refuse(refusal)
            effect = None
    return render_template("staffing/new_boundary.html", form=form, effect=effect)


def _record(form: ReviewForm) -> ResponseReturnValue:
    new = form.review()
    with transaction():
        review_id = services.review_boundaries(new, actor=actor(), at=now(), on=today())
    say(f"{plural(len(new.moves), 'ward')} will belong to another team from {day(new.first_day)}.")
    return redirect(url_for("staffing.boundary", review_id=review_id))
