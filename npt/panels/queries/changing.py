"""Read what is to be changed of a panel, locked, when the actor's team leads it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select, true

from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import DAY, local_day, midnight
from npt.panels.models import ChairTerm, Meeting
from npt.panels.queries.panels import term_of
from npt.panels.rules.meetings import Booked
from npt.panels.rules.terms import Term
from npt.panels.rules.vocabulary import MeetingStatus
from npt.people import queries as people
from npt.people.models import Panel, PanelTeam


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
        select(Panel.id, Panel.name, Panel.lead_team_id, Meeting.starts_at, Meeting.id, Meeting.venue)
        .select_from(Meeting)
        .join(Meeting.panel)
        .where(
            Meeting.starts_at >= midnight(on - DAY, zone),
            Meeting.starts_at < midnight(on + 2 * DAY, zone),
            Meeting.status != MeetingStatus.CANCELLED,
        )
        .order_by(Meeting.starts_at, Panel.code)
    )
    listed = rows.all()
    chairs = _chairs({row[0] for row in listed}, on)
    return [
        Booked(*row[:4], local_day(row.starts_at, zone), row[4], row.venue, frozenset(chairs[row[0]])) for row in listed
    ]


def chairs_of(panel_id: int, on: dt.date) -> frozenset[str]:
    """The addresses of a panel's chair and vice-chair on a day."""
    return frozenset(_chairs([panel_id], on)[panel_id])


def _chairs(panel_ids: Collection[int], on: dt.date) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    in_office = or_(ChairTerm.last_day.is_(None), ChairTerm.last_day >= on)
    terms = select(ChairTerm.panel_id, ChairTerm.email).where(
        ChairTerm.panel_id.in_(panel_ids), ChairTerm.first_day <= on, in_office
    )
    for panel_id, email in session.execute(terms):
        found[panel_id].add(email.lower())
    return found


def teams_in_one_hand(team_id: int, on: dt.date) -> frozenset[int]:
    """The other teams on a day whose sergeant is this team's as well. Only cover brings that about."""
    by_cover = defaultdict(set)
    for cover in people.covers(on):
        by_cover[cover.person_id].add(cover.team_id)
    present = people.roll(person_ids=by_cover)
    hands = [{*teams, present.team_on(person, on)} for person, teams in by_cover.items()]
    return frozenset(team for hand in hands if team_id in hand for team in hand if team not in (team_id, None))
