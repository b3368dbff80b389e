"""The administrator's page of emails: what waits, what was not sent and why, what was sent lately."""

from collections.abc import Sequence

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, settings, today, transaction
from npt.mail import queries, services
from npt.mail.forms import PressForm
from npt.mail.queries import LetterRow
from npt.mail.rules import LetterState, Post
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, fetched

bp = Blueprint("mail", __name__, url_prefix="/emails")

EMAILS = ("What", "To", "Subject", "Written", "By", "Tries", "State", "Next try", "Sent", "Why not")


def post_to(endpoint: str, **values: object) -> Post | None:
    """What somebody who writes a letter is told, when it leads to this page; nothing where no letters are sent.

    The address follows from NPT_BASE_URL alone, and never from what a browser says it asked for.
    """
    if settings().smtp is None:
        return None
    path = current_app.url_map.bind("npt").build(endpoint, values)
    return Post(settings().force_name, settings().base_url, path)


def _asked_state() -> LetterState:
    try:
        return LetterState(request.args.get("show", LetterState.WAITING.value))
    except ValueError:
        return LetterState.WAITING


@bp.get("/")
@requires(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """The emails in one state, and how many there are in each."""
    state, counts = _asked_state(), queries.counts()
    if ending := request.args.get("format"):
        return list_file(ending, f"emails {state}", EMAILS, [_cells(row) for row in queries.letters(state)])
    return render_template(
        "mail/index.html",
        state=state,
        states=LetterState,
        counts=counts,
        page=fetched(counts[state], asked_page(), lambda offset, limit: queries.letters(state, offset, limit)),
        address=address_of,
        here=this_page,
        server=settings().smtp,
        kept_days=policy(today()).email_kept_days,
    )


def _cells(row: LetterRow) -> Sequence[Cell]:
    return (
        row.kind.label,
        row.address,
        row.subject,
        row.written_at,
        row.written_by,
        row.tries,
        row.state.label,
        row.due_at,
        row.sent_at,
        row.why,
    )


@bp.post("/<int:letter_id>/try-again")
@requires(Permission.MANAGE_USERS)
def try_again(letter_id: int) -> ResponseReturnValue:
    """Have an email tried at once that waits or was not sent."""
    if PressForm().validate_on_submit():
        try:
            with transaction():
                letter = services.try_again(letter_id, actor=actor(), at=now())
        except Refused as refusal:
            say(str(refusal), important=True)
        else:
            say(f"The email to {letter.address} is tried again now.")
    return redirect(url_for("mail.index"))
