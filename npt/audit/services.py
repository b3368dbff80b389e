"""Leave an entry in the record, in the same transaction as what it tells of."""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from npt.audit import rules
from npt.audit.models import AuditEntry, InstallationMark, JobRun, RecordEnd
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session


def record(event: str, subject: str, *, actor: Actor, at: dt.datetime, **details: Any) -> None:
    """Collect an entry; ``transaction()`` numbers, chains and writes what was collected just before it commits.

    :param event: ``thing.past-participle``
    :param subject: what it is about, as ``kind:reference``
    :param details: particulars that have a canonical form; nothing personal beyond what the record needs
    """
    if not session.info.get("writing"):
        raise RuntimeError("an audit entry was attempted outside transaction()")
    collected = session.info.setdefault("audit", [])
    collected.append(
        rules.Entry(0, at, actor.name, actor.role.value, actor.user_id, event, subject, rules.canonical(details), "")
    )


def _write_collected() -> None:
    collected: list[rules.Entry] = session.info.get("audit", [])
    if not collected:
        return
    db.lock_record("audit")
    # The next entry follows the end that was kept: were the newest entries taken away, their numbers stay missing.
    last = session.execute(select(RecordEnd.number, RecordEnd.hash)).one_or_none()
    number, previous = (last.number, last.hash) if last else (0, rules.FIRST_PREDECESSOR)
    rows = []
    for entry in collected:
        number += 1
        chained = replace(entry, number=number, previous_hash=previous)
        previous = rules.hash_of(chained)
        rows.append(
            {
                "number": number,
                "at": chained.at,
                "actor": chained.actor,
                "role": chained.role,
                "user_id": chained.user_id,
                "event": chained.event,
                "subject": chained.subject,
                "details": chained.details,
                "previous_hash": chained.previous_hash,
                "hash": previous,
            }
        )
    db.bulk_insert(AuditEntry, rows)
    end = {"number": number, "hash": previous}
    if last is None:
        db.bulk_insert(RecordEnd, [end])
    else:
        session.execute(update(RecordEnd).values(end).execution_options(synchronize_session=False))


def _forget_collected() -> None:
    session.info.pop("audit", None)


db.before_commit(_write_collected, _forget_collected)


def take_run(job: str, due_at: dt.datetime, *, at: dt.datetime) -> bool:
    """Take the scheduled run of a job; false when another scheduler has taken it."""
    db.lock_record("job_runs")
    if session.scalar(select(JobRun.id).where(JobRun.job == job, JobRun.due_at == due_at)) is not None:
        return False
    session.add(JobRun(job=job, due_at=due_at, taken_at=at))
    return True


def mark_installation(name: str, value: str, *, actor: Actor, at: dt.datetime) -> None:
    """Say what this database is, once."""
    session.add(InstallationMark(name=name, value=value))
    record("installation.marked", f"installation:{name}", actor=actor, at=at, value=value)
