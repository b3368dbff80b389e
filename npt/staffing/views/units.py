"""Who is posted where: the posts, holders, vacancies and supervision behind the figures."""

import datetime as dt
from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, policy, today
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.staffing import queries
from npt.staffing.queries import PostRow
from npt.staffing.views import bp
from npt.web.access import requires
from npt.web.downloads import Cell, list_file


def _asked_day() -> dt.date:
    """The day in the address; today when there is none, or it is no day."""
    try:
        return dt.date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()


@bp.get("/")
@requires(Permission.VIEW_STAFFING)
def index() -> ResponseReturnValue:
    """Every team the actor may see."""
    return _units(people.teams(actor().scope), "Staffing", None)


@bp.get("/bcus/<code>")
@requires(Permission.VIEW_STAFFING)
def bcu(code: str) -> ResponseReturnValue:
    """Every team of one BCU."""
    unit = people.bcu(code, actor().scope)
    teams = [team for team in people.teams(actor().scope) if team.bcu_id == unit.id]
    return _units(teams, f"Staffing of {unit.name} BCU", code)


def _units(teams: Sequence[TeamRow], heading: str, code: str | None) -> ResponseReturnValue:
    on = _asked_day()
    live = [team for team in teams if team.live(on, on)]
    ids = {team.id for team in live}
    rows = queries.post_rows(on, policy(on), actor().scope, ids)
    supervision = queries.supervision_on(on, policy(on))
    if ending := request.args.get("format"):
        name = f"posts {code or ''} {on.isoformat()}"
        return list_file(ending, name, HEADER, _cells(rows, {team.id: team for team in live}))
    return render_template(
        "staffing/units.html",
        heading=heading,
        code=code,
        on=on,
        teams=live,
        posts={team.id: [row for row in rows if row.post.team_id == team.id] for team in live},
        supervision={found.team.id: found for found in supervision.teams},
        spans=queries.span_rows(supervision, ids),
        line=policy(on).span_line,
    )


@bp.get("/teams/<code>")
@requires(Permission.VIEW_STAFFING)
def team(code: str) -> ResponseReturnValue:
    """The posts of one team on a day, who holds them, what is vacant and who supervises."""
    unit = people.team(code, actor().scope)
    on = _asked_day()
    rows = queries.post_rows(on, policy(on), actor().scope, {unit.id})
    supervision = queries.supervision_on(on, policy(on))
    if ending := request.args.get("format"):
        return list_file(ending, f"posts {code} {on.isoformat()}", HEADER, _cells(rows, {unit.id: unit}))
    return render_template(
        "staffing/team.html",
        team=unit,
        on=on,
        rows=rows,
        found=next((found for found in supervision.teams if found.team.id == unit.id), None),
        spans=queries.span_rows(supervision, {unit.id}),
        line=policy(on).span_line,
    )


HEADER = ("Team", "Post", "Grade", "FTE", "Holder", "Held as", "Since", "Vacant since", "Days vacant", "Band")


def _cells(rows: Sequence[PostRow], teams: dict[int, TeamRow]) -> list[Sequence[Cell]]:
    return [
        [
            teams[row.post.team_id or 0].code,
            row.post.ref,
            row.post.grade.label,
            row.post.fte,
            "; ".join(holder.person.name for holder in row.holders),
            "; ".join(holder.kind.value for holder in row.holders),
            "; ".join(holder.since.isoformat() for holder in row.holders),
            row.vacancy.vacant_since if row.vacancy else None,
            row.vacancy.age_days if row.vacancy else None,
            row.vacancy.band.label if row.vacancy else None,
        ]
        for row in rows
    ]
