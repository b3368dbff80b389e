"""Read vacancies, strength against establishment, and who supervises whom, on any day."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import (
    select,
)

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people import rules as holding
from npt.people.models import Posting
from npt.people.queries import PersonRow, Roll, TeamRow
from npt.people.rules import CoverFact, Grade, Place, PostFact, PostingFact, PostingKind, Staffing
from npt.policy.rules import Policy
from npt.staffing.rules.command import causes_of_cover
from npt.staffing.rules.supervision import Span, Supervision, supervision
from npt.staffing.rules.vacancies import ForecastVacancy, Vacancy, forecast_vacancies, vacancies

_MANY = 500
"""With more posts than this the postings of everybody are read: cheaper than a long list of numbers."""


def _roll_of(posts: Sequence[PostFact]) -> Roll:
    """All postings of everybody who ever held one of these posts: while they act elsewhere theirs is vacant."""
    if len(posts) > _MANY:
        return people.roll()
    held = select(Posting.person_id).where(Posting.post_id.in_([post.id for post in posts])).distinct()
    return people.roll(person_ids=session.scalars(held))


def vacancies_on(on: dt.date, policy: Policy, scope: Scope) -> list[Vacancy]:
    """The vacant posts of a day that the actor may see, inspectors' too, in order of post ref (RULES section 2)."""
    posts = people.posts(scope)
    return vacancies(posts, _roll_of(posts).postings, on, policy)


def forecast_on(on: dt.date, policy: Policy, scope: Scope) -> list[ForecastVacancy]:
    """The posts the actor may see that will stand empty within policy's days, in order of post ref, then day."""
    posts = people.posts(scope)
    return forecast_vacancies(posts, _roll_of(posts).postings, on, policy)


def staffing_on(on: dt.date, scope: Scope) -> list[Staffing[Place]]:
    """Posts and people on a day by team and grade, and by sector for inspectors; only units with a live post."""
    posts = people.posts(scope)
    return holding.staffing(posts, _roll_of(posts).postings, on, holding.place)


def supervision_on(on: dt.date, policy: Policy) -> Supervision:
    """Who supervises whom on a day, of the whole force: a sergeant's teams may lie in two BCUs (RULES section 3).

    Whoever shows it keeps to what the actor may see.
    """
    teams = [team.fact for team in people.teams(EVERYTHING)]
    return supervision(people.roll().postings, teams, people.covers(), on, policy)


@dataclass(frozen=True, slots=True)
class Oversight:
    """Supervision of some teams on a day, of every other team that one of their supervisors has, and these teams.

    Rows and spans are those of the whole force; nobody else's are in it, and the ratios are of whole areas only where
    all teams of an area were asked for.
    """

    found: Supervision
    teams: Sequence[TeamRow]


def supervision_around(
    team_ids: Collection[int], on: dt.date, policy: Policy, *, known: Roll | None = None
) -> Oversight:
    """Who supervises these teams on a day, as ``supervision_on`` has it, from what these teams' people alone hold.

    :param known: the postings of everybody who holds a post of these teams on the day, when they have been read already
    """
    wanted = frozenset(team_ids)
    roll = people.roll(team_ids=wanted) if known is None else known
    covers = [cover for cover in people.covers() if on in cover.days]
    teams, postings = people.teams(Scope(team_ids=wanted)), roll.postings
    strangers = {cover.person_id for cover in covers if cover.team_id in wanted} - roll.by_person.keys()
    reached = _reached(wanted, postings, covers, on)
    reached |= {cover.team_id for cover in covers if cover.person_id in strangers}
    if strangers or reached != wanted:
        rest, other_teams = people.roll_beyond(reached - wanted, strangers)
        postings = _joined(postings, rest.postings)
        reached = _reached(wanted, postings, covers, on)
        teams = [team for team in {each.id: each for each in [*teams, *other_teams]}.values() if team.id in reached]
        # Whoever covers a team that was found only now, and is of none of them: hardly ever anybody.
        if more := {cover.person_id for cover in covers if cover.team_id in reached} - {p.person_id for p in postings}:
            postings = _joined(postings, people.roll(person_ids=more).postings)
    kept = [cover for cover in people.covers() if cover.team_id in reached]
    return Oversight(supervision(postings, [team.fact for team in teams], kept, on, policy), teams)


