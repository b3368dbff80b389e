"""Record that a sergeant covers a team, and that they no longer do."""

import datetime as dt
from contextlib import suppress

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.edge import actor, now, policy, today
from npt.people.queries import PersonRow
from npt.people.rules import Grade
from npt.staffing import queries, services
from npt.staffing.forms.changes import CoverForm, EndCoverForm
from npt.staffing.queries import CoverRow
from npt.staffing.services import NewCover
from npt.staffing.views import bp
from npt.staffing.views.asking import Page, ask, entered, entered_day
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import day


@bp.route("/cover/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def new_cover() -> ResponseReturnValue:
    """Record that a sergeant covers a team."""
    scope = actor().scope
    post_ref = request.args.get("post")
    asked = {"team_code": request.args.get("team"), "post_ref": post_ref, "first_day": _needed_from(post_ref)}
    teams = queries.team_choices(scope, today())
    form = CoverForm(
        queries.sergeant_choices(scope, today()),
        teams,
        queries.post_choices(scope, today(), (Grade.SERGEANT,)),
        data=asked,
    )

    def done(who: PersonRow) -> ResponseReturnValue:
        code = entered(form, "team_code")
        say(f"{who.name} covers {teams[code]} from {day(entered_day(form, 'first_day'))}.")
        return redirect(url_for("staffing.team", code=code))

    return ask(
        form,
        Page(
            "Record cover",
            "Record this cover",
            ("Staffing", url_for("staffing.index")),
            "A sergeant looks after a team that is not theirs by posting. It adds to their span and fills no post.",
            first_day="first_day",
        ),
        lambda: services.record_cover(form.into(NewCover), actor=actor(), at=now(), on=today()),
        done,
    )


def _needed_from(post_ref: str | None) -> dt.date:
    """The day from which cover is needed: of a post that will be vacant, the day it is; else today."""
    with suppress(NoResultFound):
        vacant_from = queries.post_to_plan(post_ref or "", actor().scope, today(), policy(today())).vacant_from
        return max(vacant_from or today(), today())
    return today()


def _record(cover_id: int) -> CoverRow:
    found = next(iter(queries.cover_rows(actor().scope, cover_id=cover_id)), None)
    if found is None:
        raise NoResultFound(f"no cover {cover_id} within scope")
    return found


@bp.get("/cover/<int:cover_id>")
@requires(Permission.VIEW_STAFFING)
def cover(cover_id: int) -> ResponseReturnValue:
    """One record of cover: who, which team, since when, because of what, and everything done to it."""
    return render_template(
        "staffing/cover.html",
        cover=_record(cover_id),
        today=today(),
        history=audit.history(f"cover:{cover_id}"),
    )


@bp.route("/cover/<int:cover_id>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def end_cover(cover_id: int) -> ResponseReturnValue:
    """Record the last day of cover."""
    found = _record(cover_id)
    form = EndCoverForm()

    def done(who: PersonRow) -> ResponseReturnValue:
        say(f"{who.name} covers {found.team_name} to {day(entered_day(form, 'last_day'))}.")
        return redirect(url_for("staffing.cover", cover_id=cover_id))

    return ask(
        form,
        Page(
            f"End the cover of {found.team_name}",
            "End this cover",
            (f"Cover of {found.team_name}", url_for("staffing.cover", cover_id=cover_id)),
            f"{found.person.name} has covered since {day(found.first_day)}.",
            warning=True,
            last_day="last_day",
        ),
        lambda: services.end_cover(cover_id, entered_day(form, "last_day"), actor=actor(), at=now()),
        done,
    )
