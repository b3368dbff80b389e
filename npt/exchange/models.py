"""What the exchange itself keeps: column mappings of other systems' sheets, and monthly totals others publish."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.db import Base, explain

TAKEN = "There is a mapping of this name: choose another, or change that one"
explain("one_live_mapping", TAKEN, "name")
# SQLite names the columns of a unique index and not the index.
explain("import_mappings.name", TAKEN, "name")


class ImportMapping(Base):
    """A saved column mapping. What it says is read and replaced whole, so it is kept as one text of JSON."""

    __tablename__ = "import_mappings"
    __table_args__ = (
        Index(
            "one_live_mapping",
            "name",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    rules: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[dt.datetime]
    saved_by: Mapped[str] = mapped_column(String(254))
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(254))


class WardOfficerMinutes(Base):
    """Published minutes of one team's dedicated ward officers in one month, of one kind."""

    __tablename__ = "ward_officer_minutes"

    month: Mapped[dt.date] = mapped_column(index=True)
    bcu: Mapped[str] = mapped_column(String(200))
    borough: Mapped[str] = mapped_column(String(200))
    team: Mapped[str] = mapped_column(String(200))
    ward_code: Mapped[str] = mapped_column(String(40))
    abstracted: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[Decimal]
    file: Mapped[str | None] = mapped_column(Text)
    line: Mapped[int | None]
    also_lines: Mapped[str] = mapped_column(Text, server_default="")
    """Where it stands in its file, and the rows there exactly like it. No file: taken in before that was kept."""


class WardOfficerStrength(Base):
    """Published full-time equivalents of one rank of one team at a month's end; nothing where it is missing."""

    __tablename__ = "ward_officer_strengths"

    month: Mapped[dt.date] = mapped_column(index=True)
    borough: Mapped[str] = mapped_column(String(200))
    team: Mapped[str] = mapped_column(String(200))
    rank: Mapped[str] = mapped_column(String(200))
    fte: Mapped[Decimal | None]
    file: Mapped[str | None] = mapped_column(Text)
    line: Mapped[int | None]
    also_lines: Mapped[str] = mapped_column(Text, server_default="")
