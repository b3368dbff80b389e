"""Read one post with everything about it, and the choices that forms about posts and people offer."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select, true

from npt.audit import queries as audit
from npt.audit.queries import HistoryLine
from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.core.periods import Period, day_in_words
from npt.people import queries as people
from npt.people.models import Cover, Person, Post, Sector, Team
from npt.people.queries import PersonRow, TeamRow
from npt.people.rules import Grade, Place, PostFact, PostingKind, holders, in_force, in_force_until, is_live, place
from npt.people.rules.records import may_open, place_of_record
from npt.policy.rules import Policy
from npt.staffing.queries import changing
from npt.staffing.queries.skills import names_held
from npt.staffing.rules.skills import lacking
from npt.staffing.rules.vacancies import ForecastVacancy, Vacancy, forecast_vacancies, vacancies, vacant_periods


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody's time in a post. ``last_day`` is the last day in force; ``now``: in force on the day asked about.

    ``open``: it can still be changed. ``open_record``: the reader may open the person's page.
    """

    id: int
    person: PersonRow
    kind: PostingKind
    first_day: dt.date
    last_day: dt.date | None
    fte: Decimal | None
    end_reason: str | None
    now: bool
    open: bool
    open_record: bool
    lacks_skill: bool
    """In force now, and without the skill the post asks for, whatever the reader may see of skills."""


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A time of cover, as recorded: because of which post, or for what other reason. ``post_ref`` is a post's."""

    id: int
    person: PersonRow
    team_id: int
    team_code: str
    team_name: str
    first_day: dt.date
    last_day: dt.date | None
    reason: str | None
    post_ref: str | None

    def days_by(self, day: dt.date) -> int:
        """How many days it has lasted by a day, or had when it ended; none before it begins."""
        return max((min(day, self.last_day or day) - self.first_day).days, 0)


@dataclass(frozen=True, slots=True)
class PostPage:
    """Everything about one post as on a day."""

    post: PostFact
    live: bool
    team: TeamRow | None
    sector_name: str
    funding: str | None
    funding_last_day: dt.date | None
    required_skill: str | None
    holdings: tuple[Holding, ...]
    vacancy: Vacancy | None
    forecast: ForecastVacancy | None
    vacant: tuple[Period, ...]
    covers: tuple[CoverRow, ...]
    history: list[HistoryLine]


def post_page(ref: str, scope: Scope, on: dt.date, policy: Policy) -> PostPage:
    """One post as on a day: its holders over time, how long it stood empty, and its record.

    :raises NoResultFound: when there is none, or it is not the actor's
    """
    row = session.scalars(select(Post).where(Post.ref == ref, changing.posts_of(scope))).one()
    fact = changing.fact_of(row)
    postings = changing.around((), [row.id])
    team = people.team(row.team.code, EVERYTHING) if row.team else None
    sector = session.get_one(Sector, row.sector_id) if row.sector_id else None
    holdings = _holdings(row, scope, on)
    covers = cover_rows(scope, post_id=row.id)
    subjects = [*(f"posting:{holding.id}" for holding in holdings), *(f"cover:{cover.id}" for cover in covers)]
    return PostPage(
        post=fact,
        live=is_live(fact, on),
        team=team,
        sector_name=team.sector_name if team else sector.name if sector else "",
        funding=row.funding,
        funding_last_day=row.funding_last_day,
        required_skill=row.required_skill,
        holdings=tuple(holdings),
        vacancy=next(iter(vacancies([fact], postings, on, policy)), None),
        forecast=next(iter(forecast_vacancies([fact], postings, on, policy)), None),
        vacant=tuple(reversed(vacant_periods(fact, postings, on))),
        covers=tuple(covers),
        history=audit.history(f"post:{ref}", *subjects),
    )


def _holdings(post: Post, scope: Scope, on: dt.date) -> list[Holding]:
    rows = {row.id: row for row in changing.holders_of(post.id)}
    around = changing.around((), [post.id])
    facts = {p.id: p for p in around if p.post.id == post.id}
    held = holders(around, on).get(post.id, ())
    without = _without_skill(post.required_skill, [posting.person_id for posting in held])
    named = people.people({row.person_id for row in rows.values()})
    roll = people.roll(person_ids=named)
    found = []
    for row in sorted(rows.values(), key=lambda row: (row.first_day, row.id), reverse=True):
        until = in_force_until(facts[row.id])
        found.append(
            Holding(
                row.id,
                named[row.person_id],
                row.kind,
                row.first_day,
                until,
                row.fte,
                row.end_reason,
                in_force(facts[row.id], on),
                until is None or until > on,
                may_open(scope, place_of_record(roll.by_person[row.person_id], on), row.person_id),
                row.person_id in without and facts[row.id] in held,
            )
        )
    return found


def _without_skill(required: str | None, person_ids: Sequence[int]) -> list[int]:
    return lacking(required, person_ids, names_held(person_ids)) if required and person_ids else []


