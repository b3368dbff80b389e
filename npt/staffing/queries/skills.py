"""Find who can do what, where they are posted and whether they are on duty; and one person's skills."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import DutyState
from npt.audit.rules import LONGEST_SUBJECT
from npt.core.authority import EVERYTHING, Actor
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Person, Skill
from npt.people.queries import PersonRow, Roll, SectorRow, TeamRow
from npt.people.rules import Grade, PostingFact, SkillKind
from npt.people.rules.records import may_open, place_of_record
from npt.staffing.rules.skills import Verified, folded, seen_by, verified


@dataclass(frozen=True, slots=True)
class SkillRow:
    """Something a person can do, as their record lists it."""

    id: int
    kind: SkillKind
    name: str
    level: str | None
    verified_on: dt.date | None
    verified: Verified


@dataclass(frozen=True, slots=True)
class Unit:
    """Where somebody is posted: a team with what is above it, or, an inspector, a sector and no team."""

    team: TeamRow | None
    sector: SectorRow | None

    @property
    def name(self) -> str:
        if self.team:
            return self.team.name
        return f"{self.sector.name} sector" if self.sector else ""

    @property
    def sector_code(self) -> str:
        return self.team.sector_code if self.team else self.sector.code if self.sector else ""

    @property
    def bcu_code(self) -> str:
        return self.team.bcu_code if self.team else self.sector.bcu_code if self.sector else ""

    @property
    def bcu_name(self) -> str:
        return self.team.bcu_name if self.team else self.sector.bcu_name if self.sector else ""


@dataclass(frozen=True, slots=True)
class Area:
    """The part of the force that is asked for, by the codes of its units; without any, all of it."""

    bcu: str | None = None
    sector: str | None = None
    team: str | None = None

    def holds(self, unit: Unit) -> bool:
        """Whether somebody posted there lies in it."""
        return (
            self.bcu in (None, unit.bcu_code)
            and self.sector in (None, unit.sector_code)
            and self.team in (None, unit.team.code if unit.team else "")
        )


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """Somebody with a skill. ``open``: the reader may open their page. ``duty`` is empty for any day but today."""

    person: PersonRow
    grade: Grade
    unit: Unit
    skill: SkillRow
    open: bool
    duty: DutyState | None = None


@dataclass(frozen=True)
class Skilled:
    """What people can do and where they are posted on a day, of the whole force, as far as a reader may see it."""

    roll: Roll
    skills: Mapping[int, Sequence[SkillRow]]
    teams: Mapping[int, TeamRow]
    sectors: Mapping[int, SectorRow]
    on: dt.date
    today: dt.date
    actor: Actor

    @cached_property
    def present(self) -> dict[int, PostingFact]:
        """Everybody with a skill and a posting on the day: whoever has left, or is still to come, can help nobody."""
        found = ((id, self.roll.present(id, self.on)) for id in self.skills)
        return {id: posting for id, posting in found if posting is not None}

    def unit(self, posting: PostingFact) -> Unit:
        """Where a posting is."""
        return Unit(self.teams.get(posting.post.team_id or 0), self.sectors.get(posting.post.sector_id or 0))

    def opens(self, person_id: int) -> bool:
        """Whether the reader may open somebody's page, by the unit that answers for it today."""
        of = place_of_record(self.roll.by_person.get(person_id, ()), self.today)
        return may_open(self.actor.scope, of, person_id)

    def of(self, person_id: int) -> list[SkillRow]:
        """What the reader may know that somebody can do; of two spellings of one name, that verified last."""
        own, open = person_id == self.actor.person_id, self.opens(person_id)
        kept: dict[tuple[SkillKind, str], SkillRow] = {}
        for skill in sorted(self.skills.get(person_id, ()), key=lambda row: (row.verified_on or dt.date.min, row.id)):
            if seen_by(self.actor.role, skill.kind, open=open, own=own):
                kept[skill.kind, folded(skill.name)] = skill
        return sorted(kept.values(), key=lambda row: (list(SkillKind).index(row.kind), row.name.casefold()))

    def names(self, person_ids: Iterable[int], kind: SkillKind | None = None) -> dict[int, list[str]]:
        """The names of what each of these people can do, of one kind or of any."""
        return {id: [row.name for row in self.of(id) if kind in (None, row.kind)] for id in person_ids}

    def found(self, wanted: Callable[[SkillRow], bool], area: Area) -> list[FoundSkill]:
        """Everybody posted in an area who has a skill that is wanted, by skill, then surname."""
        rows = [
            (id, posting, unit, skill)
            for id, posting in self.present.items()
            if area.holds(unit := self.unit(posting))
            for skill in self.of(id)
            if wanted(skill)
        ]
        named = people.people({id for id, _, _, _ in rows})
        found = [
            FoundSkill(named[id]._replace(grade=posting.post.grade), posting.post.grade, unit, skill, self.opens(id))
            for id, posting, unit, skill in rows
        ]
        return sorted(found, key=_by_skill)


def _by_skill(row: FoundSkill) -> tuple[str, str, str]:
    return row.skill.name.casefold(), row.person.surname, row.person.collar_number


