import csv
import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from npt.web.downloads import csv_file, file_name, xlsx_file


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_a_spreadsheet_would_run_is_written_as_text(text: str) -> None:
    response = csv_file("notes", ["note"], [[text]])

    assert rows_of(response.get_data()) == [["note"], [f"'{text}"]]


def test_a_header_is_guarded_like_any_cell() -> None:
    assert rows_of(csv_file("notes", ["=1+1"], []).get_data()) == [["'=1+1"]]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-12, "-12"),
        ("-12.5", "-12.5"),
        ("+3", "+3"),
        (Fraction(1, 8), "0.13"),
        (Decimal("8"), "8.00"),
        (True, "yes"),
        (None, ""),
        (dt.date(2026, 11, 12), "2026-11-12"),
        ("Smith, J.", "Smith, J."),
    ],
)
def test_figures_and_names_are_written_as_they_are(cell: object, written: str) -> None:
    response = csv_file("list", ["cell"], [[cell]])  # type: ignore[list-item]

    assert rows_of(response.get_data()) == [["cell"], [written]]


def test_a_csv_tells_a_spreadsheet_that_it_is_utf8_and_carries_the_marking_in_its_name() -> None:
    response = csv_file("BCU month, North – May 2026", ["team"], [["Ely"]])

    assert response.get_data().startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Disposition"] == ('attachment; filename="OFFICIAL-bcu-month-north-may-2026.csv"')


def test_a_file_name_can_hold_nothing_that_harms() -> None:
    assert file_name('../../etc/"passwd\r\n', "csv") == "OFFICIAL-etc-passwd.csv"
    assert file_name("…", "xlsx") == "OFFICIAL-list.xlsx"


def test_a_spreadsheet_has_the_marking_and_runs_no_formula() -> None:
    response = xlsx_file("BCU month", [("Teams", ["team", "rate"], [["=1+1", Fraction(1, 8)]])])

    book = load_workbook(io.BytesIO(response.get_data()))
    sheet = book["Teams"]
    assert book.properties.title == "OFFICIAL – BCU month"
    assert sheet.oddHeader is not None
    assert sheet.oddHeader.center.text == "OFFICIAL"
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert sheet["B2"].value == 0.13
