"""Posts opened, changed and closed."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.db import session as current
from npt.people import queries as people
from npt.people.models import Post, Posting
from npt.people.rules import Grade, PostingKind
from npt.staffing import services
from npt.staffing.rules.tenure import tenures
from npt.staffing.services import Funding
from tests import make
from tests.conftest import NOW
from tests.staffing.moving import (
    DECEMBER,
    NOVEMBER_ENDS,
    SETTLED,
    Force,
    a_force,
    acts,
    changes,
    done,
    held_by,
    opens,
    posts_to,
    refused,
)


@pytest.fixture
def force(session: object) -> Force:
    return a_force()


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
        opened = refused(opens(force, funding_last_day=dt.date(2019, 12, 31)))
        assert opened.keys() == {"funding", "funding_last_day"}

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
