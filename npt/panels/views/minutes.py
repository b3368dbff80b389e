"""The minutes of a meeting: read, begun, written item by item, issued, corrected; and what panels decided."""

from collections.abc import Mapping

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction, zone
from npt.panels import queries, services
from npt.panels.forms import CorrectionForm, IssueForm, MinuteForm
from npt.panels.queries import Decided, MeetingPage, MinutesVersion
from npt.panels.rules.minuted import Standing
from npt.panels.rules.minutes import DecisionKind, Item, differences, next_number
from npt.panels.rules.priorities import too_many
from npt.panels.views import bp
from npt.panels.views.meetings import seen_meeting, sees_drafts
from npt.panels.views.within import own_meeting
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file

DECISIONS = ("Panel", "Panel name", "Meeting", "Number", "Item", "Decided", "Priority", "What was said", "Acts", "By")


@bp.get("/meetings/<int:meeting_id>/minutes")
@requires(Permission.VIEW_PANELS)
def minutes(meeting_id: int) -> ResponseReturnValue:
    """The minutes of a meeting as they stand, or an earlier version of them."""
    page = seen_meeting(meeting_id)
    versions = queries.minutes_of(meeting_id, drafts=sees_drafts(page))
    wanted = request.args.get("version", type=int)
    shown = next((each for each in versions if wanted in (None, each.version)), None)
    if wanted is not None and shown is None:
        abort(404)
    if ending := request.args.get("format"):
        decided = [_decided(page, row.item, row.priority) for row in (shown.decisions if shown else [])]
        return _decisions_file(ending, f"decisions {page.row.sitting.ref}", decided)
    earlier = next((each for each in versions if shown and each.version == shown.version - 1), None)
    changed = differences((r.item for r in earlier.items), (r.item for r in shown.items)) if shown and earlier else []
    return render_template(
        "panels/minutes.html",
        page=page,
        panel=page.panel,
        versions=versions,
        shown=shown,
        newest=versions[0] if versions else None,
        changed=changed,
        standings=_standings(page, shown),
        term=queries.term_held(page.panel.id, actor(), today()),
        came=queries.came_to(meeting_id, page.panel.id, page.row.sitting.on),
        history=audit.history(f"minutes:{page.row.sitting.ref}") if sees_drafts(page) else None,
        here=this_page,
    )


def _standings(page: MeetingPage, shown: MinutesVersion | None) -> Mapping[str, Standing]:
    if shown is None:
        return {}
    items = [row.item for row in shown.items]
    return queries.standings(page.row.sitting, page.panel.id, items, issued=not shown.draft)


def _decided(page: MeetingPage, item: Item, priority: str | None) -> Decided:
    sitting = page.row.sitting
    return Decided(page.panel.code, page.panel.name, sitting.id, sitting.starts_at, item, priority)


def _decisions_file(ending: str, name: str, rows: list[Decided]) -> ResponseReturnValue:
    cells: list[list[Cell]] = [
        [
            row.panel,
            row.panel_name,
            row.starts_at,
            row.item.number,
            row.item.title,
            row.item.decision.label if row.item.decision else None,
            row.priority,
            row.item.text,
            row.item.acts,
            row.item.due_on,
        ]
        for row in rows
    ]
    return list_file(ending, name, DECISIONS, cells)


@bp.get("/decisions")
@requires(Permission.VIEW_PANELS)
def decisions() -> ResponseReturnValue:
    """What the panels of those who ask decided, by their issued minutes."""
    asked = request.args.get("kind", "")
    kind = DecisionKind(asked) if asked in set(DecisionKind) else None
    rows = queries.decisions_seen(actor().scope, kind, request.args.get("panel") or None)
    if ending := request.args.get("format"):
        return _decisions_file(ending, "decisions", rows)
    return render_template("panels/decisions.html", rows=rows, kind=kind, kinds=DecisionKind, here=this_page)


