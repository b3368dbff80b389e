"""Who an actor may roster: people whose present team on the day is one of theirs."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused
from npt.people import queries as people
from npt.people.models import Person
from npt.people.queries import PersonRow

NOT_YOURS = "Choose somebody who is in one of your teams on that day"


def person_to_roster(person_id: int, on: dt.date, actor: Actor) -> PersonRow:
    """The person, with their row locked, so that of two who change the same roster one comes first.

    :raises Refused: when they are in no team of the actor's that day
    """
    found = _locked(person_id)
    if found is None or not _theirs(person_id, on, actor):
        raise Refused(Reason(NOT_YOURS, "person_id"))
    return found


def person_of(person_id: int, on: dt.date, actor: Actor) -> PersonRow:
    """The person an entry is about, with their row locked.

    :raises NoResultFound: when the entry is not the actor's to change
    """
    found = _locked(person_id)
    if found is None or not _theirs(person_id, on, actor):
        raise NoResultFound("not within scope")
    return found


def _theirs(person_id: int, on: dt.date, actor: Actor) -> bool:
    return actor.scope.has_team(people.roll(person_ids=[person_id]).team_on(person_id, on))


def _locked(person_id: int) -> PersonRow | None:
    found = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if found is None:
        return None
    return PersonRow(found.id, found.collar_number, found.forename, found.surname, found.grade)
