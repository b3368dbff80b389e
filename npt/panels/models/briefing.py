"""The tables of briefings: what stands in one of each priority, and who has read it."""

import datetime as dt

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base
from npt.panels.models.priorities import Priority


class BriefingNote(Base):
    """What response and CID officers are told of a priority; it stands up to and with its last day."""

    __tablename__ = "briefing_notes"

    priority_id: Mapped[int] = mapped_column(ForeignKey("priorities.id"), unique=True)
    place: Mapped[str] = mapped_column(String(200))
    what_to_do: Mapped[str] = mapped_column(Text)
    who_to_call: Mapped[str] = mapped_column(String(200))
    last_day: Mapped[dt.date]
    version: Mapped[int]
    refreshed_at: Mapped[dt.datetime]
    refreshed_by: Mapped[str] = mapped_column(String(254))

    priority: Mapped[Priority] = relationship()


class BriefingReading(Base):
    """Somebody has opened a briefing in which a note stood, in this version of its words; once for each."""

    __tablename__ = "briefing_readings"
    __table_args__ = (UniqueConstraint("note_id", "version", "user_id"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("briefing_notes.id"))
    version: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    read_at: Mapped[dt.datetime]
