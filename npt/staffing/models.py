"""The tables of staffing beyond who is posted where: boundary reviews, when a vacancy is to be filled, the named
contacts of wards, which languages a team needs, and who could follow whoever leaves.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of, overlap_check
from npt.people.models import DAYS_IN_ORDER, Bcu, Person, Post, Posting, Team, Ward
from npt.people.rules import Grade
from npt.staffing.rules.candidates import Outcome, Verdict

explain("named_contact_once", "This person is a named contact of the ward on those days already.", "first_day")
overlap_check(
    "named_contact_once",
    """
    SELECT 1 FROM named_contacts a
    JOIN named_contacts b ON a.ward_id = b.ward_id AND a.person_id = b.person_id AND a.id < b.id
    WHERE (a.last_day IS NULL OR b.first_day <= a.last_day) AND (b.last_day IS NULL OR a.first_day <= b.last_day)
    LIMIT 1
    """,
)

ALREADY_A_CANDIDATE = "This person is a candidate for this grade already."
explain("one_open_candidacy", ALREADY_A_CANDIDATE, "grade")
# SQLite names the columns of a unique index and not the index.
explain("candidates.person_id, candidates.grade", ALREADY_A_CANDIDATE, "grade")
explain("uq_attachment_outcomes_posting_id", "How this attachment went is recorded already.")


class BoundaryReview(Base):
    """A decision that moves wards between teams from a day: why, who was consulted, and what came of it."""

    __tablename__ = "boundary_reviews"

    reviewed_on: Mapped[dt.date]
    first_day: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(Text)
    partners: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)

    moves: Mapped[list["BoundaryMove"]] = relationship(back_populates="review")


class BoundaryMove(Base):
    """One ward that a review moves. The membership itself is dated in ``ward_memberships``."""

    __tablename__ = "boundary_moves"
    __table_args__ = (
        UniqueConstraint("review_id", "ward_id"),
        CheckConstraint("from_team_id <> to_team_id", name="to_another_team"),
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("boundary_reviews.id"))
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"), index=True)
    from_team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    to_team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))

    review: Mapped[BoundaryReview] = relationship(back_populates="moves")
    ward: Mapped[Ward] = relationship()
    from_team: Mapped[Team] = relationship(foreign_keys=[from_team_id])
    to_team: Mapped[Team] = relationship(foreign_keys=[to_team_id])


class VacancyPlan(Base):
    """The day by which a post is to be filled, as somebody said on a day. A later row takes its place."""

    __tablename__ = "vacancy_plans"
    __table_args__ = (Index(None, "post_id", "set_on"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    planned_fill_on: Mapped[dt.date]
    note: Mapped[str | None] = mapped_column(String(500))
    set_on: Mapped[dt.date]
    set_by: Mapped[str] = mapped_column(String(254))

    post: Mapped[Post] = relationship()


class NamedContact(Base):
    """The PC or PCSO whom people of a ward may ask for, from a first to a last day. A ward may have several."""

    __tablename__ = "named_contacts"
    __table_args__ = (
        UniqueConstraint("ward_id", "person_id", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]

    ward: Mapped[Ward] = relationship()
    person: Mapped[Person] = relationship()


class NeededLanguage(Base):
    """A language that the people of a team's area need to be spoken to in, from a first day to a last, and why.

    ``set_by`` is empty for one that was imported.
    """

    __tablename__ = "needed_languages"
    __table_args__ = (
        UniqueConstraint("team_id", "language", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    language: Mapped[str] = mapped_column(String(100))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    note: Mapped[str | None] = mapped_column(String(500))
    set_by: Mapped[str | None] = mapped_column(String(254))

    team: Mapped[Team] = relationship()


class Candidate(Base):
    """Somebody put forward for a grade: for one team, a BCU, or without a BCU anywhere. Closed with an outcome."""

    __tablename__ = "candidates"
    __table_args__ = (
        Index(
            "one_open_candidacy",
            "person_id",
            "grade",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        CheckConstraint("team_id IS NULL OR bcu_id IS NOT NULL", name="team_in_a_bcu"),
        CheckConstraint("(closed_on IS NULL) = (outcome IS NULL)", name="closed_with_an_outcome"),
        CheckConstraint("closed_on IS NULL OR closed_on >= put_forward_on", name="days_in_order"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    bcu_id: Mapped[int | None] = mapped_column(ForeignKey("bcus.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    note: Mapped[str | None] = mapped_column(String(1000))
    put_forward_on: Mapped[dt.date]
    put_forward_by: Mapped[str] = mapped_column(String(254))
    ready_from: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    closed_by: Mapped[str | None] = mapped_column(String(254))
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    closing_note: Mapped[str | None] = mapped_column(String(500))

    person: Mapped[Person] = relationship()
    bcu: Mapped[Bcu | None] = relationship()
    team: Mapped[Team | None] = relationship()


class AttachmentOutcome(Base):
    """How an attachment went, in a word and in words."""

    __tablename__ = "attachment_outcomes"
    __table_args__ = (UniqueConstraint("posting_id"),)

    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"))
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict))
    note: Mapped[str] = mapped_column(String(1000))
    recorded_on: Mapped[dt.date]
    recorded_by: Mapped[str] = mapped_column(String(254))

    posting: Mapped[Posting] = relationship()
