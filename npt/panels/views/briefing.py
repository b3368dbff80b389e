"""What response and CID officers see: the current priorities of a BCU on one page, acknowledged by opening it."""

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission, Role
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction
from npt.panels import queries, services
from npt.panels.forms import NoteForm
from npt.panels.queries import Briefing
from npt.panels.rules.briefing import Note, standard_last_day
from npt.panels.services import NewNote
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import day

bp = Blueprint("briefing", __name__, url_prefix="/briefing")

HEADER = ("BCU", "Panel", "Priority", "Where", "What to do", "Who to call", "Until", "Refreshed", "By")
INDEX = ("BCU", "Name", "Priorities", "With something to do", "Response and CID officers who have read it", "Of")
READERS = ("Name", "Role", "Read all of it", "When")


@bp.get("")
@requires(Permission.VIEW_BRIEFING)
def index() -> ResponseReturnValue:
    """The briefings somebody may read; the one page itself when there is one alone."""
    if not request.args and len(codes := queries.briefing_codes(actor().scope)) == 1:
        return redirect(url_for("briefing.show", code=codes[0]))
    pages = queries.briefings(actor().scope, today(), actor().user_id)
    if ending := request.args.get("format"):
        rows = [(page.bcu.code, page.bcu.name, len(page.entries), len(page.standing), *_read(page)) for page in pages]
        return list_file(ending, f"briefings {today()}", INDEX, rows)
    return render_template("briefing/index.html", pages=pages, here=this_page)


def _read(page: Briefing) -> tuple[int | None, int | None]:
    return (page.meant.read, page.meant.of) if page.meant else (None, None)


@bp.get("/<code>")
@requires(Permission.VIEW_BRIEFING)
def show(code: str) -> ResponseReturnValue:
    """The current priorities of a BCU. Whoever opens it has read it: counted once for each note and version."""
    page = queries.briefing(code, actor().scope, today(), actor().user_id)
    if ending := request.args.get("format"):
        return list_file(ending, f"briefing {code} {today()}", HEADER, _rows(page))
    new = page.unread
    if new and request.method == "GET":
        with transaction():
            services.read_briefing(code, actor=actor(), at=now(), on=today())
        page = queries.briefing(code, actor().scope, today(), actor().user_id)
    return render_template("briefing/show.html", page=page, new=new, policy=policy(today()), here=this_page)


def _rows(page: Briefing) -> list[Sequence[Cell]]:
    noted = [
        (
            page.bcu.name,
            entry.panel,
            entry.title,
            note.place,
            note.what_to_do,
            note.who_to_call,
            note.last_day,
            note.refreshed_at,
            note.refreshed_by,
        )
        for entry in page.standing
        for note in [cast(Note, entry.note)]
    ]
    silent = [(page.bcu.name, entry.panel, entry.title, *(None,) * 6) for entry in page.silent]
    return [*noted, *silent]


@bp.get("/<code>/readers")
@requires(Permission.VIEW_BRIEFING_READERS)
def readers(code: str) -> ResponseReturnValue:
    """Who has read a BCU's briefing as it stands, and who has not; one role of them on request."""
    page = queries.briefing(code, actor().scope, today(), actor().user_id)
    role = next((each for each in Role if each.value == request.args.get("role")), None)
    rows = [each for each in page.readers if role in (None, each.role)]
    if ending := request.args.get("format"):
        cells = [(each.name, each.role.label, each.read_at is not None, each.read_at) for each in rows]
        return list_file(ending, f"readers of briefing {code}", READERS, cells)
    return render_template("briefing/readers.html", page=page, role=role, rows=rows, here=this_page)


@bp.route("/priorities/<int:priority_id>", methods=["GET", "POST"])
@requires(Permission.CHANGE_BRIEFING)
def write(priority_id: int) -> ResponseReturnValue:
    """Write or refresh what a briefing says of a priority."""
    page, on = queries.note_page(priority_id, actor().scope), today()
    form = NoteForm(data=_kept(page.note) | {"last_day": standard_last_day(on, policy(on))})
    if form.validate_on_submit():
        new = form.into(NewNote)
        try:
            with transaction():
                services.write_note(priority_id, new, actor=actor(), at=now(), on=on, policy=policy(on))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"“{page.title}” stands in the briefing until {day(new.last_day)}.")
            return redirect(url_for("briefing.show", code=page.bcu_code))
    return render_template(
        "briefing/write.html",
        page=page,
        form=form,
        policy=policy(on),
        on=on,
        history=audit.history(f"briefing:{page.ref}"),
    )


def _kept(note: Note | None) -> dict[str, object]:
    if note is None:
        return {}
    return {"place": note.place, "what_to_do": note.what_to_do, "who_to_call": note.who_to_call}
