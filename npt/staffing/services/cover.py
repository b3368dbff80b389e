"""Record that a sergeant covers a team, and that they no longer do (RULES section 3)."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.people import queries as people
from npt.people.models import Cover, Person
from npt.people.queries import PersonRow
from npt.people.rules import CoverFact, Grade, TeamFact
from npt.staffing.queries import changing
from npt.staffing.rules import moves


@dataclass(frozen=True, slots=True)
class NewCover:
    """Who looks after which team, since when, and because of which vacancy or for what other reason."""

    collar_number: str
    team_code: str
    first_day: dt.date
    last_day: dt.date | None = None
    post_ref: str | None = None
    reason: str | None = None


def record_cover(new: NewCover, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Record that a sergeant covers a team that is not theirs by posting. Returns who.

    :param on: today, by which it is decided whose business the sergeant is
    :raises NoResultFound: when there is no such sergeant or vacancy, or they are not theirs
    :raises Refused: with every reason: not a sergeant then, theirs already, a team that is not live, nothing that says
        why
    """
    db.lock_record("staffing")
    person = changing.person_row(new.collar_number, actor.scope, on)
    who = changing.named(person)
    team = changing.team_row(new.team_code, actor.scope)
    if team is None:
        raise Refused(Reason("Choose one of your teams", "team_code"))
    post = changing.post_row(new.post_ref, actor.scope) if new.post_ref else None
    reasons = moves.obstacles_to_cover(
        CoverFact(person.id, team.id, new.first_day, new.last_day),
        people.roll(person_ids=[person.id]).postings,
        people.covers(person_id=person.id),
        TeamFact(team.id, team.code, team.first_day, team.last_day),
        who.name,
    )
    if post is not None and (post.team_id != team.id or post.grade is not Grade.SERGEANT):
        reasons.append(Reason(f"{post.ref} is no sergeant's post of this team", "post_ref"))
    if post is None and not new.reason:
        reasons.append(Reason("Choose the vacancy that causes it, or enter another reason", "reason"))
    refuse_if_any(reasons)
    row = Cover(
        person_id=person.id,
        team_id=team.id,
        first_day=new.first_day,
        last_day=new.last_day,
        reason=new.reason or (f"Vacancy {post.ref}" if post else None),
        post_id=post.id if post else None,
    )
    session.add(row)
    session.flush()
    audit.record(
        "cover.recorded",
        f"cover:{row.id}",
        actor=actor,
        at=at,
        collar_number=person.collar_number,
        team=team.code,
        first_day=new.first_day,
        last_day=new.last_day,
        vacancy=new.post_ref,
        reason=row.reason,
    )
    return who


def end_cover(cover_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> PersonRow:
    """Record the last day of cover. Returns who covered.

    :raises NoResultFound: when there is no such cover, or the team is not theirs
    :raises Refused: when it would end before it began, or later than by itself
    """
    db.lock_record("staffing")
    row = changing.cover_row(cover_id, actor.scope)
    refuse_if_any(moves.obstacles_to_end(row.first_day, row.last_day, last_day, "This cover"))
    before, row.last_day = row.last_day, last_day
    if before != last_day:
        audit.record(
            "cover.ended",
            f"cover:{row.id}",
            actor=actor,
            at=at,
            before={"last_day": before},
            after={"last_day": last_day},
        )
    return changing.named(session.get_one(Person, row.person_id))
