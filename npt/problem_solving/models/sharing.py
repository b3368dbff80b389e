"""The tables of what is shared between teams: good practice, who reused what, and how well a plan was made."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.db import Base, one_of
from npt.problem_solving.rules.sharing import PracticeState


class GoodPractice(Base):
    """A plan that a supervisor proposed as good practice, with what others can take from it; the force lead decides."""

    __tablename__ = "good_practices"
    __table_args__ = (CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), unique=True)
    lesson: Mapped[str] = mapped_column(Text)
    state: Mapped[PracticeState] = mapped_column(one_of(PracticeState))
    proposed_at: Mapped[dt.datetime]
    proposed_by: Mapped[str] = mapped_column(String(254))
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(254))
    reason: Mapped[str | None] = mapped_column(Text)


class PlanReuse(Base):
    """A plan that takes something from another one."""

    __tablename__ = "plan_reuses"
    __table_args__ = (
        UniqueConstraint("plan_id", "from_plan_id"),
        CheckConstraint("plan_id <> from_plan_id", name="of_another"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    from_plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(254))


def _of_five(name: str) -> CheckConstraint:
    return CheckConstraint(f"{name} BETWEEN 0 AND 5", name=name)


class PlanScore(Base):
    """How well a plan was made, as one supervisor saw it: 0 to 5 for each stage. The newest is shown first."""

    __tablename__ = "plan_scores"
    __table_args__ = (_of_five("scanning"), _of_five("analysis"), _of_five("response"), _of_five("assessment"))

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    scanning: Mapped[int]
    analysis: Mapped[int]
    response: Mapped[int]
    assessment: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(254))
