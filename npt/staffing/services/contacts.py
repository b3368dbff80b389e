"""Name the contacts of a ward, say that one is none any more, and correct how a team is reached (RULES section 9)."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import DAY
from npt.people import queries as people
from npt.people.queries import PersonRow
from npt.staffing.models import NamedContact
from npt.staffing.queries import changing
from npt.staffing.queries import contacts as queries
from npt.staffing.rules import moves
from npt.staffing.rules.contacts import Naming, obstacles_to_naming, obstacles_to_replacing


@dataclass(frozen=True, slots=True)
class NewContact:
    """Whom to name from when to when, and the number of the record that ends the day before, if they replace it."""

    collar_number: str
    first_day: dt.date
    last_day: dt.date | None = None
    replaces: int | None = None


def name_contact(code: str, new: NewContact, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Name a PC or PCSO of a ward's team as its contact, in the place of another if asked. Returns who.

    :param on: today, by which it is decided whose ward it is
    :raises NoResultFound: when there is no such ward, or it is another team's
    :raises Refused: with every reason: not of the ward's team on the first day, named already, days out of order
    """
    db.lock_record("staffing")
    ward = queries.ward_of(code, actor.scope, on)
    person = queries.person_called(new.collar_number)
    if person is None:
        raise Refused(Reason("Choose one of the PCs and PCSOs of the ward's team", "collar_number"))
    asked = Naming(
        person.name,
        people.roll(person_ids=[person.id]).postings,
        new.first_day,
        new.last_day,
        queries.records_of(ward.id, person.id),
    )
    reasons = [*obstacles_to_naming(asked, ward, None if actor.scope.force else actor.scope.team_ids)]
    if new.replaces is not None:
        old = next((each for each in queries.records_of(ward.id) if each.id == new.replaces), None)
        reasons += obstacles_to_replacing(old, person.id, new.first_day)
    refuse_if_any(reasons)
    if new.replaces is not None:
        _end(queries.contact_row(new.replaces, actor.scope, on), new.first_day - DAY, actor=actor, at=at)
    session.add(NamedContact(ward_id=ward.id, person_id=person.id, first_day=new.first_day, last_day=new.last_day))
    session.flush()
    audit.record(
        "contact.named",
        _subject(ward.code, person, new.first_day),
        actor=actor,
        at=at,
        ward=ward.code,
        collar_number=person.collar_number,
        first_day=new.first_day,
        last_day=new.last_day,
    )
    return person


def end_contact(contact_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Set the last day of a record. Returns who is named to that day.

    :param on: today, by which it is decided whose ward it is
    :raises NoResultFound: when there is no such record, or the ward is another team's
    :raises Refused: when it would end before it began, or later than by itself
    """
    db.lock_record("staffing")
    row = queries.contact_row(contact_id, actor.scope, on)
    refuse_if_any(moves.obstacles_to_end(row.first_day, row.last_day, last_day, "This record"))
    return _end(row, last_day, actor=actor, at=at)


def _end(row: NamedContact, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> PersonRow:
    before, row.last_day = row.last_day, last_day
    session.flush()
    person = changing.named(row.person)
    if before == last_day:
        return person
    # The name stands in the particulars: a ward's history shows the records of several people together.
    until = f"last_day_of_{person.collar_number}"
    audit.record(
        "contact.ended",
        _subject(row.ward.code, person, row.first_day),
        actor=actor,
        at=at,
        ward=row.ward.code,
        collar_number=person.collar_number,
        before={until: before},
        after={until: last_day},
    )
    return person


def _subject(ward_code: str, person: PersonRow, first_day: dt.date) -> str:
    return f"contact:{ward_code}/{person.collar_number}/{first_day.isoformat()}"


@dataclass(frozen=True, slots=True)
class NewReach:
    """How a team is reached; nothing where there is no such way."""

    email: str | None
    telephone: str | None


def correct_team(code: str, new: NewReach, *, actor: Actor, at: dt.datetime) -> bool:
    """Correct a team's email address and telephone number. Returns whether anything is different.

    :raises NoResultFound: when there is no such team, or it is not the actor's
    """
    row = changing.team_to_change(code, actor.scope)
    before = {"email": row.email, "telephone": row.telephone}
    after = {"email": new.email, "telephone": new.telephone}
    differing = [name for name in after if before[name] != after[name]]
    if not differing:
        return False
    row.email, row.telephone = new.email, new.telephone
    audit.record(
        "team.changed",
        f"team:{code}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
    )
    return True
