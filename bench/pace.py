"""How fast the processor is just now. That of a machine shared with others is at times half as fast, for a second or
for minutes, whatever is asked of it; what is asked then says more of the others than of us.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from time import process_time
from typing import Generic, TypeVar

CALM = 1.15
"""What was asked while a fixed piece of work took no more than so many times its shortest counts."""
_WORK = 30_000


_Kept = TypeVar("_Kept")


@dataclass(frozen=True)
class Paced(Generic[_Kept]):
    """What was measured, and how long the fixed work took just before and just after, whichever was longer."""

    found: _Kept
    pace: float


@dataclass
class Pace:
    """Reads how long one fixed piece of work takes, about a millisecond, and what of all that was measured counts."""

    best: float = inf
    _last: float = inf

    def of(self, measure: Callable[[], _Kept]) -> Paced[_Kept]:
        """Measure something between two readings."""
        before = self._last if self._last < inf else self._read()
        found = measure()
        return Paced(found, max(before, self._read()))

    def calm(self, measured: Iterable[Paced[_Kept]]) -> list[_Kept]:
        """What was measured while the processor ran at its own speed."""
        return [each.found for each in measured if each.pace <= CALM * self.best]

    def calmest(self, measured: Iterable[Paced[_Kept]], number: int) -> list[_Kept]:
        """The same, or so many of those nearest to it, where fewer were."""
        in_order = sorted(measured, key=lambda each: each.pace)
        calm = self.calm(in_order)
        return calm if len(calm) >= number else [each.found for each in in_order[:number]]

    def _read(self) -> float:
        start, total = process_time(), 0
        for number in range(_WORK):
            total += number * number
        self._last = 1000 * (process_time() - start)
        self.best = min(self.best, self._last)
        return self._last
