"""The tables of the police authority's members and the panels they go to, and of the chairs' forum of a BCU."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base
from npt.people.models import DAYS_IN_ORDER, Bcu, Panel


class AuthorityMember(Base):
    """A member of the police authority, or whatever holds the police to account in its place: a public office."""

    __tablename__ = "authority_members"
    __table_args__ = (CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),)

    name: Mapped[str] = mapped_column(String(200))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]


class Allocation(Base):
    """A member of the authority who goes to a panel, from a first to a last day."""

    __tablename__ = "authority_allocations"
    __table_args__ = (
        UniqueConstraint("member_id", "panel_id", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
        Index(None, "panel_id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("authority_members.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]

    member: Mapped[AuthorityMember] = relationship()
    panel: Mapped[Panel] = relationship()


class ChairsForum(Base):
    """One sitting of the forum in which the chairs of a BCU's panels meet."""

    __tablename__ = "chairs_forums"
    __table_args__ = (
        UniqueConstraint("bcu_id", "held_on"),
        CheckConstraint("attended >= 0", name="attended_is_a_number"),
    )

    bcu_id: Mapped[int] = mapped_column(ForeignKey("bcus.id"))
    held_on: Mapped[dt.date]
    attended: Mapped[int]
    notes: Mapped[str | None] = mapped_column(Text)

    bcu: Mapped[Bcu] = relationship()
