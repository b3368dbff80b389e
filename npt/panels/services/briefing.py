"""Write what response and CID officers are told of a priority, and keep that they have read it."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.panels import queries
from npt.panels.models import BriefingNote, BriefingReading
from npt.panels.rules.briefing import obstacles_to_note
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class NewNote:
    """What a briefing is to say of a priority: where, what to do, who to call, and until when it stands."""

    place: str
    what_to_do: str
    who_to_call: str
    last_day: dt.date


def write_note(
    priority_id: int, new: NewNote, *, actor: Actor, at: dt.datetime, on: dt.date, policy: Policy
) -> BriefingNote:
    """Write the note of a priority whose panel a team of the actor's leads, or refresh it.

    Other words make another version, which everybody has yet to read; another last day alone does not.

    :raises NoResultFound: when there is no such priority, or another team leads
    :raises Refused: when the priority is not current, or the note would stand for no day or for too long
    """
    priority, row = queries.note_row(priority_id, actor.scope)
    refuse_if_any(obstacles_to_note(priority.state, new.last_day, on, policy))
    before = _told(row)
    if row is None:
        row = BriefingNote(priority_id=priority_id, version=0)
        session.add(row)
    if (row.place, row.what_to_do, row.who_to_call) != (new.place, new.what_to_do, new.who_to_call):
        row.version += 1
    row.place, row.what_to_do, row.who_to_call = new.place, new.what_to_do, new.who_to_call
    row.last_day, row.refreshed_at, row.refreshed_by = new.last_day, at, actor.name
    session.flush()
    after = _told(row)
    differing = [name for name in after if before[name] != after[name]]
    audit.record(
        "briefing.refreshed" if before["version"] else "briefing.written",
        f"briefing:{priority.ref}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
    )
    return row


def _told(row: BriefingNote | None) -> dict[str, object]:
    names = ("place", "what_to_do", "who_to_call", "last_day", "version")
    return {name: getattr(row, name) if row else None for name in names}


def read_briefing(code: str, *, actor: Actor, at: dt.datetime, on: dt.date) -> int:
    """Keep that the actor has opened a BCU's briefing: once for each note and version. Returns how many were new.

    :raises NoResultFound: when there is no such BCU, or the actor may not read of it
    """
    if actor.user_id is None:
        return 0
    # Two of their windows opened at once wait for each other here.
    db.lock_record("briefing")
    page = queries.briefing(code, actor.scope, on, actor.user_id)
    new = [entry.note for entry in page.standing if entry.note and entry.priority_id in page.unread]
    session.add_all(
        BriefingReading(note_id=note.id, version=note.version, user_id=actor.user_id, read_at=at) for note in new
    )
    if new:
        audit.record("briefing.read", f"bcu:{code}", actor=actor, at=at, notes=len(new))
    return len(new)
