"""Read units, people, posts and postings."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, literal, null, or_, select, true, union_all
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Scope
from npt.core.db import once, session
from npt.people import rules
from npt.people.models import Bcu, Cover, Organisation, Panel, Person, Post, Posting, Sector, Team
from npt.people.rules import CoverFact, Grade, PostFact, PostingFact, TeamFact
from npt.people.rules.records import may_open, place_of_record


@dataclass(frozen=True, slots=True)
class BcuRow:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with the units above it, as a page needs it."""

    id: int
    code: str
    name: str
    first_day: dt.date
    last_day: dt.date | None
    sector_id: int
    sector_name: str
    bcu_id: int
    bcu_code: str
    bcu_name: str
    sector_code: str = ""
    email: str | None = None
    telephone: str | None = None

    def live(self, first_day: dt.date, last_day: dt.date) -> bool:
        """Whether the team is live on any day of a window."""
        return self.first_day <= last_day and (self.last_day is None or self.last_day >= first_day)

    @property
    def fact(self) -> TeamFact:
        return TeamFact(self.id, self.code, self.first_day, self.last_day, self.bcu_id)


@dataclass(frozen=True, slots=True)
class PersonRow:
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


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Only teams the actor may see."""
    return true() if scope.force else Team.id.in_(scope.team_ids)


def bcus(scope: Scope) -> list[BcuRow]:
    """The BCUs the actor may see, in order of code."""
    allowed = true() if scope.force else Bcu.id.in_(scope.bcu_ids)
    rows = session.execute(select(Bcu.id, Bcu.code, Bcu.name).where(allowed).order_by(Bcu.code))
    return [BcuRow(*row) for row in rows]


def bcu(code: str, scope: Scope) -> BcuRow:
    """One BCU by its code.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    allowed = true() if scope.force else Bcu.id.in_(scope.bcu_ids)
    return BcuRow(*session.execute(select(Bcu.id, Bcu.code, Bcu.name).where(Bcu.code == code, allowed)).one())


_TEAM_COLUMNS = (
    Team.id,
    Team.code,
    Team.name,
    Team.first_day,
    Team.last_day,
    Sector.id,
    Sector.name,
    Bcu.id,
    Bcu.code,
    Bcu.name,
    Sector.code,
    Team.email,
    Team.telephone,
)


def teams(scope: Scope) -> list[TeamRow]:
    """Every team the actor may see, closed ones too, in order of code."""
    return list(once(("teams", scope.force or scope.team_ids), lambda: _teams(scope)))


def _teams(scope: Scope) -> list[TeamRow]:
    rows = session.execute(
        select(*_TEAM_COLUMNS).join(Team.sector).join(Sector.bcu).where(in_scope(scope)).order_by(Team.code)
    )
    return [TeamRow(*tuple(row)) for row in rows]


def team(code: str, scope: Scope) -> TeamRow:
    """One team by its code.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    statement = select(*_TEAM_COLUMNS).join(Team.sector).join(Sector.bcu).where(Team.code == code, in_scope(scope))
    return TeamRow(*tuple(session.execute(statement).one()))


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A sector with the BCU above it."""

    id: int
    code: str
    name: str
    bcu_id: int
    bcu_code: str
    bcu_name: str


_SECTOR_COLUMNS = (Sector.id, Sector.code, Sector.name, Bcu.id, Bcu.code, Bcu.name)


def sectors(scope: Scope) -> list[SectorRow]:
    """The sectors the actor may see, in order of code."""
    allowed = true() if scope.force else Sector.id.in_(scope.sector_ids)
    rows = session.execute(select(*_SECTOR_COLUMNS).join(Sector.bcu).where(allowed).order_by(Sector.code))
    return [SectorRow(*row) for row in rows]


def sector(code: str, scope: Scope) -> SectorRow:
    """One sector by its code.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    allowed = true() if scope.force else Sector.id.in_(scope.sector_ids)
    statement = select(*_SECTOR_COLUMNS).join(Sector.bcu).where(Sector.code == code, allowed)
    return SectorRow(*session.execute(statement).one())


def team_ids_of(bcu_ids: Iterable[int] = (), sector_ids: Iterable[int] = ()) -> frozenset[int]:
    """The teams, closed ones too, of BCUs and sectors."""
    statement = (
        select(Team.id).join(Team.sector).where(or_(Sector.bcu_id.in_(list(bcu_ids)), Sector.id.in_(list(sector_ids))))
    )
    return frozenset(session.scalars(statement))


def people(ids: Iterable[int]) -> dict[int, PersonRow]:
    """People by their ids, to name them. Whoever was named in this request already is not read again."""
    wanted, named = set(ids), _named()
    if missing := wanted - named.keys():
        rows = session.execute(select(*_PERSON_COLUMNS).where(Person.id.in_(missing)))
        named.update({row.id: PersonRow(*row) for row in rows})
    return {id: named[id] for id in wanted if id in named}


def _named() -> dict[int, PersonRow]:
    known: dict[int, PersonRow] = {}
    return once("people named", lambda: known)


def person_id(collar_number: str) -> int:
    """The id of whoever has a collar number; 0, which is nobody's, when there is no such number."""
    return session.scalar(select(Person.id).where(Person.collar_number == collar_number)) or 0


