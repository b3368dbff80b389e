"""``npt import`` and ``npt export``: a folder, or one file, from the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from npt.core.authority import system
from npt.core.errors import BadInput
from npt.crime.rules import ATTRIBUTION
from npt.edge import now, today, transaction, zone
from npt.exchange import queries, services
from npt.exchange.rules.mapping import ColumnMapping
from npt.exchange.rules.published import Published, published_kind
from npt.exchange.services import FileResult, ImportResult, Progress


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Judge everything and print the same report; change nothing.")
@click.option("--mapping", "mapping_name", help="A saved mapping of columns: PATH is one file of another system.")
def import_command(path: Path, *, dry_run: bool, mapping_name: str | None) -> None:
    """Take in a folder of files, or one file whose name says its kind: CSV or XLSX, all or nothing.

    A row with a known key updates it, an unchanged row changes nothing, and nothing is ever deleted.
    """
    mapping = _mapping(mapping_name)
    sheets = services.at_path(path, mapped=mapping is not None)
    try:
        with _watched() as progress, transaction():
            result = services.load(
                sheets,
                actor=system("npt import"),
                at=now(),
                on=today(),
                zone=zone(),
                progress=progress,
                dry_run=dry_run,
                mapping=mapping,
            )
    except services.Rehearsed as rehearsed:
        result = rehearsed.result
    for line in _table(result):
        click.echo(line)
    if dry_run:
        click.echo("dry run: nothing was changed")


@click.command("import-ward-officers")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def ward_officers_command(path: Path) -> None:
    """Take in the published workbook of ward officers, or one of its sheets: monthly totals beside our own.

    A month loaded again replaces itself. Misspelt headers, rows that stand twice and missing FTE are told.
    """
    with path.open("rb") as file, transaction():
        taken = services.take_in_ward_officers(path.name, file, actor=system("npt import-ward-officers"), at=now())
    for note in taken.notes:
        click.echo(note)
    click.echo(f"{taken.read} rows read, {taken.kept} kept, {taken.months} months")


def _mapping(name: str | None) -> ColumnMapping | None:
    if name is None:
        return None
    found = queries.mapping_named(name)
    if found is None:
        there = ", ".join(queries.live_mappings()) or "none yet"
        raise BadInput(f'MAPPING: there is no saved mapping of this name; there are: {there} ("{name}")')
    return found


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "ending", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--kind", "kinds", multiple=True, help="One kind of file, such as duties; may be given several times.")
def export_command(folder: Path, ending: str, kinds: tuple[str, ...]) -> None:
    """Write everything recorded as the files that npt import takes in: one for each kind, into FOLDER.

    Published crime comes as one file for each month and force, and ward boundaries as GeoJSON in either format.
    Nothing is overwritten. An import of what was written changes nothing.
    """
    with transaction():
        files = services.export(kinds, ending, actor=system("npt export"), at=now(), zone=zone())
        services.write_files(folder, files)
    width = max(len(file.name) for file in files)
    click.echo(f"{'file':<{width}}  {'rows':>8}")
    for file in files:
        click.echo(f"{file.name:<{width}}  {file.rows:>8}")
    click.echo("OFFICIAL: these files hold personal data")
    if any(published_kind(file.name) is Published.STREET for file in files):
        click.echo(ATTRIBUTION)


@contextmanager
def _watched() -> Iterator[Progress]:
    """A bar for each file on standard error, when somebody is there to see it."""
    if not sys.stderr.isatty():
        yield services.silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(file: str, done: int, total: int) -> None:
            if file not in tasks:
                tasks[file] = bars.add_task(file, total=total)
            bars.update(tasks[file], completed=done)

        yield progress


def _table(result: ImportResult) -> Iterator[str]:
    width = max([len("file"), *(len(line.file) for line in result.files)])
    yield f"{'file':<{width}}  {'read':>8}  {'new':>8}  {'changed':>8}  {'unchanged':>9}"
    for line in result.files:
        yield _line(line, width)


def _line(line: FileResult, width: int) -> str:
    return f"{line.file:<{width}}  {line.read:>8}  {line.new:>8}  {line.changed:>8}  {line.unchanged:>9}"
