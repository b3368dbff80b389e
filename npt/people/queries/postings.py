"""Read posts, who is posted to them and who covers."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import null, select, union_all
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Scope
from npt.core.db import once, session
from npt.people import rules
from npt.people.models import Cover, Person, Post, Team
from npt.people.queries.held import (
    HELD,
    HELD_AND_COVERS,
    HELD_BY_PEOPLE,
    IN_UNITS,
    OF_PERSON,
    OF_POSTING,
    OF_TEAMS,
    OF_UNITS,
    OF_UNITS_SINCE,
    POST_COLUMNS,
)
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


# The tables and not the classes, here and below: every page asks for some hundred of these rows, and the ORM has
# nothing to add to them.
_POST, _TEAM, _COVER = (each.__table__ for each in (Post, Team, Cover))
_EVERY_COVER = select(*(_COVER.c[name] for name in ("person_id", "team_id", "first_day", "last_day"))).order_by(
    _COVER.c.first_day
)


def _covers() -> list[CoverFact]:
    return [CoverFact(*row) for row in session.execute(_EVERY_COVER).all()]


def _post_fact(columns: Sequence[Any]) -> PostFact:
    ident, ref, grade, fte, first_day, last_day, team_id, sector_id, team_last_day = columns
    # The posts of a closed team end with the team (RULES section 2).
    return PostFact(ident, ref, grade, fte, first_day, _earlier(last_day, team_last_day), team_id, sector_id)


def posts(scope: Scope) -> list[PostFact]:
    """Every post, ended ones too, of the teams and sectors the actor may see, in order of ref."""
    key = "posts", scope.force, scope.team_ids, scope.sector_ids
    return list(once(key, lambda: _posts(scope)))


_EVERY_POST = select(*POST_COLUMNS, null().label("covers")).select_from(_POST.outerjoin(_TEAM))
_POSTS_OF_SOME = _EVERY_POST.where(IN_UNITS)
_COVERS_AS_POSTS = select(
    *(_COVER.c.person_id, null(), null(), null(), _COVER.c.first_day, _COVER.c.last_day, _COVER.c.team_id),
    *(null(), null(), _COVER.c.id),
)
_EVERY_POST_AND_COVER = union_all(_EVERY_POST, _COVERS_AS_POSTS)
_POSTS_OF_SOME_AND_COVERS = union_all(_POSTS_OF_SOME, _COVERS_AS_POSTS)


def _posts(scope: Scope) -> list[PostFact]:
    """Those that came with a roll of these units; else they are read now, and with them the covers: whoever asks for
    the posts of units mostly asks who supervises there, too.
    """
    for each in _called():
        if not scope.force and scope.team_ids <= each.teams and scope.sector_ids <= each.sectors:
            theirs = (p for p in each.posts if p.team_id in scope.team_ids or p.sector_id in scope.sector_ids)
            return sorted(theirs, key=lambda post: post.ref)
    asked = {"teams": scope.team_ids, "sectors": scope.sector_ids}
    rows: Sequence[Any] = session.execute(
        _EVERY_POST_AND_COVER if scope.force else _POSTS_OF_SOME_AND_COVERS, asked
    ).all()
    found = [CoverFact(row[0], row[6], row[4], row[5]) for row in rows if row[9] is not None]
    once("covers", lambda: sorted(found, key=lambda cover: cover.first_day))
    return sorted((_post_fact(row[:9]) for row in rows if row[9] is None), key=lambda post: post.ref)


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
    return once(("roll", None, frozenset({person_id}), frozenset(), None), lambda: _roll_with_covers(person_id))


def roll(
    *,
    team_ids: Iterable[int] | None = None,
    person_ids: Iterable[int] | None = None,
    sector_ids: Iterable[int] = (),
    since: dt.date | None = None,
) -> Roll:
    """Postings of everybody; or of everybody who ever held a post of these teams, with all their postings elsewhere;
    or of these people.

    :param sector_ids: with teams: also of everybody who ever held an inspector's post of these sectors
    :param since: with teams: these posts are asked about on this day and later ones alone. Whoever left one before is
        left out, if it was filled again by then
    """
    teams = None if team_ids is None else frozenset(team_ids)
    persons = None if person_ids is None else frozenset(person_ids)
    sectors = frozenset(sector_ids)
    return once(("roll", teams, persons, sectors, since), lambda: _known_or_read(teams, persons, sectors, since))


@dataclass(frozen=True, slots=True)
class _Called:
    """A roll that was read, and for which teams and sectors, with every post these ever had. It holds every posting of
    everybody in it, and of these units everybody who matters from a day on, or ever did.
    """

    roll: Roll
    teams: frozenset[int] = frozenset()
    sectors: frozenset[int] = frozenset()
    posts: Collection[PostFact] = ()
    since: dt.date | None = None

    def holds(self, teams: frozenset[int], sectors: frozenset[int], since: dt.date | None) -> bool:
        """Whether everybody of these units whom somebody asks for is in it."""
        early_enough = self.since is None or (since is not None and self.since <= since)
        return early_enough and teams <= self.teams and sectors <= self.sectors


def _called() -> list[_Called]:
    none_yet: list[_Called] = []
    return once("rolls", lambda: none_yet)


def _known_or_read(
    teams: frozenset[int] | None, persons: frozenset[int] | None, sectors: frozenset[int], since: dt.date | None
) -> Roll:
    """A part of what this request has read already, where it holds everybody asked for; else it is read now."""
    called = _called()
    for each in called:
        theirs = each.roll.by_person
        if persons is not None and persons <= theirs.keys():
            return Roll([posting for person in persons for posting in theirs[person]])
        if teams is not None and persons is None and each.holds(teams, sectors, since):
            return Roll([p for own in theirs.values() if _ever_in(own, teams, sectors) for p in own])
    if persons is not None:
        found = _Called(roll_of(session.execute(HELD_BY_PEOPLE, {"people": persons}).all()) if persons else Roll(()))
    elif teams is not None:
        found = _roll_of_units(teams, sectors, since)
    else:
        found = _Called(roll_of(session.execute(HELD).all()))
    called.append(found)
    return found.roll


def _ever_in(postings: Iterable[PostingFact], teams: Collection[int], sectors: Collection[int]) -> bool:
    return any(each.post.team_id in teams or each.post.sector_id in sectors for each in postings)


def _roll_of_units(teams: frozenset[int], sectors: frozenset[int], since: dt.date | None) -> _Called:
    asked = {"teams": teams, "sectors": sectors, "since": since}
    statement = OF_UNITS_SINCE if since is not None else OF_UNITS if sectors else OF_TEAMS
    rows: Sequence[Any] = session.execute(statement, asked).all()
    roll = roll_of(_covers_kept(rows))
    held = {each.post.id: each.post for each in roll.postings}
    posts = {id: post for id, post in held.items() if post.team_id in teams or post.sector_id in sectors}
    # One that somebody left who is in it for another comes by itself, too.
    posts |= {row[OF_PERSON]: _post_fact(row[OF_PERSON:-1]) for row in rows if row[0] is None}
    return _Called(roll, teams, sectors, posts.values(), since)


def _roll_with_covers(person_id: int) -> Roll:
    return roll_of(_covers_kept(session.execute(HELD_AND_COVERS, {"person": person_id}).all()))


def _covers_kept(rows: Sequence[Any]) -> list[Any]:
    """The postings among rows, whose covers are kept for whoever asks for them next."""
    found = [CoverFact(row[0], row[-4], row[2], row[3]) for row in rows if row[-1] is not None]
    once("covers", lambda: sorted(found, key=lambda cover: cover.first_day))
    return [row[:-1] for row in rows if row[-1] is None and row[0] is not None]


def roll_of(rows: Sequence[Any]) -> Roll:
    """The postings of rows of ``HELD_COLUMNS``, whose people are known by name from now on."""
    known: dict[int, PostFact] = {}
    named = named_so_far()
    postings = []
    for row in rows:
        person_id, kind, first, last, fte, leaving, ident = row[:OF_POSTING]
        if person_id not in named:
            named[person_id] = PersonRow._make(row[OF_POSTING:OF_PERSON])
        post_id = row[OF_PERSON]
        if post_id not in known:
            known[post_id] = _post_fact(row[OF_PERSON:])
        postings.append(PostingFact(person_id, known[post_id], kind, first, last, fte, leaving, ident))
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
