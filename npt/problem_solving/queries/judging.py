"""Read every open plan as the nightly check judges it."""

import datetime as dt
from collections import defaultdict
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from npt.core.db import session
from npt.core.periods import local_day, midnight
from npt.people.models import Team
from npt.problem_solving.models import Plan, PlanAction
from npt.problem_solving.rules.findings import Assessed


def assessed(on: dt.date, zone: ZoneInfo) -> list[Assessed]:
    """Every plan of the force that is open at the start of a day, with what is due of it then."""
    start = midnight(on, zone)
    is_open = (Plan.opened_at < start) & or_(Plan.closed_at.is_(None), Plan.closed_at >= start)
    due = defaultdict(list)
    undone = or_(PlanAction.done_on.is_(None), PlanAction.done_on >= on)
    kept = or_(PlanAction.cancelled_on.is_(None), PlanAction.cancelled_on >= on)
    late = select(PlanAction.plan_id, PlanAction.due_on).join(Plan, Plan.id == PlanAction.plan_id)
    for plan_id, day in session.execute(late.where(is_open, undone, kept, PlanAction.due_on < on)):
        due[plan_id].append(day)
    rows = session.execute(
        select(Plan.id, Plan.ref, Plan.team_id, Team.name, Plan.last_update_at)
        .join(Team, Team.id == Plan.team_id)
        .where(is_open)
    )
    return [
        Assessed(ref, team_id, name, local_day(updated, zone), tuple(due[id]))
        for id, ref, team_id, name, updated in rows
    ]
