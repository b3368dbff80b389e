"""Have the invented panels sit: seats, attendance, minutes of the last meeting, agenda of the next."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.periods import DAY, Period, local_day
from npt.demo.rules.meetings import (
    ACTION,
    AUTHORITY,
    DISTRICT,
    FORUMS,
    MEMBERS,
    NOTES,
    PARTNERS,
    RECORDED,
    REPORTED,
    presences,
    said_under,
)
from npt.panels import queries, services
from npt.panels.queries import PanelLine, PriorityRow, SittingRow
from npt.panels.rules.agenda import model_agenda
from npt.panels.rules.attendance import Presence
from npt.panels.rules.minutes import DecisionKind, Item
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.panels.services import HowItWent, NewAllocation, NewForum, NewMember, NewSeat
from npt.people import queries as people
from npt.policy.rules import Policy

SERGEANT = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)
MANAGER = Actor(name="Demonstration BCU manager", role=Role.BCU_MANAGER, scope=EVERYTHING)
BCU, ALSO = "Northern", "SOHV"


def prepare_meetings(policy: Policy, *, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> int:
    """Seat the panels of the north and Soham's, record their last meetings and prepare the next. Returns how many."""
    every = queries.panels_on(EVERYTHING, on, policy, zone)
    _allocate([line for line in every if line.live], at, on)
    lines = [line for line in every if _wanted(line)]
    for number, line in enumerate(lines):
        _seat(line, at)
        _record(line, number, at, zone)
        for row in line.to_come:
            if row.sitting.status is MeetingStatus.PLANNED:
                asked = model_agenda(queries.asked_of(line.id))
                services.set_agenda(row.sitting.id, asked, actor=SERGEANT, at=at)
    for bcu in people.bcus(EVERYTHING):
        for number, days in enumerate(FORUMS.get(bcu.name, ())):
            new = NewForum(bcu.code, on - days * DAY, 8 - number, NOTES)
            services.record_forum(new, actor=MANAGER, at=at, on=on)
    return len(lines)


def _allocate(lines: Sequence[PanelLine], at: dt.datetime, on: dt.date) -> None:
    known = {line.code: line.first_day for line in lines}
    began = min(known.values(), default=on)
    for name, panels in AUTHORITY:
        member = services.add_member(NewMember(name, began), actor=MANAGER, at=at)
        for code in panels:
            if code in known:
                services.allocate(NewAllocation(member.id, code, known[code]), actor=MANAGER, at=at)


def _wanted(line: PanelLine) -> bool:
    return line.live and (line.lead.bcu_name == BCU or line.code == ALSO)


def _seat(line: PanelLine, at: dt.datetime) -> None:
    seats = [NewSeat(name, role, sector, True, False, line.first_day) for name, role, sector in MEMBERS]
    seats += [NewSeat(name, role, sector, False, True, line.first_day) for name, (role, sector, _) in PARTNERS.items()]
    for seat in seats:
        services.add_seat(line.code, seat, actor=SERGEANT, at=at)


def _record(line: PanelLine, number: int, at: dt.datetime, zone: ZoneInfo) -> None:
    held = [row for row in line.past if row.sitting.status is MeetingStatus.HELD][:RECORDED]
    for back, row in enumerate(held):
        expected = queries.expected_at(line.id, row.sitting.on)
        drawn = presences(line.code, back, [each.organisation for each in expected])
        came: dict[str, Presence | None] = {
            each.key: drawn.get(each.organisation, Presence.APOLOGIES if back % 3 == 2 else Presence.PRESENT)
            for each in expected
        }
        chair = next((t.name for t in line.terms if row.sitting.on in Period(t.first_day, t.last_day)), None)
        went = HowItWent(row.public_attendance, row.minutes_ref, 5 + (number + back) % 4, chair, came)
        services.record_meeting(row.sitting.id, went, actor=SERGEANT, at=row.sitting.starts_at + DAY)
    if held:
        _minute(line, held[0], at, zone)


def _minute(line: PanelLine, row: SittingRow, at: dt.datetime, zone: ZoneInfo) -> None:
    meeting, after = row.sitting.id, min(at, row.sitting.starts_at + 2 * DAY)
    begun = services.start_minutes(meeting, actor=SERGEANT, at=after)
    for kept in queries.item_rows(begun.id):
        item = queries.item_of(kept)
        if item.priority_id is not None and item.number.startswith("6."):
            services.remove_minute(kept.id, actor=SERGEANT, at=after)
            continue
        text = REPORTED if item.priority_id is not None else said_under(item.title)
        if text:
            services.change_minute(kept.id, replace(item, text=text), actor=SERGEANT, at=after)
    for priority in line.priorities:
        if priority.adopted_at_id == meeting and priority.minute_ref:
            services.add_minute(meeting, _decision(priority, priority.minute_ref), actor=SERGEANT, at=after)
    due = row.sitting.on + 42 * DAY
    asked = Item("5.1", ACTION[0], ACTION[1], DecisionKind.ACTION, DISTRICT, due)
    services.add_minute(meeting, asked, actor=SERGEANT, at=after)
    services.issue_minutes(meeting, actor=SERGEANT, at=after, on=local_day(after, zone), zone=zone)


def _decision(priority: PriorityRow, number: str) -> Item:
    declined = priority.state is PriorityState.DECLINED
    return Item(
        number,
        priority.title,
        "Left to others, who have been told." if declined else "The panel asked its teams to deal with this.",
        DecisionKind.DECLINE if declined else DecisionKind.ADOPT,
        priority_id=priority.id,
    )
