"""One entry, with everything known of it and its history."""

from flask import render_template
from flask.typing import ResponseReturnValue

from npt.abstractions import queries
from npt.abstractions.views import bp
from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.edge import actor, now, zone
from npt.people import queries as people
from npt.policy import queries as policy
from npt.web.access import requires


@bp.get("/entries/<ref>")
@requires(Permission.VIEW_ABSTRACTIONS)
def show(ref: str) -> ResponseReturnValue:
    """One abstraction."""
    entry = queries.entry(ref, actor().scope, zone())
    may_read, draws = actor().may(Permission.VIEW_DIP_SAMPLES), actor().may(Permission.DRAW_DIP_SAMPLES)
    teams = {team.id: team for team in people.teams(actor().scope)}
    return render_template(
        "abstractions/show.html",
        entry=entry,
        team=teams.get(entry.team_id or 0),
        reasons=policy.reason_book(),
        now=now(),
        found=queries.found_of(entry.id, actor().scope, open_too=draws) if may_read else [],
        history=audit.history(f"abstraction:{ref}"),
        changes=queries.changes_about(f"abstraction:{ref}"),
    )
