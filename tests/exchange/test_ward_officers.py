"""The published London ward-officer workbook, made here from its description, with its traps (DOMAIN 1.8)."""

import csv
import io
from decimal import Decimal
from fractions import Fraction

import html5lib
import pytest
import xlsxwriter
from sqlalchemy import select

from npt.audit.models import AuditEntry
from npt.core import db
from npt.core.authority import Role
from npt.core.db import transaction
from npt.core.errors import BadInput
from npt.core.sheets import Sheet, read
from npt.exchange.models import WardOfficerMinutes, WardOfficerStrength
from npt.exchange.rules.ward_officers import WardOfficerSheet, published_rate, read_ward_officers
from npt.policy.cli import start_policy
from npt.settings import ROOT
from tests import make
from tests.conftest import SignIn, missing, post
from tests.exchange.make import FORCE, load

REAL = ROOT.parent / "shared" / "data" / "abstraction" / "mps_dwo_time_spent_cleaned.csv"
MINUTES = (
    "Month of Abstraction;BCU;Borough;Team;Abstracted From Duty;Abstracted Type;Abstraction Minutes;Ward_Code\n"
    "01/08/2021;Central North;Camden Borough;Bloomsbury;Yes;Aid;1.080,5;E1\n"
    "01/08/2021;Central North;Camden Borough;Bloomsbury;No;;12.000;E1\n"
    "01/08/2021;Central North;Camden Borough;Bloomsbury;Yes;Aid;1.080,5;E1\n"
)
STRENGTHS = (
    "Date,Buisness Group,OCU,Department,Team,Rank,FTE\n"
    "2021-08-31,Frontline,CN,Hammersmith & Fulham Borough,Bloomsbury,Constable,2.00\n"
    "2021-08-31,Frontline,CN,Camden,Bloomsbury,PCSO,\n"
)


def understood(sheet: Sheet, delimiter: str = ",") -> WardOfficerSheet:
    return read_ward_officers(sheet.name, sheet.columns, sheet.rows, delimiter)


def test_the_sheet_of_minutes_is_read_with_its_misspelt_header_and_its_duplicates_told() -> None:
    found = understood(read("dwo.csv", MINUTES.encode()), ";")

    assert [(row.borough, row.kind, row.abstracted, row.minutes) for row in found.minutes] == [
        ("Camden", "Aid", True, Decimal("1080.50")),
        ("Camden", "Not Abstracted", False, Decimal("12000.00")),
    ]
    assert found.notes == [
        'dwo.csv: the header "Abstracted Type" was read as "Abstraction Type"',
        "dwo.csv: row 4 is exactly row 2: it was counted once",
    ]
    assert published_rate((row.abstracted, row.minutes) for row in found.minutes) == Fraction(1080_50, 13080_50)


def test_a_strength_that_is_missing_stays_missing_and_is_never_nought() -> None:
    found = understood(read("strengths.csv", STRENGTHS.encode()))

    assert [(row.borough, row.rank, row.fte) for row in found.strengths] == [
        ("Hammersmith and Fulham", "Constable", Decimal("2.00")),
        ("Camden", "PCSO", None),
    ]
    assert 'strengths.csv: the header "Buisness Group" was read as "Business Group"' in found.notes
    assert "strengths.csv: Camden has no FTE in 1 row: kept as missing, not as 0" in found.notes


def test_what_cannot_be_understood_is_told_with_its_row() -> None:
    sheet = read(
        "dwo.csv",
        MINUTES.replace("12.000", "many").replace("01/08/2021;Central North;Camden Borough;B", "x;;C;B", 1).encode(),
    )

    assert [str(problem) for problem in understood(sheet, ";").problems] == [
        'dwo.csv:2: Month of Abstraction: enter a month as YYYY-MM, or a day of it as DD/MM/YYYY ("x")',
        'dwo.csv:3: Abstraction Minutes: enter a number with a decimal comma, such as 0,60 ("many")',
    ]
    with pytest.raises(BadInput, match="this column is missing"):
        understood(read("dwo.csv", b"Date,Team\n2021-08-31,x\n"))


