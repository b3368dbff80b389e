"""Sheets that other systems hand in and take: CSV and XLSX, read into rows of text with their line, and written."""

import codecs
import csv
import datetime as dt
import hashlib
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from npt.core.errors import BadInput, Problem
from npt.core.spool import Cell, DateCell, Row, Spool

SUFFIXES = (".csv", ".xlsx")

MARKING = "OFFICIAL"

_LONGEST_CELL = 1_000_000
_CHUNK = 1_000_000
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 100
"""No file has so many; a sheet that claims more is not read further to the right."""
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_NOT_WORKED_OUT = "the spreadsheet could not work this cell out: enter a value"
# What a spreadsheet program would run as a formula when it opens a CSV; a telephone number it leaves alone.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d .()]+", re.ASCII)
_LARGEST_UNPACKED = 200_000_000
# Half a second either way is Excel's arithmetic, never somebody's meaning.
_HALF_A_SECOND = dt.timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file's rows. A row has its line and one cell for each column, stripped; ``None`` where the cell is empty.

    ``line`` is the physical line a CSV record starts on, or the sheet's row of an XLSX. Of a file the rows are a
    ``Spool``: they can be gone through again and again, and are never all in memory.
    """

    name: str
    sha256: str
    columns: tuple[str, ...]
    rows: Collection[Row]
    problems: tuple[Problem, ...] = field(default=())
    delimiter: str = ","


def read(name: str, data: bytes | IO[bytes], nth: int = 0) -> Sheet:
    """Read a file by its name's ending, in one walk through it. What is wrong with single rows is in ``problems``.

    :param data: what is in it, or the open file, which is left open
    :param nth: which sheet of a workbook
    :raises BadInput: when the file as a whole cannot be read: no header, not UTF-8, not a workbook
    """
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    is_book = name.lower().endswith(".xlsx")
    delimiter = "," if is_book else _delimiter(name, file)
    with closing(_xlsx(name, file, nth) if is_book else _csv(name, file, delimiter)) as records:
        filled = ((line, cells) for line, cells in records if any(cells))
        header = next(filled, None)
        if header is None:
            raise BadInput(Problem(name, 1, None, "the file is empty: the first line must name the columns"))
        columns = _columns(name, *header)
        rows = Spool()
        problems: list[Problem] = []
        width = len(columns)
        for line, cells in filled:
            if len(cells) > width and any(cells[width:]):
                problems.append(Problem(name, line, None, f"more cells than the {width} columns of the header"))
                continue
            if is_book and (errors := [at for at, cell in enumerate(cells[:width]) if cell in _ERRORS]):
                problems += [Problem(name, line, columns[at], _NOT_WORKED_OUT, cells[at]) for at in errors]
                continue
            rows.add((line, (*cells[:width], *(None,) * (width - len(cells)))))
    return Sheet(name, digest, columns, rows, tuple(problems), delimiter)


def sha256(data: bytes) -> str:
    """What says of a file, in the record, that it was this one."""
    return hashlib.sha256(data).hexdigest()


def from_rows(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> Sheet:
    """A sheet that never was a file: generated rows, counted from line 2 as if they stood under a header."""
    digest = hashlib.sha256(";".join(columns).encode())
    made: list[Row] = []
    for line, row in enumerate(rows, start=2):
        cells = tuple(row.get(column) or None for column in columns)
        digest.update(repr(cells).encode())
        made.append((line, cells))
    return Sheet(name, digest.hexdigest(), tuple(columns), made)


def csv_content(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV in UTF-8 with a header. A text that a spreadsheet would run gets an apostrophe, which ``read`` takes off.

    :param name: the file's name, which a CSV keeps to itself
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def xlsx_content(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """An XLSX of one sheet, every cell a text so that it is read back as it was, with the marking printed at its head.

    :raises BadInput: when a sheet does not hold so many rows
    """
    if len(rows) >= _MOST_ROWS:
        raise BadInput(Problem(name, None, None, f"a sheet holds {_MOST_ROWS:,} rows and this is more: use CSV"))
    content = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": f"{MARKING} – {name}", "category": MARKING})
        sheet = book.add_worksheet()
        sheet.set_header(f"&C{MARKING}")
        for number, row in enumerate([columns, *rows]):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
    return content.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _columns(name: str, line: int, cells: tuple[Cell, ...]) -> tuple[str, ...]:
    while cells and cells[-1] is None:
        cells = cells[:-1]
    if len(cells) > _MOST_COLUMNS:
        raise BadInput(Problem(name, line, None, f"the header has more than {_MOST_COLUMNS} columns"))
    problems = [
        Problem(name, line, None, f"column {number} has no name")
        for number, cell in enumerate(cells, start=1)
        if cell is None
    ]
    named = [cell for cell in cells if cell is not None]
    problems += [
        Problem(name, line, " ".join(column.split()), "this column stands in the header more than once")
        for column, times in Counter(named).items()
        if times > 1
    ]
    if problems:
        raise BadInput(*problems)
    return tuple(named)


def sheets_in(name: str, file: IO[bytes]) -> int:
    """How many sheets a file holds: one, when it is no workbook or none that can be read, which ``read`` then says."""
    if not name.lower().endswith(".xlsx"):
        return 1
    try:
        book = load_workbook(file, read_only=True)
    except Exception:
        return 1
    try:
        return max(1, len(book.worksheets))
    finally:
        book.close()


def _csv(name: str, file: IO[bytes], delimiter: str) -> Generator[Row]:
    file.seek(0)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    line = 1
    try:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        csv.field_size_limit(_LONGEST_CELL)
        for cells in reader:
            yield line, tuple([_bare(cell.strip()) or None for cell in cells])
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(Problem(name, line, None, _what_csv_says(error))) from error
    finally:
        text.detach()


def _delimiter(name: str, file: IO[bytes]) -> str:
    """What stands between the cells: the one there is more of in the first line that holds anything.

    :raises BadInput: when the file is not text
    """
    _check_text(name, file)
    file.seek(0)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        first = next((line for line in iter(lambda: text.readline(_LONGEST_CELL), "") if line.strip()), "")
    finally:
        text.detach()
    return ";" if first.count(";") > first.count(",") else ","


def _what_csv_says(error: csv.Error) -> str:
    if "limit" in str(error):
        return f"a cell has more than {_LONGEST_CELL} characters: look for a quotation mark that is not closed"
    return 'the quotation marks do not match: a cell in " must end with it, and a " inside one is written ""'


def _check_text(name: str, file: IO[bytes]) -> None:
    """Go through the file once before any of it is believed.

    :raises BadInput: with the line that is not text in UTF-8
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line = 1
    while True:
        chunk = file.read(_CHUNK)
        if (at := chunk.find(b"\0")) >= 0:
            found = line + chunk.count(b"\n", 0, at)
            raise BadInput(Problem(name, found, None, "this is not text: save the sheet as CSV in UTF-8"))
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # What the decoder kept of the chunk before is the beginning of one character, and no line's end.
            found = line + error.object.count(b"\n", 0, error.start)
            raise BadInput(Problem(name, found, None, "this is not UTF-8: save the sheet as CSV in UTF-8")) from error
        if not chunk:
            return
        line += chunk.count(b"\n")


