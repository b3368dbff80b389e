"""The tables of policy: every figure a row with its dates."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.db import Base, explain, one_of, overlap_check
from npt.policy.rules import Group, TargetScope
from npt.policy.rules.barring import Strength

explain("targets_one_at_a_time", "A target for this scope and these grades is in force on those days.", "first_day")
explain("policy_values_one_at_a_time", "A value of this name is in force on those days.", "first_day")
explain("reason_bars_one_at_a_time", "A bar of this BCU on this reason is in force on those days.", "first_day")

_BOTH_IN_FORCE = (
    "(a.last_day IS NULL OR b.first_day <= a.last_day) AND (b.last_day IS NULL OR a.first_day <= b.last_day)"
)
overlap_check(
    "targets_one_at_a_time",
    "SELECT 1 FROM targets a JOIN targets b ON a.scope = b.scope AND a.scope_code = b.scope_code "  # noqa: S608 - constants only
    f'AND a."group" = b."group" AND a.id < b.id WHERE {_BOTH_IN_FORCE} LIMIT 1',
)
overlap_check(
    "policy_values_one_at_a_time",
    f"SELECT 1 FROM policy_values a JOIN policy_values b ON a.name = b.name AND a.id < b.id "  # noqa: S608 - constants only
    f"WHERE {_BOTH_IN_FORCE} LIMIT 1",
)
overlap_check(
    "reason_bars_one_at_a_time",
    f"SELECT 1 FROM reason_bars a JOIN reason_bars b ON a.bcu_id = b.bcu_id AND a.reason = b.reason AND a.id < b.id "  # noqa: S608 - constants only
    f"WHERE {_BOTH_IN_FORCE} LIMIT 1",
)

DAYS_IN_ORDER = "last_day IS NULL OR last_day >= first_day"


class ReasonEntry(Base):
    """A dated row of a reason. ``counts_…`` hold grades, ``;``-separated."""

    __tablename__ = "reasons"
    __table_args__ = (UniqueConstraint("code", "first_day"), CheckConstraint(DAYS_IN_ORDER, name="days_in_order"))

    code: Mapped[str] = mapped_column(String(40))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    label: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(40))
    counts_local: Mapped[str] = mapped_column(String(100))
    counts_national: Mapped[str] = mapped_column(String(100))
    guidance: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str | None] = mapped_column(String(254))
    why: Mapped[str | None] = mapped_column(String(500))


class TargetEntry(Base):
    """The share of available duty, in per cent, that may be lost: for a scope, a group of grades, from a day."""

    __tablename__ = "targets"
    __table_args__ = (
        UniqueConstraint("scope", "scope_code", "group", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
        CheckConstraint("percent >= 0 AND percent <= 10000", name="percent_in_range"),
    )

    scope: Mapped[TargetScope] = mapped_column(one_of(TargetScope))
    scope_code: Mapped[str] = mapped_column(String(40))
    group: Mapped[Group] = mapped_column(one_of(Group))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    percent: Mapped[Decimal]
    set_by: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(500))


class PolicyValue(Base):
    """A figure of policy, as text, with the days it is in force and why."""

    __tablename__ = "policy_values"
    __table_args__ = (UniqueConstraint("name", "first_day"), CheckConstraint(DAYS_IN_ORDER, name="days_in_order"))

    name: Mapped[str] = mapped_column(String(60))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    value: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(String(500))
    set_by: Mapped[str | None] = mapped_column(String(254))


class ReasonBar(Base):
    """What happens when a reason is logged for NPT staff of a BCU, from a day, and who set it and why."""

    __tablename__ = "reason_bars"
    __table_args__ = (
        UniqueConstraint("bcu_id", "reason", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    bcu_id: Mapped[int] = mapped_column(ForeignKey("bcus.id"))
    reason: Mapped[str] = mapped_column(String(40))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    strength: Mapped[Strength] = mapped_column(one_of(Strength))
    set_by: Mapped[str] = mapped_column(String(254))
    why: Mapped[str] = mapped_column(String(500))
