"""Add up what months that are over, and the days of this one, come to, so that nobody waits for it (decision 80)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, insert, select

from npt.abstractions import queries, rules
from npt.abstractions.models import Recount, SummedMonth
from npt.abstractions.rules import Sums
from npt.core.db import among, session
from npt.core.periods import DAY, Interval, Period, Window, add_months, interval_or_none, local_day, midnight, month_of
from npt.people import queries as people
from npt.people.rules import days_in_force

log = structlog.get_logger(__name__)

MONTHS = 14
"""The month of a day and those before it: a year, and the month that the first of it is compared with."""

CHECKED_EVERY = 28
"""Within so many nights the months of everybody are counted again, also where nothing asks for it."""

_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class AddedUp:
    """What a night did: so many months of people added up, so many more counted again to see whether they hold, and
    those of them that did not.
    """

    added: int
    checked: int
    differed: Sequence[str]

    def __str__(self) -> str:
        said = f"{self.added:,} months of people added up, {self.checked:,} counted again to check them"
        return f"{said}; {len(self.differed)} differed and were mended" if self.differed else said


def add_up_months(on: dt.date, *, zone: ZoneInfo) -> AddedUp:
    """Add up the minutes of everybody posted, month by month up to the start of a day, where that is not done yet or
    something they are made of was written since.

    Nothing is judged: not whose team the minutes are, not what counts. So only a duty, an absence or an abstraction can
    make them untrue, and the database leaves a slip of each (``Recount``). The slips are taken first: one that comes
    while months are counted stays, and has its month counted again the next night.
    """
    slips, done = _take_slips(), _done()
    # A day that is added up again takes nothing back of what a later one did, and mends all of it.
    newest = max((until for theirs in done.values() for until in theirs.values()), default=midnight(on, zone))
    on = max(on, local_day(newest, zone))
    months = [month_of(add_months(on.replace(day=1), -back), zone) for back in range(MONTHS)]
    session.execute(delete(SummedMonth).where(SummedMonth.starts_at.not_in([m.whole.starts_at for m in months])))
    roll = people.roll()
    added, checked, differed = 0, 0, list[str]()
    for month in months:
        start = month.whole.starts_at
        within = interval_or_none(start, min(midnight(on, zone), month.whole.ends_at))
        if within is None:
            continue
        posted = set(_posted(month, roll))
        # Whoever holds no post in it any more is let go: their slips are gone with this night, and they may come back.
        _forget(done[start].keys() - posted, start)
        due = {id for id in posted if done[start].get(id) != within.ends_at or _touched(slips.get(id, ()), within)}
        to_check = {id for id in posted - due if id % CHECKED_EVERY == on.toordinal() % CHECKED_EVERY}
        differed += _differing(to_check, within, zone)
        _write(due, within, zone)
        added, checked = added + len(due), checked + len(to_check)
    return AddedUp(added, checked, differed)


def _done() -> defaultdict[dt.datetime, dict[int, dt.datetime]]:
    """By month and person, up to when it was added up."""
    found: defaultdict[dt.datetime, dict[int, dt.datetime]] = defaultdict(dict)
    columns = (SummedMonth.person_id, SummedMonth.starts_at, SummedMonth.until)
    for person_id, start, until in session.execute(select(*columns)):
        found[start][person_id] = until
    return found


_Slip = tuple[dt.datetime, dt.datetime | None]


def _take_slips() -> dict[int, list[_Slip]]:
    taken: dict[int, list[_Slip]] = {}
    gone = delete(Recount).returning(Recount.person_id, Recount.starts_at, Recount.ends_at)
    for person_id, starts_at, ends_at in session.execute(gone, execution_options={"synchronize_session": False}):
        taken.setdefault(person_id, []).append((starts_at, ends_at))
    return taken


def _touched(slips: Iterable[_Slip], within: Interval) -> bool:
    return any(first < within.ends_at and (last is None or last > within.starts_at) for first, last in slips)


def _posted(month: Window, roll: people.Roll) -> Iterator[int]:
    """Everybody who holds a post on a day of a month, or on the day before it."""
    days = Period(month.first_day - DAY, month.last_day)
    for person_id, postings in roll.by_person.items():
        held = map(days_in_force, postings)
        if any(each is not None and each.overlaps(days) for each in held):
            yield person_id


def _counted(person_ids: Collection[int], within: Interval, zone: ZoneInfo) -> Iterator[list[Sums]]:
    """What people's minutes come to, some hundred people at a time."""
    ids = sorted(person_ids)
    for first in range(0, len(ids), _AT_A_TIME):
        some = ids[first : first + _AT_A_TIME]
        read = queries.facts(within, some, zone)
        yield rules.add_up(some, read.duties, read.absences, read.abstractions, within)


def _write(person_ids: Collection[int], within: Interval, zone: ZoneInfo) -> None:
    for some in _counted(person_ids, within, zone):
        _forget([each.person_id for each in some], within.starts_at)
        session.execute(insert(SummedMonth), [_row(each, within) for each in some])


def _forget(person_ids: Collection[int], start: dt.datetime) -> None:
    """Take away what was added up of these people's month that starts then."""
    theirs = among(SummedMonth.__table__.c.person_id, person_ids)
    session.execute(
        delete(SummedMonth).where(SummedMonth.starts_at == start, theirs),
        execution_options={"synchronize_session": False},
    )


def _row(sums: Sums, within: Interval) -> dict[str, Any]:
    return {
        "person_id": sums.person_id,
        "starts_at": within.starts_at,
        "until": within.ends_at,
        "duty_minutes": sums.duty_minutes,
        "taken": [[each.reason, each.day.isoformat(), each.on_duty, each.off_duty] for each in sums.taken],
        "first_day": sums.first_day,
        "last_day": sums.last_day,
    }


def _differing(person_ids: Collection[int], within: Interval, zone: ZoneInfo) -> list[str]:
    """Those of whom something else was added up than there is, which is mended and said: a change left no slip."""
    kept = {each.sums.person_id: each.sums for each in queries.sums_as_kept(within.starts_at, person_ids)}
    wrong = [each for some in _counted(person_ids, within, zone) for each in some if kept.get(each.person_id) != each]
    for each in wrong:
        log.error("minutes.differed", person=each.person_id, month=within.starts_at.isoformat())
    _write([each.person_id for each in wrong], within, zone)
    return [f"{each.person_id} {within.starts_at:%Y-%m}" for each in wrong]
