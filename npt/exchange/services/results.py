"""What an import says of each file: to whoever watches, at its end, and in the record."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from npt.audit import services as audit
from npt.audit.rules import LONGEST_SUBJECT
from npt.core.authority import Actor
from npt.exchange import queries


class Progress(Protocol):
    """Somebody who watches: which file, and how many of its steps are done. A row is a step to read, one to write."""

    def __call__(self, file: str, done: int, total: int) -> None: ...


def silent(file: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file's rows."""

    file: str
    read: int
    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a run's files, in the order they were loaded."""

    files: tuple[FileResult, ...]


def leave_entry(result: FileResult, sha256: str, *, actor: Actor, at: dt.datetime, **details: object) -> None:
    """Leave the one entry in the record that every file has: its name, what it held to the bit, and its counts."""
    audit.record(
        queries.IMPORTED,
        f"file:{result.file}"[:LONGEST_SUBJECT],
        actor=actor,
        at=at,
        name=result.file,
        sha256=sha256,
        read=result.read,
        new=result.new,
        changed=result.changed,
        unchanged=result.unchanged,
        **details,
    )
