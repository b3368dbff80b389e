"""The tables of units, people, posts and who holds them."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of, overlap_check
from npt.people.rules import Grade, PostingKind, SkillKind
from npt.people.rules.organisations import OrganisationKind

explain("wards_in_one_team", "The ward already belongs to a team on those days.", "first_day")
overlap_check(
    "wards_in_one_team",
    """
    SELECT 1 FROM ward_memberships a JOIN ward_memberships b ON a.ward_id = b.ward_id AND a.id < b.id
    WHERE (a.last_day IS NULL OR b.first_day <= a.last_day) AND (b.last_day IS NULL OR a.first_day <= b.last_day)
    LIMIT 1
    """,
)

for _constraint in ("uq_organisations_name", "organisations.name"):
    explain(_constraint, "There is an organisation of this name already.", "name")

explain("nobody_above_full_time", "This person would hold more than 1.00 FTE on some day.", "fte")
overlap_check("nobody_above_full_time", "SELECT 1 FROM people_above_full_time LIMIT 1", on_both=True)
explain("no_post_above_its_fte", "The holders of a post would together hold more than its FTE on some day.", "fte")
overlap_check("no_post_above_its_fte", "SELECT 1 FROM posts_above_their_fte LIMIT 1", on_both=True)

DAYS_IN_ORDER = "last_day IS NULL OR last_day >= first_day"


class Bcu(Base):
    """A basic command unit."""

    __tablename__ = "bcus"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Sector(Base):
    """Teams under one inspector."""

    __tablename__ = "sectors"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    bcu_id: Mapped[int] = mapped_column(ForeignKey("bcus.id"), index=True)
    district: Mapped[str | None] = mapped_column(String(200))

    bcu: Mapped[Bcu] = relationship()


class Team(Base):
    """A neighbourhood policing team. One that changes sector is ended and reopened under another code."""

    __tablename__ = "teams"
    __table_args__ = (CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sector_id: Mapped[int] = mapped_column(ForeignKey("sectors.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    telephone: Mapped[str | None] = mapped_column(String(40))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]

    sector: Mapped[Sector] = relationship()


class Panel(Base):
    """A neighbourhood panel, which is not a team: it serves one team or more, one of which leads.

    It stands with the other units because its code is one of theirs (docs/decisions/0014); what panels do stands in
    ``npt.panels``. Without a ``cadence_weeks`` of its own the force's policy says how far apart meetings may lie.
    """

    __tablename__ = "panels"
    __table_args__ = (
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
        CheckConstraint("cadence_weeks IS NULL OR cadence_weeks >= 1", name="cadence_of_a_week_or_more"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    district: Mapped[str | None] = mapped_column(String(200))
    lead_team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    cadence_weeks: Mapped[int | None]
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]

    lead_team: Mapped[Team] = relationship()


class PanelTeam(Base):
    """A team that a panel serves; the lead team is one of them."""

    __tablename__ = "panel_teams"
    __table_args__ = (UniqueConstraint("panel_id", "team_id"),)

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)

    panel: Mapped[Panel] = relationship()
    team: Mapped[Team] = relationship()


class Organisation(Base):
    """A partner organisation, never a private person. Whoever signs in for one sees its own actions.

    It stands with the units because its code is one of theirs (docs/decisions/0041).
    """

    __tablename__ = "organisations"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind))
    active: Mapped[bool] = mapped_column(default=True)


class Ward(Base):
    __tablename__ = "wards"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class WardMembership(Base):
    """The team a ward belongs to, from a first to a last day. One at a time; the database refuses a second."""

    __tablename__ = "ward_memberships"
    __table_args__ = (
        UniqueConstraint("ward_id", "team_id", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]

    ward: Mapped[Ward] = relationship()
    team: Mapped[Team] = relationship()


class Post(Base):
    """A funded place in a team for one grade; an inspector's is in a sector and no team."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("(team_id IS NULL) <> (sector_id IS NULL)", name="team_or_sector"),
        CheckConstraint("(grade = 'inspector') = (team_id IS NULL)", name="inspector_in_sector"),
        CheckConstraint("(fte IS NULL) = (grade = 'special')", name="special_without_fte"),
        CheckConstraint("fte IS NULL OR (fte > 0 AND fte <= 100)", name="fte_in_range"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    ref: Mapped[str] = mapped_column(String(60), unique=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sectors.id"), index=True)
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    fte: Mapped[Decimal | None]
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    funding: Mapped[str | None] = mapped_column(String(200))
    funding_last_day: Mapped[dt.date | None]
    required_skill: Mapped[str | None] = mapped_column(String(200))

    team: Mapped[Team | None] = relationship()
    sector: Mapped[Sector | None] = relationship()


class Person(Base):
    """A police officer or member of police staff. The grade here is shown and never used in a figure."""

    __tablename__ = "people"
    # By which the person of whoever signs in is found, however the address was typed: asked with every page.
    __table_args__ = (Index("ix_people_email_in_small", text("lower(email)")),)

    collar_number: Mapped[str] = mapped_column(String(40), unique=True)
    forename: Mapped[str] = mapped_column(String(100))
    surname: Mapped[str] = mapped_column(String(100))
    grade: Mapped[Grade] = mapped_column(one_of(Grade))
    weekly_hours: Mapped[Decimal | None]
    joined_on: Mapped[dt.date | None]
    leaving_on: Mapped[dt.date | None]
    leaving_reason: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)


class Posting(Base):
    """A person in a post from a first to a last day."""

    __tablename__ = "postings"
    __table_args__ = (
        UniqueConstraint("person_id", "post_id", "first_day"),
        CheckConstraint("(fte IS NULL) OR (fte > 0 AND fte <= 100)", name="fte_in_range"),
        CheckConstraint("kind <> 'attachment' OR fte IS NULL", name="attachment_without_fte"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    kind: Mapped[PostingKind] = mapped_column(one_of(PostingKind))
    fte: Mapped[Decimal | None]
    end_reason: Mapped[str | None] = mapped_column(String(500))

    person: Mapped[Person] = relationship()
    post: Mapped[Post] = relationship()


class Cover(Base):
    """A sergeant supervising a team that is not theirs by posting, and the vacant post because of which they do."""

    __tablename__ = "covers"
    __table_args__ = (
        UniqueConstraint("person_id", "team_id", "first_day"),
        CheckConstraint(DAYS_IN_ORDER, name="days_in_order"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"), index=True)

    person: Mapped[Person] = relationship()
    team: Mapped[Team] = relationship()
    post: Mapped[Post | None] = relationship()


class Skill(Base):
    """What a person can do, or a link with a community that they offered themselves. Never religion or ethnicity.

    One that has ended stays on record beside a later one of the same name.
    """

    __tablename__ = "skills"
    __table_args__ = (
        Index(
            "uq_skills_person_id_kind_name",
            "person_id",
            "kind",
            "name",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index(None, "kind", "name"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[SkillKind] = mapped_column(one_of(SkillKind))
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str | None] = mapped_column(String(100))
    verified_on: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]

    person: Mapped[Person] = relationship()
