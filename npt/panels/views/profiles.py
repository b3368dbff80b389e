"""The neighbourhood profile of a meeting: read, prepared by the lead team, issued by its sergeant."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction, zone
from npt.panels import queries, services
from npt.panels.forms import ProfileForm, RecommendationForm
from npt.panels.queries import Issued, PanelLine, ProfilePage, RecommendationRow
from npt.panels.rules.profiles import obstacles_to_issuing, obstacles_to_preparing
from npt.panels.services import NewRecommendation, ProfileWords
from npt.panels.views import bp
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import day
from npt.web.forms import Form


def _page(meeting_id: int) -> ProfilePage:
    return queries.profile_page(meeting_id, actor().scope, today(), policy(today()), zone())


def _own_page(meeting_id: int) -> ProfilePage:
    page = _page(meeting_id)
    if page.draft is None:
        abort(404)
    return page


def _to_crime(panel: PanelLine) -> bool:
    """Whether the lines behind every count are the actor's to see."""
    return actor().may(Permission.VIEW_CRIME) and all(actor().scope.has_team(team.id) for team in panel.teams)


def _history(page: ProfilePage) -> list[audit.HistoryLine]:
    return audit.history(f"profile:{page.meeting.row.sitting.ref}")


@bp.get("/meetings/<int:meeting_id>/profile")
@requires(Permission.VIEW_PANELS)
def profile(meeting_id: int) -> ResponseReturnValue:
    """A meeting's profile as it was issued: the newest version, or the one asked for."""
    page = _page(meeting_id)
    shown = _version(page)
    if request.args.get("format") == "json" and shown:
        return _as_issued(page, shown)
    return render_template(
        "panels/profile.html",
        page=page,
        panel=page.meeting.panel,
        shown=shown,
        policy=policy(today()),
        linked=_to_crime(page.meeting.panel),
        history=_history(page) if page.meeting.theirs else [],
    )


def _version(page: ProfilePage) -> Issued | None:
    asked = request.args.get("version", "")
    if not asked:
        return page.newest
    return next((each for each in page.issued if str(each.version) == asked), None) or abort(404)


def _as_issued(page: ProfilePage, shown: Issued) -> Response:
    """The very text that was frozen, byte for byte, so that anybody can compute its SHA-256."""
    response = Response(shown.text.encode(), content_type="application/json; charset=utf-8")
    name = f"profile-{page.meeting.panel.code}-{page.meeting.row.sitting.on}-{shown.version}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.route("/meetings/<int:meeting_id>/profile/prepare", methods=["GET", "POST"])
@requires(Permission.PREPARE_PROFILE)
def prepare_profile(meeting_id: int) -> ResponseReturnValue:
    """Write the team's words, and see what the profile says today."""
    page = _own_page(meeting_id)
    draft, sitting = page.draft, page.meeting.row.sitting
    assert draft is not None  # noqa: S101 - not theirs is not found
    form = ProfileForm(data={"activity": draft.activity, "residents": draft.residents})
    if form.validate_on_submit():
        try:
            with transaction():
                services.prepare_profile(meeting_id, form.into(ProfileWords), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The profile for {day(sitting.on)} is saved. It is issued by a sergeant when it is whole.")
            return redirect(url_for("panels.prepare_profile", meeting_id=meeting_id))
    return render_template(
        "panels/prepare_profile.html",
        page=page,
        panel=page.meeting.panel,
        form=form,
        draft=draft,
        closed=list(obstacles_to_preparing(sitting.status, bool(page.issued))),
        policy=policy(today()),
        linked=_to_crime(page.meeting.panel),
        history=_history(page),
    )


@bp.route("/meetings/<int:meeting_id>/profile/recommend", methods=["GET", "POST"])
@requires(Permission.PREPARE_PROFILE)
def recommend(meeting_id: int) -> ResponseReturnValue:
    """Recommend a priority, with the reason."""
    page = _own_page(meeting_id)
    form = RecommendationForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.recommend(meeting_id, form.into(NewRecommendation), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The profile recommends “{form.title.data}”.")
            return redirect(url_for("panels.prepare_profile", meeting_id=meeting_id))
    return _recommendation_page(page, form, None)


@bp.route("/meetings/<int:meeting_id>/profile/recommendations/<int:recommendation_id>", methods=["GET", "POST"])
@requires(Permission.PREPARE_PROFILE)
def recommendation(meeting_id: int, recommendation_id: int) -> ResponseReturnValue:
    """Say a recommendation otherwise, or take it out."""
    page = _own_page(meeting_id)
    row = next((each for each in page.recommendations if each.id == recommendation_id), None)
    if row is None or not page.drafting:
        abort(404)
    said = row.said
    form = RecommendationForm(data={"title": said.title, "detail": said.detail, "reason": said.reason})
    drop = request.form.get("act") == "drop"
    if form.is_submitted() and (drop or form.validate()):
        try:
            with transaction():
                if drop:
                    services.drop_recommendation(recommendation_id, actor=actor(), at=now())
                else:
                    new = form.into(NewRecommendation)
                    services.change_recommendation(recommendation_id, new, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"“{said.title}” is taken out." if drop else f"“{form.title.data}” is saved.")
            return redirect(url_for("panels.prepare_profile", meeting_id=meeting_id))
    return _recommendation_page(page, form, row)


def _recommendation_page(
    page: ProfilePage, form: RecommendationForm, row: RecommendationRow | None
) -> ResponseReturnValue:
    return render_template("panels/recommend.html", page=page, panel=page.meeting.panel, form=form, row=row)


@bp.route("/meetings/<int:meeting_id>/profile/issue", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def issue_profile(meeting_id: int) -> ResponseReturnValue:
    """Issue the profile, after showing it whole and everything that stands in the way."""
    page = _own_page(meeting_id)
    draft, sitting = page.draft, page.meeting.row.sitting
    assert draft is not None  # noqa: S101 - not theirs is not found
    form = Form()
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.issue_profile(
                    meeting_id, actor=actor(), at=now(), on=today(), policy=policy(today()), zone=zone()
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Version {made.version} of the profile for {day(sitting.on)} is issued. The chair can read it.")
            return redirect(url_for("panels.profile", meeting_id=meeting_id))
    return render_template(
        "panels/issue_profile.html",
        page=page,
        panel=page.meeting.panel,
        form=form,
        draft=draft,
        obstacles=list(obstacles_to_issuing(draft, sitting.status, page.before, page.going)),
        policy=policy(today()),
        linked=_to_crime(page.meeting.panel),
    )
