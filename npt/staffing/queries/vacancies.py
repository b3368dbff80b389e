"""Read the vacancies of a day with history, cover, owner and plan; what is forecast, and how even the burden is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import Role, Scope
from npt.core.db import session
from npt.flags import queries as flags
from npt.flags.queries import Narrowing
from npt.flags.rules import FlagKind
from npt.people import queries as people
from npt.people.models import Person, Post, Posting
from npt.people.queries import PersonRow, Roll
from npt.people.rules import Grade, Place, PostFact, PostingFact, place
from npt.policy.rules import Policy
from npt.staffing.models import VacancyPlan
from npt.staffing.queries.units import Structure, UnitLine
from npt.staffing.rules.leaving import Leaver, Plan, last_to_fill, plan_in_force, why
from npt.staffing.rules.vacancies import ForecastVacancy, Vacancy, forecast_vacancies, vacancies


@dataclass(frozen=True, slots=True)
class Where:
    """The units a post is in, for a page: a team and its sector, or, an inspector's, a sector alone."""

    team_code: str | None
    team_name: str | None
    sector_code: str
    sector_name: str
    bcu_code: str


@dataclass(frozen=True, slots=True)
class Left:
    """Who filled the post last, until when, and why no longer. ``open``: the reader may see their page."""

    person: PersonRow
    last_day: dt.date | None
    why: str
    open: bool


@dataclass(frozen=True, slots=True)
class CoverRow:
    """Who supervises a sergeant's team meanwhile, and since when."""

    person: PersonRow
    since: dt.date
    open: bool


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """Whose the vacancy's flag is."""

    role: Role
    flag_id: int


@dataclass(frozen=True, slots=True)
class VacantPost:
    """A vacant post as the list shows it."""

    vacancy: Vacancy
    where: Where
    left: Left | None
    cover: Sequence[CoverRow]
    owner: OwnerRow | None
    plan: Plan | None

    @property
    def post(self) -> PostFact:
        return self.vacancy.post


@dataclass(frozen=True, slots=True)
class ExpectedVacancy:
    """A post that will stand empty, who leaves it and why."""

    forecast: ForecastVacancy
    where: Where
    left: Left | None
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class VacancyPage:
    """The vacancies of a day, oldest first; what is forecast, soonest first; and each unit's share.

    ``specials`` counts vacant special constables' posts that the list leaves out.
    """

    vacant: Sequence[VacantPost]
    expected: Sequence[ExpectedVacancy]
    units: Sequence[UnitLine]
    total: UnitLine
    specials: int


Asked = Callable[[PostFact, Where], bool]


def vacancy_page(found: Structure, asked: Asked, *, specials: bool = False) -> VacancyPage:
    """Everything the page of vacancies says of a day.

    :param asked: which posts are asked for
    :param specials: list special constables' posts, which are otherwise only counted
    """
    where = places_of(found)
    posts = [post for post in found.posts if (unit := _where(post, where)) and asked(post, unit)]
    listed = [post for post in posts if specials or post.grade is not Grade.SPECIAL]
    vacant = vacancies(posts, found.roll.postings, found.on, found.policy)
    coming = forecast_vacancies(listed, found.roll.postings, found.on, found.policy)
    shown = [each for each in vacant if each.post in listed]
    left = _left(found, [(e.post, e.vacant_since) for e in shown] + [(e.post, e.vacant_from) for e in coming])
    cover, owners = _cover(found), _owners(found.scope)
    plans = _plans([*(each.post.id for each in shown), *(each.post.id for each in coming)])
    rows = [
        VacantPost(
            each,
            where[place(each.post)],
            left.get((each.post.id, each.vacant_since)),
            cover.get(each.post.team_id or 0, ()) if each.post.grade is Grade.SERGEANT else (),
            owners.get(each.post.ref),
            plan_in_force(plans[each.post.id], found.on, each.vacant_since),
        )
        for each in shown
    ]
    expected = [
        ExpectedVacancy(
            each,
            where[place(each.post)],
            left.get((each.post.id, each.vacant_from)),
            plan_in_force(plans[each.post.id], found.on, found.on),
        )
        for each in coming
    ]
    return VacancyPage(
        sorted(rows, key=lambda row: (-row.vacancy.age_days, row.post.ref)),
        sorted(expected, key=lambda row: (row.forecast.vacant_from, row.forecast.post.ref)),
        _shares(found),
        found.total("All"),
        sum(each.post.grade is Grade.SPECIAL for each in vacant) if not specials else 0,
    )


def _shares(found: Structure) -> list[UnitLine]:
    """The largest units the reader has whole."""
    if found.bcus:
        return found.bcu_lines(found.bcus)
    return found.sector_lines(found.sectors) if found.sectors else found.team_lines(found.teams)


