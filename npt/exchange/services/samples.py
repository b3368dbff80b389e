"""The first rows of a sheet, carried along in the page while a mapping is made; nothing of them is kept here."""

import json

from npt.core import sheets
from npt.core.errors import BadInput
from npt.core.sheets import DateCell, Sheet

MOST_ROWS = 8
"""Enough to see how an export is written."""

_LONGEST_CELL = 200


def sample(name: str, data: bytes) -> Sheet:
    """The header and the first rows of a sheet.

    :raises BadInput: when it cannot be read
    """
    if not name.lower().endswith(sheets.SUFFIXES):
        raise BadInput("Choose a CSV or Excel file")
    read = sheets.read(name, data)
    rows = [
        (line, tuple(None if cell is None else type(cell)(cell[:_LONGEST_CELL]) for cell in cells))
        for line, cells in read.rows[:MOST_ROWS]
    ]
    return Sheet(name, read.sha256, read.columns, rows)


def packed(sheet: Sheet) -> str:
    """A sample as the text that a page carries."""
    rows = [
        [line, [{"date": cell} if isinstance(cell, DateCell) else cell for cell in row]] for line, row in sheet.rows
    ]
    return json.dumps([sheet.name, list(sheet.columns), rows], separators=(",", ":"))


def unpacked(text: str) -> Sheet | None:
    """The sample a page carried; nothing when there is none, or it is not what ``packed`` made."""
    try:
        name, columns, rows = json.loads(text)
        made = [(int(line), tuple(_cell(cell) for cell in row)) for line, row in rows[:MOST_ROWS]]
        if not all(len(cells) == len(columns) for _, cells in made):
            return None
        return Sheet(str(name), "", tuple(map(str, columns)), made)
    except (ValueError, TypeError, KeyError):
        return None


def _cell(cell: object) -> str | None:
    if isinstance(cell, dict):
        return DateCell(cell["date"])
    return None if cell is None else str(cell)
