"""People posted, moved, acting and covering."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as current
from npt.people import queries as people
from npt.people.models import Cover, Person, Posting
from npt.people.rules import PostingKind
from npt.staffing import services
from npt.staffing.rules.moves import EndReason
from npt.staffing.services import EndOfPosting, NewPosting
from tests import make
from tests.conftest import NOW, TODAY
from tests.staffing.make import a_policy
from tests.staffing.moving import (
    DECEMBER,
    NOVEMBER_ENDS,
    SETTLED,
    Force,
    a_force,
    acts,
    covers,
    done,
    ends,
    held_by,
    moves,
    posts_to,
    refused,
)


@pytest.fixture
def force(session: object) -> Force:
    return a_force()


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

    def test_an_end_that_is_sent_twice_is_in_the_record_once(self, force: Force) -> None:
        for _ in range(2):
            done(ends(force, force.posting_of(force.sergeant), reason=EndReason.RETIREMENT))

        posting = force.posting_of(force.sergeant)
        assert [line.event for line in history(f"posting:{posting.id}")] == ["posting.ended"]
        assert [line.event for line in history("person:2979")] == ["person.leaving"]

        done(ends(force, posting, reason=EndReason.RETIREMENT, why="Thirty years"))

        assert force.posting_of(force.sergeant).end_reason == "Retirement: Thirty years"

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
        for _ in range(2):
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
