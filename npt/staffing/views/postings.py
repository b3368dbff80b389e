"""Post people, move them, attach them, have them act up, end their postings."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, now, policy, today
from npt.people.queries import PersonRow
from npt.people.rules import Grade, PostingKind
from npt.staffing import queries, services
from npt.staffing.forms.changes import ActUpForm, AttachPersonForm, EndPostingForm, MovePersonForm, PostPersonForm
from npt.staffing.queries import Candidate, HeldPosting
from npt.staffing.services import EndOfPosting, Move, NewPosting
from npt.staffing.views import bp
from npt.staffing.views.asking import Page, ask, entered, entered_day, said_day
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import day
from npt.web.forms import Form

ABOVE = (Grade.PC, Grade.SERGEANT, Grade.INSPECTOR)
"""The grades of posts in which somebody of a lower one may act."""


def _candidate(collar_number: str) -> Candidate:
    return queries.candidate(collar_number, actor().scope, today())


def _back() -> tuple[str, str]:
    """Where one came from: the post that is to be filled, else staffing."""
    ref = request.args.get("post")
    return (f"Post {ref}", url_for("staffing.post", ref=ref)) if ref else ("Staffing", url_for("staffing.index"))


def _said(message: str, ref: str) -> ResponseReturnValue:
    say(message)
    return redirect(url_for("staffing.post", ref=ref))


def _now(found: Candidate) -> str:
    held = "; ".join(_words(posting) for posting in found.held)
    return f"Now: {held}." if held else "They hold no post now."


def _words(posting: HeldPosting) -> str:
    until = f" to {day(posting.last_day)}" if posting.last_day else ""
    kind = "" if posting.kind is PostingKind.SUBSTANTIVE else f" ({posting.kind.value})"
    return f"{posting.post.ref}, {posting.place}{kind}, from {day(posting.first_day)}{until}"


@bp.route("/people/<collar_number>/post", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def post_person(collar_number: str) -> ResponseReturnValue:
    """Put somebody in a post."""
    found = _candidate(collar_number)
    form = PostPersonForm(
        queries.post_choices(actor().scope, today()),
        data={"post_ref": request.args.get("post"), "kind": PostingKind.SUBSTANTIVE},
    )
    return ask(
        form,
        Page(f"Post {found.person.name}", "Post them", _back(), _now(found), first_day="first_day"),
        lambda: services.post_person(collar_number, form.into(NewPosting), actor=actor(), at=now(), on=today()),
        lambda who: _began(form, who, "is posted to"),
    )


@bp.route("/people/<collar_number>/move", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def move_person(collar_number: str) -> ResponseReturnValue:
    """Move somebody from one post to another."""
    found = _candidate(collar_number)
    own = {posting.id: _words(posting) for posting in found.held if posting.kind is PostingKind.SUBSTANTIVE}
    form = MovePersonForm(
        queries.post_choices(actor().scope, today()),
        own,
        data={"post_ref": request.args.get("post"), "posting_id": next(iter(own)) if len(own) == 1 else None},
    )
    return ask(
        form,
        Page(
            f"Move {found.person.name}",
            "Move them",
            _back(),
            "The posting they move from ends the day before.",
            first_day="first_day",
        ),
        lambda: services.move_person(
            collar_number,
            form.into(Move),
            actor=actor(),
            at=now(),
            on=today(),
            policy=policy(entered_day(form, "first_day")),
        ),
        lambda who: _began(form, who, "moves to"),
    )


@bp.route("/people/<collar_number>/attach", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def attach_person(collar_number: str) -> ResponseReturnValue:
    """Attach somebody to another team."""
    found = _candidate(collar_number)
    grade = request.args.get("grade")
    grades = (Grade(grade),) if grade in set(Grade) else None
    form = AttachPersonForm(
        queries.post_choices(actor().scope, today(), grades), data={"post_ref": request.args.get("post")}
    )
    lead = (
        "Choose a post of the host team. An attachment fills nothing and carries no FTE: their own post stays filled."
    )
    return ask(
        form,
        Page(f"Attach {found.person.name}", "Attach them", _back(), f"{lead} {_now(found)}", first_day="first_day"),
        lambda: services.attach_person(collar_number, form.into(NewPosting), actor=actor(), at=now(), on=today()),
        lambda who: _began(form, who, "is attached to"),
    )


@bp.route("/people/<collar_number>/act", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def act_up(collar_number: str) -> ResponseReturnValue:
    """Have somebody act in a post of a higher grade."""
    found = _candidate(collar_number)
    form = _above_form()
    return ask(
        form,
        Page(
            f"{found.person.name}: acting up",
            "Have them act",
            _back(),
            f"{SUSPENDS} {_now(found)}",
            first_day="first_day",
        ),
        lambda: services.act_up(collar_number, form.into(NewPosting), actor=actor(), at=now(), on=today()),
        lambda who: _began(form, who, "acts in"),
    )


SUSPENDS = "While this lasts their own posting is suspended, and its post counts as vacant."


@bp.route("/people/<collar_number>/promote", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def promote_person(collar_number: str) -> ResponseReturnValue:
    """Promote somebody for a time."""
    found = _candidate(collar_number)
    form = _above_form()
    return ask(
        form,
        Page(
            f"{found.person.name}: temporary promotion",
            "Promote them",
            _back(),
            f"{SUSPENDS} {_now(found)}",
            first_day="first_day",
        ),
        lambda: services.promote_temporarily(collar_number, form.into(NewPosting), actor=actor(), at=now(), on=today()),
        lambda who: _began(form, who, "is promoted for a time to"),
    )


def _above_form() -> ActUpForm:
    return ActUpForm(queries.post_choices(actor().scope, today(), ABOVE), data={"post_ref": request.args.get("post")})


def _began(form: Form, who: PersonRow, verb: str) -> ResponseReturnValue:
    ref = entered(form, "post_ref")
    return _said(f"{who.name} {verb} {ref} from {said_day(form, 'first_day')}.", ref)


@bp.route("/postings/<int:posting_id>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def end_posting(posting_id: int) -> ResponseReturnValue:
    """End a posting."""
    who, held = queries.holding(posting_id, actor().scope, today())
    form = EndPostingForm()
    lead = f"{_words(held)}. Retirement, resignation and dismissal end their service that day too."
    return ask(
        form,
        Page(
            f"End the posting of {who.name}", "End this posting", _post(held), lead, warning=True, last_day="last_day"
        ),
        lambda: services.end_posting(
            posting_id, form.into(EndOfPosting), actor=actor(), at=now(), policy=policy(entered_day(form, "last_day"))
        ),
        lambda who: _said(f"{who.name} leaves {held.post.ref} on {day(entered_day(form, 'last_day'))}.", held.post.ref),
    )


def _post(held: HeldPosting) -> tuple[str, str]:
    return f"Post {held.post.ref}", url_for("staffing.post", ref=held.post.ref)
