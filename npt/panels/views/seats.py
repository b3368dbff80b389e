"""Who sits on a panel: added, changed and ended by whoever runs it."""

import datetime as dt
from typing import cast

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.panels import queries, services
from npt.panels.forms import ChangeSeatForm, EndSeatForm, NewSeatForm
from npt.panels.services import ChangeOfSeat, NewSeat
from npt.panels.views import bp
from npt.panels.views.within import own_panel
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import day


@bp.route("/<code>/seats/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def new_seat(code: str) -> ResponseReturnValue:
    """Give an organisation a seat."""
    panel = own_panel(code).panel
    form = NewSeatForm(data={"first_day": today(), "expected": True})
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.add_seat(code, form.into(NewSeat), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{made.organisation} has a seat on {panel.name} panel from {day(made.first_day)}.")
            return redirect(url_for("panels.show", code=code, _anchor="seats"))
    return render_template("panels/new_seat.html", form=form, panel=panel)


@bp.route("/seats/<int:seat_id>/edit", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def edit_seat(seat_id: int) -> ResponseReturnValue:
    """Say what a seat is for."""
    row = queries.seat_row(seat_id, actor().scope, lock=False)
    panel = own_panel(row.panel.code).panel
    form = ChangeSeatForm(obj=row)
    if form.validate_on_submit():
        try:
            with transaction():
                changed = services.change_seat(seat_id, form.into(ChangeOfSeat), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The seat of {row.organisation} is changed." if changed else "Nothing was changed.")
            return redirect(url_for("panels.show", code=panel.code, _anchor="seats"))
    return render_template("panels/edit_seat.html", form=form, panel=panel, seat=row)


@bp.route("/seats/<int:seat_id>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def end_seat(seat_id: int) -> ResponseReturnValue:
    """Set the last day of a seat."""
    row = queries.seat_row(seat_id, actor().scope, lock=False)
    panel = own_panel(row.panel.code).panel
    form = EndSeatForm(data={"last_day": row.last_day or today()})
    if form.validate_on_submit():
        last_day = cast("dt.date", form.last_day.data)
        try:
            with transaction():
                services.end_seat(seat_id, last_day, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{row.organisation} has its seat to {day(last_day)}.")
            return redirect(url_for("panels.show", code=panel.code, _anchor="seats"))
    return render_template("panels/end_seat.html", form=form, panel=panel, seat=row)
