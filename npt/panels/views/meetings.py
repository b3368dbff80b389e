"""One meeting of a panel: shown, planned, moved, recorded, cancelled."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission, Role
from npt.core.errors import Refused
from npt.edge import actor, now, policy, settings, today, transaction, zone
from npt.panels import queries, services
from npt.panels.forms import CancelMeetingForm, MoveMeetingForm, NewMeetingForm, presences_of, record_form
from npt.panels.queries import MeetingPage
from npt.panels.services import HowItWent, NewMeeting, NewTime, Terms
from npt.panels.views import bp
from npt.panels.views.panels import priorities_file
from npt.panels.views.within import invited_to, own_meeting, own_panel
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import list_file
from npt.web.filters import moment

ATTENDANCE = ("Organisation", "Role", "Came")


def seen_meeting(meeting_id: int) -> MeetingPage:
    """A meeting of a panel within scope.

    :raises NoResultFound: when there is none
    """
    return queries.meeting_page(meeting_id, actor().scope, today(), policy(today()), zone())


def sees_drafts(page: MeetingPage) -> bool:
    """Whether drafts of minutes are shown: to whoever runs the panel, and to its chair (docs/decisions/0032)."""
    return (page.theirs and actor().may(Permission.CHANGE_PANELS)) or actor().role is Role.CHAIR


@bp.get("/meetings/<int:meeting_id>")
@requires(Permission.VIEW_PANELS)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """One meeting: its agenda, who came, what was decided, and the next."""
    page = seen_meeting(meeting_id)
    sitting = page.row.sitting
    came = queries.came_to(meeting_id, page.panel.id, sitting.on)
    if ending := request.args.get("format"):
        if request.args.get("list") == "attendance":
            rows = [
                [each.expected.organisation, each.expected.role, each.presence.label if each.presence else None]
                for each in came
            ]
            return list_file(ending, f"attendance {sitting.ref}", ATTENDANCE, rows)
        return priorities_file(ending, f"priorities {sitting.ref}", page.decided, page.panel)
    return render_template(
        "panels/meeting.html",
        page=page,
        agenda=queries.agenda_of(meeting_id),
        came=came,
        minutes=queries.minutes_of(meeting_id, drafts=sees_drafts(page)),
        steps_here=queries.decisions_at(meeting_id),
        here=this_page,
        now=now(),
        invited=invited_to(page),
        emails=settings().smtp is not None,
        history=audit.history(f"meeting:{sitting.ref}"),
    )


@bp.route("/<code>/meetings/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def plan_meeting(code: str) -> ResponseReturnValue:
    """Plan a meeting. A clash is refused and nothing typed is lost; what is only warned of may be planned anyway."""
    page = own_panel(code)
    form = NewMeetingForm(data={"public": True})
    fixed_at = _fixed_at(code)
    if form.validate_on_submit():
        new = form.into(NewMeeting, fixed_at_id=fixed_at.row.sitting.id if fixed_at else None)
        try:
            with transaction():
                made = services.plan_meeting(code, new, actor=actor(), at=now(), terms=Terms(policy(today()), zone()))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            see = url_for("panels.meeting", meeting_id=made.id)
            say(f"{page.panel.name} panel meets on {moment(made.starts_at)}.", see)
            if fixed_at:
                return redirect(url_for("panels.meeting", meeting_id=fixed_at.row.sitting.id))
            return redirect(url_for("panels.show", code=code))
    return render_template("panels/plan_meeting.html", form=form, panel=page.panel, fixed_at=fixed_at)


def _fixed_at(code: str) -> MeetingPage | None:
    """The meeting of the panel at which the next is being fixed, when the address names one."""
    meeting_id = request.args.get("fixed_at", type=int)
    return own_meeting(meeting_id, code) if meeting_id is not None else None


@bp.route("/meetings/<int:meeting_id>/move", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def move_meeting(meeting_id: int) -> ResponseReturnValue:
    """Move a planned meeting to another time or place, for a reason."""
    page = own_meeting(meeting_id)
    form = MoveMeetingForm(data={"starts_at": page.row.sitting.starts_at, "venue": page.row.venue})
    if form.validate_on_submit():
        new, terms = form.into(NewTime), Terms(policy(today()), zone())
        try:
            with transaction():
                row = services.move_meeting(meeting_id, new, actor=actor(), at=now(), terms=terms)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(
                f"The meeting is on {moment(row.starts_at)} now. Tell the chair, the partners and the venue: "
                "those who have the invitation can be sent it again."
            )
            return redirect(url_for("panels.meeting", meeting_id=meeting_id))
    return render_template("panels/move_meeting.html", form=form, page=page, panel=page.panel)


@bp.route("/meetings/<int:meeting_id>/record", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def record_meeting(meeting_id: int) -> ResponseReturnValue:
    """Say that a meeting was held, who came and how it went."""
    page = own_meeting(meeting_id)
    row = page.row
    came = queries.came_to(meeting_id, page.panel.id, row.sitting.on)
    known = {
        "public_attendance": row.public_attendance,
        "members_present": row.members_present,
        "chaired_by": row.chaired_by,
        "minutes_ref": row.minutes_ref,
    }
    form = record_form(each.expected for each in came)(data=known | {e.expected.key: e.presence for e in came})
    if form.validate_on_submit():
        try:
            with transaction():
                terms = Terms(policy(today()), zone())
                went = form.into(HowItWent, presences=presences_of(form, came))
                services.record_meeting(meeting_id, went, actor=actor(), at=now(), terms=terms)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The meeting of {moment(row.sitting.starts_at)} is recorded as held.")
            return redirect(url_for("panels.meeting", meeting_id=meeting_id))
    return render_template("panels/record_meeting.html", form=form, page=page, came=came)


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
            invited = invited_to(page)
            told = sum(line.invited is not None for line in invited.lines) if invited else 0
            more = (
                f" {told} have the invitation by email. Tell them: no email says that it is cancelled." if told else ""
            )
            say(f"The meeting of {moment(page.row.sitting.starts_at)} is cancelled.{more}")
            return redirect(url_for("panels.show", code=page.panel.code))
    return render_template("panels/cancel_meeting.html", form=form, page=page)
