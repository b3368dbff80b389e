"""Dated rows of policy as files, past and to come too, with the columns of the file an import takes."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue

from npt.policy.queries.dated import BarRow, FigureRow, ReasonLine, TargetRow
from npt.policy.services.first import stored_grades
from npt.web.downloads import Cell, list_file

TARGETS = ("scope", "scope_code", "grades", "first_day", "last_day", "percent", "set_by", "reason")
REASONS = ("code", "first_day", "last_day", "label", "family", "counts_local", "counts_national", "guidance")
FIGURES = ("name", "first_day", "last_day", "value", "reason")
BARS = ("bcu", "reason", "first_day", "last_day", "strength", "set_by", "why")
"""The columns of the files: those an import takes, where it takes any."""

AnyRow = TargetRow | ReasonLine | FigureRow | BarRow


HEADERS = {"targets": TARGETS, "reasons": REASONS, "policy": FIGURES, "bars": BARS}


def dated_file(ending: str, kind: str, rows: Sequence[AnyRow], of: str = "") -> ResponseReturnValue:
    """Dated rows of one kind as a file.

    :param kind: one of ``HEADERS``
    :param of: what all the rows are of, for the file's name
    :raises NotFound: for an ending that is no file's
    """
    name = "barred reasons" if kind == "bars" else kind
    return list_file(ending, f"{name} {of}".strip(), HEADERS[kind], [_cells(row) for row in rows])


def _cells(row: AnyRow) -> Sequence[Cell]:
    match row:
        case TargetRow():
            return _target(row)
        case ReasonLine():
            return _reason(row)
        case FigureRow():
            return _figure(row)
    return _bar(row)


def _target(row: TargetRow) -> Sequence[Cell]:
    key = row.key
    return [
        key.scope.value,
        key.code or None,
        key.group.value,
        row.span.first_day,
        row.span.last_day,
        row.percent,
        row.set_by,
        row.why,
    ]


def _reason(line: ReasonLine) -> Sequence[Cell]:
    row = line.row
    counts = [stored_grades(row.counts_local), stored_grades(row.counts_national)]
    return [row.code, row.first_day, row.last_day, row.label, row.family, *counts, row.guidance]


def _figure(row: FigureRow) -> Sequence[Cell]:
    return [row.name, row.span.first_day, row.span.last_day, row.value, row.why]


def _bar(row: BarRow) -> Sequence[Cell]:
    days = (row.span.first_day, row.span.last_day)
    return [row.bcu_code, row.reason, *days, row.strength.value, row.set_by, row.why]