def cover_rows(
    scope: Scope, *, post_id: int | None = None, cover_id: int | None = None, from_day: dt.date | None = None
) -> list[CoverRow]:
    """The cover of the actor's teams, newest first: all of it, or because of one post, or one record, or what has not
    ended before a day.

    Two statements, however many records there are.
    """
    statement = (
        select(Cover, Team, Post.ref)
        .join(Cover.team)
        .outerjoin(Cover.post)
        .where(people.in_scope(scope))
        .order_by(Cover.first_day.desc(), Cover.id.desc())
    )
    if post_id is not None:
        statement = statement.where(Cover.post_id == post_id)
    if cover_id is not None:
        statement = statement.where(Cover.id == cover_id)
    if from_day is not None:
        statement = statement.where(or_(Cover.last_day.is_(None), Cover.last_day >= from_day))
    rows = session.execute(statement).all()
    named = people.people({row.person_id for row, _, _ in rows})
    return [
        CoverRow(
            row.id,
            named[row.person_id],
            team.id,
            team.code,
            team.name,
            row.first_day,
            row.last_day,
            row.reason,
            post_ref,
        )
        for row, team, post_ref in rows
    ]


@dataclass(frozen=True, slots=True)
class HeldPosting:
    """A posting of a person, as a form names it."""

    id: int
    post: PostFact
    place: str
    kind: PostingKind
    first_day: dt.date
    last_day: dt.date | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody the actor may post, and the postings they hold now or will."""

    person: PersonRow
    held: tuple[HeldPosting, ...]


def candidate(collar_number: str, scope: Scope, on: dt.date) -> Candidate:
    """Somebody the actor may post.

    :raises NoResultFound: when there is nobody with this number, or they are somebody else's
    """
    person = changing.named(changing.person_row(collar_number, scope, on, lock=False))
    places = _places()
    held = sorted(people.roll(person_ids=[person.id]).postings, key=lambda posting: posting.first_day)
    return Candidate(
        person,
        tuple(
            HeldPosting(p.id or 0, p.post, places[place(p.post)], p.kind, p.first_day, until)
            for p in held
            for until in [in_force_until(p)]
            if until is None or until >= on
        ),
    )


def holding(posting_id: int, scope: Scope, on: dt.date) -> tuple[PersonRow, HeldPosting]:
    """One posting to a post of the actor's, and whose it is.

    :raises NoResultFound: when there is none, or its post is not the actor's
    """
    row = changing.posting_row(posting_id, scope, lock=False)
    fact = next(p for p in people.roll(person_ids=[row.person_id]).postings if p.id == posting_id)
    where = _places()[place(fact.post)]
    held = HeldPosting(posting_id, fact.post, where, row.kind, row.first_day, in_force_until(fact))
    return changing.named(session.get_one(Person, row.person_id)), held


def _places() -> dict[Place, str]:
    places = {Place(team.id, None): team.name for team in people.teams(EVERYTHING)}
    for ident, name in session.execute(select(Sector.id, Sector.name)):
        places[Place(None, ident)] = f"{name} sector"
    return places


def post_choices(scope: Scope, on: dt.date, grades: Collection[Grade] | None = None) -> dict[str, str]:
    """The posts of the actor's that have not ended on a day, in words, by reference: the vacant first."""
    posts = [
        post
        for post in people.posts(scope)
        if (post.last_day is None or post.last_day >= on) and (grades is None or post.grade in grades)
    ]
    places = _places()
    held = holders(changing.around((), [post.id for post in posts]), on)
    ordered = sorted(posts, key=lambda post: (post.id in held or not is_live(post, on), post.ref))
    return {post.ref: f"{_said(post, places)}, {_state(post, post.id in held, on)}" for post in ordered}


def _said(post: PostFact, places: dict[Place, str]) -> str:
    fte = "" if post.fte is None else f", {post.fte:.2f} FTE"
    return f"{post.ref}: {post.grade.label}, {places[place(post)]}{fte}"


def _state(post: PostFact, filled: bool, on: dt.date) -> str:
    if not is_live(post, on):
        return f"opens {day_in_words(post.first_day)}"
    return "filled" if filled else "vacant"


def sergeant_choices(scope: Scope, on: dt.date) -> dict[str, str]:
    """The sergeants of the actor's teams on a day, acting ones too, by collar number."""
    teams = {team.id: team.name for team in people.teams(scope)}
    present = people.roll(team_ids=list(teams)).in_team(teams, on)
    here = {person: posting for person, posting in present.items() if posting.post.grade is Grade.SERGEANT}
    ordered = sorted(people.people(here).values(), key=lambda person: (person.surname, person.collar_number))
    return {person.collar_number: f"{person.name}, {teams[here[person.id].post.team_id or 0]}" for person in ordered}


def team_choices(scope: Scope, on: dt.date) -> dict[str, str]:
    """The teams of the actor's that have not ended on a day, by code."""
    live = [team for team in people.teams(scope) if team.last_day is None or team.last_day >= on]
    return {team.code: team.name for team in sorted(live, key=lambda team: team.name)}


def sector_choices(scope: Scope) -> dict[str, str]:
    """The sectors of the actor's, by code."""
    allowed = true() if scope.force else Sector.id.in_(scope.sector_ids)
    rows = session.execute(select(Sector.code, Sector.name).where(allowed).order_by(Sector.name))
    return {code: f"{name} sector" for code, name in rows}


def next_refs(ref: str) -> list[str]:
    """The references in use that begin like one, by which the next is found."""
    statement = select(Post.ref).where(Post.ref.startswith(ref.partition(".")[0], autoescape=True))
    return list(session.scalars(statement))
