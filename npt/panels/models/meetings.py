"""The tables of who is in the chair of a panel, and of when it meets."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of, overlap_check
from npt.panels.rules.vocabulary import ChairType, MeetingStatus, Office
from npt.people.models import DAYS_IN_ORDER, Panel

explain("one_term_at_a_time", "Somebody holds this office of the panel on those days already.", "first_day")
overlap_check(
    "one_term_at_a_time",
    """
    SELECT 1 FROM chair_terms a JOIN chair_terms b ON a.panel_id = b.panel_id AND a.office = b.office AND a.id < b.id
    WHERE (a.last_day IS NULL OR b.first_day <= a.last_day) AND (b.last_day IS NULL OR a.first_day <= b.last_day)
    LIMIT 1
    """,
)


class ChairTerm(Base):
    """Somebody as chair or vice-chair of a panel, from a first to a last day. Each office has one holder at a time."""

    __tablename__ = "chair_terms"
    __table_args__ = (
        UniqueConstraint("panel_id", "email", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    email: Mapped[str] = mapped_column(String(254))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    name: Mapped[str] = mapped_column(String(200))
    office: Mapped[Office] = mapped_column(one_of(Office))
    chair_type: Mapped[ChairType] = mapped_column(one_of(ChairType))

    panel: Mapped[Panel] = relationship()


class Meeting(Base):
    """One sitting of a panel: planned, held or cancelled."""

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("panel_id", "id"),
        CheckConstraint("public_attendance IS NULL OR public_attendance >= 0", name="attendance_is_a_number"),
        CheckConstraint("members_present IS NULL OR members_present >= 0", name="members_is_a_number"),
        CheckConstraint("status = 'held' OR public_attendance IS NULL", name="attendance_of_a_meeting_held"),
        Index(None, "panel_id", "starts_at"),
    )

    ref: Mapped[str] = mapped_column(String(60), unique=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    starts_at: Mapped[dt.datetime]
    venue: Mapped[str | None] = mapped_column(String(200))
    public: Mapped[bool]
    status: Mapped[MeetingStatus] = mapped_column(one_of(MeetingStatus))
    public_attendance: Mapped[int | None]
    minutes_ref: Mapped[str | None] = mapped_column(String(200))
    members_present: Mapped[int | None]
    chaired_by: Mapped[str | None] = mapped_column(String(200))
    cancelled_because: Mapped[str | None] = mapped_column(String(200))
    fixed_at_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    """The meeting at which this one was fixed."""

    panel: Mapped[Panel] = relationship()
