"""Read what scheduled checks found."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true

from npt.core.authority import Role, Scope
from npt.core.db import among, session
from npt.flags.models import Flag, JudgedDay
from npt.flags.rules import FlagKind, FlagState, OpenFlag, may_acknowledge
from npt.people.models import Bcu, Sector, Team
from npt.policy.rules import Severity


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The answer to a flag: when and by whom, what will be done, by which day."""

    at: dt.datetime
    by: str
    action: str
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag as a page or a file shows it. ``figure`` is nothing where there is no figure."""

    id: int
    kind: FlagKind
    subject: str
    severity: Severity
    figure: str | None
    threshold: str | None
    detail: str
    opened_on: dt.date
    closed_on: dt.date | None
    owner_role: Role
    owned_since: dt.date
    repeat: bool
    acknowledgement: Acknowledged | None
    team_id: int | None
    team_code: str | None
    team_name: str | None
    sector_id: int | None
    sector_code: str | None
    sector_name: str | None
    bcu_id: int | None
    bcu_code: str | None
    bcu_name: str | None

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def answered_by(self, role: Role) -> bool:
        """Whether somebody of this role may acknowledge it."""
        return self.is_open and may_acknowledge(role, self.kind)

    @property
    def area(self) -> str:
        """The name of the smallest unit it is about."""
        return self.team_name or self.sector_name or self.bcu_name or ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which flags are asked for. What is not given narrows nothing."""

    state: FlagState = FlagState.OPEN
    team_code: str | None = None
    of_no_team: bool = False
    """Those about a BCU or a sector and no team of it."""
    bcu_code: str | None = None
    kinds: Collection[FlagKind] | None = None
    owner_role: Role | None = None
    acknowledged: bool | None = None
    team_ids: Collection[int] | None = None
    on: dt.date | None = None
    """Those that were open at the end of a day, whatever has become of them since."""


OPEN = Narrowing()


def open_flags(kinds: Collection[FlagKind]) -> list[OpenFlag]:
    """The open flags of some kinds, of the whole force, as a check compares them with what it finds."""
    rows = session.execute(
        select(Flag.id, Flag.kind, Flag.subject, Flag.severity, Flag.figure, Flag.threshold, Flag.detail).where(
            Flag.closed_on.is_(None), Flag.kind.in_(list(kinds))
        )
    )
    return [OpenFlag(*row) for row in rows]