def test_the_real_borough_totals_by_type_are_those_that_were_published() -> None:
    if not REAL.exists():
        missing("the real borough totals are not beside this checkout")
    with REAL.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    kinds = [name.removeprefix("Abstraction Type_") for name in table[0][2:]]
    rows = [
        (line, (row[0], "", row[1], "All", "No" if kind == "Not Abstracted" else "Yes", kind, minutes))
        for line, row in enumerate(table[1:], start=2)
        for kind, minutes in zip(kinds, row[2:], strict=True)
    ]
    columns = (
        "Month of Abstraction",
        "BCU",
        "Borough",
        "Team",
        "Abstracted From Duty",
        "Abstraction Type",
        "Abstraction Minutes",
    )

    found = read_ward_officers("mps.csv", columns, rows, ",")

    assert found.problems == []
    total = sum((row.minutes for row in found.minutes), Decimal(0))

    def part(kind: str) -> Decimal:
        return sum((row.minutes for row in found.minutes if row.kind == kind), Decimal(0)) * 100 / total

    share = {kind: part(kind) for kind in kinds}
    assert {kind: str(value.quantize(Decimal("0.01"))) for kind, value in share.items()} == {
        "Not Abstracted": "85.79",
        "Training": "6.73",
        "Local Aid": "2.68",
        "Aid": "2.47",
        "Staffing Up": "1.71",
        "Court": "0.46",
        "CAD": "0.15",
        "Custody": "0.01",
    }