def _reached(
    team_ids: frozenset[int], postings: Sequence[PostingFact], covers: Sequence[CoverFact], on: dt.date
) -> frozenset[int]:
    """These teams and every other team of whoever supervises one of them."""
    return team_ids.union(*(theirs for theirs in _led(postings, covers, on).values() if theirs & team_ids))


def _joined(postings: Sequence[PostingFact], others: Sequence[PostingFact]) -> list[PostingFact]:
    """All postings of everybody in either, each once."""
    known = {posting.person_id for posting in postings}
    return [*postings, *(posting for posting in others if posting.person_id not in known)]


def _led(postings: Sequence[PostingFact], covers: Sequence[CoverFact], on: dt.date) -> dict[int, frozenset[int]]:
    """The teams of everybody who is a sergeant on a day, by posting or by cover."""
    led = {
        person: holding.teams_by_posting(own, present, on)
        for person, own in holding.by_person(postings).items()
        if (present := holding.present_posting(own, on)) and holding.is_sergeant(present)
    }
    for cover in covers:
        if cover.person_id in led:
            led[cover.person_id] |= {cover.team_id}
    return led


def causes_on(on: dt.date, policy: Policy) -> dict[int, Vacancy]:
    """By team, the vacancy because of which it is covered on a day: its longest vacant sergeant's post."""
    return causes_of_cover(vacancies_on(on, policy, EVERYTHING))


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who fills a post, or is attached to its team, and since when."""

    person: PersonRow
    kind: PostingKind
    since: dt.date
    fte: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as a page lists it: who fills it, or how long it has been vacant."""

    post: PostFact
    holders: tuple[Holder, ...]
    vacancy: Vacancy | None

    @property
    def held_fte(self) -> Decimal | None:
        """The FTE its holders carry together; nothing for a special's."""
        return None if self.post.fte is None else sum((holder.fte or Decimal() for holder in self.holders), Decimal())

    @property
    def vacant_fte(self) -> Decimal | None:
        """The FTE of it that nobody holds, also of a part-filled post; nothing for a special's."""
        held = self.held_fte
        return None if self.post.fte is None or held is None else self.post.fte - held


def post_rows(on: dt.date, policy: Policy, scope: Scope, team_ids: Collection[int]) -> list[PostRow]:
    """The posts of these teams that are live on a day, in order of rank, then ref."""
    posts = [p for p in people.posts(scope) if p.team_id in team_ids and holding.is_live(p, on)]
    postings = people.roll(team_ids=team_ids).postings
    held = holding.holders(postings, on)
    vacant = {vacancy.post.id: vacancy for vacancy in vacancies(posts, postings, on, policy)}
    named = people.people({posting.person_id for post in posts for posting in held.get(post.id, ())})
    order = list(Grade)
    return [
        PostRow(
            post,
            tuple(
                Holder(named[p.person_id], p.kind, p.first_day, holding.effective_fte(p)) for p in held.get(post.id, ())
            ),
            vacant.get(post.id),
        )
        for post in sorted(posts, key=lambda post: (order.index(post.grade), post.ref))
    ]


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A supervisor as a page names them, with their teams, their span and what they cover."""

    person: PersonRow
    span: Span


def span_rows(supervised: Supervision, team_ids: Collection[int]) -> list[SpanRow]:
    """Everyone who supervises one of these teams, widest span first."""
    spans = [span for span in supervised.spans if any(team.id in team_ids for team in span.teams)]
    # Whoever supervises has the grade sergeant that day, whatever they are now.
    found = people.people({span.person_id for span in spans})
    named = {person_id: person._replace(grade=Grade.SERGEANT) for person_id, person in found.items()}
    widest = sorted(spans, key=lambda span: (-span.span, named[span.person_id].collar_number))
    return [SpanRow(named[span.person_id], span) for span in widest]