def places_of(found: Structure) -> dict[Place, Where]:
    """Every team and sector within the reader's scope, as a page names them."""
    teams = {Place(t.id, None): Where(t.code, t.name, t.sector_code, t.sector_name, t.bcu_code) for t in found.teams}
    return teams | {Place(None, s.id): Where(None, None, s.code, s.name, s.bcu_code) for s in found.sectors}


def _where(post: PostFact, places: Mapping[Place, Where]) -> Where | None:
    return places.get(place(post))


def _left(found: Structure, wanted: Sequence[tuple[PostFact, dt.date]]) -> dict[tuple[int, dt.date], Left]:
    held: dict[int, list[PostingFact]] = defaultdict(list)
    for posting in found.roll.postings:
        held[posting.post.id].append(posting)
    leavers: dict[tuple[int, dt.date], Leaver] = {
        (post.id, since): leaver for post, since in wanted if (leaver := last_to_fill(held[post.id], since))
    }
    named = people.people({leaver.posting.person_id for leaver in leavers.values()})
    reasons = reasons_of([leaver.posting for leaver in leavers.values()])
    return {
        key: Left(
            named[leaver.posting.person_id],
            leaver.last_day,
            why(leaver, *reasons(leaver.posting)),
            found.open(leaver.posting.person_id),
        )
        for key, leaver in leavers.items()
    }


Recorded = Callable[[PostingFact], tuple[str | None, str | None]]
"""For a posting, why it ended or ends, and why its person leaves the service, as far as it is recorded."""


def reasons_of(postings: Sequence[PostingFact]) -> Recorded:
    """The reasons recorded for these postings and their people, read at once."""
    ended = {
        row.id: row.end_reason
        for row in session.execute(
            select(Posting.id, Posting.end_reason).where(Posting.id.in_([posting.id for posting in postings]))
        )
    }
    ids = {posting.person_id for posting in postings}
    leaving = {
        row.id: row.leaving_reason
        for row in session.execute(select(Person.id, Person.leaving_reason).where(Person.id.in_(ids)))
    }
    return lambda posting: (ended.get(posting.id or 0), leaving.get(posting.person_id))


def _cover(found: Structure) -> dict[int, list[CoverRow]]:
    rows = [(covered, span.person_id) for span in found.found.spans for covered in span.covered]
    named = people.people({person_id for _, person_id in rows})
    by_team: dict[int, list[CoverRow]] = defaultdict(list)
    for covered, person_id in rows:
        by_team[covered.team.id].append(CoverRow(named[person_id], covered.since, found.open(person_id)))
    return by_team


def _owners(scope: Scope) -> dict[str, OwnerRow]:
    rows = flags.flags_for(scope, Narrowing(kinds=[FlagKind.VACANCY]))
    return {row.subject: OwnerRow(row.owner_role, row.id) for row in rows}


def _plans(post_ids: Iterable[int]) -> dict[int, list[Plan]]:
    found: dict[int, list[Plan]] = defaultdict(list)
    rows = session.execute(
        select(
            VacancyPlan.post_id,
            VacancyPlan.planned_fill_on,
            VacancyPlan.note,
            VacancyPlan.set_on,
            VacancyPlan.set_by,
        )
        .where(VacancyPlan.post_id.in_(list(post_ids)))
        .order_by(VacancyPlan.id.desc())
    )
    for row in rows:
        found[row.post_id].append(Plan(row.planned_fill_on, row.note, row.set_on, row.set_by))
    return found


@dataclass(frozen=True, slots=True)
class Vacant:
    """A post with the day from which it is or will be vacant; nothing while it is filled and nobody leaves."""

    post: PostFact
    vacant_from: dt.date | None


def post_to_plan(ref: str, scope: Scope, on: dt.date, policy: Policy) -> Vacant:
    """A post whose filling is to be planned.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    post_id = session.execute(select(Post.id).where(Post.ref == ref)).scalar_one()
    post = next((post for post in people.posts(scope) if post.id == post_id), None)
    if post is None:
        raise NoResultFound(f"no post {ref} within scope")
    roll = _roll_of_post(post_id)
    now = vacancies([post], roll.postings, on, policy)
    coming = forecast_vacancies([post], roll.postings, on, policy)
    since = now[0].vacant_since if now else min((each.vacant_from for each in coming), default=None)
    return Vacant(post, since)


def _roll_of_post(post_id: int) -> Roll:
    """All postings of everybody who ever held a post: while they act elsewhere it is vacant."""
    return people.roll(person_ids=session.scalars(select(Posting.person_id).where(Posting.post_id == post_id)))
