"""Read who is named as contact of which ward, who of them has left, and how a team is reached."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.core.periods import day_in_words
from npt.people import queries as people
from npt.people.queries import PersonRow, Roll, TeamRow
from npt.people.rules import change_days
from npt.people.rules.records import may_open, place_of_record
from npt.staffing.models import NamedContact
from npt.staffing.queries.boundaries import ward_facts
from npt.staffing.rules.boundaries import WardFact
from npt.staffing.rules.contacts import (
    Contact,
    Named,
    WardContacts,
    answering_teams,
    contacts_of,
    left,
    serves,
    team_of,
)
from npt.staffing.rules.effects import Names

_CONTACT = (NamedContact.id, NamedContact.person_id, NamedContact.first_day, NamedContact.last_day)


@dataclass(frozen=True)
class ContactBook:
    """Wards with every record that names a contact of theirs, the people named, and their postings."""

    wards: Sequence[WardFact]
    contacts: Mapping[int, Sequence[Contact]]
    roll: Roll
    people: Mapping[int, PersonRow]
    teams: Mapping[int, TeamRow]

    def on(self, day: dt.date) -> list[WardContacts]:
        """The contacts of each ward on a day."""
        live = {team.id for team in self.teams.values() if team.live(day, day)}
        return [
            contacts_of(ward, self.contacts.get(ward.id, ()), self.roll.by_person, live, day) for ward in self.wards
        ]

    @property
    def names(self) -> Names:
        """How the people and teams are called."""
        return Names(
            {id: person.name for id, person in self.people.items()},
            {id: team.name for id, team in self.teams.items()},
            {team.bcu_id: team.bcu_name for team in self.teams.values()},
        )


def contact_book(wards: Sequence[WardFact]) -> ContactBook:
    """What is recorded of the contacts of some wards. Four statements, however many wards there are."""
    contacts: dict[int, list[Contact]] = defaultdict(list)
    rows = session.execute(
        select(NamedContact.ward_id, *_CONTACT)
        .where(NamedContact.ward_id.in_([ward.id for ward in wards]))
        .order_by(NamedContact.first_day, NamedContact.person_id)
    )
    for ward_id, id, person_id, first_day, last_day in rows:
        contacts[ward_id].append(Contact(id, person_id, first_day, last_day))
    named = {contact.person_id for each in contacts.values() for contact in each}
    return ContactBook(
        wards,
        contacts,
        people.roll(person_ids=named),
        people.people(named),
        {team.id: team for team in people.teams(EVERYTHING)},
    )


def every_contact() -> ContactBook:
    """The contacts of every ward of the force, as the nightly check judges them."""
    return contact_book(ward_facts())


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A record that names a contact. ``left``: since when and why the person is none, in words; ``open``: the asker may
    see the person's page.
    """

    id: int
    person: PersonRow
    first_day: dt.date
    last_day: dt.date | None
    left: str | None
    open: bool
    reference: str
    """What the record is called in the files and in the audit record."""

    def in_force(self, day: dt.date) -> bool:
        return Contact(self.id, self.person.id, self.first_day, self.last_day).in_force(day)


@dataclass(frozen=True, slots=True)
class WardLine:
    """A ward on a day: the team that answers for it and its contacts. ``theirs``: whose contacts the asker may name."""

    code: str
    name: str
    team: TeamRow | None
    live: bool
    contacts: Sequence[ContactRow]
    theirs: bool

    @property
    def nobody(self) -> bool:
        """Whether nobody at all is named, although a live team has the ward."""
        return self.live and not self.contacts

    @property
    def gone(self) -> list[ContactRow]:
        """The contacts who have left."""
        return [row for row in self.contacts if row.left]

    @property
    def current(self) -> list[ContactRow]:
        """The contacts who serve in the ward's team."""
        return [row for row in self.contacts if not row.left]


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """The wards of a day in order of name, and the teams live on it."""

    wards: Sequence[WardLine]
    teams: Sequence[TeamRow]

    @property
    def nobody(self) -> list[WardLine]:
        """The wards for which nobody is named."""
        return [ward for ward in self.wards if ward.nobody]

    @property
    def gone(self) -> list[WardLine]:
        """The wards that name somebody who has left."""
        return [ward for ward in self.wards if ward.gone]

    @property
    def unreachable(self) -> list[TeamRow]:
        """The teams without an email address or a telephone number."""
        return [team for team in self.teams if not (team.email and team.telephone)]


