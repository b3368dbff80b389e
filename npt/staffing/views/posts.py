"""One post, and what is done to it."""

from decimal import Decimal

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Permission
from npt.edge import actor, now, policy, today
from npt.people.rules import PostingKind
from npt.staffing import queries, services
from npt.staffing.forms.changes import ChangePostForm, EndPostForm, FundPostForm, NewPostForm, RequireSkillForm
from npt.staffing.queries.posts import Holding
from npt.staffing.rules.moves import next_ref
from npt.staffing.services import ChangeOfPost, Funding, NewPost
from npt.staffing.views import bp
from npt.staffing.views.asking import Page, ask, entered, entered_day
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import list_file


@bp.get("/posts/<ref>")
@requires(Permission.VIEW_STAFFING)
def post(ref: str) -> ResponseReturnValue:
    """One post: who holds and held it, how long it stood empty, and everything done to it."""
    page = queries.post_page(ref, actor().scope, today(), policy(today()))
    if ending := request.args.get("format"):
        rows = [
            [
                held.person.collar_number,
                held.person.name,
                held.kind.value,
                held.first_day,
                held.last_day,
                _fte(page.post.fte, held),
                held.end_reason,
            ]
            for held in page.holdings
        ]
        return list_file(ending, f"holders of {ref}", HOLDERS, rows)
    return render_template("staffing/post.html", page=page, on=today(), here=this_page)


def _fte(of_post: Decimal | None, held: Holding) -> Decimal | None:
    """What the page says: an attachment has none, and neither has a special's post."""
    if held.kind is PostingKind.ATTACHMENT or of_post is None:
        return None
    return of_post if held.fte is None else held.fte


HOLDERS = ("Collar number", "Name", "Held as", "From", "To", "FTE", "Why it ended")


@bp.get("/posts/<ref>/fill")
@requires(Permission.CHANGE_STAFFING)
def fill_post(ref: str) -> ResponseReturnValue:
    """Lead from a post to the form that posts somebody to it."""
    number = request.args.get("collar_number", "").strip()
    try:
        found = queries.candidate(number, actor().scope, today())
    except NoResultFound:
        said = f"There is nobody with the collar number {number} to post." if number else "Enter a collar number."
        say(said, important=True)
        return redirect(url_for("staffing.post", ref=ref))
    # Whoever holds a post of their own leaves it for this one; nobody holds more than 1.00 FTE.
    moves = any(posting.kind is PostingKind.SUBSTANTIVE for posting in found.held)
    way = "staffing.move_person" if moves else "staffing.post_person"
    return redirect(url_for(way, collar_number=number, post=ref))


@bp.route("/posts/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def new_post() -> ResponseReturnValue:
    """Open a post."""
    scope = actor().scope
    form = NewPostForm(
        {**queries.team_choices(scope, today()), **queries.sector_choices(scope)},
        data={"unit_code": request.args.get("team")},
    )
    page = Page(
        "Open a post",
        "Open this post",
        ("Staffing", url_for("staffing.index")),
        "A post's team, grade and FTE never change after its first day.",
        first_day="first_day",
    )

    def done(ref: str) -> ResponseReturnValue:
        say(f"Post {ref} is opened.", url_for("staffing.post", ref=ref))
        return redirect(url_for("staffing.post", ref=ref))

    return ask(
        form,
        page,
        lambda: services.create_post(form.into(NewPost), actor=actor(), at=now()),
        done,
    )


@bp.route("/posts/<ref>/change", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def change_post(ref: str) -> ResponseReturnValue:
    """Give a post another FTE."""
    found = queries.post_page(ref, actor().scope, today(), policy(today()))
    form = ChangePostForm(data={"fte": found.post.fte, "new_ref": next_ref(ref, queries.next_refs(ref))})

    def done(new_ref: str) -> ResponseReturnValue:
        say(f"The FTE is changed: post {new_ref}.")
        return redirect(url_for("staffing.post", ref=new_ref))

    return ask(
        form,
        Page(
            f"Change the FTE of post {ref}",
            "Change the FTE",
            _back(ref),
            "Another team or grade is another post.",
            first_day="from_day",
        ),
        lambda: services.change_post(ref, form.into(ChangeOfPost), actor=actor(), at=now(), on=today()),
        done,
    )


@bp.route("/posts/<ref>/fund", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def fund_post(ref: str) -> ResponseReturnValue:
    """Say who pays for a post and until when."""
    found = queries.post_page(ref, actor().scope, today(), policy(today()))
    form = FundPostForm(data={"funding": found.funding, "funding_last_day": found.funding_last_day})
    return ask(
        form,
        Page(f"Funding of post {ref}", "Save the funding", _back(ref)),
        lambda: services.fund_post(ref, form.into(Funding), actor=actor(), at=now()),
        lambda _: _saved(ref, f"The funding of post {ref} is saved."),
    )


@bp.route("/posts/<ref>/skill", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def require_skill(ref: str) -> ResponseReturnValue:
    """Say what skill a post needs."""
    found = queries.post_page(ref, actor().scope, today(), policy(today()))
    form = RequireSkillForm(data={"required_skill": found.required_skill})
    return ask(
        form,
        Page(f"Skill needed in post {ref}", "Save the skill", _back(ref)),
        lambda: services.require_skill(ref, entered(form, "required_skill"), actor=actor(), at=now()),
        lambda _: _saved(ref, f"The skill needed in post {ref} is saved."),
    )


@bp.route("/posts/<ref>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def end_post(ref: str) -> ResponseReturnValue:
    """End a post, and with it whatever postings there are to it."""
    queries.post_page(ref, actor().scope, today(), policy(today()))
    form = EndPostForm()
    return ask(
        form,
        Page(
            f"End post {ref}",
            "End this post",
            _back(ref),
            "Whoever holds it then holds it no longer.",
            warning=True,
            last_day="last_day",
        ),
        lambda: services.end_post(ref, entered_day(form, "last_day"), entered(form, "why"), actor=actor(), at=now()),
        lambda _: _saved(ref, f"Post {ref} has a last day."),
    )


def _back(ref: str) -> tuple[str, str]:
    return f"Post {ref}", url_for("staffing.post", ref=ref)


def _saved(ref: str, message: str) -> ResponseReturnValue:
    say(message)
    return redirect(url_for("staffing.post", ref=ref))
