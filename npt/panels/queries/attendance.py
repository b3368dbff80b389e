"""Read who is expected at a meeting of a panel, and who came."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import DAY, Period, local_day, midnight
from npt.panels.models import Allocation, Attendance, AuthorityMember, Meeting, PanelSeat
from npt.panels.queries.panels import visible
from npt.panels.rules.attendance import AUTHORITY, Came, Expected, Presence
from npt.panels.rules.vocabulary import MeetingStatus
from npt.people.models import Panel


def expected_at(panel_id: int, on: dt.date) -> list[Expected]:
    """Who is expected at a panel's meeting of a day: partners by organisation, then members of the authority."""
    seats = session.execute(
        select(PanelSeat.organisation, PanelSeat.role, PanelSeat.id)
        .where(
            PanelSeat.panel_id == panel_id,
            PanelSeat.expected,
            PanelSeat.first_day <= on,
            or_(PanelSeat.last_day.is_(None), PanelSeat.last_day >= on),
        )
        .order_by(PanelSeat.organisation, PanelSeat.role)
    )
    members = session.execute(
        select(AuthorityMember.name, AuthorityMember.id)
        .join(Allocation, Allocation.member_id == AuthorityMember.id)
        .where(
            Allocation.panel_id == panel_id,
            Allocation.first_day <= on,
            or_(Allocation.last_day.is_(None), Allocation.last_day >= on),
        )
        .order_by(AuthorityMember.name)
    )
    return [
        *(Expected(organisation, role, seat_id=seat_id) for organisation, role, seat_id in seats),
        *(Expected(AUTHORITY, name, member_id=member_id) for name, member_id in members),
    ]


def may_attend(panel_id: int) -> dict[str, Expected]:
    """Everybody who was ever expected at a panel, by their key."""
    seats = session.execute(
        select(PanelSeat.organisation, PanelSeat.role, PanelSeat.id).where(PanelSeat.panel_id == panel_id)
    )
    members = session.execute(
        select(AuthorityMember.name, AuthorityMember.id)
        .join(Allocation, Allocation.member_id == AuthorityMember.id)
        .where(Allocation.panel_id == panel_id)
    )
    known = [
        *(Expected(organisation, role, seat_id=seat_id) for organisation, role, seat_id in seats),
        *(Expected(AUTHORITY, name, member_id=member_id) for name, member_id in members),
    ]
    return {each.key: each for each in known}


def presence_rows(meeting_id: int) -> list[Attendance]:
    """The rows of who came to a meeting."""
    return list(session.scalars(select(Attendance).where(Attendance.meeting_id == meeting_id)))


def came_to(meeting_id: int, panel_id: int, on: dt.date) -> list[Came]:
    """Of everybody expected at a meeting of a day, and of whom else it is recorded, whether they came."""
    recorded = {key_of(row): row.presence for row in presence_rows(meeting_id)}
    expected = expected_at(panel_id, on)
    known = {each.key for each in expected}
    others = [each for key, each in may_attend(panel_id).items() if key in recorded and key not in known]
    return [Came(each, recorded.get(each.key)) for each in [*expected, *others]]


def key_of(row: Attendance) -> str:
    """Whose attendance a row is of."""
    return f"seat_{row.seat_id}" if row.seat_id is not None else f"member_{row.member_id}"


@dataclass(frozen=True, slots=True)
class Attended:
    """One meeting at which somebody was expected, and whether they came; nothing while that is not recorded."""

    expected: Expected
    panel: str
    panel_name: str
    meeting_id: int
    on: dt.date
    presence: Presence | None


@dataclass(frozen=True, slots=True)
class PanelAttendance:
    """How many of the public came to a panel's meetings of a period: each by its number, in order of time."""

    panel: str
    panel_name: str
    public: Sequence[tuple[int, int | None]]

    @property
    def recorded(self) -> list[int]:
        return [count for _, count in self.public if count is not None]


@dataclass(frozen=True, slots=True)
class _Held:
    """A meeting that was held."""

    id: int
    panel_id: int
    starts_at: dt.datetime
    public_attendance: int | None
    code: str
    name: str


def attended(scope: Scope, first: dt.date, last: dt.date, zone: ZoneInfo) -> list[Attended]:
    """Every meeting held in these days by panels the actor may see, once for each who was expected, newest first.

    Somebody not expected of whom it is recorded whether they came is there too.
    """
    held = _held(scope, first, last, zone)
    panels = {row.panel_id for row in held}
    recorded: dict[int, dict[str, Presence]] = defaultdict(dict)
    wanted = select(Attendance).where(Attendance.meeting_id.in_([row.id for row in held]))
    for row in session.scalars(wanted):
        recorded[row.meeting_id][key_of(row)] = row.presence
    places = _places(panels)
    found = []
    for meeting in held:
        on = local_day(meeting.starts_at, zone)
        for expected, days, always in places[meeting.panel_id]:
            presence = recorded[meeting.id].get(expected.key)
            if presence is not None or (always and on in days):
                found.append(Attended(expected, meeting.code, meeting.name, meeting.id, on, presence))
    return found


def _places(panel_ids: Collection[int]) -> dict[int, list[tuple[Expected, Period, bool]]]:
    found: dict[int, list[tuple[Expected, Period, bool]]] = defaultdict(list)
    for seat in session.scalars(select(PanelSeat).where(PanelSeat.panel_id.in_(panel_ids))):
        expected = Expected(seat.organisation, seat.role, seat_id=seat.id)
        found[seat.panel_id].append((expected, Period(seat.first_day, seat.last_day), seat.expected))
    going = (
        select(Allocation, AuthorityMember.name)
        .join(AuthorityMember, AuthorityMember.id == Allocation.member_id)
        .where(Allocation.panel_id.in_(panel_ids))
    )
    for allocation, name in session.execute(going):
        expected = Expected(AUTHORITY, name, member_id=allocation.member_id)
        found[allocation.panel_id].append((expected, Period(allocation.first_day, allocation.last_day), True))
    return found


def _held(scope: Scope, first: dt.date, last: dt.date, zone: ZoneInfo) -> list[_Held]:
    statement = (
        select(Meeting.id, Meeting.panel_id, Meeting.starts_at, Meeting.public_attendance, Panel.code, Panel.name)
        .join(Panel, Panel.id == Meeting.panel_id)
        .where(
            visible(scope),
            Meeting.status == MeetingStatus.HELD,
            Meeting.starts_at >= midnight(first, zone),
            Meeting.starts_at < midnight(last + DAY, zone),
        )
        .order_by(Meeting.starts_at.desc(), Panel.code)
    )
    return [_Held(*row) for row in session.execute(statement)]


def public_came(scope: Scope, first: dt.date, last: dt.date, zone: ZoneInfo) -> list[PanelAttendance]:
    """How many of the public came to each panel's meetings held in these days, in order of the panels' names."""
    found: dict[tuple[str, str], list[tuple[int, int | None]]] = defaultdict(list)
    for row in reversed(_held(scope, first, last, zone)):
        found[row.name, row.code].append((row.id, row.public_attendance))
    return [PanelAttendance(code, name, counts) for (name, code), counts in sorted(found.items())]
