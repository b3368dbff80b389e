"""The live board of who is away: how long already, and who is overdue."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.abstractions import rules
from npt.abstractions.queries.entries import AwayRow
from npt.abstractions.queries.facts import facts
from npt.core.periods import MINUTE, Interval, to_minute


@dataclass(frozen=True, slots=True)
class BoardRow:
    """Somebody who is away now, for how many minutes already, and since when they are overdue, if they are."""

    away: AwayRow
    minutes: int
    overdue_since: dt.datetime | None


def board(rows: Sequence[AwayRow], at: dt.datetime, zone: ZoneInfo) -> list[BoardRow]:
    """The board of those who are away at a moment, in the order given.

    Overdue: still away, the duty in which they went is over, and nobody has said that they are back.
    """
    moment = to_minute(at)
    still = [row for row in rows if row.until is None and row.since < moment]
    duties = []
    if still:
        within = Interval(min(row.since for row in still), moment)
        duties = facts(within, {row.person.id for row in still}, zone).duties

    def overdue(row: AwayRow) -> dt.datetime | None:
        if row.until is not None:
            return None
        return rules.overdue_since(row.since, [duty for duty in duties if duty.person_id == row.person.id], moment)

    return [BoardRow(row, (moment - row.since) // MINUTE, overdue(row)) for row in rows]
