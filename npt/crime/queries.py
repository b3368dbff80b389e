"""Read published crime: counted for wards, teams, BCUs and the force, line by line, and as the files it came in.

What somebody may see of crime is what lies in wards of teams they may see, on the last day of its month. Crime without
a location, outside every boundary, or in wards of no team is nobody's but the force's.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import add_months
from npt.crime import rules
from npt.crime.models import CrimeMonth, StreetCrime, WardBoundary
from npt.crime.rules import Boundary, By, Counted, CrimeReport, Month, Place, StreetRow, Unit
from npt.people import queries as people
from npt.people.models import Bcu, Panel, PanelTeam, Sector, Team, Ward, WardMembership


@dataclass(frozen=True, slots=True)
class Loaded:
    """A month a force has published and somebody has loaded."""

    id: int
    month: dt.date
    force: str
    file: str
    loaded_at: dt.datetime


def loaded_months() -> list[Loaded]:
    """Every month there is crime of, the newest first."""
    columns = (CrimeMonth.id, CrimeMonth.month, CrimeMonth.force, CrimeMonth.file, CrimeMonth.loaded_at)
    rows = session.execute(select(*columns).order_by(CrimeMonth.month.desc(), CrimeMonth.force))
    return [Loaded(*row) for row in rows]


def boundary_count() -> int:
    """How many wards there is a boundary of."""
    return session.scalar(select(func.count()).select_from(WardBoundary)) or 0


def _in_force_on(day: ColumnElement[dt.date]) -> ColumnElement[bool]:
    """The membership of a ward on a day; the database sees to it that there is one at most."""
    return and_(
        WardMembership.ward_id == Ward.id,
        WardMembership.first_day <= day,
        or_(WardMembership.last_day.is_(None), WardMembership.last_day >= day),
    )


def _seen(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.force else WardMembership.team_id.in_(scope.team_ids)


def crime_report(first_month: dt.date, last_month: dt.date, by: By, scope: Scope) -> CrimeReport:
    """What was recorded in a span of months, by ward, team, BCU or force, of what the actor may see.

    A ward's crime of a month counts for the team it belongs to on the month's last day.

    :param first_month: the first day of the first month
    :param last_month: the first day of the last month
    """
    counted = _counted(first_month, last_month, scope)
    return rules.counted_by(by, first_month, last_month, counted, _UNITS[by](first_month, last_month, scope))


def _counted(first_month: dt.date, last_month: dt.date, scope: Scope) -> list[Counted]:
    # Counted first and then given to teams: a month is some thousand lines, and a few hundred counts.
    counts = (
        select(
            CrimeMonth.last_day,
            StreetCrime.place,
            StreetCrime.ward_code,
            StreetCrime.crime_type,
            func.count().label("number"),
        )
        .join(CrimeMonth, CrimeMonth.id == StreetCrime.crime_month_id)
        .where(CrimeMonth.month.between(first_month, last_month))
        .group_by(CrimeMonth.last_day, StreetCrime.place, StreetCrime.ward_code, StreetCrime.crime_type)
        .subquery()
    )
    statement = (
        select(
            counts.c.place,
            counts.c.ward_code,
            Team.code,
            Bcu.code,
            counts.c.crime_type,
            func.sum(counts.c.number),
        )
        .select_from(counts)
        .outerjoin(Ward, Ward.code == counts.c.ward_code)
        .outerjoin(WardMembership, _in_force_on(counts.c.last_day))
        .outerjoin(Team, Team.id == WardMembership.team_id)
        .outerjoin(Sector, Sector.id == Team.sector_id)
        .outerjoin(Bcu, Bcu.id == Sector.bcu_id)
        .where(_seen(scope))
        .group_by(counts.c.place, counts.c.ward_code, Team.code, Bcu.code, counts.c.crime_type)
    )
    # PostgreSQL adds whole numbers up to a decimal.
    return [
        Counted(place, ward, team, bcu, category, int(number))
        for place, ward, team, bcu, category, number in session.execute(statement)
    ]


def _last_days(first_month: dt.date, last_month: dt.date) -> list[dt.date]:
    days = []
    while first_month <= last_month:
        first_month = add_months(first_month, 1)
        days.append(first_month - dt.timedelta(days=1))
    return days


def ward_units(first_month: dt.date, last_month: dt.date, scope: Scope) -> list[Unit]:
    """The wards of the teams the actor may see, on a day that decides; for the force every ward there is.

    A ward without a boundary is among them, with nothing in it.
    """
    if scope.force:
        wards = {row.code: row.name for row in session.execute(select(Ward.code, Ward.name))}
        named = {**boundary_names(), **wards}
        return [Unit(code, name) for code, name in named.items()]
    statement = (
        select(Ward.code, Ward.name, WardMembership.first_day, WardMembership.last_day)
        .join(WardMembership, WardMembership.ward_id == Ward.id)
        .where(_seen(scope))
    )
    days = _last_days(first_month, last_month)
    return list(
        {
            Unit(code, name): None
            for code, name, first, last in session.execute(statement)
            if any(first <= day and (last is None or day <= last) for day in days)
        }
    )


def _team_units(first_month: dt.date, last_month: dt.date, scope: Scope) -> list[Unit]:
    last_day = _last_days(last_month, last_month)[0]
    return [Unit(team.code, team.name) for team in people.teams(scope) if team.live(first_month, last_day)]


def _bcu_units(first_month: dt.date, last_month: dt.date, scope: Scope) -> list[Unit]:
    return [Unit(bcu.code, bcu.name) for bcu in people.bcus(scope)]


def _force_unit(first_month: dt.date, last_month: dt.date, scope: Scope) -> list[Unit]:
    return [Unit(rules.FORCE, "Force")]


_UNITS = {By.WARD: ward_units, By.TEAM: _team_units, By.BCU: _bcu_units, By.FORCE: _force_unit}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which published lines a list shows. ``ward``, ``team``, ``bcu`` and ``panel`` are codes.

    The empty code is of no team. What is of a panel lies in wards of the teams it serves.
    """

    first_month: dt.date
    last_month: dt.date
    category: str | None = None
    place: Place | None = None
    ward: str | None = None
    team: str | None = None
    bcu: str | None = None
    panel: str | None = None


