"""Members of the police authority and the panels they go to; forums of chairs."""

import datetime as dt
from collections.abc import Callable
from typing import cast

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.audit.queries import HistoryLine
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction
from npt.panels import queries, services
from npt.panels.forms import AllocationForm, ForumForm, LastDayForm, NewMemberForm
from npt.panels.queries import MemberLine
from npt.panels.rules.authority import member_of
from npt.panels.services import NewAllocation, NewForum, NewMember
from npt.panels.views import bp
from npt.people import queries as people
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import list_file
from npt.web.filters import day
from npt.web.forms import Form

MEMBERS = ("Member", "In office from", "To", "Panel", "Panel name", "Goes there from", "To")
GOING = ("Panel", "Panel name", "Goes there from", "To", "Today")
FORUMS = ("BCU", "Held on", "Came", "Notes")


@bp.get("/authority")
@requires(Permission.VIEW_AUTHORITY)
def authority() -> ResponseReturnValue:
    """Who goes to which panel, who has too few or too many, the panels nobody goes to, and the chairs' forums."""
    page = queries.authority_page(actor().scope, today(), policy(today()))
    if ending := request.args.get("format"):
        if request.args.get("list") == "forums":
            forums = [[f.bcu, f.held_on, f.attended, f.notes] for each in page.forums for f in each.held]
            return list_file(ending, "forums", FORUMS, forums)
        rows = [
            [row.name, row.first_day, row.last_day, *where]
            for row in page.members
            for where in ([[g.panel, g.panel_name, g.first_day, g.last_day] for g in row.going] or [[None] * 4])
        ]
        return list_file(ending, "authority members", MEMBERS, rows)
    subjects = ["authority:members", *(f"forums:{each.bcu.code}" for each in page.forums)]
    return render_template(
        "panels/authority.html",
        page=page,
        policy=policy(today()),
        on=today(),
        here=this_page,
        history=audit.history(*subjects),
    )


@bp.get("/authority/members/<subject>")
@requires(Permission.VIEW_AUTHORITY)
def authority_member(subject: str) -> ResponseReturnValue:
    """One member: the panels they go to, went to or will, and where a flag about them leads."""
    line = queries.member_line(member_of(subject) or abort(404), today(), policy(today()))
    if ending := request.args.get("format"):
        rows = [[g.panel, g.panel_name, g.first_day, g.last_day, g.in_force(today())] for g in line.going]
        return list_file(ending, f"panels of {subject}", GOING, rows)
    return render_template(
        "panels/authority_member.html",
        row=line,
        on=today(),
        own=queries.own_panel_ids(actor().scope),
        here=this_page,
        history=_history_of(line),
    )


def _history_of(member: MemberLine) -> list[HistoryLine]:
    subjects = {"authority:members", *(f"panel:{each.panel}" for each in member.going)}
    return [line for line in audit.history(*subjects) if member.name in str(line.details)]


def _change(form: Form, heading: str, words: str, button: str, keep: Callable[[], str]) -> ResponseReturnValue:
    """A form about members or forums: what is typed is kept and said, or refused beside its field."""
    if form.validate_on_submit():
        try:
            with transaction():
                said = keep()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(said)
            return redirect(url_for("panels.authority"))
    return render_template("panels/authority_change.html", form=form, heading=heading, words=words, action=button)


@bp.route("/authority/members/new", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_AUTHORITY)
def new_member() -> ResponseReturnValue:
    """Add a member of the police authority."""
    form = NewMemberForm(data={"first_day": today()})

    def keep() -> str:
        made = services.add_member(form.into(NewMember), actor=actor(), at=now())
        return f"{made.name} is a member from {day(made.first_day)}. Choose the panels they go to."

    words = "A member of the police authority, or of whatever body holds the police to account in its place."
    return _change(form, "Add a member of the police authority", words, "Add this member", keep)


@bp.route("/authority/members/<int:member_id>/end", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_AUTHORITY)
def end_member(member_id: int) -> ResponseReturnValue:
    """Set a member's last day in office."""
    row = queries.member_row(member_id, lock=False)
    form = LastDayForm(data={"last_day": row.last_day or today()})

    def keep() -> str:
        ended = services.end_member(member_id, _last_day(form), actor=actor(), at=now())
        return f"{ended.name} is a member to {day(ended.last_day)}."

    words = "They stop going to their panels that day. The meetings they came to stay as they are."
    return _change(form, f"End the membership of {row.name}", words, "End this membership", keep)


def _last_day(form: LastDayForm) -> dt.date:
    return cast("dt.date", form.last_day.data)


@bp.route("/authority/allocations/new", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_AUTHORITY)
def allocate() -> ResponseReturnValue:
    """Have a member go to a panel."""
    form = AllocationForm(
        data={"first_day": today(), "panel": request.args.get("panel"), "member": request.args.get("member", type=int)}
    )
    form.offer(queries.member_names(today()), queries.panel_names(actor().scope))

    def keep() -> str:
        made = services.allocate(form.into(NewAllocation), actor=actor(), at=now())
        return f"{made.member.name} goes to {made.panel.name} panel from {day(made.first_day)}."

    words = (
        f"Policy asks that a member goes to {policy(today()).authority_panels_least} to "
        f"{policy(today()).authority_panels_most} panels. Fewer or more are shown and not refused."
    )
    return _change(form, "Have a member go to a panel", words, "Have them go", keep)


@bp.route("/authority/allocations/<int:allocation_id>/end", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_AUTHORITY)
def end_allocation(allocation_id: int) -> ResponseReturnValue:
    """Set the last day on which a member goes to a panel."""
    row = queries.allocation_row(allocation_id, actor().scope, lock=False)
    form = LastDayForm(data={"last_day": row.last_day or today()})

    def keep() -> str:
        ended = services.end_allocation(allocation_id, _last_day(form), actor=actor(), at=now())
        return f"{ended.member.name} goes to {ended.panel.name} panel to {day(ended.last_day)}."

    heading = f"When does {row.member.name} stop going to {row.panel.name} panel?"
    return _change(form, heading, "The meetings they came to stay as they are.", "Keep this last day", keep)


@bp.route("/authority/forums/new", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_AUTHORITY)
def record_forum() -> ResponseReturnValue:
    """Record a forum of chairs that was held."""
    bcus = {bcu.code: bcu.name for bcu in people.bcus(actor().scope)}
    form = ForumForm(data={"held_on": today(), "bcu": next(iter(bcus)) if len(bcus) == 1 else None})
    form.offer(bcus)

    def keep() -> str:
        made = services.record_forum(form.into(NewForum), actor=actor(), at=now(), on=today())
        return f"The chairs' forum of {day(made.held_on)} is recorded."

    words = "Where a BCU has held one it is expected to go on. A forum of the same BCU and day is corrected."
    return _change(form, "Record a chairs' forum", words, "Record this forum", keep)
