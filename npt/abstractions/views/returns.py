"""Monthly returns: the list, one with its story, confirm a month, open one again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, rules, services
from npt.abstractions.forms import ConfirmReturnForm, ReopenReturnForm, ReturnsForm
from npt.abstractions.queries import Change, Question, ReturnRow, TeamsMonth
from npt.abstractions.rules import ReturnKind, ReturnState
from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import Window, add_months, month_from, month_of
from npt.edge import actor, now, policy, today, transaction, zone
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.policy import queries as policies
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import event_words
from npt.web.forms.typed import EARLIEST

bp = Blueprint("returns", __name__, url_prefix="/returns")

SHOWN = 12
"""Months that the list shows side by side. A bound of the page, no figure of policy."""

HEADER = (
    "BCU",
    "Sector",
    "Team",
    "Name",
    "Month",
    "Return",
    "Due",
    "Days late",
    "Confirmed",
    "Confirmed by",
    "Minutes of duty",
    "Minutes abstracted",
    "Minutes off duty",
    "Entries",
    "Times opened again",
    "Opened again because",
    "Changed after the return",
)
CHANGES = ("When", "Who", "What", "Ref", "Collar number", "Name", "Why", "Month stood confirmed")


@dataclass(frozen=True)
class Listed:
    """The teams and months a list shows, and the return of each."""

    form: ReturnsForm
    months: Sequence[Window]
    rows: Mapping[TeamRow, Sequence[ReturnRow]]

    @property
    def every(self) -> list[ReturnRow]:
        return [row for rows in self.rows.values() for row in rows]


@bp.get("/")
@requires(Permission.VIEW_ABSTRACTIONS)
def index() -> ResponseReturnValue:
    """The returns of every team within scope, month by month."""
    listed = _listed()
    if ending := request.args.get("format"):
        return list_file(ending, "monthly returns", HEADER, [_cells(row) for row in listed.every])
    last = listed.months[-1].first_day
    newest = add_months(today().replace(day=1), -1)
    return render_template(
        "returns/index.html",
        form=listed.form,
        listed=listed,
        earlier=_to(add_months(last, -SHOWN)) if last.year > EARLIEST + 1 else None,
        later=_to(min(add_months(last, SHOWN), newest)) if last < newest else None,
        address=this_page,
    )


def _to(month: dt.date) -> str:
    return this_page(without=("format",), to=f"{month:%Y-%m}")


def _listed() -> Listed:
    everywhere = people.teams(actor().scope)
    form = ReturnsForm(formdata=request.args)
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in everywhere}
    form.sector.choices = {team.sector_code: team.sector_name for team in everywhere}
    form.team.choices = {team.code: team.name for team in everywhere}
    if not form.validate():
        abort(404)
    newest = add_months(today().replace(day=1), -1)
    last = _asked_month(newest)
    months = [month_of(add_months(last, -back), zone()) for back in range(SHOWN - 1, -1, -1)]
    teams = [
        team
        for team in everywhere
        if form.bcu.data in (None, team.bcu_code)
        and form.sector.data in (None, team.sector_code)
        and form.team.data in (None, team.code)
        and team.live(months[0].first_day, months[-1].last_day)
    ]
    rows: dict[TeamRow, list[ReturnRow]] = {team: [] for team in teams}
    for row in queries.returns(teams, months, on=today(), policy=policy(today())):
        rows[row.team].append(row)
    return Listed(form, months, rows)


def _asked_month(newest: dt.date) -> dt.date:
    """The last month asked for; the newest that is over when that is none, or is to come, or far too early."""
    asked = month_from(request.args.get("to", "")) or newest
    return asked if asked.year > EARLIEST and asked < newest else newest


def _cells(row: ReturnRow) -> Sequence[Cell]:
    newest = row.newest if row.newest and row.newest.stands else None
    figures = newest.figures if newest else None
    return [
        row.team.bcu_code,
        row.team.sector_code,
        row.team.code,
        row.team.name,
        f"{row.month.first_day:%Y-%m}",
        row.standing.state.label,
        row.standing.due_on,
        row.standing.days_late or None,
        newest.at if newest else None,
        newest.by if newest else None,
        figures.duty_minutes if figures else None,
        figures.abstracted_minutes if figures else None,
        figures.off_duty_minutes if figures else None,
        figures.entries if figures else None,
        row.reopened,
        "; ".join(each.reopen_reason or "" for each in row.confirmations if not each.stands),
        row.changes,
    ]


def _month(text: str) -> Window:
    return month_of(month_from(text) or abort(404), zone())


def _return(team: TeamRow, month: Window) -> ReturnRow:
    [row] = queries.returns([team], [month], on=today(), policy=policy(today()))
    return row


def _question(month: Window) -> Question:
    return Question(month, now(), policy(month.last_day), policies.reason_book())


@bp.get("/<code>")
@requires(Permission.CONFIRM_RETURN)
def oldest(code: str) -> ResponseReturnValue:
    """Lead to the oldest month of a team that somebody has to confirm; without one, to its returns."""
    team = people.team(code, actor().scope)
    wanted = queries.wanted_of([team], on=today(), policy=policy(today()), zone=zone())
    if not wanted:
        return redirect(url_for("returns.index", team=code))
    return redirect(url_for("returns.confirm", code=code, month=f"{wanted[0].month.first_day:%Y-%m}"))


@bp.get("/<code>/<month>")
@requires(Permission.VIEW_ABSTRACTIONS)
def show(code: str, month: str) -> ResponseReturnValue:
    """One return: every time it was confirmed, its figures then and now, and what was changed after."""
    team, window = people.team(code, actor().scope), _month(month)
    changes = queries.changes(team.id, window.first_day)
    if ending := request.args.get("format"):
        return list_file(ending, f"changed after the return {code} {month}", CHANGES, [_change(c) for c in changes])
    row = _return(team, window)
    over = row.standing.state is not ReturnState.NOT_OVER
    return render_template(
        "returns/show.html",
        row=row,
        team=team,
        month=window,
        now_stands=queries.teams_month(team, _question(window)).figures if over else None,
        changes=changes,
        list_address=_list_address(team, window),
        history=audit.history(services.subject_of(team, window)),
        over=over,
        at=now(),
        address=this_page,
    )


def _change(change: Change) -> Sequence[Cell]:
    who = change.person
    return [
        change.at,
        change.actor,
        event_words(change.event),
        change.ref,
        who.collar_number,
        f"{who.forename} {who.surname}",
        change.because if may_read(change) else None,
        change.stood,
    ]


def may_read(change: Change) -> bool:
    """Whether the actor may read why: of an absence it may say what kind it is."""
    return change.kind != "absence" or actor().may(Permission.VIEW_ABSENCE_KINDS)


def _list_address(team: TeamRow, month: Window) -> Mapping[str, str]:
    """What a link to the entries or duties of the month carries."""
    return {"team": team.code, "first": month.first_day.isoformat(), "last": month.last_day.isoformat()}


@bp.route("/<code>/<month>/confirm", methods=["GET", "POST"])
@requires(Permission.CONFIRM_RETURN)
def confirm(code: str, month: str) -> ResponseReturnValue:
    """Look at a team's month and confirm it: complete, or nil."""
    team, window = people.team(code, actor().scope), _month(month)
    row = _return(team, window)
    form = ConfirmReturnForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.confirm_month(
                    code,
                    _question(window),
                    form.kind.data,
                    seen=form.seen.data or "",
                    actor=actor(),
                    at=now(),
                    policy=policy(today()),
                )
        except Refused as refusal:
            form.refuse(refusal)
            row = _return(team, window)
        else:
            said = "as nil" if form.kind.data is ReturnKind.NIL else "as complete"
            href = url_for("returns.show", code=code, month=month)
            say(f"Confirmed: {window.first_day:%B %Y} of {team.name}, {said}.", href)
            return redirect(url_for("home.index"))
    over = row.standing.state is not ReturnState.NOT_OVER
    found = queries.teams_month(team, _question(window)) if over else None
    if found is not None:
        form.seen.data = found.mark
    return render_template(
        "returns/confirm.html",
        form=form,
        row=row,
        team=team,
        month=window,
        found=found,
        obstacles=_obstacles(row, found),
        reasons=policies.reason_book(),
        list_address=_list_address(team, window),
        at=now(),
    )


