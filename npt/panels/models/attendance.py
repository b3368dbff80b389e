"""The table of who came to a meeting, of those expected."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, one_of
from npt.panels.models.authority import AuthorityMember
from npt.panels.models.meetings import Meeting
from npt.panels.models.membership import PanelSeat
from npt.panels.rules.attendance import Presence


class Attendance(Base):
    """Whether the holder of a seat, or a member of the police authority, came to a meeting."""

    __tablename__ = "meeting_attendances"
    __table_args__ = (
        UniqueConstraint("meeting_id", "seat_id"),
        UniqueConstraint("meeting_id", "member_id"),
        CheckConstraint("(seat_id IS NULL) <> (member_id IS NULL)", name="of_a_seat_or_a_member"),
        Index(None, "seat_id"),
        Index(None, "member_id"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("panel_seats.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("authority_members.id"))
    presence: Mapped[Presence] = mapped_column(one_of(Presence))

    meeting: Mapped[Meeting] = relationship()
    seat: Mapped[PanelSeat | None] = relationship()
    member: Mapped[AuthorityMember | None] = relationship()
