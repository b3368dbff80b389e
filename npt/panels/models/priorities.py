"""The table of what a panel asks its teams to deal with."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of
from npt.panels.models.meetings import Meeting
from npt.panels.rules.vocabulary import PriorityState
from npt.people.models import Panel

explain("adopted_at_a_meeting", "A priority is adopted at a meeting, with the reference of its minute.", "adopted_at")
explain("fk_priorities_panel_id_adopted_at_id", "A priority is adopted at a meeting of its own panel.", "adopted_at")


class Priority(Base):
    """What a panel asks its teams to deal with. ``adopted_at`` is the meeting of this panel that decided on it."""

    __tablename__ = "priorities"
    __table_args__ = (
        ForeignKeyConstraint(
            ["panel_id", "adopted_at_id"],
            ["meetings.panel_id", "meetings.id"],
            name="fk_priorities_panel_id_adopted_at_id",
        ),
        CheckConstraint(
            "state IN ('recommended', 'raised', 'declined') OR (adopted_at_id IS NOT NULL AND minute_ref IS NOT NULL)",
            name="adopted_at_a_meeting",
        ),
        Index(None, "panel_id", "state"),
        Index(None, "adopted_at_id"),
    )

    ref: Mapped[str] = mapped_column(String(60), unique=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[PriorityState] = mapped_column(one_of(PriorityState))
    adopted_at_id: Mapped[int | None]
    minute_ref: Mapped[str | None] = mapped_column(String(200))

    panel: Mapped[Panel] = relationship()
    adopted_at: Mapped[Meeting | None] = relationship(
        primaryjoin="foreign(Priority.adopted_at_id) == remote(Meeting.id)",
        viewonly=True,
    )
