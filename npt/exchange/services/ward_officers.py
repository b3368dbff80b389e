"""Take in the published workbook of dedicated ward officers. A month loaded again replaces itself."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from sqlalchemy import delete

from npt.audit import services as audit
from npt.audit.rules import LONGEST_SUBJECT
from npt.core import db, sheets
from npt.core.authority import Actor
from npt.core.errors import BadInput, Problem
from npt.exchange.models import WardOfficerMinutes, WardOfficerStrength
from npt.exchange.rules.ward_officers import (
    PublishedMinutes,
    PublishedStrength,
    WardOfficerSheet,
    count_once,
    read_ward_officers,
)

_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class WardOfficersTaken:
    """What became of a file: rows read and kept, its months, and what was odd in it."""

    read: int
    kept: int
    months: int
    notes: tuple[str, ...]


def take_in_ward_officers(name: str, file: IO[bytes], *, actor: Actor, at: dt.datetime) -> WardOfficersTaken:
    """Read every sheet of a file and keep its monthly totals, all or nothing, with one entry in the record.

    :raises BadInput: with every problem there is
    """
    if not name.lower().endswith(sheets.SUFFIXES):
        raise BadInput(Problem(name, None, None, "this is neither CSV nor Excel: its name must end in .csv or .xlsx"))
    found: list[WardOfficerSheet] = []
    problems: list[Problem] = []
    digest = ""
    for nth in range(sheets.sheets_in(name, file)):
        file.seek(0)
        sheet = sheets.read(name, file, nth)
        digest = sheet.sha256
        read = read_ward_officers(name, sheet.columns, sheet.rows, sheet.delimiter)
        problems += [*sheet.problems, *read.problems]
        found.append(read)
    if problems:
        raise BadInput(*problems)
    count_once(found)
    minutes = [_kept(row, read) for read in found for row in read.minutes]
    strengths = [_kept(row, read) for read in found for row in read.strengths]
    _replace(WardOfficerMinutes, minutes)
    _replace(WardOfficerStrength, strengths)
    months = {row["month"] for row in (*minutes, *strengths)}
    notes = tuple(note for read in found for note in read.notes)
    taken = WardOfficersTaken(sum(read.read for read in found), len(minutes) + len(strengths), len(months), notes)
    audit.record(
        "ward_officers.published",
        f"file:{name}"[:LONGEST_SUBJECT],
        actor=actor,
        at=at,
        name=name,
        sha256=digest,
        read=taken.read,
        kept=taken.kept,
        months=sorted(month.isoformat() for month in months),
        notes=len(notes),
    )
    return taken


def _kept(row: PublishedMinutes | PublishedStrength, sheet: WardOfficerSheet) -> dict[str, Any]:
    first, *others = sheet.lines[row]
    also = [*map(str, others), *sheet.elsewhere.get(row, ())]
    return {**asdict(row), "file": sheet.file, "line": first, "also_lines": ", ".join(also)}


def _replace(model: type[WardOfficerMinutes | WardOfficerStrength], rows: Sequence[dict[str, object]]) -> None:
    months = {row["month"] for row in rows}
    db.session.execute(delete(model).where(model.month.in_(months)))
    for start in range(0, len(rows), _AT_A_TIME):
        db.bulk_insert(model, list(rows[start : start + _AT_A_TIME]))
