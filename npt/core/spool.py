"""Rows read once and gone through as often as needed, without all of them being in memory."""

import json
import tempfile
import weakref
from collections.abc import Collection, Iterator
from typing import Any

IN_MEMORY = 1_000_000
"""Bytes of rows kept in memory; more go to a file of the system's own, which has no name and ends with its reader."""

Cell = str | None
Row = tuple[int, tuple[Cell, ...]]


class DateCell(str):
    """The text of a cell that a spreadsheet holds as a date; which of date and instant is meant, its column knows."""

    __slots__ = ()


def plain(row: Row) -> list[Any]:
    """A row as JSON has it: its line and its cells; a date cell stands in a list of its own."""
    line, cells = row
    return [line, *([cell] if isinstance(cell, DateCell) else cell for cell in cells)]


def restored(written: list[Any]) -> Row:
    """The row that ``plain`` wrote."""
    line, *cells = written
    return line, tuple([DateCell(cell[0]) if isinstance(cell, list) else cell for cell in cells])


class Spool(Collection[Row]):
    """The rows of a sheet, in their order. One walk through them at a time."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115
        self._count = 0
        weakref.finalize(self, self._file.close)

    def add(self, row: Row) -> None:
        self._file.write(json.dumps(plain(row), ensure_ascii=True) + "\n")
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for written in self._file:
            yield restored(json.loads(written))

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)
