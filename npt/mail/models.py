"""The table of emails: what waits to be sent, what was not, and a line of what was."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.db import Base, one_of
from npt.mail.rules import LetterKind


class Letter(Base):
    """An email. It waits (``due_at``), or was sent, or given up; once sent its words are no longer kept."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN due_at IS NULL THEN 0 ELSE 1 END) + (CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END) "
            "+ (CASE WHEN failed_at IS NULL THEN 0 ELSE 1 END) = 1",
            name="waits_or_is_settled",
        ),
        CheckConstraint("sent_at IS NULL OR words IS NULL", name="words_dropped_when_sent"),
    )

    kind: Mapped[LetterKind] = mapped_column(one_of(LetterKind))
    about: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    words: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str | None] = mapped_column(String(300))
    calendar: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    link_minutes: Mapped[int | None]
    written_at: Mapped[dt.datetime]
    written_by: Mapped[str] = mapped_column(String(254))
    tries: Mapped[int]
    due_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    sent_at: Mapped[dt.datetime | None]
    failed_at: Mapped[dt.datetime | None]
    why: Mapped[str | None] = mapped_column(String(200))
