"""Read which posts ask for a skill, whether their holders have it, and who could fill one that is vacant."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from npt.core.authority import Actor
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Post
from npt.people.queries import PersonRow
from npt.people.rules import PostFact, holders, is_live
from npt.staffing.queries.skills import Area, FoundSkill, Unit, skilled
from npt.staffing.rules.skills import folded, lacking


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Somebody who holds a post, since when, and whether the reader may open their page."""

    person: PersonRow
    since: dt.date
    open: bool


@dataclass(frozen=True, slots=True)
class RequiredRow:
    """A post that asks for a skill: those of its holders who lack it, or, when it is vacant, who in its BCU has it."""

    post: PostFact
    unit: Unit
    skill: str
    lacking: Sequence[HolderRow] = ()
    candidates: Sequence[FoundSkill] = ()


@dataclass(frozen=True, slots=True)
class RequirementsPage:
    """The posts within a scope that ask for a skill on a day: how many, the filled that lack it, and the vacant."""

    asking: int
    filled: Sequence[RequiredRow]
    vacant: Sequence[RequiredRow]


def requirements_on(on: dt.date, months: int, *, actor: Actor, today: dt.date) -> RequirementsPage:
    """Every post of the actor's that asks for a skill on a day, in order of ref (REQUIREMENTS B14).

    A skill of any kind meets a requirement of its name; capitals do not part them. Of a link with a community only
    those who may know of it are told who has it.
    """
    asking = select(Post.id, Post.required_skill).where(Post.required_skill.is_not(None))
    named = {post_id: skill or "" for post_id, skill in session.execute(asking)}
    posts = [post for post in people.posts(actor.scope) if post.id in named and is_live(post, on)]
    roll = people.roll()
    held = holders(roll.postings, on)
    able = skilled(on, months, actor=actor, today=today, names={named[post.id] for post in posts}, roll=roll)
    # Whether the requirement is met is judged by everything on record, whoever asks.
    names = {id: [row.name for row in rows] for id, rows in able.skills.items()}
    everybody = able.found(lambda _: True, Area())
    without = {
        post.id: lacking(named[post.id], [posting.person_id for posting in held[post.id]], names)
        for post in posts
        if post.id in held
    }
    people_there = people.people({id for ids in without.values() for id in ids})
    filled, vacant = [], []
    for post in posts:
        skill, unit = named[post.id], Unit(able.teams.get(post.team_id or 0), able.sectors.get(post.sector_id or 0))
        if post.id not in held:
            vacant.append(RequiredRow(post, unit, skill, candidates=_who_could(everybody, skill, unit)))
        elif without[post.id]:
            rows = [
                HolderRow(
                    people_there[posting.person_id]._replace(grade=post.grade),
                    posting.first_day,
                    able.opens(posting.person_id),
                )
                for posting in held[post.id]
                if posting.person_id in without[post.id]
            ]
            filled.append(RequiredRow(post, unit, skill, lacking=rows))
    return RequirementsPage(len(posts), filled, vacant)


def _who_could(everybody: Sequence[FoundSkill], skill: str, unit: Unit) -> list[FoundSkill]:
    there = Area(bcu=unit.bcu_code)
    return [row for row in everybody if folded(row.skill.name) == folded(skill) and there.holds(row.unit)]
