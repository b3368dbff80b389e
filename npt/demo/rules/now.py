"""The present: who is away at this moment, and what of the future is known already."""

import random
from collections.abc import Iterable, Sequence

from npt.demo.rules.absences import SICKNESS, Leave
from npt.demo.rules.away import FOCUS, KINDS, Away
from npt.demo.rules.roster import Duty

_AWAY_SHARE = 0.05
_OPEN_SICKNESS = 2
_SUDDEN = ("response", "custody", "hospital_watch")
_SUDDEN_FOR_PCSOS = ("scene_guard", "hospital_watch")
_LONGEST_SO_FAR = 150
_FORESEEN_SHARE = 0.1
"""How much of what is planned is on the books before it begins. Nobody with a later entry can be "still away"
(decision 7), so that a force that plans everything could log nobody at once."""


def still_sick(leaves: Sequence[Leave], duties: Iterable[Duty], now: int) -> None:
    """Leave a few present sicknesses without an end: nothing later is worked, and no other absence follows."""
    present = [
        leave
        for leave in leaves
        if leave.kind == SICKNESS and leave.starts_at <= now and leave.ends_at is not None and leave.ends_at > now
    ]
    opened = {leave.collar: leave for leave in present[:_OPEN_SICKNESS]}
    for leave in opened.values():
        leave.ends_at = None
    for duty in duties:
        if duty.member.collar in opened and duty.starts_at >= opened[duty.member.collar].starts_at:
            duty.free = False


def _leads_the_focus(duty: Duty) -> bool:
    """The sergeant whom the demonstration signs in as: there to see who is away, so not away now."""
    return duty.member.team == FOCUS and duty.member.grade == "sergeant"


class Moment:
    """Turns abstractions drawn for any day into what is known at this one."""

    def __init__(self, aways: Iterable[Away], duties: Iterable[Duty], now: int, draw: random.Random) -> None:
        self._now = now
        self._draw = draw
        self._aways = [a for a in aways if a.duty.free and (a.starts_at <= now or self._foreseen(a))]
        self._on_duty = [d for d in duties if d.free and d.starts_at < now < d.ends_at]

    def _foreseen(self, away: Away) -> bool:
        return away.planned and self._draw.random() < _FORESEEN_SHARE

    def known(self) -> list[Away]:
        """Every entry that is on the books now: some open, and nothing after an open one for the same person."""
        opened = self._opened()
        return [away for away in self._aways if not self._follows(away, opened)]

    def _follows(self, away: Away, opened: dict[str, Away]) -> bool:
        open_one = opened.get(away.member.collar)
        return open_one is not None and away is not open_one and away.starts_at > open_one.starts_at

    def _opened(self) -> dict[str, Away]:
        """Collar number: the open entry. Those away anyway come first, then others until there are enough."""
        wanted = max(1, round(_AWAY_SHARE * len(self._on_duty)))
        opened: dict[str, Away] = {}
        for away in sorted(self._under_way(), key=lambda a: a.member.team != FOCUS)[:wanted]:
            away.ends_at = None
            away.note = ""
            opened[away.member.collar] = away
        focus = [duty for duty in self._on_duty if duty.member.team == FOCUS and not _leads_the_focus(duty)]
        if focus and not any(away.member.team == FOCUS for away in opened.values()):
            self._call_away(focus, 1, opened)
        self._call_away(self._on_duty, wanted - len(opened), opened)
        return opened

    def _under_way(self) -> list[Away]:
        now = self._now
        return [
            a
            for a in self._aways
            if not a.planned
            and not _leads_the_focus(a.duty)
            and a.starts_at < now < a.duty.ends_at
            and (a.ends_at is None or a.ends_at > now)
        ]

    def _call_away(self, duties: Sequence[Duty], many: int, opened: dict[str, Away]) -> None:
        """Open new entries for people who are on duty and have none in that duty yet."""
        busy = {a.member.collar for a in self._aways if a.ends_at is None or a.ends_at > self._now >= a.starts_at}
        busy |= {a.member.collar for a in self._aways if a.duty.starts_at < self._now < a.duty.ends_at}
        spare = [d for d in duties if d.member.collar not in busy and not _leads_the_focus(d)]
        for duty in self._draw.sample(spare, max(0, min(many, len(spare)))):
            reason = self._draw.choice(_SUDDEN_FOR_PCSOS if duty.member.grade == "pcso" else _SUDDEN)
            starts_at = max(duty.starts_at, self._now - self._draw.randrange(10, _LONGEST_SO_FAR))
            away = Away(duty, reason, starts_at, None, self._draw.choice(KINDS[reason].places))
            self._aways.append(away)
            opened[duty.member.collar] = away
