"""Whatever is done about a priority, by whomever, in whatever order: nothing is signed off without every condition of
RULES section 5, and nothing is closed without a signature. On both databases.
"""

import datetime as dt
import itertools
from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update
from sqlalchemy.exc import NoResultFound

from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.panels import queries, services
from npt.panels.models import ChairTerm, CommunityFeedback, Meeting, Priority, PriorityEvent, Signature
from npt.panels.queries import seal_verdict
from npt.panels.rules.minutes import DecisionKind, Item
from npt.panels.rules.signing import Consent
from npt.panels.rules.vocabulary import EventKind, MeetingStatus, PriorityState
from npt.panels.services import Decision, NewFeedback, NewSignature
from npt.problem_solving import services as plan_services
from npt.problem_solving.models import Plan, PlanAction, PlanMeasure
from npt.problem_solving.rules.vocabulary import Outcome, Stage
from tests import make
from tests.conftest import NOW, TODAY
from tests.panels.asked import LONDON, UNANIMOUS, Asked
from tests.problem_solving import make as plans

WHO = st.sampled_from(["chair", "vice", "sergeant", "other sergeant", "inspector", "pc"])
MINUTES = st.sampled_from(["6.2", "6.2", " "])
CONSENTS = st.sampled_from([UNANIMOUS, UNANIMOUS, Consent(False, 5, 1, 0), Consent(False, 1, 2, 0), Consent(False)])
REASONS = st.sampled_from(["Because", "Because", ""])
DAYS = st.sampled_from([TODAY, TODAY, TODAY - dt.timedelta(days=9)])
_numbers = itertools.count(1)


