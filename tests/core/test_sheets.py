"""Sheets as spreadsheets, exports and hurried people write them."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from npt.core import sheets
from npt.core.errors import BadInput
from npt.core.spool import DateCell


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)  # type: ignore[call-overload]
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def what_is_wrong(name: str, data: bytes) -> list[str]:
    with pytest.raises(BadInput) as refused:
        sheets.read(name, data)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    "data",
    [
        b"code,name\nN,Northern\n",
        b"\xef\xbb\xbfcode,name\r\nN,Northern\r\n",
        b"code;name\r\nN;Northern",
        b'"code";"name"\n" N ";"Northern "\n',
        b"code,name,\nN,Northern,\n",
    ],
)
def test_every_way_in_which_a_spreadsheet_writes_csv_is_read_the_same(data: bytes) -> None:
    sheet = sheets.read("bcus.csv", data)

    assert sheet.columns == ("code", "name")
    assert list(sheet.rows) == [(2, ("N", "Northern"))]


def test_a_comma_inside_a_cell_does_not_hide_the_semicolons_between_them() -> None:
    sheet = sheets.read("bcus.csv", b"code;name\nN;Ely, Soham, March\n")

    assert list(sheet.rows) == [(2, ("N", "Ely, Soham, March"))]


def test_a_line_is_counted_in_the_file_also_after_a_note_of_two_lines_and_an_empty_one() -> None:
    sheet = sheets.read("a.csv", b'ref,note\r\n1,"two\r\nlines"\r\n\r\n2,\r\n')

    assert list(sheet.rows) == [(2, ("1", "two\r\nlines")), (5, ("2", None))]


def test_a_short_row_is_filled_up_and_a_long_one_is_refused() -> None:
    sheet = sheets.read("a.csv", b"ref,note\n1\n2,x,y\n3,x,,\n")

    assert list(sheet.rows) == [(2, ("1", None)), (4, ("3", "x"))]
    assert [str(problem) for problem in sheet.problems] == ["a.csv:3: more cells than the 2 columns of the header"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\n \n,,\n", 1),
        (b"code,name\nN,\xff\n", 2),
        (b"code,name\nN,\0\n", 2),
        ("code,name\nN,Northern".encode("utf-16"), 1),
        (b'code,name\nN,"Northern\n', 2),
        (b'code,name\nN,"Nor"thern\n', 2),
        (b"code,,name\nN,,Northern\n", 1),
    ],
)
def test_what_is_no_csv_is_refused_with_its_line(data: bytes, line: int) -> None:
    assert [problem.split(": ")[0] for problem in what_is_wrong("bcus.csv", data)] == [f"bcus.csv:{line}"]


def test_a_column_named_twice_is_refused_by_name() -> None:
    assert what_is_wrong("bcus.csv", b"code,name,code\n") == [
        "bcus.csv:1: code: this column stands in the header more than once"
    ]


def test_a_workbook_gives_whole_numbers_dates_and_lines_as_its_sheet_shows_them() -> None:
    data = workbook(
        [
            ["collar_number", "first_day", "starts_at", "fte", "public"],
            [1432.0, dt.date(2026, 10, 1), dt.datetime(2026, 10, 1, 7, 30), 0.1 + 0.7, True],  # noqa: DTZ001
            [],
            [" 1433 ", "2026-10-02", "2026-10-02T07:00+01:00", 1, None],
        ]
    )

    sheet = sheets.read("a.xlsx", data)

    assert list(sheet.rows) == [
        (2, ("1432", "2026-10-01T00:00:00", "2026-10-01T07:30:00", "0.8", "yes")),
        (4, ("1433", "2026-10-02", "2026-10-02T07:00+01:00", "1", None)),
    ]
    dated, written = list(sheet.rows)[:2]
    assert isinstance(dated[1][1], DateCell)
    assert not isinstance(written[1][1], DateCell)


def test_a_cell_that_a_workbook_could_not_work_out_is_no_value() -> None:
    sheet = sheets.read("people.xlsx", workbook([["ref", "person"], ["#N/A", "#REF!"], ["D1", "1432"], ["D2", "N/A"]]))

    assert [str(problem) for problem in sheet.problems] == [
        'people.xlsx:2: ref: the spreadsheet could not work this cell out: enter a value ("#N/A")',
        'people.xlsx:2: person: the spreadsheet could not work this cell out: enter a value ("#REF!")',
    ]
    assert list(sheet.rows) == [(3, ("D1", "1432")), (4, ("D2", "N/A"))]


def test_only_the_first_sheet_of_a_workbook_is_read() -> None:
    book = Workbook()
    book.worksheets[0].append(["code"])
    book.create_sheet("Notes").append(["not", "a", "header"])
    kept = io.BytesIO()
    book.save(kept)

    assert sheets.read("a.xlsx", kept.getvalue()).columns == ("code",)


def a_zip_of_something_else() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("letter.txt", "Dear sir")
    return kept.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"code,name\n", workbook([["code"]])[:2000], a_zip_of_something_else()],
    ids=["empty", "csv", "cut off", "another zip"],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert what_is_wrong("a.xlsx", data) == ["a.xlsx: this is not an XLSX workbook that can be read"]


def test_a_workbook_that_would_unpack_to_fill_the_memory_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/workbook.xml", "w") as part:
        for _ in range(501):
            part.write(bytes(1_000_000))

    assert what_is_wrong("a.xlsx", kept.getvalue()) == ["a.xlsx: the workbook is too large: hand it in as CSV"]


def test_generated_rows_are_a_sheet_with_lines_and_a_digest_of_their_own() -> None:
    sheet = sheets.from_rows("duties.csv", ("ref", "status"), [{"ref": "1", "status": "worked"}, {"ref": "2"}])
    other = sheets.from_rows("duties.csv", ("ref", "status"), [{"ref": "1", "status": "worked"}, {"ref": "3"}])

    assert list(sheet.rows) == [(2, ("1", "worked")), (3, ("2", None))]
    assert sheet.sha256 != other.sha256
