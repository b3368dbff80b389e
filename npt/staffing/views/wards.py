"""One ward: who may be asked for, whose it is, and who polices it."""

from collections.abc import Sequence
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.edge import actor, today
from npt.staffing import queries
from npt.staffing.queries import ContactRow
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.staffing.views.units import above, parts, structure, team_page
from npt.web.access import requires
from npt.web.downloads import Cell, list_file


@bp.get("/wards/<code>")
@requires(Permission.VIEW_STAFFING)
def ward(code: str) -> ResponseReturnValue:
    """A ward: its contacts, its team on a day with people, posts and figures, and every team it had and will have."""
    found = queries.ward(code, actor().scope)
    on = asked_day()
    contacts = queries.ward_records(code, on, actor().scope, today())
    if ending := request.args.get("format"):
        if request.args.get("list") == "contacts":
            rows = [_record(found.code, row) for row in contacts.records]
            return list_file(ending, f"contacts {code}", RECORDS, rows)
        header = ("Ward", "Team", "First day", "Last day")
        cells = [(found.code, each.team.code, each.first_day, each.last_day) for each in found.belonging]
        return list_file(ending, f"ward {code}", header, cells)
    team, scope = found.team_on(on), actor().scope
    crumbs: tuple[tuple[str, str, str], ...] = ((found.name, "", ""),)
    if team:
        own = "staffing.team" if scope.has_team(team.id) else ""
        crumbs = (*above(team), (team.name, own, team.code), *crumbs)
    known = structure()
    theirs = parts(known, team_page(known, team)) if team and scope.has_team(team.id) else {"on": on}
    return render_template(
        "staffing/ward.html",
        ward=found,
        contacts=contacts,
        today=today(),
        team=team,
        crumbs=crumbs,
        scope=scope,
        here=here,
        history=audit.history(f"ward:{code}", *(f"contact:{row.reference}" for row in contacts.records)),
        # The lists are the team's, and so are their files.
        team_files=partial(url_for, "staffing.team", code=team.code, on=on.isoformat()) if team else here,
        **theirs,
    )


RECORDS = ("Ward", "Collar number", "Name", "First day", "Last day", "Left")


def _record(ward_code: str, row: ContactRow) -> Sequence[Cell]:
    person = row.person
    name = f"{person.forename} {person.surname}"
    return [ward_code, person.collar_number, name, row.first_day, row.last_day, row.left]
