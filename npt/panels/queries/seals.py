"""Whether what was decided still is what the record says: every step and every signature against its entry."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from npt.audit.models import AuditEntry
from npt.core.db import session
from npt.panels.models import Priority, PriorityEvent, Signature
from npt.panels.rules.seals import SEAL, seal_of, sha256_of
from npt.panels.rules.vocabulary import EventKind, PriorityState
from npt.problem_solving.models import Plan

SIGNATURE_GIVEN = "priority.signature_given"
"""The event in the record of a signature; the step beside it has an entry of its own."""

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """What a walk along everything sealed found: how many steps and signatures, and the first that does not hold."""

    steps: int
    signatures: int
    fault: str | None


def sealed(row: PriorityEvent | Signature) -> Mapping[str, object]:
    """Everything in a row, as its seal takes it."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def seal_verdict() -> SealVerdict:
    """Hold every step and signature against the record, and the record against them."""
    steps, signatures = _Sealed(), _Sealed()
    for event, subject, seal in _entries():
        (signatures if event == SIGNATURE_GIVEN else steps).record[seal] = subject
    found = (
        next(_faulty_steps(steps), None)
        or next(_faulty_signatures(signatures), None)
        or steps.lost("a step")
        or signatures.lost("a signature")
        or next(_unsigned(), None)
    )
    return SealVerdict(steps.count, signatures.count, found)


class _Sealed:
    """The seals the record tells of, each with its subject, and how many rows were held against them."""

    def __init__(self) -> None:
        self.record: dict[str, str] = {}
        self.seen: set[str] = set()
        self.count = 0

    def holds(self, seal: str, subject: str) -> bool:
        self.count += 1
        self.seen.add(seal)
        return self.record.get(seal) == subject

    def lost(self, what: str) -> str | None:
        """The first the record tells of that is no longer there."""
        for seal, subject in self.record.items():
            if seal not in self.seen:
                return f"the record tells of {what} of {subject} that is no longer there"
        return None


def _entries() -> Iterator[tuple[str, str, str]]:
    number = 0
    statement = select(AuditEntry.number, AuditEntry.event, AuditEntry.subject, AuditEntry.details)
    while rows := session.execute(
        statement.where(AuditEntry.event.startswith("priority."), AuditEntry.number > number)
        .order_by(AuditEntry.number)
        .limit(_PAGE)
    ).all():
        for row in rows:
            if seal := json.loads(row.details).get(SEAL):
                yield row.event, row.subject, seal
        number = rows[-1].number


def _faulty_steps(steps: _Sealed) -> Iterator[str]:
    last = 0
    statement = select(PriorityEvent, Priority.ref).join(PriorityEvent.priority).order_by(PriorityEvent.id)
    while rows := session.execute(statement.where(PriorityEvent.id > last).limit(_PAGE)).all():
        for row, ref in rows:
            if not steps.holds(seal_of(sealed(row)), f"priority:{ref}"):
                yield f"step {row.id} of priority {ref} ({row.kind.label.lower()}) is not what the record says"
        last = rows[-1][0].id


def _faulty_signatures(signatures: _Sealed) -> Iterator[str]:
    rows = session.execute(select(Signature, Priority.ref).join(Signature.priority).order_by(Signature.id))
    for row, ref in rows:
        holds = signatures.holds(seal_of(sealed(row)), f"priority:{ref}")
        if sha256_of(row.text) != row.sha256:
            yield f"signature {row.id} of priority {ref} was altered: its text does not match its SHA-256"
        elif not holds:
            yield f"signature {row.id} of priority {ref} is not what the record says"


def _unsigned() -> Iterator[str]:
    """What says that it is signed off, and nobody signed it."""
    reopened = (
        select(func.count(PriorityEvent.id))
        .where(PriorityEvent.priority_id == Priority.id, PriorityEvent.kind == EventKind.REOPENED)
        .correlate(Priority)
        .scalar_subquery()
    )
    signed = select(Signature.id).where(Signature.priority_id == Priority.id, Signature.round == reopened + 1)
    refs = select(Priority.ref).where(Priority.state == PriorityState.SIGNED_OFF, ~signed.exists())
    yield from (f"priority {ref} is signed off, and nobody signed it" for ref in session.scalars(refs))
    of_plan = select(Signature.id).where(Signature.plan_id == Plan.id)
    plans = select(Plan.ref).where(Plan.signed_off_at.is_not(None), ~of_plan.exists())
    yield from (f"plan {ref} is signed off, and nobody signed it" for ref in session.scalars(plans))
