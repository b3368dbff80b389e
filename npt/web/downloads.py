"""Lists as files: CSV that a spreadsheet opens safely, and XLSX. Both carry the marking."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter
from flask import Response, abort

from npt.core.figures import two_places
from npt.web.filters import station_zone
from npt.web.marking import MARKING, SENSITIVE

Cell = str | int | Decimal | Fraction | bool | dt.date | dt.datetime | dt.time | None
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SHAPES: Mapping[type, str] = {Decimal: "0.00", dt.date: "d mmmm yyyy", dt.datetime: "d mmmm yyyy hh:mm"}
"""How a spreadsheet shows figures, days and instants."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_UNSAFE = re.compile(r"[^a-z0-9]+")


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sensitive: bool = False) -> Response:
    """A CSV download: UTF-8 with its mark, a header row, ISO days and instants, yes and no, figures to two places.

    A text that a spreadsheet would run as a formula is written with an apostrophe before it.

    :param sensitive: it holds something OFFICIAL-SENSITIVE, and its name says so
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow([_text(cell) for cell in header])
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return _attached(
        sheet.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", file_name(name, "csv", sensitive=sensitive)
    )


def xlsx_file(
    name: str, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]], *, sensitive: bool = False
) -> Response:
    """An XLSX download of sheets, each a name, a header and rows. The marking prints at the head and foot of each.

    :param sensitive: it holds something OFFICIAL-SENSITIVE, and says so in its name, its properties and on paper
    """
    marking = SENSITIVE if sensitive else MARKING
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{marking} – {name}", "category": marking})
        bold = book.add_format({"bold": True})
        for title, header, rows in sheets:
            sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
            sheet.set_header(f"&C{marking}")
            sheet.set_footer(f"&L{name.replace('&', '&&')}&C{marking}&R&P / &N")
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, header, bold)
            shapes = {kind: book.add_format({"num_format": shape}) for kind, shape in SHAPES.items()}
            for line, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    _write(sheet, line, column, cell, shapes)
            sheet.autofit()
    return _attached(file.getvalue(), XLSX_TYPE, file_name(name, "xlsx", sensitive=sensitive))


ENDINGS = ("csv", "xlsx")


def list_file(
    ending: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sensitive: bool = False
) -> Response:
    """A list as the file asked for by its ending, ``csv`` or ``xlsx``.

    :param sensitive: it holds something OFFICIAL-SENSITIVE, and says so
    :raises NotFound: for any other ending
    """
    if ending not in ENDINGS:
        abort(404)
    if ending == "csv":
        return csv_file(name, header, rows, sensitive=sensitive)
    return xlsx_file(name, [(name.split(" ")[0][:31].capitalize(), header, rows)], sensitive=sensitive)


def file_name(name: str, ending: str, *, sensitive: bool = False) -> str:
    """A name for a download that every system takes, with the marking first."""
    return f"{SENSITIVE if sensitive else MARKING}-{_UNSAFE.sub('-', name.lower()).strip('-') or 'list'}.{ending}"


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Fraction | Decimal):
        return two_places(cell)
    if isinstance(cell, dt.datetime):
        return cell.astimezone(station_zone()).isoformat(timespec="minutes")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    text = str(cell)
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _write(sheet: Any, line: int, column: int, cell: Cell, shapes: Mapping[type, Any]) -> None:
    if isinstance(cell, Decimal | Fraction):
        sheet.write_number(line, column, float(two_places(cell)), shapes[Decimal])
    elif isinstance(cell, int) and not isinstance(cell, bool):
        sheet.write_number(line, column, cell)
    elif isinstance(cell, dt.datetime):
        # Excel knows no zones: the cell shows the station clock, as the page does.
        sheet.write_datetime(line, column, cell.astimezone(station_zone()).replace(tzinfo=None), shapes[dt.datetime])
    elif isinstance(cell, dt.date):
        sheet.write_datetime(line, column, cell, shapes[dt.date])
    elif cell is not None:
        text = str(cell) if isinstance(cell, str) else _text(cell)
        sheet.write_string(line, column, text)


def _attached(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
