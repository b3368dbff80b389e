"""Meetings for somebody's own calendar: one, all of a panel's, or an address that a calendar follows by itself."""

import datetime as dt
from collections.abc import Iterable

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.tokens import hashed
from npt.edge import actor, now, policy, today, transaction, zone
from npt.panels import queries, services
from npt.panels.forms import CalendarForm
from npt.panels.queries import PanelPage, SittingRow
from npt.panels.rules.vocabulary import MeetingStatus
from npt.panels.views import bp
from npt.web.access import Open, requires
from npt.web.banners import say
from npt.web.downloads import file_name
from npt.web.limits import limiter

STATUS = {
    MeetingStatus.PLANNED: "CONFIRMED",
    MeetingStatus.HELD: "CONFIRMED",
    MeetingStatus.CANCELLED: "CANCELLED",
}
"""A meeting's status in the words of RFC 5545."""

WRONG_ADDRESSES, FETCHES = "20 per minute", "60 per minute"
"""Technical bounds, no figures of policy: a calendar asks every hour or so."""


@bp.get("/meetings/<int:meeting_id>/calendar.ics")
@requires(Permission.VIEW_PANELS)
def meeting_calendar(meeting_id: int) -> Response:
    """One meeting as a calendar entry."""
    page = queries.meeting_page(meeting_id, actor().scope, today(), policy(today()), zone())
    return _calendar(page.panel.name, [page.row], f"meeting {page.panel.code} {page.row.sitting.on}")


@bp.get("/<code>/calendar.ics")
@requires(Permission.VIEW_PANELS)
def panel_calendar(code: str) -> Response:
    """Every meeting of a panel, those cancelled marked as such."""
    panel = queries.panel_page(code, actor().scope, today(), policy(today()), zone()).panel
    return _calendar(panel.name, panel.meetings, f"meetings {panel.code}")


def _not_found(response: Response) -> bool:
    return response.status_code == 404


def _secret() -> str:
    return hashed(str((request.view_args or {}).get("token")))


@bp.get("/feeds/<token>.ics")
@limiter.limit(WRONG_ADDRESSES, deduct_when=_not_found)
@limiter.limit(FETCHES, key_func=_secret)
@requires(Open.PUBLIC)
def feed(token: str) -> Response:
    """A panel's meetings for a calendar that follows a secret address: date, place and name, and nothing else."""
    fed = queries.fed_by(hashed(token), zone())
    if fed is None:
        abort(404)
    return _calendar(fed.name, fed.meetings, f"meetings {fed.code}", public=True)


def _shared_panel(code: str) -> PanelPage:
    """A panel whose calendar's address is the actor's to give out.

    :raises NotFound: when they neither chair it nor lead it
    """
    page = queries.panel_page(code, actor().scope, today(), policy(today()), zone())
    if not page.theirs and page.panel.id not in actor().scope.panel_ids:
        abort(404)
    return page


@bp.route("/<code>/calendar-address", methods=["GET", "POST"])
@requires(Permission.SHARE_CALENDARS)
def calendar_address(code: str) -> ResponseReturnValue:
    """Make, renew or withdraw the address under which a calendar follows a panel. It is shown once."""
    panel = _shared_panel(code).panel
    form, address = CalendarForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                if request.form.get("do") == "withdraw":
                    services.withdraw_calendar(code, actor=actor(), at=now())
                else:
                    token = services.share_calendar(code, actor=actor(), at=now())
                    address = url_for("panels.feed", token=token, _external=True)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if address is None:
                say("The address is withdrawn. Calendars that followed it learn nothing more.")
                return redirect(url_for("panels.show", code=code))
    return render_template(
        "panels/calendar_address.html", form=form, panel=panel, address=address, feed=queries.feed_of(panel.id)
    )


def _calendar(panel: str, meetings: Iterable[SittingRow], name: str, *, public: bool = False) -> Response:
    response = Response(_written(panel, meetings, public=public).to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(name, "ics")}"'
    return response


def entry_to_send(panel: str, row: SittingRow) -> str:
    """A meeting as a calendar entry that travels with an email: what is on the poster, and no address of a page."""
    calendar = _written(panel, [row], public=True)
    calendar.add("method", "PUBLISH")
    return str(calendar.to_ical(), "utf-8")


def _written(panel: str, meetings: Iterable[SittingRow], *, public: bool) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//NPT//neighbourhood policing operations//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{panel} panel")
    length = dt.timedelta(hours=policy(today()).panel_meeting_hours)
    for row in meetings:
        calendar.add_component(_entry(panel, row, length, public=public))
    return calendar


def _entry(panel: str, row: SittingRow, length: dt.timedelta, *, public: bool) -> Event:
    """The entry of a meeting. Its name never changes, so that a later file moves it and does not double it."""
    entry = Event()
    entry.add("uid", f"{row.sitting.ref}@npt")
    entry.add("dtstamp", now())
    entry.add("dtstart", row.sitting.starts_at)
    entry.add("dtend", row.sitting.starts_at + length)
    entry.add("summary", f"{panel} panel")
    entry.add("status", STATUS[row.sitting.status])
    if not public:
        entry.add("url", url_for("panels.meeting", meeting_id=row.sitting.id, _external=True))
    if row.venue:
        entry.add("location", row.venue)
    return entry
