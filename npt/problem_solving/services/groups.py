"""Keep the groups partners meet in: members, meetings, and what was taken on at one."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import to_minute
from npt.people import queries as people
from npt.problem_solving.models import GroupMeeting, GroupMember, PartnerGroup
from npt.problem_solving.queries import groups as queries
from npt.problem_solving.queries import partners
from npt.problem_solving.rules.partners import (
    GroupKind,
    GroupMeetingStatus,
    obstacles_of_ended,
    obstacles_to_joining,
    obstacles_to_recording,
)
from npt.problem_solving.services.working import NewAction, add_action


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group, and the team that leads it."""

    name: str
    kind: GroupKind
    team: str


def add_group(new: NewGroup, *, actor: Actor, at: dt.datetime) -> int:
    """Keep a group. Returns its number.

    :raises NoResultFound: when the team is not the actor's
    :raises Refused: when there is a group of this name
    """
    team = people.team(new.team, actor.scope)
    row = PartnerGroup(name=new.name, kind=new.kind, team_id=team.id, active=True)
    session.add(row)
    session.flush()
    audit.record("group.added", f"group:{row.id}", actor=actor, at=at, name=new.name, kind=new.kind, team=team.code)
    return row.id


@dataclass(frozen=True, slots=True)
class NewMember:
    """An organisation in a group, and the part it sends somebody for."""

    organisation: str
    role: str
    first_day: dt.date


def add_member(group_id: int, new: NewMember, *, actor: Actor, at: dt.datetime) -> None:
    """Make an organisation a member of a group.

    :raises NoResultFound: when another team leads the group
    :raises Refused: when the group has ended; when the organisation is not on record, or a member in this part already
    """
    refuse_if_any([*obstacles_of_ended(queries.group_to_change(group_id, actor.scope).ended_on)])
    organisation = partners.organisation_named(new.organisation)
    if organisation is None or not organisation.active:
        raise Refused(Reason("Choose an organisation on record", "organisation"))
    held = select(GroupMember.last_day).filter_by(group_id=group_id, organisation_id=organisation.id, role=new.role)
    refuse_if_any([*obstacles_to_joining(new.first_day, session.scalars(held))])
    session.add(GroupMember(group_id=group_id, organisation_id=organisation.id, role=new.role, first_day=new.first_day))
    session.flush()
    audit.record(
        "group.member_added", f"group:{group_id}", actor=actor, at=at, organisation=organisation.name, role=new.role
    )


@dataclass(frozen=True, slots=True)
class NewGroupMeeting:
    """When and where a group is to meet."""

    starts_at: dt.datetime
    venue: str


def plan_group_meeting(group_id: int, new: NewGroupMeeting, *, actor: Actor, at: dt.datetime) -> int:
    """Plan a meeting of a group. Returns its number.

    :raises NoResultFound: when another team leads the group
    :raises Refused: when it has ended, or meets at that time already
    """
    refuse_if_any([*obstacles_of_ended(queries.group_to_change(group_id, actor.scope).ended_on)])
    row = GroupMeeting(
        group_id=group_id, starts_at=to_minute(new.starts_at), venue=new.venue, status=GroupMeetingStatus.PLANNED
    )
    session.add(row)
    session.flush()
    audit.record("group.meeting_planned", f"group:{group_id}", actor=actor, at=at, starts_at=row.starts_at)
    return row.id


@dataclass(frozen=True, slots=True)
class HowItWas:
    """Whether a meeting was held or cancelled, and where its minutes are."""

    status: GroupMeetingStatus
    minutes_ref: str | None


def record_group_meeting(meeting_id: int, was: HowItWas, *, actor: Actor, at: dt.datetime) -> int:
    """Say that a meeting of a group was held or cancelled. Returns the number of its group.

    :raises NoResultFound: when another team leads the group
    :raises Refused: when it was recorded already, or was to be held and has not begun
    """
    row, _ = queries.group_of_meeting(meeting_id, actor.scope)
    refuse_if_any([*obstacles_to_recording(row.status, row.starts_at, at, was.status)])
    row.status, row.minutes_ref = was.status, was.minutes_ref
    audit.record(
        "group.meeting_recorded",
        f"group:{row.group_id}",
        actor=actor,
        at=at,
        status=was.status,
        minutes=was.minutes_ref,
    )
    return row.group_id


@dataclass(frozen=True, slots=True)
class TakenOn:
    """What an organisation took on at a meeting, for which plan, by when."""

    plan: str
    organisation: str
    what: str
    due_on: dt.date


def take_on(meeting_id: int, taken: TakenOn, *, actor: Actor, at: dt.datetime, on: dt.date) -> int:
    """Add an action to a plan as taken on at a meeting of a group. Returns the number of the group.

    :raises NoResultFound: when the group or the plan is not the actor's
    :raises Refused: when the meeting was cancelled; as any action of the plan is refused
    """
    row, _ = queries.group_of_meeting(meeting_id, actor.scope)
    if row.status is GroupMeetingStatus.CANCELLED:
        raise Refused("This meeting was cancelled: nothing was taken on at it")
    refuse_if_any([*obstacles_of_ended(row.group.ended_on)])
    new = NewAction(taken.what, taken.due_on, partner=taken.organisation, group_meeting_id=meeting_id)
    add_action(taken.plan, new, actor=actor, at=at, on=on)
    audit.record("group.action_taken_on", f"group:{row.group_id}", actor=actor, at=at, plan=taken.plan)
    return row.group_id
