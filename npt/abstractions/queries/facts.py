"""The facts of duty, absence and abstraction that figures are made of."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    bindparam,
    null,
    select,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.rules import AbsenceFact, AbstractionFact, DutyFact, DutyStatus
from npt.core.db import among, among_read, once, session
from npt.core.lasting import lasts_beyond
from npt.core.periods import DAY, MINUTE, Interval, local_day, midnight
from npt.people import queries as people


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

    @property
    def person_ids(self) -> set[int]:
        """Everybody they are about."""
        return {
            *(duty.person_id for duty in self.duties),
            *(each.person_id for each in self.absences),
            *(each.person_id for each in self.abstractions),
        }

    def of(self, person_ids: Collection[int]) -> "Facts":
        """Those of them that are these people's."""
        return Facts(
            [duty for duty in self.duties if duty.person_id in person_ids],
            [each for each in self.absences if each.person_id in person_ids],
            [each for each in self.abstractions if each.person_id in person_ids],
        )


MANY = 2000
"""More people than this are not listed in a statement; all are read."""


def facts(within: Interval, person_ids: Iterable[int], zone: ZoneInfo) -> Facts:
    """The facts of these people that touch an interval, all in one statement."""
    ids = frozenset(person_ids)
    return once(("facts", within, ids, zone.key), lambda: _facts(within, list(ids), zone))


# The tables and not the classes, in the conditions too: there are thousands of rows, and the ORM, which a single
# attribute of a class brings in, has nothing to add to them.
_DUTIES, _ABSENCES, _ABSTRACTIONS = Duty.__table__.c, Absence.__table__.c, Abstraction.__table__.c
_SHOWN = ("id", "person_id", "ref", "reason", "starts_at", "ends_at")
_ABSTRACTION = (*(_ABSTRACTIONS[name] for name in _SHOWN), type_coerce(null(), Date()).label("duty_date"))
_ABSENCE = (null(), _ABSENCES.person_id, null(), null(), _ABSENCES.starts_at, _ABSENCES.ends_at, null())
_DUTY = tuple(_DUTIES[name] for name in ("person_id", "ref", "starts_at", "ends_at", "duty_date"))
_DUTY_AMONG = (null(), _DUTIES.person_id, _DUTIES.ref, null(), _DUTIES.starts_at, _DUTIES.ends_at, _DUTIES.duty_date)


_FIRST, _LAST = (bindparam(name, type_=_DUTIES.starts_at.type) for name in ("first", "last"))


def touching(
    table: ReadOnlyColumnCollection[str, Any], first: ColumnElement[Any] = _FIRST
) -> Sequence[ColumnElement[bool]]:
    """Only absences or abstractions that touch the interval a statement is given as ``first`` and ``last``."""
    return (
        table.starts_at < _LAST,
        lasts_beyond(table.ends_at, first),
        table.cancelled_at.is_(None),
    )


def on_duty(first: ColumnElement[Any] = _FIRST) -> Sequence[ColumnElement[bool]]:
    """Only duties that touch the interval, and were not cancelled."""
    return _DUTIES.starts_at < _LAST, _DUTIES.ends_at > first, _DUTIES.status != DutyStatus.CANCELLED


Whose = Callable[[ColumnElement[int]], ColumnElement[bool]]
"""Narrows a column of people down."""


def _parts(*theirs: Whose, first: ColumnElement[Any] = _FIRST) -> list[Select[*tuple[Any, ...]]]:
    """The facts of people who are narrowed down so.

    A duty alone comes with a duty date, an abstraction alone with a reason. PostgreSQL types a column by the first two
    parts of a union: absences, which have the fewest, come last.
    """
    taken, duty, absence = ([each(table.person_id) for each in theirs] for table in (_ABSTRACTIONS, _DUTIES, _ABSENCES))
    return [
        select(*_ABSTRACTION).where(*touching(_ABSTRACTIONS, first), *taken),
        select(*_DUTY_AMONG).where(*on_duty(first), *duty),
        select(*_ABSENCE).where(*touching(_ABSENCES, first), *absence),
    ]


_LISTED = _parts(lambda person_id: among(person_id, "people"))
_OF_ALL, _OF_THESE = union_all(*_parts()), union_all(*_LISTED)

_SINCE = bindparam("since", type_=_DUTIES.starts_at.type)
_LATELY = _parts(lambda person_id: among(person_id, "summed"), first=_SINCE)
[_EVER_HERE] = people.EVER_IN_TEAMS.selected_columns
_GONE = people.EVER_IN_TEAMS.where(~among(_EVER_HERE, "people"), ~among(_EVER_HERE, "summed")).cte("gone")
_BEFORE = bindparam("before", type_=_DUTIES.starts_at.type)