def newest_judged_day(job: str) -> dt.date | None:
    """The newest day a check has judged, or nothing when it never ran."""
    return session.scalar(select(JudgedDay.newest_day).where(JudgedDay.job == job))


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Only flags the actor may see: of their teams, their sectors or their BCUs."""
    if scope.force:
        return true()
    return _about(scope.team_ids, scope.sector_ids, scope.bcu_ids)


_Ids = Collection[int] | str
"""Numbers, or the name under which they are given when the statement is run."""


def _about(teams: _Ids, sectors: _Ids, bcus: _Ids) -> ColumnElement[bool]:
    return or_(
        among(Flag.team_id.expression, teams),
        among(Flag.sector_id.expression, sectors),
        among(Flag.bcu_id.expression, bcus),
    )


def _of_unit(narrowing: Narrowing) -> Iterator[ColumnElement[bool]]:
    if narrowing.team_code is not None:
        yield Team.code == narrowing.team_code
    if narrowing.of_no_team:
        yield Flag.team_id.is_(None)
    if narrowing.bcu_code is not None:
        yield Bcu.code == narrowing.bcu_code
    if narrowing.team_ids is not None:
        yield Flag.team_id.in_(list(narrowing.team_ids))


def _conditions(scope: Scope, narrowing: Narrowing) -> list[ColumnElement[bool]]:
    wanted: Sequence[ColumnElement[bool]] = {
        FlagState.OPEN: [Flag.closed_on.is_(None)],
        FlagState.CLOSED: [Flag.closed_on.is_not(None)],
        FlagState.ALL: [],
    }[narrowing.state]
    if narrowing.on is not None:
        wanted = [Flag.opened_on <= narrowing.on, or_(Flag.closed_on.is_(None), Flag.closed_on > narrowing.on)]
    conditions: list[ColumnElement[bool]] = [in_scope(scope), *wanted, *_of_unit(narrowing)]
    if narrowing.kinds is not None:
        conditions.append(Flag.kind.in_(list(narrowing.kinds)))
    if narrowing.owner_role is not None:
        conditions.append(Flag.owner_role == narrowing.owner_role)
    if narrowing.acknowledged is not None:
        conditions.append((Flag.acknowledged_at.is_not(None)) == narrowing.acknowledged)
    return conditions


_ROWS: Select[Flag, str, str, str, str, str, str] = (
    select(Flag, Team.code, Team.name, Sector.code, Sector.name, Bcu.code, Bcu.name)
    .outerjoin(Team, Team.id == Flag.team_id)
    .outerjoin(Sector, Sector.id == Flag.sector_id)
    .outerjoin(Bcu, Bcu.id == Flag.bcu_id)
)


# Made once: My team, which has two minutes of somebody's time, asks it every time.
_OPEN = _ROWS.where(Flag.closed_on.is_(None))
_OPEN_OF_SOME = _OPEN.where(_about("teams", "sectors", "bcus"))


def open_for(scope: Scope) -> list[FlagRow]:
    """The open flags an actor may see, in the order of ``flags_for``."""
    sent = {"teams": scope.team_ids, "sectors": scope.sector_ids, "bcus": scope.bcu_ids}
    return _in_order(session.execute(_OPEN) if scope.force else session.execute(_OPEN_OF_SOME, sent))


def flags_for(scope: Scope, narrowing: Narrowing) -> list[FlagRow]:
    """The flags an actor may see, in order of kind, then subject, then the day they opened."""
    return _in_order(session.execute(_ROWS.where(*_conditions(scope, narrowing))))


def _in_order(rows: Iterable[Any]) -> list[FlagRow]:
    return sorted([_row(*row) for row in rows], key=lambda flag: (flag.kind, flag.subject, flag.opened_on, flag.id))


_GRAVITY = case({severity: place for place, severity in enumerate(Severity)}, value=Flag.severity)

GRAVEST_FIRST = "-severity"

ORDERS: Mapping[str, ColumnElement[Any]] = {
    "severity": _GRAVITY,
    "kind": Flag.kind.expression,
    "subject": Flag.subject.expression,
    "area": func.coalesce(Team.name, Sector.name, Bcu.name),
    "opened": Flag.opened_on.expression,
    "owner": Flag.owner_role.expression,
}
"""What a list may be in order of. With "-" before the name: downwards."""


def listed(
    scope: Scope,
    narrowing: Narrowing = OPEN,
    *,
    order: str = GRAVEST_FIRST,
    offset: int = 0,
    limit: int | None = None,
) -> list[FlagRow]:
    """The flags an actor may see, in one of ``ORDERS``; where that leaves them alike, oldest first."""
    column = ORDERS.get(order.removeprefix("-"), _GRAVITY)
    statement = (
        _ROWS.where(*_conditions(scope, narrowing))
        .order_by(column.desc() if order.startswith("-") else column, Flag.opened_on, Flag.id)
        .offset(offset)
        .limit(limit)
    )
    return [_row(*row) for row in session.execute(statement)]


def how_many(scope: Scope, narrowing: Narrowing = OPEN) -> int:
    """How many flags an actor may see."""
    statement = select(func.count(Flag.id)).outerjoin(Team, Team.id == Flag.team_id)
    statement = statement.outerjoin(Bcu, Bcu.id == Flag.bcu_id).where(*_conditions(scope, narrowing))
    return session.scalar(statement) or 0


def waiting_for(role: Role, scope: Scope, *, team_ids: Collection[int] | None = None) -> list[FlagRow]:
    """The open flags that wait for an answer from somebody of this role, gravest first."""
    return listed(scope, Narrowing(owner_role=role, acknowledged=False, team_ids=team_ids))


def flag(id: int, scope: Scope, kinds: Collection[FlagKind] | None = None) -> FlagRow:
    """One flag.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    conditions = _conditions(scope, Narrowing(FlagState.ALL, kinds=kinds))
    return _row(*session.execute(_ROWS.where(Flag.id == id, *conditions)).one())


def _row(flag: Flag, *names: str | None) -> FlagRow:
    team_code, team_name, sector_code, sector_name, bcu_code, bcu_name = names
    answer = None
    if flag.acknowledged_at and flag.action_due_on:
        answer = Acknowledged(flag.acknowledged_at, flag.acknowledged_by or "", flag.action or "", flag.action_due_on)
    return FlagRow(
        id=flag.id,
        kind=flag.kind,
        subject=flag.subject,
        severity=flag.severity,
        figure=flag.figure or None,
        threshold=flag.threshold,
        detail=flag.detail,
        opened_on=flag.opened_on,
        closed_on=flag.closed_on,
        owner_role=flag.owner_role,
        owned_since=flag.owned_since,
        repeat=flag.repeat,
        acknowledgement=answer,
        team_id=flag.team_id,
        team_code=team_code,
        team_name=team_name,
        sector_id=flag.sector_id,
        sector_code=sector_code,
        sector_name=sector_name,
        bcu_id=flag.bcu_id,
        bcu_code=bcu_code,
        bcu_name=bcu_name,
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """The units above a team or a sector."""

    sector_id: int
    bcu_id: int


def places() -> tuple[dict[int, Placed], dict[int, Placed]]:
    """The units above every team, and above every sector, by their ids."""
    teams = session.execute(select(Team.id, Sector.id, Sector.bcu_id).join(Team.sector))
    sectors: Sequence[tuple[int, int]] = list(session.execute(select(Sector.id, Sector.bcu_id)))
    return {row[0]: Placed(row[1], row[2]) for row in teams}, {id: Placed(id, bcu) for id, bcu in sectors}