def person_to_open(collar_number: str, scope: Scope, today: dt.date) -> PersonRow:
    """Somebody by their collar number whose record the actor may open: that of their unit's people (decision 0005).

    :raises NoResultFound: when there is nobody of that number, or the actor may not open the record
    """
    row = session.execute(select(*_PERSON_COLUMNS).where(Person.collar_number == collar_number)).one()
    if not may_open(scope, place_of_record(roll(person_ids=[row.id]).postings, today), row.id):
        raise NoResultFound(f"nobody with collar number {collar_number} within scope")
    return PersonRow(*row)


_PERSON_COLUMNS = (Person.id, Person.collar_number, Person.forename, Person.surname, Person.grade, Person.email)
_NAMED = len(_PERSON_COLUMNS)


def person_by_email(email: str) -> PersonRow | None:
    """The person a user is, when their email addresses are the same; capitals do not part them.

    Addresses are kept in small letters, where an index finds them; only when none is found is everybody looked through.
    """
    statement = select(*_PERSON_COLUMNS).where(Person.id == person_id_of(literal(email.lower())))
    row = session.execute(statement).one_or_none()
    return PersonRow(*row) if row else None


def person_id_of(email: ColumnElement[str]) -> ColumnElement[int]:
    """The number of the person with an email address in small letters, as ``person_by_email`` finds them."""
    exactly = select(Person.id).where(Person.email == email).scalar_subquery()
    alike = select(func.min(Person.id)).where(func.lower(Person.email) == email).scalar_subquery()
    return func.coalesce(exactly, alike)


def covers(on: dt.date | None = None, person_id: int | None = None) -> list[CoverFact]:
    """Cover records: all, or those in force on a day, of everybody or of one person."""
    return [
        cover
        for cover in once("covers", _covers)
        if (person_id is None or cover.person_id == person_id) and (on is None or on in cover.days)
    ]


def _covers() -> list[CoverFact]:
    statement = select(Cover.person_id, Cover.team_id, Cover.first_day, Cover.last_day).order_by(Cover.first_day)
    return [CoverFact(*row) for row in session.execute(statement)]


_POST_COLUMNS = (
    Post.id,
    Post.ref,
    Post.grade,
    Post.fte,
    Post.first_day,
    Post.last_day,
    Post.team_id,
    Post.sector_id,
    Team.last_day,
)


def _post_fact(columns: Sequence[Any]) -> PostFact:
    ident, ref, grade, fte, first_day, last_day, team_id, sector_id, team_last_day = columns
    # The posts of a closed team end with the team (RULES section 2).
    return PostFact(ident, ref, grade, fte, first_day, _earlier(last_day, team_last_day), team_id, sector_id)


def posts(scope: Scope) -> list[PostFact]:
    """Every post, ended ones too, of the teams and sectors the actor may see, in order of ref."""
    key = "posts", scope.force, scope.team_ids, scope.sector_ids
    return list(once(key, lambda: _posts(scope)))


def _posts(scope: Scope) -> list[PostFact]:
    """With them come the covers: whoever asks for the posts of units mostly asks who supervises there, too."""
    allowed = true() if scope.force else or_(Post.team_id.in_(scope.team_ids), Post.sector_id.in_(scope.sector_ids))
    posts = select(*_POST_COLUMNS, null().label("covers")).outerjoin(Team, Team.id == Post.team_id).where(allowed)
    cover = (Cover.person_id, null(), null(), null(), Cover.first_day, Cover.last_day, Cover.team_id, null(), null())
    covers = select(*cover, Cover.id)
    rows: Sequence[Any] = session.execute(union_all(posts, covers)).all()
    found = [CoverFact(row[0], row[6], row[4], row[5]) for row in rows if row.covers is not None]
    once("covers", lambda: sorted(found, key=lambda cover: cover.first_day))
    return sorted((_post_fact(row[:9]) for row in rows if row.covers is None), key=lambda post: post.ref)


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


_Timeline = tuple[list[dt.date], list[PostingFact | None]]


@dataclass(frozen=True)
class Roll:
    """Postings read at once, and the questions asked of them.

    A posting decides who is in which team on which day, so one read answers for any window.
    """

    postings: Sequence[PostingFact]

    @cached_property
    def by_person(self) -> dict[int, list[PostingFact]]:
        return rules.by_person(self.postings)

    @cached_property
    def _timelines(self) -> "_Timelines":
        return _Timelines(self.by_person)

    def present(self, person_id: int, day: dt.date) -> PostingFact | None:
        """The present posting of a person on a day (RULES section 2)."""
        days, present = self._timelines.of(person_id)
        run = bisect_right(days, day) - 1
        return present[run] if run >= 0 else None

    def timeline(self, person_id: int) -> _Timeline:
        """The days on which the present posting of a person changes, in order, and what it is from each of them on."""
        return self._timelines.of(person_id)

    def team_on(self, person_id: int, day: dt.date) -> int | None:
        """The present team of a person on a day."""
        posting = self.present(person_id, day)
        return posting.post.team_id if posting else None

    def in_team(self, team_ids: Iterable[int], day: dt.date) -> dict[int, PostingFact]:
        """Everybody whose present team on a day is one of these, with the posting that says so."""
        wanted = set(team_ids)
        found = {}
        for person_id in self.by_person:
            posting = self.present(person_id, day)
            if posting and posting.post.team_id in wanted:
                found[person_id] = posting
        return found


