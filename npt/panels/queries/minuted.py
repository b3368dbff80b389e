"""Read what the minutes of meetings say of priorities, and what became of it there."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from npt.core.db import session
from npt.panels.models import Attendance, Meeting, MinuteItem, Minutes, Priority
from npt.panels.queries.minutes import item_of
from npt.panels.queries.panels import sitting_of
from npt.panels.queries.priorities import EventLine, events_of
from npt.panels.rules.meetings import Sitting
from npt.panels.rules.minuted import STEPS, About, Held, Standing, Taken, standing
from npt.panels.rules.minutes import Item, number_key
from npt.panels.rules.vocabulary import MeetingStatus


@dataclass(frozen=True, slots=True)
class Minuted:
    """An item of the newest minutes of a meeting that is about a priority, and where its decision stands."""

    priority_id: int
    title: str
    sitting: Sitting
    item: Item
    issued: bool
    standing: Standing | None

    @property
    def open(self) -> bool:
        """Whether its decision waits for the chair."""
        return self.standing is Standing.CHAIRS


def minuted(priority_ids: Collection[int], zone: ZoneInfo, *, drafts: bool) -> list[Minuted]:
    """What the minutes say of priorities, the last meeting first. Three statements, however many priorities.

    :param drafts: also what is not issued; else the newest issued version of each meeting
    """
    newest = select(Minutes.meeting_id, func.max(Minutes.version).label("version")).group_by(Minutes.meeting_id)
    if not drafts:
        newest = newest.where(Minutes.issued_at.is_not(None))
    last = newest.subquery()
    statement = (
        select(MinuteItem, Minutes.issued_at, Meeting, Priority)
        .join(Minutes, Minutes.id == MinuteItem.minutes_id)
        .join(last, (last.c.meeting_id == Minutes.meeting_id) & (last.c.version == Minutes.version))
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .join(Priority, Priority.id == MinuteItem.priority_id)
        .where(MinuteItem.priority_id.in_(priority_ids), Meeting.status == MeetingStatus.HELD)
    )
    rows = session.execute(statement).all()
    steps = taken_by({priority.id for *_, priority in rows})
    found = []
    for row, issued_at, meeting, priority in rows:
        item, issued, about = item_of(row), issued_at is not None, about_of(priority)
        held = Held(meeting.id, meeting.starts_at)
        stands = standing(item, held, about, steps.get(priority.id, ()), issued=issued)
        found.append(Minuted(priority.id, priority.title, sitting_of(meeting, zone), item, issued, stands))
    found.sort(key=lambda each: number_key(each.item.number))
    return sorted(found, key=lambda each: each.sitting.starts_at, reverse=True)


def standings(held: Sitting, panel_id: int, items: Sequence[Item], *, issued: bool) -> Mapping[str, Standing]:
    """Where the decisions of one version of a meeting's minutes stand, by the numbers of their items."""
    about = {item.priority_id for item in items if item.decision in STEPS and item.priority_id is not None}
    if not about:
        return {}
    abouts, steps, meeting = abouts_of(panel_id), taken_by(about), Held(held.id, held.starts_at)
    found = {
        item.number: standing(item, meeting, abouts[item.priority_id], steps.get(item.priority_id, ()), issued=issued)
        for item in items
        if item.priority_id is not None and item.priority_id in abouts
    }
    return {number: stands for number, stands in found.items() if stands is not None}


def about_of(priority: Priority) -> About:
    """A priority as an item of minutes needs it."""
    return About(priority.id, priority.title, priority.state, priority.adopted_at_id)


def taken_by(priority_ids: Collection[int]) -> Mapping[int, Sequence[Taken]]:
    """The steps of priorities as the rules of minutes need them, by the priorities' ids."""
    found: dict[int, list[Taken]] = defaultdict(list)
    for step in events_of(list(priority_ids)):
        found[step.priority_id].append(taken_of(step))
    return found


def taken_of(step: EventLine) -> Taken:
    """A step as the rules of minutes need it."""
    return Taken(step.kind, step.at, step.meeting_id)


def abouts_of(panel_id: int) -> dict[int, About]:
    """The priorities of a panel, as items of minutes need them, by their ids."""
    rows = session.scalars(select(Priority).where(Priority.panel_id == panel_id).order_by(Priority.ref))
    return {row.id: about_of(row) for row in rows}


def issued_numbers(meeting_id: int) -> frozenset[str]:
    """The numbers of the items of a meeting's minutes as they were issued last; none while none are issued."""
    newest = (
        select(Minutes.id)
        .where(Minutes.meeting_id == meeting_id, Minutes.issued_at.is_not(None))
        .order_by(Minutes.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    return frozenset(session.scalars(select(MinuteItem.number).where(MinuteItem.minutes_id == newest)))


def written_refs() -> frozenset[str]:
    """The meetings of which minutes, or who came, are kept, by their references."""
    kept = or_(
        Meeting.id.in_(select(Minutes.meeting_id)),
        Meeting.id.in_(select(Attendance.meeting_id)),
    )
    return frozenset(session.scalars(select(Meeting.ref).where(kept)))
