"""Read what is to be changed of a panel, locked, when the actor's team leads it."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, true

from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import DAY, local_day, midnight
from npt.panels.models import ChairTerm, Meeting
from npt.panels.queries.panels import term_of
from npt.panels.rules.meetings import Booked
from npt.panels.rules.terms import Term
from npt.panels.rules.vocabulary import MeetingStatus
from npt.people.models import Bcu, Panel, PanelTeam, Sector, Team


def led(scope: Scope) -> ColumnElement[bool]:
    """Only panels that a team of the actor's leads."""
    return true() if scope.force else Panel.lead_team_id.in_(scope.team_ids)


def panel_row(code: str, scope: Scope) -> Panel:
    """A panel, locked.

    :raises NoResultFound: when there is none, or a team of somebody else's leads it
    """
    return session.scalars(select(Panel).where(Panel.code == code, led(scope)).with_for_update()).one()


def term_row(term_id: int, scope: Scope, *, lock: bool = True) -> ChairTerm:
    """A term of office of such a panel, locked unless only shown.

    :raises NoResultFound: when there is none, or the panel is somebody else's
    """
    statement = select(ChairTerm).join(ChairTerm.panel).where(ChairTerm.id == term_id, led(scope))
    return session.scalars(statement.with_for_update(of=ChairTerm) if lock else statement).one()


def meeting_row(meeting_id: int, scope: Scope) -> Meeting:
    """A meeting of such a panel, locked.

    :raises NoResultFound: when there is none, or the panel is somebody else's
    """
    statement = select(Meeting).join(Meeting.panel).where(Meeting.id == meeting_id, led(scope))
    return session.scalars(statement.with_for_update(of=Meeting)).one()


def served(panel_id: int) -> list[PanelTeam]:
    """The rows of the teams that a panel serves."""
    return list(session.scalars(select(PanelTeam).where(PanelTeam.panel_id == panel_id)))


def terms_of(panel_id: int) -> list[Term]:
    """The terms of office of a panel."""
    rows = session.scalars(select(ChairTerm).where(ChairTerm.panel_id == panel_id).order_by(ChairTerm.first_day))
    return [term_of(row) for row in rows]


def booked_around(on: dt.date, zone: ZoneInfo) -> list[Booked]:
    """Every meeting of a day, of the day before and of the day after, that is not cancelled."""
    rows = session.execute(
        select(Panel.id, Panel.name, Panel.lead_team_id, Meeting.starts_at)
        .select_from(Meeting)
        .join(Meeting.panel)
        .where(
            Meeting.starts_at >= midnight(on - DAY, zone),
            Meeting.starts_at < midnight(on + 2 * DAY, zone),
            Meeting.status != MeetingStatus.CANCELLED,
        )
        .order_by(Meeting.starts_at, Panel.code)
    )
    return [Booked(*row, local_day(row.starts_at, zone)) for row in rows]


def code_is_taken(code: str) -> bool:
    """Whether a BCU, sector, team or panel has a code. Capitals do not make two of them."""
    columns = (Bcu.code, Sector.code, Team.code, Panel.code)
    wanted = code.lower()
    return any(wanted == known.lower() for column in columns for known in session.scalars(select(column)))
