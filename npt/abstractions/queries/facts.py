"""The facts of duty, absence and abstraction that figures are made of."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, null, or_, select, true, union_all
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.rules import AbsenceFact, AbstractionFact, DutyFact, DutyStatus
from npt.core.db import among, once, session
from npt.core.periods import MINUTE, Interval, local_day


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of these people that touches an interval. What was cancelled, of any kind, is left out."""

    duties: list[DutyFact]
    absences: list[AbsenceFact]
    abstractions: list[AbstractionFact]

    def touching(self, within: Interval) -> "Facts":
        """Those of them that touch a shorter interval."""
        first, last = within.starts_at, within.ends_at
        return Facts(
            [duty for duty in self.duties if duty.starts_at < last and duty.ends_at > first],
            [each for each in self.absences if each.starts_at < last and (each.ends_at or last) > first],
            [each for each in self.abstractions if each.starts_at < last and (each.ends_at or last) > first],
        )


MANY = 2000
"""More people than this are not listed in a statement; all are read."""


def facts(within: Interval, person_ids: Iterable[int], zone: ZoneInfo) -> Facts:
    """The facts of these people that touch an interval: duties in one statement, the rest in another."""
    ids = frozenset(person_ids)
    return once(("facts", within, ids, zone.key), lambda: _facts(within, list(ids), zone))


def _facts(within: Interval, ids: list[int], zone: ZoneInfo) -> Facts:
    absences, abstractions = _away(within, ids, zone)
    return Facts(_duties(within, ids), absences, abstractions)


# The tables and not the classes, in the conditions too: there are thousands of rows, and the ORM, which a single
# attribute of a class brings in, has nothing to add to them.
_DUTIES, _ABSENCES, _ABSTRACTIONS = Duty.__table__.c, Absence.__table__.c, Abstraction.__table__.c
_DUTY = tuple(_DUTIES[name] for name in ("person_id", "ref", "starts_at", "ends_at", "duty_date"))
_SHOWN = ("id", "person_id", "ref", "reason", "starts_at", "ends_at")
_ABSTRACTION = tuple(_ABSTRACTIONS[name] for name in _SHOWN)
_ABSENCE = tuple(null() if name in ("id", "ref", "reason") else _ABSENCES[name] for name in _SHOWN)


def of_these(column: ColumnElement[int], ids: list[int]) -> ColumnElement[bool]:
    """Only rows of these people; everybody's, when they are too many to list."""
    return true() if len(ids) > MANY else among(column, ids)


def _duties(within: Interval, ids: list[int]) -> list[DutyFact]:
    rows = session.execute(
        select(*_DUTY).where(
            _DUTIES.starts_at < within.ends_at,
            _DUTIES.ends_at > within.starts_at,
            _DUTIES.status != DutyStatus.CANCELLED,
            of_these(_DUTIES.person_id, ids),
        )
    )
    return list(map(DutyFact._make, rows.all()))


def _away(within: Interval, ids: list[int], zone: ZoneInfo) -> tuple[list[AbsenceFact], list[AbstractionFact]]:
    """What touches an interval of the absences and the abstractions; an absence alone comes without a reason."""

    def touching(table: ReadOnlyColumnCollection[str, Any]) -> Sequence[ColumnElement[bool]]:
        return (
            table.starts_at < within.ends_at,
            or_(table.ends_at.is_(None), table.ends_at > within.starts_at),
            table.cancelled_at.is_(None),
            of_these(table.person_id, ids),
        )

    rows = session.execute(
        union_all(
            select(*_ABSTRACTION).where(*touching(_ABSTRACTIONS)),
            select(*_ABSENCE).where(*touching(_ABSENCES)),
        )
    )
    absences, abstractions = [], []
    for id, person_id, ref, reason, starts_at, ends_at in rows.all():
        if reason is None:
            absences.append(AbsenceFact(person_id, starts_at, ends_at))
        else:
            on = local_day(starts_at, zone)
            abstractions.append(AbstractionFact(id, person_id, ref, reason, starts_at, ends_at, on))
    return absences, abstractions


def duties_at(moment: dt.datetime, person_ids: Iterable[int]) -> list[DutyFact]:
    """The duties of these people that hold a moment."""
    return _duties(Interval(moment, moment + MINUTE), list(person_ids))


def duties_in(within: Interval, person_ids: Iterable[int]) -> dict[int, list[DutyFact]]:
    """The duties of these people that touch an interval, by person."""
    found: dict[int, list[DutyFact]] = {}
    for duty in _duties(within, list(person_ids)):
        found.setdefault(duty.person_id, []).append(duty)
    return found