def skilled(
    on: dt.date,
    months: int,
    *,
    actor: Actor,
    today: dt.date,
    kind: SkillKind | None = None,
    names: Collection[str] | None = None,
    roll: Roll | None = None,
) -> Skilled:
    """What people can do on a day, all of it or of one kind, or only what has one of these names.

    A skill has no first day: one recorded today is taken to be of old.

    :param months: after how many a verified skill is out of date
    :param roll: the postings of everybody, when they were read already
    """
    narrowed: list[ColumnElement[bool]] = [or_(Skill.ended_on.is_(None), Skill.ended_on > on)]
    if kind is not None:
        narrowed.append(Skill.kind == kind)
    if names is not None:
        narrowed.append(Skill.name.in_(spellings(names)))
    skills: dict[int, list[SkillRow]] = {}
    for person_id, *columns in session.execute(select(Skill.person_id, *_COLUMNS).where(*narrowed)):
        skills.setdefault(person_id, []).append(_row(columns, on, months))
    # Who may open a record follows from all postings of a person, so those of everybody with a skill are read whole.
    read = roll or (people.roll() if len(skills) > _MANY else people.roll(person_ids=skills))
    return Skilled(
        read,
        skills,
        {team.id: team for team in people.teams(EVERYTHING)},
        {sector.id: sector for sector in people.sectors(EVERYTHING)},
        on,
        today,
        actor,
    )


_MANY = 500
"""With more people than this the postings of everybody are read: cheaper than a long list of numbers."""

_COLUMNS = (Skill.id, Skill.kind, Skill.name, Skill.level, Skill.verified_on)


def _row(columns: Sequence[object], on: dt.date, months: int) -> SkillRow:
    ident, kind, name, level, verified_on = columns
    return SkillRow(ident, kind, name, level, verified_on, verified(verified_on, on, months))  # type: ignore[arg-type]


def spellings(names: Collection[str]) -> list[str]:
    """Every way in which these names are written in the records."""
    wanted = {folded(name) for name in names}
    return [name for name in session.scalars(select(Skill.name).distinct()) if folded(name) in wanted]


def known_names(*kinds: SkillKind) -> dict[SkillKind, list[str]]:
    """The names of what anybody can do, by kind. Names of one spelling apart from capitals are one."""
    known: dict[SkillKind, dict[str, str]] = {kind: {} for kind in kinds}
    rows = session.execute(
        select(Skill.kind, Skill.name).where(Skill.kind.in_(kinds), Skill.ended_on.is_(None)).distinct()
    )
    for kind, name in sorted(rows, key=lambda row: (row.name.casefold(), row.name)):
        known[kind].setdefault(folded(name), name)
    return {kind: list(names.values()) for kind, names in known.items()}


def with_duty(rows: Sequence[FoundSkill], at: dt.datetime, zone: ZoneInfo) -> list[FoundSkill]:
    """The same rows with whether each is on duty: those who are there come first, then whoever is on soonest."""
    states = abstractions.duty_states({row.person.id for row in rows}, at, zone)
    stated = [replace(row, duty=states[row.person.id]) for row in rows]
    return sorted(stated, key=lambda row: (_soonest(row.duty, at), *_by_skill(row)))


def _soonest(duty: DutyState | None, at: dt.datetime) -> tuple[int, dt.datetime]:
    if duty is not None and duty.now is not None:
        return (1 if duty.away else 0), at
    if duty is not None and duty.next is not None:
        return 2, duty.next.starts_at
    return 3, at


def skills_of(person_id: int, on: dt.date, months: int) -> list[SkillRow]:
    """What one person can do today, by kind and name."""
    rows = session.execute(select(*_COLUMNS).where(Skill.person_id == person_id, Skill.ended_on.is_(None)))
    found = [_row(columns, on, months) for columns in rows]
    return sorted(found, key=lambda row: (list(SkillKind).index(row.kind), row.name.casefold()))


def names_held(person_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of everything some people can do today, of whatever kind."""
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(Skill.person_id, Skill.name).where(Skill.person_id.in_(person_ids), Skill.ended_on.is_(None))
    for person_id, name in session.execute(statement):
        found[person_id].append(name)
    return found


@dataclass(frozen=True, slots=True)
class HeldSkill:
    """One skill and whose it is, as a form names them."""

    person: PersonRow
    skill: SkillRow


def held_skill(skill_id: int, actor: Actor, today: dt.date, months: int) -> HeldSkill:
    """One skill of somebody whose record the actor keeps.

    :raises NoResultFound: when there is none, it has ended, or it is not the actor's to change
    """
    row = session.scalars(select(Skill).where(Skill.id == skill_id, Skill.ended_on.is_(None))).one()
    columns = (row.id, row.kind, row.name, row.level, row.verified_on)
    return HeldSkill(person_of_skill(row, actor, today), _row(columns, today, months))


def person_of_skill(row: Skill, actor: Actor, today: dt.date) -> PersonRow:
    """Whose skill it is, when it is the actor's to change.

    :raises NoResultFound: when it is not
    """
    return person_to_skill(session.get_one(Person, row.person_id).collar_number, actor, today)


def person_to_skill(collar_number: str, actor: Actor, today: dt.date) -> PersonRow:
    """Somebody whose skills the actor may change: of their own units, and never themselves, whom another verifies.

    :raises NoResultFound: when there is nobody of that number, or they are not the actor's
    """
    found = people.people([people.person_id(collar_number)])
    for person in found.values():
        of = place_of_record(people.roll(person_ids=[person.id]).postings, today)
        if person.id != actor.person_id and may_open(actor.scope, of, person.id):
            return person
    raise NoResultFound(f"nobody with collar number {collar_number} within scope")


def skills_subject(collar_number: str) -> str:
    """Under what the record keeps changes of somebody's skills: apart from their postings, which more may see."""
    return f"skills:{collar_number}"


def skill_subjects(collar_number: str) -> list[str]:
    """Everything under which the record tells of somebody's skills: what was done by hand, and by imports."""
    rows = session.execute(
        select(Skill.kind, Skill.name).join(Skill.person).where(Person.collar_number == collar_number)
    )
    imported = [f"skill:{collar_number}/{row.kind}/{row.name}"[:LONGEST_SUBJECT] for row in rows]
    return [skills_subject(collar_number), *imported]
