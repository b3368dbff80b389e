"""Have the invented panels sit: seats, attendance, minutes of the last meeting, agenda of the next."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.periods import DAY, Period, local_day
from npt.demo.rules.decided import MINUTED
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
from npt.demo.services.decided import Coming, to_be_decided
from npt.panels import queries, services
from npt.panels.queries import PanelLine, PriorityRow, SittingRow
from npt.panels.rules.agenda import model_agenda
from npt.panels.rules.attendance import Presence
from npt.panels.rules.minutes import DecisionKind, Item
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.panels.services import HowItWent, NewAllocation, NewForum, NewMember, NewSeat, Terms
from npt.people import queries as people
from npt.policy.rules import Policy

SERGEANT = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)
MANAGER = Actor(name="Demonstration BCU manager", role=Role.BCU_MANAGER, scope=EVERYTHING)
BCU, ALSO = "Northern", "SOHV"


def prepare_meetings(policy: Policy, *, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> int:
    """Seat the panels of the north, Soham's and those that decide something; record their last meetings, issue the
    minutes of those that decided on a priority, and prepare the next. Returns how many.
    """
    every = queries.panels_on(EVERYTHING, on, policy, zone)
    _allocate([line for line in every if line.live], at, on)
    coming = {each.line.id: each for each in to_be_decided(every, on)}
    lines = [line for line in every if _wanted(line) or line.id in coming]
    for number, line in enumerate(lines):
        _seat(line, at)
        _record(line, number, Terms(policy, zone))
        for row in reversed(_decisive(line, coming.get(line.id))):
            _minute(line, row, coming.get(line.id), at, zone)
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
    for name, (role, sector, _) in PARTNERS.items():
        address = f"{role.lower().replace(' ', '.')}@demo.example"
        seats.append(NewSeat(name, role, sector, False, True, line.first_day, address))
    for seat in seats:
        services.add_seat(line.code, seat, actor=SERGEANT, at=at)


def _held(line: PanelLine) -> list[SittingRow]:
    return [row for row in line.past if row.sitting.status is MeetingStatus.HELD]


def _decisive(line: PanelLine, coming: Coming | None) -> list[SittingRow]:
    """The last meeting, and every one that decided on a priority, newest first."""
    wanted = {row.adopted_at_id for row in line.priorities} | ({coming.meeting.id} if coming else set())
    held = _held(line)
    return [row for row in held if row is held[0] or row.sitting.id in wanted]


def _record(line: PanelLine, number: int, terms: Terms) -> None:
    for back, row in enumerate(_held(line)[:RECORDED]):
        expected = queries.expected_at(line.id, row.sitting.on)
        drawn = presences(line.code, back, [each.organisation for each in expected])
        came: dict[str, Presence | None] = {
            each.key: drawn.get(each.organisation, Presence.APOLOGIES if back % 3 == 2 else Presence.PRESENT)
            for each in expected
        }
        chair = next((t.name for t in line.terms if row.sitting.on in Period(t.first_day, t.last_day)), None)
        went = HowItWent(row.public_attendance, row.minutes_ref, 5 + (number + back) % 4, chair, came)
        services.record_meeting(row.sitting.id, went, actor=SERGEANT, at=row.sitting.starts_at + DAY, terms=terms)


def _minute(line: PanelLine, row: SittingRow, coming: Coming | None, at: dt.datetime, zone: ZoneInfo) -> None:
    meeting, after = row.sitting.id, min(at, row.sitting.starts_at + 2 * DAY)
    adopted = {each.id: each.adopted_at_id for each in line.priorities}
    earlier = {each.sitting.id for each in line.past if each.sitting.starts_at < row.sitting.starts_at}
    said = coming if coming and coming.meeting.id == meeting else None
    begun = services.start_minutes(meeting, actor=SERGEANT, at=after)
    for kept in queries.item_rows(begun.id):
        item = queries.item_of(kept)
        if item.priority_id is not None and adopted[item.priority_id] not in earlier:
            services.remove_minute(kept.id, actor=SERGEANT, at=after)
            continue
        if said and item.priority_id == said.row.id:
            kind, text = MINUTED[said.decision]
            told = replace(item, text=f"{REPORTED} {text}", decision=kind)
        else:
            words = REPORTED if item.priority_id is not None else said_under(item.title)
            told = replace(item, text=words)
        if told != item:
            services.change_minute(kept.id, told, actor=SERGEANT, at=after)
    for priority in line.priorities:
        if priority.adopted_at_id == meeting and priority.minute_ref:
            services.add_minute(meeting, _decision(priority, priority.minute_ref), actor=SERGEANT, at=after)
    if row is _held(line)[0]:
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
