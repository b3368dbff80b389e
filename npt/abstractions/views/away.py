"""Away now: the live board of a BCU, who, where to, since when, and when they are due back."""

from collections.abc import Mapping, Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from npt.abstractions import queries
from npt.abstractions.forms import AwayForm
from npt.abstractions.queries import BoardRow
from npt.abstractions.views import bp
from npt.core.authority import Permission
from npt.edge import actor, now, today, zone
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.policy import queries as policies
from npt.policy.rules import ReasonBook
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file

HEADER = (
    "Ref",
    "Collar number",
    "Name",
    "Grade",
    "BCU",
    "Team",
    "Reason",
    "Where to",
    "Since",
    "Minutes away",
    "Due back",
    "Overdue since",
    "Authorisation",
)


@bp.get("/away")
@requires(Permission.VIEW_ABSTRACTIONS)
def away() -> ResponseReturnValue:
    """Everybody within scope who is away at this moment, longest first."""
    at, reasons = now(), policies.reason_book()
    everywhere = {team.id: team for team in people.teams(actor().scope) if team.live(today(), today())}
    form = _narrowed(everywhere)
    teams = {
        team_id: team
        for team_id, team in everywhere.items()
        if form.team.data in (None, team.code) and form.bcu.data in (None, team.bcu_code)
    }
    roll = people.roll(team_ids=teams)
    board = queries.board(queries.away_now(teams, at, today(), roll), at, zone())
    if ending := request.args.get("format"):
        return list_file(ending, "away now", HEADER, [_line(each, teams, reasons) for each in board])
    return render_template(
        "abstractions/away.html",
        form=form,
        teams=teams,
        board=board,
        overdue=sum(each.overdue_since is not None for each in board),
        reasons=reasons,
        now=at,
        address=this_page,
    )


def _narrowed(everywhere: Mapping[int, TeamRow]) -> AwayForm:
    """The BCU and team in the address. One that is not within scope does not exist (RULES section 9)."""
    form = AwayForm(formdata=request.args)
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in everywhere.values()}
    form.team.choices = {team.code: team.name for team in everywhere.values()}
    if not form.validate():
        abort(404)
    return form


def _line(each: BoardRow, teams: Mapping[int, TeamRow], reasons: ReasonBook) -> Sequence[Cell]:
    row = each.away
    team = teams[row.team_id]
    return [
        row.ref,
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.person.grade.label,
        team.bcu_code,
        team.code,
        reasons.label(row.reason),
        row.destination,
        row.since,
        each.minutes,
        row.until,
        each.overdue_since,
        row.authorisation.label,
    ]
