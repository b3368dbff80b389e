"""Read agendas and minutes. Whoever asks has found the meeting within scope; changing asks for the scope here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from npt.core.authority import Scope
from npt.core.db import session
from npt.panels.models import AgendaItem, Meeting, MinuteItem, Minutes, Priority
from npt.panels.queries.changing import led
from npt.panels.queries.panels import visible
from npt.panels.rules.agenda import Asked, Line, in_order
from npt.panels.rules.minutes import DecisionKind, Item, number_key
from npt.people.models import Panel


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of minutes as a page shows it: with the words of the priority it is about."""

    id: int
    item: Item
    priority: str | None


@dataclass(frozen=True, slots=True)
class MinutesVersion:
    """One version of a meeting's minutes, with its items in order."""

    id: int
    version: int
    started_at: dt.datetime
    why: str | None
    issued_at: dt.datetime | None
    issued_by: str | None
    sha256: str | None
    items: Sequence[ItemRow]

    @property
    def draft(self) -> bool:
        return self.issued_at is None

    @property
    def decisions(self) -> list[ItemRow]:
        """The items in which something was decided."""
        return [row for row in self.items if row.item.decision is not None]


def agenda_of(meeting_id: int) -> list[Line]:
    """The agenda of a meeting in order; empty while nobody has prepared it."""
    rows = session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id))
    return in_order(Line(row.number, row.title, row.note, row.priority_id) for row in rows)


def agenda_rows(meeting_id: int) -> list[AgendaItem]:
    """The rows of an agenda, to be changed."""
    return list(session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)))


def asked_of(panel_id: int) -> list[Asked]:
    """The priorities of a panel, as an agenda needs them."""
    rows = select(Priority.id, Priority.title, Priority.state).where(Priority.panel_id == panel_id)
    return [Asked(*row) for row in session.execute(rows.order_by(Priority.ref))]


def minutes_of(meeting_id: int, *, drafts: bool) -> list[MinutesVersion]:
    """The versions of a meeting's minutes, the newest first; issued ones alone unless ``drafts``."""
    return minutes_of_all([meeting_id], drafts=drafts).get(meeting_id, [])


def minutes_of_all(meeting_ids: Collection[int], *, drafts: bool) -> Mapping[int, list[MinutesVersion]]:
    """The same of several meetings, in two statements however many they are."""
    wanted = select(Minutes).where(Minutes.meeting_id.in_(meeting_ids)).order_by(Minutes.version.desc())
    rows = [row for row in session.scalars(wanted) if drafts or row.issued_at is not None]
    items: dict[int, list[ItemRow]] = defaultdict(list)
    listed = (
        select(MinuteItem, Priority.title)
        .outerjoin(Priority, Priority.id == MinuteItem.priority_id)
        .where(MinuteItem.minutes_id.in_([row.id for row in rows]))
    )
    for item, title in session.execute(listed):
        items[item.minutes_id].append(ItemRow(item.id, item_of(item), title))
    found: dict[int, list[MinutesVersion]] = defaultdict(list)
    for row in rows:
        found[row.meeting_id].append(
            MinutesVersion(
                row.id,
                row.version,
                row.started_at,
                row.why,
                row.issued_at,
                row.issued_by,
                row.sha256,
                sorted(items[row.id], key=lambda each: number_key(each.item.number)),
            )
        )
    return found


def item_of(row: MinuteItem) -> Item:
    """An item as the rules need it."""
    return Item(row.number, row.title, row.text, row.decision, row.acts, row.due_on, row.priority_id)


def newest_minutes(meeting_id: int) -> Minutes | None:
    """The row of the newest version of a meeting's minutes. The meeting is locked already."""
    newest = select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(Minutes.version.desc()).limit(1)
    return session.scalar(newest)


def item_rows(minutes_id: int) -> list[MinuteItem]:
    """The rows of the items of one version, in order."""
    rows = session.scalars(select(MinuteItem).where(MinuteItem.minutes_id == minutes_id))
    return sorted(rows, key=lambda row: number_key(row.number))


def item_row(item_id: int, scope: Scope) -> MinuteItem:
    """An item of the minutes of a panel that a team of the actor's leads.

    :raises NoResultFound: when there is none, or the panel is somebody else's
    """
    statement = (
        select(MinuteItem)
        .join(MinuteItem.minutes)
        .join(Minutes.meeting)
        .join(Meeting.panel)
        .where(MinuteItem.id == item_id, led(scope))
    )
    return session.scalars(statement).one()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in issued minutes, wherever it was taken."""

    panel: str
    panel_name: str
    meeting_id: int
    starts_at: dt.datetime
    item: Item
    priority: str | None


def decisions_seen(scope: Scope, kind: DecisionKind | None = None, panel: str | None = None) -> list[Decided]:
    """What the panels the actor may see decided, by the newest issued minutes of each meeting, newest first."""
    newest = (
        select(Minutes.meeting_id, func.max(Minutes.version).label("version"))
        .where(Minutes.issued_at.is_not(None))
        .group_by(Minutes.meeting_id)
        .subquery()
    )
    statement = (
        select(Panel.code, Panel.name, Meeting.id, Meeting.starts_at, MinuteItem, Priority.title)
        .select_from(MinuteItem)
        .join(Minutes, Minutes.id == MinuteItem.minutes_id)
        .join(newest, (newest.c.meeting_id == Minutes.meeting_id) & (newest.c.version == Minutes.version))
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .join(Panel, Panel.id == Meeting.panel_id)
        .outerjoin(Priority, Priority.id == MinuteItem.priority_id)
        .where(visible(scope), MinuteItem.decision.is_not(None))
    )
    if kind is not None:
        statement = statement.where(MinuteItem.decision == kind)
    if panel is not None:
        statement = statement.where(Panel.code == panel)
    found = [
        Decided(code, name, meeting_id, starts_at, item_of(item), title)
        for code, name, meeting_id, starts_at, item, title in session.execute(statement)
    ]
    found.sort(key=lambda each: number_key(each.item.number))
    return sorted(found, key=lambda each: (each.starts_at, each.panel), reverse=True)
