"""The tables of working with partners: groups they meet in, who is a member, and when they meet."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.db import Base, explain, one_of
from npt.people.models import Organisation, Team
from npt.problem_solving.rules.partners import GroupKind, GroupMeetingStatus

for _constraint in ("uq_group_members_group_id_organisation_id_role_first_day", "group_members.group_id"):
    explain(_constraint, "This organisation is a member in this part already.", "organisation")


class PartnerGroup(Base):
    """A joint or neighbourhood action group, led by one team."""

    __tablename__ = "partner_groups"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    ended_on: Mapped[dt.date | None]

    team: Mapped[Team] = relationship()


for _constraint in ("uq_partner_groups_name", "partner_groups.name"):
    explain(_constraint, "There is a group of this name already.", "name")


class GroupMember(Base):
    """An organisation in a group, and the part it sends somebody for. Nobody is named."""

    __tablename__ = "group_members"
    __table_args__ = (
        UniqueConstraint("group_id", "organisation_id", "role", "first_day"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_in_order"),
    )

    group_id: Mapped[int] = mapped_column(ForeignKey("partner_groups.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(100))
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date | None]

    organisation: Mapped[Organisation] = relationship()


class GroupMeeting(Base):
    """One sitting of a group: planned, held or cancelled."""

    __tablename__ = "group_meetings"
    __table_args__ = (UniqueConstraint("group_id", "starts_at"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("partner_groups.id"))
    starts_at: Mapped[dt.datetime]
    venue: Mapped[str] = mapped_column(String(200))
    status: Mapped[GroupMeetingStatus] = mapped_column(one_of(GroupMeetingStatus))
    minutes_ref: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)

    group: Mapped[PartnerGroup] = relationship()


for _constraint in ("uq_group_meetings_group_id_starts_at", "group_meetings.group_id"):
    explain(_constraint, "The group meets at this time already.", "starts_at")
