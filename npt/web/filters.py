"""How figures, days and times are written for people. Rounding happens here and only for showing."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from npt.core import figures
from npt.core.periods import day_in_words

NO_DATA = "no data"
Exact = Fraction | Decimal | int


def install(app: Flask) -> None:
    """Make the filters known to every template of ``app``."""
    app.jinja_env.filters.update(
        {
            each.__name__: each
            for each in (
                day,
                weekday,
                moment,
                clock,
                shift,
                hours,
                percent,
                two_places,
                whole,
                plural,
                event_words,
                change_words,
            )
        }
    )


def station_zone() -> ZoneInfo:
    """The zone of the force's station clocks, from the application at work."""
    zone = current_app.extensions["npt.zone"]
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - tells the type checker what the application put there
    return zone


def day(value: dt.date | dt.datetime | None) -> str:
    """A day in words, ``12 November 2026``; of an instant, the day on the station clock. Nothing for nothing."""
    if value is None:
        return ""
    local = value.astimezone(station_zone()) if isinstance(value, dt.datetime) else value
    return day_in_words(local)


def weekday(value: dt.date | dt.datetime | None) -> str:
    """A day with its weekday, ``Thursday 12 November 2026``."""
    if value is None:
        return ""
    local = value.astimezone(station_zone()) if isinstance(value, dt.datetime) else value
    return f"{local:%A} {day(local)}"


def clock(value: dt.time | dt.datetime | None) -> str:
    """A time, ``9:32am``; of an instant, as the station clock shows it, with its zone when that time happened twice."""
    if value is None:
        return ""
    local = value.astimezone(station_zone()) if isinstance(value, dt.datetime) else value
    if (local.hour, local.minute) in _NAMED:
        return _NAMED[local.hour, local.minute]
    shown = f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"
    return f"{shown} {local.tzname()}" if isinstance(local, dt.datetime) and _happened_twice(local) else shown


def shift(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """From one time to another as a roster has it: ``7–16``, ``7:30–16``, overnight ``22–7``, to midnight ``15–24``."""
    until = roster_clock(ends_at)
    return f"{roster_clock(starts_at)}–{'24' if until == '0' else until}"


def roster_clock(at: dt.datetime) -> str:
    """A time as a roster has it: ``7``, ``16:30``."""
    local = at.astimezone(station_zone())
    return f"{local.hour}:{local.minute:02d}" if local.minute else str(local.hour)


_NAMED = {(0, 0): "midnight", (12, 0): "midday"}
"""12:00am and 12:00pm are read both ways."""


def _happened_twice(local: dt.datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def moment(value: dt.datetime | None) -> str:
    """An instant on the station clock, ``12 November 2026, 9:32am``."""
    return "" if value is None else f"{day(value)}, {clock(value)}"


def hours(minutes: Exact | None) -> str:
    """Minutes as hours, ``412 h 30``, ``5 h``, ``0 h``; whole minutes, rounded half up."""
    if minutes is None:
        return NO_DATA
    total = _half_up(minutes, 0)
    full, rest = divmod(abs(int(total)), 60)
    sign = "−" if total < 0 else ""
    return f"{sign}{full:,} h {rest:02d}" if rest else f"{sign}{full:,} h"


def percent(value: Exact | None) -> str:
    """A rate or target to one place, ``9.8 %``. Nothing is ``no data``, never 0 %.

    A ``Fraction`` is a share of one, as rates are; anything else is in per cent already, as targets are.
    """
    if value is None:
        return NO_DATA
    return f"{_half_up(value, 1, times=100 if isinstance(value, Fraction) else 1):,} %"


def two_places(value: Exact | None) -> str:
    """A figure to two places, rounded half up from the exact one: ``9.82``."""
    return NO_DATA if value is None else figures.two_places(value)


def whole(value: Exact | None) -> str:
    """A count with its thousands parted: ``1,280``."""
    return NO_DATA if value is None else f"{_half_up(value, 0):,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count and its noun: ``1 team``, ``3 teams``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _half_up(value: Exact, places: int, *, times: int = 1) -> Decimal:
    """Round the size half up, so that −0.05 and 0.05 read alike, without ever passing through a float."""
    above, below = value.as_integer_ratio()
    units = (2 * abs(above) * times * 10**places + below) // (2 * below)
    return Decimal(units if above >= 0 else -units).scaleb(-places)


def event_words(event: str) -> str:
    """An event of the record in words: ``abstraction.recorded`` is "Abstraction recorded"."""
    return event.replace(".", " ").replace("_", " ").capitalize()


def change_words(details: Mapping[str, Any]) -> str:
    """The particulars of an entry in the record as one line; what changed as before and after.

    What was nothing and is nothing is left out; what had no state before, like why it was done, is said alone.
    """
    before, after = details.get("before"), details.get("after")
    if isinstance(after, Mapping):
        known = before if isinstance(before, Mapping) else {}
        return "; ".join(
            _said(name, new) if name not in known else f"{_words(name)}: {_value(known[name])} → {_value(new)}"
            for name, new in sorted(after.items())
            if _value(new) != _NOTHING or _value(known.get(name)) != _NOTHING
        )
    return "; ".join(
        _said(name, value) for name, value in sorted(details.items()) if value is not None and name not in _UNSAID
    )


_UNSAID = frozenset({"seal"})
"""Ties an entry to its row, and tells a reader nothing."""


_NOTHING = "nothing"
_MINUTES = "_minutes"


def _said(name: str, value: object) -> str:
    """One particular with its name; minutes as hours, as everywhere."""
    if name.endswith(_MINUTES) and isinstance(value, int) and not isinstance(value, bool):
        return f"{_words(name.removesuffix(_MINUTES))}: {hours(value)}"
    return f"{_words(name)}: {_value(value)}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _value(value: object) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(_said(name, each) for name, each in sorted(value.items()))
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value) or _NOTHING
    text = str(value)
    if text.isidentifier() and "_" in text:
        return _words(text)
    if len(text) < len("2026-11-12") or not text[:4].isdigit() or text[4] != "-":
        return text
    try:
        return moment(dt.datetime.fromisoformat(text)) if "T" in text else day(dt.date.fromisoformat(text))
    except ValueError:
        return text
