"""The groups partners meet in (JAG and NAG): members, meetings, and what was taken on."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.problem_solving import queries as plans
from npt.problem_solving.forms.groups import (
    GroupMeetingForm,
    NewGroupForm,
    NewGroupMeetingForm,
    NewMemberForm,
    TakenOnForm,
)
from npt.problem_solving.queries import Narrowing, partners
from npt.problem_solving.queries import actions as rows
from npt.problem_solving.queries import groups as queries
from npt.problem_solving.queries.actions import ActionNarrowing
from npt.problem_solving.rules.partners import ActionState
from npt.problem_solving.services import groups as services
from npt.problem_solving.services.groups import HowItWas, NewGroup, NewGroupMeeting, NewMember, TakenOn
from npt.problem_solving.views.asking import warning_about
from npt.problem_solving.views.organisations import partners_bp
from npt.web.access import requires
from npt.web.asking import shown_fields
from npt.web.banners import say
from npt.web.downloads import list_file
from npt.web.forms import Form
from npt.web.marking import marking_of

HEADER = ("Group", "Kind", "Team", "Members", "Next meeting", "Ended")


@partners_bp.get("/groups")
@requires(Permission.VIEW_PLANS)
def groups() -> ResponseReturnValue:
    """The groups that teams of the actor lead."""
    found = queries.groups(actor().scope, now(), today())
    if ending := request.args.get("format"):
        cells = [(row.name, row.kind.label, row.team_name, row.members, row.next_at, row.ended_on) for row in found]
        return list_file(ending, "action groups", HEADER, cells)
    return render_template("partners/groups.html", rows=found)


@partners_bp.get("/groups/<int:group_id>")
@requires(Permission.VIEW_PLANS)
def show_group(group_id: int) -> ResponseReturnValue:
    """One group: who is a member, when it meets, and what was taken on."""
    page = queries.group_page(group_id, actor().scope)
    return render_template("partners/show_group.html", page=page, history=audit.history(f"group:{group_id}"))


@partners_bp.get("/meetings/<int:meeting_id>")
@requires(Permission.VIEW_PLANS)
def group_meeting(meeting_id: int) -> ResponseReturnValue:
    """What was taken on at a meeting of a group."""
    row, _ = queries.group_of_meeting(meeting_id, actor().scope)
    page = queries.group_page(row.group_id, actor().scope)
    found = rows.action_rows(actor(), ActionNarrowing(ActionState.ALL, meeting=meeting_id), today())
    return render_template(
        "partners/group_meeting.html", page=page, meeting=row, actions=found, now=now(), marking=marking_of(found)
    )


@partners_bp.route("/groups/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def new_group() -> ResponseReturnValue:
    """Keep a group."""
    form = NewGroupForm()
    form.team.choices = partners.teams_in_scope(actor().scope)
    return asked(
        form,
        "Add an action group",
        "Add this group",
        lambda: services.add_group(form.into(NewGroup), actor=actor(), at=now()),
    )


@partners_bp.route("/groups/<int:group_id>/members/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def new_member(group_id: int) -> ResponseReturnValue:
    """Make an organisation a member."""
    page, form = queries.group_page(group_id, actor().scope), NewMemberForm(data={"first_day": today()})
    form.organisation.choices = partners.active_organisations()

    def change() -> int:
        services.add_member(group_id, form.into(NewMember), actor=actor(), at=now())
        return group_id

    return asked(form, f"Add a member of {page.name}", "Add this member", change)


@partners_bp.route("/groups/<int:group_id>/meetings/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def plan_group_meeting(group_id: int) -> ResponseReturnValue:
    """Plan a meeting of a group."""
    page, form = queries.group_page(group_id, actor().scope), NewGroupMeetingForm()

    def change() -> int:
        services.plan_group_meeting(group_id, form.into(NewGroupMeeting), actor=actor(), at=now())
        return group_id

    return asked(form, f"Plan a meeting of {page.name}", "Plan this meeting", change)


@partners_bp.route("/meetings/<int:meeting_id>/record", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def record_group_meeting(meeting_id: int) -> ResponseReturnValue:
    """Say that a meeting was held or cancelled."""
    queries.group_of_meeting(meeting_id, actor().scope)
    form = GroupMeetingForm()
    return asked(
        form,
        "Record this meeting",
        "Record",
        lambda: services.record_group_meeting(meeting_id, form.into(HowItWas), actor=actor(), at=now()),
    )


@partners_bp.route("/meetings/<int:meeting_id>/actions/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def take_on(meeting_id: int) -> ResponseReturnValue:
    """Add an action that was taken on at a meeting."""
    queries.group_of_meeting(meeting_id, actor().scope)
    form = TakenOnForm()
    listed = plans.listed(actor(), Narrowing(), today())
    form.plan.choices = {row.ref: f"{row.ref}: {row.problem}" for row in listed}
    form.organisation.choices = partners.active_organisations()
    return asked(
        form,
        "Add an action taken on",
        "Add this action",
        lambda: services.take_on(meeting_id, form.into(TakenOn), actor=actor(), at=now(), on=today()),
    )


def asked(form: Form, title: str, button: str, change: Callable[[], int]) -> ResponseReturnValue:
    """Show a form about a group; when it is sent, make the change and go to the group, whose number it returns."""
    warning = ""
    if form.validate_on_submit() and not (warning := warning_about(form)):
        try:
            with transaction():
                group_id = change()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say("The group is saved.")
            return redirect(url_for("partners.show_group", group_id=group_id))
    return render_template(
        "partners/form.html",
        form=form,
        title=title,
        button_words=button,
        fields=shown_fields(form),
        warning=warning,
        back=url_for("partners.groups"),
    )