class _Timelines(dict[int, _Timeline]):
    """For each person, worked out when first asked: the days on which the present posting changes, and what it is."""

    def __init__(self, by_person: dict[int, list[PostingFact]]) -> None:
        super().__init__()
        self._by_person = by_person

    def of(self, person_id: int) -> _Timeline:
        if person_id not in self:
            postings = self._by_person.get(person_id, [])
            days = rules.change_days(postings)
            self[person_id] = (days, [rules.present_posting(postings, day) for day in days])
        return self[person_id]


def roll(
    *,
    team_ids: Iterable[int] | None = None,
    person_ids: Iterable[int] | None = None,
    sector_ids: Iterable[int] = (),
) -> Roll:
    """Postings of everybody; or of everybody who ever held a post of these teams, with all their postings elsewhere;
    or of these people.

    :param sector_ids: with teams: also of everybody who ever held an inspector's post of these sectors
    """
    teams = None if team_ids is None else frozenset(team_ids)
    persons = None if person_ids is None else frozenset(person_ids)
    sectors = frozenset(sector_ids)
    return once(("roll", teams, persons, sectors), lambda: _known_or_read(teams, persons, sectors))


@dataclass(frozen=True, slots=True)
class _Called:
    """A roll that was read, and for which teams and sectors. It holds every posting of everybody in it."""

    roll: Roll
    teams: frozenset[int]
    sectors: frozenset[int]


def _known_or_read(teams: frozenset[int] | None, persons: frozenset[int] | None, sectors: frozenset[int]) -> Roll:
    """A part of what this request has read already, where it holds everybody asked for; else it is read now."""
    none_yet: list[_Called] = []
    called = once("rolls", lambda: none_yet)
    for each in called:
        theirs = each.roll.by_person
        if persons is not None and persons <= theirs.keys():
            return Roll([posting for person in persons for posting in theirs[person]])
        if teams is not None and persons is None and teams <= each.teams and sectors <= each.sectors:
            return Roll([p for own in theirs.values() if _ever_in(own, teams, sectors) for p in own])
    found = _roll(teams, persons, sectors) if persons is None or persons else Roll(())
    called.append(_Called(found, teams or frozenset(), sectors))
    return found


def _ever_in(postings: Iterable[PostingFact], teams: Collection[int], sectors: Collection[int]) -> bool:
    return any(each.post.team_id in teams or each.post.sector_id in sectors for each in postings)


def _roll(team_ids: Collection[int] | None, person_ids: Collection[int] | None, sector_ids: Collection[int]) -> Roll:
    statement = (
        select(
            Posting.person_id,
            Posting.kind,
            Posting.first_day,
            Posting.last_day,
            Posting.fte,
            Person.leaving_on,
            Posting.id,
            *_PERSON_COLUMNS,
            *_POST_COLUMNS,
        )
        .join(Posting.person)
        .join(Posting.post)
        .outerjoin(Team, Team.id == Post.team_id)
    )
    if team_ids is not None:
        here = (
            or_(Post.team_id.in_(team_ids), Post.sector_id.in_(sector_ids))
            if sector_ids
            else Post.team_id.in_(team_ids)
        )
        theirs = select(Posting.person_id).join(Posting.post).where(here)
        statement = statement.where(Posting.person_id.in_(theirs))
    if person_ids is not None:
        statement = statement.where(Posting.person_id.in_(person_ids))
    known: dict[int, PostFact] = {}
    named = _named()
    postings = []
    for person_id, kind, first, last, fte, leaving, ident, *columns in session.execute(statement):
        if person_id not in named:
            named[person_id] = PersonRow(*columns[:_NAMED])
        post_id = columns[_NAMED]
        post = known.get(post_id) or known.setdefault(post_id, _post_fact(columns[_NAMED:]))
        postings.append(PostingFact(person_id, post, kind, first, last, fte, leaving, ident))
    return Roll(postings)


def supervised_team_ids(on: dt.date) -> frozenset[int]:
    """The teams that have a sergeant to answer for them on a day, by posting or by cover (RULES section 3)."""
    return rules.supervised_teams(roll().postings, covers(on), on)


def code_is_taken(code: str) -> bool:
    """Whether a BCU, sector, team, panel or organisation has a code. Capitals do not make two of them."""
    columns = (Bcu.code, Sector.code, Team.code, Panel.code, Organisation.code)
    wanted = code.lower()
    return any(wanted == known.lower() for column in columns for known in session.scalars(select(column)))