def workbook(minutes: str, strengths: str) -> bytes:
    """Both sheets as one workbook, as published."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, text in (("Sheet1", minutes), ("Strengths", strengths)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(csv.reader(io.StringIO(text))):
                sheet.write_row(number, 0, row)
    return content.getvalue()


PUBLISHED = (
    "Month of Abstraction,BCU,Borough,Team,Abstracted From Duty,Abstraction Type,Abstraction Minutes,Ward_Code\n"
    "2026-10-01,Southern,East,Soham,Yes,Custody,600,E1\n"
    "2026-10-01,Southern,East,Soham,No,,5400,E1\n"
    "2026-10-01,Southern,East,Nowhere,Yes,Aid,60,E9\n"
)
STRONG = (
    "Date,Buisness Group,OCU,Department,Team,Rank,FTE\n"
    "2026-10-31,F,S,East,Soham,Constable,2.00\n2026-10-31,F,S,East,Soham,PCSO,\n"
)


def taken_in(sign_in: SignIn, minutes: str = PUBLISHED) -> str:
    browser = sign_in(make.user(Role.ADMINISTRATOR))
    file = (io.BytesIO(workbook(minutes, STRONG)), "dwo.xlsx")
    return post(browser, "/imports/ward-officers", file=file).text


def test_the_workbook_is_taken_in_with_both_sheets_and_a_month_loaded_again_replaces_itself(sign_in: SignIn) -> None:
    load(FORCE)
    first = taken_in(sign_in)
    html5lib.HTMLParser(strict=True).parse(first)
    again = taken_in(sign_in, PUBLISHED.replace("600", "900"))

    assert "5 rows read, 5 kept, 1 month" in first
    assert "East has no FTE in 1 row: kept as missing, not as 0" in first
    assert "5 rows read, 5 kept, 1 month" in again
    kept = {row.team: row.minutes for row in db.session.scalars(select(WardOfficerMinutes)) if row.abstracted}
    assert kept == {"Soham": 900, "Nowhere": 60}
    assert [row.fte for row in db.session.scalars(select(WardOfficerStrength).order_by(WardOfficerStrength.rank))] == [
        Decimal("2.00"),
        None,
    ]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "ward_officers.published")).all()
    assert len(entries) == 2


def test_a_row_that_stands_in_two_sheets_of_a_workbook_is_counted_once_and_told_of(sign_in: SignIn) -> None:
    load(FORCE)
    browser = sign_in(make.user(Role.ADMINISTRATOR))
    again = PUBLISHED.splitlines(keepends=True)
    file = (io.BytesIO(workbook(PUBLISHED, again[0] + again[2] + again[1] + again[1])), "dwo.xlsx")

    told = post(browser, "/imports/ward-officers", file=file).text

    assert "6 rows read, 3 kept, 1 month" in told
    assert "row 3, 4 of sheet 2 is exactly row 2 of sheet 1: it was counted once" in told
    assert "row 2 of sheet 2 is exactly row 3 of sheet 1: it was counted once" in told
    kept = db.session.scalars(select(WardOfficerMinutes).order_by(WardOfficerMinutes.id)).all()
    assert [(row.minutes, row.also_lines) for row in kept] == [
        (Decimal(600), "3, 4 of sheet 2"),
        (Decimal(5400), "2 of sheet 2"),
        (Decimal(60), ""),
    ]


def rows_of(part: str, team: str = "Soham", ward: str = "E1") -> str:
    return f"/published/2026-10/{part}?borough=East&team={team}&ward={ward}"


def test_a_published_figure_leads_to_its_rows_with_their_places_in_the_file_and_they_add_up_to_it(
    sign_in: SignIn,
) -> None:
    load(FORCE)
    again = "2026-10-01,Southern,East,Soham,Yes,Custody,600,E1\n2026-10-01,Southern,East,Soham,Yes,Aid,30.5,E1\n"
    again += "2026-10-01,Southern,East,Quiet,No,,60,E8\n"
    taken_in(sign_in, PUBLISHED + again)
    lead = sign_in(make.user(Role.FORCE_LEAD, email="lead@force.example"))
    shown = lead.get("/published/").text

    away, duty, strength = (lead.get(rows_of(part)).text for part in ("abstracted", "duty", "strength"))

    for page, figure in ((away, "10 h 31 (630.50 minutes)"), (duty, "100 h 31 (6030.50 minutes)")):
        html5lib.HTMLParser(strict=True).parse(page)
        assert figure in page
        assert figure.split(" (")[0] in shown
    assert "2 rows" in away
    assert "Not Abstracted" not in away
    assert "with an FTE missing" in strength
    for part in ("abstracted", "duty", "strength"):
        assert rows_of(part).replace("&", "&amp;") in shown
    assert "the figure is 0" in lead.get(rows_of("abstracted", "Quiet", "E8")).text
    lines = lead.get(f"{rows_of('abstracted')}&format=csv").text.splitlines()
    assert lines[1:] == [
        "2026-10,East,Soham,E1,Custody,yes,600.00,,dwo.xlsx,2,5",
        "2026-10,East,Soham,E1,Aid,yes,30.50,,dwo.xlsx,6,",
    ]
    assert lead.get(f"{rows_of('strength')}&format=xlsx").status_code == 200


def test_published_rows_of_a_ward_that_is_not_theirs_are_not_there_for_them(sign_in: SignIn) -> None:
    load(FORCE)
    taken_in(sign_in)
    lead = sign_in(make.user(Role.FORCE_LEAD, email="lead@force.example"))
    ours = sign_in(make.user(Role.SERGEANT, "ELY", email="ely@force.example"))
    others = sign_in(make.user(Role.SERGEANT, "SOH", email="soh@force.example"))

    # The ward belongs to Ely by then.
    assert [who.get(rows_of("duty")).status_code for who in (lead, ours, others)] == [200, 200, 404]
    nowhere = rows_of("duty", "Nowhere", "E9")
    assert [who.get(nowhere).status_code for who in (lead, ours)] == [200, 404]
    assert [
        lead.get(address).status_code
        for address in (rows_of("duty", "None"), rows_of("rate"), rows_of("duty").replace("2026-10", "1999-01"))
    ] == [404, 404, 404]


def test_a_sheet_with_anything_wrong_changes_nothing(sign_in: SignIn) -> None:
    answer = taken_in(sign_in, PUBLISHED.replace("600", "lots"))

    assert "Nothing was changed: dwo.xlsx:2: Abstraction Minutes: enter a number such as 540.5" in answer
    assert db.session.scalars(select(WardOfficerMinutes)).all() == []


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("600", "9" * 30, "Abstraction Minutes: enter 10,000,000 or less"),
        ("600", "10000000.01", "Abstraction Minutes: enter 10,000,000 or less"),
        ("Nowhere", "N" * 10_000, "Team: enter no more than 200 characters"),
        ("E1", "E" * 41, "Ward_Code: enter no more than 40 characters"),
    ],
    ids=["more digits than a column", "a hundredth too many", "a team", "a ward code"],
)
def test_more_than_can_be_meant_is_told_with_its_row_and_changes_nothing(
    sign_in: SignIn, written: str, instead: str, told: str
) -> None:
    assert written in PUBLISHED

    answer = taken_in(sign_in, PUBLISHED.replace(written, instead))

    assert told in answer
    assert db.session.scalars(select(WardOfficerMinutes)).all() == []


def test_published_totals_stand_beside_our_own_for_a_ward_of_ours_and_others_are_for_the_force_alone(
    sign_in: SignIn,
) -> None:
    load({kind: content for kind, content in FORCE.items() if kind != "policy"})
    lead = sign_in(make.user(Role.FORCE_LEAD, email="lead@force.example"))
    assert "would be here" in lead.get("/published/").text
    taken_in(sign_in)
    before_any_policy = lead.get("/published/?month=2026-10")
    with transaction():
        start_policy()

    page = lead.get("/published/?month=2026-10")
    listed = lead.get("/published/?month=2026-10&format=csv").text
    sergeant = sign_in(make.user(Role.SERGEANT, "ELY", email="s@force.example"))
    theirs = sergeant.get("/published/").text

    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "2 published teams, October 2026" in before_any_policy.text
    assert "2 published teams, October 2026" in page.text
    assert "10.0 %" in page.text
    assert "missing" in page.text
    assert "None of ours" in page.text
    # The ward belongs to Ely by then; its duties are those of Soham's people.
    assert "East,Soham,E1,600.00,6000.00,10.00,,ELY,0,0," in listed
    assert "Nowhere" not in theirs
    assert "Soham, East" in theirs
    assert lead.get("/published/?month=1999-01").status_code == 404
    assert lead.get("/published/?month=2026-10&format=pdf").status_code == 404
