"""Who comes to the meetings of panels, by organisation and by panel, and every meeting behind a number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.periods import DAY, Period, Window, add_months
from npt.edge import actor, policy, today, zone
from npt.panels import queries
from npt.panels.forms import AttendanceForm
from npt.panels.queries import Attended
from npt.panels.rules.attendance import AUTHORITY, Expected, Presence, Tally, Trend, before, tally, trend
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """The days asked for, those they are held against, and the form that asks; ``given`` is what a link repeats."""

    form: AttendanceForm
    window: Window
    before: Window
    given: Mapping[str, str]


def _asked() -> _Asked:
    """The days of the address, held against as many before; without any, the months up to today that policy counts."""
    months, on = policy(today()).panel_meetings_months, today()
    since, earlier = add_months(on, -months) + DAY, add_months(on, -2 * months) + DAY
    usual, past = Window(since, on, zone()), Window(earlier, since - DAY, zone())
    if not any(request.args.get(name) for name in ("first", "last")):
        form = AttendanceForm(formdata=None, data={"first": since, "last": on})
        return _Asked(form, usual, past, {})
    form = AttendanceForm(formdata=request.args)
    if not form.validate():
        return _Asked(form, usual, past, {})
    first, last = cast(dt.date, form.first.data), cast(dt.date, form.last.data)
    ago = before(Period(first, last))
    held_against = Window(ago.first_day, cast(dt.date, ago.last_day), zone())
    given = {"first": first.isoformat(), "last": last.isoformat()}
    return _Asked(form, Window(first, last, zone()), held_against, given)


@bp.get("/attendance")
@requires(Permission.VIEW_PANELS)
def attendance() -> ResponseReturnValue:
    """Attendance by organisation and by member of the authority over some days, against as many before; the public."""
    asked = _asked()
    window = asked.window
    found, earlier = _attended(window), _attended(asked.before)
    rows = _rows(found, earlier, lambda each: each.organisation)
    members = _rows(_of_authority(found), _of_authority(earlier), lambda each: each.role)
    panels = queries.public_came(actor().scope, window.first_day, window.last_day, zone())
    if ending := request.args.get("format"):
        name = f"attendance {window.first_day} {window.last_day}"
        if request.args.get("list") == "public":
            public: list[list[Cell]] = [
                [p.panel, p.panel_name, len(p.public), len(p.recorded), sum(p.recorded)] for p in panels
            ]
            return list_file(ending, f"public {name}", PUBLIC, public)
        if request.args.get("list") == "members":
            return list_file(
                ending, f"members {name}", ("Member", *ORGANISATIONS[1:]), [_cells(row) for row in members]
            )
        return list_file(ending, name, ORGANISATIONS, [_cells(row) for row in rows])
    return render_template(
        "panels/attendance.html",
        rows=rows,
        members=members,
        authority=AUTHORITY,
        panels=panels,
        window=window,
        before=asked.before,
        form=asked.form,
        given=asked.given,
        here=this_page,
    )


def _of_authority(rows: Iterable[Attended]) -> list[Attended]:
    return [row for row in rows if row.expected.organisation == AUTHORITY]


def _attended(window: Window) -> list[Attended]:
    return queries.attended(actor().scope, window.first_day, window.last_day, zone())


def _rows(found: Iterable[Attended], earlier: Iterable[Attended], named: Callable[[Expected], str]) -> list[Row]:
    now, then = _grouped(found, named), _grouped(earlier, named)
    rows = []
    for organisation in sorted(now):
        mine = now[organisation]
        counted, past = tally(row.presence for row in mine), tally(row.presence for row in then[organisation])
        rows.append((organisation, len({row.panel for row in mine}), counted, past, trend(counted, past)))
    return rows


def _grouped(rows: Iterable[Attended], named: Callable[[Expected], str]) -> dict[str, list[Attended]]:
    found: dict[str, list[Attended]] = defaultdict(list)
    for row in rows:
        found[named(row.expected)].append(row)
    return found


def _cells(row: Row) -> list[Cell]:
    organisation, panels, counted, past, change = row
    shares = [each.share * 100 if each.share is not None else None for each in (counted, past)]
    return [
        organisation,
        panels,
        counted.expected,
        counted.present,
        counted.apologies,
        counted.absent,
        counted.not_recorded,
        *shares,
        change.value,
    ]


@bp.get("/attendance/meetings")
@requires(Permission.VIEW_PANELS)
def attended_meetings() -> ResponseReturnValue:
    """The meetings behind a number: of an organisation, a panel, and those who came, did not, or are not recorded."""
    asked = _asked()
    window = asked.before if request.args.get("when") == "before" else asked.window
    names = ("organisation", "role", "panel", "came")
    organisation, role, panel, came = (request.args.get(name, "") for name in names)
    shown = [
        row
        for row in _attended(window)
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
        return list_file(ending, f"attendance meetings {window.first_day} {window.last_day}", MEETINGS, cells)
    return render_template(
        "panels/attended_meetings.html",
        rows=shown,
        window=window,
        given=asked.given,
        organisation=role or organisation,
        came=Presence(came).label if came in set(Presence) else came,
        here=this_page,
    )
