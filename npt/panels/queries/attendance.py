"""Read who is expected at a meeting of a panel, and who came."""

import datetime as dt

from sqlalchemy import or_, select

from npt.core.db import session
from npt.panels.models import Allocation, Attendance, AuthorityMember, PanelSeat
from npt.panels.rules.attendance import AUTHORITY, Came, Expected


def expected_at(panel_id: int, on: dt.date) -> list[Expected]:
    """Who is expected at a panel's meeting of a day: partners by organisation, then members of the authority."""
    seats = session.execute(
        select(PanelSeat.organisation, PanelSeat.role, PanelSeat.id)
        .where(
            PanelSeat.panel_id == panel_id,
            PanelSeat.expected,
            PanelSeat.first_day <= on,
            or_(PanelSeat.last_day.is_(None), PanelSeat.last_day >= on),
        )
        .order_by(PanelSeat.organisation, PanelSeat.role)
    )
    members = session.execute(
        select(AuthorityMember.name, AuthorityMember.id)
        .join(Allocation, Allocation.member_id == AuthorityMember.id)
        .where(
            Allocation.panel_id == panel_id,
            Allocation.first_day <= on,
            or_(Allocation.last_day.is_(None), Allocation.last_day >= on),
        )
        .order_by(AuthorityMember.name)
    )
    return [
        *(Expected(organisation, role, seat_id=seat_id) for organisation, role, seat_id in seats),
        *(Expected(AUTHORITY, name, member_id=member_id) for name, member_id in members),
    ]


def may_attend(panel_id: int) -> dict[str, Expected]:
    """Everybody who was ever expected at a panel, by their key."""
    seats = session.execute(
        select(PanelSeat.organisation, PanelSeat.role, PanelSeat.id).where(PanelSeat.panel_id == panel_id)
    )
    members = session.execute(
        select(AuthorityMember.name, AuthorityMember.id)
        .join(Allocation, Allocation.member_id == AuthorityMember.id)
        .where(Allocation.panel_id == panel_id)
    )
    known = [
        *(Expected(organisation, role, seat_id=seat_id) for organisation, role, seat_id in seats),
        *(Expected(AUTHORITY, name, member_id=member_id) for name, member_id in members),
    ]
    return {each.key: each for each in known}


def presence_rows(meeting_id: int) -> list[Attendance]:
    """The rows of who came to a meeting."""
    return list(session.scalars(select(Attendance).where(Attendance.meeting_id == meeting_id)))


def came_to(meeting_id: int, panel_id: int, on: dt.date) -> list[Came]:
    """Of everybody expected at a meeting of a day, and of whom else it is recorded, whether they came."""
    recorded = {key_of(row): row.presence for row in presence_rows(meeting_id)}
    expected = expected_at(panel_id, on)
    known = {each.key for each in expected}
    others = [each for key, each in may_attend(panel_id).items() if key in recorded and key not in known]
    return [Came(each, recorded.get(each.key)) for each in [*expected, *others]]


def key_of(row: Attendance) -> str:
    """Whose attendance a row is of."""
    return f"seat_{row.seat_id}" if row.seat_id is not None else f"member_{row.member_id}"
