"""Leave and sickness, never so much that a team has nobody early or late."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from npt.demo.rules.roster import PERIOD_DAYS, Duty, Presence

SICKNESS = "sickness"

_BLOCKS = (
    # kind, chance in four weeks, fewest and most days
    ("annual_leave", 0.50, 5, 12),
    ("annual_leave", 0.35, 1, 2),
    (SICKNESS, 0.14, 2, 8),
    ("compassionate", 0.01, 1, 4),
)
_TOIL_CHANCE = 0.15
_TOIL_MINUTES = (90, 120, 180)


@dataclass(slots=True)
class Leave:
    """An absence: from the start of the first duty missed to the end of the last, or open."""

    collar: str
    kind: str
    day: int
    starts_at: int
    ends_at: int | None
    missed: tuple[Duty, ...]


class Absences:
    """Draws a team's absences of a period."""

    def __init__(self, duties: Sequence[Duty], first: int, draw: random.Random) -> None:
        self._presence = Presence(duties)
        self._first = first
        self._draw = draw
        self._by_person: dict[str, list[Duty]] = {}
        for duty in duties:
            self._by_person.setdefault(duty.member.collar, []).append(duty)

    def drawn(self) -> Iterator[Leave]:
        """Every absence; the duties missed are marked as no longer free."""
        for duties in self._by_person.values():
            for kind, chance, fewest, most in _BLOCKS:
                if self._draw.random() < chance:
                    yield from self._block(kind, self._draw.randint(fewest, most), duties)
            if self._draw.random() < _TOIL_CHANCE:
                yield from self._toil(duties)

    def _block(self, kind: str, days: int, duties: Sequence[Duty]) -> Iterator[Leave]:
        start = self._first + self._draw.randrange(PERIOD_DAYS - days)
        inside = [duty for duty in duties if start <= duty.day < start + days]
        if not inside or not all(duty.free for duty in inside) or not self._presence.spares(inside):
            return
        self._presence.take(inside)
        for duty in inside:
            duty.missed = True
        begin, end = inside[0], inside[-1]
        yield Leave(begin.member.collar, kind, begin.day, begin.starts_at, end.ends_at, tuple(inside))

    def _toil(self, duties: Sequence[Duty]) -> Iterator[Leave]:
        """Time owed, taken at the end of a duty."""
        duty = self._draw.choice(duties)
        if duty.free and self._presence.spares([duty]):
            self._presence.take([duty])
            starts_at = duty.ends_at - self._draw.choice(_TOIL_MINUTES)
            yield Leave(duty.member.collar, "toil", duty.day, starts_at, duty.ends_at, (duty,))
