"""On duty now and next, team by team."""

from collections.abc import Iterator, Mapping, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.abstractions import queries
from npt.abstractions.queries import Attendance, Present
from npt.abstractions.views.rostering import bp
from npt.core.authority import Permission
from npt.edge import actor, now, today, zone
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.policy import queries as policies
from npt.web.access import requires
from npt.web.downloads import Cell, list_file

HEADER = ("Team", "How", "Collar number", "Name", "Grade", "From", "Until")


@bp.get("/now", endpoint="now")
@requires(Permission.VIEW_TEAM)
def on_duty_now() -> ResponseReturnValue:
    """Who of each team is on duty now, net of absence and abstraction, until when, and who is on next."""
    at = now()
    everywhere = [team for team in people.teams(actor().scope) if team.live(today(), today())]
    wanted = request.args.get("team", "")
    teams = [team for team in everywhere if wanted in ("", team.code)]
    found = queries.attendance([team.id for team in teams], at, zone())
    if ending := request.args.get("format"):
        return list_file(ending, "on duty", HEADER, list(_cells(teams, found)))
    return render_template(
        "duties/now.html",
        teams=teams,
        everywhere=everywhere,
        wanted=wanted,
        found=found,
        at=at,
        reasons=policies.reason_book(),
    )


def _cells(teams: Sequence[TeamRow], found: Mapping[int, Attendance]) -> Iterator[Sequence[Cell]]:
    for team in teams:
        there = found[team.id]
        for how, rows in (
            ("On duty", there.on_duty),
            ("Away on duty", there.away),
            ("Rostered, absent", there.absent),
            ("On next", there.next),
        ):
            for row in rows:
                yield _line(team, how, row)


def _line(team: TeamRow, how: str, row: Present) -> Sequence[Cell]:
    who = row.person
    return [
        team.code,
        how,
        who.collar_number,
        f"{who.forename} {who.surname}",
        who.grade.label,
        row.starts_at.astimezone(zone()),
        row.ends_at.astimezone(zone()),
    ]
