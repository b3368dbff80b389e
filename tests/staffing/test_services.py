"""Posts, postings and cover as the resources lead changes them, on both databases."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people import queries as people
from npt.people.models import Cover, Person, Post, Posting
from npt.people.rules import Grade, PostingKind, holders
from npt.staffing import services
from npt.staffing.rules.moves import EndReason
from npt.staffing.rules.tenure import tenures
from npt.staffing.services import ChangeOfPost, EndOfPosting, Funding, Move, NewCover, NewPost, NewPosting
from tests import make
from tests.conftest import NOW, TODAY
from tests.staffing.make import a_policy
from tests.staffing.moving import SETTLED, Force, a_force

Change = Callable[[], object]
DECEMBER = dt.date(2026, 12, 1)
NOVEMBER_ENDS = dt.date(2026, 11, 30)


@pytest.fixture
def force(session: object) -> Force:
    return a_force()


def done(change: Change) -> None:
    with transaction():
        change()
    current.expire_all()


def refused(change: Change) -> dict[str | None, str]:
    with pytest.raises(Refused) as refusal:
        done(change)
    return {reason.field: reason.message for reason in refusal.value.reasons}


def opens(force: Force, **known: object) -> Change:
    typed = {"ref": "SOH-PC-9", "grade": Grade.PC, "unit_code": "SOH", "fte": Decimal("1.00"), "first_day": DECEMBER}
    new = NewPost(**{**typed, **known})  # type: ignore[arg-type]
    return lambda: services.create_post(new, actor=force.lead, at=NOW)


def posts_to(force: Force, who: Person, ref: str, first_day: dt.date = DECEMBER, **known: object) -> Change:
    new = NewPosting(ref, first_day, **known)  # type: ignore[arg-type]
    return lambda: services.post_person(who.collar_number, new, actor=force.lead, at=NOW, on=TODAY)


def moves(force: Force, who: Person, ref: str, first_day: dt.date = DECEMBER, **known: object) -> Change:
    move = Move(force.posting_of(who).id, ref, first_day, **known)  # type: ignore[arg-type]
    return lambda: services.move_person(who.collar_number, move, actor=force.lead, at=NOW, on=TODAY, policy=a_policy())


def acts(force: Force, who: Person, ref: str, last_day: dt.date | None = None) -> Change:
    new = NewPosting(ref, DECEMBER, last_day)
    return lambda: services.act_up(who.collar_number, new, actor=force.lead, at=NOW, on=TODAY)


def ends(
    force: Force, posting: Posting, last_day: dt.date = NOVEMBER_ENDS, reason: EndReason = EndReason.OTHER, **known: str
) -> Change:
    end = EndOfPosting(last_day, reason, **known)
    return lambda: services.end_posting(posting.id, end, actor=force.lead, at=NOW, policy=a_policy())


def changes(force: Force, ref: str, fte: str, from_day: dt.date = DECEMBER, new_ref: str = "NEXT") -> Change:
    change = ChangeOfPost(Decimal(fte), from_day, new_ref)
    return lambda: services.change_post(ref, change, actor=force.lead, at=NOW, on=TODAY)


def covers(force: Force, who: Person, team: str = "ELY", **known: object) -> Change:
    typed = {"post_ref": "ELY-SGT-1", "first_day": DECEMBER}
    new = NewCover(who.collar_number, team, **{**typed, **known})  # type: ignore[arg-type]
    return lambda: services.record_cover(new, actor=force.lead, at=NOW, on=TODAY)


def held_by(day: dt.date) -> dict[str, list[str]]:
    named = people.people(current.scalars(select(Person.id)))
    return {
        held[0].post.ref: sorted(named[p.person_id].collar_number for p in held)
        for held in holders(people.roll().postings, day).values()
    }


class TestPosts:
    def test_a_post_is_opened_with_its_funding_and_the_record_of_it(self, force: Force) -> None:
        done(opens(force, funding="Soham Town Council", funding_last_day=dt.date(2028, 3, 31), required_skill="Polish"))

        post = current.scalars(select(Post).where(Post.ref == "SOH-PC-9")).one()
        assert (post.team_id, post.fte, post.funding) == (force.soham.id, Decimal("1.00"), "Soham Town Council")
        assert [line.event for line in history("post:SOH-PC-9")] == ["post.opened"]

    def test_an_inspectors_post_is_in_a_sector_and_no_team(self, force: Force) -> None:
        said = refused(opens(force, grade=Grade.INSPECTOR))
        done(opens(force, ref="EC-INSP", grade=Grade.INSPECTOR, unit_code="EC"))

        post = current.scalars(select(Post).where(Post.ref == "EC-INSP")).one()
        assert "sector" in said["unit_code"]
        assert (post.team_id, post.sector_id) == (None, force.sector.id)

    def test_everything_wrong_with_a_post_is_said_at_once(self, force: Force) -> None:
        make.team(code="ELSEWHERE")

        said = refused(opens(force, ref="SOH-PC-1", unit_code="ELSEWHERE", fte=Decimal("1.20"), last_day=NOVEMBER_ENDS))

        assert said.keys() == {"ref", "unit_code", "fte", "last_day"}

    @pytest.mark.parametrize("ref", ["SOH/PC", "SOH PC 1", "-1", "SÖH"])
    def test_a_reference_holds_nothing_an_address_cannot(self, force: Force, ref: str) -> None:
        assert refused(opens(force, ref=ref)).keys() == {"ref"}
        assert refused(changes(force, "SOH-PC-1", "0.60", new_ref=ref)).keys() == {"new_ref"}

    def test_a_specials_post_has_no_fte_and_every_other_has(self, force: Force) -> None:
        assert refused(opens(force, grade=Grade.SPECIAL)).keys() == {"fte"}
        assert refused(opens(force, fte=None)).keys() == {"fte"}

    def test_a_change_of_fte_ends_the_post_and_opens_another_with_the_same_holder_whose_tenure_goes_on(
        self, force: Force
    ) -> None:
        done(changes(force, "SOH-PC-1", "0.60", new_ref="SOH-PC-1.2"))

        old, new = (current.scalars(select(Post).where(Post.ref == ref)).one() for ref in ("SOH-PC-1", "SOH-PC-1.2"))
        assert (old.fte, old.last_day) == (Decimal("1.00"), NOVEMBER_ENDS)
        assert (new.fte, new.first_day, new.team_id) == (Decimal("0.60"), DECEMBER, force.soham.id)
        assert held_by(NOVEMBER_ENDS)["SOH-PC-1"] == held_by(DECEMBER)["SOH-PC-1.2"] == ["1432"]
        [tenure] = tenures(people.roll(person_ids=[force.constable.id]).postings)
        assert (tenure.first_day, tenure.last_day) == (SETTLED, None)
        went_on = current.scalars(select(Posting).order_by(Posting.first_day)).all()[-1]
        assert [line.event for line in history(f"posting:{went_on.id}")] == ["posting.opened"]

    def test_the_holder_who_acts_elsewhere_and_the_one_who_fills_in_both_go_on_in_the_post_that_follows(
        self, force: Force
    ) -> None:
        done(acts(force, force.constable, "ELY-SGT-1"))
        stand_in = make.person("1777")
        done(posts_to(force, stand_in, "SOH-PC-1", kind=PostingKind.TEMPORARY))
        later = DECEMBER + dt.timedelta(31)

        done(changes(force, "SOH-PC-1", "0.50", later, "SOH-PC-1.2"))

        assert held_by(later) == {
            "SOH-SGT-1": ["2979"],
            "ELY-SGT-1": ["1432"],
            "ELY-PC-1": ["1500"],
            "SOH-PC-1.2": ["1777"],
        }

    def test_the_post_somebody_acts_in_changes_while_another_fills_their_own(self, force: Force) -> None:
        done(acts(force, force.constable, "ELY-SGT-1"))
        done(posts_to(force, make.person("1777"), "SOH-PC-1", kind=PostingKind.TEMPORARY))
        later = DECEMBER + dt.timedelta(31)

        done(changes(force, "ELY-SGT-1", "0.80", later, "ELY-SGT-2"))

        assert held_by(later)["ELY-SGT-2"] == ["1432"]
        assert held_by(later)["SOH-PC-1"] == ["1777"]

    def test_a_posting_that_has_not_begun_begins_in_the_post_that_follows(self, force: Force) -> None:
        done(posts_to(force, make.person("1777"), "SOH-PC-2", DECEMBER + dt.timedelta(10)))

        done(changes(force, "SOH-PC-2", "0.50"))

        assert held_by(DECEMBER + dt.timedelta(10))["NEXT"] == ["1777"]

    def test_a_post_that_opens_today_or_later_changes_as_it_stands(self, force: Force) -> None:
        done(opens(force))

        done(changes(force, "SOH-PC-9", "0.50"))

        posts = current.scalars(select(Post).where(Post.ref.in_(["SOH-PC-9", "NEXT"]))).all()
        assert [(p.ref, p.fte) for p in posts] == [("SOH-PC-9", Decimal("0.50"))]

    def test_a_post_does_not_change_to_less_than_its_holders_say_they_carry(self, force: Force) -> None:
        make.posting(make.person(), force.posts["SOH-PC-2"], SETTLED, fte="0.80")

        said = refused(changes(force, "SOH-PC-2", "0.50"))

        assert said == {"fte": "Post NEXT of 0.50 FTE would be held by 0.80 FTE from 1 December 2026"}

    def test_the_first_day_the_reference_and_the_fte_of_a_change_are_judged(self, force: Force) -> None:
        said = refused(changes(force, "SOH-PC-1", "1.00", make.LONG_AGO, "SOH-PC-2"))

        assert said.keys() == {"fte", "from_day", "new_ref"}

    def test_funding_needs_a_source_and_a_day_within_the_post(self, force: Force) -> None:
        early = Funding(None, dt.date(2019, 12, 31))

        said = refused(lambda: services.fund_post("SOH-PC-1", early, actor=force.lead, at=NOW))

        assert said.keys() == {"funding", "funding_last_day"}

    def test_funding_and_a_required_skill_are_kept_with_what_was_before(self, force: Force) -> None:
        paid = Funding("Council", dt.date(2028, 3, 31))

        done(lambda: services.fund_post("SOH-PC-1", paid, actor=force.lead, at=NOW))
        done(lambda: services.fund_post("SOH-PC-1", paid, actor=force.lead, at=NOW))
        done(lambda: services.require_skill("SOH-PC-1", "Polish", actor=force.lead, at=NOW))

        skill, funding = history("post:SOH-PC-1")
        assert skill.details == {"before": {"required_skill": None}, "after": {"required_skill": "Polish"}}
        assert funding.details["after"] == {"funding": "Council", "funding_last_day": "2028-03-31"}

    def test_the_postings_of_a_post_end_with_it(self, force: Force) -> None:
        done(lambda: services.end_post("SOH-PC-1", NOVEMBER_ENDS, "Budget", actor=force.lead, at=NOW))

        assert "SOH-PC-1" in held_by(NOVEMBER_ENDS)
        assert "SOH-PC-1" not in held_by(DECEMBER)

    def test_a_post_is_not_ended_while_who_acts_in_it_would_come_back_to_a_post_another_fills(
        self, force: Force
    ) -> None:
        done(acts(force, force.constable, "ELY-SGT-1"))
        done(posts_to(force, make.person("1777"), "SOH-PC-1", kind=PostingKind.TEMPORARY))

        said = refused(lambda: services.end_post("ELY-SGT-1", dt.date(2027, 1, 31), "Budget", actor=force.lead, at=NOW))

        assert said == {"last_day": "Post SOH-PC-1 of 1.00 FTE would be held by 2.00 FTE from 1 February 2027"}

    @pytest.mark.parametrize("ref", ["NOWHERE-1", "NO-SUCH"])
    def test_a_post_of_another_bcu_is_not_there(self, force: Force, ref: str) -> None:
        make.post(make.team(), ref="NOWHERE-1")

        with pytest.raises(NoResultFound):
            done(lambda: services.require_skill(ref, "Polish", actor=force.lead, at=NOW))


class TestPostings:
    def test_a_new_constable_is_posted_from_a_day_to_come(self, force: Force) -> None:
        done(posts_to(force, make.person("1777"), "SOH-PC-2"))

        assert "SOH-PC-2" not in held_by(NOVEMBER_ENDS)
        assert held_by(DECEMBER)["SOH-PC-2"] == ["1777"]
        [line] = history(f"posting:{current.scalars(select(Posting.id).order_by(Posting.id.desc())).first()}")
        assert (line.event, line.details["collar_number"], line.details["post"]) == (
            "posting.opened",
            "1777",
            "SOH-PC-2",
        )

    def test_nobody_is_posted_above_full_time_nor_a_post_above_its_own(self, force: Force) -> None:
        said = refused(posts_to(force, force.constable, "ELY-PC-1", fte=Decimal("0.50")))
        shared = refused(posts_to(force, make.person(), "ELY-PC-1", fte=Decimal("0.50")))

        assert said["fte"].endswith("would be held by 1.50 FTE from 1 December 2026")
        assert shared == {"fte": "Post ELY-PC-1 of 1.00 FTE would be held by 1.50 FTE from 1 December 2026"}

    def test_a_posting_lies_within_its_post_and_the_service(self, force: Force) -> None:
        leaver = make.person(leaving_on=NOVEMBER_ENDS)
        late = make.post(force.soham, ref="LATE", first_day=dt.date(2027, 1, 1))

        said = refused(posts_to(force, leaver, late.ref, last_day=NOVEMBER_ENDS))

        assert "leaves the force on 30 November 2026" in said["first_day"]
        assert "1 December 2026 or later" in said["last_day"]

    def test_a_move_ends_one_posting_the_day_before_and_opens_the_other(self, force: Force) -> None:
        done(moves(force, force.constable, "ELY-PC-2"))

        assert held_by(NOVEMBER_ENDS)["SOH-PC-1"] == held_by(DECEMBER)["ELY-PC-2"] == ["1432"]
        assert "SOH-PC-1" not in held_by(DECEMBER)

    def test_an_early_move_needs_a_reason_and_keeps_it(self, force: Force) -> None:
        recent = make.person("1777")
        make.posting(recent, force.posts["SOH-PC-2"], dt.date(2025, 3, 1))

        said = refused(moves(force, recent, "ELY-PC-2"))
        done(moves(force, recent, "ELY-PC-2", why="Response is short"))

        left = current.scalars(select(Posting).where(Posting.post_id == force.posts["SOH-PC-2"].id)).one()
        assert "expected to stay until 1 March 2027" in said["why"]
        assert left.end_reason == "Transfer: Response is short"

    def test_a_move_within_the_team_and_grade_is_no_early_move(self, force: Force) -> None:
        recent = make.person("1777")
        make.posting(recent, make.post(force.soham, ref="SOH-PC-3"), dt.date(2026, 3, 1))

        done(moves(force, recent, "SOH-PC-2"))

        assert held_by(DECEMBER)["SOH-PC-2"] == ["1777"]

    def test_a_move_before_they_came_or_after_they_left_is_refused(self, force: Force) -> None:
        assert refused(moves(force, force.constable, "ELY-PC-2", SETTLED)).keys() == {"first_day"}
        done(ends(force, force.posting_of(force.constable), dt.date(2026, 11, 20)))
        assert "post them instead" in refused(moves(force, force.constable, "ELY-PC-2"))["first_day"]

    def test_part_time_is_a_move_within_the_post(self, force: Force) -> None:
        done(moves(force, force.constable, "SOH-PC-1", fte=Decimal("0.60")))
        done(posts_to(force, make.person("1777"), "SOH-PC-1", fte=Decimal("0.40")))

        assert held_by(DECEMBER)["SOH-PC-1"] == ["1432", "1777"]

    def test_an_attachment_leaves_the_home_post_filled(self, force: Force) -> None:
        new = NewPosting("ELY-PC-2", DECEMBER)

        done(lambda: services.attach_person(force.constable.collar_number, new, actor=force.lead, at=NOW, on=TODAY))

        assert held_by(DECEMBER)["SOH-PC-1"] == ["1432"]
        assert "ELY-PC-2" not in held_by(DECEMBER)
        assert people.roll().team_on(force.constable.id, DECEMBER) == force.ely.id

    def test_an_acting_sergeant_leaves_their_post_vacant_until_they_return(self, force: Force) -> None:
        done(acts(force, force.constable, "ELY-SGT-1", dt.date(2027, 2, 28)))

        assert held_by(DECEMBER)["ELY-SGT-1"] == ["1432"]
        assert "SOH-PC-1" not in held_by(DECEMBER)
        assert held_by(dt.date(2027, 3, 1))["SOH-PC-1"] == ["1432"]

    @pytest.mark.parametrize("service", [services.act_up, services.promote_temporarily])
    def test_nobody_acts_up_or_is_promoted_to_their_own_grade(
        self, force: Force, service: Callable[..., object]
    ) -> None:
        said = refused(lambda: service("1432", NewPosting("ELY-PC-2", DECEMBER), actor=force.lead, at=NOW, on=TODAY))

        assert "above PC" in said["post_ref"]

    def test_acting_is_not_cut_short_while_another_fills_the_post_at_home(self, force: Force) -> None:
        done(acts(force, force.constable, "ELY-SGT-1"))
        acting = force.posting_of(force.constable)
        done(posts_to(force, make.person("1777"), "SOH-PC-1", kind=PostingKind.TEMPORARY))

        said = refused(ends(force, acting, dt.date(2027, 1, 31)))

        assert said == {"last_day": "Post SOH-PC-1 of 1.00 FTE would be held by 2.00 FTE from 1 February 2027"}

    def test_retirement_ends_the_posting_and_the_service(self, force: Force) -> None:
        done(ends(force, force.posting_of(force.sergeant), reason=EndReason.RETIREMENT))

        gone = current.get_one(Person, force.sergeant.id)
        assert (gone.leaving_on, gone.leaving_reason) == (NOVEMBER_ENDS, "Retirement")
        assert force.posting_of(force.sergeant).end_reason == "Retirement"
        assert [line.event for line in history("person:2979")] == ["person.leaving"]

    def test_one_who_acts_and_retires_does_not_come_back_to_a_post_another_fills(self, force: Force) -> None:
        done(acts(force, force.constable, "ELY-SGT-1"))
        acting = force.posting_of(force.constable)
        done(posts_to(force, make.person("1777"), "SOH-PC-1", kind=PostingKind.TEMPORARY))

        done(ends(force, acting, dt.date(2027, 1, 31), EndReason.RETIREMENT))

        assert held_by(dt.date(2027, 2, 1))["SOH-PC-1"] == ["1777"]

    def test_a_posting_does_not_end_before_it_began_or_later_than_by_itself(self, force: Force) -> None:
        short = make.posting(make.person(), force.posts["SOH-PC-2"], SETTLED, NOVEMBER_ENDS)

        assert refused(ends(force, short, make.LONG_AGO)).keys() == {"last_day"}
        assert refused(ends(force, short, DECEMBER)).keys() == {"last_day"}

    def test_an_early_end_needs_a_reason(self, force: Force) -> None:
        recent = make.posting(make.person(), force.posts["SOH-PC-2"], dt.date(2025, 3, 1))

        assert refused(ends(force, recent, reason=EndReason.RESIGNATION)).keys() == {"why"}

    def test_somebody_who_stays_in_another_bcu_is_not_to_be_posted_and_one_who_leaves_it_is(self, force: Force) -> None:
        away = make.posted(make.team())
        coming = make.person("1888")
        make.posting(coming, make.post(make.team()), SETTLED, NOVEMBER_ENDS)

        with pytest.raises(NoResultFound):
            done(posts_to(force, away, "SOH-PC-2"))
        done(posts_to(force, coming, "SOH-PC-2"))

        assert held_by(DECEMBER)["SOH-PC-2"] == ["1888"]

    def test_nothing_is_moved_by_somebody_of_another_bcu(self, force: Force) -> None:
        stranger = Actor("S. Tranger", Role.RESOURCES_LEAD, Scope(team_ids=frozenset({make.team().id})))
        end = EndOfPosting(NOVEMBER_ENDS, EndReason.OTHER)

        with pytest.raises(NoResultFound):
            done(
                lambda: services.end_posting(
                    force.posting_of(force.sergeant).id, end, actor=stranger, at=NOW, policy=a_policy()
                )
            )


class TestCover:
    def test_a_sergeant_covers_a_team_because_of_a_vacancy_until_the_cover_ends(self, force: Force) -> None:
        done(covers(force, force.sergeant))
        cover = current.scalars(select(Cover)).one()
        done(lambda: services.end_cover(cover.id, dt.date(2027, 1, 31), actor=force.lead, at=NOW))

        kept = current.scalars(select(Cover)).one()
        assert (kept.team_id, kept.post_id, kept.reason, kept.last_day) == (
            force.ely.id,
            force.posts["ELY-SGT-1"].id,
            "Vacancy ELY-SGT-1",
            dt.date(2027, 1, 31),
        )
        assert [line.event for line in history(f"cover:{cover.id}")] == ["cover.ended", "cover.recorded"]

    def test_only_a_sergeant_covers_and_only_a_team_that_is_not_theirs(self, force: Force) -> None:
        assert refused(covers(force, force.constable)).keys() == {"collar_number"}
        assert refused(covers(force, force.sergeant, "SOH", post_ref="SOH-SGT-1")).keys() == {"team_code"}

    def test_cover_says_why_and_names_a_sergeants_post_of_the_team(self, force: Force) -> None:
        assert refused(covers(force, force.sergeant, post_ref=None)).keys() == {"reason"}
        assert refused(covers(force, force.sergeant, post_ref="ELY-PC-2")).keys() == {"post_ref"}

    def test_the_same_cover_is_not_recorded_twice_over(self, force: Force) -> None:
        done(covers(force, force.sergeant))

        assert refused(covers(force, force.sergeant, first_day=dt.date(2027, 1, 1))).keys() == {"first_day"}

    def test_a_team_of_another_bcu_and_one_not_live_are_not_covered(self, force: Force) -> None:
        make.team(code="FAR")
        early = dt.date(2019, 1, 1)

        assert refused(covers(force, force.sergeant, "FAR")).keys() == {"team_code"}
        assert "not live" in refused(covers(force, force.sergeant, first_day=early))["first_day"]

    def test_cover_does_not_end_before_it_began(self, force: Force) -> None:
        done(covers(force, force.sergeant))
        cover = current.scalars(select(Cover)).one()

        assert refused(lambda: services.end_cover(cover.id, TODAY, actor=force.lead, at=NOW)).keys() == {"last_day"}
