"""Read the structure of the force on a day: units, posts, people, wards, supervision. A handful of statements in all,
however many teams there are.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from sqlalchemy import or_, select, true
from sqlalchemy.exc import NoResultFound

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people import rules as holding
from npt.people.models import Team, Ward, WardMembership
from npt.people.queries import BcuRow, PersonRow, Roll, SectorRow, TeamRow
from npt.people.rules import Grade, PostFact, PostingFact, Staffing
from npt.people.rules.records import may_open, place_of_record
from npt.policy.rules import Policy
from npt.staffing.models import BoundaryMove, BoundaryReview
from npt.staffing.queries.staffing import Holder, PostRow, SpanRow
from npt.staffing.rules.structure import UnitStaffing, ratio_of, staffing_by
from npt.staffing.rules.supervision import AreaRatio, Supervision, TeamSupervision, supervision
from npt.staffing.rules.vacancies import vacancies

NOTHING = UnitStaffing()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody and the posting that gives their present team and grade. ``open``: the asker may see their page."""

    person: PersonRow
    posting: PostingFact
    open: bool

    @property
    def grade(self) -> Grade:
        return self.posting.post.grade


@dataclass(frozen=True, slots=True)
class WardRow:
    """A ward and the team it belongs to on a day."""

    code: str
    name: str
    team_id: int
    first_day: dt.date


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit as a table lists it. ``team`` is the team's own supervision, nothing for a larger unit."""

    code: str
    name: str
    staffing: UnitStaffing
    ratio: AreaRatio
    widest: Fraction | None
    unsupervised: int
    people: int
    wards: int
    team: TeamSupervision | None = None


@dataclass(frozen=True)
class Structure:
    """Everything the structure pages say of a day, within a scope. ``teams`` are those live on it."""

    on: dt.date
    bcus: Sequence[BcuRow]
    sectors: Sequence[SectorRow]
    teams: Sequence[TeamRow]
    posts: Sequence[PostFact]
    roll: Roll
    found: Supervision
    wards: Sequence[WardRow]
    policy: Policy
    scope: Scope
    today: dt.date

    @cached_property
    def _sector_of(self) -> dict[int, int]:
        return {team.id: team.sector_id for team in self.teams}

    @cached_property
    def _bcu_of(self) -> dict[int, int]:
        return {s.id: s.bcu_id for s in self.sectors} | {t.sector_id: t.bcu_id for t in self.teams}

    def _sector(self, post: PostFact) -> int | None:
        return post.sector_id if post.team_id is None else self._sector_of.get(post.team_id)

    def _bcu(self, post: PostFact) -> int | None:
        return self._bcu_of.get(self._sector(post) or 0)

    def _staffed(self, unit: Callable[[PostFact], int | None]) -> dict[int, UnitStaffing]:
        return staffing_by(self.posts, self.roll.postings, self.on, unit)

    @cached_property
    def _supervised(self) -> dict[int, TeamSupervision]:
        return {team.team.id: team for team in self.found.teams}

    @cached_property
    def _present(self) -> dict[int, PostingFact]:
        return {
            person_id: posting
            for person_id in self.roll.by_person
            if (posting := self.roll.present(person_id, self.on))
        }

    def _line(
        self, code: str, name: str, teams: Collection[int], staffing: UnitStaffing, sectors: Collection[int] = ()
    ) -> UnitLine:
        supervised = [self._supervised[id] for id in teams if id in self._supervised]
        spans = [span.span for span in self.found.spans if any(team.id in teams for team in span.teams)]
        return UnitLine(
            code,
            name,
            staffing,
            ratio_of(supervised),
            max(spans, default=None),
            sum(team.no_supervisor for team in supervised),
            sum(
                posting.post.team_id in teams or (posting.post.team_id is None and posting.post.sector_id in sectors)
                for posting in self._present.values()
            ),
            sum(ward.team_id in teams for ward in self.wards),
            supervised[0] if len(teams) == 1 and supervised and not sectors else None,
        )

    def team_lines(self, teams: Iterable[TeamRow]) -> list[UnitLine]:
        """Each team, in the order given."""
        staffed = self._staffed(lambda post: post.team_id)
        return [self._line(t.code, t.name, {t.id}, staffed.get(t.id, NOTHING)) for t in teams]

    def sector_lines(self, sectors: Iterable[SectorRow]) -> list[UnitLine]:
        """Each sector with its teams and its inspectors."""
        staffed = self._staffed(self._sector)
        return [
            self._line(
                s.code, s.name, {t.id for t in self.teams if t.sector_id == s.id}, staffed.get(s.id, NOTHING), {s.id}
            )
            for s in sectors
        ]

    def bcu_lines(self, bcus: Iterable[BcuRow]) -> list[UnitLine]:
        """Each BCU with everything in it."""
        staffed = self._staffed(self._bcu)
        return [
            self._line(
                bcu.code,
                bcu.name,
                {t.id for t in self.teams if t.bcu_id == bcu.id},
                staffed.get(bcu.id, NOTHING),
                {s.id for s in self.sectors if s.bcu_id == bcu.id},
            )
            for bcu in bcus
        ]

    def total(self, name: str) -> UnitLine:
        """Everything within the scope, as one unit."""
        staffed = self._staffed(lambda post: 1)
        ids, sectors = {team.id for team in self.teams}, {sector.id for sector in self.sectors}
        return self._line("", name, ids, staffed.get(1, NOTHING), sectors)

    def members(self, teams: Collection[int], sectors: Collection[int] = ()) -> list[Member]:
        """Everybody whose present team is one of these, and the inspectors of these sectors; by grade, then name."""
        found = {
            id: posting
            for id, posting in self._present.items()
            if posting.post.team_id in teams or (posting.post.team_id is None and posting.post.sector_id in sectors)
        }
        named = people.people(found)
        return sorted(
            (Member(named[id], posting, self.open(id)) for id, posting in found.items()),
            key=lambda m: (list(Grade).index(m.grade), m.person.surname, m.person.collar_number),
        )

    def open(self, person_id: int) -> bool:
        """Whether the asker may open somebody's page."""
        of = place_of_record(self.roll.by_person.get(person_id, ()), self.today)
        return may_open(self.scope, of, person_id)

    def post_rows(self, teams: Collection[int], sectors: Collection[int] = ()) -> list[PostRow]:
        """The posts of these teams, and inspectors' of these sectors, that are live on the day; by grade, then ref."""
        posts = [p for p in self.posts if p.team_id in teams or (p.team_id is None and p.sector_id in sectors)]
        live = [post for post in posts if holding.is_live(post, self.on)]
        held = holding.holders(self.roll.postings, self.on)
        vacant = {v.post.id: v for v in vacancies(live, self.roll.postings, self.on, self.policy)}
        named = people.people({posting.person_id for post in live for posting in held.get(post.id, ())})
        return [
            PostRow(
                post,
                tuple(
                    Holder(named[p.person_id], p.kind, p.first_day, holding.effective_fte(p))
                    for p in held.get(post.id, ())
                ),
                vacant.get(post.id),
            )
            for post in sorted(live, key=lambda post: (list(Grade).index(post.grade), post.ref))
        ]

    def every_post(self) -> list[PostRow]:
        """The posts of every team and sector within the scope."""
        return self.post_rows({team.id for team in self.teams}, {sector.id for sector in self.sectors})

    def together(self, posts: Sequence[PostFact]) -> Staffing[int] | None:
        """What some posts come to on the day; nothing of none."""
        return next(iter(holding.staffing(posts, self.roll.postings, self.on, lambda _: 1, by_grade=False)), None)

    def span_rows(self, teams: Collection[int]) -> list[SpanRow]:
        """Everyone who supervises one of these teams, widest span first."""
        spans = [span for span in self.found.spans if any(team.id in teams for team in span.teams)]
        named = people.people({span.person_id for span in spans})
        widest = sorted(spans, key=lambda span: (-span.span, named[span.person_id].collar_number))
        return [SpanRow(named[span.person_id], span) for span in widest]