@bp.post("/meetings/<int:meeting_id>/minutes/start")
@requires(Permission.CHANGE_PANELS)
def start_minutes(meeting_id: int) -> ResponseReturnValue:
    """Begin the minutes with the items of the agenda."""
    own_meeting(meeting_id)
    try:
        with transaction():
            services.start_minutes(meeting_id, actor=actor(), at=now())
    except Refused as refusal:
        say(f"{refusal.reasons[0].message}.", important=True)
        return redirect(url_for("panels.meeting", meeting_id=meeting_id))
    say("The minutes are begun. Nobody but you who run the panel and its chair sees them until they are issued.")
    return redirect(url_for("panels.minutes", meeting_id=meeting_id))


@bp.route("/meetings/<int:meeting_id>/minutes/items/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def add_minute(meeting_id: int) -> ResponseReturnValue:
    """Add an item to the draft."""
    page = own_meeting(meeting_id)
    versions = queries.minutes_of(meeting_id, drafts=True)
    numbers = [row.item.number for row in versions[0].items] if versions else []
    form = MinuteForm(data={"number": next_number(numbers)})
    form.offer(_priorities(page))
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_minute(meeting_id, form.into(Item), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Item {form.number.data} is added.")
            return redirect(url_for("panels.minutes", meeting_id=meeting_id))
    return render_template("panels/edit_minute.html", form=form, page=page, panel=page.panel, item=None)


def _priorities(page: MeetingPage) -> dict[int, str]:
    return {row.id: row.title for row in page.panel.priorities}


@bp.route("/minutes/items/<int:item_id>/edit", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def edit_minute(item_id: int) -> ResponseReturnValue:
    """Change an item of the draft, or take it out."""
    row = queries.item_row(item_id, actor().scope)
    page, number = own_meeting(row.minutes.meeting_id), row.number
    back = redirect(url_for("panels.minutes", meeting_id=page.row.sitting.id))
    form = MinuteForm(obj=row)
    form.offer(_priorities(page))
    if form.is_submitted() and request.form.get("do") == "remove":
        try:
            with transaction():
                services.remove_minute(item_id, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Item {number} is taken out.")
            return back
    elif form.validate_on_submit():
        try:
            with transaction():
                changed = services.change_minute(item_id, form.into(Item), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Item {form.number.data} is changed." if changed else "Nothing was changed.")
            return back
    return render_template("panels/edit_minute.html", form=form, page=page, panel=page.panel, item=number)


@bp.route("/meetings/<int:meeting_id>/minutes/issue", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def issue_minutes(meeting_id: int) -> ResponseReturnValue:
    """Issue the draft, after saying what that does."""
    page, form = own_meeting(meeting_id), IssueForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.issue_minutes(meeting_id, actor=actor(), at=now(), on=today(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say("The minutes are issued. Whoever may see the panel reads them now.")
            return redirect(url_for("panels.minutes", meeting_id=meeting_id))
    shown = next(iter(queries.minutes_of(meeting_id, drafts=True)), None)
    standings = _standings(page, shown)
    carried = [row for row in (shown.items if shown else ()) if standings.get(row.item.number) is Standing.ON_ISSUE]
    adopted = sum(row.item.decision is DecisionKind.ADOPT for row in carried)
    return render_template(
        "panels/issue_minutes.html",
        form=form,
        page=page,
        panel=page.panel,
        carried=carried,
        warning=too_many(len(page.panel.current) + adopted, policy(today()).panel_priorities) if adopted else None,
    )


@bp.route("/meetings/<int:meeting_id>/minutes/correct", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def correct_minutes(meeting_id: int) -> ResponseReturnValue:
    """Begin a corrected version beside the issued one."""
    page, form = own_meeting(meeting_id), CorrectionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.correct_minutes(meeting_id, form.why.data, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Version {made.version} is begun. Version {made.version - 1} stays as it was issued.")
            return redirect(url_for("panels.minutes", meeting_id=meeting_id))
    return render_template("panels/correct_minutes.html", form=form, page=page, panel=page.panel)
