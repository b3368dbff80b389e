"""The published monthly totals of ward officers, beside our own figures of the team that the ward belongs to."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, or_, select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import Question
from npt.abstractions.rules import Figures
from npt.core.authority import Scope
from npt.core.db import session
from npt.exchange.models import WardOfficerMinutes, WardOfficerStrength
from npt.exchange.rules.ward_officers import Part, published_rate
from npt.people import queries as people
from npt.people.models import Ward, WardMembership
from npt.people.queries import TeamRow


@dataclass(frozen=True, slots=True)
class PublishedTeam:
    """One published team in one month: its minutes, its strength, and our own figures where its ward is ours."""

    borough: str
    team: str
    ward_code: str
    away_minutes: Decimal
    duty_minutes: Decimal
    rate: Fraction | None
    fte: Decimal | None
    fte_missing: bool
    ours: TeamRow | None
    figures: Figures | None


def published_months() -> list[dt.date]:
    """The months there are totals of, newest first."""
    rows = session.scalars(select(WardOfficerMinutes.month).distinct().order_by(WardOfficerMinutes.month.desc()))
    return list(rows)


def published_teams(month: dt.date, question: Question | None, scope: Scope) -> list[PublishedTeam]:
    """The published teams of a month, in order of borough and team.

    :param question: what our own figures are asked for; nothing when no policy was in force that early

    A team whose ward is not the actor's to see, or nobody's here, is shown only to those who see the whole force.
    """
    minutes: dict[tuple[str, str, str], list[tuple[bool, Decimal]]] = defaultdict(list)
    for row in session.execute(
        select(
            WardOfficerMinutes.borough,
            WardOfficerMinutes.team,
            WardOfficerMinutes.ward_code,
            WardOfficerMinutes.abstracted,
            func.sum(WardOfficerMinutes.minutes),
        )
        .where(WardOfficerMinutes.month == month)
        .group_by(
            WardOfficerMinutes.borough,
            WardOfficerMinutes.team,
            WardOfficerMinutes.ward_code,
            WardOfficerMinutes.abstracted,
        )
    ):
        minutes[row[0], row[1], row[2]].append((row[3], row[4]))
    team_of = {} if question is None else _teams_of({key[2] for key in minutes if key[2]}, question.window.last_day)
    count = abstractions.count(question, scope, set(team_of.values())) if question and team_of else None
    figures = count.by_team() if count else {}
    strengths = _strengths(month)
    found = []
    for key in sorted(minutes):
        ours = count.teams.get(team_of.get(key[2], 0)) if count else None
        if ours is None and not scope.force:
            continue
        rows = minutes[key]
        fte, missing = strengths.get(key[:2], (None, False))
        found.append(
            PublishedTeam(
                *key,
                sum((each for away, each in rows if away), Decimal(0)),
                sum((each for _, each in rows), Decimal(0)),
                published_rate(rows),
                fte,
                missing,
                ours,
                figures.get(ours.id) if ours else None,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class PublishedName:
    """One published team in one month."""

    month: dt.date
    borough: str
    team: str
    ward_code: str


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One published row: a kind of time or a rank, its minutes or FTE, and where it stands in which file.

    ``also_lines`` are the rows exactly like it, which were told of and counted once.
    """

    what: str
    abstracted: bool
    value: Decimal | None
    file: str | None
    line: int | None
    also_lines: str


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """The rows behind one published figure. Their sum is the figure; nothing where one of them is not known."""

    rows: tuple[PublishedRow, ...]
    total: Decimal | None


def published_figure(of: PublishedName, part: Part, on: dt.date, scope: Scope) -> PublishedFigure:
    """The published rows that make one figure, in the order of their files.

    :param on: the last day of the month, which says whose the ward is
    :raises NoResultFound: when there is no such team in that month, or its ward is not the actor's to see
    """
    minutes = session.scalars(
        select(WardOfficerMinutes)
        .where(
            WardOfficerMinutes.month == of.month,
            WardOfficerMinutes.borough == of.borough,
            WardOfficerMinutes.team == of.team,
            WardOfficerMinutes.ward_code == of.ward_code,
        )
        .order_by(WardOfficerMinutes.id)
    ).all()
    if not minutes or not (scope.force or _is_theirs(of.ward_code, on, scope)):
        raise NoResultFound
    if part is Part.STRENGTH:
        rows = _strength_rows(of)
    else:
        rows = tuple(
            PublishedRow(row.kind, row.abstracted, row.minutes, row.file, row.line, row.also_lines)
            for row in minutes
            if row.abstracted or part is Part.DUTY
        )
    known = [row.value for row in rows if row.value is not None]
    return PublishedFigure(rows, sum(known, Decimal(0)) if len(known) == len(rows) else None)


def _is_theirs(ward_code: str, on: dt.date, scope: Scope) -> bool:
    team_id = _teams_of({ward_code}, on).get(ward_code)
    return team_id in {team.id for team in people.teams(scope)}


def _strength_rows(of: PublishedName) -> tuple[PublishedRow, ...]:
    rows = session.scalars(
        select(WardOfficerStrength)
        .where(
            WardOfficerStrength.month == of.month,
            WardOfficerStrength.borough == of.borough,
            WardOfficerStrength.team == of.team,
        )
        .order_by(WardOfficerStrength.id)
    )
    return tuple(PublishedRow(row.rank, False, row.fte, row.file, row.line, row.also_lines) for row in rows)


def _teams_of(codes: set[str], on: dt.date) -> dict[str, int]:
    """The team that each of these wards belongs to on a day."""
    rows = session.execute(
        select(Ward.code, WardMembership.team_id)
        .join(WardMembership.ward)
        .where(
            Ward.code.in_(codes),
            WardMembership.first_day <= on,
            or_(WardMembership.last_day.is_(None), WardMembership.last_day >= on),
        )
    )
    return {code: team_id for code, team_id in rows}  # noqa: C416 - rows are not pairs to the type checker


def _strengths(month: dt.date) -> dict[tuple[str, str], tuple[Decimal | None, bool]]:
    """Of each team the full-time equivalents that are known, and whether some are missing. Never across months."""
    found: dict[tuple[str, str], list[Decimal | None]] = defaultdict(list)
    for row in session.execute(
        select(WardOfficerStrength.borough, WardOfficerStrength.team, WardOfficerStrength.fte).where(
            WardOfficerStrength.month == month
        )
    ):
        found[row[0], row[1]].append(row[2])
    return {
        key: (None if None in values else sum((v for v in values if v is not None), Decimal(0)), None in values)
        for key, values in found.items()
    }
