"""Read one person's record, as far as the reader may see it, and find people."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries as abstractions
from npt.abstractions.models import Absence
from npt.abstractions.queries import Question
from npt.abstractions.rules import AbsenceKind, Figures
from npt.core.authority import EVERYTHING, Actor, Scope
from npt.core.db import session
from npt.core.lasting import lasts_beyond
from npt.core.periods import Interval
from npt.people import queries as people
from npt.people import rules as holding
from npt.people.models import Person, Posting
from npt.people.queries import PersonRow, Roll, TeamRow
from npt.people.rules import Grade, PostingFact
from npt.people.rules.records import may_open, place_of_record
from npt.policy.rules import Policy
from npt.staffing.queries.candidates import OwnCandidacy, WordOnAttachment, candidacies_of, words_on
from npt.staffing.queries.contacts import NamedWard, wards_naming
from npt.staffing.queries.skills import SkillRow, skills_of
from npt.staffing.rules.people import Field, fields_seen
from npt.staffing.rules.tenure import expected_until, tenures


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody in a list, with their present team and grade; both empty for whoever has left or is still to come."""

    person: PersonRow
    grade: Grade | None
    team: TeamRow | None
    sector: str | None


def people_found(scope: Scope, today: dt.date, search: str = "", team_ids: Collection[int] = ()) -> list[FoundPerson]:
    """The people whose record the reader may open, by surname. Without a search: those with a present posting.

    :param search: words that the name or collar number must hold, each
    :param team_ids: the present teams asked for; none for all
    """
    roll = people.roll()
    ids = [id for id in roll.by_person if may_open(scope, place_of_record(roll.by_person[id], today), id)]
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    sectors = {sector.id: sector.name for sector in people.sectors(EVERYTHING)}
    words = search.lower().split()
    found = []
    for person in people.people(ids).values():
        present = roll.present(person.id, today)
        team = teams.get(present.post.team_id or 0) if present else None
        if (present or words) and _holds(person, words) and (not team_ids or (team and team.id in team_ids)):
            sector = sectors.get(present.post.sector_id or 0) if present else None
            found.append(FoundPerson(person, present.post.grade if present else None, team, sector))
    return sorted(found, key=lambda each: (each.person.surname, each.person.forename, each.person.collar_number))


def _holds(person: PersonRow, words: Sequence[str]) -> bool:
    text = f"{person.forename} {person.surname} {person.collar_number}".lower()
    return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting as the record lists it. ``last_day`` is the last in force; ``suspended`` on the day of asking."""

    posting: PostingFact
    team: TeamRow | None
    sector: str | None
    last_day: dt.date | None
    end_reason: str | None
    suspended: bool


@dataclass(frozen=True, slots=True)
class TenureRow:
    """Since when in this team and grade, and until when expected to stay."""

    first_day: dt.date
    expected_until: dt.date


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence. ``kind`` is empty for a reader who may not know why."""

    starts_at: dt.datetime
    ends_at: dt.datetime | None
    kind: AbsenceKind | None


@dataclass(frozen=True, slots=True)
class Service:
    """When somebody joined and leaves, why, and their weekly hours; each empty when unknown or not for the reader."""

    weekly_hours: Decimal | None = None
    joined_on: dt.date | None = None
    leaving_on: dt.date | None = None
    leaving_reason: str | None = None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person's record. What ``seen`` does not name was not even read; it is empty here."""

    person: PersonRow
    own: bool
    seen: frozenset[Field]
    present: PostingFact | None
    team: TeamRow | None
    sector: str | None
    named_for: Sequence[NamedWard]
    postings: Sequence[PostingRow]
    tenure: TenureRow | None
    service: Service
    skills: Sequence[SkillRow]
    absences: Sequence[AbsenceRow]
    candidacies: Sequence[OwnCandidacy]
    attachments: Mapping[int, WordOnAttachment]
    """How attachments went, by the id of the posting."""

    def sees(self, field: str) -> bool:
        """Whether the reader sees a field, by its name."""
        return Field(field) in self.seen


