"""What the supervision of a day flags (RULES section 7)."""

import datetime as dt
from collections.abc import Iterable, Mapping

from npt.core.authority import Role
from npt.core.figures import two_places
from npt.core.periods import day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.people.rules import TeamFact
from npt.policy.rules import Policy
from npt.staffing.rules.supervision import Covered, Span, Supervision
from npt.staffing.rules.vacancies import Vacancy

ONE_SUPERVISOR, TWO_TEAMS = 1, 2
"""The lines RULES section 7 draws in words: no supervisor at all, and "two or more" teams."""


def supervision_findings(
    found: Supervision,
    collar_numbers: Mapping[int, str],
    causes: Mapping[int, Vacancy],
    policy: Policy,
) -> list[Finding]:
    """Sergeants with two teams or more, spans over the line, and teams with staff and nobody to supervise them.

    The first two are about a sergeant and stand with the team they are posted to, or else the first they cover.

    :param collar_numbers: of everyone who supervises
    :param causes: by team, the vacancy because of which it is covered
    """
    return [
        *_over_two_teams(found, collar_numbers, causes, policy),
        *_over_line(found.spans, collar_numbers, policy),
        *_without_supervisor(found, policy),
    ]


def _over_two_teams(
    found: Supervision, collar_numbers: Mapping[int, str], causes: Mapping[int, Vacancy], policy: Policy
) -> Iterable[Finding]:
    for span in found.spans:
        if span.over_two_teams:
            who = collar_numbers[span.person_id]
            said = [f"Sergeant {who} supervises {len(span.teams)} teams: {_codes(span.teams)}"]
            said += [_cover_said(covered, found.day, causes.get(covered.team.id)) for covered in span.covered]
            yield Finding(
                kind=FlagKind.SERGEANT_OVER_TWO_TEAMS,
                subject=who,
                severity=policy.severity_sergeant_over_two_teams,
                figure=str(len(span.teams)),
                threshold=str(TWO_TEAMS),
                owner_role=Role.SERGEANT,
                detail="; ".join(said),
                team_id=_own_team(span).id,
            )


def _over_line(spans: Iterable[Span], collar_numbers: Mapping[int, str], policy: Policy) -> Iterable[Finding]:
    for span in spans:
        if span.over_line:
            who, figure, line = collar_numbers[span.person_id], two_places(span.span), two_places(policy.span_line)
            yield Finding(
                kind=FlagKind.SPAN_OVER_LINE,
                subject=who,
                severity=policy.severity_span_over_line,
                figure=figure,
                threshold=line,
                owner_role=Role.SERGEANT,
                detail=f"Sergeant {who} has a span of {figure} against a line of {line} ({_codes(span.teams)})",
                team_id=_own_team(span).id,
            )


def _without_supervisor(found: Supervision, policy: Policy) -> Iterable[Finding]:
    for team in found.teams:
        if team.no_supervisor:
            staff = "1 PC or PCSO" if team.staff == 1 else f"{team.staff} PCs and PCSOs"
            yield Finding(
                kind=FlagKind.TEAM_WITHOUT_SUPERVISOR,
                subject=team.team.code,
                severity=policy.severity_team_without_supervisor,
                figure=str(len(team.supervisor_ids)),
                threshold=str(ONE_SUPERVISOR),
                owner_role=Role.INSPECTOR,
                detail=f"{staff} and no supervisor",
                team_id=team.team.id,
            )


def _own_team(span: Span) -> TeamFact:
    covered = {each.team.id for each in span.covered}
    return next((team for team in span.teams if team.id not in covered), span.teams[0])


def _cover_said(covered: Covered, day: dt.date, cause: Vacancy | None) -> str:
    days = (day - covered.since).days
    lasted = "1 day" if days == 1 else f"{days} days"
    said = f"covers {covered.team.code} since {day_in_words(covered.since)} ({lasted})"
    return f"{said} because post {cause.post.ref} is vacant" if cause else f"{said}, for no vacancy"


def _codes(teams: Iterable[TeamFact]) -> str:
    return " and ".join(team.code for team in teams)
