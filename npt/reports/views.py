"""The BCU month: what the manager looks at first, and where every figure on it comes from."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions.queries import Question
from npt.core.authority import Permission
from npt.core.periods import Period, month_from, month_of
from npt.edge import actor, now, policy, today, zone
from npt.panels.queries import OpenPriority
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.policy.queries import reason_book
from npt.policy.rules import Definition, Group
from npt.reports import queries, rules
from npt.reports.queries import BcuMonth
from npt.reports.rules import Behind, Order, Part, ResourcesReport
from npt.web.access import requires
from npt.web.addresses import asked_day, this_page
from npt.web.charts import Point
from npt.web.downloads import Cell, csv_file, list_file, xlsx_file

bp = Blueprint("reports", __name__, url_prefix="/bcu-month")

NO_MONTH = "Enter a month as a year and a month, for instance 2026-10"


@bp.get("/")
@requires(Permission.VIEW_BCU_MONTH)
def index() -> ResponseReturnValue:
    """The BCUs the actor may see, and the month of one when it is asked for or there is no other."""
    found = people.bcus(actor().scope)
    this_month = f"{today():%Y-%m}"
    month = request.args.get("month", this_month)
    code = request.args.get("bcu", found[0].code if len(found) == 1 else None)
    problem = month_from(month) is None
    if code is not None and not problem:
        definition = request.args.get("definition", Definition.LOCAL.value)
        return redirect(url_for("reports.show", code=code, month=month, definition=definition))
    return render_template(
        "reports/index.html", bcus=found, month=month, this_month=this_month, problem=NO_MONTH if problem else ""
    )


@bp.get("/<code>/<month>")
@requires(Permission.VIEW_BCU_MONTH)
def show(code: str, month: str) -> ResponseReturnValue:
    """One BCU and one month: four sentences, the teams' table, and what lies behind both."""
    found = _month(code, month)
    return render_template(
        "reports/show.html",
        month=found,
        report=found.report,
        today=today(),
        to_come=found.report.month.first_day > today(),
        order=_asked_order(),
        reasons=reason_book(),
        points=[Point(row.sergeant.name, row.span) for row in found.report.supervision.sergeants],
        address=_address,
        behind=_Behind(found.report),
        sorted_address=lambda order: f"{_address(order=order)}#teams",
    )


class _Behind:
    """Where the numbers of a month's sentences lead."""

    def __init__(self, report: ResourcesReport) -> None:
        self._report = report
        self._bcu = report.bcu.code

    def __call__(self, part: Part) -> str:
        """The address of what stands behind a part of a sentence; nothing where the actor may not go."""
        return self._ways[part.behind](self, part) if part.behind else ""

    def _entries(self, part: Part) -> str:
        of: dict[str, Any] = {"team": part.of} if part.of else {"bcu": self._bcu}
        first, last = self._days(part)
        at = None if part.month else self._report.abstraction.as_at.isoformat()
        group = None if part.group is Group.ALL else part.group.value
        definition = self._report.definition.value
        return url_for("abstractions.index", first=first, last=last, definition=definition, at=at, group=group, **of)

    def _target(self, part: Part) -> str:
        of: dict[str, Any] = {"team": part.of} if part.of else {"bcu": self._bcu}
        return url_for("policy.applying", on=self._days(part)[1], group=part.group.value, **of)

    def _groups(self, part: Part) -> str:
        first, last = self._days(part)
        return url_for("abstractions.figures", unit=self._bcu, first=first, last=last)

    def _vacancies(self, part: Part) -> str:
        if part.month is None:
            return "#vacancies"
        return url_for("staffing.posts", bcu=self._bcu, on=self._on(part), grade="every", state="vacant")

    def _supervision(self, part: Part) -> str:
        return url_for("staffing.bcu", code=self._bcu, on=self._on(part)) + "#supervision"

    def _cover(self, part: Part) -> str:
        return url_for("staffing.team", code=part.of, on=self._on(part)) + "#supervision"

    def _span_line(self, _: Part) -> str:
        return url_for("policy.figure", name="span_line") if actor().may(Permission.VIEW_POLICY) else ""

    def _flags(self, part: Part) -> str:
        if not actor().may(Permission.VIEW_FLAGS):
            return ""
        on = None if part.month is None and self._report.as_at_today else self._on(part)
        return url_for("flags.index", state="open", on=on, bcu=self._bcu)

    def _returns(self, _: Part) -> str:
        return url_for("returns.index", bcu=self._bcu, to=f"{self._report.month.first_day:%Y-%m}")

    def _return(self, part: Part) -> str:
        return url_for("returns.show", code=part.of, month=f"{part.month or self._report.month.first_day:%Y-%m}")

    def _days(self, part: Part) -> tuple[str, str]:
        month = month_of(part.month or self._report.month.first_day, zone())
        return month.first_day.isoformat(), month.last_day.isoformat()

    def _on(self, part: Part) -> str:
        """The day whose staffing, or whose flags, it is about."""
        if part.month is None:
            return self._report.on.isoformat()
        month = month_of(part.month, zone())
        return rules.day_shown(Period(month.first_day, month.last_day), today()).isoformat()

    _ways: ClassVar[Mapping[Behind, Callable[[Any, Part], str]]] = {
        Behind.ENTRIES: _entries,
        Behind.TARGET: _target,
        Behind.TEAMS: lambda *_: "#teams",
        Behind.GROUPS: _groups,
        Behind.VACANCIES: _vacancies,
        Behind.FORECASTS: lambda *_: "#forecasts",
        Behind.POST: lambda _, part: url_for("staffing.post", ref=part.of),
        Behind.SUPERVISION: _supervision,
        Behind.SPANS: lambda *_: "#supervision",
        Behind.COVER: _cover,
        Behind.SPAN_LINE: _span_line,
        Behind.FLAGS: _flags,
        Behind.RETURNS: _returns,
        Behind.RETURN: _return,
    }


