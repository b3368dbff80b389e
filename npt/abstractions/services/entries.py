"""Log an abstraction and end one, as a sergeant does between two jobs; flag what is over a line, as a job does."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries, rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries import Count, Question
from npt.abstractions.rules import Assessment, Booked, Judged
from npt.audit import services as audit
from npt.core.authority import EVERYTHING, Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import DAY, Window, local_day, midnight, month_of, to_minute
from npt.flags import services as flags
from npt.flags.services import Reconciled
from npt.people import queries as people
from npt.people.models import Person
from npt.people.queries import PersonRow
from npt.policy import queries as policies
from npt.policy.rules import Policy, ReasonBook

NOT_YOURS = "Choose somebody who was in one of your teams on that day"


@dataclass(frozen=True, slots=True)
class NewAbstraction:
    """What a sergeant logs: who, why, from when to when (empty: still away), and where to."""

    person_id: int
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None = None


Words = Callable[[Abstraction], str]
"""How an entry on record is described to a person; the edge knows the words of time."""


def record_abstraction(
    new: NewAbstraction, *, actor: Actor, at: dt.datetime, reasons: ReasonBook, zone: ZoneInfo, words: Words
) -> str:
    """Log that somebody is, was or will be away. Returns the reference of the entry.

    :raises Refused: with every reason: not theirs to log, already away, an end before the start or more than 24 hours
        after it, a reason that cannot be logged that day (RULES section 4)
    """
    starts_at = to_minute(new.starts_at)
    ends_at = None if new.ends_at is None else to_minute(new.ends_at)
    starts_on = local_day(starts_at, zone)
    who = _person_to_log(new.person_id, starts_on, actor)
    refuse_if_any(
        rules.obstacles_to_logging(
            starts_at=starts_at,
            ends_at=ends_at,
            starts_on=starts_on,
            reason=new.reason,
            reasons=reasons,
            who=who.name,
            booked=_booked(who.id, starts_at, words),
        )
    )
    ref = f"N{secrets.token_hex(6).upper()}"
    session.add(
        Abstraction(
            ref=ref,
            person_id=who.id,
            reason=new.reason,
            starts_at=starts_at,
            ends_at=ends_at,
            destination=new.destination or None,
            logged_at=to_minute(at),
            logged_by=actor.name,
        )
    )
    audit.record(
        "abstraction.recorded",
        f"abstraction:{ref}",
        actor=actor,
        at=at,
        collar_number=who.collar_number,
        reason=new.reason,
        starts_at=starts_at,
        ends_at=ends_at,
        destination=new.destination or None,
    )
    return ref


def _person_to_log(person_id: int, on: dt.date, actor: Actor) -> PersonRow:
    """Load the person within scope and lock the row, so that of fifty who log the same person one comes first."""
    found = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    team_id = people.roll(person_ids=[person_id]).team_on(person_id, on)
    if found is None or not actor.scope.has_team(team_id):
        raise Refused(Reason(NOT_YOURS, "person_id"))
    return PersonRow(found.id, found.collar_number, found.forename, found.surname, found.grade)


def _booked(person_id: int, starts_at: dt.datetime, words: Words) -> list[Booked]:
    entries = session.scalars(
        select(Abstraction)
        .where(
            Abstraction.person_id == person_id,
            Abstraction.cancelled_at.is_(None),
            or_(Abstraction.ends_at.is_(None), Abstraction.ends_at > starts_at),
        )
        .order_by(Abstraction.starts_at)
    )
    return [Booked(entry.starts_at, entry.ends_at, words(entry)) for entry in entries]


def end_abstraction(ref: str, *, ends_at: dt.datetime, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> PersonRow:
    """Say that somebody who was still away is back. Returns who.

    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Refused: when it has ended or was cancelled, or would end before it started
    """
    entry = session.execute(select(Abstraction).where(Abstraction.ref == ref).with_for_update()).scalar_one()
    person = session.get_one(Person, entry.person_id)
    team_id = people.roll(person_ids=[person.id]).team_on(person.id, local_day(entry.starts_at, zone))
    if not actor.scope.has_team(team_id):
        raise NoResultFound(f"no abstraction {ref} within scope")
    who = PersonRow(person.id, person.collar_number, person.forename, person.surname, person.grade)
    ends = to_minute(ends_at)
    if entry.cancelled_at is not None:
        raise Refused("This entry was cancelled. There is nothing to end.")
    if entry.ends_at is not None:
        raise Refused(f"{who.name} is back already: this entry has ended.")
    refuse_if_any(rules.obstacles_to_times(entry.starts_at, ends, may_run_on=True))
    entry.ends_at = ends
    audit.record(
        "abstraction.ended",
        f"abstraction:{ref}",
        actor=actor,
        at=at,
        before={"ends_at": None},
        after={"ends_at": ends},
    )
    return who


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
