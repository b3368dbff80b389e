"""Write what is recorded as files that an import takes back without changing anything."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from npt.audit import services as audit
from npt.core import db, sheets
from npt.core.authority import Actor
from npt.core.errors import BadInput, Problem
from npt.crime import queries as crime
from npt.crime.rules import COLUMNS, StreetRow, boundary_document, file_name
from npt.exchange import queries
from npt.exchange.rules import written
from npt.exchange.rules.columns import Kind
from npt.exchange.rules.kinds import BY_NAME, KINDS
from npt.exchange.rules.published import Published


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One kind as a file: its name, how many rows, and what it holds."""

    name: str
    rows: int
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def export(names: Iterable[str], ending: str, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> list[ExportedFile]:
    """Every row of these kinds, in the order in which they load; of all kinds when none is named.

    It reads behind any import under way, inside the ``transaction()`` that keeps the entry it leaves in the record.

    Published crime comes as a file for each month and force, the ward boundaries as one; without any, there is none.

    :param ending: ``csv`` or ``xlsx``
    :raises BadInput: when a kind is not known, has more rows than an XLSX sheet holds, or there is nothing to give out
    """
    wanted = set(names)
    known = [*BY_NAME, *Published]
    if unknown := sorted(wanted - set(known)):
        raise BadInput(*(f'KIND: no such kind of file; there are {", ".join(known)} ("{name}")' for name in unknown))
    db.lock_record("import")
    files = [_file(kind, ending, zone) for kind in KINDS if not wanted or kind.name in wanted]
    for published in Published:
        if not wanted or published in wanted:
            files += _PUBLISHED[published](ending)
    if not files:
        raise BadInput(f'KIND: nothing of this kind has been taken in yet ("{", ".join(sorted(wanted))}")')
    audit.record(
        queries.EXPORTED,
        f"export:{next(iter(wanted)) if len(wanted) == 1 else 'files'}",
        actor=actor,
        at=at,
        files=[{"name": file.name, "rows": file.rows, "sha256": file.sha256} for file in files],
    )
    return files


def _file(kind: Kind, ending: str, zone: ZoneInfo) -> ExportedFile:
    name = f"{kind.name}.{ending}"
    rows = [[written.cell(value, zone) for value in row] for row in queries.exported(kind)]
    columns = [column.name for column in kind.columns]
    write = sheets.csv_content if ending == "csv" else sheets.xlsx_content
    return ExportedFile(name, len(rows), write(name, columns, rows))


def _street_files(ending: str) -> list[ExportedFile]:
    """The months as they were published. Two forces whose files would have one name stand in one file."""
    rows: dict[str, list[StreetRow]] = {}
    for of, number in crime.published_months().items():
        rows.setdefault(file_name(of, ending), []).extend(crime.street_rows(number, of))
    write = sheets.csv_content if ending == "csv" else sheets.xlsx_content
    return [
        ExportedFile(name, len(held), write(name, COLUMNS, [[cell or "" for cell in row] for row in held]))
        for name, held in rows.items()
    ]


def _boundary_files(ending: str) -> list[ExportedFile]:
    held = crime.boundaries()
    name = f"{Published.BOUNDARIES}.geojson"
    return [ExportedFile(name, len(held), boundary_document(held))] if held else []


_PUBLISHED = {Published.STREET: _street_files, Published.BOUNDARIES: _boundary_files}


def write_files(folder: Path, files: Sequence[ExportedFile]) -> None:
    """Put files into a folder, which is made when there is none.

    :raises BadInput: when one of them is there already, or the folder cannot be written; then none is written
    """
    there = [file.name for file in files if (folder / file.name).exists()]
    if there:
        raise BadInput(*(Problem(str(folder / name), None, None, "this is there already") for name in there))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file.name).write_bytes(file.content)
    except OSError as error:
        raise BadInput(Problem(str(folder), None, None, f"this cannot be written: {error.strerror}")) from error


def zipped(files: Sequence[ExportedFile], folder: str, at: dt.datetime) -> bytes:
    """Files as one zip, inside a folder of that name."""
    packed = io.BytesIO()
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(f"{folder}/{file.name}", stamp), file.content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
