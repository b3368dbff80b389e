"""What a page, and the file of it, is marked."""

from collections.abc import Iterable
from typing import Protocol

MARKING, SENSITIVE = "OFFICIAL", "OFFICIAL-SENSITIVE"


class Marked(Protocol):
    """A line that may be of something restricted."""

    @property
    def sensitive(self) -> bool: ...


def marking_of(*lists: Iterable[Marked]) -> str:
    """The marking of a page that shows these lines: one that is sensitive makes all of it so."""
    return SENSITIVE if any(row.sensitive for rows in lists for row in rows) else MARKING
