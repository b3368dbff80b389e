"""Read who is expected to leave and who could follow: the page of succession, and one candidate."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Post
from npt.people.queries import PersonRow, TeamRow
from npt.people.rules import Grade, Place, PostFact, PostingFact, PostingKind, in_force_from, in_force_until, place
from npt.staffing.queries.candidates import WordOnAttachment, candidacies, wishes, words_on
from npt.staffing.queries.units import Structure
from npt.staffing.queries.vacancies import Where, places_of, reasons_of
from npt.staffing.rules.candidates import SOUGHT, Candidacy, Unit
from npt.staffing.rules.succession import (
    Departure,
    Facts,
    Line,
    MayMove,
    attached,
    departures,
    line,
    may_move,
    serving,
    together,
    why_leaving,
)


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """Somebody expected to leave a team, and why. ``open``: the reader may see their page."""

    departure: Departure
    person: PersonRow
    where: Where
    why: str
    open: bool


@dataclass(frozen=True, slots=True)
class MoverRow:
    """Somebody who may move: the time they are expected to stay comes to its end."""

    mover: MayMove
    person: PersonRow
    where: Where
    open: bool


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate as a list shows them. ``serving``: they fill a post of the grade, so that one would be left open."""

    candidacy: Candidacy
    person: PersonRow
    wants: str
    ready: bool
    serving: bool


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment. ``word`` is empty until somebody says how it went; ``counted``: it is in a figure of the day."""

    posting: PostingFact
    person: PersonRow
    where: Where
    last_day: dt.date | None
    word: WordOnAttachment | None
    open: bool
    counted: bool
    serving: bool


Asked = Callable[[Unit], bool]


@dataclass(frozen=True)
class Succession:
    """What the page of succession says of the days from ``on`` to ``until``, of everything within the scope."""

    found: Structure
    until: dt.date
    facts: Facts
    candidacies: Sequence[Candidacy]

    @cached_property
    def units(self) -> list[Unit]:
        """The largest units the reader has whole."""
        if self.found.bcus:
            return [self.bcu(bcu.id, bcu.code, bcu.name) for bcu in self.found.bcus]
        if self.found.sectors:
            return [self.sector(sector.id, sector.code, sector.name) for sector in self.found.sectors]
        return [self.team(team) for team in self.found.teams]

    def bcu(self, id: int, code: str, name: str) -> Unit:
        """A BCU with everything in it."""
        teams = frozenset(team.id for team in self.found.teams if team.bcu_id == id)
        return Unit(code, name, frozenset({id}), teams, frozenset(s.id for s in self.found.sectors if s.bcu_id == id))

    def sector(self, id: int, code: str, name: str) -> Unit:
        """A sector, its teams and its inspectors."""
        teams = [team for team in self.found.teams if team.sector_id == id]
        above = {team.bcu_id for team in teams} | {s.bcu_id for s in self.found.sectors if s.id == id}
        return Unit(code, name, frozenset(above), frozenset(team.id for team in teams), frozenset({id}))

    @staticmethod
    def team(team: TeamRow) -> Unit:
        """A team alone."""
        return Unit(team.code, team.name, frozenset({team.bcu_id}), frozenset({team.id}))

    @cached_property
    def everything(self) -> Unit:
        """All that the reader may see, as one unit."""
        bcus = {team.bcu_id for team in self.found.teams} | {sector.bcu_id for sector in self.found.sectors}
        teams = frozenset(team.id for team in self.found.teams)
        return Unit("", "All", frozenset(bcus), teams, frozenset(sector.id for sector in self.found.sectors))

    def lines(self) -> list[Line]:
        """Each unit and grade."""
        return [line(unit, grade, self.facts) for unit in self.units for grade in SOUGHT]

    def totals(self) -> list[Line]:
        """Each grade of all the units together; nothing when there are none."""
        if not self.units:
            return []
        return [together("Together", [line(unit, grade, self.facts) for unit in self.units]) for grade in SOUGHT]

    @cached_property
    def _where(self) -> Mapping[Place, Where]:
        return places_of(self.found)

    def leavers(self, unit: Unit, grade: Grade | None) -> list[LeaverRow]:
        """Who is expected to leave a unit, soonest first."""
        rows = [each for each in self.facts.departures if grade in (None, each.post.grade) and unit.has(each.post)]
        named = people.people({each.person_id for each in rows})
        reasons = reasons_of([each.posting for each in rows])
        return [
            LeaverRow(
                each,
                named[each.person_id],
                self._where[place(each.post)],
                why_leaving(each, *reasons(each.posting)),
                self.found.open(each.person_id),
            )
            for each in rows
            if place(each.post) in self._where
        ]

    def movers(self, unit: Unit, grade: Grade | None) -> list[MoverRow]:
        """Who may move, soonest first: nobody who is expected to leave that team and grade."""
        known = {(each.person_id, place(each.post), each.post.grade) for each in self.facts.departures}
        rows = []
        for each in may_move(self.found.roll.postings, self.found.on, self.until, self.found.policy.tenure_months):
            post = each.tenure.postings[-1].post
            leaves = (each.tenure.person_id, place(post), post.grade) in known
            if not leaves and unit.has(post) and grade in (None, post.grade) and place(post) in self._where:
                rows.append((each, post))
        named = people.people({each.tenure.person_id for each, _ in rows})
        return [
            MoverRow(
                each, named[each.tenure.person_id], self._where[place(post)], self.found.open(each.tenure.person_id)
            )
            for each, post in rows
        ]

    def candidates(self, unit: Unit, grade: Grade | None) -> list[CandidateRow]:
        """The open candidates who would come to a unit: those ready in time first, then by name."""
        rows = [each for each in self.candidacies if grade in (None, each.grade) and each.suits(unit)]
        named = people.people({each.person_id for each in rows})
        wants = wishes(rows)
        found = [
            CandidateRow(
                each,
                named[each.person_id],
                wants[each.id],
                each.ready_by(self.until),
                each.person_id in self.facts.serving[each.grade],
            )
            for each in rows
        ]
        return sorted(found, key=lambda row: (not row.ready, row.person.surname, row.person.collar_number))

    def attachments(self, unit: Unit, grade: Grade | None) -> list[AttachmentRow]:
        """The attachments to a unit that are counted on the day, and those that ended so far back as one looks ahead.

        The counted first, then the newest.
        """
        back = self.found.on - (self.until - self.found.on)
        counted = {posting.id for posting in self.facts.attached}
        rows = [
            posting
            for posting in self.found.roll.postings
            if posting.kind is PostingKind.ATTACHMENT
            and unit.has(posting.post)
            and grade in (None, posting.post.grade)
            and place(posting.post) in self._where
            and in_force_from(posting) <= self.found.on
            and ((last := in_force_until(posting)) is None or last >= back)
        ]
        named = people.people({posting.person_id for posting in rows})
        words = words_on([posting.id or 0 for posting in rows])
        found = [
            AttachmentRow(
                posting,
                named[posting.person_id],
                self._where[place(posting.post)],
                in_force_until(posting),
                words.get(posting.id or 0),
                self.found.open(posting.person_id),
                posting.id in counted,
                posting.person_id in self.facts.serving[posting.post.grade],
            )
            for posting in rows
        ]
        return sorted(
            found, key=lambda row: (not row.counted, -row.posting.first_day.toordinal(), row.posting.post.ref)
        )


def succession(found: Structure, until: dt.date) -> Succession:
    """Who is expected to leave from the day of a structure to another, and who could follow, within its scope."""
    postings = found.roll.postings
    open_ones = [each for each in candidacies() if each.open_on(found.on)]
    facts = Facts(
        departures(found.posts, postings, _funded(found.posts), found.on, until),
        [each for each in open_ones if each.ready_by(until)],
        attached(postings, found.on, until),
        serving(postings, found.on),
    )
    return Succession(found, until, facts, open_ones)


def _funded(posts: Iterable[PostFact]) -> dict[int, dt.date]:
    wanted = {post.id for post in posts}
    rows = session.execute(select(Post.id, Post.funding_last_day).where(Post.funding_last_day.is_not(None)))
    return {row.id: row.funding_last_day for row in rows if row.id in wanted and row.funding_last_day}
