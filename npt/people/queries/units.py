"""Read BCUs, sectors and teams."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, true
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Scope
from npt.core.db import among, once, session
from npt.people.models import Bcu, Organisation, Panel, Sector, Team
from npt.people.rules import TeamFact


@dataclass(frozen=True, slots=True)
class BcuRow:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with the units above it, as a page needs it."""

    id: int
    code: str
    name: str
    first_day: dt.date
    last_day: dt.date | None
    sector_id: int
    sector_name: str
    bcu_id: int
    bcu_code: str
    bcu_name: str
    sector_code: str = ""
    email: str | None = None
    telephone: str | None = None

    def live(self, first_day: dt.date, last_day: dt.date) -> bool:
        """Whether the team is live on any day of a window."""
        return self.first_day <= last_day and (self.last_day is None or self.last_day >= first_day)

    @property
    def fact(self) -> TeamFact:
        return TeamFact(self.id, self.code, self.first_day, self.last_day, self.bcu_id)


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Only teams the actor may see."""
    return true() if scope.force else Team.id.in_(scope.team_ids)


def bcus(scope: Scope) -> list[BcuRow]:
    """The BCUs the actor may see, in order of code."""
    allowed = true() if scope.force else Bcu.id.in_(scope.bcu_ids)
    rows = session.execute(select(Bcu.id, Bcu.code, Bcu.name).where(allowed).order_by(Bcu.code))
    return [BcuRow(*row) for row in rows]


def bcu(code: str, scope: Scope) -> BcuRow:
    """One BCU by its code.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    allowed = true() if scope.force else Bcu.id.in_(scope.bcu_ids)
    return BcuRow(*session.execute(select(Bcu.id, Bcu.code, Bcu.name).where(Bcu.code == code, allowed)).one())


# The tables and not the classes, here and where teams are read: nearly every page asks this, and the ORM adds to what
# it costs.
_BCU, _SECTOR, _TEAM = Bcu.__table__, Sector.__table__, Team.__table__
TEAM_COLUMNS = (
    *(_TEAM.c[name] for name in ("id", "code", "name", "first_day", "last_day")),
    *(_SECTOR.c[name] for name in ("id", "name")),
    *(_BCU.c[name] for name in ("id", "code", "name")),
    _SECTOR.c.code,
    *(_TEAM.c[name] for name in ("email", "telephone")),
)
TEAMS = _TEAM.join(_SECTOR).join(_BCU)
_EVERY_TEAM = select(*TEAM_COLUMNS).select_from(TEAMS).order_by(_TEAM.c.code)
_SOME_TEAMS = _EVERY_TEAM.where(among(_TEAM.c.id, "ids"))
_BY_CODE = _TEAM.c.code == bindparam("code")
_ONE_TEAM, _ONE_OF_SOME = _EVERY_TEAM.where(_BY_CODE), _SOME_TEAMS.where(_BY_CODE)


def teams(scope: Scope) -> list[TeamRow]:
    """Every team the actor may see, closed ones too, in order of code."""
    return list(once(("teams", scope.force or scope.team_ids), lambda: _known_teams(scope)))


def _teams_read() -> list[list[TeamRow]]:
    none_yet: list[list[TeamRow]] = []
    return once("teams read", lambda: none_yet)


def _known_teams(scope: Scope) -> list[TeamRow]:
    """Those of them that this request has read among others, when all of them are; else they are read now."""
    kept = _teams_read()
    for rows in kept:
        if not scope.force and scope.team_ids <= {row.id for row in rows}:
            return [row for row in rows if row.id in scope.team_ids]
    kept.append(_teams(scope))
    return kept[-1]


def _teams(scope: Scope) -> list[TeamRow]:
    rows = session.execute(_EVERY_TEAM if scope.force else _SOME_TEAMS, {"ids": scope.team_ids})
    return [TeamRow(*row) for row in rows.all()]


_BCU_WITH_TEAMS = (
    select(*(_BCU.c[name] for name in ("id", "code", "name")), _SECTOR.c.id, *TEAM_COLUMNS)
    .select_from(_BCU.outerjoin(_SECTOR).outerjoin(_TEAM, _TEAM.c.sector_id == _SECTOR.c.id))
    .where(_BCU.c.code == bindparam("code"))
    .order_by(_TEAM.c.code)
)
_BCU_OF_SOME = _BCU_WITH_TEAMS.where(among(_BCU.c.id, "ids"))


@dataclass(frozen=True, slots=True)
class BcuUnits:
    """A BCU with its sectors and every team of it, closed ones too, in order of code."""

    bcu: BcuRow
    sector_ids: frozenset[int]
    teams: list[TeamRow]


def bcu_units(code: str, scope: Scope) -> BcuUnits:
    """One BCU by its code, as ``bcu`` has it, and what is in it: whoever may see a BCU may see all of it.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    asked = {"code": code, "ids": scope.bcu_ids}
    rows = session.execute(_BCU_WITH_TEAMS if scope.force else _BCU_OF_SOME, asked).all()
    if not rows:
        raise NoResultFound(f"no BCU {code} within scope")
    columns: list[tuple[Any, ...]] = [tuple(row[4:]) for row in rows if row[4] is not None]
    found = [TeamRow(*each) for each in columns]
    _teams_read().append(found)
    return BcuUnits(BcuRow(*rows[0][:3]), frozenset(row[3] for row in rows if row[3] is not None), found)


def team(code: str, scope: Scope) -> TeamRow:
    """One team by its code.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    asked = {"code": code, "ids": scope.team_ids}
    return TeamRow(*session.execute(_ONE_TEAM if scope.force else _ONE_OF_SOME, asked).one())


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A sector with the BCU above it."""

    id: int
    code: str
    name: str
    bcu_id: int
    bcu_code: str
    bcu_name: str


_SECTOR_COLUMNS = (Sector.id, Sector.code, Sector.name, Bcu.id, Bcu.code, Bcu.name)


def sectors(scope: Scope) -> list[SectorRow]:
    """The sectors the actor may see, in order of code."""
    allowed = true() if scope.force else Sector.id.in_(scope.sector_ids)
    rows = session.execute(select(*_SECTOR_COLUMNS).join(Sector.bcu).where(allowed).order_by(Sector.code))
    return [SectorRow(*row) for row in rows]


def sector(code: str, scope: Scope) -> SectorRow:
    """One sector by its code.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    allowed = true() if scope.force else Sector.id.in_(scope.sector_ids)
    statement = select(*_SECTOR_COLUMNS).join(Sector.bcu).where(Sector.code == code, allowed)
    return SectorRow(*session.execute(statement).one())


def team_ids_of(bcu_ids: Iterable[int] = (), sector_ids: Iterable[int] = ()) -> frozenset[int]:
    """The teams, closed ones too, of BCUs and sectors."""
    statement = (
        select(Team.id).join(Team.sector).where(or_(Sector.bcu_id.in_(list(bcu_ids)), Sector.id.in_(list(sector_ids))))
    )
    return frozenset(session.scalars(statement))


def code_is_taken(code: str) -> bool:
    """Whether a BCU, sector, team, panel or organisation has a code. Capitals do not make two of them."""
    columns = (Bcu.code, Sector.code, Team.code, Panel.code, Organisation.code)
    wanted = code.lower()
    return any(wanted == known.lower() for column in columns for known in session.scalars(select(column)))


def organisation_codes() -> list[str]:
    """The codes of every partner organisation."""
    return list(session.scalars(select(Organisation.code)))
