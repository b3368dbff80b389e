"""Read what policy says on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from npt.core.db import once, session
from npt.core.periods import Period, days_of_month
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
    return once(("policy", on), lambda: _rows_of(days_of_month(on)).policy(on))


def policies_on(days: Iterable[dt.date]) -> dict[dt.date, Policy]:
    """The policy of each of these days on which there is one; two statements, however many days."""
    asked = sorted(days)
    if not asked:
        return {}
    # Whole months, so that a page that asks for a day of the same month as well reads no more.
    rows = _rows_of(Period(days_of_month(asked[0]).first_day, days_of_month(asked[-1]).last_day))
    found = {}
    for day in asked:
        with suppress(NoPolicy):
            found[day] = rows.policy(day)
    return found


@dataclass(frozen=True)
class _Rows:
    """The rows of policy in force on any day of a period."""

    values: Sequence[Any]
    targets: Sequence[Any]

    def policy(self, day: dt.date) -> Policy:
        known = {row.name: row.value for row in self.values if day in Period(row.first_day, row.last_day)}
        aims = [Target(*row[:4]) for row in self.targets if day in Period(row.first_day, row.last_day)]
        return policy_from(known, aims, day)


def _rows_of(days: Period) -> _Rows:
    return once(("policy", days), lambda: _Rows(_values(days), _targets(days)))


def _values(days: Period) -> Sequence[Any]:
    columns = PolicyValue.name, PolicyValue.value, PolicyValue.first_day, PolicyValue.last_day
    return session.execute(select(*columns).where(*_touching(PolicyValue, days))).all()


def _targets(days: Period) -> Sequence[Any]:
    columns = TargetEntry.scope, TargetEntry.scope_code, TargetEntry.group, TargetEntry.percent
    days_of = TargetEntry.first_day, TargetEntry.last_day
    return session.execute(select(*columns, *days_of).where(*_touching(TargetEntry, days))).all()


def _touching(table: type[PolicyValue] | type[TargetEntry], days: Period) -> Sequence[ColumnElement[bool]]:
    return table.first_day <= days.last_day, or_(table.last_day.is_(None), table.last_day >= days.first_day)


def reason_book() -> ReasonBook:
    """Every reason with its dates."""
    return once("reasons", _reason_book)


def _reason_book() -> ReasonBook:
    rows = session.execute(select(ReasonEntry.__table__))
    return ReasonBook(
        ReasonRow(
            row.code,
            row.first_day,
            row.last_day,
            row.label,
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