def structure_on(on: dt.date, policy: Policy, scope: Scope, today: dt.date) -> Structure:
    """The structure of a day within a scope.

    :param today: decides which people's pages the asker may open, whatever the day shown
    """
    every = people.teams(EVERYTHING)
    roll = people.roll()
    teams = [team for team in every if team.live(on, on) and scope.has_team(team.id)]
    return Structure(
        on=on,
        bcus=people.bcus(scope),
        sectors=people.sectors(scope),
        teams=teams,
        posts=people.posts(scope),
        roll=roll,
        found=supervision(roll.postings, [team.fact for team in every], people.covers(), on, policy),
        wards=_wards(on, scope),
        policy=policy,
        scope=scope,
        today=today,
    )


def _wards(on: dt.date, scope: Scope) -> list[WardRow]:
    allowed = true() if scope.force else WardMembership.team_id.in_(scope.team_ids)
    rows = session.execute(
        select(Ward.code, Ward.name, WardMembership.team_id, WardMembership.first_day)
        .join(WardMembership, WardMembership.ward_id == Ward.id)
        .where(
            allowed,
            WardMembership.first_day <= on,
            or_(WardMembership.last_day.is_(None), WardMembership.last_day >= on),
        )
        .order_by(Ward.name, Ward.code)
    )
    return [WardRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Belonging:
    """A ward in a team from a first to a last day, and the boundary review that put it there, if one did."""

    team: TeamRow
    first_day: dt.date
    last_day: dt.date | None
    review_id: int | None

    def holds(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class WardPage:
    """A ward and every team it has belonged to or will, newest first."""

    code: str
    name: str
    belonging: Sequence[Belonging]

    def team_on(self, day: dt.date) -> TeamRow | None:
        """The team the ward belongs to on a day."""
        return next((each.team for each in self.belonging if each.holds(day)), None)


def ward(code: str, scope: Scope) -> WardPage:
    """One ward by its code.

    :raises NoResultFound: when there is none, or it never belonged to a team the actor may see
    """
    found = session.execute(select(Ward.id, Ward.code, Ward.name).where(Ward.code == code)).one()
    moved: Mapping[tuple[int, dt.date], int] = {
        (team_id, first_day): review_id
        for team_id, first_day, review_id in session.execute(
            select(BoundaryMove.to_team_id, BoundaryReview.first_day, BoundaryReview.id)
            .join(BoundaryMove.review)
            .where(BoundaryMove.ward_id == found.id)
        )
    }
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    rows = session.execute(
        select(WardMembership.team_id, WardMembership.first_day, WardMembership.last_day)
        .join(Team, Team.id == WardMembership.team_id)
        .where(WardMembership.ward_id == found.id)
        .order_by(WardMembership.first_day.desc())
    )
    belonging = [Belonging(teams[id], first, last, moved.get((id, first))) for id, first, last in rows]
    if not any(scope.has_team(each.team.id) for each in belonging):
        raise NoResultFound(f"no ward {code} within scope")
    return WardPage(found.code, found.name, belonging)
