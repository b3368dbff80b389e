"""The table of what residents are told was done."""

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base
from npt.panels.models.priorities import Priority


class PriorityAnswer(Base):
    """What was done about a priority, in words written for residents, and what came of it.

    ``on`` is the day on which it was last said; a file that was published elsewhere brings its own.
    """

    __tablename__ = "priority_answers"

    priority_id: Mapped[int] = mapped_column(ForeignKey("priorities.id"), unique=True)
    done: Mapped[str] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(String(300))
    on: Mapped[dt.date]
    by: Mapped[str] = mapped_column(String(254))

    priority: Mapped[Priority] = relationship()
