"""Who is expected to leave, against those who could follow (issue 3, "Succession"; REQUIREMENTS B10)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from npt.core.periods import DAY
from npt.people.rules import (
    SUSPENDING,
    Grade,
    Place,
    PostFact,
    PostingFact,
    PostingKind,
    by_person,
    filling,
    in_force,
    in_force_until,
    place,
    unsuspended,
)
from npt.staffing.rules.candidates import SOUGHT, Candidacy, Unit, gone_by
from npt.staffing.rules.leaving import Leaver, why
from npt.staffing.rules.tenure import Tenure, expected_until, tenures
from npt.staffing.rules.vacancies import forecast_until


class Cause(StrEnum):
    """The fact from which it is known that somebody leaves a post."""

    SERVICE = "service"
    POSTING = "posting"
    POST = "post"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody whose time in a team and grade is known to end. ``last_day`` is their last in it.

    ``open``: the posts that then stand empty with nobody to follow, the places to fill. A post that ends with them, or
    that another holds or takes over, is none.
    """

    posting: PostingFact
    last_day: dt.date
    cause: Cause
    open: tuple[PostFact, ...]

    @property
    def person_id(self) -> int:
        return self.posting.person_id

    @property
    def post(self) -> PostFact:
        return self.posting.post


def departures(
    posts: Iterable[PostFact],
    postings: Sequence[PostingFact],
    funded_until: Mapping[int, dt.date],
    day: dt.date,
    until: dt.date,
) -> list[Departure]:
    """Who leaves one of these posts from a day to another, both included, by known facts alone, soonest first.

    A last day of service, of a posting, of a post, or of a post's funding. Somebody who goes on in the same team and
    grade does not leave; an attachment that ends is no departure, nor is a post one is suspended from. Each person once
    for each team and grade.

    :param postings: every posting of everybody who ever held one of the posts
    :param funded_until: by the id of the post, where it is known
    """
    listed = [post for post in posts if post.grade in SOUGHT]
    wanted = {post.id for post in listed}
    empty = {(each.post.id, each.vacant_from) for each in forecast_until(listed, postings, day, until)}
    held = by_person(postings)
    found: dict[tuple[int, Place, Grade], Departure] = {}
    for posting in postings:
        if posting.post.id not in wanted or posting.kind is PostingKind.ATTACHMENT:
            continue
        ends = _end(posting, funded_until.get(posting.post.id), day)
        if ends is None or not day <= ends[0] <= until or not _leaves(posting, ends[0], held[posting.person_id]):
            continue
        last, cause = ends
        key = (posting.person_id, place(posting.post), posting.post.grade)
        before = found.get(key)
        stands_empty = (posting.post,) if (posting.post.id, last + DAY) in empty else ()
        latest = before if before and before.last_day > last else Departure(posting, last, cause, ())
        both = {*(before.open if before else ()), *stands_empty}
        found[key] = Departure(
            latest.posting, latest.last_day, latest.cause, tuple(sorted(both, key=lambda post: post.ref))
        )
    return sorted(found.values(), key=lambda each: (each.last_day, each.post.ref, each.person_id))


def _end(posting: PostingFact, funded: dt.date | None, day: dt.date) -> tuple[dt.date, Cause] | None:
    until = in_force_until(posting)
    if funded is not None and funded >= day and (until is None or funded < until):
        return funded, Cause.FUNDING
    if until is None:
        return None
    if until == posting.person_last_day:
        return until, Cause.SERVICE
    return until, Cause.POSTING if until == posting.last_day else Cause.POST


def _leaves(posting: PostingFact, last: dt.date, own: Sequence[PostingFact]) -> bool:
    """Whether somebody fills the post on the day and no longer serves in its team and grade on the day after."""
    if posting not in unsuspended(own, last):
        return False
    return not any(
        other is not posting
        and other.kind is not PostingKind.ATTACHMENT
        and (place(other.post), other.post.grade) == (place(posting.post), posting.post.grade)
        for other in unsuspended(own, last + DAY)
    )


def why_leaving(departure: Departure, end_reason: str | None, leaving_reason: str | None) -> str:
    """Why somebody is expected to leave, as far as it is recorded."""
    if departure.cause is Cause.POST:
        return "the post ends"
    if departure.cause is Cause.FUNDING:
        return "the funding of the post ends"
    if departure.cause is Cause.POSTING and not end_reason and departure.posting.kind in SUSPENDING:
        return f"{departure.posting.kind.value} posting ends"
    return why(Leaver(departure.posting, departure.last_day), end_reason, leaving_reason)


@dataclass(frozen=True, slots=True)
class MayMove:
    """An officer who reaches the day until which they are expected to stay. They may move, or stay."""

    tenure: Tenure
    expected_until: dt.date


