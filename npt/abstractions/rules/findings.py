"""What the checks of abstraction and of returns flag: figure, line broken, and a sentence (RULES section 7)."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from npt.abstractions.rules.breaches import Breach, PersonBreach, over_breaches, person_breaches, teams_without_target
from npt.abstractions.rules.rates import Assessment, Figures
from npt.core.authority import Role
from npt.core.figures import two_places
from npt.core.periods import Window, day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.policy.rules import Policy, Severity


@dataclass(frozen=True, slots=True)
class Judged:
    """Whom a check judges: codes of live teams and collar numbers by their ids, and the teams with a supervisor."""

    teams: Mapping[int, str]
    people: Mapping[int, tuple[str, int | None]]
    supervised: Collection[int]

    def owner(self, team_id: int | None) -> Role:
        """The team's sergeant answers at first; with none, the inspector."""
        return Role.SERGEANT if team_id in self.supervised else Role.INSPECTOR


def over_findings(
    judged: Judged, assessments: Mapping[int, Assessment], rolling: Window, severities: Policy
) -> list[Finding]:
    """Teams over target on the rolling days. ``severities`` is the policy of the day judged."""
    return [
        _team(
            judged,
            FlagKind.OVER_ABSTRACTION,
            severities.severity_over_abstraction,
            breach,
            f"Over abstraction: {_against(breach)}, {_days(rolling)}",
        )
        for breach in over_breaches(assessments)
        if breach.team_id in judged.teams
    ]


def projected_findings(
    judged: Judged, assessments: Mapping[int, Assessment], month: Window, severities: Policy
) -> list[Finding]:
    """Teams whose month is heading over target."""
    return [
        _team(
            judged,
            FlagKind.PROJECTED_OVER_ABSTRACTION,
            severities.severity_projected_over_abstraction,
            breach,
            f"{month.first_day:%B %Y} is heading over target: {_against(breach)}",
        )
        for breach in over_breaches(assessments)
        if breach.team_id in judged.teams
    ]


def no_target_findings(judged: Judged, assessments: Mapping[int, Assessment], severities: Policy) -> list[Finding]:
    """Teams that no target judges. The figure is the rate nobody judges; without duty there is no figure."""
    return [
        Finding(
            kind=FlagKind.NO_TARGET,
            subject=judged.teams[team_id],
            severity=severities.severity_no_target,
            figure="" if (rate := assessments[team_id].figures.rate) is None else two_places(rate * 100),
            threshold=None,
            owner_role=judged.owner(team_id),
            detail="No abstraction target is set",
            team_id=team_id,
        )
        for team_id in teams_without_target(assessments)
        if team_id in judged.teams
    ]


def person_findings(
    judged: Judged, figures: Mapping[int, Figures], rolling: Window, limits: Policy, severities: Policy
) -> list[Finding]:
    """People over the individual limit on the rolling days, when ``limits`` sets one."""
    return [
        _person(judged, breach, rolling, severities.severity_person_over_abstraction)
        for breach in person_breaches(figures, limits)
        if breach.person_id in judged.people
    ]


def _person(judged: Judged, breach: PersonBreach, rolling: Window, severity: Severity) -> Finding:
    collar_number, team_id = judged.people[breach.person_id]
    figure, limit = two_places(breach.rate * 100), two_places(breach.limit_percent)
    return Finding(
        kind=FlagKind.PERSON_OVER_ABSTRACTION,
        subject=collar_number,
        severity=severity,
        figure=figure,
        threshold=limit,
        owner_role=judged.owner(team_id),
        detail=f"{collar_number} over the individual limit: {figure} % against {limit} %, {_days(rolling)}",
        team_id=team_id,
    )


def _team(judged: Judged, kind: FlagKind, severity: Severity, breach: Breach, detail: str) -> Finding:
    return Finding(
        kind=kind,
        subject=judged.teams[breach.team_id],
        severity=severity,
        figure=two_places(breach.rate * 100),
        threshold=two_places(breach.target_percent),
        owner_role=judged.owner(breach.team_id),
        detail=detail,
        team_id=breach.team_id,
    )


def _against(breach: Breach) -> str:
    return f"{two_places(breach.rate * 100)} % against {two_places(breach.target_percent)} %"


def _days(window: Window) -> str:
    days = (window.last_day - window.first_day).days + 1
    return f"{days} days to {day_in_words(window.last_day)}"


@dataclass(frozen=True, slots=True)
class LateReturn:
    """A month whose return is late by so many days."""

    month: dt.date
    days_late: int


def missing_findings(judged: Judged, late: Mapping[int, Sequence[LateReturn]], severities: Policy) -> list[Finding]:
    """Teams that owe a return that is late: one finding for each, by the one that is late by most.

    :param late: by team id
    """
    return [
        Finding(
            kind=FlagKind.RETURN_MISSING,
            subject=judged.teams[team_id],
            severity=severities.severity_return_missing,
            figure=str(worst := max(each.days_late for each in months)),
            threshold="0",
            owner_role=judged.owner(team_id),
            detail=f"{_returns(months)} not confirmed, {worst} {'day' if worst == 1 else 'days'} late",
            team_id=team_id,
        )
        for team_id, months in sorted(late.items())
        if months and team_id in judged.teams
    ]


def _returns(late: Sequence[LateReturn]) -> str:
    """ "Return for October 2026"; of several the oldest, and how many more."""
    oldest = min(each.month for each in late)
    more = len(late) - 1
    return f"Return for {oldest:%B %Y}" + (f" and {more} more" if more else "")
