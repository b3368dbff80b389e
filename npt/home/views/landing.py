"""The first page after signing in: for each role the one it needs most."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission, Role
from npt.edge import actor
from npt.home.views import bp
from npt.home.views.administration import administration
from npt.home.views.my_team import my_teams
from npt.home.views.own import own_page
from npt.panels import queries
from npt.web.access import Open, requires


@dataclass(frozen=True, slots=True)
class Door:
    """A page somebody may open from their home, and what it is for."""

    endpoint: str
    label: str
    purpose: str
    permission: Permission


DOORS = (
    Door("reports.index", "BCU month", "Staffing, abstraction and supervision of each BCU", Permission.VIEW_BCU_MONTH),
    Door("abstractions.figures", "Figures", "Abstraction of any unit, over any days", Permission.VIEW_ABSTRACTIONS),
    Door(
        "abstractions.index", "Abstractions", "Every entry that the figures are made of", Permission.VIEW_ABSTRACTIONS
    ),
    Door("abstractions.quality", "Data quality", "How far the entries can be relied on", Permission.VIEW_ABSTRACTIONS),
    Door("abstractions.dip_samples", "Dip-samples", "Entries drawn to be checked", Permission.VIEW_DIP_SAMPLES),
    Door("policy.index", "Policy", "Reasons, targets and rules, and changes to come", Permission.VIEW_POLICY),
    Door("staffing.index", "Staffing", "Posts, holders, vacancies and spans on any day", Permission.VIEW_STAFFING),
    Door("panels.index", "Panels", "Chairs, meetings and priorities", Permission.VIEW_PANELS),
    Door("problem_solving.index", "Plans", "Problems, what was done, and whether it worked", Permission.VIEW_PLANS),
    Door("crime.index", "Crime", "Recorded crime and anti-social behaviour, by ward and team", Permission.VIEW_CRIME),
    Door("flags.index", "Flags", "What the nightly checks found", Permission.VIEW_FLAGS),
)

NO_PANEL = "You have no panel yet. Ask whoever invited you: the administrator adds it to your sign-in."


@bp.get("/")
@requires(Open.SIGNED_IN)
def index() -> ResponseReturnValue:
    """Lead each person to what they need first."""
    return HOMES.get(actor().role, landing)()


def landing() -> ResponseReturnValue:
    """What this person may open."""
    return _doors()


def _doors(missing: str = "") -> ResponseReturnValue:
    doors = [door for door in DOORS if actor().may(door.permission)]
    return render_template("home/landing.html", doors=doors, missing=missing)


def _own_panel() -> ResponseReturnValue:
    """A chair's own panel; of several, the list."""
    panels = queries.codes_of(actor().scope)
    if not panels:
        return _doors(NO_PANEL)
    address = url_for("panels.show", code=panels[0]) if len(panels) == 1 else url_for("panels.index")
    return redirect(address)


def _briefing() -> ResponseReturnValue:
    """What a response officer is to know: the page of their BCU; of several, the list."""
    return redirect(url_for("briefing.index"))


def _bcu_month() -> ResponseReturnValue:
    return redirect(url_for("reports.index"))


def _own_actions() -> ResponseReturnValue:
    return redirect(url_for("partners.mine"))


HOMES: Mapping[Role, Callable[[], ResponseReturnValue]] = {
    Role.SERGEANT: my_teams,
    Role.INSPECTOR: my_teams,
    Role.PC: own_page,
    Role.BCU_MANAGER: _bcu_month,
    Role.ADMINISTRATOR: administration,
    Role.CHAIR: _own_panel,
    Role.RESPONDER: _briefing,
    Role.PARTNER: _own_actions,
}
