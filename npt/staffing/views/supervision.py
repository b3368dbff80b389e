"""Who supervises whom, how many, and what a sergeant more, elsewhere or fewer would do to it."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, policy, today
from npt.staffing import queries
from npt.staffing.forms.supervision import WhatIfForm
from npt.staffing.queries import CommandRow, CoverRow, Imagined, SergeantRow, Structure, SupervisionPage, TeamSpan
from npt.staffing.rules.what_if import WhatIf
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.web.access import requires
from npt.web.charts import Point
from npt.web.downloads import Cell, list_file

SERGEANTS = ("Collar number", "Name", "Teams", "Span", "Over the line", "Covers", "Since", "Days", "Because of post")
TEAMS = ("Team", "Sector", "BCU", "PCs and PCSOs", "Supervisors", "By cover alone", "Ratio", "No supervisor")
AREAS = ("Area", "Sergeants", "PCs and PCSOs", "Ratio")
COVERS = ("Collar number", "Name", "Team covered", "From", "To", "Because of post", "Reason")
COMMANDS = ("Sector", "Inspectors", "Sergeants", "Ratio", "No inspector")


@bp.get("/supervision")
@requires(Permission.VIEW_STAFFING)
def supervision() -> ResponseReturnValue:
    """Every sergeant's span on a day, and the teams that have none."""
    on = asked_day()
    found = queries.structure_on(on, policy(on), actor().scope, today())
    page = queries.supervision_page(found)
    if ending := request.args.get("format"):
        return _file(ending, page, f"{on}")
    form = WhatIfForm(formdata=request.args)
    form.person.choices = {row.person.collar_number: row.person.name for row in page.sergeants}
    form.team.choices = {team.code: team.name for team in found.teams}
    return render_template(
        "staffing/supervision.html",
        page=page,
        on=on,
        line=found.policy.span_line,
        points=[Point(row.person.name, row.span.span) for row in page.sergeants],
        form=form,
        imagined=_imagined(form, found, page),
        scope=actor().scope,
        may_open=found.open,
        here=here,
    )


def _imagined(form: WhatIfForm, found: Structure, page: SupervisionPage) -> Imagined | None:
    """What the change asked about would do; nothing when none is asked about, or not enough is said of it."""
    if not form.validate() or form.change.data is None:
        return None
    asked = WhatIf(
        form.change.data,
        next((team.id for team in found.teams if team.code == form.team.data), None),
        next((row.person.id for row in page.sergeants if row.person.collar_number == form.person.data), None),
    )
    return queries.imagine(found, asked)


def _file(ending: str, page: SupervisionPage, on: str) -> ResponseReturnValue:
    match request.args.get("list", "sergeants"):
        case "teams":
            return list_file(ending, f"teams {on}", TEAMS, [_team(row) for row in page.teams])
        case "ratios":
            areas: list[Sequence[Cell]] = [(b.name, a.sergeants, a.staff, a.ratio) for b, a in page.bcus]
            force = page.force
            return list_file(
                ending, f"ratios {on}", AREAS, [*areas, ("Force", force.sergeants, force.staff, force.ratio)]
            )
        case "cover":
            return list_file(ending, f"cover {on}", COVERS, [_cover(row) for row in page.covers])
        case "inspectors":
            return list_file(ending, f"inspectors {on}", COMMANDS, [_command(row) for row in page.commands])
        case _:
            return list_file(ending, f"spans {on}", SERGEANTS, [_sergeant(row) for row in page.sergeants])


def _sergeant(row: SergeantRow) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        "; ".join(team.code for team in row.span.teams),
        row.span.span,
        row.span.over_line,
        "; ".join(each.code for each in row.covered),
        "; ".join(each.since.isoformat() for each in row.covered),
        "; ".join(str(each.days) for each in row.covered),
        "; ".join(each.vacancy.post.ref if each.vacancy else "none vacant" for each in row.covered),
    ]


def _team(row: TeamSpan) -> Sequence[Cell]:
    return [
        row.team.code,
        row.team.sector_code,
        row.team.bcu_code,
        row.supervision.staff,
        len(row.supervision.supervisor_ids),
        len(row.supervision.covering),
        row.ratio,
        row.supervision.no_supervisor,
    ]


def _cover(row: CoverRow) -> Sequence[Cell]:
    name = f"{row.person.forename} {row.person.surname}"
    return [row.person.collar_number, name, row.team_code, row.first_day, row.last_day, row.post_ref, row.reason]


def _command(row: CommandRow) -> Sequence[Cell]:
    return [
        row.sector.code,
        "; ".join(person.name for person in row.inspectors),
        row.command.sergeants,
        row.command.ratio,
        row.command.no_inspector,
    ]
