"""Read what policy says on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import InstrumentedAttribute

from npt.core.db import once, session
from npt.core.periods import Period, add_months, days_of_month
from npt.people.rules import Grade
from npt.policy.models import PolicyValue, ReasonEntry, TargetEntry
from npt.policy.rules import NoPolicy, Policy, ReasonBook, ReasonRow, Target, policy_from


def in_force(
    first_day: InstrumentedAttribute[dt.date], last_day: InstrumentedAttribute[dt.date | None], on: dt.date
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Only rows in force on a day."""
    return first_day <= on, or_(last_day.is_(None), last_day >= on)


def policy_on(on: dt.date) -> Policy:
    """Every figure and target of policy in force on a day.

    :raises NoPolicy: when a figure the rules need has no value that day
    """
    return _rows_of(Period(on, on)).policy(on)


def policies_on(days: Iterable[dt.date]) -> dict[dt.date, Policy]:
    """The policy of each of these days on which there is one; one statement, however many days."""
    asked = sorted(days)
    if not asked:
        return {}
    rows = _rows_of(Period(asked[0], asked[-1]))
    found = {}
    for day in asked:
        with suppress(NoPolicy):
            found[day] = rows.policy(day)
    return found


MONTHS_BACK = 24
"""So many months before a day are read with it: a page that judges today mostly looks back a year, too."""


@dataclass(frozen=True)
class _Rows:
    """The rows of policy in force on any day of a period. Days on which the same rows are in force share a policy."""

    days: Period
    rows: Sequence[Any]
    reasons: ReasonBook
    made: dict[tuple[int, ...], Policy] = field(default_factory=dict)

    def policy(self, day: dt.date) -> Policy:
        """The policy of a day.

        :raises NoPolicy: when a figure the rules need has no value that day
        """
        here = tuple(
            place
            for place, row in enumerate(self.rows)
            if row.first_day <= day and (row.last_day is None or day <= row.last_day)
        )
        if here not in self.made:
            rows = [self.rows[place] for place in here]
            known = {row.name: row.value for row in rows if row.scope is None}
            aims = [Target(row.scope, row.scope_code, row.group, row.percent) for row in rows if row.scope is not None]
            self.made[here] = policy_from(known, aims, day)
        return self.made[here]


def _rows_of(days: Period) -> _Rows:
    """What this request has read of policy already, when these days are in it; else they are read now."""
    kept = _kept()
    for rows in kept:
        if days.first_day in rows.days and (days.last_day or days.first_day) in rows.days:
            return rows
    kept.append(_read(_with_its_past(days)))
    return kept[-1]


def _kept() -> list[_Rows]:
    """What this request has read of policy."""
    none_yet: list[_Rows] = []
    return once("policy", lambda: none_yet)


def _with_its_past(days: Period) -> Period:
    """Whole months, so that a page that asks for another day of the same month reads no more."""
    last_month = days_of_month(days.last_day or days.first_day)
    back = min(MONTHS_BACK, 12 * (last_month.first_day.year - dt.MINYEAR))
    return Period(min(days.first_day.replace(day=1), add_months(last_month.first_day, -back)), last_month.last_day)


_OF_TARGET = (TargetEntry.scope, TargetEntry.scope_code, TargetEntry.group, TargetEntry.percent)
_OF_REASON = (ReasonEntry.family, ReasonEntry.counts_local, ReasonEntry.counts_national, ReasonEntry.guidance)


def _touching(table: type[PolicyValue] | type[TargetEntry]) -> Sequence[ColumnElement[bool]]:
    first, last = (bindparam(name, type_=table.first_day.type) for name in ("first", "last"))
    return table.first_day <= last, or_(table.last_day.is_(None), table.last_day >= first)


_POLICY: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        *_OF_TARGET,
        null().label("name"),
        null().label("value"),
        TargetEntry.first_day,
        TargetEntry.last_day,
        *(type_coerce(null(), column.type).label(column.key) for column in _OF_REASON),
    ).where(*_touching(TargetEntry)),
    select(
        *(null() for _ in _OF_TARGET),
        PolicyValue.name,
        PolicyValue.value,
        PolicyValue.first_day,
        PolicyValue.last_day,
        *(null() for _ in _OF_REASON),
    ).where(*_touching(PolicyValue)),
    select(
        *(null() for _ in _OF_TARGET),
        ReasonEntry.code,
        ReasonEntry.label,
        ReasonEntry.first_day,
        ReasonEntry.last_day,
        *_OF_REASON,
    ),
)
"""Targets and figures in force on any day of a period, and every reason. A figure has no scope, a reason alone has a
family."""


def _read(days: Period) -> _Rows:
    rows: Sequence[Any] = session.execute(_POLICY, {"first": days.first_day, "last": days.last_day}).all()
    known = [row for row in rows if row.family is not None]
    return _Rows(days, [row for row in rows if row.family is None], _book(known))


def reason_book() -> ReasonBook:
    """Every reason with its dates. A page that asks for policy as well asks for it first: both come together then."""
    return once("reasons", lambda: next((rows.reasons for rows in _kept()), None) or _reason_book())


def _reason_book() -> ReasonBook:
    shown = (
        ReasonEntry.code.label("name"),
        ReasonEntry.label.label("value"),
        ReasonEntry.first_day,
        ReasonEntry.last_day,
    )
    return _book(session.execute(select(*shown, *_OF_REASON)).all())


def _book(rows: Iterable[Any]) -> ReasonBook:
    """Reasons read as names and values, like the figures of policy."""
    return ReasonBook(
        ReasonRow(
            row.name,
            row.first_day,
            row.last_day,
            row.value,
            row.family,
            grades_of(row.counts_local),
            grades_of(row.counts_national),
            row.guidance,
        )
        for row in rows
    )


def grades_of(text: str) -> frozenset[Grade]:
    """The grades that the tables keep as ``;``-separated text."""
    return frozenset(Grade(part) for part in text.split(";") if part)
