"""An administrator takes in another system's duties, in a real browser."""

import csv
from pathlib import Path

from playwright.sync_api import expect

from npt.demo.services import FILES
from tests.browser.conftest import Visit


def test_a_foreign_duty_export_is_mapped_tried_saved_and_imported(visit: Visit, tmp_path: Path) -> None:
    with (FILES / "people.csv").open(encoding="utf-8", newline="") as file:
        collar_number = next(csv.DictReader(file))["collar_number"]
    export = tmp_path / "duty export.csv"
    export.write_text(
        "Number;Officer;Date;From;To;State;Depot\n"
        f"71;{collar_number};01/10/2027;07:00;17:00;Booked;Ely\n"
        f"72;{collar_number};02/10/2027;2200;0700;Booked;Ely\n"
    )
    administrator = visit("administrator")
    page = administrator.page
    administrator.go("/imports")
    administrator.follow("Mappings for other systems’ columns")
    administrator.see("mappings")
    administrator.press("Make a mapping")
    administrator.press("Continue")
    administrator.told("Choose what is in the file", "Choose a file of the other system")
    page.get_by_label("What is in it?").select_option(label="Duties")
    page.get_by_label("A file of theirs").set_input_files(export)
    administrator.press("Continue")

    for ours, theirs in (
        ("ref", "Number"),
        ("collar_number", "Officer"),
        ("starts_at", "Date"),
        ("ends_at", "Date"),
        ("status", "State"),
    ):
        page.get_by_label(f"Their column for {ours}", exact=True).select_option(label=theirs)
    for ours, theirs in (("starts_at", "From"), ("ends_at", "To")):
        page.get_by_text(f"More about {ours}").click()
        page.get_by_label(f"Their column for the time of {ours}").select_option(label=theirs)
        page.get_by_label(f"How {ours} is written").select_option(label="DD/MM/YYYY, with or without HH:MM")
    page.get_by_label("An end that is not after the start is on the next day").check()
    administrator.press("Try it on these rows")
    expect(page.get_by_text("2 of these 2 rows could not be imported")).to_be_visible()
    administrator.see("mapping-tried")

    page.get_by_text("More about status").click()
    page.get_by_label("Their words for status, and ours").fill("Booked = planned")
    page.get_by_label("Name of the mapping").fill("Depot roster")
    administrator.press("Save mapping")
    administrator.told("Depot: this is neither mapped nor left out, so map it or leave it out", field=False)
    page.get_by_label("Depot").check()
    administrator.press("Save mapping")
    expect(page.get_by_role("alert")).to_contain_text("The mapping Depot roster is saved")
    administrator.see("mapping")

    administrator.go("/imports")
    page.get_by_label("Files").set_input_files(export)
    page.get_by_label("Columns").select_option(label="Depot roster (duties)")
    administrator.press("Import")
    expect(page.get_by_role("alert")).to_contain_text("1 file taken in: 2 new rows, 0 changed rows")


def test_published_totals_are_taken_in_and_each_figure_leads_to_the_rows_that_make_it(
    visit: Visit, tmp_path: Path
) -> None:
    sheet = tmp_path / "ward officers.csv"
    row = "2021-08-01,Southern,East Cambridgeshire Borough,Soham South,Yes,Aid,540.5,E05002731\n"
    sheet.write_text(
        "Month of Abstraction,BCU,Borough,Team,Abstracted From Duty,Abstracted Type,Abstraction Minutes,Ward_Code\n"
        f"{row}{row}2021-08-01,Southern,East Cambridgeshire,Soham South,No,,9000,E05002731\n"
    )
    administrator = visit("administrator")
    administrator.go("/imports")
    administrator.follow("Published ward-officer totals")
    administrator.press("Take in")
    administrator.told("Choose the workbook or one of its sheets")
    administrator.page.get_by_label("The workbook, or one of its sheets").set_input_files(sheet)
    administrator.press("Take in")
    expect(administrator.page.get_by_text("row 3 is exactly row 2: it was counted once")).to_be_visible()
    administrator.see("ward-officers-taken-in")

    sergeant = visit("sergeant")
    sergeant.go("/abstractions/")
    sergeant.follow("Published totals")
    sergeant.see("published")
    sergeant.page.get_by_label("Month").select_option(label="August 2021")
    sergeant.press("Show")
    sergeant.follow("9 h 01")
    expect(sergeant.page.get_by_role("table", name="1 row, 9 h 01 (540.50 minutes)")).to_contain_text(
        "ward officers.csv"
    )
    sergeant.see("published-rows")
