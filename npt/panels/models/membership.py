"""The table of who sits on a panel or at its table: organisations and roles, never private persons."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, one_of
from npt.panels.rules.membership import MemberSector
from npt.people.models import DAYS_IN_ORDER, Panel


class PanelSeat(Base):
    """A seat of an organisation, from a first to a last day. ``expected``: its attendance is recorded."""

    __tablename__ = "panel_seats"
    __table_args__ = (
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
        Index(None, "panel_id"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    organisation: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200))
    sector: Mapped[MemberSector] = mapped_column(one_of(MemberSector))
    votes: Mapped[bool]
    expected: Mapped[bool]
    email: Mapped[str | None] = mapped_column(String(254))
    """Where invitations go: an address of the organisation or office."""
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]

    panel: Mapped[Panel] = relationship()