def may_move(postings: Iterable[PostingFact], day: dt.date, until: dt.date, months: int) -> list[MayMove]:
    """Whose expected time in team and grade is over from a day to another, both included, soonest first.

    Only who is in that team and grade on the day, and not known to leave it before.

    :param months: of tenure expected (RULES section 2)
    """
    found = []
    for tenure in tenures(postings):
        expected = expected_until(tenure.first_day, months)
        here = tenure.first_day <= day and (tenure.last_day is None or tenure.last_day >= max(day, expected))
        if here and day <= expected <= until:
            found.append(MayMove(tenure, expected))
    return sorted(found, key=lambda each: (each.expected_until, each.tenure.person_id))


def attached(postings: Iterable[PostingFact], day: dt.date, until: dt.date) -> list[PostingFact]:
    """The attachments in force on a day of people who are still in the service after another."""
    return [
        posting
        for posting in postings
        if posting.kind is PostingKind.ATTACHMENT
        and posting.post.grade in SOUGHT
        and in_force(posting, day)
        and not gone_by(posting.person_last_day, until)
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """Expected leavers of a unit and grade against the pool. ``pool`` has each person once, by id."""

    unit: Unit
    grade: Grade
    leavers: frozenset[int]
    places: frozenset[int]
    ready: frozenset[int]
    attached: frozenset[int]
    pool: frozenset[int]
    short: int

    @property
    def said(self) -> str:
        """The shortfall in words."""
        if not self.places:
            return "No place to fill"
        return f"{self.short} short" if self.short else "Enough"


@dataclass(frozen=True, slots=True)
class Facts:
    """What succession is judged by: who leaves, who is ready, who is on attachment, and who has the grade already.

    ``serving``: the people who fill a post of each grade on the day. To post one of them fills a place and opens
    another, so that they take nothing off a shortfall.
    """

    departures: Sequence[Departure]
    ready: Sequence[Candidacy]
    attached: Sequence[PostingFact]
    serving: Mapping[Grade, Collection[int]]


def serving(postings: Sequence[PostingFact], day: dt.date) -> dict[Grade, frozenset[int]]:
    """The people who fill a post of each grade on a day."""
    held = filling(postings, day)
    return {grade: frozenset(p.person_id for p in held if p.post.grade is grade) for grade in Grade}


def line(unit: Unit, grade: Grade, facts: Facts) -> Line:
    """One unit and grade: places left open less the people who could fill them, never below none."""
    leaving = [each for each in facts.departures if each.post.grade is grade and unit.has(each.post)]
    ready = frozenset(each.person_id for each in facts.ready if each.grade is grade and each.suits(unit))
    here = frozenset(p.person_id for p in facts.attached if p.post.grade is grade and unit.has(p.post))
    places = frozenset(post.id for each in leaving for post in each.open)
    pool = (ready | here) - frozenset(facts.serving.get(grade, ()))
    return Line(
        unit,
        grade,
        frozenset(each.person_id for each in leaving),
        places,
        ready,
        here,
        pool,
        max(0, len(places) - len(pool)),
    )


def together(name: str, lines: Sequence[Line]) -> Line:
    """Units of one grade as one. Each person takes one place, in one of the units that they would come to.

    So the shortfall is never less than that of any unit, and a candidate for anywhere is not promised twice.
    """
    unit = Unit(
        "",
        name,
        frozenset().union(*(each.unit.bcu_ids for each in lines)),
        frozenset().union(*(each.unit.team_ids for each in lines)),
        frozenset().union(*(each.unit.sector_ids for each in lines)),
    )
    places = frozenset().union(*(each.places for each in lines))
    return Line(
        unit,
        lines[0].grade,
        frozenset().union(*(each.leavers for each in lines)),
        places,
        frozenset().union(*(each.ready for each in lines)),
        frozenset().union(*(each.attached for each in lines)),
        frozenset().union(*(each.pool for each in lines)),
        len(places) - _placed(lines),
    )


def _placed(lines: Sequence[Line]) -> int:
    """How many of the places can be filled at once: each person in one, moved aside while another can go elsewhere."""
    taken: dict[tuple[int, int], int] = {}
    options = {
        person: [(number, seat) for number, each in enumerate(lines) if person in each.pool for seat in each.places]
        for person in sorted(frozenset().union(*(each.pool for each in lines)))
    }

    def seated(person: int, tried: set[tuple[int, int]]) -> bool:
        for seat in options[person]:
            if seat in tried:
                continue
            tried.add(seat)
            if seat not in taken or seated(taken[seat], tried):
                taken[seat] = person
                return True
        return False

    return sum(seated(person, set()) for person in options)
