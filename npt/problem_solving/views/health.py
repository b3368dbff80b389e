"""How plans stand, by team."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, policy, today
from npt.problem_solving.queries import lists
from npt.problem_solving.rules.health import Health
from npt.problem_solving.views.lists import bp, health_lines
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file

HEADER = ("Team", "Team name", "Sector", "BCU", "Open plans", *(health.label for health in Health))


@bp.get("/health")
@requires(Permission.VIEW_PLANS)
def health() -> ResponseReturnValue:
    """How many open plans each team has, and how many of them somebody has to look at, and why."""
    found = lists.health_by_team(actor(), health_lines())
    if ending := request.args.get("format"):
        cells: list[tuple[Cell, ...]] = [
            (row.team_code, row.team_name, row.sector_name, row.bcu_name, row.plans, *row.unwell.values())
            for row in found
        ]
        return list_file(ending, f"health of plans {today()}", HEADER, cells)
    in_force = policy(today())
    return render_template(
        "problem_solving/health.html",
        rows=found,
        kinds=list(Health),
        days=in_force.plan_stale_days,
        stalled=in_force.plan_stalled_days,
        other=lambda **changed: this_page(without=("format",), **changed),
    )
