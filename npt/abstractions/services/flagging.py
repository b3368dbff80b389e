"""Flag where abstraction is over a line, or heading there."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.abstractions import queries, rules
from npt.abstractions.queries import Count, Question
from npt.abstractions.rules import Assessment, Judged
from npt.core.authority import EVERYTHING, Actor
from npt.core.periods import DAY, Window, midnight, month_of
from npt.flags import services as flags
from npt.flags.services import Reconciled
from npt.people import queries as people
from npt.policy import queries as policies
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Lines:
    """The policy a check goes by: of the day judged, of the rolling days' last, and of the month's last."""

    day: Policy
    rolling: Policy
    month: Policy


def flag_breaches(on: dt.date, lines: Lines, *, zone: ZoneInfo, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of abstraction into line with a day (RULES section 7).

    Teams live on the day are judged on the rolling days that end with the day before, and on where the month that
    holds the day is heading; the moment of asking is the day's first. Severities, escalation and repeats are those of
    the day's own policy.

    :param at: when the check runs, for the record; it decides no figure
    """
    asked, reasons = midnight(on, zone), policies.reason_book()
    rolling = Window(on - lines.rolling.rolling_days * DAY, on - DAY, zone)
    month = month_of(on, zone)
    counted = queries.count(Question(rolling, asked, lines.rolling, reasons), EVERYTHING)
    projected = queries.project(Question(month, asked, lines.month, reasons), EVERYTHING)
    judged = _judged(counted, on)
    standing = _assessed(counted, judged)
    findings = [
        *rules.over_findings(judged, standing, rolling, lines.day),
        *rules.projected_findings(judged, _assessed(projected, judged), month, lines.day),
        *rules.person_findings(judged, counted.by_person(), rolling, lines.rolling, lines.day),
        *rules.no_target_findings(judged, standing, lines.day),
    ]
    return flags.reconcile("abstractions", findings, on=on, policy=lines.day, actor=actor, at=at)


def _judged(count: Count, on: dt.date) -> Judged:
    here = count.roll.in_team(count.teams, on)
    return Judged(
        teams={team.id: team.code for team in count.teams.values() if team.live(on, on)},
        people={p.id: (p.collar_number, here[p.id].post.team_id) for p in people.people(here).values()},
        supervised=people.supervised_team_ids(on),
    )


def _assessed(count: Count, judged: Judged) -> dict[int, Assessment]:
    """Every team live on the day; one that opened with it has no minutes yet, and a target or none all the same."""
    figures = count.by_team()
    nothing = rules.figures_of(())
    return {id: count.assess_team(count.teams[id], figures.get(id, nothing)) for id in judged.teams}
