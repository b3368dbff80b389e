"""What the checks found, and the answer to it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import DAY, month_of
from npt.edge import actor, jobs, now, policy, today, transaction, zone
from npt.flags import queries, services
from npt.flags.forms import OF_NO_TEAM, AcknowledgeForm, FlagsForm
from npt.flags.queries import FlagRow, Narrowing
from npt.flags.rules import FlagKind, FlagState, kinds_shown_to
from npt.flags.services import Acknowledgement
from npt.people import queries as people
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import day
from npt.web.paging import address_of, asked_page, fetched

bp = Blueprint("flags", __name__, url_prefix="/flags")

HEADER = (
    "Kind",
    "About",
    "Severity",
    "What was found",
    "Figure",
    "Threshold",
    "Team",
    "Sector",
    "BCU",
    "Opened",
    "Closed",
    "Owner",
    "Repeat",
    "Acknowledged",
    "Acknowledged by",
    "Action",
    "Action due",
)


@bp.get("/")
@requires(Permission.VIEW_FLAGS)
def index() -> ResponseReturnValue:
    """The flags the actor may see: open ones unless closed ones are asked for."""
    shown = kinds_shown_to(actor().role)
    form = _narrowed_by(shown)
    narrowing = Narrowing(
        form.state.data or FlagState.OPEN,
        team_code=form.team.data if form.team.data != OF_NO_TEAM else None,
        of_no_team=form.team.data == OF_NO_TEAM,
        bcu_code=form.bcu.data,
        kinds=[form.kind.data] if form.kind.data in shown else shown,
        on=cast(dt.date | None, form.on.data),
    )
    scope, order = actor().scope, request.args.get("order", queries.GRAVEST_FIRST)
    if ending := request.args.get("format"):
        rows = queries.listed(scope, narrowing, order=order)
        return list_file(ending, "flags", HEADER, [_cells(row) for row in rows])
    page = fetched(
        queries.how_many(scope, narrowing),
        asked_page(),
        lambda offset, limit: queries.listed(scope, narrowing, order=order, offset=offset, limit=limit),
    )
    return render_template(
        "flags/index.html", form=form, page=page, address=address_of, order=order, ordered=_ordered, other=_other
    )


def _narrowed_by(shown: Collection[FlagKind]) -> FlagsForm:
    teams = people.teams(actor().scope)
    given = MultiDict(request.args)
    given.setdefault("state", FlagState.OPEN.value)
    form = FlagsForm(formdata=given)
    form.kind.choices = {kind.value: kind.label for kind in FlagKind if kind in shown and kind.job in jobs()}
    form.team.choices = {**{team.code: team.name for team in teams}, OF_NO_TEAM: "No team: about the BCU or a sector"}
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.validate()
    return form


def _other(**changed: str) -> str:
    """This list asked for otherwise, from its first page."""
    return this_page(without=("page", "format"), **changed)


def _ordered(name: str) -> str:
    return _other(order=name)


def _cells(row: FlagRow) -> Sequence[Cell]:
    answer = row.acknowledgement
    return (
        row.kind.value,
        row.subject,
        row.severity.value,
        row.detail,
        row.figure,
        row.threshold,
        row.team_name,
        row.sector_name,
        row.bcu_name,
        row.opened_on,
        row.closed_on,
        row.owner_role.label,
        row.repeat,
        answer.at if answer else None,
        answer.by if answer else None,
        answer.action if answer else None,
        answer.due_on if answer else None,
    )


_ABOUT_A_SERGEANT = frozenset({FlagKind.SERGEANT_OVER_TWO_TEAMS, FlagKind.SPAN_OVER_LINE})
_ABOUT_THE_AUTHORITY = frozenset(
    {FlagKind.AUTHORITY_MEMBER_LOAD, FlagKind.PANEL_WITHOUT_AUTHORITY_MEMBER, FlagKind.CHAIRS_FORUM_MISSED}
)


@dataclass(frozen=True, slots=True)
class Behind:
    """Where the entries behind a flag's figure stand."""

    label: str
    href: str


@bp.route("/<int:flag_id>", methods=["GET"])
@requires(Permission.VIEW_FLAGS)
def show(flag_id: int) -> ResponseReturnValue:
    """One flag: the figure, the line it broke, what is behind it, and its answer."""
    return _page(_flag(flag_id), AcknowledgeForm(formdata=None))


