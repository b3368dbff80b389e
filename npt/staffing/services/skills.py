"""Record what somebody can do, verify it, and end it. The record keeps each step; what has ended stays in its table."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.people.models import Skill
from npt.people.queries import PersonRow
from npt.people.rules import SkillKind
from npt.staffing import queries
from npt.staffing.rules.skills import SkillEnds, as_known, obstacles_to_skill, obstacles_to_verifying


@dataclass(frozen=True, slots=True)
class NewSkill:
    """Something a person can do, and on which day that was verified, if it was."""

    kind: SkillKind
    name: str
    level: str | None = None
    verified_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EndOfSkill:
    """Why a skill is on a person's record no longer."""

    why: SkillEnds
    note: str | None = None


def add_skill(collar_number: str, new: NewSkill, *, actor: Actor, at: dt.datetime, on: dt.date) -> str:
    """Record that somebody can do something, in the spelling that is used already, which is returned.

    :raises NoResultFound: when there is nobody of that number, or they are not the actor's
    :raises Refused: when it is recorded already, or verified on a day to come
    """
    person = queries.person_to_skill(collar_number, actor, on)
    # Two who record the same at once must not both find it missing.
    db.lock_record("skills")
    held = session.execute(select(Skill.kind, Skill.name).where(Skill.person_id == person.id, Skill.ended_on.is_(None)))
    name = as_known(new.name, queries.known_names(new.kind)[new.kind])
    refuse_if_any(obstacles_to_skill(new.kind, name, [(row.kind, row.name) for row in held], new.verified_on, on))
    session.add(
        Skill(person_id=person.id, kind=new.kind, name=name, level=new.level or None, verified_on=new.verified_on)
    )
    audit.record(
        "skill.added",
        queries.skills_subject(collar_number),
        actor=actor,
        at=at,
        kind=new.kind,
        name=name,
        level=new.level or None,
        verified_on=new.verified_on,
    )
    return name


def verify_skill(
    skill_id: int, verified_on: dt.date, level: str | None, *, actor: Actor, at: dt.datetime, on: dt.date
) -> PersonRow:
    """Say that a skill was verified on a day, and at what level. Returns whose it is.

    :raises NoResultFound: when there is no such skill, or it is not the actor's to change
    :raises Refused: when the day is still to come
    """
    row, person = _locked(skill_id, actor, on)
    refuse_if_any(obstacles_to_verifying(verified_on, on))
    before = {"verified_on": row.verified_on, "level": row.level}
    after = {"verified_on": verified_on, "level": level or None}
    if before != after:
        row.verified_on, row.level = verified_on, level or None
        subject = queries.skills_subject(person.collar_number)
        audit.record("skill.verified", subject, actor=actor, at=at, name=row.name, before=before, after=after)
    return person


def end_skill(skill_id: int, end: EndOfSkill, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Take a skill off somebody's record from today; one recorded by mistake, from every day. Returns whose it was.

    What was a mistake leaves its table, and what it said stays in the record.

    :raises NoResultFound: when there is no such skill, or it is not the actor's to change
    """
    row, person = _locked(skill_id, actor, on)
    before = {"kind": row.kind, "name": row.name, "level": row.level, "verified_on": row.verified_on}
    mistaken = end.why is SkillEnds.MISTAKE
    audit.record(
        "skill.removed" if mistaken else "skill.ended",
        queries.skills_subject(person.collar_number),
        actor=actor,
        at=at,
        why=end.why,
        note=end.note or None,
        was=before,
        ended_on=None if mistaken else on,
    )
    if mistaken:
        session.delete(row)
    else:
        row.ended_on = on
    return person


def _locked(skill_id: int, actor: Actor, on: dt.date) -> tuple[Skill, PersonRow]:
    row = session.scalars(select(Skill).where(Skill.id == skill_id, Skill.ended_on.is_(None)).with_for_update()).one()
    return row, queries.person_of_skill(row, actor, on)
