"""The tables of what was counted for a plan in the published files of street-level crime."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.db import Base, one_of
from npt.problem_solving.rules.counting import Area


class PlanCount(Base):
    """A count of a plan: which months, of what, and what of it lies in no ward. Counted again it replaces itself."""

    __tablename__ = "plan_counts"
    __table_args__ = (CheckConstraint("before_last >= before_first AND after_last >= after_first", name="in_order"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), unique=True)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(254))
    category: Mapped[str | None] = mapped_column(String(100))
    before_first: Mapped[dt.date]
    before_last: Mapped[dt.date]
    after_first: Mapped[dt.date]
    after_last: Mapped[dt.date]
    unlocated_before: Mapped[int]
    unlocated_after: Mapped[int]
    outside_before: Mapped[int]
    outside_after: Mapped[int]
    without_id: Mapped[int]


class PlanCountWard(Base):
    """One ward of a count: in which area, how many before and after. Its name as it was then."""

    __tablename__ = "plan_count_wards"
    __table_args__ = (UniqueConstraint("plan_id", "ward_code"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    area: Mapped[Area] = mapped_column(one_of(Area))
    ward_code: Mapped[str] = mapped_column(String(40))
    ward_name: Mapped[str] = mapped_column(String(200))
    before: Mapped[int]
    after: Mapped[int]
