"""Read the secret addresses of panels' calendars, and what one of them gives out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from npt.core.authority import Scope
from npt.core.db import session
from npt.panels.models import CalendarFeed
from npt.panels.queries.changing import led
from npt.panels.queries.panels import SittingRow, meetings_of
from npt.people.models import Panel


@dataclass(frozen=True, slots=True)
class FeedLine:
    """The address a panel has: since when, and who made it. Never the secret."""

    made_at: dt.datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Fed:
    """What an address gives out: the panel's name and its meetings."""

    code: str
    name: str
    meetings: Sequence[SittingRow]


def shared_panel_row(code: str, scope: Scope) -> Panel:
    """A panel that the actor chairs or whose lead team is theirs, locked.

    :raises NoResultFound: when there is none, or it is somebody else's
    """
    theirs = or_(led(scope), Panel.id.in_(scope.panel_ids))
    return session.scalars(select(Panel).where(Panel.code == code, theirs).with_for_update()).one()


def feed_rows(panel_id: int) -> list[CalendarFeed]:
    """The rows of a panel's addresses that are not withdrawn."""
    return list(
        session.scalars(
            select(CalendarFeed).where(CalendarFeed.panel_id == panel_id, CalendarFeed.withdrawn_at.is_(None))
        )
    )


def feed_of(panel_id: int) -> FeedLine | None:
    """The address a panel has, if any."""
    rows = feed_rows(panel_id)
    return FeedLine(rows[-1].made_at, rows[-1].made_by) if rows else None


def fed_by(token_hash: str, zone: ZoneInfo) -> Fed | None:
    """What an address gives out; nothing when there is no such address or it was withdrawn."""
    panel = session.scalar(
        select(Panel)
        .join(CalendarFeed, CalendarFeed.panel_id == Panel.id)
        .where(CalendarFeed.token_hash == token_hash, CalendarFeed.withdrawn_at.is_(None))
    )
    return Fed(panel.code, panel.name, meetings_of([panel.id], zone).get(panel.id, [])) if panel else None
