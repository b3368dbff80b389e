"""How plans stand, by team, by sector or by supervisor."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, policy, today
from npt.problem_solving.queries.health import standing
from npt.problem_solving.rules.health import Health, HealthBy
from npt.problem_solving.views.lists import bp, health_lines
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file

_WITHIN = {HealthBy.TEAM: "Sector", HealthBy.SECTOR: "BCU"}


@bp.get("/health")
@requires(Permission.VIEW_PLANS)
def health() -> ResponseReturnValue:
    """How many open plans each team, sector or supervisor has, how many of them somebody has to look at, and why."""
    by = next((each for each in HealthBy if each == request.args.get("by")), HealthBy.TEAM)
    found, within = standing(actor(), health_lines(), by), _WITHIN.get(by)
    if ending := request.args.get("format"):
        header = ["Code", by.label, *([within] if within else []), "Open plans", *(each.label for each in Health)]
        cells: list[tuple[Cell, ...]] = [
            (row.code, row.name, *([row.within] if within else []), row.plans, *row.unwell.values()) for row in found
        ]
        return list_file(ending, f"health of plans by {by} {today()}", header, cells)
    in_force = policy(today())
    return render_template(
        "problem_solving/health.html",
        rows=found,
        kinds=list(Health),
        by=by,
        ways=list(HealthBy),
        within=within,
        days=in_force.plan_stale_days,
        stalled=in_force.plan_stalled_days,
        other=lambda **changed: this_page(without=("format",), **changed),
    )
