"""A sheet's rows: read cell by cell, laid over what is recorded, and found new, changed or the same."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from npt.core.errors import BadInput, Problem
from npt.exchange.rules.cells import Clock, Untold
from npt.exchange.rules.columns import Column, Key, Kind, Values
from npt.exchange.rules.kinds import NOUNS

Line = tuple[int, Sequence[str | None]]

LONGEST_SHOWN = 100


@dataclass
class ReadRows:
    """What a file says: each row by its key, with its line and the columns the file has, and all that is wrong.

    ``keys`` holds the line of every key, also of faulty rows, so that one mistake is not reported once for every row
    that names it; ``earlier`` those of the same file that were read before.
    """

    kind: Kind
    file: str
    columns: Sequence[str] = ()
    rows: dict[Key, tuple[Line, Values]] = field(default_factory=dict)
    keys: dict[Key, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    earlier: Mapping[Key, int] = field(default_factory=dict)


@dataclass
class Ledger:
    """The rows of one kind as they would stand after the run, and which of them this run brings.

    For a kind of many rows only those that matter are in it: the file's own, and any they could clash with.
    """

    kind: Kind
    file: str = ""
    columns: Sequence[str] = ()
    before: Mapping[Key, Values] = field(default_factory=dict)
    after: dict[Key, Values] = field(default_factory=dict)
    sources: dict[Key, Line] = field(default_factory=dict)
    new: list[Key] = field(default_factory=list)
    changed: list[Key] = field(default_factory=list)
    unchanged: int = 0
    read: int = 0
    faulty: set[Key] = field(default_factory=set)

    @property
    def touched(self) -> set[Key]:
        return {*self.new, *self.changed}

    def line(self, key: Key) -> int:
        """Where a row this run brings stands in its file."""
        return self.sources[key][0]

    def problem(self, key: Key, column: str, message: str) -> Problem:
        """Something wrong with a row this run brings, with the value as it was written."""
        line, cells = self.sources[key]
        written = cells[self.columns.index(column)] if column in self.columns else None
        return Problem(self.file, line, column, message, shown(written))


def header_problems(kind: Kind, file: str, columns: Collection[str]) -> list[Problem]:
    """Columns that are not known, by name, and columns that are missing."""
    known = {column.name for column in kind.columns}
    listed = ", ".join(column.name for column in kind.columns)
    unknown = [
        Problem(file, 1, shown(name), f"there is no such column in this file: use {listed}")
        for name in columns
        if name not in known
    ]
    missing = [
        Problem(file, 1, column.name, "this column is missing")
        for column in kind.columns
        if (column.required or column.key) and column.name not in columns
    ]
    return unknown + missing


def read_rows(
    kind: Kind,
    file: str,
    columns: Sequence[str],
    lines: Iterable[Line],
    *,
    clock: Clock,
    known: Mapping[str, Collection[str]],
    advance: Callable[[], None] = lambda: None,
    earlier: Mapping[Key, int] | None = None,
) -> ReadRows:
    """Read every cell and every reference, and list all that is wrong.

    :param known: for each kind of file that can be referred to, the codes there are
    :param advance: called after each row, for whoever watches
    :param earlier: the line of each key in what was read of the same file before
    :raises BadInput: when the columns are not those of this kind of file
    """
    if problems := header_problems(kind, file, columns):
        raise BadInput(*problems)
    by_name = {column.name: column for column in kind.columns}
    given = [by_name[name] for name in columns]
    found = ReadRows(kind, file, columns, earlier=earlier or {})
    for line in lines:
        found.read += 1
        _read_row(found, line, given, clock, known)
        advance()
    return found


def _read_row(
    found: ReadRows,
    source: Line,
    given: Sequence[Column],
    clock: Clock,
    known: Mapping[str, Collection[str]],
) -> None:
    line, cells = source
    values: Values = {}
    problems: list[Problem] = []
    for column, text in zip(given, cells, strict=True):
        value, problem = _read_cell(column, text, clock, known)
        values[column.name] = value
        if problem is not None:
            problems.append(Problem(found.file, line, column.name, problem, shown(text)))
    if problems and found.kind.ignored is not None:
        ignored = found.kind.ignored(values)
        problems = [problem for problem in problems if problem.column not in ignored]
    found.problems += problems
    _keep_row(found, source, values, faulty=bool(problems))


def _read_cell(
    column: Column, text: str | None, clock: Clock, known: Mapping[str, Collection[str]]
) -> tuple[Any, str | None]:
    """The value of a cell, nothing when it has none, and what is wrong with it."""
    if text is None:
        return column.empty, "this is empty: enter a value" if column.required else None
    if isinstance(text, Untold):
        return None, text.why
    try:
        value = column.parse(text, clock)
    except ValueError as error:
        return None, str(error)
    if column.names is not None and value not in known[column.names]:
        return value, f"there is no {NOUNS[column.names]}"
    return value, None


def _keep_row(found: ReadRows, source: Line, values: Values, *, faulty: bool) -> None:
    line = source[0]
    key = found.kind.key_of(values)
    if None in key:
        return
    before = found.keys.get(key) or found.earlier.get(key)
    if before is not None:
        message = f"the same {' and '.join(found.kind.key_names)} as in line {before}"
        found.problems.append(
            Problem(found.file, line, found.kind.key_names[0], message, shown(found.kind.reference(key)))
        )
        return
    found.keys[key] = line
    if not faulty:
        found.rows[key] = (source, values)


def shown(text: str | None) -> str | None:
    """A value as a message shows it: on one line, and not without end."""
    if text is None:
        return None
    # A spreadsheet's date carries a midnight that nobody wrote.
    written = text if type(text) is str else text.removesuffix("T00:00:00")
    line = " ".join(written.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def lay_over(found: ReadRows, before: Mapping[Key, Values]) -> tuple[Ledger, list[Problem]]:
    """The rows of a kind as they would stand after the run, and what is wrong with single rows.

    A column the file does not have leaves what is recorded as it is.
    """
    kind = found.kind
    faulty = set(found.keys) - set(found.rows)
    ledger = Ledger(kind, found.file, found.columns, before, dict(before), read=found.read, faulty=faulty)
    problems: list[Problem] = []
    blank = kind.blank
    for key, (source, values) in found.rows.items():
        recorded = before.get(key)
        row = {**(blank if recorded is None else recorded), **values}
        if kind.settle is not None:
            kind.settle(row)
        ledger.after[key] = row
        ledger.sources[key] = source
        if kind.faults is not None:
            problems += [ledger.problem(key, column, message) for column, message in kind.faults(row)]
        if recorded is None:
            ledger.new.append(key)
        elif row == recorded:
            ledger.unchanged += 1
        else:
            ledger.changed.append(key)
    return ledger, problems
