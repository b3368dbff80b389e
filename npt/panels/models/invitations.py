"""The table of who was sent the invitation to a meeting."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.db import Base


class MeetingInvitation(Base):
    """The last invitation to a meeting that was written to an address, and to what time and place."""

    __tablename__ = "meeting_invitations"
    __table_args__ = (UniqueConstraint("meeting_id", "address"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    address: Mapped[str] = mapped_column(String(254))
    starts_at: Mapped[dt.datetime]
    venue: Mapped[str | None] = mapped_column(String(200))
    written_at: Mapped[dt.datetime]
    written_by: Mapped[str] = mapped_column(String(254))