def person_page(collar_number: str, actor: Actor, today: dt.date, year: Interval, policy: Policy) -> PersonPage:
    """One person's record, field by field as the reader's role allows (RULES section 9).

    :param year: the stretch whose absences are listed
    :raises NoResultFound: when there is nobody of that number, or the reader may not open the record
    """
    person = session.scalars(select(Person).where(Person.collar_number == collar_number)).one()
    own = person.id == actor.person_id
    roll = people.roll(person_ids=[person.id])
    seen = fields_seen(actor.role, own=own)
    place = place_of_record(roll.postings, today)
    if not seen or not (own or may_open(actor.scope, place, person.id)):
        raise NoResultFound(f"nobody with collar number {collar_number} within scope")
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    sectors = {sector.id: sector.name for sector in people.sectors(EVERYTHING)}
    present = roll.present(person.id, today)
    return PersonPage(
        person=_named(person),
        own=own,
        seen=seen,
        present=present,
        team=teams.get(present.post.team_id or 0) if present else None,
        sector=sectors.get(present.post.sector_id or 0) if present else None,
        named_for=wards_naming(person.id, today, actor.scope) if Field.NAMED_FOR in seen else (),
        postings=_postings(roll, person.id, today, teams, sectors) if Field.POSTINGS in seen else (),
        tenure=_tenure(roll, today, policy) if Field.TENURE in seen else None,
        service=_service(person, seen),
        skills=skills_of(person.id, today, policy.skill_verified_months) if Field.SKILLS in seen else (),
        absences=_absences(person.id, year, Field.ABSENCE_KINDS in seen) if Field.ABSENCES in seen else (),
        candidacies=candidacies_of(person.id, notes=Field.CANDIDACY_NOTE in seen) if Field.CANDIDACY in seen else (),
        attachments=words_on([p.id or 0 for p in roll.postings]) if Field.CANDIDACY_NOTE in seen else {},
    )


def _named(person: Person) -> PersonRow:
    return PersonRow(person.id, person.collar_number, person.forename, person.surname, person.grade, person.email)


def _postings(
    roll: Roll, person_id: int, today: dt.date, teams: dict[int, TeamRow], sectors: dict[int, str]
) -> list[PostingRow]:
    rows = session.execute(select(Posting.id, Posting.end_reason).where(Posting.person_id == person_id))
    reasons = {row.id: row.end_reason for row in rows}
    unsuspended = holding.unsuspended(roll.postings, today)
    return [
        PostingRow(
            posting,
            teams.get(posting.post.team_id or 0),
            sectors.get(posting.post.sector_id or 0),
            holding.in_force_until(posting),
            reasons.get(posting.id or 0),
            holding.in_force(posting, today) and posting not in unsuspended,
        )
        for posting in sorted(roll.postings, key=lambda p: (p.first_day, p.post.ref), reverse=True)
    ]


def _tenure(roll: Roll, today: dt.date, policy: Policy) -> TenureRow | None:
    for tenure in tenures(roll.postings):
        if tenure.first_day <= today and (tenure.last_day is None or today <= tenure.last_day):
            return TenureRow(tenure.first_day, expected_until(tenure.first_day, policy.tenure_months))
    return None


def _service(person: Person, seen: frozenset[Field]) -> Service:
    hours, leaving = Field.HOURS in seen, Field.LEAVING in seen
    return Service(
        weekly_hours=person.weekly_hours if hours else None,
        joined_on=person.joined_on if hours else None,
        leaving_on=person.leaving_on if leaving else None,
        leaving_reason=person.leaving_reason if leaving else None,
    )


def _absences(person_id: int, year: Interval, with_kinds: bool) -> list[AbsenceRow]:
    rows = session.execute(
        select(Absence.starts_at, Absence.ends_at, Absence.kind)
        .where(
            Absence.person_id == person_id,
            Absence.cancelled_at.is_(None),
            Absence.starts_at < year.ends_at,
            lasts_beyond(Absence.ends_at, year.starts_at),
        )
        .order_by(Absence.starts_at.desc())
    )
    return [AbsenceRow(starts_at, ends_at, kind if with_kinds else None) for starts_at, ends_at, kind in rows]


def person_year(question: Question, page: PersonPage, scope: Scope) -> Figures | None:
    """What was lost to abstraction by one person in a window: of others, only in teams the reader may see."""
    if Field.ABSTRACTIONS not in page.seen:
        return None
    count = abstractions.count(question, EVERYTHING if page.own else scope, person_ids=[page.person.id])
    return count.by_person().get(page.person.id)
