"""Shift patterns, and rosters on which every team has somebody early and somebody late."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from npt.demo.rules.clock import StationClock
from npt.demo.rules.force import Member

PERIOD_DAYS = 28
"""Rosters are drawn up for four weeks, counted from a fixed day, so that no day's depends on when it is asked for."""

EARLY, LATE, NIGHT, REST = "ELNR"
_OFFICER_CYCLE = "EELLNRRR"
_PCSO_CYCLE = "EEELLLRRR"
_CYCLES = {"sergeant": _OFFICER_CYCLE, "pc": _OFFICER_CYCLE, "pcso": _PCSO_CYCLE}
_OFFICER_CLOCKS = {EARLY: (7 * 60, 16 * 60), LATE: (14 * 60, 23 * 60), NIGHT: (22 * 60, 31 * 60)}
_PCSO_CLOCKS = {EARLY: (7 * 60, 15 * 60), LATE: (15 * 60, 23 * 60)}
_PCSO_WEEKEND_LATE = (15 * 60, 24 * 60)
_FRIDAY, _SATURDAY = 5, 6
_CANCELLED_SHARE = 0.004


@dataclass(slots=True)
class Duty:
    """A shift of a member. Instants are minutes; ``free`` is when it is neither absent nor cancelled."""

    member: Member
    day: int
    shift: str
    starts_at: int
    ends_at: int
    free: bool = True
    cancelled: bool = False
    missed: bool = False
    """Absent for the whole of it."""


def _offset(member: Member, seats: Sequence[str]) -> int:
    """How far into the cycle a post is: the posts of a team and grade are spread over it evenly."""
    cycle = len(_CYCLES[member.grade])
    if member.grade == "sergeant":
        return sum(map(ord, member.team)) % cycle
    return seats.index(member.post) * cycle // len(seats)


def _works(member: Member, day: int, offset: int) -> str:
    """The shift of the pattern, less the ones somebody on part time does not work."""
    cycle = _CYCLES[member.grade]
    turn, position = divmod(day + offset, len(cycle))
    shift = cycle[position]
    if shift == REST or member.share >= 1:
        return shift
    worked = turn * (len(cycle) - cycle.count(REST)) + position
    return shift if int((worked + 1) * member.share) != int(worked * member.share) else REST


PATTERN = "NPT"
"""The demonstration's one shift pattern, which has a cycle of its own for each grade."""


def pattern_rows() -> list[dict[str, str]]:
    """The pattern behind the rosters as an import file has it."""
    return [
        {"code": PATTERN, "day": str(day), "grade": grade, **_clock_times(grade, shift)}
        for grade, cycle in _CYCLES.items()
        for day, shift in enumerate(cycle)
    ]


def _clock_times(grade: str, shift: str) -> dict[str, str]:
    if shift == REST:
        return {"starts": "", "ends": ""}
    starts, ends = (_PCSO_CLOCKS if grade == "pcso" else _OFFICER_CLOCKS)[shift]
    return {"starts": f"{starts // 60 % 24:02}:{starts % 60:02}", "ends": f"{ends // 60 % 24:02}:{ends % 60:02}"}


def place_in_cycle(member: Member, seats: Sequence[str], day: int) -> int:
    """How many days into the cycle of their grade somebody is on a day (its ordinal), as the rosters have it."""
    return (day + _offset(member, seats)) % len(_CYCLES[member.grade])


class Sheet:
    """One team's shifts of one day. The index is the member's."""

    def __init__(self, today: dict[int, str], nights_before: frozenset[int]) -> None:
        self.shifts = today
        self._tired = nights_before

    def _with(self, shift: str) -> list[int]:
        return [index for index, worked in self.shifts.items() if worked == shift and index not in self._tired]

    def even_out(self) -> None:
        """Move people, or call somebody in, until there is an early and a late; nobody straight off a night."""
        for wanted, other in ((EARLY, LATE), (LATE, EARLY)):
            if wanted in self.shifts.values():
                continue
            spare = self._with(other)[1:] or self._with(NIGHT) or self._with(REST)
            if spare:
                self.shifts[spare[0]] = wanted


class Rosters:
    """Rosters of teams by period."""

    def __init__(self, clock: StationClock, posts: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self._clock = clock
        self._posts = posts

    def duties(self, members: Sequence[Member], first: int, draw: random.Random) -> list[Duty]:
        """Everybody's duties in a team in the period that starts on a day, in order of day."""
        offsets = [_offset(m, self._posts[m.team, m.grade]) for m in members]
        listed: list[Duty] = []
        for day in range(first, first + PERIOD_DAYS):
            here = [i for i, m in enumerate(members) if m.first <= day <= m.last]
            tired = frozenset(i for i in here if _works(members[i], day - 1, offsets[i]) == NIGHT)
            sheet = Sheet({i: _works(members[i], day, offsets[i]) for i in here}, tired)
            sheet.even_out()
            listed += [self._duty(members[i], day, shift) for i, shift in sheet.shifts.items() if shift != REST]
        self._cancel(listed, draw)
        return listed

    def _duty(self, member: Member, day: int, shift: str) -> Duty:
        if member.grade == "pcso":
            late = shift == LATE and day % 7 in (_FRIDAY, _SATURDAY)
            starts, ends = _PCSO_WEEKEND_LATE if late else _PCSO_CLOCKS[shift]
        else:
            starts, ends = _OFFICER_CLOCKS[shift]
        return Duty(member, day, shift, self._clock.minute(day, starts), self._clock.minute(day, ends))

    def _cancel(self, listed: Sequence[Duty], draw: random.Random) -> None:
        presence = Presence(listed)
        for duty in listed:
            if draw.random() < _CANCELLED_SHARE and presence.spares([duty]):
                presence.take([duty])
                duty.cancelled = True


class Presence:
    """How many of a team are early and late on each day, so that the last one is never let go."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._many: dict[tuple[int, str], int] = {}
        for duty in duties:
            if duty.free:
                key = (duty.day, duty.shift)
                self._many[key] = self._many.get(key, 0) + 1

    def spares(self, wanted: Sequence[Duty]) -> bool:
        """Whether somebody else is left on each shift."""
        return all(duty.shift == NIGHT or self._many[duty.day, duty.shift] > 1 for duty in wanted)

    def take(self, wanted: Sequence[Duty]) -> None:
        for duty in wanted:
            self._many[duty.day, duty.shift] -= 1
            duty.free = False
