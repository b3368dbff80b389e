"""Keep the lists of priorities, and say which of them a plan serves."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import delete

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.problem_solving.models import PartnershipPriority, PlanTag
from npt.problem_solving.queries import priorities as queries
from npt.problem_solving.rules.priorities import PriorityList, obstacles_to_ending, obstacles_to_priority
from npt.problem_solving.services.keeping import changeable


@dataclass(frozen=True, slots=True)
class NewPriority:
    """A priority that plans can serve, from a first day."""

    list: PriorityList
    name: str
    first_day: dt.date
    last_day: dt.date | None = None


def add_priority(new: NewPriority, *, actor: Actor, at: dt.datetime) -> int:
    """Put a priority on a list. Returns its number.

    :raises Refused: when its days are out of order, or it is there already
    """
    refuse_if_any([*obstacles_to_priority(new.name, new.first_day, new.last_day)])
    row = PartnershipPriority(**asdict(new))
    session.add(row)
    session.flush()
    audit.record("partnership_priority.added", f"partnership_priority:{row.id}", actor=actor, at=at, **asdict(new))
    return row.id


def end_priority(priority_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> None:
    """End a priority with a day. Plans keep it; no more are tagged with it afterwards.

    :raises NoResultFound: when there is none
    :raises Refused: when it has ended, or would end before it began
    """
    row = queries.priority_to_change(priority_id)
    refuse_if_any([*obstacles_to_ending(row.first_day, row.last_day, last_day)])
    row.last_day = last_day
    audit.record(
        "partnership_priority.ended", f"partnership_priority:{priority_id}", actor=actor, at=at, last_day=last_day
    )


def tag_plan(ref: str, wanted: Collection[int], *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Say which priorities a plan serves; those it has already may stay after they ended.

    :raises NoResultFound: when the actor may not see the plan
    :raises Refused: when it is closed, or a priority is not in force
    """
    plan = changeable(ref, actor)
    held, offered = queries.tags_of(plan.id), queries.priorities_on(on)
    if not set(wanted) <= {*held, *offered}:
        raise Refused(Reason("Choose priorities that are in force", "tags"))
    if set(wanted) == set(held):
        return
    session.execute(delete(PlanTag).where(PlanTag.plan_id == plan.id))
    session.add_all(PlanTag(plan_id=plan.id, priority_id=each) for each in sorted(set(wanted)))
    names = {**held, **offered}
    audit.record(
        "plan.tagged",
        f"plan:{ref}",
        actor=actor,
        at=at,
        before=sorted(held.values()),
        after=sorted(names[each] for each in set(wanted)),
    )
