"""Dated rows of one key: what a new row, an end or a withdrawal does to the others. No day that is over changes."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from npt.core.effects import Effect, Weight
from npt.core.errors import Reason, Refused
from npt.core.periods import DAY, Period, day_in_words


class Standing(StrEnum):
    """Whether a row is over, in force, or still to come."""

    PAST = "past"
    NOW = "now"
    TO_COME = "to_come"

    @property
    def label(self) -> str:
        return {"past": "Past", "now": "In force", "to_come": "To come"}[self.value]


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a row on record, and what it says in words: "8 %"."""

    id: int
    first_day: dt.date
    last_day: dt.date | None
    words: str = ""

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.last_day)

    def standing(self, on: dt.date) -> Standing:
        if self.first_day > on:
            return Standing.TO_COME
        return Standing.NOW if on in self.period else Standing.PAST


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of the rows of a key: a new one, other last days by their number, and one that goes."""

    new: Period | None = None
    lasts: Mapping[int, dt.date | None] = field(default_factory=dict)
    gone: int | None = None

    @property
    def last_day(self) -> dt.date | None:
        """The last day of the new row, when it has one."""
        return self.new.last_day if self.new else None

    def after(self, spans: Iterable[Span], words: str = "") -> list[Span]:
        """The rows as they would be, in order. The new one has no number yet."""
        kept = [
            Span(span.id, span.first_day, self.lasts.get(span.id, span.last_day), span.words)
            for span in spans
            if span.id != self.gone
        ]
        new = [Span(0, self.new.first_day, self.new.last_day, words)] if self.new else []
        return sorted([*kept, *new], key=lambda span: span.first_day)


def set_from(spans: Sequence[Span], first_day: dt.date, *, today: dt.date) -> Move:
    """A new row from a day on: it ends the one in force the day before it, and runs until the next one starts.

    :raises Refused: when the day is over, or a row starts on it: what has started is never altered
    """
    if first_day < today:
        over = "A new value may not start before today: what is over is never changed. Enter today or a later day"
        raise Refused(Reason(over, "first_day"))
    if any(span.first_day == first_day for span in spans):
        day = day_in_words(first_day)
        started = f"One starts on {day}, and what has started is never altered. Enter a later day"
        coming = f"One starts on {day} already. Withdraw it first, or enter another day"
        raise Refused(Reason(started if first_day == today else coming, "first_day"))
    following = min((span.first_day for span in spans if span.first_day > first_day), default=None)
    return Move(
        new=Period(first_day, following - DAY if following else None),
        lasts={span.id: first_day - DAY for span in _reaching(spans, first_day)},
    )


def end_on(spans: Sequence[Span], last_day: dt.date, *, today: dt.date) -> Move:
    """Let what is in force on a day end with it. What is to come later stays.

    :raises Refused: when the day is over, or nothing in force on it would go on after it
    """
    if last_day < today:
        raise Refused(Reason("It cannot end on a day that is over. Enter today or a later day", "last_day"))
    ending = {span.id: last_day for span in _reaching(spans, last_day + DAY)}
    if not ending:
        raise Refused(Reason(f"Nothing that is in force on {day_in_words(last_day)} goes on after it", "last_day"))
    return Move(lasts=ending)


def withdraw(spans: Sequence[Span], id: int, *, today: dt.date) -> Move:
    """Take back a row that is still to come; the one that was to end the day before it goes on in its place.

    :raises Refused: when it has started
    :raises KeyError: when there is no such row
    """
    going = {span.id: span for span in spans}[id]
    if going.first_day <= today:
        raise Refused("It has started, and what has started is never altered. Set another from a later day instead.")
    lasts = {span.id: going.last_day for span in spans if span.last_day == going.first_day - DAY}
    return Move(lasts=lasts, gone=id)


def _reaching(spans: Iterable[Span], day: dt.date) -> list[Span]:
    """The rows that start before a day and are in force on it."""
    return [span for span in spans if span.first_day < day and day in span.period]


def uncovered(spans: Iterable[Span], since: dt.date) -> list[Period]:
    """The stretches of days from a day on, on which no row is in force."""
    gaps: list[Period] = []
    day: dt.date | None = since
    for span in sorted(spans, key=lambda each: each.first_day):
        if day is None:
            break
        if span.first_day > day:
            gaps.append(Period(day, span.first_day - DAY))
        day = None if span.last_day is None else max(day, span.last_day + DAY, span.first_day)
    return [*gaps, Period(day)] if day is not None else gaps


def effects(spans: Sequence[Span], move: Move, words: str = "", *, what: str, today: dt.date) -> list[Effect]:
    """What a move would do, one sentence each: what begins, what ends, what goes, and where nothing is left in force.

    :param words: what the new row says; ``what``: the kind of thing, "target"
    """
    listed: list[Effect] = []
    if move.new:
        listed.append(Effect(f"{words} applies {_days(move.new)}{_until_next(spans, move.new)}"))
    if move.gone is not None:
        gone = next(span for span in spans if span.id == move.gone)
        listed.append(Effect(f"{gone.words} {_days(gone.period)} is withdrawn and never applies"))
    for span in spans:
        if span.id in move.lasts:
            listed.append(Effect(_of_last_day(span, move)))
    listed.extend(_of_gaps(spans, move, what, today))
    return listed


def _until_next(spans: Sequence[Span], new: Period) -> str:
    if new.last_day is None:
        return ""
    following = next(span for span in spans if span.first_day == new.last_day + DAY)
    return f"; then {following.words} follows, as set already"


def _of_last_day(span: Span, move: Move) -> str:
    last = move.lasts[span.id]
    if move.gone is not None:
        return f"{span.words} goes on, {f'until {day_in_words(last)}' if last else 'with no last day'}"
    since = f"in force since {day_in_words(span.first_day)}"
    return f"{span.words}, {since}, ends on {day_in_words(last)}" if last else f"{span.words}, {since}, goes on"


def _of_gaps(spans: Sequence[Span], move: Move, what: str, today: dt.date) -> list[Effect]:
    before = set(uncovered(spans, today))
    opened = [gap for gap in uncovered(move.after(spans), today) if gap not in before]
    return [
        Effect(f"No {what} is in force {_days(gap)}", Weight.WORSE)
        for gap in opened
        if move.new is None or gap.first_day > move.new.first_day
    ]


def _days(days: Period) -> str:
    first = f"from {day_in_words(days.first_day)}"
    return f"{first} to {day_in_words(days.last_day)}" if days.last_day else first
