"""The tables of neighbourhood profiles."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base
from npt.panels.models.meetings import Meeting


class Profile(Base):
    """A version of a meeting's profile: being prepared, or issued with its text and SHA-256 and never altered again."""

    __tablename__ = "profiles"
    __table_args__ = (
        UniqueConstraint("meeting_id", "version"),
        CheckConstraint(
            "(issued_at IS NULL) = (issued_by IS NULL) AND (issued_at IS NULL) = (content IS NULL) "
            "AND (issued_at IS NULL) = (sha256 IS NULL)",
            name="issued_whole",
        ),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    version: Mapped[int]
    activity: Mapped[str] = mapped_column(Text)
    residents: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[dt.datetime | None]
    issued_by: Mapped[str | None] = mapped_column(String(254))
    content: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))

    meeting: Mapped[Meeting] = relationship()
    recommendations: Mapped[list["ProfileRecommendation"]] = relationship(
        order_by="ProfileRecommendation.id", back_populates="profile"
    )


class ProfileRecommendation(Base):
    """A priority that a version recommends, and the priority it became when that was issued."""

    __tablename__ = "profile_recommendations"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    priority_id: Mapped[int | None] = mapped_column(ForeignKey("priorities.id"), index=True)

    profile: Mapped[Profile] = relationship(back_populates="recommendations")
