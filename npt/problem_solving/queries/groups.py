"""Read the groups partners meet in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from npt.core.authority import Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Organisation, Team
from npt.problem_solving.models import GroupMeeting, GroupMember, PartnerGroup, PlanAction
from npt.problem_solving.rules.partners import GroupKind, GroupMeetingStatus


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group: its team, how many organisations are members, and when it meets next."""

    id: int
    name: str
    kind: GroupKind
    team_code: str
    team_name: str
    members: int
    next_at: dt.datetime | None
    ended_on: dt.date | None = None


def groups(scope: Scope, at: dt.datetime, on: dt.date) -> list[GroupLine]:
    """The groups that teams of the actor lead, by name; those that have ended last."""
    current = GroupMember.last_day.is_(None) | (GroupMember.last_day >= on)
    members = (
        select(func.count(func.distinct(GroupMember.organisation_id)))
        .where(GroupMember.group_id == PartnerGroup.id, current)
        .scalar_subquery()
    )
    following = (
        select(func.min(GroupMeeting.starts_at))
        .where(
            GroupMeeting.group_id == PartnerGroup.id,
            GroupMeeting.status == GroupMeetingStatus.PLANNED,
            GroupMeeting.starts_at >= at,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(PartnerGroup, Team, members, following)
        .join(Team, Team.id == PartnerGroup.team_id)
        .where(people.in_scope(scope))
        .order_by(PartnerGroup.ended_on.is_not(None), func.lower(PartnerGroup.name))
    )
    return [
        GroupLine(row.id, row.name, row.kind, team.code, team.name, number or 0, next_at, row.ended_on)
        for row, team, number, next_at in rows
    ]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An organisation in a group, in which part, from when to when."""

    id: int
    organisation: str
    code: str
    role: str
    first_day: dt.date
    last_day: dt.date | None


@dataclass(frozen=True, slots=True)
class GroupMeetingLine:
    """A meeting of a group, and how many actions were taken on at it."""

    id: int
    starts_at: dt.datetime
    venue: str
    status: GroupMeetingStatus
    minutes_ref: str | None
    actions: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One group whole: members, and meetings with the newest first."""

    id: int
    name: str
    kind: GroupKind
    team_id: int
    team_code: str
    team_name: str
    members: Sequence[MemberLine]
    meetings: Sequence[GroupMeetingLine]
    ended_on: dt.date | None = None


def group_page(group_id: int, scope: Scope) -> GroupPage:
    """One group.

    :raises NoResultFound: when there is none, or a team leads it that is not the actor's
    """
    wanted = select(PartnerGroup, Team).join(Team, Team.id == PartnerGroup.team_id)
    row, team = session.execute(wanted.where(PartnerGroup.id == group_id, people.in_scope(scope))).one()
    members = session.execute(
        select(GroupMember, Organisation)
        .join(Organisation, Organisation.id == GroupMember.organisation_id)
        .where(GroupMember.group_id == group_id)
        .order_by(GroupMember.last_day.is_not(None), Organisation.name, GroupMember.role)
    )
    taken = select(func.count(PlanAction.id)).where(PlanAction.group_meeting_id == GroupMeeting.id).scalar_subquery()
    meetings = session.execute(
        select(GroupMeeting, taken).where(GroupMeeting.group_id == group_id).order_by(GroupMeeting.starts_at.desc())
    )
    return GroupPage(
        row.id,
        row.name,
        row.kind,
        team.id,
        team.code,
        team.name,
        [MemberLine(each.id, of.name, of.code, each.role, each.first_day, each.last_day) for each, of in members],
        [
            GroupMeetingLine(each.id, each.starts_at, each.venue, each.status, each.minutes_ref, number or 0)
            for each, number in meetings
        ],
        row.ended_on,
    )


def group_of_meeting(meeting_id: int, scope: Scope) -> tuple[GroupMeeting, int]:
    """A meeting of a group, locked, and the team that leads the group.

    :raises NoResultFound: when there is none, or another team leads its group
    """
    row = session.execute(
        select(GroupMeeting, PartnerGroup.team_id)
        .join(PartnerGroup, PartnerGroup.id == GroupMeeting.group_id)
        .join(Team, Team.id == PartnerGroup.team_id)
        .where(GroupMeeting.id == meeting_id, people.in_scope(scope))
        .with_for_update(of=GroupMeeting)
    ).one()
    return row[0], row[1]


def group_to_change(group_id: int, scope: Scope) -> PartnerGroup:
    """One group, locked until the transaction ends.

    :raises NoResultFound: when there is none, or a team leads it that is not the actor's
    """
    wanted = select(PartnerGroup).join(Team, Team.id == PartnerGroup.team_id)
    found = wanted.where(PartnerGroup.id == group_id, people.in_scope(scope)).with_for_update(of=PartnerGroup)
    return session.execute(found).scalar_one()


def current_members(group_id: int) -> list[GroupMember]:
    """The memberships of a group that have no last day."""
    wanted = select(GroupMember).where(GroupMember.group_id == group_id, GroupMember.last_day.is_(None))
    return list(session.scalars(wanted))


def planned_meetings(group_id: int) -> list[dt.datetime]:
    """When a group is still to meet, or met and nobody has recorded it."""
    wanted = select(GroupMeeting.starts_at).where(
        GroupMeeting.group_id == group_id, GroupMeeting.status == GroupMeetingStatus.PLANNED
    )
    return list(session.scalars(wanted.order_by(GroupMeeting.starts_at)))
