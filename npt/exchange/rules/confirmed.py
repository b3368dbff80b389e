"""Rows of reasons that would rewrite a month some team has confirmed (RULES section 4)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from npt.core.errors import Problem
from npt.core.periods import DAY, Period, add_months
from npt.exchange.rules.columns import Key, Values
from npt.exchange.rules.rows import Ledger

_CLASSIFYING = ("counts_local", "counts_national")


def rewriting_reasons(reasons: Ledger, months: Collection[dt.date]) -> Iterator[Problem]:
    """New rows that start in a confirmed month, and rows after which a day of one would be classified otherwise.

    :param months: the first days of the months that some team has confirmed
    """
    blamed: dict[Key, dt.date] = {}
    for key in reasons.new:
        first = reasons.after[key]["first_day"].replace(day=1)
        if first in months:
            blamed[key] = first
    for code in {key[0] for key in reasons.touched}:
        before, after = _rows(reasons.before, code), _rows(reasons.after, code)
        for month in sorted(months):
            for day in _days(month):
                was, now = _on(before, day), _on(after, day)
                if _classified(was) == _classified(now):
                    continue
                at_fault = [key for key in _keys(reasons, now, was) if key in reasons.touched]
                blamed.setdefault(at_fault[0], month)
                break
    for key, month in blamed.items():
        message = (
            f"{month:%B %Y} is confirmed by a team, and a reason never rewrites a confirmed month: "
            "enter days after the confirmed months, or have the month opened again first"
        )
        yield reasons.problem(key, _column(reasons, key), message)


def _rows(rows: Any, code: str) -> list[Values]:
    """The rows of a code, the latest first day first: of several in force it is the one that applies."""
    found = [row for key, row in rows.items() if key[0] == code]
    return sorted(found, key=lambda row: row["first_day"], reverse=True)


def _days(month: dt.date) -> Iterator[dt.date]:
    day = month
    while day < add_months(month, 1):
        yield day
        day += DAY


def _on(rows: Iterable[Values], day: dt.date) -> Values | None:
    return next((row for row in rows if day in Period(row["first_day"], row["last_day"])), None)


def _classified(row: Values | None) -> tuple[Any, ...] | None:
    return None if row is None else tuple(row[name] for name in _CLASSIFYING)


def _keys(reasons: Ledger, *rows: Values | None) -> Iterator[Key]:
    for row in rows:
        if row is not None:
            yield reasons.kind.key_of(row)


def _column(reasons: Ledger, key: Key) -> str:
    if key not in reasons.before:
        return "first_day"
    before, after = reasons.before[key], reasons.after[key]
    return next((name for name in ("last_day", *_CLASSIFYING) if before[name] != after[name]), "first_day")
