"""The published monthly totals of ward officers, beside our own figures of the team that the ward belongs to."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, or_, select

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import Question
from npt.abstractions.rules import Figures
from npt.core.authority import Scope
from npt.core.db import session
from npt.exchange.models import WardOfficerMinutes, WardOfficerStrength
from npt.exchange.rules.ward_officers import published_rate
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
