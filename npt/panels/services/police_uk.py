"""Take in priorities and meetings of one panel in the public shape of data.police.uk (docs/decisions/0036)."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.audit import services as audit
from npt.audit.rules import LONGEST_SUBJECT
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import BadInput, Problem
from npt.core.periods import local_day
from npt.panels import queries
from npt.panels.models import Meeting, Priority, PriorityAnswer
from npt.panels.rules.police_uk import paragraphs
from npt.panels.rules.police_uk_in import PublicMeeting, PublicPriority, read_public
from npt.panels.rules.vocabulary import EventKind, MeetingStatus, PriorityState
from npt.panels.services.answers import NewAnswer, keep_answer
from npt.panels.services.steps import Because, take
from npt.people.models import Panel

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class PublicTaken:
    """What became of the rows of a file. ``left_out``: events that are no meetings."""

    read: int
    new: int
    changed: int
    unchanged: int
    left_out: int


def take_in_public(
    code: str, name: str, content: bytes, *, actor: Actor, at: dt.datetime, zone: ZoneInfo
) -> PublicTaken:
    """Take in one file for a panel, all or nothing. A second load changes nothing.

    :raises NoResultFound: when there is no such panel
    :raises BadInput: with every problem there is
    """
    found = read_public(name, content, zone)
    if found.problems:
        raise BadInput(*found.problems)
    db.lock_record("priorities")
    panel = queries.panel_row(code, actor.scope)
    known = _known(panel, zone)
    outcomes = [_keep_priority(panel, row, known, actor, at) for row in found.priorities]
    outcomes += [_keep_meeting(panel, row, actor, at) for row in found.meetings]
    counts = {what: outcomes.count(what) for what in (NEW, CHANGED, UNCHANGED)}
    taken = PublicTaken(found.read, counts[NEW], counts[CHANGED], counts[UNCHANGED], found.left_out)
    audit.record(
        "police_uk.imported",
        f"file:{name}"[:LONGEST_SUBJECT],
        actor=actor,
        at=at,
        name=name,
        panel=code,
        sha256=hashlib.sha256(content).hexdigest(),
        read=taken.read,
        **counts,
    )
    return taken


Known = dict[tuple[str, dt.date | None] | str, tuple[Priority, PriorityAnswer | None]]


def _known(panel: Panel, zone: ZoneInfo) -> Known:
    """What the panel has: by ref, and by the words and day under which an export gives it out."""
    rows = session.execute(
        select(Priority, PriorityAnswer, Meeting.starts_at)
        .outerjoin(PriorityAnswer, PriorityAnswer.priority_id == Priority.id)
        .outerjoin(Meeting, Meeting.id == Priority.adopted_at_id)
        .where(Priority.panel_id == panel.id)
    )
    known: Known = {}
    for priority, answer, starts_at in rows:
        on = local_day(starts_at, zone) if starts_at else None
        known[priority.ref] = known[paragraphs(priority.title, priority.detail), on] = (priority, answer)
    return known


def _keep_priority(panel: Panel, row: PublicPriority, known: Known, actor: Actor, at: dt.datetime) -> str:
    ref = row.ref(panel.code)
    there = known.get(ref) or known.get((paragraphs(*row.lines), row.issued_on))
    answer = NewAnswer("\n".join(row.done), None) if row.done else None
    if there is None:
        priority = Priority(
            ref=ref,
            panel_id=panel.id,
            title=row.title,
            detail=row.detail,
            source=f"data.police.uk, {row.issued_on.isoformat()}",
            state=PriorityState.RAISED,
        )
        session.add(priority)
        session.flush()
        take(priority, EventKind.RAISED, Because(), actor=actor, at=at)
        if answer:
            keep_answer(priority, None, answer, row.done_on, actor=actor, at=at)
        return NEW
    priority, kept = there
    if answer is None or (kept and (_same(kept, answer) or kept.on > row.done_on)):
        return UNCHANGED
    return CHANGED if keep_answer(priority, kept, answer, row.done_on, actor=actor, at=at) else UNCHANGED


def _same(kept: PriorityAnswer, answer: NewAnswer) -> bool:
    return paragraphs(kept.done, kept.result) == paragraphs(answer.done)


def _keep_meeting(panel: Panel, row: PublicMeeting, actor: Actor, at: dt.datetime) -> str:
    there = session.scalars(select(Meeting).filter_by(panel_id=panel.id, starts_at=row.starts_at)).first()
    if there is None:
        ref = row.ref(panel.code)
        session.add(
            Meeting(
                ref=ref,
                panel_id=panel.id,
                starts_at=row.starts_at,
                venue=row.venue,
                public=True,
                status=MeetingStatus.PLANNED,
            )
        )
        session.flush()
        audit.record("meeting.planned", f"meeting:{ref}", actor=actor, at=at, panel=panel.code, starts_at=row.starts_at)
        return NEW
    if there.status is not MeetingStatus.PLANNED or row.venue in (None, there.venue):
        return UNCHANGED
    before, there.venue = there.venue, row.venue
    audit.record(
        "meeting.corrected",
        f"meeting:{there.ref}",
        actor=actor,
        at=at,
        before={"venue": before},
        after={"venue": there.venue},
    )
    return CHANGED


def no_such_panel(code: str) -> BadInput:
    """What a command answers to a code that names no panel."""
    return BadInput(Problem("PANEL", None, None, "there is no panel of this code", code))
