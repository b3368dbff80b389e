"""What panels ask of some teams today, as the teams' own home shows it. One statement."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from npt.core.authority import Scope
from npt.core.db import session
from npt.panels.models import Meeting, Priority
from npt.panels.rules.vocabulary import CURRENT, MeetingStatus, PriorityState
from npt.people.models import Panel, PanelTeam
from npt.problem_solving.models import Plan
from npt.problem_solving.rules.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A priority a panel has adopted and nobody has answered yet: how far its plan is, and when the panel meets next.

    ``team_id``: the team it is shown under, of those asked for. Without a plan there is no stage and no update.
    """

    id: int
    title: str
    state: PriorityState
    team_id: int
    panel_code: str
    panel_name: str
    stage: Stage | None
    updated_at: dt.datetime | None
    next_meeting_id: int | None
    next_meeting_at: dt.datetime | None


_COMING = aliased(Meeting)
_FOLLOWING = (
    select(_COMING.id)
    .where(
        _COMING.panel_id == Panel.id,
        _COMING.status == MeetingStatus.PLANNED,
        _COMING.starts_at > bindparam("at", type_=Meeting.starts_at.type),
    )
    .order_by(_COMING.starts_at)
    .limit(1)
    .scalar_subquery()
)
# Made once, and of columns: My team, which has two minutes of somebody's time, asks it every time.
_ASKED = (
    select(
        Priority.id,
        Priority.title,
        Priority.state,
        Panel.code,
        Panel.name,
        Panel.lead_team_id,
        PanelTeam.team_id,
        Plan.team_id,
        Plan.stage,
        Plan.last_update_at,
        Meeting.id,
        Meeting.starts_at,
    )
    .join(Panel, Panel.id == Priority.panel_id)
    .join(PanelTeam, PanelTeam.panel_id == Panel.id)
    .outerjoin(Plan, Plan.id == Priority.plan_id)
    .outerjoin(Meeting, Meeting.id == _FOLLOWING)
    .where(PanelTeam.team_id.in_(bindparam("teams", expanding=True)), Priority.state.in_(CURRENT))
    .order_by(func.lower(Panel.name), Panel.id, Priority.title, Priority.id, PanelTeam.team_id)
)


def asked_of_teams(team_ids: Collection[int], scope: Scope, at: dt.datetime) -> list[AskedLine]:
    """The priorities that panels ask of some teams at a moment, by panel and title.

    Each once: under the team whose plan answers it, else under the team that leads its panel, else under another.
    Whoever may see a team sees the panels that serve it.
    """
    seen = [team_id for team_id in team_ids if scope.has_team(team_id)]
    rows = session.execute(_ASKED, {"at": at, "teams": seen}).all()
    served: dict[int, list[int]] = {}
    found: dict[int, AskedLine] = {}
    for id, title, state, code, name, lead_id, team_id, plan_team_id, stage, updated_at, meeting_id, meets_at in rows:
        served.setdefault(id, []).append(team_id)
        under = shown_under(served[id], plan_team_id, lead_id)
        found[id] = AskedLine(id, title, state, under, code, name, stage, updated_at, meeting_id, meets_at)
    return list(found.values())


def shown_under(served: Sequence[int], plan_team_id: int | None, lead_team_id: int) -> int:
    """The one team a priority is shown under: that of its plan, else the one that leads its panel, else the first."""
    for team_id in (plan_team_id, lead_team_id):
        if team_id is not None and team_id in served:
            return team_id
    return served[0]
