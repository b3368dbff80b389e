"""Every dated row of policy: past, in force and to come, each with who set it and why."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Date, bindparam, or_, select

from npt.core.authority import Scope
from npt.core.db import once, session
from npt.people import queries as people
from npt.people.models import Bcu
from npt.people.queries import TeamRow
from npt.policy.models import PolicyValue, ReasonBar, ReasonEntry, TargetEntry
from npt.policy.queries import grades_of, in_force
from npt.policy.rules import Group, ReasonRow, TargetScope
from npt.policy.rules.barring import Bar, Strength
from npt.policy.rules.dated import Span
from npt.policy.rules.figures import figure_in_words
from npt.policy.rules.words import TargetKey, counts_in_words, percent_in_words


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A dated row of a figure of policy."""

    name: str
    span: Span
    value: str
    why: str | None
    set_by: str | None


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A dated row of a target."""

    key: TargetKey
    span: Span
    percent: Decimal
    set_by: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A dated row of a reason."""

    row: ReasonRow
    span: Span
    set_by: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class BarRow:
    """A dated row of a BCU's bar on a reason."""

    bcu_id: int
    bcu_code: str
    bcu_name: str
    reason: str
    span: Span
    strength: Strength
    set_by: str
    why: str


def figure_rows(name: str | None = None) -> list[FigureRow]:
    """The rows of one figure, or of all, in order of name and first day."""
    statement = select(PolicyValue).order_by(PolicyValue.name, PolicyValue.first_day)
    if name is not None:
        statement = statement.where(PolicyValue.name == name)
    return [
        FigureRow(
            each.name,
            Span(each.id, each.first_day, each.last_day, figure_in_words(each.name, each.value)),
            each.value,
            each.reason,
            each.set_by,
        )
        for each in session.scalars(statement)
    ]


def figures_on(on: dt.date) -> dict[str, str]:
    """The value of every figure in force on a day."""
    statement = select(PolicyValue.name, PolicyValue.value)
    rows = session.execute(statement.where(*in_force(PolicyValue.first_day, PolicyValue.last_day, on)))
    return {row.name: row.value for row in rows}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a target is for, as a page names it, and whether it still is on the day it was asked for."""

    scope: TargetScope
    code: str
    name: str
    live: bool = True


def units(scope: Scope, on: dt.date) -> list[Unit]:
    """The force, and the BCUs and teams whose targets concern the actor: BCU by BCU, each with its teams."""
    return units_of(people.teams(scope), [(bcu.code, bcu.name) for bcu in people.bcus(scope)], on)


def units_of(teams: Collection[TeamRow], bcus: Iterable[tuple[str, str]], on: dt.date) -> list[Unit]:
    """The same, of teams and BCUs read before."""
    named = dict(sorted({**dict(bcus), **{team.bcu_code: team.bcu_name for team in teams}}.items()))
    listed = [Unit(TargetScope.FORCE, "", "Force")]
    for code, name in named.items():
        listed.append(Unit(TargetScope.BCU, code, f"{name} BCU"))
        listed += [
            Unit(TargetScope.TEAM, team.code, team.name, team.live(on, on)) for team in teams if team.bcu_code == code
        ]
    return listed


def target_rows(known: Iterable[Unit]) -> list[TargetRow]:
    """Every row of the targets of these units, unit by unit as they are given, then by grades and first day."""
    places = {(unit.scope, unit.code): (number, unit) for number, unit in enumerate(known)}
    found = []
    for each in session.scalars(select(TargetEntry)):
        place = places.get((each.scope, each.scope_code))
        if place:
            span = Span(each.id, each.first_day, each.last_day, percent_in_words(each.percent))
            key = TargetKey(each.scope, each.scope_code, each.group)
            found.append((place[0], TargetRow(key, span, each.percent, each.set_by, each.reason)))
    groups = list(Group)
    found.sort(key=lambda row: (row[0], groups.index(row[1].key.group), row[1].span.first_day))
    return [row for _, row in found]


def reason_lines(code: str | None = None) -> list[ReasonLine]:
    """The rows of one reason, or of all, in order of code and first day."""
    statement = select(ReasonEntry).order_by(ReasonEntry.code, ReasonEntry.first_day)
    if code is not None:
        statement = statement.where(ReasonEntry.code == code)
    return [_reason_line(each) for each in session.scalars(statement)]


def _reason_line(each: ReasonEntry) -> ReasonLine:
    row = ReasonRow(
        each.code,
        each.first_day,
        each.last_day,
        each.label,
        each.family,
        grades_of(each.counts_local),
        grades_of(each.counts_national),
        each.guidance,
    )
    words = f"{each.label} ({counts_in_words(row)})"
    return ReasonLine(row, Span(each.id, each.first_day, each.last_day, words), each.set_by, each.why)


def bar_rows(scope: Scope, *, of_teams: Collection[TeamRow] = (), reason: str | None = None) -> list[BarRow]:
    """The bars of the BCUs the actor may see, and of those whose teams they may see, in order of BCU and reason."""
    named = {bcu.id: (bcu.code, bcu.name) for bcu in people.bcus(scope)}
    named |= {team.bcu_id: (team.bcu_code, team.bcu_name) for team in of_teams}
    statement = select(ReasonBar).where(ReasonBar.bcu_id.in_(named))
    if reason is not None:
        statement = statement.where(ReasonBar.reason == reason)
    rows = [
        BarRow(
            each.bcu_id,
            *named[each.bcu_id],
            each.reason,
            Span(each.id, each.first_day, each.last_day, each.strength.label),
            each.strength,
            each.set_by,
            each.why,
        )
        for each in session.scalars(statement)
    ]
    return sorted(rows, key=lambda row: (row.bcu_code, row.reason, row.span.first_day))


def bars_on(reasons: Collection[str], on: dt.date) -> list[Bar]:
    """The bars on these reasons that are in force on a day, in any BCU; what is switched off is no bar."""
    return [bar for bar in once(("bars", on), lambda: _bars_on(on)) if bar.reason in reasons]


_BAR, _BCU, _ON = ReasonBar.__table__.c, Bcu.__table__.c, bindparam("on", type_=Date())
_BARS = select(
    *(_BAR.bcu_id, _BCU.name, _BAR.reason, _BAR.strength, _BAR.first_day, _BAR.set_by, _BAR.why),
).where(
    _BCU.id == _BAR.bcu_id,
    _BAR.strength != Strength.OFF,
    _BAR.first_day <= _ON,
    or_(_BAR.last_day.is_(None), _BAR.last_day >= _ON),
)


def _bars_on(on: dt.date) -> list[Bar]:
    return [Bar(*row) for row in session.execute(_BARS, {"on": on}).all()]
