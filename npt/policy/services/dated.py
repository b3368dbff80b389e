"""Make a move on dated rows: told of before, made once, and never on what somebody else has changed meanwhile."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from sqlalchemy.exc import NoResultFound

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.effects import Effect
from npt.core.errors import Refused
from npt.core.periods import Period
from npt.policy.models import PolicyValue, ReasonBar, ReasonEntry, TargetEntry
from npt.policy.rules import dated as rules
from npt.policy.rules.dated import Move, Span

Row = TypeVar("Row", PolicyValue, ReasonBar, ReasonEntry, TargetEntry)


@dataclass(frozen=True, slots=True)
class Done:
    """What a change does, in sentences; and the mark of the rows as they were before it."""

    effects: Sequence[Effect]
    seen: str


class Rehearsed(Exception):
    """A rehearsal has come to its end. It leaves ``transaction()`` as an exception, so that nothing is kept."""

    def __init__(self, done: Done) -> None:
        self.done = done
        super().__init__("rehearsal: nothing was changed")


def rehearse(change: Callable[[], Done]) -> NoReturn:
    """Make a change inside a transaction that is never kept, and tell what it does.

    :raises Rehearsed: always, unless the change is refused
    """
    raise Rehearsed(change())


def lock_policy() -> None:
    """Let one change of policy be made at a time, so that each is judged on what the one before left."""
    db.lock_record("policy")


def mark_of(spans: Sequence[Span]) -> str:
    """A mark of the rows of a key: it differs when anything about their days or values does."""
    said = "|".join(f"{span.id},{span.first_day},{span.last_day},{span.words}" for span in spans)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def refuse_what_was_overtaken(spans: Sequence[Span], seen: str | None) -> str:
    """The mark of the rows, when they are still as the actor saw them; nothing was seen by a rehearsal.

    :raises Refused: when somebody changed them meanwhile
    """
    mark = mark_of(spans)
    if seen is not None and seen != mark:
        raise Refused("Somebody changed this after you saw what your change would do. Look at what it would do now.")
    return mark


def carry_out(rows: Sequence[Row], move: Move, new: Row | None = None) -> None:
    """Give the rows their new last days, take away the one that goes, and add the new one."""
    for row in rows:
        if row.id == move.gone:
            session.delete(row)
    if move.gone is not None:
        session.flush()  # It makes way before another takes its days.
    for row in rows:
        if row.id in move.lasts:
            row.last_day = move.lasts[row.id]
    session.flush()
    if new is not None:
        session.add(new)


@dataclass(frozen=True, slots=True)
class Named:
    """What is changed, in words ("target"), and how the record names it ("target:force//all")."""

    what: str
    subject: str

    def event(self, what_happened: str) -> str:
        return f"{self.subject.partition(':')[0]}.{what_happened}"


def set_from(
    rows: Sequence[Row],
    spans: Sequence[Span],
    named: Named,
    make: Callable[[Period], Row],
    said: Callable[[Row], str],
    state: Callable[[Row], Mapping[str, Any]],
    *,
    first_day: dt.date,
    event: str,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    seen: str | None,
    refuse_the_same: Callable[[Row | None, Row], None] = lambda before, new: None,
) -> Done:
    """Add a row from a day on. The one in force ends the day before; one that is to come follows it.

    :param make: the new row, once its days are known; ``said`` puts it in words, ``state`` is what the record keeps
    :param refuse_the_same: raises when the new row says nothing other than the one before it, if there is one
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    mark = refuse_what_was_overtaken(spans, seen)
    move = rules.set_from(spans, first_day, today=on)
    before = next((row for row in reversed(rows) if row.id in move.lasts), None)
    new = make(Period(first_day, move.last_day))
    refuse_the_same(before, new)
    told = rules.effects(spans, move, said(new), what=named.what, today=on)
    audit.record(
        named.event(event),
        named.subject,
        actor=actor,
        at=at,
        before=state(before) if before else {},
        after=state(new),
    )
    carry_out(rows, move, new)
    return Done(told, mark)


def let_end(
    rows: Sequence[Row],
    spans: Sequence[Span],
    named: Named,
    last_day: dt.date,
    why: str,
    *,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    seen: str | None,
) -> Done:
    """Let what is in force on a day end with it.

    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    mark = refuse_what_was_overtaken(spans, seen)
    move = rules.end_on(spans, last_day, today=on)
    ending = next(row for row in reversed(rows) if row.id in move.lasts)
    audit.record(
        named.event("ended"),
        named.subject,
        actor=actor,
        at=at,
        before={"last_day": ending.last_day},
        after={"last_day": last_day, "because": why},
    )
    told = rules.effects(spans, move, what=named.what, today=on)
    carry_out(rows, move)
    return Done(told, mark)


def take_back(
    rows: Sequence[Row],
    spans: Sequence[Span],
    named: Named,
    row_id: int,
    state: Callable[[Row], Mapping[str, Any]],
    *,
    gone: str,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    seen: str | None,
) -> Done:
    """Take back a row that is still to come.

    :param gone: what is gone with it, as the record names it
    :raises NoResultFound: when there is no such row
    :raises Refused: when it has started, or somebody changed the rows meanwhile
    """
    going = next((row for row in rows if row.id == row_id), None)
    if going is None:
        raise NoResultFound(f"no such {named.what}")
    mark = refuse_what_was_overtaken(spans, seen)
    move = rules.withdraw(spans, row_id, today=on)
    audit.record(named.event("withdrawn"), named.subject, actor=actor, at=at, before=state(going), after={gone: None})
    told = rules.effects(spans, move, what=named.what, today=on)
    carry_out(rows, move)
    return Done(told, mark)


def days(first_day: dt.date, last_day: dt.date | None) -> dict[str, Any]:
    """The days of a row, for the record."""
    return {"first_day": first_day, "last_day": last_day}
