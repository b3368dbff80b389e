"""What a meeting is prepared by: its agenda and the pack."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, transaction
from npt.panels import queries, services
from npt.panels.forms import AgendaForm
from npt.panels.rules.agenda import model_agenda
from npt.panels.views import bp
from npt.panels.views.meetings import seen_meeting
from npt.panels.views.within import own_meeting
from npt.web.access import requires
from npt.web.banners import say


@bp.route("/meetings/<int:meeting_id>/agenda", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def edit_agenda(meeting_id: int) -> ResponseReturnValue:
    """Prepare the agenda from the model agenda, or change the one there is."""
    page = own_meeting(meeting_id)
    asked = queries.asked_of(page.panel.id)
    kept = queries.agenda_of(meeting_id)
    lines = kept or model_agenda(asked)
    form = AgendaForm(
        data={
            "items": [
                {"number": line.number, "title": line.title, "note": line.note, "priority": line.priority_id}
                for line in lines
            ]
        }
    )
    form.offer({each.id: each.title for each in asked})
    if form.validate_on_submit():
        try:
            with transaction():
                changed = services.set_agenda(meeting_id, form.lines(), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say("The agenda is kept." if changed else "Nothing was changed.")
            return redirect(url_for("panels.meeting", meeting_id=meeting_id, _anchor="agenda"))
    return render_template("panels/edit_agenda.html", form=form, page=page, panel=page.panel, prepared=bool(kept))


@bp.get("/meetings/<int:meeting_id>/pack")
@requires(Permission.VIEW_PANELS)
def pack(meeting_id: int) -> ResponseReturnValue:
    """What is read before a meeting: agenda, last minutes, where the priorities stand, who came last time."""
    page = seen_meeting(meeting_id)
    last = page.before
    minutes = queries.minutes_of(last.sitting.id, drafts=False) if last else []
    return render_template(
        "panels/pack.html",
        page=page,
        panel=page.panel,
        agenda=queries.agenda_of(meeting_id),
        last=last,
        came=queries.came_to(last.sitting.id, page.panel.id, last.sitting.on) if last else [],
        minutes=minutes[0] if minutes else None,
    )
