"""The tables of plans: what each says, what is being done about it, and what came of it."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, one_of
from npt.people.models import Person, Team, Ward
from npt.problem_solving.rules.impact import Verdict
from npt.problem_solving.rules.vocabulary import Better, Method, Outcome, ProblemType, Side, SourceKind, Stage


class Plan(Base):
    """A problem a team works on by SARA.

    It does not know panels: ``needs_sign_off`` and ``signed_off_at`` are theirs to set. A plan with a
    ``marking_reason`` is OFFICIAL-SENSITIVE and restricted. A side of the triangle is found, or said not to apply.
    """

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_an_outcome"),
        CheckConstraint("closed_at IS NULL OR needs_sign_off = false OR signed_off_at IS NOT NULL", name="signed_off"),
    )

    ref: Mapped[str] = mapped_column(String(40), unique=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    problem: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    cheers_community: Mapped[str] = mapped_column(Text, default="")
    cheers_harm: Mapped[str] = mapped_column(Text, default="")
    cheers_expectation: Mapped[str] = mapped_column(Text, default="")
    cheers_events: Mapped[str] = mapped_column(Text, default="")
    cheers_recurring: Mapped[str] = mapped_column(Text, default="")
    cheers_similarity: Mapped[str] = mapped_column(Text, default="")
    problem_type: Mapped[ProblemType] = mapped_column(one_of(ProblemType))
    first_stage: Mapped[Stage] = mapped_column(one_of(Stage))
    stage: Mapped[Stage] = mapped_column(one_of(Stage))
    objective: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(254))
    author_user_id: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[dt.datetime]
    last_update_at: Mapped[dt.datetime]
    victim: Mapped[str] = mapped_column(Text, default="")
    victim_not: Mapped[str] = mapped_column(Text, default="")
    guardian: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(Text, default="")
    location_not: Mapped[str] = mapped_column(Text, default="")
    manager: Mapped[str] = mapped_column(Text, default="")
    offender: Mapped[str] = mapped_column(Text, default="")
    offender_not: Mapped[str] = mapped_column(Text, default="")
    handler: Mapped[str] = mapped_column(Text, default="")
    hypotheses: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(Text, default="")
    community_view: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    needs_sign_off: Mapped[bool] = mapped_column(default=False)
    signed_off_at: Mapped[dt.datetime | None]
    signed_off_by_user_id: Mapped[int | None]
    marking_reason: Mapped[str | None] = mapped_column(String(500))
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(254))
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    retention_review_on: Mapped[dt.date | None]
    disposal_proposed_on: Mapped[dt.date | None]
    disposed_at: Mapped[dt.datetime | None]
    disposed_by: Mapped[str | None] = mapped_column(String(254))

    team: Mapped[Team] = relationship()


class PlanWard(Base):
    """A ward a plan is about."""

    __tablename__ = "plan_wards"
    __table_args__ = (UniqueConstraint("plan_id", "ward_id"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"), index=True)

    ward: Mapped[Ward] = relationship()


class PlanReader(Base):
    """Somebody named who may see a restricted plan of their own team."""

    __tablename__ = "plan_readers"
    __table_args__ = (UniqueConstraint("plan_id", "person_id"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)


class PlanSource(Base):
    """Where the problem is known from."""

    __tablename__ = "plan_sources"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    kind: Mapped[SourceKind] = mapped_column(one_of(SourceKind))
    says: Mapped[str] = mapped_column(Text)


class PlanMeasure(Base):
    """What a plan is measured by, chosen at scanning; its value afterwards, and the counts it is compared with.

    ``target_on`` is the day by which the target is to be reached; plans kept before there was one have none.
    ``verdict`` is what the rule made of the counts when they were kept, by ``least``: the fewest counted before, or
    asked, that the force's policy wanted that day (docs/decisions/0058).
    """

    __tablename__ = "plan_measures"
    __table_args__ = (
        CheckConstraint("baseline_last >= baseline_first", name="baseline_in_order"),
        CheckConstraint(
            "(after_value IS NULL) = (after_first IS NULL) AND (after_first IS NULL) = (after_last IS NULL)",
            name="after_with_its_period",
        ),
        CheckConstraint("(method = 'none') = (verdict = 'no_comparison')", name="verdict_of_a_comparison"),
        CheckConstraint("(method = 'none') = (least IS NULL)", name="judged_by_a_limit"),
        CheckConstraint("target_on IS NULL OR target_value IS NOT NULL", name="a_day_for_a_target"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), unique=True)
    what: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))
    better: Mapped[Better] = mapped_column(one_of(Better))
    baseline_value: Mapped[Decimal]
    baseline_first: Mapped[dt.date]
    baseline_last: Mapped[dt.date]
    target_value: Mapped[Decimal | None]
    target_on: Mapped[dt.date | None]
    after_value: Mapped[Decimal | None]
    after_first: Mapped[dt.date | None]
    after_last: Mapped[dt.date | None]
    method: Mapped[Method] = mapped_column(one_of(Method), default=Method.NONE)
    compared_with: Mapped[str | None] = mapped_column(String(200))
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict), default=Verdict.NO_COMPARISON, index=True)
    least: Mapped[int | None]
    treated_before: Mapped[int | None]
    treated_after: Mapped[int | None]
    comparison_before: Mapped[int | None]
    comparison_after: Mapped[int | None]
    displacement_before: Mapped[int | None]
    displacement_after: Mapped[int | None]
    control_before: Mapped[int | None]
    control_after: Mapped[int | None]
    asked_before: Mapped[int | None]
    asked_after: Mapped[int | None]
    said_before: Mapped[int | None]
    said_after: Mapped[int | None]


class PlanAction(Base):
    """Something somebody of the staff, or a partner organisation, will do by a day.

    ``group_meeting_id``: the meeting of a group at which it was taken on.
    """

    __tablename__ = "plan_actions"
    __table_args__ = (
        CheckConstraint("(owner_id IS NULL) <> (partner IS NULL)", name="one_owner"),
        CheckConstraint("(done_on IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        CheckConstraint("cancelled_on IS NULL OR done_on IS NULL", name="done_or_cancelled"),
        CheckConstraint(
            "(cancelled_on IS NULL) = (cancelled_by IS NULL) AND (cancelled_on IS NULL) = (cancelled_because IS NULL)",
            name="cancelled_with_a_reason",
        ),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    side: Mapped[Side | None] = mapped_column(one_of(Side))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    partner: Mapped[str | None] = mapped_column(ForeignKey("organisations.name", onupdate="CASCADE"), index=True)
    group_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("group_meetings.id"), index=True)
    due_on: Mapped[dt.date]
    done_on: Mapped[dt.date | None]
    done_by: Mapped[str | None] = mapped_column(String(254))
    cancelled_on: Mapped[dt.date | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(254))
    cancelled_because: Mapped[str | None] = mapped_column(Text)

    owner: Mapped[Person | None] = relationship()


class PlanActionChange(Base):
    """What an action was before somebody changed it, and why they did (docs/decisions/0072).

    ``plan_id`` is its plan's, so that its words go with the plan's. ``was_partner`` is empty when it was the staff's.
    """

    __tablename__ = "plan_action_changes"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("plan_actions.id"), index=True)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str] = mapped_column(Text)
    was_what: Mapped[str] = mapped_column(Text)
    was_who: Mapped[str] = mapped_column(String(254))
    was_partner: Mapped[str | None] = mapped_column(ForeignKey("organisations.name", onupdate="CASCADE"))
    was_due_on: Mapped[dt.date]


class PlanUpdate(Base):
    """What happened, said by whom and when. A review is a supervisor's, and may say when the next one is.

    ``action_id``: the action it is about, when a partner says how their own stands.
    """

    __tablename__ = "plan_updates"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("plan_actions.id"), index=True)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(254))
    text: Mapped[str] = mapped_column(Text)
    review: Mapped[bool] = mapped_column(default=False)
    next_review_on: Mapped[dt.date | None]


class PlanMove(Base):
    """A plan moved on, or went back and why."""

    __tablename__ = "plan_moves"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(254))
    from_stage: Mapped[Stage] = mapped_column(one_of(Stage))
    to_stage: Mapped[Stage] = mapped_column(one_of(Stage))
    reason: Mapped[str | None] = mapped_column(Text)
