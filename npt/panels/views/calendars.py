"""Meetings for somebody's own calendar: one, or all of a panel's."""

import datetime as dt
from collections.abc import Iterable

from flask import Response, url_for
from icalendar import Calendar, Event

from npt.core.authority import Permission
from npt.edge import actor, now, policy, today, zone
from npt.panels import queries
from npt.panels.queries import PanelLine, SittingRow
from npt.panels.rules.vocabulary import MeetingStatus
from npt.panels.views import bp
from npt.web.access import requires
from npt.web.downloads import file_name

STATUS = {
    MeetingStatus.PLANNED: "CONFIRMED",
    MeetingStatus.HELD: "CONFIRMED",
    MeetingStatus.CANCELLED: "CANCELLED",
}
"""A meeting's status in the words of RFC 5545."""


@bp.get("/meetings/<int:meeting_id>/calendar.ics")
@requires(Permission.VIEW_PANELS)
def meeting_calendar(meeting_id: int) -> Response:
    """One meeting as a calendar entry."""
    page = queries.meeting_page(meeting_id, actor().scope, today(), policy(today()), zone())
    return _calendar(page.panel, [page.row], f"meeting {page.panel.code} {page.row.sitting.on}")


@bp.get("/<code>/calendar.ics")
@requires(Permission.VIEW_PANELS)
def panel_calendar(code: str) -> Response:
    """Every meeting of a panel, those cancelled marked as such."""
    panel = queries.panel_page(code, actor().scope, today(), policy(today()), zone()).panel
    return _calendar(panel, panel.meetings, f"meetings {panel.code}")


def _calendar(panel: PanelLine, meetings: Iterable[SittingRow], name: str) -> Response:
    calendar = Calendar()
    calendar.add("prodid", "-//NPT//neighbourhood policing operations//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{panel.name} panel")
    length = dt.timedelta(hours=policy(today()).panel_meeting_hours)
    for row in meetings:
        calendar.add_component(_entry(panel, row, length))
    response = Response(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(name, "ics")}"'
    return response


def _entry(panel: PanelLine, row: SittingRow, length: dt.timedelta) -> Event:
    """The entry of a meeting. Its name never changes, so that a later file moves it and does not double it."""
    entry = Event()
    entry.add("uid", f"{row.sitting.ref}@npt")
    entry.add("dtstamp", now())
    entry.add("dtstart", row.sitting.starts_at)
    entry.add("dtend", row.sitting.starts_at + length)
    entry.add("summary", f"{panel.name} panel")
    entry.add("status", STATUS[row.sitting.status])
    entry.add("url", url_for("panels.meeting", meeting_id=row.sitting.id, _external=True))
    if row.venue:
        entry.add("location", row.venue)
    return entry
