"""Read who sits on a panel or at its table."""

from sqlalchemy import select

from npt.core.authority import Scope
from npt.core.db import session
from npt.panels.models import PanelSeat
from npt.panels.queries.changing import led
from npt.panels.rules.membership import Seat


def seats_of(panel_id: int) -> list[Seat]:
    """Every seat of a panel the caller has found within scope, ended ones too, by organisation and role."""
    rows = session.scalars(
        select(PanelSeat)
        .where(PanelSeat.panel_id == panel_id)
        .order_by(PanelSeat.organisation, PanelSeat.role, PanelSeat.first_day)
    )
    return [seat_of(row) for row in rows]


def seat_of(row: PanelSeat) -> Seat:
    """A seat as the rules need it."""
    return Seat(
        row.id,
        row.organisation,
        row.role,
        row.sector,
        row.votes,
        row.expected,
        row.first_day,
        row.last_day,
        row.email,
    )


def seat_row(seat_id: int, scope: Scope, *, lock: bool = True) -> PanelSeat:
    """A seat of a panel that a team of the actor's leads, locked unless only shown.

    :raises NoResultFound: when there is none, or the panel is somebody else's
    """
    statement = select(PanelSeat).join(PanelSeat.panel).where(PanelSeat.id == seat_id, led(scope))
    return session.scalars(statement.with_for_update(of=PanelSeat) if lock else statement).one()
