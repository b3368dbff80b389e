"""Read what policy says on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Date, bindparam, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from npt.core.db import once, session
from npt.core.periods import Period, add_months, days_of_month
from npt.people.rules import Grade
from npt.policy.models import PolicyValue, ReasonEntry, TargetEntry
from npt.policy.rules import Group, NoPolicy, Policy, ReasonBook, ReasonRow, Target, TargetScope, policy_from


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


class _Row(NamedTuple):
    """A target, which has a scope, or a figure, which has a name and a value, with the days on which it is in force."""

    scope: TargetScope | None
    scope_code: str
    group: Group
    percent: Decimal
    name: str
    value: str
    first_day: dt.date
    last_day: dt.date | None


@dataclass(frozen=True)
class _Rows:
    """The rows of policy in force on any day of a period. Days on which the same rows are in force share a policy."""

    days: Period
    rows: Sequence[_Row]
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


_TARGETS, _VALUES, _REASONS = TargetEntry.__table__.c, PolicyValue.__table__.c, ReasonEntry.__table__.c
_OF_TARGET = tuple(_TARGETS[name] for name in ("scope", "scope_code", "group", "percent"))
_OF_REASON = tuple(_REASONS[name] for name in ("family", "counts_local", "counts_national", "guidance"))


def _touching(columns: ReadOnlyColumnCollection[str, Any]) -> Sequence[ColumnElement[bool]]:
    first, last = (bindparam(name, type_=Date()) for name in ("first", "last"))
    return columns.first_day <= last, or_(columns.last_day.is_(None), columns.last_day >= first)


_POLICY: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        *_OF_TARGET,
        null().label("name"),
        null().label("value"),
        _TARGETS.first_day,
        _TARGETS.last_day,
        *(type_coerce(null(), column.type).label(column.key) for column in _OF_REASON),
    ).where(*_touching(_TARGETS)),
    select(
        *(null() for _ in _OF_TARGET),
        *(_VALUES[name] for name in ("name", "value", "first_day", "last_day")),
        *(null() for _ in _OF_REASON),
    ).where(*_touching(_VALUES)),
    select(
        *(null() for _ in _OF_TARGET),
        *(_REASONS[name] for name in ("code", "label", "first_day", "last_day")),
        *_OF_REASON,
    ),
)
"""Targets and figures in force on any day of a period, and every reason. A figure has no scope, a reason alone has a
family."""


def _read(days: Period) -> _Rows:
    rows: Sequence[Any] = session.execute(_POLICY, {"first": days.first_day, "last": days.last_day}).all()
    family = len(_Row._fields)
    of_days = [_Row._make(row[:family]) for row in rows if row[family] is None]
    return _Rows(days, of_days, _book(row[4:] for row in rows if row[family] is not None))


def reason_book() -> ReasonBook:
    """Every reason with its dates. A page that asks for policy as well asks for it first: both come together then."""
    return once("reasons", lambda: next((rows.reasons for rows in _kept()), None) or _reason_book())


_EVERY_REASON = select(*(_REASONS[name] for name in ("code", "label", "first_day", "last_day")), *_OF_REASON)


def _reason_book() -> ReasonBook:
    return _book(session.execute(_EVERY_REASON).all())


def _book(rows: Iterable[Sequence[Any]]) -> ReasonBook:
    return ReasonBook(
        ReasonRow(code, first_day, last_day, label, family, grades_of(local), grades_of(national), guidance)
        for code, label, first_day, last_day, family, local, national, guidance in rows
    )


@lru_cache
def grades_of(text: str) -> frozenset[Grade]:
    """The grades that the tables keep as ``;``-separated text."""
    return frozenset(Grade(part) for part in text.split(";") if part)