def _likely(found: TeamsMonth) -> ReturnKind | None:
    """The only one that can be right: nil without any entry, complete with one that counts; else nothing."""
    if not found.seen.entries:
        return ReturnKind.NIL
    return ReturnKind.COMPLETE if found.seen.counting else None


def _obstacles(row: ReturnRow, found: TeamsMonth | None) -> list[str]:
    """What stands in the way of confirming, whichever way."""
    kind = _likely(found) if found else None
    seen = found.seen if found else rules.MonthSeen(0, 0, ())
    live = row.team.live(row.month.first_day, row.month.last_day)
    listed = rules.obstacles_to_confirming(
        row.month, kind or ReturnKind.COMPLETE, seen, at=now(), live=live, standing_by=row.standing_by
    )
    return [reason.message for reason in listed]


@bp.route("/<code>/<month>/reopen", methods=["GET", "POST"])
@requires(Permission.CORRECT_CONFIRMED)
def reopen(code: str, month: str) -> ResponseReturnValue:
    """Open a confirmed month again, with a reason."""
    team, window = people.team(code, actor().scope), _month(month)
    form = ReopenReturnForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.reopen_month(code, window, reason=form.reason.data or "", actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Opened again: {window.first_day:%B %Y} of {team.name}. Its sergeant can put it right and confirm it.")
            return redirect(url_for("returns.show", code=code, month=month))
    return render_template("returns/reopen.html", form=form, row=_return(team, window), team=team, month=window)
