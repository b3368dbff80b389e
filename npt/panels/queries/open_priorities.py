"""The priorities that were open on a day, each under one team of those asked for. One statement."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select

from npt.core.db import among, session
from npt.core.periods import DAY, local_day, midnight
from npt.panels.models import Meeting, Priority, PriorityEvent
from npt.panels.queries.asked import shown_under
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


# The tables and not the classes, as for the facts of a month: a BCU's month has little time for this one.
_PRIORITIES, _PANELS, _PLANS = Priority.__table__, Panel.__table__, Plan.__table__
_SERVED, _MEETINGS, _STEPS = PanelTeam.__table__, Meeting.__table__, PriorityEvent.__table__
_EARLIER, _LATER = _STEPS.alias(), _STEPS.alias()
_MOMENT = bindparam("ends", type_=_MEETINGS.c.starts_at.type)
_LAST = (
    select(_EARLIER.c.kind)
    .where(_EARLIER.c.priority_id == _PRIORITIES.c.id, _EARLIER.c.kind.in_(_SETTLES), _EARLIER.c.at < _MOMENT)
    .order_by(_EARLIER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_SINCE = select(_LATER.c.id).where(
    _LATER.c.priority_id == _PRIORITIES.c.id, _LATER.c.kind.in_(_SETTLES), _LATER.c.at >= _MOMENT
)
_OPEN = (
    select(
        *(_PRIORITIES.c[name] for name in ("id", "ref", "title", "state")),
        *(_PANELS.c[name] for name in ("code", "name", "lead_team_id")),
        _SERVED.c.team_id,
        _PLANS.c.team_id,
        _MEETINGS.c.starts_at,
        _LAST,
    )
    .select_from(_PRIORITIES)
    .join(_PANELS, _PANELS.c.id == _PRIORITIES.c.panel_id)
    .join(_SERVED, _SERVED.c.panel_id == _PANELS.c.id)
    .join(_MEETINGS, _MEETINGS.c.id == _PRIORITIES.c.adopted_at_id)
    .outerjoin(_PLANS, _PLANS.c.id == _PRIORITIES.c.plan_id)
    # What is over, and was over then, is not read: a force has years of it.
    .where(or_(_PRIORITIES.c.state.in_(CURRENT), _SINCE.exists()))
    .where(among(_SERVED.c.team_id, "teams"), _MEETINGS.c.starts_at < _MOMENT)
    .order_by(func.lower(_PANELS.c.name), _PANELS.c.id, _PRIORITIES.c.title, _PRIORITIES.c.id, _SERVED.c.team_id)
)


def open_priorities(team_ids: Collection[int], on: dt.date, zone: ZoneInfo) -> list[OpenPriority]:
    """What panels asked of some teams at the end of a day (RULES section 5), by panel and title.

    Each once, as ``asked_of_teams`` has it: under the team whose plan answers it, else under the team that leads its
    panel, else under another. Adopted is what a meeting of that day or before adopted; the last step up to then that
    signs off, withdraws or reopens says whether it was open. Whoever may see a team sees the panels that serve it.
    """
    asked = {"ends": midnight(on + DAY, zone), "teams": team_ids}
    rows: Sequence[Any] = session.execute(_OPEN, asked).all()
    served: dict[int, list[int]] = {}
    found: dict[int, OpenPriority] = {}
    for id, ref, title, state, code, name, lead_id, team_id, plan_team_id, adopted_at, step in rows:
        if step in _ENDS:
            continue
        served.setdefault(id, []).append(team_id)
        under = shown_under(served[id], plan_team_id, lead_id)
        found[id] = OpenPriority(id, ref, title, state, under, code, name, local_day(adopted_at, zone))
    return list(found.values())
