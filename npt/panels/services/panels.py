"""Create a panel, and change what it is called, whom it serves and how often it meets."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import EVERYTHING, Actor, Scope
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.panels import queries
from npt.panels.rules.panels import obstacles_to_code, obstacles_to_days
from npt.people import queries as people
from npt.people.models import Panel, PanelTeam
from npt.people.queries import TeamRow


@dataclass(frozen=True, slots=True)
class NewPanel:
    """A panel to be: its code, name and district, the team that leads it and the others it serves, by their codes.

    Without a cadence the force's policy says how far apart its meetings may lie.
    """

    code: str
    name: str
    district: str | None
    lead_team: str
    teams: Sequence[str]
    cadence_weeks: int | None
    first_day: dt.date


@dataclass(frozen=True, slots=True)
class ChangeOfPanel:
    """What a panel is called from now on, whom it serves, how often it meets, and its last day when it is to end."""

    name: str
    district: str | None
    teams: Sequence[str]
    cadence_weeks: int | None
    last_day: dt.date | None


def create_panel(new: NewPanel, *, actor: Actor, at: dt.datetime) -> Panel:
    """Create a panel that a team of the actor's leads.

    :raises Refused: when the code is taken or no code, or the lead team is not the actor's
    """
    db.lock_record("panels")
    reasons = [*obstacles_to_code(new.code)]
    if not reasons and people.code_is_taken(new.code):
        reasons.append(Reason("A BCU, sector, team or panel has this code. Enter another", "code"))
    lead = next((team for team in people.teams(actor.scope) if team.code == new.lead_team), None)
    if lead is None:
        reasons.append(Reason("Choose one of your own teams", "lead_team"))
    refuse_if_any(reasons)
    assert lead is not None  # noqa: S101 - refused above
    panel = Panel(
        code=new.code,
        name=new.name,
        district=new.district,
        lead_team_id=lead.id,
        cadence_weeks=new.cadence_weeks,
        first_day=new.first_day,
    )
    session.add(panel)
    session.flush()
    served = _serve(panel, _teams(new.teams, lead))
    told = {"lead_team": lead.code, "teams": served, "first_day": new.first_day, "cadence_weeks": new.cadence_weeks}
    audit.record("panel.created", f"panel:{new.code}", actor=actor, at=at, name=new.name, district=new.district, **told)
    return panel


def change_panel(code: str, change: ChangeOfPanel, *, actor: Actor, at: dt.datetime) -> bool:
    """Change a panel that a team of the actor's leads. Returns whether anything is different.

    :raises NoResultFound: when there is no such panel, or another team leads it
    :raises Refused: when it would end before it began
    """
    db.lock_record("panels")
    panel = queries.panel_row(code, actor.scope)
    refuse_if_any(obstacles_to_days(panel.first_day, change.last_day))
    lead = _lead(panel, actor.scope)
    before = _told(panel)
    panel.name, panel.district = change.name, change.district
    panel.cadence_weeks, panel.last_day = change.cadence_weeks, change.last_day
    _serve(panel, _teams(change.teams, lead))
    session.flush()
    after = _told(panel)
    differing = [name for name in after if before[name] != after[name]]
    if differing:
        audit.record(
            "panel.changed",
            f"panel:{code}",
            actor=actor,
            at=at,
            before={name: before[name] for name in differing},
            after={name: after[name] for name in differing},
        )
    return bool(differing)


def _lead(panel: Panel, scope: Scope) -> TeamRow:
    return people.team(panel.lead_team.code, scope)


def _teams(codes: Sequence[str], lead: TeamRow) -> dict[int, str]:
    """The teams of these codes and the lead team, by number. A panel may serve a team of another area."""
    wanted = {*codes, lead.code}
    found = {team.id: team.code for team in people.teams(EVERYTHING) if team.code in wanted}
    if len(found) < len(wanted):
        raise Refused(Reason("Choose teams from the list", "teams"))
    return found


def _serve(panel: Panel, teams: dict[int, str]) -> list[str]:
    rows = queries.served(panel.id)
    for row in rows:
        if row.team_id not in teams:
            session.delete(row)
    known = {row.team_id for row in rows}
    session.add_all(PanelTeam(panel_id=panel.id, team_id=team_id) for team_id in teams if team_id not in known)
    session.flush()
    return sorted(teams.values())


def _told(panel: Panel) -> dict[str, object]:
    return {
        "name": panel.name,
        "district": panel.district,
        "teams": sorted(row.team.code for row in queries.served(panel.id)),
        "cadence_weeks": panel.cadence_weeks,
        "last_day": panel.last_day,
    }
