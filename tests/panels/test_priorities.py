"""A priority from what residents ask for to its closure, each step with its refusals: on both databases."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core import sheets
from npt.core.authority import EVERYTHING, Actor, Role, Scope, system
from npt.core.db import session, transaction
from npt.core.errors import BadInput, Refused
from npt.exchange import services as exchange
from npt.flags import queries as flags
from npt.panels import queries, services
from npt.panels.models import Priority
from npt.panels.rules.signing import Part
from npt.panels.rules.vocabulary import EventKind, PriorityState
from npt.panels.services import Decision, NewFeedback, NewPriority
from npt.policy.queries import policy_on
from npt.problem_solving.models import Plan
from npt.problem_solving.rules.vocabulary import Outcome, ProblemType, Stage
from npt.problem_solving.services import NewPlan
from tests import make
from tests.conftest import NOW, TODAY
from tests.panels.asked import LONDON, MINUTE, Asked, close, kinds, plan_of
from tests.problem_solving import make as plans
from tests.staffing.test_views_units import statements

pytestmark = pytest.mark.usefixtures("session")
DAY = dt.timedelta(days=1)


@pytest.fixture
def asked(session: object) -> Asked:
    return Asked()


def test_a_priority_goes_from_raised_to_closed_and_every_step_stays() -> None:
    asked = Asked()
    priority = asked.signed()
    close(asked, plan_of(asked, priority))

    page = asked.page(priority)
    assert kinds(asked, priority) == [
        EventKind.RAISED,
        EventKind.ADOPTED,
        EventKind.STARTED,
        EventKind.PUT_FORWARD,
        EventKind.SIGNED_OFF,
        EventKind.CLOSED,
    ]
    assert page.priority.state is PriorityState.SIGNED_OFF
    assert page.plan is not None
    assert page.plan.outcome is Outcome.REDUCED
    assert page.decided_at is not None
    assert (page.decided_at.sitting.id, page.priority.minute_ref) == (asked.meeting.id, MINUTE)
    assert [line.kind for line in queries.decisions_at(asked.meeting.id)] == [EventKind.ADOPTED, EventKind.SIGNED_OFF]
    assert len(history(f"priority:{priority.ref}")) == 8


class TestTheTeam:
    def test_recommends_from_the_profile_or_writes_down_what_was_raised_at_a_meeting(self, asked: Asked) -> None:
        with transaction():
            new = NewPriority("Heating oil", None, "Profile", recommended=True)
            made = services.raise_priority("SV", new, actor=asked.actor("inspector"), at=NOW, zone=LONDON)
            new = NewPriority("Mopeds", None, "Residents", meeting_id=asked.meeting.id)
            raised = services.raise_priority("SV", new, actor=asked.actor("sergeant"), at=NOW, zone=LONDON)

        assert (made.state, raised.state) == (PriorityState.RECOMMENDED, PriorityState.RAISED)
        assert (made.ref, raised.ref) == ("SV-P1", "SV-P2")
        assert [line.priority_id for line in queries.decisions_at(asked.meeting.id)] == [raised.id]

    def test_does_not_ask_twice_for_what_is_not_answered_nor_name_a_meeting_of_another_panel(
        self, asked: Asked
    ) -> None:
        asked.raised()
        other = make.meeting(make.panel(make.team(), name="Ely"), "2026-10-01 18:00")
        new = NewPriority("Speeding on Fordham Road", None, None, meeting_id=other.id)

        with pytest.raises(Refused) as refused, transaction():
            services.raise_priority("SV", new, actor=asked.actor("sergeant"), at=NOW, zone=LONDON)

        assert {reason.field for reason in refused.value.reasons} == {"title", "meeting_id"}

    def test_of_another_panel_has_nothing_of_it(self, asked: Asked) -> None:
        priority = asked.raised()
        stranger = Actor("Sgt Elsewhere", Role.SERGEANT, Scope(team_ids=frozenset({make.team().id})), 77)

        with pytest.raises(NoResultFound), transaction():
            services.raise_priority("SV", NewPriority("X", None, None), actor=stranger, at=NOW, zone=LONDON)
        with pytest.raises(NoResultFound), transaction():
            services.put_forward(priority.id, actor=stranger, at=NOW)

    def test_that_is_served_and_does_not_lead_does_not_record_what_the_panel_decided(self, asked: Asked) -> None:
        ely = make.team(asked.sector, "ELY", "Ely")
        both = make.panel(asked.soham, ely, code="BO")
        priority = make.priority(both)
        held = make.meeting(both, "2026-10-20 18:00")
        served = Actor("Sgt Ely", Role.SERGEANT, Scope(team_ids=frozenset({ely.id})), 78)

        with pytest.raises(Refused, match="supervisor of the team that leads"), transaction():
            decision = Decision(held.id, MINUTE)
            services.adopt_priority(priority.id, decision, actor=served, at=NOW, on=TODAY, zone=LONDON)

    def test_opens_a_plan_for_it_which_then_cannot_be_closed_before_it_is_signed_off(self, asked: Asked) -> None:
        priority = asked.adopted()
        new = NewPlan("SOH", "Cars at 40 past the school", "Mornings", ProblemType.ROAD_SAFETY)
        with transaction():
            ref = services.start_plan(priority.id, new, actor=asked.actor("sergeant"), at=NOW, on=TODAY)

        page = asked.page(priority)
        assert (page.priority.state, plan_of(asked, priority)) == (PriorityState.IN_PROGRESS, ref)
        assert session.scalars(select(Plan.needs_sign_off).where(Plan.ref == ref)).one()

    def test_names_no_plan_that_answers_another_priority_is_closed_or_is_of_a_team_not_served(
        self, asked: Asked
    ) -> None:
        taken = plan_of(asked, asked.started(Stage.SCANNING))
        other = asked.adopted("Mopeds")
        inspector = asked.actor("inspector")
        for ref, why in ((taken, "answers a priority already"), (self.closed(asked), "closed")):
            with pytest.raises(Refused, match=why), transaction():
                services.tie_plan(other.id, ref, actor=inspector, at=NOW, on=TODAY)
        ely = make.team(asked.sector, "ELY", "Ely")
        elsewhere = plans.plan(ely, plans.acting(Role.SERGEANT, ely))
        with pytest.raises(Refused, match="team that this panel serves"), transaction():
            services.tie_plan(other.id, elsewhere, actor=asked.actor("inspector"), at=NOW, on=TODAY)

    def closed(self, asked: Asked) -> str:
        ref = plans.plan(asked.soham, asked.actor("pc"), Stage.ASSESSMENT, problem="Done")
        close(asked, ref)
        return ref

    def test_names_another_plan_only_with_a_reason_and_the_first_may_then_be_closed(self, asked: Asked) -> None:
        priority = asked.started()
        first = plan_of(asked, priority)
        other = plans.plan(asked.soham, asked.actor("pc"), problem="The right one")
        with pytest.raises(Refused, match="why another plan"), transaction():
            services.tie_plan(priority.id, other, actor=asked.actor("sergeant"), at=NOW, on=TODAY)
        with transaction():
            services.tie_plan(priority.id, other, actor=asked.actor("sergeant"), at=NOW, on=TODAY, reason="A slip")

        assert plan_of(asked, priority) == other
        close(asked, first)

    def test_puts_forward_only_what_it_works_on_with_a_plan(self, asked: Asked) -> None:
        held = make.priority(asked.panel, asked.meeting, PriorityState.IN_PROGRESS, "Imported")
        for priority, why in ((asked.adopted(), "in progress"), (held, "Name the plan")):
            with pytest.raises(Refused, match=why), transaction():
                services.put_forward(priority.id, actor=asked.actor("sergeant"), at=NOW)

    def test_reviews_what_is_going_and_hears_no_community_of_tomorrow(self, asked: Asked) -> None:
        priority = asked.adopted()
        before = asked.page(priority).review
        with transaction():
            services.review_priority(
                priority.id, "Still the first concern", actor=asked.actor("sergeant"), at=NOW, on=TODAY
            )
        after = asked.page(priority).review

        assert before is not None
        assert after is not None
        assert (before.last, before.due) == (dt.date(2026, 10, 15), dt.date(2027, 1, 15))
        assert (after.last, after.due) == (TODAY, dt.date(2027, 2, 12))
        with pytest.raises(Refused, match="what the review found"), transaction():
            services.review_priority(priority.id, " ", actor=asked.actor("sergeant"), at=NOW, on=TODAY)
        with pytest.raises(Refused, match="today or an earlier day"), transaction():
            new = NewFeedback(TODAY + DAY, "Survey", "Fine")
            services.add_feedback(priority.id, new, actor=asked.actor("sergeant"), at=NOW, on=TODAY)
        asked.heard(priority)
        with pytest.raises(Refused, match="written down already"):
            asked.heard(priority)


class TestThePanel:
    @pytest.mark.parametrize("who", ["chair", "vice", "sergeant", "inspector"])
    def test_adopts_by_its_chair_or_the_minute_a_supervisor_of_the_lead_team_writes_down(
        self, asked: Asked, who: str
    ) -> None:
        priority = asked.raised()
        with transaction():
            going = services.adopt_priority(
                priority.id, asked.decision(), actor=asked.actor(who), at=NOW, on=TODAY, zone=LONDON
            )

        assert (going, asked.state(priority)) == (1, PriorityState.ADOPTED)

    def test_adopts_a_fourth_and_is_warned_but_not_stopped(self, asked: Asked) -> None:
        for title in ("One", "Two", "Three", "Four"):
            asked.adopted(title)

        assert queries.adopted_now(asked.panel.id) == 4

    def test_decides_at_a_meeting_that_was_held_by_a_minute_and_declines_with_a_reason(self, asked: Asked) -> None:
        priority = asked.raised()
        for decision, field in (
            (Decision(asked.next.id, MINUTE), "meeting_id"),
            (Decision(None, MINUTE), "meeting_id"),
            (Decision(asked.meeting.id, " "), "minute_ref"),
        ):
            with pytest.raises(Refused) as refused, transaction():
                services.adopt_priority(
                    priority.id, decision, actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON
                )
            assert [reason.field for reason in refused.value.reasons] == [field]
        with pytest.raises(Refused, match="why the panel declined"), transaction():
            services.decline_priority(
                priority.id, asked.decision(), actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON
            )
        with transaction():
            decision = asked.decision("Left to the district council")
            services.decline_priority(priority.id, decision, actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON)
        with pytest.raises(Refused, match="This priority is declined"), transaction():
            services.adopt_priority(
                priority.id, asked.decision(), actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON
            )

    def test_withdraws_what_it_no_longer_asks_for_and_the_plan_may_be_closed_without_sign_off(
        self, asked: Asked
    ) -> None:
        priority = asked.forward()
        ref = plan_of(asked, priority)
        with transaction():
            decision = asked.decision("The road is closed for a year")
            services.withdraw_priority(priority.id, decision, actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON)

        page = asked.page(priority)
        assert (page.priority.state, page.plan, page.events[0].plan) == (PriorityState.WITHDRAWN, None, ref)
        close(asked, ref)

    def test_of_a_chair_out_of_office_decides_nothing(self, asked: Asked) -> None:
        priority = asked.forward()
        past = make.panel(asked.soham, code="PA", name="Past")
        make.chair(past, "m.holt@demo.example", last_day=TODAY - DAY)
        assert queries.term_held(past.id, asked.actor("chair"), TODAY) is None
        assert queries.term_held(past.id, asked.actor("chair"), TODAY - DAY) is not None
        out = replace(asked.actor("sergeant"), scope=asked.actor("chair").scope)
        for decide in (
            lambda: services.refuse_sign_off(priority.id, "No", actor=out, at=NOW, on=TODAY),
            lambda: services.defer_sign_off(priority.id, asked.next.id, "", actor=out, at=NOW, on=TODAY, zone=LONDON),
        ):
            with pytest.raises(Refused, match="chair or vice-chair of this panel today"), transaction():
                decide()


class TestAFile:
    def load(self, *rows: str) -> None:
        header = ["ref", "panel", "title", "detail", "source", "state", "adopted_at", "minute_ref"]
        sheet = sheets.from_rows(
            "priorities.csv", header, [dict(zip(header, row.split(","), strict=True)) for row in rows]
        )
        with transaction():
            exchange.load([sheet], actor=system("test"), at=NOW, on=TODAY, zone=LONDON, progress=exchange.silent)

    def test_may_bring_a_priority_that_is_put_forward_and_never_one_that_is_signed_off(self, asked: Asked) -> None:
        held = asked.meeting.ref
        self.load(f"P1,SV,Mopeds,,Survey,put_forward,{held},6.1")
        with pytest.raises(BadInput, match="only the panel's chair signs off"):
            self.load(f"P2,SV,Litter,,Survey,signed_off,{held},6.1")
        row = session.scalars(select(Priority).where(Priority.ref == "P1")).one()

        assert {each.part for each in asked.page(row).obstacles} == {Part.PLAN, Part.FEEDBACK}

    def test_takes_back_no_step_that_was_taken_in_the_application(self, asked: Asked) -> None:
        priority = asked.started()
        held = asked.meeting.ref
        same = f"{priority.ref},SV,{priority.title},Cars past the school,Residents,in_progress,{held},{MINUTE}"
        self.load(same)
        with pytest.raises(BadInput, match="worked on in the application"):
            self.load(same.replace("in_progress", "adopted"))


class TestTheNightlyCheck:
    def flagged(self, asked: Asked, on: dt.date = TODAY) -> dict[str, tuple[str | None, str | None, str]]:
        with transaction():
            services.flag_priorities(on, policy_on(on), LONDON, actor=system("priorities"), at=NOW)
        found = flags.open_for(EVERYTHING)
        return {flag.kind.value: (flag.figure, flag.threshold, flag.severity.value) for flag in found}

    def test_flags_what_has_no_plan_from_the_day_it_is_adopted_and_closes_it_with_the_plan(self, asked: Asked) -> None:
        priority = asked.adopted()
        assert self.flagged(asked) == {"priority_without_plan": ("0", "1", "high")}
        assert self.flagged(asked) == {"priority_without_plan": ("0", "1", "high")}
        ref = plans.plan(asked.soham, asked.actor("pc"))
        with transaction():
            services.tie_plan(priority.id, ref, actor=asked.actor("sergeant"), at=NOW, on=TODAY)

        assert self.flagged(asked) == {}

    def test_flags_what_nobody_reviewed_for_three_months(self, asked: Asked) -> None:
        asked.started(Stage.SCANNING)

        assert self.flagged(asked, dt.date(2027, 1, 15)) == {}
        assert self.flagged(asked, dt.date(2027, 1, 16)) == {"priority_not_reviewed": ("93", "92", "medium")}

    def test_flags_what_is_signed_off_and_not_closed_for_more_than_fourteen_days(self, asked: Asked) -> None:
        priority = asked.signed()

        assert self.flagged(asked, TODAY + 14 * DAY) == {}
        assert self.flagged(asked, TODAY + 15 * DAY) == {"signed_off_not_closed": ("15", "14", "low")}
        close(asked, plan_of(asked, priority))
        assert self.flagged(asked, TODAY + 15 * DAY) == {}

    def test_asks_no_more_for_more_priorities(self, asked: Asked) -> None:
        def asked_of() -> int:
            with statements() as seen:
                queries.going(TODAY, policy_on(TODAY), LONDON)
            return len(seen)

        asked.signed()
        session.rollback()
        before = asked_of()
        for title in ("Mopeds", "Litter"):
            asked.started(Stage.SCANNING, title)
        session.rollback()
        assert asked_of() == before
