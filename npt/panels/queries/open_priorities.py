"""The priorities that were open on a day, each under one team of those asked for. One statement."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import DAY, local_day, midnight
from npt.panels.models import Meeting, Priority, PriorityEvent
from npt.panels.queries.asked import shown_under
from npt.panels.queries.panels import visible
from npt.panels.rules.vocabulary import CURRENT, EventKind, PriorityState
from npt.people.models import Panel, PanelTeam
from npt.problem_solving.models import Plan

_ENDS = (EventKind.SIGNED_OFF, EventKind.WITHDRAWN)
_SETTLES = (*_ENDS, EventKind.REOPENED)


@dataclass(frozen=True, slots=True)
class OpenPriority:
    """A priority a panel had adopted by a day, and that was neither signed off nor withdrawn by the end of it.

    ``state`` is where it stands now; ``team_id`` the team it is shown under, of those asked for.
    """

    id: int
    ref: str
    title: str
    state: PriorityState
    team_id: int
    panel_code: str
    panel_name: str
    adopted_on: dt.date


def open_priorities(team_ids: Collection[int], scope: Scope, on: dt.date, zone: ZoneInfo) -> list[OpenPriority]:
    """What panels asked of some teams at the end of a day (RULES section 5), by panel and title.

    Each once, as ``asked_of_teams`` has it: under the team whose plan answers it, else under the team that leads its
    panel, else under another. Adopted is what a meeting of that day or before adopted; the last step up to then that
    signs off, withdraws or reopens says whether it was open.
    """
    ends = midnight(on + DAY, zone)
    earlier, later = aliased(PriorityEvent), aliased(PriorityEvent)
    last = (
        select(func.max(earlier.id))
        .where(earlier.priority_id == Priority.id, earlier.kind.in_(_SETTLES), earlier.at < ends)
        .scalar_subquery()
    )
    since = select(later.id).where(later.priority_id == Priority.id, later.kind.in_(_SETTLES), later.at >= ends)
    rows: Sequence[Any] = session.execute(
        select(
            *(Priority.id, Priority.ref, Priority.title, Priority.state),
            *(Panel.code, Panel.name, Panel.lead_team_id, PanelTeam.team_id, Plan.team_id),
            *(Meeting.starts_at, PriorityEvent.kind),
        )
        .join(Panel, Panel.id == Priority.panel_id)
        .join(PanelTeam, PanelTeam.panel_id == Panel.id)
        .join(Meeting, Meeting.id == Priority.adopted_at_id)
        .outerjoin(Plan, Plan.id == Priority.plan_id)
        .outerjoin(PriorityEvent, PriorityEvent.id == last)
        # What is over, and was over then, is not read: a force has years of it.
        .where(or_(Priority.state.in_(CURRENT), since.exists()))
        .where(visible(scope), PanelTeam.team_id.in_(team_ids), Meeting.starts_at < ends)
        .order_by(func.lower(Panel.name), Panel.id, Priority.title, Priority.id, PanelTeam.team_id)
    ).all()
    served: dict[int, list[int]] = {}
    found: dict[int, OpenPriority] = {}
    for id, ref, title, state, code, name, lead_id, team_id, plan_team_id, adopted_at, step in rows:
        if step in _ENDS:
            continue
        served.setdefault(id, []).append(team_id)
        under = shown_under(served[id], plan_team_id, lead_id)
        found[id] = OpenPriority(id, ref, title, state, under, code, name, local_day(adopted_at, zone))
    return list(found.values())
