"""One meeting of a panel: shown, planned, recorded, cancelled."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction, zone
from npt.panels import queries, services
from npt.panels.forms import CancelMeetingForm, NewMeetingForm, RecordMeetingForm
from npt.panels.queries import MeetingPage
from npt.panels.services import HowItWent, NewMeeting, Terms
from npt.panels.views import bp
from npt.panels.views.panels import priorities_file
from npt.panels.views.within import own_meeting, own_panel
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.filters import moment


def _page(meeting_id: int) -> MeetingPage:
    return queries.meeting_page(meeting_id, actor().scope, today(), policy(today()), zone())


@bp.get("/meetings/<int:meeting_id>")
@requires(Permission.VIEW_PANELS)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """One meeting, and the priorities decided at it."""
    page = _page(meeting_id)
    if ending := request.args.get("format"):
        return priorities_file(ending, f"priorities {page.row.sitting.ref}", page.decided, page.panel)
    return render_template(
        "panels/meeting.html",
        page=page,
        here=this_page,
        now=now(),
        history=audit.history(f"meeting:{page.row.sitting.ref}"),
    )


@bp.route("/<code>/meetings/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def plan_meeting(code: str) -> ResponseReturnValue:
    """Plan a meeting. A clash is refused and nothing typed is lost."""
    page = own_panel(code)
    form = NewMeetingForm(data={"public": True})
    if form.validate_on_submit():
        new, terms = form.into(NewMeeting), Terms(policy(today()), zone())
        try:
            with transaction():
                made = services.plan_meeting(code, new, actor=actor(), at=now(), terms=terms)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            see = url_for("panels.meeting", meeting_id=made.id)
            say(f"{page.panel.name} panel meets on {moment(made.starts_at)}.", see)
            return redirect(url_for("panels.show", code=code))
    return render_template("panels/plan_meeting.html", form=form, panel=page.panel)


@bp.route("/meetings/<int:meeting_id>/record", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def record_meeting(meeting_id: int) -> ResponseReturnValue:
    """Say that a meeting was held and how it went."""
    page = own_meeting(meeting_id)
    row = page.row
    form = RecordMeetingForm(data={"public_attendance": row.public_attendance, "minutes_ref": row.minutes_ref})
    if form.validate_on_submit():
        try:
            with transaction():
                services.record_meeting(meeting_id, form.into(HowItWent), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The meeting of {moment(row.sitting.starts_at)} is recorded as held.")
            return redirect(url_for("panels.meeting", meeting_id=meeting_id))
    return render_template("panels/record_meeting.html", form=form, page=page)


@bp.route("/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def cancel_meeting(meeting_id: int) -> ResponseReturnValue:
    """Cancel a planned meeting, after saying what that does."""
    page = own_meeting(meeting_id)
    form = CancelMeetingForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.cancel_meeting(meeting_id, form.why.data, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The meeting of {moment(page.row.sitting.starts_at)} is cancelled.")
            return redirect(url_for("panels.show", code=page.panel.code))
    return render_template("panels/cancel_meeting.html", form=form, page=page)
