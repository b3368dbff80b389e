"""Confirm a team's month, open one again, and chase those that are missing (RULES sections 4 and 7)."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.abstractions import queries, rules
from npt.abstractions.models import MonthlyReturn
from npt.abstractions.queries import Question
from npt.abstractions.rules import Judged, LateReturn, ReturnKind
from npt.abstractions.services.confirmed import RETURNS
from npt.audit import services as audit
from npt.core import db
from npt.core.authority import EVERYTHING, Actor
from npt.core.db import session
from npt.core.errors import Refused, refuse_if_any
from npt.core.periods import Window, local_day
from npt.flags import services as flags
from npt.flags.rules import FlagKind
from npt.flags.services import Reconciled
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.policy.rules import Policy


def confirm_month(
    code: str, question: Question, kind: ReturnKind, *, seen: str, actor: Actor, at: dt.datetime, policy: Policy
) -> TeamRow:
    """Confirm that everything of a team's month is entered, or that there was nothing. Keeps the figures of this
    moment.

    :param question: about the whole of the month, by the policy of its last day
    :param policy: of today
    :param seen: the mark of the month as the actor saw it: nobody confirms what they have not seen
    :raises NoResultFound: when there is no such team, or it is not theirs
    :raises Refused: when the month is not over, is confirmed already, somebody is still away, it is not nil, it has
        changed since they saw it, or an import is running
    """
    team, month = people.team(code, actor.scope), question.window
    if not db.try_lock("import"):
        raise Refused("An import is being taken in just now. Confirm the month when it has ended.")
    db.lock_record(RETURNS)
    found = queries.teams_month(team, question)
    earlier = _earlier(team.id, month)
    newest = earlier[-1] if earlier else None
    refuse_if_any(
        rules.obstacles_to_confirming(
            month,
            kind,
            found.seen,
            at=at,
            live=team.live(month.first_day, month.last_day),
            standing_by=newest.confirmed_by if newest and newest.reopened_at is None else None,
        )
    )
    if found.mark != seen:
        raise Refused("Something in this month has changed since you opened it. Look at it as it stands now")
    figures = found.figures
    session.add(
        MonthlyReturn(
            team_id=team.id,
            month=month.first_day,
            version=len(earlier) + 1,
            kind=kind,
            confirmed_at=at,
            confirmed_by=actor.name,
            duty_minutes=figures.duty_minutes,
            abstracted_minutes=figures.abstracted_minutes,
            off_duty_minutes=figures.off_duty_minutes,
            entries=figures.entries,
        )
    )
    session.flush()
    audit.record(
        "return.confirmed",
        subject_of(team, month),
        actor=actor,
        at=at,
        kind=kind,
        version=len(earlier) + 1,
        duty_minutes=figures.duty_minutes,
        abstracted_minutes=figures.abstracted_minutes,
        off_duty_minutes=figures.off_duty_minutes,
        entries=figures.entries,
    )
    _settle(team, policy, month.zone, actor=actor, at=at)
    return team


def reopen_month(code: str, month: Window, *, reason: str, actor: Actor, at: dt.datetime) -> TeamRow:
    """Open a confirmed month again, so that its team can put it right and confirm it once more.

    :raises NoResultFound: when there is no such team, or it is not theirs
    :raises Refused: when the month is not confirmed, or no reason is given
    """
    team = people.team(code, actor.scope)
    db.lock_record(RETURNS)
    earlier = _earlier(team.id, month)
    standing = next((row for row in earlier if row.reopened_at is None), None)
    refuse_if_any(rules.obstacles_to_reopening(standing is not None, reason))
    if standing is not None:
        standing.reopened_at, standing.reopened_by, standing.reopen_reason = at, actor.name, reason.strip()
        session.flush()
        audit.record(
            "return.reopened",
            subject_of(team, month),
            actor=actor,
            at=at,
            version=standing.version,
            reason=reason.strip(),
        )
    return team


def subject_of(team: TeamRow, month: Window) -> str:
    """What the record calls the return of a team's month."""
    return f"return:{team.code}:{month.first_day:%Y-%m}"


def _earlier(team_id: int, month: Window) -> list[MonthlyReturn]:
    return list(
        session.scalars(
            select(MonthlyReturn)
            .where(MonthlyReturn.team_id == team_id, MonthlyReturn.month == month.first_day)
            .order_by(MonthlyReturn.version)
            .with_for_update()
        )
    )


def _settle(team: TeamRow, policy: Policy, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> None:
    """Close the team's flag at once when nothing is late any more: nobody is told for a day what they have done."""
    on = local_day(at, zone)
    wanted = queries.wanted_of([team], on=on, policy=policy, zone=zone)
    if not any(row.standing.days_late for row in wanted):
        flags.close(FlagKind.RETURN_MISSING, team.code, on=on, actor=actor, at=at)


def flag_missing(on: dt.date, policy: Policy, *, zone: ZoneInfo, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of missing returns into line with a day: one for each team, with the oldest that is late.

    :param at: when the check runs, for the record; it decides no figure
    """
    teams = people.teams(EVERYTHING)
    late: dict[int, list[LateReturn]] = {}
    for row in queries.wanted_of(teams, on=on, policy=policy, zone=zone):
        if row.standing.days_late:
            late.setdefault(row.team.id, []).append(LateReturn(row.month.first_day, row.standing.days_late))
    judged = Judged({team.id: team.code for team in teams}, {}, people.supervised_team_ids(on))
    findings = rules.missing_findings(judged, late, policy)
    return flags.reconcile("returns", findings, on=on, policy=policy, actor=actor, at=at)