@bp.route("/<int:flag_id>/acknowledge", methods=["GET", "POST"])
@requires(Permission.ACKNOWLEDGE_FLAG)
def acknowledge(flag_id: int) -> ResponseReturnValue:
    """Answer a flag with an action and a date."""
    flag, form = _flag(flag_id), AcknowledgeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.acknowledge(flag_id, form.into(Acknowledgement), actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Acknowledged: {flag.detail}.", url_for("flags.show", flag_id=flag_id))
            return redirect("/")
    return _page(flag, form)


def _flag(flag_id: int) -> FlagRow:
    return queries.flag(flag_id, actor().scope, kinds_shown_to(actor().role))


def _page(flag: FlagRow, form: AcknowledgeForm) -> ResponseReturnValue:
    return render_template(
        "flags/show.html",
        flag=flag,
        form=form,
        behind=_behind(flag),
        escalation_days=policy(today()).escalation_days,
        today=today(),
        history=audit.history(f"flag:{flag.id}"),
    )


def _behind(flag: FlagRow) -> Behind | None:
    """The page whose entries make the figure, for whoever may open it."""
    if flag.kind.job in ("plans", "panels", "priorities"):
        return _behind_problem(flag)
    judged = queries.newest_judged_day(flag.kind.job)
    if flag.team_code is None or judged is None or not flag.is_open:
        return None
    if flag.kind.job in ("abstractions", "returns"):
        return _behind_figures(flag, judged) if actor().may(Permission.VIEW_ABSTRACTIONS) else None
    if not actor().may(Permission.VIEW_STAFFING):
        return None
    if flag.kind in _ABOUT_A_SERGEANT:
        href = url_for("staffing.supervision", on=judged.isoformat())
        return Behind(f"Every span on {day(judged)}", href)
    if flag.kind.job == "contacts":
        href = url_for("staffing.ward", code=flag.subject, on=judged.isoformat())
        return Behind(f"The ward and its contacts on {day(judged)}", href)
    if flag.kind.job in ("vacancies", "supervision"):
        href = url_for("staffing.team", code=flag.team_code, on=judged.isoformat())
        return Behind(f"Posts and holders of {flag.team_name} on {day(judged)}", href)
    return None


def _behind_problem(flag: FlagRow) -> Behind | None:
    """The plan, the panel, the priority or the member a flag is about, also of one that is closed."""
    if flag.kind.job == "plans":
        return _behind_plan(flag) if actor().may(Permission.VIEW_PLANS) else None
    if flag.kind in _ABOUT_THE_AUTHORITY:
        return _behind_authority(flag) if actor().may(Permission.VIEW_AUTHORITY) else None
    if not actor().may(Permission.VIEW_PANELS):
        return None
    if flag.kind.job == "panels":
        return Behind("The panel", url_for("panels.show", code=flag.subject))
    return Behind("The priority", url_for("panels.priority_by_ref", ref=flag.subject))


def _behind_authority(flag: FlagRow) -> Behind:
    if flag.kind is FlagKind.AUTHORITY_MEMBER_LOAD:
        return Behind("The member and their panels", url_for("panels.authority_member", subject=flag.subject))
    place = "forums" if flag.kind is FlagKind.CHAIRS_FORUM_MISSED else "without"
    return Behind("Police authority and chairs' forums", f"{url_for('panels.authority')}#{place}")


def _behind_plan(flag: FlagRow) -> Behind:
    """The plan itself; for whoever may be kept from a restricted one, the plans of its team that they may see."""
    if actor().may(Permission.SUPERVISE_PLANS) or actor().may(Permission.VIEW_AUDIT):
        return Behind(f"Plan {flag.subject}", url_for("problem_solving.show", ref=flag.subject))
    return Behind(f"The plans of {flag.team_name}", url_for("problem_solving.index", team=flag.team_code))


def _behind_figures(flag: FlagRow, judged: dt.date) -> Behind:
    if flag.kind.job == "returns":
        return Behind(f"The returns of {flag.team_name}", url_for("returns.index", team=flag.team_code))
    first, last = _window(flag.kind, judged)
    href = url_for("abstractions.index", team=flag.team_code, first=first.isoformat(), last=last.isoformat())
    return Behind(f"The abstractions of {day(first)} to {day(last)}", href)


def _window(kind: FlagKind, judged: dt.date) -> tuple[dt.date, dt.date]:
    if kind is FlagKind.PROJECTED_OVER_ABSTRACTION:
        month = month_of(judged, zone())
        return month.first_day, month.last_day
    return judged - policy(judged - DAY).rolling_days * DAY, judged - DAY