def contacts_page(
    on: dt.date, scope: Scope, today: dt.date, asked: Callable[[TeamRow], bool] = lambda _: True
) -> ContactsPage:
    """The wards and teams the actor may see on a day, of the teams asked for.

    :param today: decides whose page and which ward is the actor's
    """
    teams = [team for team in people.teams(scope) if asked(team)]
    shown = {team.id for team in teams}
    book = contact_book([ward for ward in ward_facts() if team_of(ward, on) in shown])
    # A ward that went out of the force is shown only as long as somebody is named for it.
    lines = [_line(book, found, scope, today) for found in book.on(on) if found.ward.on(on) or found.named]
    return ContactsPage(lines, [team for team in teams if team.live(on, on)])


def _line(book: ContactBook, found: WardContacts, scope: Scope, today: dt.date) -> WardLine:
    ward = found.ward
    return WardLine(
        ward.code,
        ward.name,
        book.teams.get(found.team_id or 0),
        found.live,
        _rows(book, ward, found.named, found.team_id, scope, today),
        any(scope.has_team(team_id) for team_id in answering_teams(ward, today)),
    )


def _rows(
    book: ContactBook, ward: WardFact, named: Iterable[Named], team_id: int | None, scope: Scope, today: dt.date
) -> list[ContactRow]:
    names = book.names
    rows = []
    for each in named:
        contact = each.contact
        person = book.people[contact.person_id]
        of = place_of_record(book.roll.by_person.get(person.id, ()), today)
        rows.append(
            ContactRow(
                contact.id,
                person,
                contact.first_day,
                contact.last_day,
                each.left.said(names.teams, names.teams.get(team_id or 0, "")) if each.left else None,
                may_open(scope, of, person.id),
                f"{ward.code}/{person.collar_number}/{contact.first_day.isoformat()}",
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class WardRecords:
    """A ward on a day, and every record that ever named a contact of it, newest first."""

    line: WardLine
    records: Sequence[ContactRow]


def ward_records(code: str, on: dt.date, scope: Scope, today: dt.date) -> WardRecords:
    """The contacts of one ward. Whether the actor may see the ward at all is for ``ward`` to say.

    :raises NoResultFound: when there is no such ward
    """
    book = contact_book([_ward(code)])
    [found] = book.on(on)
    ward = found.ward
    every = [
        Named(contact, left(contact, book.roll.by_person.get(contact.person_id, ()), ward, on))
        for contact in reversed(book.contacts.get(ward.id, ()))
    ]
    return WardRecords(_line(book, found, scope, today), _rows(book, ward, every, found.team_id, scope, today))


def _ward(code: str) -> WardFact:
    found = ward_facts(code)
    if not found:
        raise NoResultFound(f"no ward {code} in any team")
    return found[0]


def ward_of(code: str, scope: Scope, on: dt.date) -> WardFact:
    """A ward whose contacts are the actor's to name on a day.

    :raises NoResultFound: when there is none, or it is another team's
    """
    ward = _ward(code)
    if not any(scope.has_team(team_id) for team_id in answering_teams(ward, on)):
        raise NoResultFound(f"no ward {code} within scope")
    return ward


def contact_row(contact_id: int, scope: Scope, on: dt.date, *, lock: bool = True) -> NamedContact:
    """A record of a ward that is the actor's on a day, locked unless only shown.

    :raises NoResultFound: when there is none, or the ward is another team's
    """
    statement = select(NamedContact).where(NamedContact.id == contact_id)
    row = session.scalars(statement.with_for_update() if lock else statement).one()
    ward_of(row.ward.code, scope, on)
    return row


def records_of(ward_id: int, person_id: int | None = None) -> list[Contact]:
    """The records of a ward, or those of them that name one person."""
    statement = select(*_CONTACT).where(NamedContact.ward_id == ward_id).order_by(NamedContact.first_day)
    if person_id is not None:
        statement = statement.where(NamedContact.person_id == person_id)
    return [Contact(*row) for row in session.execute(statement)]


def person_called(collar_number: str) -> PersonRow | None:
    """Whoever has a collar number."""
    found = people.people([people.person_id(collar_number)])
    return next(iter(found.values()), None)


@dataclass(frozen=True, slots=True)
class NamedWard:
    """A ward that names somebody, now or later. ``left``: since when and why they are its contact no longer, in words;
    ``open``: the asker may see the ward's page.
    """

    code: str
    name: str
    first_day: dt.date
    last_day: dt.date | None
    left: str | None
    open: bool


def wards_naming(person_id: int, on: dt.date, scope: Scope) -> list[NamedWard]:
    """The wards for which somebody is named on a day or later, in order of name."""
    statement = select(NamedContact.ward_id).where(
        NamedContact.person_id == person_id, or_(NamedContact.last_day.is_(None), NamedContact.last_day >= on)
    )
    ids = set(session.scalars(statement))
    if not ids:
        return []
    book = contact_book([ward for ward in ward_facts() if ward.id in ids])
    postings, teams = book.roll.by_person.get(person_id, ()), book.names.teams
    found = []
    for ward in book.wards:
        for contact in book.contacts[ward.id]:
            if contact.person_id != person_id or (contact.last_day is not None and contact.last_day < on):
                continue
            gone = left(contact, postings, ward, on)
            said = gone.said(teams, teams.get(team_of(ward, on) or 0, "")) if gone else None
            may = any(scope.has_team(each.team_id) for each in ward.memberships)
            found.append(NamedWard(ward.code, ward.name, contact.first_day, contact.last_day, said, may))
    return found


@dataclass(frozen=True, slots=True)
class ContactChoices:
    """What somebody chooses from who names a contact: the team's people by collar number, and whom they may replace by
    the number of the record.
    """

    ward: WardFact
    team: TeamRow | None
    candidates: Mapping[str, str]
    replaceable: Mapping[int, str]


def contact_choices(code: str, scope: Scope, today: dt.date, first_day: dt.date) -> ContactChoices:
    """Who may be named for a ward of the actor's: the PCs and PCSOs of its team on the first day, today or later.

    :raises NoResultFound: when there is no such ward, or it is another team's
    """
    ward = ward_of(code, scope, today)
    teams = {team.id: team for team in people.teams(scope)}
    own = answering_teams(ward, today) & set(teams)
    found = _serving(ward, people.roll(team_ids=own), own, {first_day, today}, today)
    named = people.people(found)
    ordered = sorted(named.values(), key=lambda person: (person.surname, person.collar_number))
    records = [contact for contact in records_of(ward.id) if contact.last_day is None or contact.last_day >= first_day]
    replaceable = people.people({contact.person_id for contact in records})
    membership = ward.on(first_day) or ward.on(today)
    return ContactChoices(
        ward,
        teams.get(membership.team_id) if membership else None,
        {person.collar_number: _said(person, found[person.id], today) for person in ordered},
        {contact.id: replaceable[contact.person_id].name for contact in records},
    )


def _serving(
    ward: WardFact, roll: Roll, team_ids: Collection[int], days: set[dt.date], today: dt.date
) -> dict[int, dt.date]:
    """Who can be named, with the day of it: today, else the first day asked about or to come."""
    found = {}
    turns = {each.first_day for each in ward.memberships if each.first_day > today}
    for person_id, postings in roll.by_person.items():
        later = {day for day in change_days(postings) if day > today}
        for day in sorted(days | turns | later, key=lambda day: (day != today, day)):
            membership = ward.on(day)
            if membership and membership.team_id in team_ids and serves(postings, membership.team_id, day):
                found[person_id] = day
                break
    return found


def _said(person: PersonRow, day: dt.date, today: dt.date) -> str:
    if day == today:
        return person.name
    return f"{person.name}, {'from' if day > today else 'on'} {day_in_words(day)}"


@dataclass(frozen=True, slots=True)
class Ending:
    """A record that is to end: of which ward, whom it names, and whether anybody current is left without it."""

    ward: WardFact
    person: PersonRow
    contact: Contact
    others: bool


def contact_to_end(contact_id: int, scope: Scope, today: dt.date) -> Ending:
    """A record of the actor's that is to end.

    :raises NoResultFound: when there is none, or the ward is another team's
    """
    row = contact_row(contact_id, scope, today, lock=False)
    book = contact_book([_ward(row.ward.code)])
    [found] = book.on(today)
    contact = Contact(row.id, row.person_id, row.first_day, row.last_day)
    others = any(each.contact.id != row.id for each in found.current)
    return Ending(found.ward, book.people[row.person_id], contact, others)
