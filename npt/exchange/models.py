"""What the exchange itself keeps: column mappings of other systems' sheets."""

import datetime as dt

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
