"""Open a post, change its FTE, fund it, say what skill it needs, end it (RULES section 2)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import DAY, day_in_words
from npt.people import queries as people
from npt.people.models import Post, Posting
from npt.people.rules import Grade, PostFact, PostingFact, TeamFact
from npt.staffing.queries import changing
from npt.staffing.rules import moves

FOLLOWED = "The post's FTE changed"
"""Why a posting ends whose holder goes on in the post that follows."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to open. ``unit_code`` is a team's; an inspector's post names a sector."""

    ref: str
    grade: Grade
    unit_code: str
    fte: Decimal | None
    first_day: dt.date
    last_day: dt.date | None = None
    funding: str | None = None
    funding_last_day: dt.date | None = None
    required_skill: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeOfPost:
    """Another FTE from a day on, and the reference of the post that then follows."""

    fte: Decimal
    from_day: dt.date
    new_ref: str


@dataclass(frozen=True, slots=True)
class Funding:
    """Who pays for a post, and until when they have said they will."""

    funding: str | None
    funding_last_day: dt.date | None = None


def create_post(new: NewPost, *, actor: Actor, at: dt.datetime) -> str:
    """Open a post. Returns its reference.

    :raises Refused: with every reason: a reference in use, a unit that is not theirs or not for the grade, FTE or days
        that cannot be
    """
    db.lock_record("staffing")
    team, sector = changing.team_row(new.unit_code, actor.scope), changing.sector_row(new.unit_code, actor.scope)
    inspector = new.grade is Grade.INSPECTOR
    reasons = list(moves.ref_unusable(new.ref, "ref"))
    if changing.ref_taken(new.ref):
        reasons.append(Reason("Another post has this reference", "ref"))
    if inspector and sector is None:
        reasons.append(Reason("An inspector's post is in a sector: choose one of yours", "unit_code"))
    if not inspector and team is None:
        reasons.append(Reason("Choose one of your teams", "unit_code"))
    fact = TeamFact(team.id, team.code, team.first_day, team.last_day) if team and not inspector else None
    reasons += _obstacles_to_funding(Funding(new.funding, new.funding_last_day), new.first_day)
    refuse_if_any(reasons + moves.obstacles_to_post(new.first_day, new.last_day, new.fte, new.grade, fact))
    session.add(
        Post(
            ref=new.ref,
            grade=new.grade,
            team_id=team.id if team and not inspector else None,
            sector_id=sector.id if sector and inspector else None,
            fte=new.fte,
            first_day=new.first_day,
            last_day=new.last_day,
            funding=new.funding,
            funding_last_day=new.funding_last_day,
            required_skill=new.required_skill,
        )
    )
    audit.record(
        "post.opened",
        f"post:{new.ref}",
        actor=actor,
        at=at,
        unit=new.unit_code,
        grade=new.grade.value,
        fte=_text(new.fte),
        first_day=new.first_day,
        last_day=new.last_day,
        funding=new.funding,
        funding_last_day=new.funding_last_day,
        required_skill=new.required_skill,
    )
    return new.ref


def _text(fte: Decimal | None) -> str | None:
    return None if fte is None else f"{fte:.2f}"


def change_post(ref: str, change: ChangeOfPost, *, actor: Actor, at: dt.datetime, on: dt.date) -> str:
    """Give a post another FTE from a day on. Returns the reference of the post that then has it.

    A post's FTE never changes after its first day: the post ends the day before and another opens, with the same
    holders; their tenure goes on. Before its first day it changes as it stands.

    :raises NoResultFound: when there is no such post, or it is not theirs
    :raises Refused: with every reason: nothing changes, the day lies outside the post, the reference is in use, the
        holders would be above the new FTE
    """
    db.lock_record("staffing")
    post = changing.post_row(ref, actor.scope)
    fact = changing.fact_of(post)
    in_place = change.from_day == post.first_day and not moves.is_fixed(post.first_day, on)
    refuse_if_any(_obstacles_to_change(post, fact, change, in_place))
    followed = fact._replace(fte=change.fte)
    if not in_place:
        followed = followed._replace(id=-1, ref=change.new_ref, first_day=change.from_day)
    holders = people.people({row.person_id for row in changing.holders_of(post.id)})
    held = changing.around(holders.keys())
    after = [each for p in held for each in (_followed(p, followed, change) if p.post.id == post.id else [p])]
    refuse_if_any(moves.too_much_fte(after, {person.id: person.name for person in holders.values()}))
    if in_place:
        before, post.fte = post.fte, change.fte
        _record_change(ref, {"fte": _text(before)}, {"fte": _text(change.fte)}, actor=actor, at=at)
        return ref
    _follow(post, change, actor=actor, at=at)
    return change.new_ref


