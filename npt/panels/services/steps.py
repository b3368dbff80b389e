"""Keep a step of a priority for good, sealed by its entry in the record."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.periods import day_in_words
from npt.flags import services as flags
from npt.panels.models import Priority, PriorityEvent
from npt.panels.queries.seals import sealed
from npt.panels.rules.findings import ENDED_BY
from npt.panels.rules.meetings import Sitting
from npt.panels.rules.priorities import after
from npt.panels.rules.seals import SEAL, seal_of
from npt.panels.rules.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class Because:
    """What a step stands on: a meeting with its minute, and the reason, where there are any."""

    meeting: Sitting | None = None
    minute_ref: str | None = None
    reason: str | None = None


NOTHING = Because()


def take(
    priority: Priority, kind: EventKind, because: Because = NOTHING, *, actor: Actor, at: dt.datetime
) -> PriorityEvent:
    """Take a step that nothing stands in the way of, with everything it leaves: its row, where it leads, its entry."""
    priority.state = after(kind, priority.state, planned=priority.plan_id is not None)
    event = PriorityEvent(
        priority_id=priority.id,
        kind=kind,
        at=at,
        by=actor.name,
        by_user_id=actor.user_id,
        meeting_id=because.meeting.id if because.meeting else None,
        minute_ref=because.minute_ref,
        reason=because.reason,
        plan_id=priority.plan_id,
    )
    session.add(event)
    session.flush()
    audit.record(
        f"priority.{kind.value}",
        f"priority:{priority.ref}",
        actor=actor,
        at=at,
        meeting=day_in_words(because.meeting.on) if because.meeting else None,
        minute=because.minute_ref,
        reason=because.reason,
        **{SEAL: seal_of(sealed(event))},
    )
    return event


def mend(priority: Priority, kind: EventKind, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Close the flags of a priority that a step just taken answers, before the next check would (RULES section 7)."""
    for flag in ENDED_BY.get(kind, ()):
        flags.close(flag, priority.ref, on=on, actor=actor, at=at)
