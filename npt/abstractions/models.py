"""The tables of duty, absence and abstraction."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.abstractions.rules import AbsenceKind, DrawnFrom, DutySource, DutyStatus, Finding, ReturnKind
from npt.core.db import Base, explain, one_of, overlap_check
from npt.core.lasting import INDEXED_END
from npt.people.models import DAYS_IN_ORDER, Bcu, Person, Team
from npt.people.rules import Grade

explain(
    "abstractions_one_place_at_a_time",
    "This person is already logged as away in that time. Nobody is in two places at once.",
    "person_id",
)
overlap_check(
    "abstractions_one_place_at_a_time",
    """
    SELECT 1 FROM abstractions a JOIN abstractions b
      ON a.person_id = b.person_id AND a.id < b.id AND a.cancelled_at IS NULL AND b.cancelled_at IS NULL
    WHERE (a.ends_at IS NULL OR b.starts_at < a.ends_at) AND (b.ends_at IS NULL OR a.starts_at < b.ends_at)
    LIMIT 1
    """,
)
explain("monthly_returns_standing", "Somebody else confirmed this month just now. Look at it again.")


class Duty(Base):
    """A period a person is rostered or has worked. The duty date is the local day it starts on."""

    __tablename__ = "duties"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "person_id", "starts_at"),
        # With all that a month asks of a duty, hundreds at a time, so that PostgreSQL need not look into the table.
        Index(None, "person_id", "ends_at", postgresql_include=["starts_at", "duty_date", "ref", "status"]),
        Index(None, "starts_at"),
        Index(None, "ends_at"),
        Index(None, "source", "duty_date"),
    )

    ref: Mapped[str] = mapped_column(String(60), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    duty_date: Mapped[dt.date]
    status: Mapped[DutyStatus] = mapped_column(one_of(DutyStatus))
    source: Mapped[DutySource] = mapped_column(
        one_of(DutySource), default=DutySource.IMPORTED, server_default=DutySource.IMPORTED.value
    )

    person: Mapped[Person] = relationship()


class Absence(Base):
    """Leave, sickness and the like; never an abstraction. Without an end it runs on until ended."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        Index(None, "person_id", "starts_at"),
        Index(
            "ix_absences_not_over",
            "person_id",
            INDEXED_END,
            postgresql_include=["starts_at", "ends_at", "cancelled_at"],
        ),
        Index("ix_absences_end", INDEXED_END),
    )

    ref: Mapped[str] = mapped_column(String(60), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[AbsenceKind] = mapped_column(one_of(AbsenceKind))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime | None]
    cancelled_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship()


class Abstraction(Base):
    """Time on duty, away from the neighbourhood role. Without an end: still away."""

    __tablename__ = "abstractions"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        Index(None, "person_id", "starts_at"),
        Index(
            "ix_abstractions_not_over",
            "person_id",
            INDEXED_END,
            postgresql_include=["id", "starts_at", "ends_at", "cancelled_at", "ref", "reason"],
        ),
        # With what the mix of reasons asks of every entry of the force.
        Index(None, "starts_at", postgresql_include=["reason", "cancelled_at"]),
        Index("ix_abstractions_end", INDEXED_END),
        Index(None, "awaiting_since"),
        Index(None, "declined_at"),
        Index(None, "logged_by_user_id", "logged_at"),
    )

    ref: Mapped[str] = mapped_column(String(60), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime | None]
    destination: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)
    authorised_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    authorised_at: Mapped[dt.datetime | None]
    logged_at: Mapped[dt.datetime | None]
    logged_by: Mapped[str | None] = mapped_column(String(254))
    logged_by_user_id: Mapped[int | None]
    asked_by_user_id: Mapped[int | None]
    """Who made it what needs authorisation: whoever logged it, or changed it last."""
    authorisation_why: Mapped[str | None] = mapped_column(Text)
    """Why it needs authorisation, a line for each reason; nothing when it does not, or was never judged."""
    awaiting_since: Mapped[dt.datetime | None]
    afterwards_why: Mapped[str | None] = mapped_column(String(500))
    """Why it could not wait, when it was authorised afterwards."""
    declined_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(254))
    decision_note: Mapped[str | None] = mapped_column(String(500))
    cancelled_at: Mapped[dt.datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(500))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    authorised_by: Mapped[Person | None] = relationship(foreign_keys=[authorised_by_id])


class PatternDay(Base):
    """One day of a shift pattern for one grade, in times of the station clock; without times a rest day."""

    __tablename__ = "pattern_days"
    __table_args__ = (
        UniqueConstraint("code", "day", "grade"),
        CheckConstraint("day >= 0", name="day_in_cycle"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="both_times_or_none"),
    )

    code: Mapped[str] = mapped_column(String(40))
    day: Mapped[int]
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    starts: Mapped[dt.time | None]
    ends: Mapped[dt.time | None]