def _obstacles_to_change(post: Post, fact: PostFact, change: ChangeOfPost, in_place: bool) -> list[Reason]:
    found = list(moves.fte_out_of_range(change.fte))
    if post.fte is None:
        return [Reason("Specials are counted by people only: this post has no FTE", "fte")]
    if change.fte == post.fte:
        found.append(Reason(f"The post has {post.fte:.2f} FTE already", "fte"))
    if change.from_day <= post.first_day and not in_place:
        found.append(Reason(f"The post opened on {day_in_words(post.first_day)}: enter a later day", "from_day"))
    if fact.last_day is not None and change.from_day > fact.last_day:
        found.append(Reason(f"The post ends on {day_in_words(fact.last_day)}: enter an earlier day", "from_day"))
    if not in_place:
        found += moves.ref_unusable(change.new_ref, "new_ref")
    if not in_place and changing.ref_taken(change.new_ref):
        found.append(Reason("Another post has this reference", "new_ref"))
    return found


def _followed(posting: PostingFact, to: PostFact, change: ChangeOfPost) -> list[PostingFact]:
    return moves.handed_on(posting, to, change.from_day)


def _follow(post: Post, change: ChangeOfPost, *, actor: Actor, at: dt.datetime) -> None:
    """End the post and open the next, with whoever goes on in it."""
    # Somebody acting in this post would for a moment be back in their own.
    db.defer_overlaps()
    facts = {p.id: p for p in changing.around((), [post.id]) if p.post.id == post.id}
    following = Post(
        ref=change.new_ref,
        grade=post.grade,
        team_id=post.team_id,
        sector_id=post.sector_id,
        fte=change.fte,
        first_day=change.from_day,
        last_day=post.last_day,
        funding=post.funding,
        funding_last_day=post.funding_last_day,
        required_skill=post.required_skill,
    )
    session.add(following)
    session.flush()
    for row in changing.holders_of(post.id):
        parts = moves.handed_on(facts[row.id], changing.fact_of(following), change.from_day)
        if len(parts) == 2:
            _go_on(row, post.ref, following, actor=actor, at=at)
        elif parts[0].post.id == following.id:
            row.post_id = following.id
            before, after = {"post": post.ref}, {"post": following.ref}
            audit.record("posting.changed", f"posting:{row.id}", actor=actor, at=at, before=before, after=after)
    until = post.last_day
    post.last_day = change.from_day - DAY
    session.flush()
    _record_change(
        post.ref,
        {"last_day": until, "followed_by": None},
        {"last_day": post.last_day, "followed_by": following.ref},
        actor=actor,
        at=at,
    )
    audit.record(
        "post.opened",
        f"post:{following.ref}",
        actor=actor,
        at=at,
        follows=post.ref,
        fte=_text(change.fte),
        first_day=change.from_day,
        last_day=until,
    )


