"""Street-level crime as data.police.uk publishes it: one line for each crime or report of anti-social behaviour.

Reports of anti-social behaviour have no Crime ID, and many are alike in every column. Each line counts for itself.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from npt.core.errors import Problem
from npt.core.periods import month_from

COLUMNS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
"""The columns of the published file, in its order."""


class StreetRow(NamedTuple):
    """One line as published, its columns in their order. What is empty is nothing; coordinates stay as written."""

    crime_id: str | None
    month: str
    reported_by: str
    falls_within: str | None
    longitude: str | None
    latitude: str | None
    location: str | None
    lsoa_code: str | None
    lsoa_name: str | None
    crime_type: str
    outcome: str | None
    context: str | None

    @property
    def of(self) -> "Month":
        return Month(self.month, self.reported_by)


class Month(NamedTuple):
    """A month, ``2024-01``, and the force that reported it: what a file replaces when it is loaded again."""

    month: str
    force: str


LONGEST = StreetRow("100", "7", "200", "200", "20", "20", "200", "20", "100", "100", "100", "1000")
"""Characters a cell may have: far more than any published one has."""
_LONGEST = tuple(int(most or 0) for most in LONGEST)
_REQUIRED = frozenset({"Month", "Reported by", "Crime type"})
_NUMBER = re.compile(r"-?\d{1,3}(\.\d+)?", re.ASCII)
_FURTHEST = {"Longitude": 180, "Latitude": 90}
_MIDNIGHT = "-01T00:00:00"
"""How a spreadsheet's own date reads, into which Excel makes a month that it opens."""


@dataclass
class StreetFile:
    """What a file of street-level crime says: its rows in their order, and all that is wrong with it."""

    name: str
    sha256: str = ""
    rows: list[StreetRow] = field(default_factory=list)
    months: dict[Month, int] = field(default_factory=dict)
    """The months it holds, each with the line on which it begins."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def read(self) -> int:
        return len(self.rows)


Line = tuple[int, Sequence[str | None]]


def read_street(name: str, sha256: str, columns: Sequence[str], lines: Iterable[Line]) -> StreetFile:
    """Read every line of a sheet with the columns of the published file, in any order.

    What is wrong, to the line and column, is in ``problems``.
    """
    found = StreetFile(name, sha256)
    found.problems += _header_problems(name, columns)
    if found.problems:
        return found
    places = [columns.index(column) for column in COLUMNS]
    for line, given in lines:
        cells = [given[place] for place in places]
        if (month := cells[1]) is not None and month.endswith(_MIDNIGHT):
            cells[1] = month.removesuffix(_MIDNIGHT)
        faults = [
            Problem(name, line, column, message, _shown(cells[COLUMNS.index(column)]))
            for column, message in _faults(cells)
        ]
        if faults:
            found.problems += faults
            continue
        row = StreetRow._make(cells)
        found.rows.append(row)
        found.months.setdefault(row.of, line)
    return found


def _header_problems(name: str, columns: Sequence[str]) -> list[Problem]:
    listed = ", ".join(COLUMNS)
    unknown = [
        Problem(name, 1, _shown(column), f"there is no such column in this file: use {listed}")
        for column in columns
        if column not in COLUMNS
    ]
    missing = [Problem(name, 1, column, "this column is missing") for column in COLUMNS if column not in columns]
    return unknown + missing


def _faults(cells: Sequence[str | None]) -> Iterable[tuple[str, str]]:
    for column, cell, most in zip(COLUMNS, cells, _LONGEST, strict=True):
        if cell is None:
            if column in _REQUIRED:
                yield column, "this is empty: enter a value"
        elif len(cell) > most:
            yield column, f"this is longer than {most} characters"
        elif (check := _CHECKS.get(column)) and (message := check(column, cell)):
            yield column, message
    longitude, latitude = cells[4], cells[5]
    if (longitude is None) != (latitude is None):
        empty = "Longitude" if longitude is None else "Latitude"
        yield empty, "this is empty and the other is not: enter both, or neither where there is no location"


def _month_fault(column: str, cell: str) -> str | None:
    return None if month_from(cell) else "enter a month as YYYY-MM"


def _coordinate_fault(column: str, cell: str) -> str | None:
    most = _FURTHEST[column]
    if _NUMBER.fullmatch(cell) and abs(float(cell)) <= most:
        return None
    return f"enter degrees from -{most} to {most}, such as 52.205337"


_CHECKS: dict[str, Callable[[str, str], str | None]] = {
    "Month": _month_fault,
    "Longitude": _coordinate_fault,
    "Latitude": _coordinate_fault,
}

_LONGEST_SHOWN = 100


def _shown(text: str | None) -> str | None:
    """A value as a message shows it: on one line, and not without end."""
    if text is None:
        return None
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What loading a month again brings: rows that are new, changed and the same, and those that are gone."""

    new: int
    changed: int
    unchanged: int
    gone: int

    @property
    def same(self) -> bool:
        return not (self.new or self.changed or self.gone)


def compare(before: Iterable[StreetRow], after: Iterable[StreetRow]) -> Comparison:
    """Hold the rows of a month against those it replaces, whatever their order.

    Rows alike in every column pair off one by one. Of the rest a row is *changed* when its Crime ID was there before.
    """
    old, new = Counter(before), Counter(after)
    unchanged = sum((old & new).values())
    left, brought = old - new, new - old
    ids_left = Counter[str]()
    for row, times in left.items():
        if row.crime_id is not None:
            ids_left[row.crime_id] += times
    changed = 0
    for row, times in brought.items():
        if row.crime_id is not None:
            paired = min(times, ids_left[row.crime_id])
            ids_left[row.crime_id] -= paired
            changed += paired
    return Comparison(sum(brought.values()) - changed, changed, unchanged, sum(left.values()) - changed)


_WORDS_OF_A_FORCE = re.compile(r"\b(constabulary|police|service|force)\b")


def file_name(of: Month, ending: str = "csv") -> str:
    """The name a month is published under: ``2024-01-cambridgeshire-street.csv``."""
    words = _WORDS_OF_A_FORCE.sub(" ", of.force.lower().replace("&", " and "))
    force = "-".join(re.findall(r"[a-z0-9]+", words)) or "force"
    return f"{of.month}-{force}-street.{ending}"