@dataclass(frozen=True, slots=True)
class Crime:
    """A published line as a list shows it, with the ward it lies in and the team that ward belonged to."""

    month: dt.date
    category: str
    location: str | None
    place: Place
    ward: str | None
    team: str | None
    lsoa: str | None
    outcome: str | None
    crime_id: str | None
    longitude: str | None
    latitude: str | None
    reported_by: str


def crimes(narrowing: Narrowing, scope: Scope, offset: int = 0, limit: int | None = None) -> list[Crime]:
    """The published lines a list shows, by month and then as published; all of them, or a portion."""
    columns: Any = select(
        CrimeMonth.month,
        StreetCrime.crime_type,
        StreetCrime.location,
        StreetCrime.place,
        func.coalesce(Ward.name, WardBoundary.name),
        Team.name,
        StreetCrime.lsoa_name,
        StreetCrime.outcome,
        StreetCrime.crime_id,
        StreetCrime.longitude,
        StreetCrime.latitude,
        CrimeMonth.force,
    )
    statement = _narrowed(columns, narrowing, scope).outerjoin(WardBoundary, WardBoundary.code == StreetCrime.ward_code)
    ordered = statement.order_by(CrimeMonth.month, StreetCrime.id).offset(offset).limit(limit)
    return [Crime(*row) for row in session.execute(ordered)]


def crime_count(narrowing: Narrowing, scope: Scope) -> int:
    """How many lines ``crimes`` has."""
    return session.scalar(_narrowed(select(func.count()), narrowing, scope)) or 0


def categories() -> list[str]:
    """The published categories there is anything of, in order of name."""
    return sorted(session.scalars(select(StreetCrime.crime_type).distinct()))


def _narrowed(statement: Select[Any], asked: Narrowing, scope: Scope) -> Select[Any]:
    statement = (
        statement.select_from(StreetCrime)
        .join(CrimeMonth, CrimeMonth.id == StreetCrime.crime_month_id)
        .outerjoin(Ward, Ward.code == StreetCrime.ward_code)
        .outerjoin(WardMembership, _in_force_on(CrimeMonth.__table__.c.last_day))
        .outerjoin(Team, Team.id == WardMembership.team_id)
        .where(CrimeMonth.month.between(asked.first_month, asked.last_month), _seen(scope))
    )
    if asked.category == rules.CRIME:
        statement = statement.where(StreetCrime.crime_type != rules.ANTI_SOCIAL)
    elif asked.category is not None:
        statement = statement.where(StreetCrime.crime_type == asked.category)
    if asked.place is not None:
        statement = statement.where(StreetCrime.place == asked.place)
    if asked.ward is not None:
        statement = statement.where(StreetCrime.ward_code == asked.ward)
    if asked.team is not None:
        statement = statement.where(_is_team(asked.team))
    if asked.bcu is not None:
        of_bcu = select(Sector.id).join(Sector.bcu).where(Bcu.code == asked.bcu)
        statement = statement.where(Team.sector_id.in_(of_bcu))
    if asked.panel is not None:
        served = select(PanelTeam.team_id).join(PanelTeam.panel).where(Panel.code == asked.panel)
        statement = statement.where(Team.id.in_(served))
    return statement


