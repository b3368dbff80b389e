"""Prepare the agenda of a meeting, write its minutes item by item, issue them, and correct them in a new version."""

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.panels import queries
from npt.panels.models import AgendaItem, Meeting, MinuteItem, Minutes
from npt.panels.rules.agenda import Line, in_order, model_agenda, obstacles_to_agenda
from npt.panels.rules.minuted import BY_ISSUING, About, Held, Taken, is_done, obstacles_to_carrying
from npt.panels.rules.minutes import (
    DecisionKind,
    Item,
    fingerprint,
    obstacles_to_issuing,
    obstacles_to_item,
    obstacles_to_writing,
)
from npt.panels.rules.vocabulary import MeetingStatus
from npt.panels.services.priorities import Decision, adopt_priority, decline_priority


def set_agenda(meeting_id: int, lines: Sequence[Line], *, actor: Actor, at: dt.datetime) -> bool:
    """Keep the agenda of a planned meeting as it is written. Returns whether anything is different.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when the meeting is over or cancelled, a number is none or stands twice, or a priority is another's
    """
    meeting = queries.meeting_row(meeting_id, actor.scope)
    if meeting.status is not MeetingStatus.PLANNED:
        raise Refused(f"This meeting is {meeting.status.value} already: its agenda stays as it is")
    known = {asked.id for asked in queries.asked_of(meeting.panel_id)}
    refuse_if_any(
        [
            *obstacles_to_agenda(lines),
            *(
                Reason(f"{line.title}: choose a priority of this panel")
                for line in lines
                if line.priority_id is not None and line.priority_id not in known
            ),
        ]
    )
    before = queries.agenda_of(meeting_id)
    after = in_order(lines)
    if before == after:
        return False
    for row in queries.agenda_rows(meeting_id):
        session.delete(row)
    # The old rows go first, or two with one number would meet.
    session.flush()
    session.add_all(
        AgendaItem(
            meeting_id=meeting_id, number=line.number, title=line.title, note=line.note, priority_id=line.priority_id
        )
        for line in after
    )
    session.flush()
    audit.record(
        "agenda.changed" if before else "agenda.prepared",
        f"meeting:{meeting.ref}",
        actor=actor,
        at=at,
        before={"agenda": _listed(before)},
        after={"agenda": _listed(after)},
    )
    return True


def _listed(lines: Sequence[Line]) -> list[str]:
    return [f"{line.number} {line.title}{f' ({line.note})' if line.note else ''}" for line in lines]


def start_minutes(meeting_id: int, *, actor: Actor, at: dt.datetime) -> Minutes:
    """Begin the minutes of a meeting that was held, with the items of its agenda, or of the model agenda.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it was not held; minutes begun already are given back as they are
    """
    meeting = queries.meeting_row(meeting_id, actor.scope)
    if meeting.status is not MeetingStatus.HELD:
        raise Refused("Record first that the meeting was held")
    if (newest := queries.newest_minutes(meeting_id)) is not None:
        return newest
    lines = queries.agenda_of(meeting_id) or model_agenda(queries.asked_of(meeting.panel_id))
    items = [Item(line.number, line.title, priority_id=line.priority_id) for line in lines]
    return _new_version(meeting, 1, None, items, "minutes.started", actor, at)


def correct_minutes(meeting_id: int, why: str, *, actor: Actor, at: dt.datetime) -> Minutes:
    """Begin a corrected version beside issued minutes, which stay as they are.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when nothing is issued yet, or a corrected version is being written already
    """
    meeting = queries.meeting_row(meeting_id, actor.scope)
    newest = queries.newest_minutes(meeting_id)
    if newest is None or newest.issued_at is None:
        raise Refused("These minutes are a draft. Change them as they are")
    items = [queries.item_of(row) for row in queries.item_rows(newest.id)]
    return _new_version(meeting, newest.version + 1, why, items, "minutes.correction_started", actor, at)


