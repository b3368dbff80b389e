"""Read people, to name them."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, literal, select

from npt.core.db import once, session
from npt.people.models import Person
from npt.people.rules import Grade


class PersonRow(NamedTuple):
    """A person as a page names them."""

    id: int
    collar_number: str
    forename: str
    surname: str
    grade: Grade
    email: str | None = None

    @property
    def name(self) -> str:
        """As colleagues write it: ``PC 1432 A. Rahman``."""
        return f"{self.grade.label} {self.collar_number} {self.forename[:1]}. {self.surname}"


def people(ids: Iterable[int]) -> dict[int, PersonRow]:
    """People by their ids, to name them. Whoever was named in this request already is not read again."""
    wanted, named = set(ids), named_so_far()
    if missing := wanted - named.keys():
        rows = session.execute(select(*PERSON_COLUMNS).where(Person.id.in_(missing)))
        named.update({row.id: PersonRow(*row) for row in rows})
    return {id: named[id] for id in wanted if id in named}


def named_so_far() -> dict[int, PersonRow]:
    """Whoever was named in this request, by id. Whoever reads people adds them."""
    known: dict[int, PersonRow] = {}
    return once("people named", lambda: known)


def person_id(collar_number: str) -> int:
    """The id of whoever has a collar number; 0, which is nobody's, when there is no such number."""
    return session.scalar(select(Person.id).where(Person.collar_number == collar_number)) or 0


PERSON_COLUMNS = (Person.id, Person.collar_number, Person.forename, Person.surname, Person.grade, Person.email)


def person_by_email(email: str) -> PersonRow | None:
    """The person a user is, when their email addresses are the same; capitals do not part them.

    Addresses are kept in small letters, where an index finds them; only when none is found is everybody looked through.
    """
    statement = select(*PERSON_COLUMNS).where(Person.id == person_id_of(literal(email.lower())))
    row = session.execute(statement).one_or_none()
    return PersonRow(*row) if row else None


def person_id_of(email: ColumnElement[str]) -> ColumnElement[int]:
    """The number of the person with an email address in small letters, as ``person_by_email`` finds them."""
    exactly = select(Person.id).where(Person.email == email).scalar_subquery()
    alike = select(func.min(Person.id)).where(func.lower(Person.email) == email).scalar_subquery()
    return func.coalesce(exactly, alike)
