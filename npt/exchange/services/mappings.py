"""Save and end column mappings, and try one on the first rows of a sheet."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import BadInput, Problem, Refused, refuse_if_any
from npt.core.sheets import Sheet
from npt.exchange import queries
from npt.exchange.models import ImportMapping
from npt.exchange.rules.cells import Clock
from npt.exchange.rules.kinds import BY_NAME
from npt.exchange.rules.mapping import MAP_OR_LEAVE_OUT, NEITHER, ColumnMapping, Translation, as_words, faults, unsaid
from npt.exchange.rules.rows import lay_over, read_rows

Cell = str | None


def save_mapping(
    mapping: ColumnMapping, *, mapping_id: int | None, actor: Actor, at: dt.datetime, zone: ZoneInfo
) -> int:
    """Keep a mapping: a new one, or what an old one says from now on. Its number comes back.

    :raises Refused: when it cannot work, or the name is taken
    :raises NoResultFound: when there is no such mapping to change
    """
    refuse_if_any(faults(mapping, Clock(zone)))
    rules = json.dumps(as_words(mapping))
    if mapping_id is None:
        row = ImportMapping(name=mapping.name, kind=mapping.kind, rules=rules, saved_at=at, saved_by=actor.name)
        session.add(row)
        session.flush()
        said = {"name": mapping.name, "kind": mapping.kind, **as_words(mapping)}
        audit.record("mapping.saved", _subject(row), actor=actor, at=at, **said)
        return row.id
    row = _live(mapping_id)
    if (row.name, row.rules) == (mapping.name, rules):
        return row.id
    before = {"name": row.name, **json.loads(row.rules)}
    after = {"name": mapping.name, **as_words(mapping)}
    row.name, row.rules, row.saved_at, row.saved_by = mapping.name, rules, at, actor.name
    session.flush()
    changed = [name for name in after if before[name] != after[name]]
    audit.record(
        "mapping.changed",
        _subject(row),
        actor=actor,
        at=at,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row.id


def end_mapping(mapping_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Take a mapping out of use. What was imported with it stays, and so does the mapping, to be read.

    :raises Refused: when it is ended already
    """
    row = _live(mapping_id)
    row.ended_at, row.ended_by = at, actor.name
    audit.record("mapping.ended", _subject(row), actor=actor, at=at, name=row.name)


def _live(mapping_id: int) -> ImportMapping:
    row = session.scalars(select(ImportMapping).where(ImportMapping.id == mapping_id).with_for_update()).one()
    if row.ended_at is not None:
        raise Refused("This mapping has been ended: make a new one")
    return row


def _subject(row: ImportMapping) -> str:
    return f"mapping:{row.id}"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of theirs as ours, and all that is wrong with it."""

    line: int
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a sheet as a mapping makes them; ``problems`` are those of its headers."""

    columns: tuple[str, ...] = ()
    rows: tuple[PreviewRow, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def faulty(self) -> int:
        return sum(1 for row in self.rows if row.problems)


def preview(mapping: ColumnMapping, sheet: Sheet, zone: ZoneInfo) -> Preview:
    """Judge the first rows of a sheet as an import would judge each row; nothing is changed.

    Headers nobody has said anything of yet are named, and do not keep the rows from being shown.
    """
    kind = BY_NAME[mapping.kind]
    left = tuple(unsaid(mapping, sheet.columns))
    open_ends = tuple(Problem(sheet.name, 1, header, f"{NEITHER}: {MAP_OR_LEAVE_OUT}") for header in left)
    mapping = replace(mapping, ignored=(*mapping.ignored, *left))
    raw: Sequence[tuple[int, tuple[Cell, ...]]] = list(sheet.rows)
    try:
        translation = Translation(mapping, sheet.name, sheet.columns)
        known = {
            column.names: {key[0] for key in queries.recorded(BY_NAME[column.names], ()).rows}
            for column in kind.columns
            if column.names is not None
        }
        found = read_rows(
            kind,
            sheet.name,
            translation.columns,
            translation.rows(raw),
            clock=Clock(zone),
            known=known,
            advance=lambda: None,
        )
    except BadInput as error:
        return Preview(problems=(*(p for p in error.problems if isinstance(p, Problem)), *open_ends))
    _, more = lay_over(found, {})
    of_line: dict[int | None, list[Problem]] = {}
    for problem in [*found.problems, *more]:
        of_line.setdefault(problem.line, []).append(problem)
    rows = [
        PreviewRow(
            line,
            translation.row(cells),
            tuple(translation.in_their_words(problem, cells) for problem in of_line.get(line, ())),
        )
        for line, cells in raw
    ]
    return Preview(translation.columns, tuple(rows), open_ends)
