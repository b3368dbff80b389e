"""Available duty: the union of a person's duties less the union of their absences (RULES section 4)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from npt.abstractions.rules.vocabulary import AbsenceFact, DutyFact
from npt.core.periods import Interval

Span = tuple[dt.datetime, dt.datetime, DutyFact]
"""From, to, and the duty the minutes belong to. A plain tuple, because a force has 80,000 of them in a year."""

_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_FOREVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_precedence = itemgetter(DutyFact._fields.index("starts_at"), DutyFact._fields.index("ref"))
_start = attrgetter("starts_at")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of available duty and the duty it belongs to."""

    interval: Interval
    duty: DutyFact


def available_pieces(
    duties: Iterable[DutyFact], absences: Iterable[AbsenceFact], within: Interval | None = None
) -> list[Piece]:
    """The available duty of one person, in order and without overlap; only what lies ``within``, when that is given.

    A minute in two duties belongs to the one that started first, then the lower ref (RULES section 4).
    """
    return [Piece(Interval(start, end), duty) for start, end, duty in available_spans(duties, absences, within)]


def available_spans(
    duties: Iterable[DutyFact], absences: Iterable[AbsenceFact], within: Interval | None = None
) -> list[Span]:
    """The same as :func:`available_pieces` for counting many: one pass over the sorted facts of one person."""
    reached, latest = (within.starts_at, within.ends_at) if within else (_LONG_AGO, _FOREVER)
    away = _union(absences)
    ended, absent = 0, len(away)
    found: list[Span] = []
    # In order of start, a duty owns what lies past the furthest end before it: each minute is had once.
    for duty in sorted(duties, key=_precedence):
        _, _, start, end, _ = duty
        if end <= reached:
            continue
        # Compared, not by max() and min(): a call for each of thousands of duties is what the walk would cost.
        if start < reached:
            start = reached
        reached = end
        if end > latest:
            end = latest
            if start >= end:
                break
        while ended < absent and away[ended][1] <= start:
            ended += 1
        if ended < absent and away[ended][0] < end:
            found += _without(start, end, duty, away, ended)
        else:
            found.append((start, end, duty))
    return found


def days_wholly_absent(duties: Collection[DutyFact], absences: Iterable[AbsenceFact]) -> set[dt.date]:
    """The days on which one person has a duty and an absence leaves nothing of it."""
    left = {duty.duty_date for _, _, duty in available_spans(duties, absences)}
    return {duty.duty_date for duty in duties} - left


def duty_holding(moment: dt.datetime, duties: Iterable[DutyFact]) -> DutyFact | None:
    """The duty of one person that a moment falls in: of several the one that started first, then the lower ref."""
    holding = (duty for duty in duties if duty.starts_at <= moment < duty.ends_at)
    return min(holding, key=_precedence, default=None)


def _union(absences: Iterable[AbsenceFact]) -> list[tuple[dt.datetime, dt.datetime]]:
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for absence in sorted(absences, key=_start):
        end = absence.ends_at or _FOREVER
        if joined and absence.starts_at <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((absence.starts_at, end))
    return joined


def _without(
    start: dt.datetime, end: dt.datetime, duty: DutyFact, away: list[tuple[dt.datetime, dt.datetime]], index: int
) -> Iterator[Span]:
    while start < end:
        if index == len(away) or away[index][0] >= end:
            yield start, end, duty
            return
        gone_from, gone_to = away[index]
        if gone_from > start:
            yield start, gone_from, duty
        start = gone_to
        index += 1
