"""Change, end and withdraw a figure of policy."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Actor
from npt.core.db import session
from npt.core.effects import Effect
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import Period
from npt.policy.models import PolicyValue
from npt.policy.rules import OPTIONAL_VALUES, VALUE_NAMES
from npt.policy.rules.dated import Span
from npt.policy.rules.figures import faults, figure_in_words, sound
from npt.policy.services.dated import Done, Named, days, let_end, lock_policy, set_from, take_back


@dataclass(frozen=True, slots=True)
class NewFigure:
    """Another value of a figure, from a day, and why."""

    value: str
    first_day: dt.date
    why: str


def change_figure(
    name: str, new: NewFigure, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Give a figure another value from a day on. The one before it ends the day before.

    :raises NoResultFound: when there is no such figure
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    rows = _rows(name)
    try:
        value = sound(name, new.value)
    except ValueError as error:
        said = str(error)
        raise Refused(Reason(said[0].upper() + said[1:], "value")) from error

    def make(period: Period) -> PolicyValue:
        return PolicyValue(
            name=name,
            first_day=period.first_day,
            last_day=period.last_day,
            value=value,
            reason=new.why,
            set_by=actor.name,
        )

    done = set_from(
        rows,
        _spans(rows),
        _named(name),
        make,
        _words,
        _state,
        first_day=new.first_day,
        event="changed",
        actor=actor,
        at=at,
        on=on,
        seen=seen,
        refuse_the_same=_refuse_the_same,
    )
    _refuse_what_does_not_fit(new.first_day)
    return Done([*done.effects, *_of_judging(new.first_day)], done.seen)


def _refuse_the_same(before: PolicyValue | None, new: PolicyValue) -> None:
    if before is not None and before.value == new.value:
        raise Refused(Reason(f"It is {_words(new)} already. Enter another value", "value"))


def _named(name: str) -> Named:
    return Named("value", f"policy_value:{name}")


def end_figure(
    name: str, last_day: dt.date, why: str, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Let a figure that a force may leave without a value end.

    :raises NoResultFound: when there is no such figure, or it needs a value
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    if name not in OPTIONAL_VALUES:
        raise NoResultFound("every day needs a value of this figure")
    rows = _rows(name)
    return let_end(rows, _spans(rows), _named(name), last_day, why, actor=actor, at=at, on=on, seen=seen)


def withdraw_figure(
    name: str, row_id: int, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Take back a value that is still to come.

    :raises NoResultFound: when there is no such value
    :raises Refused: when it has started, or somebody changed the rows meanwhile
    """
    rows = _rows(name)
    starts = {row.id: row.first_day for row in rows}
    done = take_back(
        rows, _spans(rows), _named(name), row_id, _state, gone="value", actor=actor, at=at, on=on, seen=seen
    )
    _refuse_what_does_not_fit(starts[row_id])
    return done


def _rows(name: str) -> list[PolicyValue]:
    if name not in VALUE_NAMES:
        raise NoResultFound("no such figure of policy")
    lock_policy()
    return list(session.scalars(select(PolicyValue).where(PolicyValue.name == name).order_by(PolicyValue.first_day)))


def _spans(rows: Sequence[PolicyValue]) -> list[Span]:
    return [Span(row.id, row.first_day, row.last_day, _words(row)) for row in rows]


def _words(row: PolicyValue) -> str:
    return figure_in_words(row.name, row.value)


def _state(row: PolicyValue) -> dict[str, object]:
    return {"value": row.value, "because": row.reason, **days(row.first_day, row.last_day)}


def _refuse_what_does_not_fit(since: dt.date) -> None:
    """Hold the figures of every later day together, now that one of them is to change."""
    session.flush()
    rows = list(session.scalars(select(PolicyValue)))
    turns = sorted({since, *(row.first_day for row in rows if row.first_day > since)})
    refuse_if_any(dict.fromkeys(fault for day in turns for fault in _faults_on(rows, day)))


def _faults_on(rows: Sequence[PolicyValue], day: dt.date) -> Iterator[Reason]:
    yield from faults({row.name: row.value for row in rows if day in Period(row.first_day, row.last_day)})


def _of_judging(first_day: dt.date) -> list[Effect]:
    month = f"{first_day:%B %Y}"
    return [Effect(f"Months before {month}, and every check run for a day before, stay as they were")]
