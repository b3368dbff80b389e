"""What a night added up of people's months, as far as it still holds."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, select

from npt.abstractions.models import Recount, SummedMonth
from npt.abstractions.rules import DayTaken, Sums
from npt.core.db import among, session
from npt.core.lasting import lasts_beyond


class SumsUntil(NamedTuple):
    """What one person's month came to, from its start up to a moment."""

    starts_at: dt.datetime
    until: dt.datetime
    sums: Sums


# The tables and not the classes: there are hundreds of rows.
_MONTHS, _SLIPS = SummedMonth.__table__.c, Recount.__table__.c
_SHOWN = ("person_id", "starts_at", "until", "duty_minutes", "first_day", "last_day")
_COLUMNS = [*(_MONTHS[name] for name in _SHOWN), cast(_MONTHS.taken, Text)]
_TO_COUNT_AGAIN = (
    select(_SLIPS.id)
    .where(
        _SLIPS.person_id == _MONTHS.person_id,
        _SLIPS.starts_at < _MONTHS.until,
        lasts_beyond(_SLIPS.ends_at, _MONTHS.starts_at),
    )
    .exists()
)
_STARTS = bindparam("starts", expanding=True, type_=_MONTHS.starts_at.type)
_ADDED_UP = select(*_COLUMNS).where(_MONTHS.starts_at.in_(_STARTS), among(_MONTHS.person_id, "people"))
_THAT_HOLD = _ADDED_UP.where(~_TO_COUNT_AGAIN)


def sums_of(starts: Iterable[dt.datetime], person_ids: Collection[int]) -> Iterator[SumsUntil]:
    """What was added up of these people's months that start then, where nothing they were made of was written since."""
    return _asked(_THAT_HOLD, starts, person_ids)


def sums_as_kept(start: dt.datetime, person_ids: Collection[int]) -> Iterator[SumsUntil]:
    """The same of one month, whether it still holds or not."""
    return _asked(_ADDED_UP, [start], person_ids)


def _asked(statement: Any, starts: Iterable[dt.datetime], person_ids: Collection[int]) -> Iterator[SumsUntil]:
    rows: Any = session.execute(statement, {"starts": list(starts), "people": person_ids}).all()
    # All lists are read as one: apart, the hundreds of them take three times as long. And the same sixty days of two
    # months are written in them over and over.
    taken = json.loads(f"[{','.join(row.taken for row in rows)}]")
    day_of = cache(dt.date.fromisoformat)
    for (person_id, starts_at, until, duty_minutes, first_day, last_day, _), listed in zip(rows, taken, strict=True):
        days = tuple([DayTaken(reason, day_of(day), on, off) for reason, day, on, off in listed])
        yield SumsUntil(starts_at, until, Sums(person_id, duty_minutes, days, first_day, last_day))