class APriority(RuleBasedStateMachine):
    """One priority, two plans that could answer it, and everybody who has to do with it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = Asked(f"-{next(_numbers)}")
        self.priority = self.asked.raised()
        self.refs = [
            plans.plan(self.asked.soham, self.asked.actor("pc"), stage, problem=stage.value)
            for stage in (Stage.ASSESSMENT, Stage.RESPONSE)
        ]
        self.closed_free: set[str] = set()
        self.chairs_self = make.person(email=self.asked.user("chair").email)

    @initialize(ready=st.sampled_from([True, True, True, False]))
    def come_near(self, ready: bool) -> None:
        """Most are put forward to begin with: chance alone would seldom come so far."""
        if ready:
            self.decide("chair", True, "6.2", "", "adopt")
            self.tie("sergeant", 0, "")
            self.hear(TODAY)
            self.put_forward("sergeant")

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something if it is allowed."""
        try:
            with transaction():
                act()
        except (Refused, NoResultFound):
            return False
        return True

    def decision(self, meeting: bool, minute: str, reason: str) -> Decision:
        return Decision(self.asked.meeting.id if meeting else self.asked.next.id, minute, reason)

    @rule(
        who=WHO,
        meeting=st.booleans(),
        minute=MINUTES,
        reason=REASONS,
        what=st.sampled_from(["adopt", "adopt", "adopt", "decline"]),
    )
    def decide(self, who: str, meeting: bool, minute: str, reason: str, what: str) -> None:
        do = services.adopt_priority if what == "adopt" else services.decline_priority
        self.attempt(
            lambda: do(
                self.priority.id,
                self.decision(meeting, minute, reason),
                actor=self.asked.actor(who),
                at=NOW,
                on=TODAY,
                zone=LONDON,
            )
        )

    @rule(who=WHO, which=st.sampled_from([0, 0, 0, 1]), reason=REASONS)
    def tie(self, who: str, which: int, reason: str) -> None:
        self.attempt(
            lambda: services.tie_plan(
                self.priority.id, self.refs[which], actor=self.asked.actor(who), at=NOW, on=TODAY, reason=reason
            )
        )

    @rule(who=WHO)
    def put_forward(self, who: str) -> None:
        self.attempt(lambda: services.put_forward(self.priority.id, actor=self.asked.actor(who), at=NOW))

    @rule(day=DAYS)
    def hear(self, day: dt.date) -> None:
        new = NewFeedback(day, "Survey", f"Heard {next(_numbers)}")
        self.attempt(
            lambda: services.add_feedback(self.priority.id, new, actor=self.asked.actor("sergeant"), at=NOW, on=TODAY)
        )

    @rule(which=st.integers(0, 1), reason=REASONS)
    def take_plan_back(self, which: int, reason: str) -> None:
        self.attempt(
            lambda: plan_services.move_back(
                self.refs[which], Stage.RESPONSE, reason, actor=self.asked.actor("sergeant"), at=NOW
            )
        )

    @rule(which=st.integers(0, 1))
    def move_plan_on(self, which: int) -> None:
        self.attempt(lambda: plan_services.move_on(self.refs[which], actor=self.asked.actor("sergeant"), at=NOW))

    @rule(which=st.integers(0, 1))
    def finish_an_action(self, which: int) -> None:
        sergeant = self.asked.actor("sergeant")
        found = session.scalar(
            select(PlanAction.id).join(Plan, Plan.id == PlanAction.plan_id).where(Plan.ref == self.refs[which])
        )
        if found is not None:
            self.attempt(lambda: plan_services.finish_action(self.refs[which], found, actor=sergeant, at=NOW, on=TODAY))

    @rule(held=st.booleans())
    def say_whether_the_meeting_was_held(self, held: bool) -> None:
        status = MeetingStatus.HELD if held else MeetingStatus.PLANNED
        self.attempt(
            lambda: session.execute(update(Meeting).where(Meeting.id == self.asked.meeting.id).values(status=status))
        )

    @rule(which=st.integers(0, 1), still=st.booleans())
    def end_or_renew_a_term(self, which: int, still: bool) -> None:
        last = None if still else TODAY - dt.timedelta(days=1)
        term = self.asked.terms_held[which].id
        self.attempt(lambda: session.execute(update(ChairTerm).where(ChairTerm.id == term).values(last_day=last)))

    @rule(column=st.sampled_from(["author_id", "owner_id", "supervisor_id"]), chair=st.booleans())
    def change_whose_the_plans_are(self, column: str, chair: bool) -> None:
        who = self.chairs_self.id if chair else self.asked.writer.id
        self.attempt(lambda: session.execute(update(Plan).where(Plan.ref.in_(self.refs)).values({column: who})))

    @rule(who=st.sampled_from(["vice", "vice", "inspector", "pc"]))
    def elect_a_vice_chair(self, who: str) -> None:
        """Also one whose own plan it is, or whose team's."""
        term, email = self.asked.terms_held[1].id, self.asked.user(who).email
        self.attempt(lambda: session.execute(update(ChairTerm).where(ChairTerm.id == term).values(email=email)))

    @rule(
        who=st.sampled_from(["sergeant", "inspector", "chair"]),
        what=st.sampled_from(DecisionKind),
        text=st.sampled_from(["Nine to none", None]),
    )
    def minute(self, who: str, what: DecisionKind, text: str | None) -> None:
        """Minutes that say whatever they say: begun, or corrected when they are issued, and issued."""
        actor, meeting = self.asked.actor(who), self.asked.meeting.id
        item = Item(f"20.{next(_numbers) % 900 + 1}", "It", text, what, "NPT", TODAY, self.priority.id)
        before = self.state()

        def act() -> None:
            begun = services.start_minutes(meeting, actor=actor, at=NOW)
            if begun.issued_at is not None:
                services.correct_minutes(meeting, "A slip", actor=actor, at=NOW)
            services.add_minute(meeting, item, actor=actor, at=NOW)
            # What stands on item 6.2 stands on one there is.
            if "6.2" not in {row.number for row in queries.item_rows(queries.newest_minutes(meeting).id)}:  # type: ignore[union-attr]
                services.add_minute(meeting, Item("6.2", "It"), actor=actor, at=NOW)
            services.issue_minutes(meeting, actor=actor, at=NOW, on=TODAY, zone=LONDON)

        self.attempt(act)
        if self.state() is not before:
            assert (before, self.state()) in {
                (PriorityState.RAISED, PriorityState.ADOPTED),
                (PriorityState.RAISED, PriorityState.DECLINED),
            }

    @rule(
        who=WHO,
        minute=MINUTES,
        consent=CONSENTS,
        meeting=st.sampled_from([True, True, False]),
        read=st.sampled_from([True, True, False]),
    )
    def sign(self, who: str, minute: str, consent: Consent, meeting: bool, read: bool) -> None:
        self.sign_with(who, minute, consent, meeting=meeting, read=read)

    def sign_with(self, who: str, minute: str, consent: Consent, *, meeting: bool, read: bool) -> None:
        seen = self.asked.new_signature(self.priority, who, consent).seen if read else "0" * 64
        meeting_id = self.asked.meeting.id if meeting else self.asked.next.id
        new = NewSignature(meeting_id, minute, consent, seen)
        met = self.every_condition(new) and self.in_office(who) and self.independent(who)
        before = self.state()
        done = self.attempt(
            lambda: services.sign_off(
                self.priority.id, new, actor=self.asked.actor(who), at=NOW, on=TODAY, terms=self.asked.terms()
            )
        )
        assert done == (met and read and before in (PriorityState.PUT_FORWARD, PriorityState.DEFERRED)), (met, before)

    @rule(who=st.sampled_from(["chair", "vice"]))
    def sign_as_asked(self, who: str) -> None:
        self.sign_with(who, "6.2", UNANIMOUS, meeting=True, read=True)

    @rule(who=WHO, reason=REASONS)
    def refuse(self, who: str, reason: str) -> None:
        self.attempt(
            lambda: services.refuse_sign_off(self.priority.id, reason, actor=self.asked.actor(who), at=NOW, on=TODAY)
        )

    @rule(who=WHO, later=st.booleans())
    def defer(self, who: str, later: bool) -> None:
        meeting = self.asked.next.id if later else self.asked.meeting.id
        self.attempt(
            lambda: services.defer_sign_off(
                self.priority.id, meeting, "", actor=self.asked.actor(who), at=NOW, on=TODAY, zone=LONDON
            )
        )

    @rule(who=WHO, minute=MINUTES, reason=st.sampled_from(["", "", "Because"]))
    def withdraw(self, who: str, minute: str, reason: str) -> None:
        allowed = self.in_office(who) and self.independent(who)
        done = self.attempt(
            lambda: services.withdraw_priority(
                self.priority.id,
                self.decision(True, minute, reason),
                actor=self.asked.actor(who),
                at=NOW,
                on=TODAY,
                zone=LONDON,
            )
        )
        assert allowed or not done, who

    def in_office(self, who: str) -> bool:
        email = self.asked.user(who).email
        term = select(ChairTerm.id).where(
            ChairTerm.panel_id == self.asked.panel.id, ChairTerm.email == email, ChairTerm.last_day.is_(None)
        )
        found = session.scalar(term.limit(1)) is not None
        session.rollback()
        return found

    def independent(self, who: str) -> bool:
        """Neither the plan's author, owner or supervisor nor of those who supervise its team."""
        plan = session.scalar(
            select(Plan).join(Priority, Priority.plan_id == Plan.id).where(Priority.id == self.priority.id)
        )
        mine = {"chair": self.chairs_self.id, "pc": self.asked.writer.id}.get(who)
        theirs = {plan.author_id, plan.owner_id, plan.supervisor_id} if plan else set()
        wrote = plan is not None and plan.author_user_id == self.asked.user(who).id
        session.rollback()
        supervises = plan is not None and who in ("sergeant", "other sergeant", "inspector")
        return not (wrote or supervises or (mine is not None and mine in theirs))

    @rule(who=WHO, reason=REASONS)
    def reopen(self, who: str, reason: str) -> None:
        self.attempt(
            lambda: services.reopen_priority(self.priority.id, reason, actor=self.asked.actor(who), at=NOW, on=TODAY)
        )

    @rule(who=WHO, which=st.integers(0, 1))
    def close(self, who: str, which: int) -> None:
        ref = self.refs[which]
        needed = session.scalar(select(Plan.needs_sign_off).where(Plan.ref == ref))
        session.rollback()
        actor = self.asked.actor(who)
        closed = self.attempt(
            lambda: plan_services.close_plan(ref, Outcome.REDUCED, actor=actor, at=NOW, **plans.CLOSING)
        )
        if closed and not needed:
            self.closed_free.add(ref)

    def state(self) -> PriorityState:
        found = session.scalars(select(Priority.state).where(Priority.id == self.priority.id)).one()
        session.rollback()
        return found

    def every_condition(self, new: NewSignature) -> bool:
        """RULES section 5 of the priority, read from the tables and not from the rules that are on trial."""
        row = session.execute(
            select(Plan, PlanMeasure)
            .join(Priority, Priority.plan_id == Plan.id)
            .join(PlanMeasure, PlanMeasure.plan_id == Plan.id)
            .where(Priority.id == self.priority.id)
        ).one_or_none()
        last = session.scalar(
            select(func.max(PlanAction.done_on)).where(PlanAction.plan_id == (row[0].id if row else 0))
        )
        heard = session.scalar(
            select(func.max(CommunityFeedback.on)).where(CommunityFeedback.priority_id == self.priority.id)
        )
        held = session.scalar(select(Meeting.status).where(Meeting.id == new.meeting_id))
        consent = new.consent.unanimous or (new.consent.votes_for or 0) > (new.consent.votes_against or 0)
        met = bool(
            row
            and row[0].stage is Stage.ASSESSMENT
            and row[0].closed_at is None
            and row[0].result
            and row[1].after_value is not None
            and heard
            and (last is None or heard >= last)
            and held is MeetingStatus.HELD
            and new.minute_ref.strip()
            and consent
        )
        session.rollback()
        return met

    @invariant()
    def nothing_is_signed_off_without_a_signature_for_each_time(self) -> None:
        count = select(func.count())
        signed = session.scalar(count.where(Signature.priority_id == self.priority.id)) or 0
        steps = [
            session.scalar(count.where(PriorityEvent.priority_id == self.priority.id, PriorityEvent.kind == kind)) or 0
            for kind in (EventKind.SIGNED_OFF, EventKind.REOPENED)
        ]
        assert steps[0] == signed
        assert signed - steps[1] == (self.state() is PriorityState.SIGNED_OFF)

    @invariant()
    def nothing_that_answers_a_priority_is_closed_without_a_signature(self) -> None:
        closed = session.scalars(select(Plan).where(Plan.ref.in_(self.refs), Plan.closed_at.is_not(None))).all()
        for plan in closed:
            signed = session.scalar(select(Signature.id).where(Signature.plan_id == plan.id).limit(1))
            assert signed is not None or plan.ref in self.closed_free
        session.rollback()

    def teardown(self) -> None:
        event(f"ended {self.state()}")
        assert seal_verdict().fault is None
        session.rollback()


@pytest.mark.usefixtures("session")
def test_no_sequence_of_steps_signs_off_without_every_condition_or_closes_without_a_signature() -> None:
    run_state_machine_as_test(APriority, settings=settings(max_examples=25, stateful_step_count=30, deadline=None))