def _go_on(row: Posting, ref: str, following: Post, *, actor: Actor, at: dt.datetime) -> None:
    """End a holder's posting with its post and open the same in the post that follows."""
    opened = Posting(
        person_id=row.person_id,
        post_id=following.id,
        first_day=following.first_day,
        last_day=row.last_day,
        kind=row.kind,
        fte=row.fte,
        end_reason=row.end_reason,
    )
    session.add(opened)
    session.flush()
    until, row.last_day, row.end_reason = row.last_day, following.first_day - DAY, FOLLOWED
    audit.record(
        "posting.ended",
        f"posting:{row.id}",
        actor=actor,
        at=at,
        post=ref,
        before={"last_day": until, "end_reason": None},
        after={"last_day": row.last_day, "end_reason": FOLLOWED},
    )
    audit.record(
        "posting.opened",
        f"posting:{opened.id}",
        actor=actor,
        at=at,
        post=following.ref,
        kind=opened.kind.value,
        first_day=opened.first_day,
        last_day=opened.last_day,
    )


def _record_change(
    ref: str, before: dict[str, object], after: dict[str, object], *, actor: Actor, at: dt.datetime
) -> None:
    audit.record("post.changed", f"post:{ref}", actor=actor, at=at, before=before, after=after)


def _obstacles_to_funding(funding: Funding, first_day: dt.date) -> list[Reason]:
    found = []
    if funding.funding_last_day is not None and not funding.funding:
        found.append(Reason("Enter who pays until that day", "funding"))
    if funding.funding_last_day is not None and funding.funding_last_day < first_day:
        found.append(Reason(f"The post opens on {day_in_words(first_day)}", "funding_last_day"))
    return found


def fund_post(ref: str, funding: Funding, *, actor: Actor, at: dt.datetime) -> None:
    """Say who pays for a post and until when.

    :raises NoResultFound: when there is no such post, or it is not theirs
    :raises Refused: when a last day stands without a source, or before the post's first day
    """
    db.lock_record("staffing")
    post = changing.post_row(ref, actor.scope)
    refuse_if_any(_obstacles_to_funding(funding, post.first_day))
    before: dict[str, object] = {"funding": post.funding, "funding_last_day": post.funding_last_day}
    after: dict[str, object] = {"funding": funding.funding, "funding_last_day": funding.funding_last_day}
    if before != after:
        post.funding, post.funding_last_day = funding.funding, funding.funding_last_day
        _record_change(ref, before, after, actor=actor, at=at)


def require_skill(ref: str, skill: str | None, *, actor: Actor, at: dt.datetime) -> None:
    """Say what skill a post needs, or that it needs none.

    :raises NoResultFound: when there is no such post, or it is not theirs
    """
    db.lock_record("staffing")
    post = changing.post_row(ref, actor.scope)
    before, post.required_skill = post.required_skill, skill or None
    if before != post.required_skill:
        _record_change(ref, {"required_skill": before}, {"required_skill": skill or None}, actor=actor, at=at)


def end_post(ref: str, last_day: dt.date, why: str, *, actor: Actor, at: dt.datetime) -> None:
    """End a post. Its postings end with it.

    :raises NoResultFound: when there is no such post, or it is not theirs
    :raises Refused: when it would end before it opened or later than it does by itself, or when somebody who acts in it
        would come back to a post that another fills
    """
    db.lock_record("staffing")
    post = changing.post_row(ref, actor.scope)
    fact = changing.fact_of(post)
    refuse_if_any(moves.obstacles_to_end(post.first_day, fact.last_day, last_day, f"Post {ref}"))
    if fact.last_day == last_day:
        raise Refused(Reason(f"Post {ref} ends that day already", "last_day"))
    holders = people.people({row.person_id for row in changing.holders_of(post.id)})
    ended = fact._replace(last_day=last_day)
    held = changing.around(holders.keys())
    after = [p._replace(post=ended) if p.post.id == post.id else p for p in held]
    refuse_if_any(moves.too_much_fte(after, {person.id: person.name for person in holders.values()}, "last_day"))
    before, post.last_day = post.last_day, last_day
    audit.record(
        "post.ended",
        f"post:{ref}",
        actor=actor,
        at=at,
        before={"last_day": before, "why": None},
        after={"last_day": last_day, "why": why},
    )
