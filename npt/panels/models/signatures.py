"""The table of what a chair signed."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of
from npt.panels.models.meetings import Meeting
from npt.panels.models.priorities import Priority
from npt.panels.rules.vocabulary import ChairType, Office

explain("uq_signatures_priority_id_round", "This priority is signed off already.")
explain("signatures.priority_id, signatures.round", "This priority is signed off already.")


class Signature(Base):
    """A priority signed off: the text shown, its SHA-256, who signed, in which capacity, when. Never altered.

    Consent is unanimous or counted. ``round`` is 1, and one more for each time the priority was reopened.
    """

    __tablename__ = "signatures"
    __table_args__ = (
        UniqueConstraint("priority_id", "round"),
        CheckConstraint(
            "(unanimous AND votes_for IS NULL AND votes_against IS NULL AND votes_abstained IS NULL) OR (NOT unanimous "
            "AND votes_for IS NOT NULL AND votes_against IS NOT NULL AND votes_abstained IS NOT NULL)",
            name="consent_unanimous_or_counted",
        ),
    )

    priority_id: Mapped[int] = mapped_column(ForeignKey("priorities.id"))
    round: Mapped[int]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[dt.datetime]
    signed_by: Mapped[str] = mapped_column(String(254))
    signed_by_user_id: Mapped[int]
    office: Mapped[Office] = mapped_column(one_of(Office))
    chair_type: Mapped[ChairType] = mapped_column(one_of(ChairType))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    minute_ref: Mapped[str] = mapped_column(String(200))
    unanimous: Mapped[bool]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    votes_abstained: Mapped[int | None]

    priority: Mapped[Priority] = relationship()
    meeting: Mapped[Meeting] = relationship()
