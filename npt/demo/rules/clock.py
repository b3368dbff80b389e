"""Instants as whole minutes, which are quick to add up, and as the text of an import file."""

import datetime as dt
from zoneinfo import ZoneInfo

from npt.core.periods import instant, to_minute

DAY_MINUTES = 24 * 60
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MINUTE = dt.timedelta(minutes=1)
_CLOCKS = [f"T{minute // 60:02}:{minute % 60:02}+00:00" for minute in range(DAY_MINUTES)]


def minute_of(at: dt.datetime) -> int:
    """Minutes from the start of 1970 to an instant.

    :raises ValueError: when the instant is naive
    """
    return (to_minute(at) - _EPOCH) // _MINUTE


class StationClock:
    """Local clock times as minutes, each worked out once: asking the zone for each duty would take most of the time."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._minutes: dict[tuple[int, int], int] = {}
        self._days: dict[int, str] = {}

    def minute(self, day: int, clock: int) -> int:
        """The instant of a local day (its ordinal) and so many minutes on its clock; 1,440 is the next midnight."""
        key = (day, clock)
        known = self._minutes.get(key)
        if known is None:
            on = dt.date.fromordinal(day + clock // DAY_MINUTES)
            hour, minute = divmod(clock % DAY_MINUTES, 60)
            known = self._minutes[key] = minute_of(instant(on, dt.time(hour, minute), self._zone))
        return known

    def text(self, at: int) -> str:
        """An instant as an import file has it, with its offset."""
        days, clock = divmod(at, DAY_MINUTES)
        day = self._days.get(days)
        if day is None:
            day = self._days[days] = dt.date.fromordinal(_EPOCH_DAY + days).isoformat()
        return day + _CLOCKS[clock]
