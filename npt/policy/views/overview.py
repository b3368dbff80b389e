"""Policy as it stands on a day: targets, reasons, barred reasons, figures."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, today
from npt.people import queries as people
from npt.policy.queries import dated as queries
from npt.policy.queries.dated import BarRow, FigureRow, ReasonLine, TargetRow
from npt.policy.rules import OPTIONAL_VALUES, VALUE_NAMES
from npt.policy.rules.dated import Standing
from npt.policy.rules.figures import FigureGroup, words_of
from npt.policy.rules.words import COUNTED_GRADES, GROUP_LABELS
from npt.policy.views import bp
from npt.policy.views.files import AnyRow, dated_file
from npt.web.access import requires
from npt.web.addresses import asked_day, here


@bp.get("/")
@requires(Permission.VIEW_POLICY)
def index() -> ResponseReturnValue:
    """Everything of policy in force on a day. Each leads to its dated rows."""
    on, scope = asked_day(), actor().scope
    teams = people.teams(scope)
    units = queries.units_of(teams, [(bcu.code, bcu.name) for bcu in people.bcus(scope)], on)
    targets, reasons, figures = queries.target_rows(units), queries.reason_lines(), queries.figure_rows()
    bars = queries.bar_rows(scope, of_teams=teams)
    if ending := request.args.get("format"):
        files: dict[str, Sequence[AnyRow]] = {"targets": targets, "reasons": reasons, "policy": figures, "bars": bars}
        asked = request.args.get("list", "")
        kind = asked if asked in files else "targets"
        return dated_file(ending, kind, files[kind])
    named = {(unit.scope, unit.code): unit for unit in units}
    labels = {line.row.code: line.row.label for line in reasons}
    return render_template(
        "policy/index.html",
        on=on,
        today=today(),
        here=here,
        targets=[(named[row.key.scope, row.key.code], row) for row in _of(targets, on)],
        reasons=sorted(_newest(_of(reasons, on)), key=lambda line: line.row.label.lower()),
        figures=_by_group(_of(figures, on)),
        unset=sorted(OPTIONAL_VALUES - {row.name for row in _of(figures, on)}),
        bars=_of(bars, on),
        labels=labels,
        groups=GROUP_LABELS,
        grades=COUNTED_GRADES,
        words_of=words_of,
    )


Row = TypeVar("Row", TargetRow, ReasonLine, FigureRow, BarRow)


def _of(rows: Iterable[Row], on: dt.date) -> list[Row]:
    """The rows in force on a day."""
    return [row for row in rows if row.span.standing(on) is Standing.NOW]


def _newest(lines: Iterable[ReasonLine]) -> list[ReasonLine]:
    """Of several rows of a code in force, as an import may leave them, the one with the latest first day applies."""
    return list({line.row.code: line for line in lines}.values())


def _by_group(rows: Iterable[FigureRow]) -> list[tuple[FigureGroup, list[FigureRow]]]:
    """The figures under their headings, in the order in which they are explained."""
    listed = list(rows)
    order = {name: place for place, name in enumerate(VALUE_NAMES)}
    listed.sort(key=lambda row: order.get(row.name, len(order)))
    grouped = [(group, [row for row in listed if words_of(row.name).group is group]) for group in FigureGroup]
    return [(group, found) for group, found in grouped if found]
