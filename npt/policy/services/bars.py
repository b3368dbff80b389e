"""Bar a reason for NPT staff of a BCU, or let it go again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Actor
from npt.core.db import session
from npt.core.effects import Effect
from npt.core.errors import Reason, Refused
from npt.core.periods import Period
from npt.people import queries as people
from npt.policy import queries
from npt.policy.models import ReasonBar
from npt.policy.rules.barring import Strength
from npt.policy.rules.dated import Span
from npt.policy.services.dated import Done, Named, days, lock_policy, set_from, take_back


@dataclass(frozen=True, slots=True)
class NewBar:
    """What happens when the reason is logged, from a day on, and why."""

    strength: Strength
    first_day: dt.date
    why: str


def set_bar(
    bcu_code: str,
    reason: str,
    new: NewBar,
    *,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    seen: str | None = None,
) -> Done:
    """Bar a reason for NPT staff of a BCU from a day on, or end the bar.

    :raises NoResultFound: when there is no such BCU or reason, or the BCU is not the actor's
    :raises Refused: with what stands in the way, or when somebody changed the rows meanwhile
    """
    bcu = people.bcu(bcu_code, actor.scope)
    rows = _rows(bcu.id, reason)

    def make(period: Period) -> ReasonBar:
        return ReasonBar(
            bcu_id=bcu.id,
            reason=reason,
            first_day=period.first_day,
            last_day=period.last_day,
            strength=new.strength,
            set_by=actor.name,
            why=new.why,
        )

    done = set_from(
        rows,
        _spans(rows),
        _named(bcu.code, reason),
        make,
        lambda row: _MEANS[row.strength],
        _state,
        first_day=new.first_day,
        event="set",
        actor=actor,
        at=at,
        on=on,
        seen=seen,
        refuse_the_same=_refuse_the_same,
    )
    return Done([*done.effects, Effect(_SPARED)], done.seen)


def _refuse_the_same(before: ReasonBar | None, new: ReasonBar) -> None:
    if new.strength is (before.strength if before else Strength.OFF):
        raise Refused(Reason(f"It stands at that already: {new.strength.label}", "strength"))


def _named(bcu_code: str, reason: str) -> Named:
    return Named("bar", f"reason_bar:{bcu_code}/{reason}")


_SPARED = "What is logged already stays as it is, and what is imported is not held to it"
_MEANS = {
    Strength.OFF: "Not barred",
    Strength.WARN: "A warning to whoever logs it, who must confirm,",
    Strength.BLOCK: "Refusal, whoever logs it,",
}


def withdraw_bar(
    bcu_code: str, reason: str, row_id: int, *, actor: Actor, at: dt.datetime, on: dt.date, seen: str | None = None
) -> Done:
    """Take back a bar that is still to come.

    :raises NoResultFound: when there is no such row, or the BCU is not the actor's
    :raises Refused: when it has started, or somebody changed the rows meanwhile
    """
    bcu = people.bcu(bcu_code, actor.scope)
    rows = _rows(bcu.id, reason)
    named = _named(bcu.code, reason)
    return take_back(rows, _spans(rows), named, row_id, _state, gone="strength", actor=actor, at=at, on=on, seen=seen)


def _rows(bcu_id: int, reason: str) -> list[ReasonBar]:
    lock_policy()
    if reason not in queries.reason_book().codes:
        raise NoResultFound("no such reason")
    wanted = select(ReasonBar).where(ReasonBar.bcu_id == bcu_id, ReasonBar.reason == reason)
    return list(session.scalars(wanted.order_by(ReasonBar.first_day)))


def _spans(rows: Sequence[ReasonBar]) -> list[Span]:
    return [Span(row.id, row.first_day, row.last_day, row.strength.label) for row in rows]


def _state(row: ReasonBar) -> dict[str, object]:
    return {"strength": row.strength, "because": row.why, **days(row.first_day, row.last_day)}
