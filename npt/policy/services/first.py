"""Give a new force its first policy."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import BadInput
from npt.people.rules import Grade
from npt.policy.models import PolicyValue, ReasonEntry
from npt.policy.rules import VALUE_NAMES, parse_value


@dataclass(frozen=True, slots=True)
class FirstPolicy:
    """What ``config/policy.toml`` holds: figures with their source, and reasons."""

    first_day: dt.date
    values: Sequence[Mapping[str, str]]
    reasons: Sequence[Mapping[str, str]]


def fill_empty_tables(first: FirstPolicy, *, actor: Actor, at: dt.datetime) -> int:
    """Fill policy tables that hold nothing, once; a table with a row in it is left alone. Returns the rows added.

    :raises BadInput: when the file names a figure the product does not know, or gives it no sensible value
    """
    added = 0
    if not session.scalar(select(func.count()).select_from(PolicyValue)):
        added += _add_values(first)
    if not session.scalar(select(func.count()).select_from(ReasonEntry)):
        added += _add_reasons(first)
    if added:
        audit.record("policy.started", "policy:first", actor=actor, at=at, rows=added)
    return added


def _add_values(first: FirstPolicy) -> int:
    unknown = sorted({row["name"] for row in first.values} - set(VALUE_NAMES))
    if unknown:
        raise BadInput(f"config/policy.toml: no such figure of policy: {', '.join(unknown)}")
    for row in first.values:
        try:
            parse_value(row["name"], row["value"])
        except ValueError as error:
            raise BadInput(f"config/policy.toml: {row['name']}: {error}") from error
        session.add(PolicyValue(name=row["name"], first_day=first.first_day, value=row["value"], reason=row["source"]))
    return len(first.values)


def _add_reasons(first: FirstPolicy) -> int:
    for row in first.reasons:
        session.add(
            ReasonEntry(
                code=row["code"],
                first_day=first.first_day,
                label=row["label"],
                family=row["family"],
                counts_local=_stored(row["counts_local"]),
                counts_national=_stored(row["counts_national"]),
                guidance=row["guidance"],
            )
        )
    return len(first.reasons)


def _stored(grades: str) -> str:
    return stored_grades(Grade) if grades == "all" else stored_grades(Grade(g) for g in grades.split(";") if g)


def stored_grades(grades: Iterable[Grade]) -> str:
    """Grades as the reasons table keeps them: ``;``-separated, in the order of the enum."""
    wanted = set(grades)
    return ";".join(grade.value for grade in Grade if grade in wanted)
