"""The tables of flags, and of how far each check has judged."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.authority import Role
from npt.core.db import Base, explain, one_of
from npt.flags.rules import FlagKind
from npt.policy.rules import Severity

# PostgreSQL names the index, SQLite the columns.
for _constraint in ("uq_flags_open", "flags.kind, flags.subject"):
    explain(_constraint, "This is flagged already.")


class Flag(Base):
    """Something a scheduled check found. At most one of a kind and subject is open."""

    __tablename__ = "flags"
    __table_args__ = (
        Index(
            "uq_flags_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="days_in_order"),
    )

    kind: Mapped[FlagKind] = mapped_column(one_of(FlagKind))
    subject: Mapped[str] = mapped_column(String(60))
    severity: Mapped[Severity] = mapped_column(one_of(Severity))
    figure: Mapped[str] = mapped_column(String(40))
    threshold: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]
    owner_role: Mapped[Role] = mapped_column(one_of(Role))
    first_owner_role: Mapped[Role] = mapped_column(one_of(Role))
    owned_since: Mapped[dt.date]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sectors.id"), index=True)
    bcu_id: Mapped[int | None] = mapped_column(ForeignKey("bcus.id"), index=True)
    acknowledged_at: Mapped[dt.datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(254))
    action: Mapped[str | None] = mapped_column(Text)
    action_due_on: Mapped[dt.date | None]
    repeat: Mapped[bool] = mapped_column(default=False)


class JudgedDay(Base):
    """The newest day a job has judged. A run for an earlier day changes nothing."""

    __tablename__ = "judged_days"

    job: Mapped[str] = mapped_column(String(40), unique=True)
    newest_day: Mapped[dt.date]
