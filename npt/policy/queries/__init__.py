"""Read what policy says on a day."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from npt.core.db import session
from npt.core.periods import Period
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
    values = session.execute(
        select(PolicyValue.name, PolicyValue.value).where(*in_force(PolicyValue.first_day, PolicyValue.last_day, on))
    )
    targets = session.execute(
        select(TargetEntry.scope, TargetEntry.scope_code, TargetEntry.group, TargetEntry.percent).where(
            *in_force(TargetEntry.first_day, TargetEntry.last_day, on)
        )
    )
    return policy_from({row.name: row.value for row in values}, (Target(*row) for row in targets), on)


def policies_on(days: Iterable[dt.date]) -> dict[dt.date, Policy]:
    """The policy of each of these days on which there is one; two statements, however many days."""
    asked = sorted(days)
    if not asked:
        return {}
    values = session.execute(
        select(PolicyValue.name, PolicyValue.value, PolicyValue.first_day, PolicyValue.last_day).where(
            PolicyValue.first_day <= asked[-1], or_(PolicyValue.last_day.is_(None), PolicyValue.last_day >= asked[0])
        )
    ).all()
    targets = session.execute(
        select(
            TargetEntry.scope,
            TargetEntry.scope_code,
            TargetEntry.group,
            TargetEntry.percent,
            TargetEntry.first_day,
            TargetEntry.last_day,
        ).where(
            TargetEntry.first_day <= asked[-1], or_(TargetEntry.last_day.is_(None), TargetEntry.last_day >= asked[0])
        )
    ).all()
    found = {}
    for day in asked:
        known = {row.name: row.value for row in values if day in Period(row.first_day, row.last_day)}
        aims = [Target(*row[:4]) for row in targets if day in Period(row.first_day, row.last_day)]
        with suppress(NoPolicy):
            found[day] = policy_from(known, aims, day)
    return found


def reason_book() -> ReasonBook:
    """Every reason with its dates."""
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
