"""Who comes to the meetings of panels, by organisation and by panel, and every meeting behind a number."""

from collections import defaultdict
from collections.abc import Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.periods import DAY, Window, add_months
from npt.edge import actor, policy, today, zone
from npt.panels import queries
from npt.panels.queries import Attended
from npt.panels.rules.attendance import Presence, Tally, Trend, tally, trend
from npt.panels.views import bp
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file

ORGANISATIONS = (
    "Organisation",
    "Panels",
    "Meetings",
    "Present",
    "Sent apologies",
    "Absent",
    "Not recorded",
    "Share present",
    "Share before",
    "Trend",
)
PUBLIC = ("Panel", "Panel name", "Meetings", "Counted at", "Public came")
MEETINGS = ("Organisation", "Role", "Panel", "Panel name", "Meeting", "Came")
NOT_RECORDED = "not-recorded"

Row = tuple[str, int, Tally, Tally, Trend]


@bp.get("/attendance")
@requires(Permission.VIEW_PANELS)
def attendance() -> ResponseReturnValue:
    """Attendance by organisation over the months policy counts, against as many before; and the public by panel."""
    window, before = _windows()
    rows = _rows(_attended(window), _attended(before))
    panels = queries.public_came(actor().scope, window.first_day, window.last_day, zone())
    if ending := request.args.get("format"):
        if request.args.get("list") == "public":
            public: list[list[Cell]] = [
                [p.panel, p.panel_name, len(p.public), len(p.recorded), sum(p.recorded)] for p in panels
            ]
            return list_file(ending, "public attendance", PUBLIC, public)
        return list_file(ending, "attendance", ORGANISATIONS, [_cells(row) for row in rows])
    return render_template(
        "panels/attendance.html", rows=rows, panels=panels, window=window, before=before, here=this_page
    )


def _windows() -> tuple[Window, Window]:
    """The months up to today that policy counts, and as many before them."""
    months, on = policy(today()).panel_meetings_months, today()
    since = add_months(on, -months) + DAY
    earlier = add_months(on, -2 * months) + DAY
    return Window(since, on, zone()), Window(earlier, since - DAY, zone())


def _attended(window: Window) -> list[Attended]:
    return queries.attended(actor().scope, window.first_day, window.last_day, zone())


def _rows(found: Iterable[Attended], before: Iterable[Attended]) -> list[Row]:
    now, then = _grouped(found), _grouped(before)
    rows = []
    for organisation in sorted(now):
        mine = now[organisation]
        counted, earlier = tally(row.presence for row in mine), tally(row.presence for row in then[organisation])
        rows.append((organisation, len({row.panel for row in mine}), counted, earlier, trend(counted, earlier)))
    return rows


def _grouped(rows: Iterable[Attended]) -> dict[str, list[Attended]]:
    found: dict[str, list[Attended]] = defaultdict(list)
    for row in rows:
        found[row.expected.organisation].append(row)
    return found


def _cells(row: Row) -> list[Cell]:
    organisation, panels, counted, before, trend = row
    shares = [each.share * 100 if each.share is not None else None for each in (counted, before)]
    return [
        organisation,
        panels,
        counted.expected,
        counted.present,
        counted.apologies,
        counted.absent,
        counted.not_recorded,
        *shares,
        trend.value,
    ]


@bp.get("/attendance/meetings")
@requires(Permission.VIEW_PANELS)
def attended_meetings() -> ResponseReturnValue:
    """The meetings behind a number: of an organisation, a panel, and those who came, did not, or are not recorded."""
    window, before = _windows()
    earlier = request.args.get("when") == "before"
    names = ("organisation", "role", "panel", "came")
    organisation, role, panel, came = (request.args.get(name, "") for name in names)
    shown = [
        row
        for row in _attended(before if earlier else window)
        if organisation in ("", row.expected.organisation)
        and role in ("", row.expected.role)
        and panel in ("", row.panel)
        and came in ("", row.presence.value if row.presence else NOT_RECORDED)
    ]
    if ending := request.args.get("format"):
        cells: list[list[Cell]] = [
            [
                row.expected.organisation,
                row.expected.role,
                row.panel,
                row.panel_name,
                row.on,
                row.presence.label if row.presence else None,
            ]
            for row in shown
        ]
        return list_file(ending, "attendance meetings", MEETINGS, cells)
    return render_template(
        "panels/attended_meetings.html",
        rows=shown,
        window=before if earlier else window,
        organisation=role or organisation,
        came=Presence(came).label if came in set(Presence) else came,
        here=this_page,
    )
