"""Who is over a line, for the scheduled check (RULES section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from npt.abstractions.rules.rates import Assessment, Figures, Status, status
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Breach:
    """A team strictly over the target for all its grades: its rate, and the target in per cent."""

    team_id: int
    rate: Fraction
    target_percent: Decimal


@dataclass(frozen=True, slots=True)
class PersonBreach:
    """A person strictly over the individual limit: their rate, and the limit in per cent."""

    person_id: int
    rate: Fraction
    limit_percent: Decimal


def over_breaches(assessments: Mapping[int, Assessment]) -> list[Breach]:
    """Teams over target, in order of id; for the rolling days and for the projected month alike.

    :param assessments: by team id
    """
    return [
        Breach(team_id, found.figures.rate, found.target_percent)
        for team_id, found in sorted(assessments.items())
        if found.status is Status.OVER and found.figures.rate is not None and found.target_percent is not None
    ]


def teams_without_target(assessments: Mapping[int, Assessment]) -> list[int]:
    """Teams that no ``all`` target judges, in order of id, whether or not they have any data."""
    return sorted(team_id for team_id, found in assessments.items() if found.target_percent is None)


def person_breaches(people: Mapping[int, Figures], policy: Policy) -> list[PersonBreach]:
    """People over the individual limit, in order of id; nobody when policy sets none.

    :param people: figures by person id
    """
    limit = policy.person_limit_percent
    if limit is None:
        return []
    return [
        PersonBreach(person_id, figures.rate, limit)
        for person_id, figures in sorted(people.items())
        if figures.rate is not None and status(figures.rate, limit, policy) is Status.OVER
    ]
