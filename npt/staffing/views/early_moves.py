"""Who moved before the time they were expected to stay."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.core.authority import Permission
from npt.core.periods import DAY, Period, add_months
from npt.edge import actor, policy, today
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.staffing import queries
from npt.staffing.forms.early_moves import EarlyMovesForm
from npt.staffing.queries import EarlyMoveRow
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.web.access import requires
from npt.web.downloads import Cell, list_file

HEADER = (
    "Collar number",
    "Name",
    "Grade",
    "Team",
    "Sector",
    "BCU",
    "Since",
    "Last day",
    "Expected until",
    "Why",
    "Then",
)


@bp.get("/early-moves")
@requires(Permission.VIEW_STAFFING)
def early_moves() -> ResponseReturnValue:
    """Sergeants and PCs who left a team early between two days, with the reason; judged by the policy of the last."""
    on = asked_day()
    year = Period(add_months(on, -12) + DAY, on)
    form = _form(year)
    days = form.days(year)
    last_day = days.last_day or on
    found = queries.structure_on(last_day, policy(last_day), actor().scope, today())
    rows = queries.early_moves(found, days, lambda team: _asked(form, team))
    if ending := request.args.get("format"):
        name = f"early moves {days.first_day} {last_day}"
        return list_file(ending, name, HEADER, [_cells(row) for row in rows])
    return render_template(
        "staffing/early_moves.html",
        form=form,
        rows=rows,
        days=days,
        months=found.policy.tenure_months,
        scope=actor().scope,
        here=here,
    )


def _form(year: Period) -> EarlyMovesForm:
    given = MultiDict(request.args)
    for name, usual in (("first", year.first_day), ("last", year.last_day)):
        if name not in given and usual is not None:
            given[name] = usual.isoformat()
    form = EarlyMovesForm(formdata=given)
    teams = people.teams(actor().scope)
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.sector.choices = {team.sector_code: team.sector_name for team in teams}
    form.team.choices = {team.code: team.name for team in teams}
    return form


def _asked(form: EarlyMovesForm, team: TeamRow) -> bool:
    return (
        form.bcu.data in (None, team.bcu_code)
        and form.sector.data in (None, team.sector_code)
        and form.team.data in (None, team.code)
    )


def _cells(row: EarlyMoveRow) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.tenure.grade.label,
        row.team.code,
        row.team.sector_code,
        row.team.bcu_code,
        row.tenure.first_day,
        row.last_day,
        row.expected_until,
        row.why,
        row.to,
    ]
