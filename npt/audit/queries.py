"""Read the record."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from npt.audit import rules
from npt.audit.models import AuditEntry, InstallationMark, RecordEnd
from npt.core.db import once, session

_PAGE = 1000

DEMONSTRATION = "demonstration"
"""The mark of a database that holds the invented force; its value is the day the invented data end."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry about a thing, as a page shows it."""

    number: int
    at: dt.datetime
    actor: str
    role: str
    event: str
    subject: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the whole record found: how many entries, and the first that does not hold."""

    entries: int
    fault: str | None


def _entries() -> Iterator[rules.Entry]:
    # In pages, so that a record of years is never in memory at once.
    number = 0
    while rows := session.execute(
        select(AuditEntry.__table__).where(AuditEntry.number > number).order_by(AuditEntry.number).limit(_PAGE)
    ).all():
        for row in rows:
            yield rules.Entry(
                row.number,
                row.at,
                row.actor,
                row.role,
                row.user_id,
                row.event,
                row.subject,
                row.details,
                row.previous_hash,
                row.hash,
            )
        number = rows[-1].number


def verdict() -> Verdict:
    """Walk the whole record from its first entry to where it is known to end; stop at the first that does not hold."""
    number, previous = 0, rules.FIRST_PREDECESSOR
    for entry in _entries():
        if found := rules.fault(entry, number, previous):
            return Verdict(number, found)
        number, previous = entry.number, entry.hash
    end = session.execute(select(RecordEnd.number, RecordEnd.hash)).one_or_none()
    kept = (end.number, end.hash) if end else (0, rules.FIRST_PREDECESSOR)
    return Verdict(number, rules.fault_of_end((number, previous), kept))


def history(*subjects: str) -> list[HistoryLine]:
    """Everything in the record about one thing, or about things that belong together, newest first."""
    entries = select(AuditEntry).where(AuditEntry.subject.in_(subjects))
    rows = session.scalars(entries.order_by(AuditEntry.number.desc()))
    return [_line(row) for row in rows]


def last_job_entries() -> dict[str, HistoryLine]:
    """The last finished or failed run of each job, by the job's name."""
    newest = (
        select(func.max(AuditEntry.number))
        .where(AuditEntry.event.in_(("job.finished", "job.failed")))
        .group_by(AuditEntry.subject)
    )
    rows = session.scalars(select(AuditEntry).where(AuditEntry.number.in_(newest)))
    return {row.subject.removeprefix("job:"): _line(row) for row in rows}


def job_finished(job: str, on: dt.date) -> bool:
    """Whether a run of a job for a day has finished."""
    found = session.scalar(
        select(AuditEntry.id)
        .where(
            AuditEntry.subject == f"job:{job}",
            AuditEntry.event == "job.finished",
            AuditEntry.details.contains(f'"on":"{on.isoformat()}"', autoescape=True),
        )
        .limit(1)
    )
    return found is not None


def installation_mark(name: str) -> str | None:
    """What this database was marked as, or nothing."""
    return once(("mark", name), lambda: session.scalar(select(mark_column(name))))


def mark_column(name: str) -> ScalarSelect[str]:
    """The same as a column of a statement that is sent anyway; whoever sends it tells ``mark_read``."""
    return select(InstallationMark.value).where(InstallationMark.name == name).scalar_subquery()


def mark_read(name: str, value: str | None) -> None:
    """Have a mark that was just read not read again in this request."""
    once(("mark", name), lambda: value)


def _line(row: AuditEntry) -> HistoryLine:
    return HistoryLine(row.number, row.at, row.actor, row.role, row.event, row.subject, json.loads(row.details))
