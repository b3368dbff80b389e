"""The tables of what plans serve: the priorities of districts, of the strategic assessment and of the force."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of
from npt.problem_solving.rules.priorities import PriorityList

for _constraint in ("uq_partnership_priorities_list_name_first_day", "partnership_priorities.list"):
    explain(_constraint, "This priority begins on that day already.", "name")


class PartnershipPriority(Base):
    """A priority that plans are tagged with, from a first to a last day."""

    __tablename__ = "partnership_priorities"
    __table_args__ = (
        UniqueConstraint("list", "name", "first_day"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_in_order"),
    )

    list: Mapped[PriorityList] = mapped_column(one_of(PriorityList))
    name: Mapped[str] = mapped_column(String(200))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]


class PlanTag(Base):
    """A priority a plan serves."""

    __tablename__ = "plan_tags"
    __table_args__ = (UniqueConstraint("plan_id", "priority_id"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    priority_id: Mapped[int] = mapped_column(ForeignKey("partnership_priorities.id"), index=True)

    priority: Mapped[PartnershipPriority] = relationship()
