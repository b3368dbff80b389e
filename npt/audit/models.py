"""The tables of the record: what was done, and which scheduled runs were taken."""

import datetime as dt

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from npt.audit.rules import LONGEST_SUBJECT
from npt.core.db import Base, explain

explain("audit entries are never changed", "Entries in the record are never changed.")


class AuditEntry(Base):
    """One thing somebody, or a job, did. Never altered; each carries the hash of the one before."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(unique=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None]
    event: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), index=True)
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class RecordEnd(Base):
    """Where the record ends: one row, the number and the hash of the newest entry. Without it nobody would miss the
    newest entries when they are taken away, for a chain holds as far as it goes."""

    __tablename__ = "record_ends"

    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class JobRun(Base):
    """Who runs what: the second scheduler that comes for the same job and time finds it taken."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "due_at"),)

    job: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[dt.datetime]
    taken_at: Mapped[dt.datetime]


class InstallationMark(Base):
    """What this database is. Only a demonstration has one, so that nobody's data is taken for it."""

    __tablename__ = "installation_marks"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[str] = mapped_column(String(200))
