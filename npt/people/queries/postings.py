"""Read posts, who is posted to them and who covers."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, null, or_, select, true, union_all
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Scope
from npt.core.db import once, session
from npt.people import rules
from npt.people.models import Cover, Person, Post, Posting, Team
from npt.people.queries.persons import PERSON_COLUMNS, PersonRow, named_so_far
from npt.people.rules import CoverFact, PostFact, PostingFact
from npt.people.rules.records import may_open, place_of_record


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


_NAMED = len(PERSON_COLUMNS)
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


def roll_with_covers(person_id: int) -> Roll:
    """The postings of one person, read with every cover record: the two say which teams a sergeant has today."""
    return once(("roll", None, frozenset({person_id}), frozenset()), lambda: _roll_with_covers(person_id))


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


_HELD_COLUMNS = (
    Posting.person_id,
    Posting.kind,
    Posting.first_day,
    Posting.last_day,
    Posting.fte,
    Person.leaving_on,
    Posting.id,
    *PERSON_COLUMNS,
    *_POST_COLUMNS,
)


def _held(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_HELD_COLUMNS, *more).join(Posting.person).join(Posting.post).outerjoin(Team, Team.id == Post.team_id)
    )


def _roll(team_ids: Collection[int] | None, person_ids: Collection[int] | None, sector_ids: Collection[int]) -> Roll:
    statement = _held()
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
    return _roll_of(session.execute(statement))


def _roll_with_covers(person_id: int) -> Roll:
    postings = _held(null().label("covers")).where(Posting.person_id == person_id)
    nobody, nowhere = [null()] * _NAMED, [null()] * 6
    held_since = (Cover.person_id, null(), Cover.first_day, Cover.last_day, null(), null(), null())
    cover = select(*held_since, *nobody, *nowhere, Cover.team_id, null(), null(), Cover.id)
    rows: Sequence[Any] = session.execute(union_all(postings, cover)).all()
    found = [CoverFact(row[0], row[-4], row[2], row[3]) for row in rows if row.covers is not None]
    once("covers", lambda: sorted(found, key=lambda cover: cover.first_day))
    return _roll_of(row[:-1] for row in rows if row.covers is None)


def _roll_of(rows: Iterable[Sequence[Any]]) -> Roll:
    known: dict[int, PostFact] = {}
    named = named_so_far()
    postings = []
    for person_id, kind, first, last, fte, leaving, ident, *columns in rows:
        if person_id not in named:
            named[person_id] = PersonRow(*columns[:_NAMED])
        post_id = columns[_NAMED]
        post = known.get(post_id) or known.setdefault(post_id, _post_fact(columns[_NAMED:]))
        postings.append(PostingFact(person_id, post, kind, first, last, fte, leaving, ident))
    return Roll(postings)


def supervised_team_ids(on: dt.date) -> frozenset[int]:
    """The teams that have a sergeant to answer for them on a day, by posting or by cover (RULES section 3)."""
    return rules.supervised_teams(roll().postings, covers(on), on)


def person_to_open(collar_number: str, scope: Scope, today: dt.date) -> PersonRow:
    """Somebody by their collar number whose record the actor may open: that of their unit's people (decision 0005).

    :raises NoResultFound: when there is nobody of that number, or the actor may not open the record
    """
    row = session.execute(select(*PERSON_COLUMNS).where(Person.collar_number == collar_number)).one()
    if not may_open(scope, place_of_record(roll(person_ids=[row.id]).postings, today), row.id):
        raise NoResultFound(f"nobody with collar number {collar_number} within scope")
    return PersonRow(*row)
