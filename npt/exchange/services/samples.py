"""The first rows of a sheet, carried along in the page while a mapping is made; nothing of them is kept here."""

import json
from itertools import islice

from npt.core import sheets, spool
from npt.core.errors import BadInput
from npt.core.sheets import Sheet

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
        for line, cells in islice(read.rows, MOST_ROWS)
    ]
    return Sheet(name, read.sha256, read.columns, rows)


def packed(sheet: Sheet) -> str:
    """A sample as the text that a page carries."""
    rows = [spool.plain(row) for row in sheet.rows]
    return json.dumps([sheet.name, list(sheet.columns), rows], separators=(",", ":"))


def unpacked(text: str) -> Sheet | None:
    """The sample a page carried; nothing when there is none, or it is not what ``packed`` made."""
    try:
        name, columns, rows = json.loads(text)
        made = [spool.restored(row) for row in rows[:MOST_ROWS]]
        if not all(_sound(row, len(columns)) for row in made):
            return None
        return Sheet(str(name), "", tuple(map(str, columns)), made)
    except (ValueError, TypeError, IndexError):
        return None


def _sound(row: spool.Row, width: int) -> bool:
    line, cells = row
    return (
        isinstance(line, int) and len(cells) == width and all(cell is None or isinstance(cell, str) for cell in cells)
    )
