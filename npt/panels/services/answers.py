"""Tell residents what was done about what they asked for."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.panels import queries
from npt.panels.models import Priority, PriorityAnswer
from npt.panels.rules.answers import obstacles_to_answer


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """What was done, in words for residents, and what came of it so far."""

    done: str
    result: str | None


def answer_priority(priority_id: int, new: NewAnswer, *, actor: Actor, at: dt.datetime, on: dt.date) -> bool:
    """Write what residents are told was done about a priority. Returns whether anything is different.

    :raises NoResultFound: when there is no such priority, or a team of somebody else's leads its panel
    :raises Refused: when the panel never adopted it, or the words would tell of a person
    """
    priority, row = queries.answer_row(priority_id, actor.scope)
    places = queries.places_near([new.done, new.result])
    refuse_if_any(obstacles_to_answer(priority.state, new.done, new.result, places))
    return keep_answer(priority, row, new, on, actor=actor, at=at)


def keep_answer(
    priority: Priority, row: PriorityAnswer | None, new: NewAnswer, on: dt.date, *, actor: Actor, at: dt.datetime
) -> bool:
    """Keep the words, with the day on which they were said, when they are other than those there are."""
    before = {name: getattr(row, name) if row else None for name in ("done", "result")}
    after = {"done": new.done, "result": new.result}
    if before == after:
        return False
    if row is None:
        row = PriorityAnswer(priority_id=priority.id)
        session.add(row)
    row.done, row.result, row.on, row.by = new.done, new.result, on, actor.name
    session.flush()
    differing = [name for name in after if before[name] != after[name]]
    audit.record(
        "priority.answered",
        f"priority:{priority.ref}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
    )
    return True
