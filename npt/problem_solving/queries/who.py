"""Read who and where a plan can be about, and who may read it."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select

from npt.core.db import session
from npt.people.models import Person, Post, Posting, Ward, WardMembership
from npt.people.rules import Grade
from npt.problem_solving.models import PlanReader, PlanWard


def people_of(team_id: int, on: dt.date, grades: Collection[Grade] = tuple(Grade)) -> dict[int, str]:
    """Those with a posting in a team on a day, by their ids, in order of name: who can own or read its plans."""
    rows = session.execute(
        select(Person.id, Person.forename, Person.surname)
        .where(
            Person.leaving_on.is_(None) | (Person.leaving_on >= on),
            Person.id.in_(
                select(Posting.person_id)
                .join(Posting.post)
                .where(
                    Post.team_id == team_id,
                    Post.grade.in_(grades),
                    Posting.first_day <= on,
                    Posting.last_day.is_(None) | (Posting.last_day >= on),
                )
            ),
        )
        .order_by(Person.surname, Person.forename, Person.id)
    )
    return {id: f"{forename} {surname}" for id, forename, surname in rows}


def sergeants_of(team_id: int, on: dt.date) -> dict[int, str]:
    """The sergeants of a team on a day: who can supervise its plans."""
    return people_of(team_id, on, (Grade.SERGEANT,))


def wards_of(team_id: int, on: dt.date) -> dict[int, str]:
    """The wards of a team on a day, by their ids."""
    rows = session.execute(
        select(Ward.id, Ward.name)
        .join(WardMembership, WardMembership.ward_id == Ward.id)
        .where(
            WardMembership.team_id == team_id,
            WardMembership.first_day <= on,
            WardMembership.last_day.is_(None) | (WardMembership.last_day >= on),
        )
        .order_by(Ward.name)
    )
    return {row.id: row.name for row in rows}


def ward_ids(plan_id: int) -> list[int]:
    """The wards a plan is about."""
    return list(session.scalars(select(PlanWard.ward_id).where(PlanWard.plan_id == plan_id)))


def ward_codes(plan_id: int) -> list[str]:
    """The codes of the wards a plan is about."""
    statement = select(Ward.code).join(PlanWard, PlanWard.ward_id == Ward.id).where(PlanWard.plan_id == plan_id)
    return list(session.scalars(statement.order_by(Ward.code)))


def reader_ids(plan_id: int) -> list[int]:
    """Who is named to read a restricted plan."""
    return list(session.scalars(select(PlanReader.person_id).where(PlanReader.plan_id == plan_id)))
