"""``npt report``: reports at the command line, of the whole force."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import NoResultFound

from npt import edge
from npt.abstractions.queries import Question
from npt.core.authority import EVERYTHING
from npt.core.errors import BadInput
from npt.core.figures import two_places
from npt.core.periods import Window, month_from, month_of
from npt.crime import queries as crime_queries
from npt.crime import rules as crime_rules
from npt.people import queries as people
from npt.policy.queries import reason_book
from npt.policy.rules import Definition, NoPolicy, Policy
from npt.reports import queries, rules
from npt.reports.rules import By, Sheet
from npt.web.downloads import csv_file, xlsx_file


@click.group("report")
def report() -> None:
    """Figures for other systems, and for reading."""


_FORMATS = ("table", "json", "csv", "xlsx")
_WIDE = 200
_definition = click.option(
    "--definition", type=click.Choice([d.value for d in Definition]), default=Definition.LOCAL.value
)
_output = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write to.")
_format = click.option("--format", "form", type=click.Choice(_FORMATS), default="table")


@report.command("abstraction")
@click.option("--from", "first", required=True, metavar="DATE")
@click.option("--to", "last", required=True, metavar="DATE")
@click.option("--by", type=click.Choice([by.value for by in By]), default=By.TEAM.value)
@_definition
@_format
@_output
def abstraction(first: str, last: str, by: str, definition: str, form: str, output: Path | None) -> None:
    """Abstraction over any range of days, both included."""
    window = _window(first, last)
    found = queries.abstraction_report(_question(window, definition), By(by), EVERYTHING)
    _write([rules.abstraction_sheet(found)], rules.abstraction_json(found), form, output, f"abstraction {first} {last}")


@report.command("supervision")
@click.option("--on", "on", required=True, metavar="DATE")
@_format
@_output
def supervision(on: str, form: str, output: Path | None) -> None:
    """Who supervises whom on a day, and the ratio of each BCU and of the force."""
    day = _day("--on", on)
    found = queries.supervision_report(day, _policy(day), EVERYTHING)
    _write(rules.supervision_sheets(found), rules.supervision_json(found), form, output, f"supervision {on}")


@report.command("resources")
@click.option("--bcu", "code", required=True, metavar="CODE")
@click.option("--month", required=True, metavar="YYYY-MM")
@_definition
@click.option("--issued", metavar="VERSION", help="A report as it was issued.")
@click.option("--format", "form", type=click.Choice([*_FORMATS, "pdf"]), default="table")
@_output
def resources(code: str, month: str, definition: str, issued: str | None, form: str, output: Path | None) -> None:
    """Report the month of a BCU: staffing, vacancies, abstraction, supervision and flags."""
    if issued is not None:
        raise BadInput("--issued: this version cannot show an issued report; leave it out for the live figures")
    if form == "pdf":
        raise BadInput("--format: this version cannot write PDF; print the BCU month from the browser instead")
    question = _question(_month(month), definition)
    try:
        bcu = people.bcu(code, EVERYTHING)
    except NoResultFound:
        known = ", ".join(row.code for row in people.bcus(EVERYTHING)) or "none yet"
        raise BadInput(f'--bcu: no such BCU; the codes are: {known} ("{code}")') from None
    found = queries.resources_report(bcu, question, edge.today(), EVERYTHING)
    _write(rules.month_sheets(found), rules.resources_json(found), form, output, f"resources {code} {month}")


@report.command("crime")
@click.option("--from", "first", required=True, metavar="YYYY-MM")
@click.option("--to", "last", required=True, metavar="YYYY-MM")
@click.option("--by", type=click.Choice([by.value for by in crime_rules.By]), default=crime_rules.By.WARD.value)
@_format
@_output
def crime(first: str, last: str, by: str, form: str, output: Path | None) -> None:
    """Recorded crime and anti-social behaviour of a span of months, both included, by ward, team, BCU or force."""
    first_month, last_month = _month_day("--from", first), _month_day("--to", last)
    if last_month < first_month:
        raise BadInput(f'--to: enter a month that is not before --from, {first} ("{last}")')
    found = crime_queries.crime_report(first_month, last_month, crime_rules.By(by), EVERYTHING)
    if form == "table":
        sheet = Sheet(f"Crime. {crime_rules.ATTRIBUTION}", *crime_rules.crime_summary(found))
    else:
        sheet = Sheet("Crime", *crime_rules.crime_table(found))
    _write([sheet], crime_rules.crime_json(found), form, output, f"crime {first} {last}")


def _day(option: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or not dt.MINYEAR < day.year < dt.MAXYEAR:
        raise BadInput(f'{option}: enter a date as YYYY-MM-DD, for instance 2026-10-31 ("{text}")')
    return day


def _window(first: str, last: str) -> Window:
    first_day, last_day = _day("--from", first), _day("--to", last)
    if last_day < first_day:
        raise BadInput(f'--to: enter a date that is not before --from, {first} ("{last}")')
    return Window(first_day, last_day, edge.zone())


def _month_day(option: str, text: str) -> dt.date:
    first_day = month_from(text)
    if first_day is None:
        raise BadInput(f'{option}: enter a month as YYYY-MM, for instance 2026-10 ("{text}")')
    return first_day


def _month(text: str) -> Window:
    return month_of(_month_day("--month", text), edge.zone())


def _policy(on: dt.date) -> Policy:
    try:
        return edge.policy(on)
    except NoPolicy as error:
        raise BadInput(str(error)) from None


def _question(window: Window, definition: str) -> Question:
    return Question(window, edge.now(), _policy(window.last_day), reason_book(), Definition(definition))


def _write(sheets: Sequence[Sheet], figures: rules.Json, form: str, output: Path | None, name: str) -> None:
    content = _content(sheets, figures, form, name)
    if output is not None:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise BadInput(f'--output: the file cannot be written: {error.strerror} ("{output}")') from None
        click.echo(f"Written to {output}.")
    elif form == "xlsx":
        raise BadInput("--output: name a file for a spreadsheet to be written to")
    else:
        click.echo(content, nl=False)


def _content(sheets: Sequence[Sheet], figures: rules.Json, form: str, name: str) -> bytes:
    if form == "json":
        return f"{json.dumps(figures, indent=1, ensure_ascii=False)}\n".encode()
    if form == "csv":
        return csv_file(name, sheets[0].header, sheets[0].rows).get_data()
    if form == "xlsx":
        return xlsx_file(name, [(sheet.title, sheet.header, sheet.rows) for sheet in sheets]).get_data()
    return _table(sheets).encode()


def _table(sheets: Sequence[Sheet]) -> str:
    console = Console(width=_WIDE, color_system=None, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        for sheet in sheets:
            table = Table(title=sheet.title, title_justify="left", box=None, pad_edge=False)
            for column in sheet.header:
                table.add_column(column.replace("_", " "), no_wrap=False)
            for row in sheet.rows:
                table.add_row(*(_text(cell) for cell in row))
            console.print(table)
            console.print()
    return "\n".join(line.rstrip() for line in capture.get().splitlines()).rstrip() + "\n"


def _text(cell: rules.Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return two_places(cell) if isinstance(cell, Fraction | Decimal) else str(cell)
