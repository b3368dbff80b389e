"""Post people, move them, attach them, have them act up, end their postings (RULES section 2)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import DAY, day_in_words
from npt.people.models import Person, Post, Posting
from npt.people.queries import PersonRow
from npt.people.rules import PostingFact, PostingKind, in_force_until
from npt.policy.rules import Policy
from npt.staffing.queries import changing
from npt.staffing.rules import moves
from npt.staffing.rules.moves import EndReason


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A post somebody is put in. Without FTE: the post's."""

    post_ref: str
    first_day: dt.date
    last_day: dt.date | None = None
    fte: Decimal | None = None
    kind: PostingKind = PostingKind.SUBSTANTIVE


@dataclass(frozen=True, slots=True)
class Move:
    """From one substantive posting to another post; why, when it comes early."""

    posting_id: int
    post_ref: str
    first_day: dt.date
    fte: Decimal | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class EndOfPosting:
    """The last day of a posting, why it ends, and a note, without which nobody moves early."""

    last_day: dt.date
    reason: EndReason
    why: str | None = None


@dataclass(frozen=True, slots=True)
class _Around:
    """A person, and every posting that a change of theirs is judged by."""

    person: Person
    who: PersonRow
    postings: Sequence[PostingFact]

    @property
    def own(self) -> list[PostingFact]:
        return [posting for posting in self.postings if posting.person_id == self.person.id]

    def of(self, posting_id: int) -> PostingFact:
        return next(posting for posting in self.own if posting.id == posting_id)

    def refuse_too_much(self, after: Sequence[PostingFact], field: str = "fte") -> None:
        refuse_if_any(moves.too_much_fte(after, {self.person.id: self.who.name}, field))


def _around(person: Person, posts: Sequence[Post] = ()) -> _Around:
    return _Around(person, changing.named(person), changing.around([person.id], [post.id for post in posts]))