def _new_version(
    meeting: Meeting, version: int, why: str | None, items: Sequence[Item], event: str, actor: Actor, at: dt.datetime
) -> Minutes:
    row = Minutes(meeting_id=meeting.id, version=version, why=why, started_at=at)
    session.add(row)
    session.flush()
    session.add_all(_row(row.id, item) for item in items)
    session.flush()
    audit.record(event, _subject(meeting), actor=actor, at=at, version=version, why=why)
    return row


def add_minute(meeting_id: int, item: Item, *, actor: Actor, at: dt.datetime) -> MinuteItem:
    """Add an item to the draft of a meeting's minutes.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when there is no draft, or the item is not sound
    """
    meeting = queries.meeting_row(meeting_id, actor.scope)
    draft = _draft(meeting)
    _check(item, meeting, [row.number for row in queries.item_rows(draft.id)])
    row = _row(draft.id, item)
    session.add(row)
    session.flush()
    audit.record("minute.added", _subject(meeting), actor=actor, at=at, version=draft.version, **_told(item))
    return row


def change_minute(item_id: int, item: Item, *, actor: Actor, at: dt.datetime) -> bool:
    """Change an item of a draft. Returns whether anything is different.

    :raises NoResultFound: when there is no such item, or another team leads the panel
    :raises Refused: when the minutes are issued, or the item is not sound
    """
    row, meeting = _item(item_id, actor)
    _check(item, meeting, [each.number for each in queries.item_rows(row.minutes_id) if each.id != row.id])
    before = queries.item_of(row)
    if before == item:
        return False
    row.number, row.title, row.text = item.number, item.title, item.text
    row.decision, row.acts, row.due_on, row.priority_id = item.decision, item.acts, item.due_on, item.priority_id
    session.flush()
    old, new = _told(before), _told(item)
    differing = [name for name in new if old[name] != new[name]]
    audit.record(
        "minute.changed",
        _subject(meeting),
        actor=actor,
        at=at,
        before={f"{before.number} {name}": old[name] for name in differing},
        after={f"{before.number} {name}": new[name] for name in differing},
    )
    return True


