"""Open, change, end and withdraw a reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Actor
from npt.core.db import session
from npt.core.effects import Effect, Weight
from npt.core.errors import Refused, refuse_if_any
from npt.core.periods import DAY, Period, day_in_words
from npt.people.rules import Grade
from npt.policy import queries
from npt.policy.models import ReasonEntry
from npt.policy.queries import grades_of
from npt.policy.rules import ReasonRow
from npt.policy.rules.dated import Span
from npt.policy.rules.words import code_faults, counts_in_words, left_without
from npt.policy.services.dated import Done, Named, days, let_end, lock_policy, set_from, take_back
from npt.policy.services.first import stored_grades


@dataclass(frozen=True, slots=True)
class NewReason:
    """What a reason is called from a day on, when to use it, and for which grades it counts under each definition."""

    label: str
    guidance: str
    counts_local: tuple[Grade, ...]
    counts_national: tuple[Grade, ...]
    first_day: dt.date
    why: str


def open_reason(code: str, family: str, new: NewReason, *, actor: Actor, at: dt.datetime, on: dt.date) -> Done:
    """Open a reason that there was not before.

    :raises Refused: when its code is no code, or is a reason's already; and with what else stands in the way
    """
    lock_policy()
    refuse_if_any(code_faults(code, queries.reason_book().codes))
    return _set(code, family, new, [], actor=actor, at=at, on=on, seen=None, event="opened")


def change_reason(
    code: str, new: NewReason, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Give a reason other words, or let it count for others, from a day on. What is in force ends the day before.

    :raises NoResultFound: when there is no such reason
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    rows = _rows(code)
    return _set(code, rows[-1].family, new, rows, actor=actor, at=at, on=on, seen=seen, event="changed")


def _set(
    code: str,
    family: str,
    new: NewReason,
    rows: Sequence[ReasonEntry],
    *,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    seen: str | None,
    event: str,
) -> Done:
    def make(period: Period) -> ReasonEntry:
        return ReasonEntry(
            code=code,
            first_day=period.first_day,
            last_day=period.last_day,
            label=new.label,
            family=family,
            counts_local=stored_grades(new.counts_local),
            counts_national=stored_grades(new.counts_national),
            guidance=new.guidance,
            set_by=actor.name,
            why=new.why,
        )

    done = set_from(
        rows,
        _spans(rows),
        _named(code),
        make,
        _words,
        _state,
        first_day=new.first_day,
        event=event,
        actor=actor,
        at=at,
        on=on,
        seen=seen,
        refuse_the_same=_refuse_the_same,
    )
    return Done([*done.effects, *_of_days(new.first_day)], done.seen)


def _refuse_the_same(before: ReasonEntry | None, new: ReasonEntry) -> None:
    if before is not None and _says(before) == _says(new):
        raise Refused("Nothing is different. Change something, or leave the reason as it is.")


def _named(code: str) -> Named:
    return Named("reason of this code", f"reason:{code}")


def end_reason(
    code: str, last_day: dt.date, why: str, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Let a reason end: from the next day on it can no longer be logged. What was logged for it stays.

    :raises NoResultFound: when there is no such reason
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    rows = _rows(code)
    done = let_end(rows, _spans(rows), _named(code), last_day, why, actor=actor, at=at, on=on, seen=seen)
    others: list[ReasonRow] = [row for row in queries.reason_book().in_force(last_day + DAY) if row.code != code]
    warning = left_without(rows[-1].family, others)
    stays = Effect(f"What is logged for it up to {day_in_words(last_day)} stays as it is, and counts as it did")
    return Done([*([Effect(warning, Weight.WORSE)] if warning else []), *done.effects, stays], done.seen)


def withdraw_reason(
    code: str, row_id: int, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Take back a row of a reason that is still to come.

    :raises NoResultFound: when there is no such row
    :raises Refused: when it has started, or somebody changed the rows meanwhile
    """
    rows = _rows(code)
    named = _named(code)
    return take_back(rows, _spans(rows), named, row_id, _state, gone="label", actor=actor, at=at, on=on, seen=seen)


def _rows(code: str) -> list[ReasonEntry]:
    lock_policy()
    found = list(session.scalars(select(ReasonEntry).where(ReasonEntry.code == code).order_by(ReasonEntry.first_day)))
    if not found:
        raise NoResultFound("no such reason")
    return found


def _spans(rows: Sequence[ReasonEntry]) -> list[Span]:
    return [Span(row.id, row.first_day, row.last_day, _words(row)) for row in rows]


def _words(entry: ReasonEntry) -> str:
    local, national = grades_of(entry.counts_local), grades_of(entry.counts_national)
    row = ReasonRow(entry.code, entry.first_day, None, entry.label, entry.family, local, national)
    return f"{entry.label} ({counts_in_words(row)})"


def _says(entry: ReasonEntry) -> tuple[str, ...]:
    return entry.label, entry.guidance, entry.counts_local, entry.counts_national


def _state(entry: ReasonEntry) -> dict[str, object]:
    return {
        "label": entry.label,
        "guidance": entry.guidance,
        "counts_local": entry.counts_local.split(";"),
        "counts_national": entry.counts_national.split(";"),
        "because": entry.why,
        **days(entry.first_day, entry.last_day),
    }


def _of_days(first_day: dt.date) -> list[Effect]:
    day = day_in_words(first_day)
    return [
        Effect(f"Each duty is judged by the day it starts: duties before {day} stay as they were, also in that month"),
        Effect("No month that is over changes"),
    ]
