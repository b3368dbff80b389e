"""The tables of what a meeting is to talk of, and of what was said and decided at it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, one_of
from npt.panels.models.meetings import Meeting
from npt.panels.models.priorities import Priority
from npt.panels.rules.minutes import DecisionKind


class AgendaItem(Base):
    """One item of a meeting's agenda; where it is about a priority it points to it."""

    __tablename__ = "agenda_items"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priorities.id"))

    meeting: Mapped[Meeting] = relationship()
    priority: Mapped[Priority | None] = relationship()


class Minutes(Base):
    """One version of a meeting's minutes: a draft until it is issued, and never changed afterwards."""

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "version"),
        CheckConstraint("(issued_at IS NULL) = (sha256 IS NULL)", name="issued_with_its_hash"),
        CheckConstraint("version = 1 OR why IS NOT NULL", name="corrected_for_a_reason"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    version: Mapped[int]
    started_at: Mapped[dt.datetime]
    why: Mapped[str | None] = mapped_column(String(500))
    issued_at: Mapped[dt.datetime | None]
    issued_by: Mapped[str | None] = mapped_column(String(254))
    sha256: Mapped[str | None] = mapped_column(String(64))

    meeting: Mapped[Meeting] = relationship()


class MinuteItem(Base):
    """One numbered item of minutes: what was said; and where something was decided, what, who acts and by when."""

    __tablename__ = "minute_items"
    __table_args__ = (
        UniqueConstraint("minutes_id", "number"),
        Index(None, "priority_id"),
    )

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[DecisionKind | None] = mapped_column(one_of(DecisionKind))
    acts: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[dt.date | None]
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priorities.id"))

    minutes: Mapped[Minutes] = relationship()
    priority: Mapped[Priority | None] = relationship()