@bp.get("/<code>/<month>.csv")
@requires(Permission.VIEW_BCU_MONTH)
def csv(code: str, month: str) -> Response:
    """The teams' table as a file."""
    found = _month(code, month)
    sheet = rules.teams_sheet(found.report, found.lines)
    return csv_file(f"{code} {month} {found.report.definition.value}", sheet.header, sheet.rows)


@bp.get("/<code>/<month>.xlsx")
@requires(Permission.VIEW_BCU_MONTH)
def xlsx(code: str, month: str) -> Response:
    """Every table of the month as a workbook."""
    found = _month(code, month)
    return xlsx_file(
        f"{code} {month} {found.report.definition.value}",
        [(sheet.title, sheet.header, sheet.rows) for sheet in rules.month_sheets(found.report)],
    )


PRIORITIES = ("Priority", "Title", "Panel", "Panel name", "Team", "Team name", "Adopted on", "Where it stands now")


@bp.get("/<code>/priorities")
@requires(Permission.VIEW_BCU_MONTH)
def priorities(code: str) -> ResponseReturnValue:
    """The priorities of panels that were open at the end of a day: of the BCU, or of one team of it."""
    on = asked_day()
    found = queries.bcu_priorities(code, on, actor().scope, zone())
    team = request.args.get("team")
    if team is not None and team not in found.teams:
        abort(404)
    rows = [(found.team_of(row), row) for row in found.rows if team in (None, found.team_of(row).code)]
    if ending := request.args.get("format"):
        return list_file(ending, f"{code} open priorities {on}", PRIORITIES, [_priority(*each) for each in rows])
    return render_template(
        "reports/priorities.html",
        bcu=found.bcu,
        team=found.teams[team] if team is not None else None,
        rows=rows,
        on=on,
        past=on < today(),
        here=this_page,
    )


def _priority(team: TeamRow, row: OpenPriority) -> Sequence[Cell]:
    return (row.ref, row.title, row.panel_code, row.panel_name, team.code, team.name, row.adopted_on, row.state.label)


def _month(code: str, month: str) -> BcuMonth:
    first_day = month_from(month) or abort(404)
    window = month_of(first_day, zone())
    question = Question(window, now(), policy(window.last_day), reason_book(), _asked_definition())
    order = _asked_order()
    return queries.bcu_month(
        code,
        question,
        today(),
        actor().scope,
        Order(order.removeprefix("-")),
        descending=order.startswith("-"),
    )


def _asked_definition() -> Definition:
    return Definition.NATIONAL if request.args.get("definition") == Definition.NATIONAL else Definition.LOCAL


def _asked_order() -> str:
    """The column to sort by, with a minus for downwards; worst first when none is asked for, or no such column is."""
    asked = request.args.get("order", Order.WORST.value)
    return asked if asked.removeprefix("-") in set(Order) else Order.WORST.value


def _address(
    endpoint: str = "reports.show", *, order: str | None = None, month: dt.date | None = None, definition: str = ""
) -> str:
    """The address of this month in another order, of another month, under another definition, or as a file."""
    seen = request.view_args or {}
    return url_for(
        endpoint,
        code=seen["code"],
        month=f"{month:%Y-%m}" if month else seen["month"],
        order=order or _asked_order(),
        definition=definition or _asked_definition().value,
    )
