"""Whether a database holds the demonstration, somebody's data, or nothing yet; and what can be planned in it."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import func, or_, select

from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.rules import DutyStatus
from npt.accounts.models import User
from npt.audit.queries import installation_mark
from npt.core.authority import EVERYTHING, PEOPLE_ROLES
from npt.core.db import session
from npt.core.periods import DAY
from npt.people import queries as people
from npt.people.models import Bcu, Person
from npt.people.rules import Grade

DEMONSTRATION = "demonstration"
"""The mark of a database that holds the invented force; its value is the day the invented data end."""


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
        Abstraction.cancelled_at.is_(None), or_(Abstraction.ends_at.is_(None), Abstraction.ends_at > at)
    )
    absent = (
        select(Absence.id)
        .where(
            Absence.person_id == Duty.person_id,
            Absence.starts_at < Duty.ends_at,
            or_(Absence.ends_at.is_(None), Absence.ends_at > Duty.starts_at),
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


def holding() -> Holding:
    """What the database holds: only one marked as a demonstration may be begun again."""
    if installation_mark(DEMONSTRATION) is not None:
        return Holding.DEMONSTRATION
    if any(session.scalar(select(func.count()).select_from(table)) for table in (Bcu, Person, User)):
        return Holding.DATA
    return Holding.NOTHING
