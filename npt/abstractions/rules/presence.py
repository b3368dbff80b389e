"""Who is on duty at a moment and until when, and when they are next: rostered less absent (RULES section 4)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from npt.abstractions.rules.availability import available_pieces, duty_holding
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, DutyFact


@dataclass(frozen=True, slots=True)
class Turn:
    """Available duty without a break, and the duty date of the duty it begins in."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    duty_date: dt.date


@dataclass(frozen=True, slots=True)
class Presence:
    """How one person stands at a moment: on duty, or rostered and absent, or neither; and when they are next on."""

    now: Turn | None
    absent: DutyFact | None
    next: Turn | None


def presence(duties: Iterable[DutyFact], absences: Iterable[AbsenceFact], at: dt.datetime) -> Presence:
    """One person's presence at a moment, from every duty and absence of theirs that is not over by then.

    Duties that touch are one turn; an absence ends a turn, and what is left of the duty after it is the next.
    """
    rostered = list(duties)
    turns = _turns(rostered, absences)
    now = next((turn for turn in turns if turn.starts_at <= at < turn.ends_at), None)
    then = next((turn for turn in turns if turn.starts_at > at), None)
    return Presence(now, None if now else duty_holding(at, rostered), then)


def _turns(duties: Iterable[DutyFact], absences: Iterable[AbsenceFact]) -> list[Turn]:
    turns: list[Turn] = []
    for piece in available_pieces(duties, absences):
        start, end = piece.interval.starts_at, piece.interval.ends_at
        if turns and turns[-1].ends_at == start:
            turns[-1] = Turn(turns[-1].starts_at, end, turns[-1].duty_date)
        else:
            turns.append(Turn(start, end, piece.duty.duty_date))
    return turns


def away_at(moment: dt.datetime, abstractions: Iterable[AbstractionFact]) -> AbstractionFact | None:
    """The abstraction of one person that holds a moment; one still open has no end for this purpose."""
    return next((a for a in abstractions if a.starts_at <= moment and (a.ends_at is None or moment < a.ends_at)), None)


def overdue_since(starts_at: dt.datetime, duties: Iterable[DutyFact], at: dt.datetime) -> dt.datetime | None:
    """Since when somebody still away is overdue: from the end of the duty in which they went, when that is over.

    Duties that touch are one. Somebody who went off duty is never overdue.

    :param duties: that person's duties between the start and the moment
    """
    turn = next((turn for turn in _turns(duties, ()) if turn.starts_at <= starts_at < turn.ends_at), None)
    return turn.ends_at if turn and turn.ends_at <= at else None