class PatternPerson(Base):
    """A person on a shift pattern, from a first to a last day; on the first so many days into the cycle."""

    __tablename__ = "pattern_people"
    __table_args__ = (
        UniqueConstraint("person_id", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
        CheckConstraint("days_in >= 0", name="days_in_cycle"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    pattern: Mapped[str] = mapped_column(String(40))
    days_in: Mapped[int]

    person: Mapped[Person] = relationship()


class DipSample(Base):
    """Entries drawn at random for an auditor to look at. Without unit: from the whole force."""

    __tablename__ = "dip_samples"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("(closed_at IS NULL) = (conclusion IS NULL)", name="closed_with_a_conclusion"),
    )

    bcu_id: Mapped[int | None] = mapped_column(ForeignKey("bcus.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    drawn_from: Mapped[DrawnFrom] = mapped_column(one_of(DrawnFrom))
    size: Mapped[int]
    """How many were asked for; there may have been fewer."""
    seed: Mapped[str] = mapped_column(String(64))
    population: Mapped[str] = mapped_column(Text, deferred=True)
    """The references of every entry it was drawn from, one on each line, so that the draw can be repeated."""
    population_size: Mapped[int]
    drawn_at: Mapped[dt.datetime]
    drawn_by: Mapped[str] = mapped_column(String(254))
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(254))
    conclusion: Mapped[str | None] = mapped_column(Text)

    bcu: Mapped[Bcu | None] = relationship()
    team: Mapped[Team | None] = relationship()


class SampledEntry(Base):
    """An entry of a dip-sample in the order drawn, and what was found of it. The team is that of the day it starts."""

    __tablename__ = "sampled_entries"
    __table_args__ = (
        UniqueConstraint("sample_id", "place"),
        UniqueConstraint("sample_id", "abstraction_id"),
        CheckConstraint("(finding IS NULL) = (found_at IS NULL)", name="found_at_a_time"),
    )

    sample_id: Mapped[int] = mapped_column(ForeignKey("dip_samples.id"))
    place: Mapped[int]
    abstraction_id: Mapped[int] = mapped_column(ForeignKey("abstractions.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    mark: Mapped[str] = mapped_column(String(16))
    """How the entry stood when it was drawn."""
    finding: Mapped[Finding | None] = mapped_column(one_of(Finding))
    note: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str | None] = mapped_column(String(500))
    found_at: Mapped[dt.datetime | None]
    found_by: Mapped[str | None] = mapped_column(String(254))

    sample: Mapped[DipSample] = relationship()
    abstraction: Mapped[Abstraction] = relationship()


class MonthlyReturn(Base):
    """One time that a team's month was confirmed, with the figures of that moment. A row is only ever opened again, and
    the next time is another row: of a team's month one row at most stands.
    """

    __tablename__ = "monthly_returns"
    __table_args__ = (
        UniqueConstraint("team_id", "month", "version"),
        CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by IS NULL) AND (reopened_at IS NULL) = (reopen_reason IS NULL)",
            name="reopened_by_somebody_for_a_reason",
        ),
        Index(
            "monthly_returns_standing",
            "team_id",
            "month",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
        Index(None, "month"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    month: Mapped[dt.date]
    """The first day of the month."""
    version: Mapped[int]
    kind: Mapped[ReturnKind] = mapped_column(one_of(ReturnKind))
    confirmed_at: Mapped[dt.datetime]
    confirmed_by: Mapped[str] = mapped_column(String(254))
    duty_minutes: Mapped[int]
    abstracted_minutes: Mapped[int]
    off_duty_minutes: Mapped[int]
    entries: Mapped[int]
    reopened_at: Mapped[dt.datetime | None]
    reopened_by: Mapped[str | None] = mapped_column(String(254))
    reopen_reason: Mapped[str | None] = mapped_column(String(500))


class ReturnChange(Base):
    """Something that was written about a team's month after it had been confirmed once. Never changed or taken away."""

    __tablename__ = "return_changes"
    __table_args__ = (Index(None, "team_id", "month"), Index(None, "month"), Index(None, "subject"))

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    month: Mapped[dt.date]
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(String(254))
    event: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    because: Mapped[str | None] = mapped_column(String(500))
    """The reason given; nothing when it came from an import, or while the month stood open again."""
    stood: Mapped[bool]
    """Whether the month stood confirmed at that moment, or was open again."""

    person: Mapped[Person] = relationship()


class SummedMonth(Base):
    """What a night added up of one person's month, up to the end of a day (decision 80). Worked out of duties, absences
    and abstractions alone, and no longer true where a slip says so: it can be thrown away at any time.
    """

    __tablename__ = "summed_months"
    __table_args__ = (
        UniqueConstraint("person_id", "starts_at"),
        CheckConstraint("until > starts_at", name="until_after_start"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    duty_minutes: Mapped[int]
    taken: Mapped[Sequence[Sequence[Any]]] = mapped_column(JSON)
    """Reason, day, minutes on duty and off duty, for each reason and day."""
    first_day: Mapped[dt.date | None]
    last_day: Mapped[dt.date | None]


class Recount(Base):
    """A slip that a duty, an absence or an abstraction of somebody was written, between these times: what was added up
    of them there must be counted anew. The database itself leaves it with the change, whoever makes it, and a night
    takes it away. Slips are only ever added, so that nobody waits for anybody else's.
    """

    __tablename__ = "recounts"
    __table_args__ = (Index(None, "person_id"),)

    person_id: Mapped[int]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime | None]