def _xlsx(name: str, file: IO[bytes], nth: int) -> Generator[Row]:
    try:
        # openpyxl warns of styles and validations that hold no data.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _sheet(name, file, nth)
    except BadInput:
        raise
    except Exception as error:
        # A broken, encrypted or hostile workbook fails in a dozen ways inside the library; each means the same.
        raise BadInput(Problem(name, None, None, "this is not an XLSX workbook that can be read")) from error


def _sheet(name: str, file: IO[bytes], nth: int) -> Generator[Row]:
    with zipfile.ZipFile(file) as parts:
        if sum(part.file_size for part in parts.infolist()) > _LARGEST_UNPACKED:
            raise BadInput(Problem(name, None, None, "the workbook is too large: hand it in as CSV"))
    book = load_workbook(file, read_only=True, data_only=True)
    try:
        if not book.worksheets:
            raise BadInput(Problem(name, None, None, "the workbook holds no sheet"))
        sheet = book.worksheets[nth]
        # Some programs write a wrong size into the sheet; without it every row there is gets read.
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), start=1):
            if number > _MOST_ROWS:
                raise BadInput(Problem(name, number, None, f"a sheet holds {_MOST_ROWS:,} rows and this is more"))
            if any(value is not None for value in values):
                yield number, tuple([_text(value) for value in values])
    finally:
        book.close()


def _text(value: object) -> Cell:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    if isinstance(value, dt.datetime):
        return DateCell((value + _HALF_A_SECOND).replace(microsecond=0).isoformat())
    if isinstance(value, dt.date):
        return DateCell(value.isoformat())
    # A workbook writes what its XML cannot hold, and what looks like such writing, as _x000D_.
    return unescape(str(value)).strip() or None
