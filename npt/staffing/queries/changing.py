"""Read what is to be changed, within what the actor may see and locked, and the staffing a change is judged by."""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.exc import NoResultFound

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Cover, Person, Post, Posting, Sector, Team
from npt.people.queries import PersonRow
from npt.people.rules import PostFact, PostingFact, in_force_until
from npt.staffing.rules.effects import Facts, Names


def posts_of(scope: Scope) -> ColumnElement[bool]:
    """Only posts of the actor's."""
    return true() if scope.force else or_(Post.team_id.in_(scope.team_ids), Post.sector_id.in_(scope.sector_ids))


def post_row(ref: str, scope: Scope) -> Post:
    """A post, locked.

    :raises NoResultFound: when there is none, or it is not the actor's
    """
    return session.scalars(select(Post).where(Post.ref == ref, posts_of(scope)).with_for_update()).one()


def posting_row(posting_id: int, scope: Scope, *, lock: bool = True) -> Posting:
    """A posting to a post of the actor's, locked unless it is only shown.

    :raises NoResultFound: when there is none, or its post is not the actor's
    """
    statement = select(Posting).join(Posting.post).where(Posting.id == posting_id, posts_of(scope))
    return session.scalars(statement.with_for_update(of=Posting) if lock else statement).one()


def person_row(collar_number: str, scope: Scope, on: dt.date, *, lock: bool = True) -> Person:
    """A person the actor may post, locked unless only shown: in a post of the actor's today or later, or free.

    Somebody who stays elsewhere without an end is the business of whoever has that post.

    :raises NoResultFound: when there is none, or they are somebody else's
    """
    statement = select(Person).where(Person.collar_number == collar_number)
    found = session.scalars(statement.with_for_update() if lock else statement).one()
    if not may_be_posted(people.roll(person_ids=[found.id]).postings, scope, on):
        raise NoResultFound(f"no person {collar_number} within scope")
    return found


def may_be_posted(postings: Iterable[PostingFact], scope: Scope, on: dt.date) -> bool:
    """Whether somebody with these postings is the actor's to post."""
    ends = [(posting, in_force_until(posting)) for posting in postings]
    still = [(posting, until) for posting, until in ends if until is None or until >= on]
    return any(in_scope(posting.post, scope) for posting, _ in still) or all(until is not None for _, until in still)


def in_scope(post: PostFact, scope: Scope) -> bool:
    """Whether a post is one of the actor's."""
    return scope.has_team(post.team_id) or post.sector_id in scope.sector_ids


def cover_row(cover_id: int, scope: Scope) -> Cover:
    """A cover record of a team of the actor's, locked.

    :raises NoResultFound: when there is none, or the team is not the actor's
    """
    statement = select(Cover).join(Cover.team).where(Cover.id == cover_id, people.in_scope(scope))
    return session.scalars(statement.with_for_update(of=Cover)).one()


def team_row(code: str, scope: Scope) -> Team | None:
    """A team of the actor's by its code."""
    return session.scalars(select(Team).where(Team.code == code, people.in_scope(scope))).one_or_none()


def team_to_change(code: str, scope: Scope) -> Team:
    """A team of the actor's, locked.

    :raises NoResultFound: when there is none, or it is not the actor's
    """
    return session.scalars(select(Team).where(Team.code == code, people.in_scope(scope)).with_for_update()).one()


def sector_row(code: str, scope: Scope) -> Sector | None:
    """A sector of the actor's by its code."""
    allowed = true() if scope.force else Sector.id.in_(scope.sector_ids)
    return session.scalars(select(Sector).where(Sector.code == code, allowed)).one_or_none()


def ref_taken(ref: str) -> bool:
    """Whether any post of the force has this reference."""
    return session.scalar(select(Post.id).where(Post.ref == ref)) is not None


def fact_of(post: Post) -> PostFact:
    """A post as the rules need it: it ends with its team."""
    ends = [day for day in (post.last_day, post.team.last_day if post.team else None) if day is not None]
    last_day = min(ends, default=None)
    return PostFact(post.id, post.ref, post.grade, post.fte, post.first_day, last_day, post.team_id, post.sector_id)


def named(person: Person) -> PersonRow:
    """A person as a page names them."""
    return PersonRow(person.id, person.collar_number, person.forename, person.surname, person.grade, person.email)


def around(person_ids: Collection[int], post_ids: Collection[int] = ()) -> list[PostingFact]:
    """Every posting of everybody who ever holds one of these posts, or one that any of these people ever holds.

    What a change to these people or posts must be judged by: a suspension lies in somebody's other postings.
    """
    theirs = select(Posting.post_id).where(Posting.person_id.in_(list(person_ids)))
    holders = select(Posting.person_id).where(or_(Posting.post_id.in_(theirs), Posting.post_id.in_(list(post_ids))))
    found = people.roll(person_ids={*session.scalars(holders.distinct()), *person_ids})
    return sorted(found.postings, key=lambda posting: posting.id or 0)


def holders_of(post_id: int) -> list[Posting]:
    """Every posting to a post, in order of first day."""
    statement = select(Posting).where(Posting.post_id == post_id).order_by(Posting.first_day, Posting.id)
    return list(session.scalars(statement))


def facts() -> Facts:
    """The staffing of the whole force as it stands."""
    return Facts(
        sorted(people.roll().postings, key=lambda posting: posting.id or 0),
        people.posts(EVERYTHING),
        [team.fact for team in people.teams(EVERYTHING)],
        people.covers(),
    )


def names(*of: Facts) -> Names:
    """How the people, teams and BCUs of these facts are called."""
    teams = people.teams(EVERYTHING)
    ids = {posting.person_id for each in of for posting in each.postings}
    ids |= {cover.person_id for each in of for cover in each.covers}
    return Names(
        {person.id: person.name for person in people.people(ids).values()},
        {team.id: team.name for team in teams},
        {team.bcu_id: team.bcu_name for team in teams},
    )
