"""The database itself refuses more than 1.00 FTE for a person, and more than its own for a post (RULES section 2)."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from npt.core import db
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people import rules
from npt.people.models import Bcu, Person, Post, Posting, Sector, Team
from npt.people.rules import Grade, PostFact, PostingFact, PostingKind
from tests import make
from tests.people.make import staffings

PERSON = "more than 1.00 FTE"
POST = "more than its FTE"
NEW_YEAR = dt.date(2026, 1, 1)
MARCH = dt.date(2026, 3, 1)


@pytest.mark.usefixtures("session")
class TestRows:
    def test_two_half_postings_make_one_person_and_a_third_is_refused(self) -> None:
        team, officer = make.team(), make.person()
        make.posting(officer, make.post(team), fte="0.50")
        make.posting(officer, make.post(team), fte="0.50")

        with pytest.raises(Refused, match=PERSON) as refused:
            make.posting(officer, make.post(team), fte="0.01")

        assert refused.value.reasons[0].field == "fte"

    def test_two_holders_share_a_post_and_a_third_is_refused(self) -> None:
        shared = make.post(make.team())
        make.posting(make.person(), shared, fte="0.60")
        make.posting(make.person(), shared, fte="0.40")

        with pytest.raises(Refused, match=POST):
            make.posting(make.person(), shared, fte="0.10")

    def test_a_posting_carries_the_fte_of_its_post_when_it_says_none(self) -> None:
        team, officer = make.team(), make.person()
        make.posting(officer, make.post(team, fte="0.60"))

        with pytest.raises(Refused, match=PERSON):
            make.posting(officer, make.post(team, fte="0.50"))

    def test_postings_that_follow_each_other_to_the_day_are_allowed_and_one_day_of_both_is_refused(self) -> None:
        team, officer = make.team(), make.person()
        make.posting(officer, make.post(team), last_day=NEW_YEAR)
        following = make.posting(officer, make.post(team), first_day=NEW_YEAR + dt.timedelta(1))

        with pytest.raises(Refused, match=PERSON), transaction():
            current.get_one(Posting, following.id).first_day = NEW_YEAR

    def test_acting_elsewhere_lets_go_of_the_post_and_another_may_fill_it_until_the_return(self) -> None:
        team, officer = make.team(), make.person()
        own = make.post(team)
        make.posting(officer, own)
        make.posting(officer, make.post(team, Grade.SERGEANT), NEW_YEAR, MARCH, PostingKind.ACTING)
        make.posting(make.person(), own, NEW_YEAR, MARCH, PostingKind.TEMPORARY)

        with pytest.raises(Refused, match=POST):
            make.posting(make.person(), own, MARCH + dt.timedelta(1))

    def test_the_end_of_acting_is_not_brought_forward_while_another_fills_the_post(self) -> None:
        team, officer = make.team(), make.person()
        own = make.post(team)
        make.posting(officer, own)
        acting = make.posting(officer, make.post(team, Grade.SERGEANT), NEW_YEAR, MARCH, PostingKind.ACTING)
        make.posting(make.person(), own, NEW_YEAR, MARCH)

        with pytest.raises(Refused, match=POST), transaction():
            current.get_one(Posting, acting.id).last_day = NEW_YEAR
        with pytest.raises(Refused, match=POST), transaction():
            current.delete(current.get_one(Posting, acting.id))

    def test_an_attachment_and_a_specials_post_carry_no_fte(self) -> None:
        team, officer = make.team(), make.person()
        make.posting(officer, make.post(team))
        make.posting(officer, make.post(team), kind=PostingKind.ATTACHMENT)
        special = make.post(team, Grade.SPECIAL)

        make.posting(officer, special)
        make.posting(make.person(), special)

        assert len(current.scalars(select(Posting)).all()) == 4

    def test_a_posting_ends_with_its_post_its_team_and_the_service(self) -> None:
        closed = make.team(last_day=NEW_YEAR)
        officer, leaver = make.person(), make.person(leaving_on=NEW_YEAR)
        make.posting(officer, make.post(closed))
        handed_over = make.post(make.team())
        make.posting(leaver, handed_over)

        make.posting(officer, make.post(make.team()), NEW_YEAR + dt.timedelta(1))
        make.posting(make.person(), handed_over, NEW_YEAR + dt.timedelta(1))

        assert len(current.scalars(select(Posting)).all()) == 4

    def test_a_leaver_does_not_stay_on_once_another_has_the_post(self) -> None:
        leaver, post = make.person(leaving_on=NEW_YEAR), make.post(make.team())
        make.posting(leaver, post)
        make.posting(make.person(), post, NEW_YEAR + dt.timedelta(1))

        with pytest.raises(Refused, match=POST), transaction():
            current.get_one(Person, leaver.id).leaving_on = None

    def test_a_team_does_not_stay_open_once_its_people_are_posted_elsewhere(self) -> None:
        closed, officer = make.team(last_day=NEW_YEAR), make.person()
        make.posting(officer, make.post(closed))
        make.posting(officer, make.post(make.team()), NEW_YEAR + dt.timedelta(1))

        with pytest.raises(Refused, match=PERSON), transaction():
            current.get_one(Team, closed.id).last_day = None

    def test_a_post_does_not_shrink_below_what_its_holders_carry(self) -> None:
        post = make.post(make.team())
        make.posting(make.person(), post, fte="0.80")

        with pytest.raises(Refused, match=POST), transaction():
            current.get_one(Post, post.id).fte = Decimal("0.70")

    def test_what_is_put_off_to_the_end_is_judged_there(self) -> None:
        team, officer = make.team(), make.person()
        first = make.posting(officer, make.post(team))
        second = make.post(team)

        with transaction():
            db.defer_overlaps()
            moved = Posting(person_id=officer.id, post_id=second.id, first_day=MARCH, kind=PostingKind.SUBSTANTIVE)
            current.add(moved)
            current.flush()
            current.get_one(Posting, first.id).last_day = MARCH - dt.timedelta(1)
        with pytest.raises(Refused, match=PERSON), transaction():
            db.defer_overlaps()
            current.get_one(Posting, first.id).last_day = MARCH
        with pytest.raises(Refused, match=PERSON), transaction():
            current.get_one(Posting, first.id).last_day = MARCH

        assert current.get_one(Posting, first.id).last_day == MARCH - dt.timedelta(1)


@pytest.mark.usefixtures("session")
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(staffing=staffings(), put_off=st.booleans())
def test_the_database_refuses_exactly_what_the_rules_call_too_much(
    staffing: tuple[list[PostFact], list[PostingFact]], put_off: bool
) -> None:
    posts, postings = staffing
    unique = {(p.person_id, p.post.id, p.first_day): p for p in postings}.values()
    one_service = {p.person_id: p.person_last_day for p in unique}
    facts = [
        PostingFact(p.person_id, p.post, p.kind, p.first_day, p.last_day, p.fte, one_service[p.person_id], p.id)
        for p in unique
    ]
    too_much = any(rules.fte_breaches(own) for own in rules.by_person(facts).values()) or any(
        rules.post_fte_breaches(post, facts) for post in posts
    )

    assert _refused(posts, facts, put_off) == too_much


class Undone(Exception):
    """The example is over; nothing of it is kept."""


def _refused(posts: list[PostFact], facts: list[PostingFact], put_off: bool) -> bool:
    try:
        with transaction():
            if put_off:
                db.defer_overlaps()
            _write(posts, facts)
            db.check_overlaps()
            raise Undone
    except Undone:
        return False
    except Refused as refused:
        return PERSON in str(refused) or POST in str(refused)


def _write(posts: list[PostFact], facts: list[PostingFact]) -> None:
    force = Bcu(code="FTE", name="FTE")
    current.add(force)
    current.flush()
    sectors = {n: Sector(code=f"FTE-S{n}", name="S", bcu_id=force.id) for n in (1, 2)}
    current.add_all(sectors.values())
    current.flush()
    teams = {n: Team(code=f"FTE-T{n}", name="T", sector_id=sectors[1].id, first_day=make.LONG_AGO) for n in (1, 2, 3)}
    current.add_all(teams.values())
    people = {
        n: Person(
            collar_number=f"FTE-{n}",
            forename="A",
            surname="B",
            grade=Grade.PC,
            leaving_on=next((f.person_last_day for f in facts if f.person_id == n), None),
        )
        for n in {fact.person_id for fact in facts}
    }
    current.add_all(people.values())
    current.flush()
    rows = {
        p.id: Post(
            ref=f"FTE-{p.ref}",
            grade=p.grade,
            fte=p.fte,
            first_day=p.first_day,
            last_day=p.last_day,
            team_id=teams[p.team_id].id if p.team_id else None,
            sector_id=sectors[p.sector_id].id if p.sector_id else None,
        )
        for p in posts
    }
    current.add_all(rows.values())
    current.flush()
    # What suspends comes first: judged row by row, a substantive posting alone may be too much for a moment.
    for fact in sorted(facts, key=lambda fact: fact.kind not in rules.SUSPENDING):
        current.add(
            Posting(
                person_id=people[fact.person_id].id,
                post_id=rows[fact.post.id].id,
                first_day=fact.first_day,
                last_day=fact.last_day,
                kind=fact.kind,
                fte=None if fact.kind is PostingKind.ATTACHMENT else fact.fte,
            )
        )
        current.flush()


def test_of_two_who_post_the_same_person_at_the_same_time_the_second_is_refused(fresh_url: str) -> None:
    assert _at_the_same_time(fresh_url, same_person=True) == PERSON


def test_of_two_who_fill_the_same_post_at_the_same_time_the_second_is_refused(fresh_url: str) -> None:
    assert _at_the_same_time(fresh_url, same_person=False) == POST


def _at_the_same_time(url: str, *, same_person: bool) -> str | None:
    """Two transactions, the second begun while the first has written and not yet committed."""
    engine = db.connect(url)
    team = make.team()
    officer, other = make.person(), make.person()
    post, second = make.post(team), make.post(team)
    written, refusals = threading.Event(), list[str]()

    def work(person: Person, to: Post, before: Callable[[], object], after: Callable[[], object]) -> None:
        before()
        try:
            with transaction():
                current.add(
                    Posting(person_id=person.id, post_id=to.id, first_day=NEW_YEAR, kind=PostingKind.SUBSTANTIVE)
                )
                current.flush()
                after()
        except Refused as refused:
            refusals.append(str(refused))
        finally:
            current.remove()

    threads = [
        threading.Thread(target=work, args=(officer, post, lambda: None, lambda: _hold(written))),
        threading.Thread(
            target=work,
            args=(officer if same_person else other, second if same_person else post, written.wait, lambda: None),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    kept = len(current.scalars(select(Posting)).all())
    current.remove()
    engine.dispose()
    assert kept == 1
    return next((words for words in (PERSON, POST) if words in "".join(refusals)), None)


def _hold(written: threading.Event) -> None:
    """Say that the first has written, and give the second time to come up against it."""
    written.set()
    threading.Event().wait(0.5)
