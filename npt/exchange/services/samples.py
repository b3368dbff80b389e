"""The first rows of a sheet, carried along in the page while a mapping is made; nothing of them is kept here."""

import json
from collections.abc import Sequence
from itertools import islice

from npt.core import sheets, spool
from npt.core.characters import holds_unseen
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
    if (line := _unseen(read.columns, rows)) is not None:
        raise BadInput(f"Line {line}: take out the control characters, which nobody sees")
    return Sheet(name, read.sha256, read.columns, rows)


def _unseen(columns: Sequence[str], rows: Sequence[spool.Row]) -> int | None:
    """The first line with a character that nobody sees, which no page can show."""
    lines = ((1, tuple(columns)), *rows)
    return next((line for line, cells in lines if any(holds_unseen(str(cell)) for cell in cells if cell)), None)


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
        headers = tuple(map(str, columns))
        return None if _unseen(headers, made) is not None else Sheet(str(name), "", headers, made)
    except (ValueError, TypeError, IndexError):
        return None


def _sound(row: spool.Row, width: int) -> bool:
    line, cells = row
    return (
        isinstance(line, int) and len(cells) == width and all(cell is None or isinstance(cell, str) for cell in cells)
    )
