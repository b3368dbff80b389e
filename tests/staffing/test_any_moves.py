"""Any sequence of moves keeps every constraint, and what is checked first is what then happens, on both databases."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from npt.core.authority import EVERYTHING
from npt.core.db import Base, transaction
from npt.core.db import session as current
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.people import queries as people
from npt.people import rules
from npt.people.models import Bcu, Cover, Person, Post, Posting, Sector, Team
from npt.people.rules import Grade, PostingKind
from npt.staffing import services
from npt.staffing.queries import changing
from npt.staffing.rules.moves import EndReason
from npt.staffing.rules.vacancies import vacancies
from npt.staffing.services import ChangeOfPost, EndOfPosting, Move, NewCover, NewPost, NewPosting, Rehearsed
from tests import make
from tests.conftest import NOW, TODAY, Backend
from tests.staffing.make import a_policy
from tests.staffing.moving import Force, a_force

POLICY = a_policy()
EXAMPLES = {"sqlite": 25, "postgresql": 8}
FROM_THE_DATABASE = "on some day"
"""The words only the database uses: a rule that lets something through to it has missed it."""


@dataclass(frozen=True)
class Try:
    """Something somebody might try: a verb, and numbers that choose who, what and when."""

    verb: str
    who: int
    what: int
    start: int
    length: int | None
    fte: Decimal | None
    why: str


VERBS = ("post", "temporary", "move", "attach", "act", "promote", "end", "open", "change", "close", "cover", "uncover")
tries = st.builds(
    Try,
    verb=st.sampled_from(VERBS),
    who=st.integers(0, 4),
    what=st.integers(0, 9),
    start=st.integers(-10, 30),
    length=st.none() | st.integers(-2, 30),
    fte=st.none() | st.sampled_from([Decimal("0.40"), Decimal("0.60")]),
    why=st.sampled_from(["", "Asked to"]),
)


@pytest.mark.usefixtures("session")
def test_any_sequence_of_moves_keeps_every_constraint(backend: Backend) -> None:
    @settings(max_examples=EXAMPLES[backend.name], suppress_health_check=list(HealthCheck))
    @given(st.lists(tries, min_size=4, max_size=14))
    def every_constraint_is_kept(sequence: list[Try]) -> None:
        _clear()
        force = a_force()
        make.person("1777", "Nowak")
        make.post(force.soham, Grade.PCSO, ref="SOH-PCSO-1", fte="0.60")
        for each in sequence:
            change = _change(force, each)
            if change is not None:
                _tried(change, each)
                _assert_sound()

    every_constraint_is_kept()


def _clear() -> None:
    order: list[type[Base]] = [Cover, Posting, Post, Person, Team, Sector, Bcu]
    with transaction():
        for table in order:
            current.execute(delete(table))
    current.expire_all()


def _tried(change: Callable[[], object], each: Try) -> None:
    """Rehearse, then do. A rehearsal keeps nothing, and foretells whether the change is refused."""
    before = changing.facts()
    foretold = _reasons(lambda: services.rehearse(change, TODAY + each.start * DAY, POLICY))
    assert changing.facts() == before
    assert _reasons(change) == foretold
    assert not any(FROM_THE_DATABASE in reason for reason in foretold)


def _reasons(change: Callable[[], object]) -> list[str]:
    try:
        with transaction():
            change()
    except Refused as refused:
        return [reason.message for reason in refused.reasons]
    except Rehearsed:
        return []
    finally:
        current.expire_all()
    return []


def _assert_sound() -> None:
    found = changing.facts()
    for own in found.own.values():
        assert rules.fte_breaches(own) == []
    for post in found.posts:
        assert rules.post_fte_breaches(post, found.postings) == []
    assert all(posting.first_day >= posting.post.first_day for posting in found.postings)
    assert all(p.kind is not PostingKind.ATTACHMENT or p.fte is None for p in found.postings)
    for number in (-1, 5, 20, 60):
        day = TODAY + number * DAY
        total = rules.staffing(found.posts, found.postings, day, lambda _: "force", by_grade=False)
        vacant = vacancies(found.posts, found.postings, day, POLICY)
        assert sum(each.establishment for each in total) == sum(each.filled for each in total) + len(vacant)


def _change(force: Force, each: Try) -> Callable[[], object] | None:
    """The call of a service that is tried, or nothing when there is nothing to try it on."""
    known: dict[str, Any] = {"actor": force.lead, "at": NOW}
    day = TODAY + each.start * DAY
    last = None if each.length is None else day + each.length * DAY
    people_of, posts = list(current.scalars(select(Person).order_by(Person.id))), people.posts(EVERYTHING)
    who, post = people_of[each.who % len(people_of)], posts[each.what % len(posts)]
    if each.verb in ("end", "move"):
        return _leaving(who, post.ref, day, each, known)
    if each.verb in ("open", "change", "close"):
        return _of_posts(post.ref, day, each, known)
    if each.verb in ("cover", "uncover"):
        return _of_cover(who, ("SOH", "ELY")[each.what % 2], day, last, each, known)
    service = {
        "post": services.post_person,
        "temporary": services.post_person,
        "attach": services.attach_person,
        "act": services.act_up,
        "promote": services.promote_temporarily,
    }[each.verb]
    kind = PostingKind.TEMPORARY if each.verb == "temporary" else PostingKind.SUBSTANTIVE
    new = NewPosting(post.ref, day, last, each.fte, kind)
    return lambda: service(who.collar_number, new, on=TODAY, **known)


def _leaving(who: Person, ref: str, day: dt.date, each: Try, known: dict[str, Any]) -> Callable[[], object] | None:
    own = [p.id or 0 for p in people.roll(person_ids=[who.id]).postings]
    if not own:
        return None
    chosen = own[each.what % len(own)]
    if each.verb == "end":
        reason = list(EndReason)[each.what % len(EndReason)]
        end = EndOfPosting(day, reason, each.why)
        return lambda: services.end_posting(chosen, end, policy=POLICY, **known)
    move = Move(chosen, ref, day, each.fte, each.why)
    return lambda: services.move_person(who.collar_number, move, on=TODAY, policy=POLICY, **known)


def _of_posts(ref: str, day: dt.date, each: Try, known: dict[str, Any]) -> Callable[[], object]:
    fte = each.fte or Decimal("1.00")
    name = f"NEW-{each.start}-{each.what}"
    if each.verb == "open":
        grade = list(Grade)[each.what % len(Grade)]
        new = NewPost(name, grade, "EC" if grade is Grade.INSPECTOR else "SOH", None, day)
        if grade is not Grade.SPECIAL:
            new = NewPost(name, grade, new.unit_code, fte, day)
        return lambda: services.create_post(new, **known)
    if each.verb == "change":
        return lambda: services.change_post(ref, ChangeOfPost(fte, day, name), on=TODAY, **known)
    return lambda: services.end_post(ref, day, "Budget", **known)


def _of_cover(
    who: Person, team: str, day: dt.date, last: dt.date | None, each: Try, known: dict[str, Any]
) -> Callable[[], object] | None:
    if each.verb == "cover":
        new = NewCover(who.collar_number, team, day, last, None, each.why)
        return lambda: services.record_cover(new, on=TODAY, **known)
    covers = list(current.scalars(select(Cover.id)))
    if not covers:
        return None
    chosen = covers[each.what % len(covers)]
    return lambda: services.end_cover(chosen, day, **known)
