"""The table of secret addresses under which a calendar fetches the meetings of a panel."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base
from npt.people.models import Panel


class CalendarFeed(Base):
    """One secret address of a panel's calendar. Only the hash of its secret is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (Index(None, "panel_id"),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(String(254))
    withdrawn_at: Mapped[dt.datetime | None]

    panel: Mapped[Panel] = relationship()
