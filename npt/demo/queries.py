"""Whether a database holds the demonstration, somebody's data, or nothing yet; and what can be planned in it."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from npt.abstractions import queries as abstractions
from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.queries import Question
from npt.abstractions.rules import DutyStatus, MonthFigures
from npt.accounts.models import User
from npt.audit.queries import DEMONSTRATION, installation_mark
from npt.core.authority import EVERYTHING, PEOPLE_ROLES
from npt.core.db import session
from npt.core.lasting import lasts_beyond
from npt.core.periods import DAY, local_day, month_of
from npt.people import queries as people
from npt.people.models import Bcu, Person, Post, Posting
from npt.people.rules import Grade


class Holding(Enum):
    """What a database holds."""

    NOTHING = "nothing"
    DEMONSTRATION = "the demonstration"
    DATA = "data of somebody's own"


def last_day() -> dt.date:
    """The day on which the invented data of a demonstration end."""
    return dt.date.fromisoformat(installation_mark(DEMONSTRATION) or "")


def sign_ins() -> list[User]:
    """The first user of each role, which is the one the demonstration brought, in order of role."""
    found = {user.role: user for user in session.scalars(select(User).order_by(User.id.desc()))}
    return [found[role] for role in PEOPLE_ROLES if role in found]


@dataclass(frozen=True, slots=True)
class DutyAhead:
    """A duty still to come of somebody who has nothing planned and is not away."""

    person_id: int
    starts_at: dt.datetime


def duties_ahead(team: str, at: dt.datetime, on: dt.date) -> list[DutyAhead]:
    """The first duty from three days on, that they are not absent from, of each of a team with nothing else planned."""
    unit = people.team(team, EVERYTHING)
    here = people.roll(team_ids=[unit.id]).in_team([unit.id], on)
    busy = select(Abstraction.person_id).where(
        Abstraction.cancelled_at.is_(None), lasts_beyond(Abstraction.ends_at, at)
    )
    absent = (
        select(Absence.id)
        .where(
            Absence.person_id == Duty.person_id,
            Absence.starts_at < Duty.ends_at,
            lasts_beyond(Absence.ends_at, Duty.starts_at),
        )
        .exists()
    )
    first = (
        select(Duty.person_id, func.min(Duty.starts_at).label("starts_at"))
        .where(
            Duty.person_id.in_(list(here)),
            Duty.person_id.not_in(busy),
            ~absent,
            Duty.starts_at > at + 3 * DAY,
            Duty.status != DutyStatus.CANCELLED,
        )
        .group_by(Duty.person_id)
        .order_by("starts_at", Duty.person_id)
    )
    grades = {id for id, posting in here.items() if posting.post.grade in (Grade.PC, Grade.PCSO)}
    return [DutyAhead(*row) for row in session.execute(first) if row.person_id in grades]


def month_figures(question: Question) -> dict[int, MonthFigures]:
    """What every team of the force would confirm about a month, by team: one count for all of them."""
    count = abstractions.count(question, EVERYTHING)
    entries: dict[int, set[int | None]] = {team_id: set() for team_id in count.teams}
    for fact in count.facts.abstractions:
        entries.get(count.roll.team_on(fact.person_id, fact.starts_on) or 0, set()).add(fact.id)
    for minutes in count.tallies.entries:
        entries[minutes.team_id].add(minutes.abstraction_id)
    return {
        team_id: MonthFigures(
            figures.duty_minutes, figures.abstracted_minutes, figures.off_duty_minutes, len(entries[team_id])
        )
        for team_id, figures in count.by_team().items()
    }


def supervisor_names(on: dt.date) -> dict[int, str]:
    """Who confirms for each team on a day: the holder of its sergeant's post, or else its sector's inspector."""
    held = session.execute(
        select(Post.team_id, Post.sector_id, Person.forename, Person.surname)
        .join(Posting, Posting.post_id == Post.id)
        .join(Posting.person)
        .where(
            Post.grade.in_([Grade.SERGEANT, Grade.INSPECTOR]),
            Posting.first_day <= on,
            or_(Posting.last_day.is_(None), Posting.last_day >= on),
        )
        .order_by(Posting.first_day)
    ).all()
    of_sector = {row.sector_id: f"{row.forename} {row.surname}" for row in held if row.sector_id}
    found = {team.id: of_sector.get(team.sector_id, "") for team in people.teams(EVERYTHING)}
    return found | {row.team_id: f"{row.forename} {row.surname}" for row in held if row.team_id}


def oldest_entry(team_id: int, month: dt.date, zone: ZoneInfo) -> str | None:
    """The first entry of a team that starts in a month and has ended."""
    window = month_of(month, zone)
    here = people.roll(team_ids=[team_id])
    rows = session.execute(
        select(Abstraction.ref, Abstraction.person_id, Abstraction.starts_at)
        .where(
            Abstraction.starts_at >= window.whole.starts_at,
            Abstraction.ends_at < window.whole.ends_at,
            Abstraction.cancelled_at.is_(None),
        )
        .order_by(Abstraction.starts_at, Abstraction.ref)
    )
    return next(
        (row.ref for row in rows if here.team_on(row.person_id, local_day(row.starts_at, zone)) == team_id), None
    )


def holding() -> Holding:
    """What the database holds: only one marked as a demonstration may be begun again."""
    if installation_mark(DEMONSTRATION) is not None:
        return Holding.DEMONSTRATION
    if any(session.scalar(select(func.count()).select_from(table)) for table in (Bcu, Person, User)):
        return Holding.DATA
    return Holding.NOTHING
