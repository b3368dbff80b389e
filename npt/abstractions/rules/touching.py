"""Which months of which teams something that is written touches (RULES section 4, "Monthly return")."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.abstractions.rules.availability import available_pieces
from npt.abstractions.rules.vocabulary import DutyFact
from npt.core.periods import MINUTE, Interval, midnight, subtract, to_minute, windows_by_month


@dataclass(frozen=True, slots=True, order=True)
class TeamMonth:
    """A team and the first day of a month."""

    team_id: int
    first_day: dt.date


@dataclass(frozen=True, slots=True)
class Touch:
    """Time of a person that is added, changed or taken away; without an end, up to now.

    ``day`` decides the team of what lies in no duty: the day an entry or absence starts. Of a duty itself it is the
    duty date, which decides for all of it (``whole``).
    """

    person_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    day: dt.date
    whole: bool = False

    def until(self, at: dt.datetime) -> Interval:
        """From its start to its end, or to a moment; never less than a minute."""
        end = to_minute(at) if self.ends_at is None else self.ends_at
        return Interval(self.starts_at, max(end, self.starts_at + MINUTE))


def is_past(touch: Touch, month_start: dt.date, zone: ZoneInfo) -> bool:
    """Whether any of it lies before a month: what does not can be in no month that is over."""
    return touch.starts_at < midnight(month_start, zone)


def months_of(
    touch: Touch,
    duties: Iterable[DutyFact],
    *,
    at: dt.datetime,
    team_on: Callable[[int, dt.date], int | None],
    zone: ZoneInfo,
) -> set[TeamMonth]:
    """The months of teams that some time touches. A minute in a duty is the team's of the duty date, any other the
    team's of the day the entry starts; it lies in the month of the station clock.

    :param duties: of the same person, all those that touch the time
    :param at: now, to which what has no end runs
    """
    whole, theirs = touch.until(at), list(duties)
    found = set()
    for month in windows_by_month(whole, zone):
        part = whole.meet(month.whole)
        if part is None:
            continue
        days = {touch.day}
        if not touch.whole:
            pieces = available_pieces(theirs, (), part)
            days = {piece.duty.duty_date for piece in pieces}
            if subtract(part, [piece.interval for piece in pieces]):
                days.add(touch.day)
        for day in days:
            team_id = team_on(touch.person_id, day)
            if team_id is not None:
                found.add(TeamMonth(team_id, month.first_day))
    return found
