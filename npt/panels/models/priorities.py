"""The tables of what a panel asks its teams to deal with, its steps, and what the community says of it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of
from npt.panels.models.meetings import Meeting
from npt.panels.rules.vocabulary import EventKind, PriorityState
from npt.people.models import Panel
from npt.problem_solving.models import Plan

explain("adopted_at_a_meeting", "A priority is adopted at a meeting, with the reference of its minute.", "adopted_at")
explain("fk_priorities_panel_id_adopted_at_id", "A priority is adopted at a meeting of its own panel.", "adopted_at")
explain("what was decided is never changed", "What was decided about a priority is never changed.")
explain("uq_priorities_plan_id", "This plan answers another priority already. Choose another plan.", "plan")
explain("priorities.plan_id", "This plan answers another priority already. Choose another plan.", "plan")


class Priority(Base):
    """What a panel asks its teams to deal with. ``adopted_at`` is the meeting of this panel that decided on it.

    ``plan`` is the one that answers it, which may belong to any team the panel serves. A plan answers one priority.
    """

    __tablename__ = "priorities"
    __table_args__ = (
        ForeignKeyConstraint(
            ["panel_id", "adopted_at_id"],
            ["meetings.panel_id", "meetings.id"],
            name="fk_priorities_panel_id_adopted_at_id",
        ),
        CheckConstraint(
            "state IN ('recommended', 'raised', 'declined') OR (adopted_at_id IS NOT NULL AND minute_ref IS NOT NULL)",
            name="adopted_at_a_meeting",
        ),
        Index(None, "panel_id", "state"),
        Index(None, "adopted_at_id"),
    )

    ref: Mapped[str] = mapped_column(String(60), unique=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[PriorityState] = mapped_column(one_of(PriorityState))
    adopted_at_id: Mapped[int | None]
    minute_ref: Mapped[str | None] = mapped_column(String(200))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"), unique=True)

    panel: Mapped[Panel] = relationship()
    plan: Mapped[Plan | None] = relationship()
    adopted_at: Mapped[Meeting | None] = relationship(
        primaryjoin="foreign(Priority.adopted_at_id) == remote(Meeting.id)",
        viewonly=True,
    )


class PriorityEvent(Base):
    """One step of a priority: what, when, by whom, at which meeting with which minute, and why. Never altered.

    Of what was put off, ``meeting`` is the one it was put off to. ``plan_id`` is the plan as it was then.
    """

    __tablename__ = "priority_events"

    priority_id: Mapped[int] = mapped_column(ForeignKey("priorities.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    at: Mapped[dt.datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(254))
    by_user_id: Mapped[int | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"), index=True)
    minute_ref: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"), index=True)

    priority: Mapped[Priority] = relationship()
    meeting: Mapped[Meeting | None] = relationship()


class CommunityFeedback(Base):
    """What the community says of a priority: on which day, heard where, and the view itself. Nobody is named."""

    __tablename__ = "community_feedback"

    priority_id: Mapped[int] = mapped_column(ForeignKey("priorities.id"), index=True)
    on: Mapped[dt.date]
    source: Mapped[str] = mapped_column(String(200))
    view: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(String(254))
