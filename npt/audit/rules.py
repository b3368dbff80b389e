"""How the record is written so that nobody can rewrite it: canonical words, and a chain of hashes."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

FIRST_PREDECESSOR = "0" * 64

LONGEST_SUBJECT = 120
"""What the record keeps of a subject; the particulars have the whole of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done: who, when, what, to what, and the particulars."""

    number: int
    at: dt.datetime
    actor: str
    role: str
    user_id: int | None
    event: str
    subject: str
    details: str
    previous_hash: str
    hash: str = ""


def canonical(value: Mapping[str, Any]) -> str:
    """Canonical JSON: sorted keys, UTC instants, no spaces (ARCHITECTURE, line 10)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def hash_of(entry: Entry) -> str:
    """SHA-256 of the hash before and the canonical JSON of everything else in the entry."""
    words = canonical(
        {
            "number": entry.number,
            "at": entry.at,
            "actor": entry.actor,
            "role": entry.role,
            "user_id": entry.user_id,
            "event": entry.event,
            "subject": entry.subject,
            "details": entry.details,
        }
    )
    return hashlib.sha256((entry.previous_hash + words).encode()).hexdigest()


def fault(entry: Entry, previous_number: int, previous_hash: str) -> str | None:
    """Why an entry does not hold after the one before it; nothing when it does."""
    if entry.number != previous_number + 1:
        return f"entry {entry.number} follows entry {previous_number}: one is missing"
    if entry.previous_hash != previous_hash:
        return f"entry {entry.number} does not carry the hash of the one before"
    if entry.hash != hash_of(entry):
        return f"entry {entry.number} was altered: its words do not match its hash"
    return None


def fault_of_end(last: tuple[int, str], kept: tuple[int, str]) -> str | None:
    """Why the last entry is not the one the record is known to end with; nothing when it is.

    :param last: number and hash of the last entry there is
    :param kept: the same of the newest entry that was ever written
    """
    if last[0] < kept[0]:
        return f"entry {last[0] + 1} is missing: the record went on to entry {kept[0]}"
    if last != kept:
        return f"entry {last[0]} is not the one the record ends with"
    return None
