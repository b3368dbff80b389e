"""Change and end groups, their members and their meetings."""

import datetime as dt
from typing import cast

from flask import abort
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, now, today
from npt.problem_solving.forms.groups import EndGroupForm, EndMemberForm, NewGroupForm, NewGroupMeetingForm
from npt.problem_solving.queries import groups as queries
from npt.problem_solving.queries import partners
from npt.problem_solving.services import regrouping as services
from npt.problem_solving.services.groups import NewGroup, NewGroupMeeting
from npt.problem_solving.views.groups import asked
from npt.problem_solving.views.organisations import partners_bp
from npt.web.access import requires


@partners_bp.route("/groups/<int:group_id>/edit", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def edit_group(group_id: int) -> ResponseReturnValue:
    """Give a group another name, kind or leading team."""
    page = queries.group_page(group_id, actor().scope)
    form = NewGroupForm(data={"name": page.name, "kind": page.kind, "team": page.team_code})
    form.team.choices = partners.teams_in_scope(actor().scope)

    def change() -> int:
        services.change_group(group_id, form.into(NewGroup), actor=actor(), at=now())
        return group_id

    return asked(form, f"Change {page.name}", "Save", change)


@partners_bp.route("/groups/<int:group_id>/end", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def end_group(group_id: int) -> ResponseReturnValue:
    """End a group."""
    page, form = queries.group_page(group_id, actor().scope), EndGroupForm(data={"last_day": today()})

    def change() -> int:
        day = cast("dt.date", form.last_day.data)
        services.end_group(group_id, day, form.reason.data, actor=actor(), at=now(), on=today())
        return group_id

    return asked(form, f"End {page.name}", "End this group", change)


@partners_bp.route("/groups/<int:group_id>/members/<int:member_id>/end", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def end_member(group_id: int, member_id: int) -> ResponseReturnValue:
    """Say until when an organisation is a member."""
    page, form = queries.group_page(group_id, actor().scope), EndMemberForm(data={"last_day": today()})
    member = next((each for each in page.members if each.id == member_id), None)
    if member is None:
        abort(404)

    def change() -> int:
        services.end_member(group_id, member_id, cast("dt.date", form.last_day.data), actor=actor(), at=now())
        return group_id

    return asked(form, f"{member.organisation}, {member.role}: member of {page.name} until", "Save", change)


@partners_bp.route("/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def edit_group_meeting(meeting_id: int) -> ResponseReturnValue:
    """Move a meeting that is still to be held."""
    row, _ = queries.group_of_meeting(meeting_id, actor().scope)
    form = NewGroupMeetingForm(data={"starts_at": row.starts_at, "venue": row.venue})
    return asked(
        form,
        "Move this meeting",
        "Save",
        lambda: services.change_group_meeting(meeting_id, form.into(NewGroupMeeting), actor=actor(), at=now()),
    )