def post_person(collar_number: str, new: NewPosting, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Put somebody in a post from a day on. Returns who.

    :param on: today, by which it is decided whose business the person is
    :raises NoResultFound: when there is no such person or post, or they are not theirs
    :raises Refused: with every reason: days outside the post or the service, more than 1.00 FTE, more than the post's
    """
    db.lock_record("staffing")
    person = changing.person_row(collar_number, actor.scope, on)
    return _begin(person, new, actor=actor, at=at)


def attach_person(collar_number: str, new: NewPosting, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Attach somebody to another team, for the grade of a post there. Their own posting goes on. Returns who.

    :raises NoResultFound: as ``post_person``
    :raises Refused: as ``post_person``
    """
    return post_person(collar_number, replace(new, kind=PostingKind.ATTACHMENT), actor=actor, at=at, on=on)


def act_up(collar_number: str, new: NewPosting, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Have somebody act in a post of a higher grade. Their own posting is suspended meanwhile. Returns who.

    :raises NoResultFound: as ``post_person``
    :raises Refused: as ``post_person``; also when the post is of no higher grade
    """
    return _above(collar_number, replace(new, kind=PostingKind.ACTING), actor=actor, at=at, on=on)


def promote_temporarily(
    collar_number: str, new: NewPosting, *, actor: Actor, at: dt.datetime, on: dt.date
) -> PersonRow:
    """Promote somebody for a time. Their own posting is suspended meanwhile. Returns who.

    :raises NoResultFound: as ``post_person``
    :raises Refused: as ``post_person``; also when the post is of no higher grade
    """
    return _above(collar_number, replace(new, kind=PostingKind.TEMPORARY), actor=actor, at=at, on=on)


def _above(collar_number: str, new: NewPosting, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    db.lock_record("staffing")
    person = changing.person_row(collar_number, actor.scope, on)
    post = changing.post_row(new.post_ref, actor.scope)
    around = _around(person)
    refuse_if_any(moves.obstacles_to_acting(changing.fact_of(post), new.first_day, around.own, around.who.name))
    return _begin(person, new, actor=actor, at=at)


def _begin(person: Person, new: NewPosting, *, actor: Actor, at: dt.datetime) -> PersonRow:
    post = changing.post_row(new.post_ref, actor.scope)
    around = _around(person, [post])
    fact = _fact(person, post, new)
    refuse_if_any(moves.obstacles_to_posting(fact, around.own, around.who.name))
    around.refuse_too_much([*around.postings, fact])
    _open(person, post, new, actor=actor, at=at)
    return around.who


def _fact(person: Person, post: Post, new: NewPosting) -> PostingFact:
    return PostingFact(
        person.id, changing.fact_of(post), new.kind, new.first_day, new.last_day, new.fte, person.leaving_on
    )


def _open(person: Person, post: Post, new: NewPosting, *, actor: Actor, at: dt.datetime) -> None:
    row = Posting(
        person_id=person.id,
        post_id=post.id,
        first_day=new.first_day,
        last_day=new.last_day,
        kind=new.kind,
        fte=new.fte,
    )
    session.add(row)
    session.flush()
    audit.record(
        "posting.opened",
        f"posting:{row.id}",
        actor=actor,
        at=at,
        collar_number=person.collar_number,
        post=post.ref,
        kind=new.kind.value,
        first_day=new.first_day,
        last_day=new.last_day,
        fte=None if new.fte is None else f"{new.fte:.2f}",
    )


def move_person(
    collar_number: str, move: Move, *, actor: Actor, at: dt.datetime, on: dt.date, policy: Policy
) -> PersonRow:
    """End a substantive posting the day before and put the person in another post. Returns who.

    :param policy: of the day of the move
    :raises NoResultFound: when there is no such person, posting or post, or they are not theirs
    :raises Refused: with every reason, as ``post_person``; also when the move is early and nothing says why
    """
    db.lock_record("staffing")
    person = changing.person_row(collar_number, actor.scope, on)
    row = changing.posting_row(move.posting_id, actor.scope)
    post = changing.post_row(move.post_ref, actor.scope)
    if row.person_id != person.id or row.kind is not PostingKind.SUBSTANTIVE:
        raise Refused(Reason("Choose the posting they move from", "posting_id"))
    around = _around(person, [post])
    old = around.of(row.id)
    ended = old._replace(last_day=move.first_day - DAY)
    new = NewPosting(move.post_ref, move.first_day, None, move.fte)
    fact = _fact(person, post, new)
    others = [posting for posting in around.own if posting is not old]
    reasons = [
        *_obstacles_to_leaving(old, move.first_day),
        *moves.obstacles_to_posting(fact, [*others, old], around.who.name),
    ]
    if not reasons:
        early = moves.new_early_moves(around.own, [*others, ended, fact], policy.tenure_months)
        reasons += moves.early_without_reason(early, move.why, around.who.name)
    refuse_if_any(reasons)
    around.refuse_too_much([*(p for p in around.postings if p is not old), ended, fact])
    promoted = moves.is_higher(post.grade, old.post.grade)
    _end(row, move.first_day - DAY, EndReason.PROMOTION if promoted else EndReason.TRANSFER, move.why)
    # The database judges row by row: the old posting lets go before the new one takes hold.
    session.flush()
    _record_end(row, person, old, actor=actor, at=at)
    _open(person, post, new, actor=actor, at=at)
    return around.who


def _obstacles_to_leaving(old: PostingFact, first_day: dt.date) -> list[Reason]:
    until = in_force_until(old)
    if first_day <= old.first_day:
        return [Reason(f"They came to {old.post.ref} on {day_in_words(old.first_day)}: enter a later day", "first_day")]
    if until is not None and until < first_day - DAY:
        return [Reason(f"They leave {old.post.ref} on {day_in_words(until)} already: post them instead", "first_day")]
    return []


def end_posting(posting_id: int, end: EndOfPosting, *, actor: Actor, at: dt.datetime, policy: Policy) -> PersonRow:
    """End a posting, and with some reasons the service. Returns who. Ended so already, it is not ended again.

    :param policy: of the last day
    :raises NoResultFound: when there is no such posting, or its post is not theirs
    :raises Refused: with every reason: it would end before it began or later than by itself, early without a reason, or
        somebody who acted would come back to a post that another fills
    """
    db.lock_record("staffing")
    row = changing.posting_row(posting_id, actor.scope)
    person = session.get_one(Person, row.person_id, with_for_update=True)
    around = _around(person)
    old = around.of(row.id)
    leaves = end.reason in moves.LEAVES_SERVICE
    service = end.last_day if leaves else old.person_last_day
    after = [_shortened(posting, old, end.last_day, person.id, service) for posting in around.postings]
    reasons = moves.obstacles_to_end(old.first_day, in_force_until(old), end.last_day, "This posting")
    if not reasons:
        early = moves.new_early_moves(around.own, [p for p in after if p.person_id == person.id], policy.tenure_months)
        reasons += moves.early_without_reason(early, end.why, around.who.name)
    refuse_if_any(reasons)
    around.refuse_too_much(after, "last_day")
    if _ended_so(row, person, end):
        return around.who
    _end(row, end.last_day, end.reason, end.why)
    _record_end(row, person, old, actor=actor, at=at)
    if leaves:
        _end_service(person, end, actor=actor, at=at)
    session.flush()
    return around.who


def _shortened(
    posting: PostingFact, old: PostingFact, last_day: dt.date, person_id: int, service: dt.date | None
) -> PostingFact:
    if posting is old:
        return posting._replace(last_day=last_day, person_last_day=service)
    return posting._replace(person_last_day=service) if posting.person_id == person_id else posting


def _ended_so(row: Posting, person: Person, end: EndOfPosting) -> bool:
    """Whether the same form was sent before."""
    left = end.reason not in moves.LEAVES_SERVICE or person.leaving_on == end.last_day
    return left and (row.last_day, row.end_reason) == (end.last_day, _said(end.reason, end.why))


def _said(reason: EndReason, why: str | None) -> str:
    return f"{reason.label}: {why}" if why else reason.label


def _end(row: Posting, last_day: dt.date, reason: EndReason, why: str | None) -> None:
    row.last_day, row.end_reason = last_day, _said(reason, why)


def _record_end(row: Posting, person: Person, old: PostingFact, *, actor: Actor, at: dt.datetime) -> None:
    audit.record(
        "posting.ended",
        f"posting:{row.id}",
        actor=actor,
        at=at,
        collar_number=person.collar_number,
        post=old.post.ref,
        before={"last_day": old.last_day, "end_reason": None},
        after={"last_day": row.last_day, "end_reason": row.end_reason},
    )


def _end_service(person: Person, end: EndOfPosting, *, actor: Actor, at: dt.datetime) -> None:
    before: dict[str, object] = {"leaving_on": person.leaving_on, "leaving_reason": person.leaving_reason}
    person.leaving_on, person.leaving_reason = end.last_day, end.reason.label
    audit.record(
        "person.leaving",
        f"person:{person.collar_number}",
        actor=actor,
        at=at,
        before=before,
        after={"leaving_on": end.last_day, "leaving_reason": end.reason.label},
    )