def _reaching_in(table: ReadOnlyColumnCollection[str, Any], *narrowed: ColumnElement[bool]) -> Select[int]:
    return select(table.person_id).where(
        *narrowed, table.starts_at < _BEFORE, among_read(table.person_id, select(_GONE.c[0]))
    )


_REACHING_IN = union(_reaching_in(_ABSTRACTIONS, *touching(_ABSTRACTIONS)), _reaching_in(_DUTIES, *on_duty())).cte(
    "reaching_in"
)
_OF_WHO_REACH_IN = _parts(lambda person_id: among_read(person_id, select(_REACHING_IN.c.person_id)))
_OF_TEAMS = union_all(*_LISTED, *_OF_WHO_REACH_IN)
_OF_TEAMS_AND_LATELY = union_all(*_LISTED, *_OF_WHO_REACH_IN, *_LATELY)


@dataclass(frozen=True, slots=True)
class Summed:
    """People of whom only what touches the time since a moment is read: what was before is known."""

    person_ids: Collection[int] = ()
    since: dt.datetime | None = None
    """Nothing when nothing need be read of them."""


def facts_around(
    within: Interval, person_ids: Collection[int], teams: Collection[int], zone: ZoneInfo, summed: Summed | None = None
) -> Facts:
    """The facts of these people that touch an interval, and of everybody else who ever held a post of these teams and
    of whom a duty or an abstraction began before the day before it and reaches into it. One statement.

    :param person_ids: everybody who holds a post of these teams in the interval, or on the day before it
    """
    known, before = summed or Summed(), midnight(local_day(within.starts_at, zone) - DAY, zone)
    sent = {"people": person_ids, "teams": teams, "summed": known.person_ids, "since": known.since, "before": before}
    return _read(_OF_TEAMS if known.since is None else _OF_TEAMS_AND_LATELY, within, zone, sent)


def _facts(within: Interval, ids: list[int], zone: ZoneInfo) -> Facts:
    return _read(_OF_ALL if len(ids) > MANY else _OF_THESE, within, zone, {"people": ids})


def _read(statement: CompoundSelect[*tuple[Any, ...]], within: Interval, zone: ZoneInfo, sent: dict[str, Any]) -> Facts:
    rows: Sequence[Any] = session.execute(statement, {"first": within.starts_at, "last": within.ends_at, **sent}).all()
    found = Facts([], [], [])
    for id, person_id, ref, reason, starts_at, ends_at, duty_date in rows:
        if duty_date is not None:
            found.duties.append(DutyFact(person_id, ref, starts_at, ends_at, duty_date))
        elif reason is None:
            found.absences.append(AbsenceFact(person_id, starts_at, ends_at))
        else:
            on = local_day(starts_at, zone)
            found.abstractions.append(AbstractionFact(id, person_id, ref, reason, starts_at, ends_at, on))
    return found


_DUTIES_ALONE = select(*_DUTY).where(*on_duty())
_DUTIES_OF = _DUTIES_ALONE.where(among(_DUTIES.person_id, "people"))


def _duties(within: Interval, ids: list[int]) -> list[DutyFact]:
    statement = _DUTIES_OF if len(ids) <= MANY else _DUTIES_ALONE
    sent = {"first": within.starts_at, "last": within.ends_at, "people": ids}
    return list(map(DutyFact._make, session.execute(statement, sent).all()))


def facts_at(moment: dt.datetime, person_ids: Iterable[int], zone: ZoneInfo) -> Facts:
    """The facts of these people that hold a moment, whose duties ``duties_at`` then need not read again."""
    found = facts(Interval(moment, moment + MINUTE), person_ids, zone)
    _read_at(moment).update({id: [duty for duty in found.duties if duty.person_id == id] for id in set(person_ids)})
    return found


def duties_at(moment: dt.datetime, person_ids: Iterable[int]) -> list[DutyFact]:
    """The duties of these people that hold a moment."""
    known, ids = _read_at(moment), set(person_ids)
    if missing := ids - known.keys():
        read = _duties(Interval(moment, moment + MINUTE), list(missing))
        known.update({id: [duty for duty in read if duty.person_id == id] for id in missing})
    return [duty for id in ids for duty in known[id]]


def _read_at(moment: dt.datetime) -> dict[int, list[DutyFact]]:
    none_yet: dict[int, list[DutyFact]] = {}
    return once(("duties at", moment), lambda: none_yet)


def duties_in(within: Interval, person_ids: Iterable[int]) -> dict[int, list[DutyFact]]:
    """The duties of these people that touch an interval, by person."""
    found: dict[int, list[DutyFact]] = {}
    for duty in _duties(within, list(person_ids)):
        found.setdefault(duty.person_id, []).append(duty)
    return found