def remove_minute(item_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Take an item out of a draft; what it said stays in the record.

    :raises NoResultFound: when there is no such item, or another team leads the panel
    :raises Refused: when the minutes are issued
    """
    row, meeting = _item(item_id, actor)
    told = _told(queries.item_of(row))
    session.delete(row)
    session.flush()
    audit.record("minute.removed", _subject(meeting), actor=actor, at=at, **told)


def issue_minutes(meeting_id: int, *, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> Minutes:
    """Issue the draft of a meeting's minutes. From now on it is never changed; a correction is a new version.

    What they say the panel adopted or declined is recorded on the priority in the same act, with the meeting and the
    number of the item, unless it is there already (docs/decisions/0050).

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it is issued already, or nothing is written; when a priority was not there to be decided on
    """
    meeting = queries.meeting_row(meeting_id, actor.scope)
    draft = queries.newest_minutes(meeting_id)
    if draft is None:
        raise Refused("There are no minutes of this meeting yet")
    items = [queries.item_of(row) for row in queries.item_rows(draft.id)]
    refuse_if_any([*obstacles_to_issuing(draft.issued_at is not None, items), *_in_the_way(meeting, items)])
    carrying = _to_carry(meeting, items)
    draft.issued_at, draft.issued_by = at, actor.name
    draft.sha256 = fingerprint(meeting.ref, draft.version, items)
    meeting.minutes_ref = meeting.minutes_ref or f"{meeting.panel.code} {meeting.starts_at:%Y-%m-%d}"
    session.flush()
    audit.record(
        "minutes.issued",
        f"meeting:{meeting.ref}",
        actor=actor,
        at=at,
        version=draft.version,
        items=len(items),
        decisions=sum(item.decision is not None for item in items),
        sha256=draft.sha256,
    )
    for item, about in carrying:
        record = adopt_priority if item.decision is DecisionKind.ADOPT else decline_priority
        record(about, Decision(meeting.id, item.number, item.text or ""), actor=actor, at=at, on=on, zone=zone)
    return draft


def _in_the_way(meeting: Meeting, items: Sequence[Item]) -> Iterator[Reason]:
    """Why what minutes say of priorities cannot be recorded on them, item by item."""
    decided: dict[int, str] = {}
    for item, about, steps in _decisions(meeting, items):
        for reason in obstacles_to_carrying(item, _held(meeting), about, steps):
            yield Reason(f"Item {item.number}: {reason.message[0].lower()}{reason.message[1:]}")
        if about.id in decided:
            yield Reason(f"Items {decided[about.id]} and {item.number} decide on the same priority. Leave one of them")
        decided[about.id] = item.number


def _to_carry(meeting: Meeting, items: Sequence[Item]) -> list[tuple[Item, int]]:
    """The items whose decision is put on its priority by issuing them, each with that priority; none is there yet."""
    found = _decisions(meeting, items)
    return [(item, about.id) for item, about, steps in found if not is_done(item, _held(meeting), about, steps)]


def _decisions(meeting: Meeting, items: Sequence[Item]) -> list[tuple[Item, About, Sequence[Taken]]]:
    """The items that issuing carries to their priorities, each with the priority and the steps it took."""
    deciding = [(item, item.priority_id) for item in items if item.decision in BY_ISSUING and item.priority_id]
    if not deciding:
        return []
    abouts, steps = queries.abouts_of(meeting.panel_id), queries.taken_by({about for _, about in deciding})
    return [(item, abouts[about], steps.get(about, ())) for item, about in deciding if about in abouts]


def _held(meeting: Meeting) -> Held:
    return Held(meeting.id, meeting.starts_at)


def _draft(meeting: Meeting) -> Minutes:
    draft = queries.newest_minutes(meeting.id)
    if draft is None:
        raise Refused("Begin the minutes of this meeting first")
    refuse_if_any(obstacles_to_writing(draft.issued_at is not None))
    return draft


def _item(item_id: int, actor: Actor) -> tuple[MinuteItem, Meeting]:
    # The meeting is locked before the item is read for good: whoever issues the minutes holds the same lock.
    meeting = queries.meeting_row(queries.item_row(item_id, actor.scope).minutes.meeting_id, actor.scope)
    row = queries.item_row(item_id, actor.scope)
    db.session.refresh(row.minutes)
    refuse_if_any(obstacles_to_writing(row.minutes.issued_at is not None))
    return row, meeting


def _check(item: Item, meeting: Meeting, others: Sequence[str]) -> None:
    known = [asked.id for asked in queries.asked_of(meeting.panel_id)]
    refuse_if_any([*obstacles_to_item(item, others, known), *_carrying(item, meeting)])


def _carrying(item: Item, meeting: Meeting) -> Iterator[Reason]:
    for _, about, steps in _decisions(meeting, [item]):
        yield from obstacles_to_carrying(item, _held(meeting), about, steps)


def _row(minutes_id: int, item: Item) -> MinuteItem:
    return MinuteItem(
        minutes_id=minutes_id,
        number=item.number,
        title=item.title,
        text=item.text,
        decision=item.decision,
        acts=item.acts,
        due_on=item.due_on,
        priority_id=item.priority_id,
    )


def _told(item: Item) -> dict[str, object]:
    return {
        "number": item.number,
        "title": item.title,
        "text": item.text,
        "decision": item.decision.label if item.decision else None,
        "acts": item.acts,
        "by": item.due_on,
        "priority": item.priority_id,
    }


def _subject(meeting: Meeting) -> str:
    # Not the meeting's own: what a draft says is for those who may read drafts.
    return f"minutes:{meeting.ref}"