def panels_served(scope: Scope) -> dict[str, str]:
    """The name of each panel that a team of the actor's serves, by code."""
    theirs = true() if scope.force else PanelTeam.team_id.in_(scope.team_ids)
    rows = select(Panel.code, Panel.name).join(PanelTeam, PanelTeam.panel_id == Panel.id).where(theirs)
    return dict(session.execute(rows.distinct().order_by(Panel.name)).all())


def _is_team(code: str) -> ColumnElement[bool]:
    if code == rules.IN_NO_TEAM:
        return and_(StreetCrime.place == Place.WARD, WardMembership.id.is_(None))
    return Team.code == code


def month_ids(months: Iterable[Month]) -> dict[Month, int]:
    """The number of each month and force that is loaded already."""
    wanted = set(months)
    return {of: loaded.id for loaded in loaded_months() if (of := _month(loaded)) in wanted}


def _month(loaded: Loaded) -> Month:
    return Month(f"{loaded.month:%Y-%m}", loaded.force)


def street_rows(month_id: int, of: Month) -> list[StreetRow]:
    """The lines of a month as they were published, in their order."""
    statement = select(*_PUBLISHED).where(StreetCrime.crime_month_id == month_id).order_by(StreetCrime.id)
    return [StreetRow(crime_id, *of, *rest) for crime_id, *rest in session.execute(statement)]


def published_months() -> dict[Month, int]:
    """Every month and force, the oldest first, each with its number."""
    return {_month(loaded): loaded.id for loaded in reversed(loaded_months())}


_PUBLISHED: tuple[InstrumentedAttribute[Any], ...] = (
    StreetCrime.crime_id,
    StreetCrime.falls_within,
    StreetCrime.longitude,
    StreetCrime.latitude,
    StreetCrime.location,
    StreetCrime.lsoa_code,
    StreetCrime.lsoa_name,
    StreetCrime.crime_type,
    StreetCrime.outcome,
    StreetCrime.context,
)
"""The columns of the published file, but for the month and force that all of its lines have in common."""


def boundaries() -> list[Boundary]:
    """The boundary of every ward, in order of code."""
    rows = session.execute(select(WardBoundary.code, WardBoundary.name, WardBoundary.geometry))
    # Sorted here, because the two databases order texts each in their own way.
    return sorted((Boundary(*row) for row in rows), key=lambda each: each.code)


def located_rows() -> list[tuple[int, str | None, str | None, Place, str | None]]:
    """Every line's number, coordinates, place and ward."""
    columns = (StreetCrime.id, StreetCrime.longitude, StreetCrime.latitude, StreetCrime.place, StreetCrime.ward_code)
    return [(*row,) for row in session.execute(select(*columns))]


@dataclass(frozen=True, slots=True)
class WardCounts:
    """What a span of months holds of a category: by ward, without a location, outside every boundary.

    ``without_id``: of those in wards, by ward, how many have no Crime ID, as no anti-social behaviour has.
    """

    by_ward: Mapping[str, int]
    without_id: Mapping[str, int]
    unlocated: int
    outside: int

    @property
    def total(self) -> int:
        """Every line counted: in wards and in none."""
        return sum(self.by_ward.values()) + self.unlocated + self.outside


def ward_counts(first_month: dt.date, last_month: dt.date, category: str | None = None) -> WardCounts:
    """Count the published lines of a span of months, of the whole force: the figures are public.

    :param category: a published category; ``rules.CRIME`` leaves out anti-social behaviour; nothing counts everything
    """
    statement = (
        select(
            StreetCrime.place,
            StreetCrime.ward_code,
            func.count(),
            func.sum(case((StreetCrime.crime_id.is_(None), 1), else_=0)),
        )
        .join(CrimeMonth, CrimeMonth.id == StreetCrime.crime_month_id)
        .where(CrimeMonth.month.between(first_month, last_month))
        .group_by(StreetCrime.place, StreetCrime.ward_code)
    )
    if category == rules.CRIME:
        statement = statement.where(StreetCrime.crime_type != rules.ANTI_SOCIAL)
    elif category is not None:
        statement = statement.where(StreetCrime.crime_type == category)
    rows = session.execute(statement).all()
    wards = [(code, int(number), int(without)) for _, code, number, without in rows if code is not None]
    nowhere = {place: int(number) for place, code, number, _ in rows if code is None}
    return WardCounts(
        {code: number for code, number, _ in wards},
        {code: without for code, _, without in wards},
        nowhere.get(Place.UNLOCATED, 0),
        nowhere.get(Place.OUTSIDE, 0),
    )


def boundary_names() -> dict[str, str]:
    """The name of each ward there is a boundary of, by code."""
    return {row.code: row.name for row in session.execute(select(WardBoundary.code, WardBoundary.name))}
