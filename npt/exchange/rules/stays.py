"""Nobody is in two places at once (RULES 4), judged over a file of any length in a few bytes a row."""

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from npt.core.errors import Problem

_MINUTE = 60
_OPEN = 2**62
"""The end of somebody still away: after every other."""

AWAY_ALREADY = "this person is away at that time already"


class Stays:
    """Who is away when, as far as one file says; three whole numbers for each entry."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.first_start: dt.datetime | None = None
        self._of: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self._recorded: list[str] = []
        self._unchanged: set[int] = set()

    @property
    def people(self) -> list[str]:
        """The collar numbers of everybody the file sends away."""
        return sorted(self._of)

    def add(self, person: str, start: dt.datetime, end: dt.datetime | None, line: int, *, changes: bool) -> None:
        """An entry of the file that is not cancelled; ``changes`` unless it is on record as it stands."""
        if self.first_start is None or start < self.first_start:
            self.first_start = start
        self._of[person].extend((_minutes(start), _OPEN if end is None else _minutes(end), line))
        if not changes:
            self._unchanged.add(line)

    def on_record(self, person: str, ref: str, start: dt.datetime, end: dt.datetime | None) -> None:
        """An entry on record of which the file says nothing."""
        self._recorded.append(ref)
        self._of[person].extend((_minutes(start), _OPEN if end is None else _minutes(end), -len(self._recorded)))

    def clashes(self, refs: Sequence[str] | dict[int, str]) -> Iterator[Problem]:
        """Every entry the file brings that has somebody away twice, without the value, which stands in the file.

        :param refs: the ref of each line of the file
        """
        for numbers in self._of.values():
            entries = sorted(zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True), key=lambda entry: entry[0])
            for one, other in overlapping(entries):
                yield from self._clash(one, other, refs)

    def _clash(self, one: int, other: int, refs: Sequence[str] | dict[int, str]) -> Iterator[Problem]:
        brought = sorted(line for line in (one, other) if line > 0 and line not in self._unchanged)
        if not brought:
            return
        at_fault = brought[-1]
        against = other if at_fault == one else one
        said = f"{refs[against]}, line {against}" if against > 0 else f"{self._recorded[-against - 1]}, on record"
        yield Problem(self.file, at_fault, "starts_at", f"{AWAY_ALREADY} ({said})")


def overlapping(entries: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """Of entries in order of their start, each with its end and a number: each that begins before an earlier one ends,
    and the earlier one that reaches furthest."""
    reach, holder = None, 0
    for start, end, number in entries:
        if reach is not None and start < reach:
            yield number, holder
        if reach is None or end > reach:
            reach, holder = end, number


def _minutes(at: dt.datetime) -> int:
    return int(at.timestamp()) // _MINUTE
