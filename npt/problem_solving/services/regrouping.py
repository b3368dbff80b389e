"""Change what is kept of a group partners meet in, and end it (docs/decisions/0073)."""

import datetime as dt

from sqlalchemy import select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.core.periods import to_minute
from npt.people import queries as people
from npt.problem_solving.models import GroupMember
from npt.problem_solving.queries import groups as queries
from npt.problem_solving.rules.partners import (
    obstacles_of_ended,
    obstacles_to_ending,
    obstacles_to_leaving,
    obstacles_to_moving_a_meeting,
)
from npt.problem_solving.services.groups import NewGroup, NewGroupMeeting
from npt.problem_solving.services.keeping import take_over


def change_group(group_id: int, new: NewGroup, *, actor: Actor, at: dt.datetime) -> None:
    """Give a group another name, kind or leading team.

    :raises NoResultFound: when another team leads the group, or the new team is not the actor's
    :raises Refused: when it has ended; when there is another group of the name
    """
    row = queries.group_to_change(group_id, actor.scope)
    refuse_if_any([*obstacles_of_ended(row.ended_on)])
    team = people.team(new.team, actor.scope)
    _change(row, "group.changed", group_id, {"name": new.name, "kind": new.kind, "team_id": team.id}, actor, at)


def end_group(group_id: int, last_day: dt.date, reason: str, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """End a group, and with it the parts its members have. What was taken on at its meetings stays to be done.

    :raises NoResultFound: when another team leads the group
    :raises Refused: when it has ended, is still to meet, ends on a day to come, or nothing says why
    """
    row = queries.group_to_change(group_id, actor.scope)
    planned = len(queries.planned_meetings(group_id))
    refuse_if_any([*obstacles_of_ended(row.ended_on), *obstacles_to_ending(planned, last_day, on, reason)])
    row.ended_on, row.active = last_day, False
    for member in queries.current_members(group_id):
        member.last_day = max(last_day, member.first_day)
    audit.record("group.ended", f"group:{group_id}", actor=actor, at=at, last_day=last_day, reason=reason)


def end_member(group_id: int, member_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> None:
    """Say until when an organisation is a member of a group.

    :raises NoResultFound: when another team leads the group, or there is no such member of it
    :raises Refused: when it is a member no longer, or the day is before its first
    """
    queries.group_to_change(group_id, actor.scope)
    wanted = select(GroupMember).where(GroupMember.id == member_id, GroupMember.group_id == group_id)
    member = session.execute(wanted).scalar_one()
    refuse_if_any([*obstacles_to_leaving(member.first_day, member.last_day, last_day)])
    member.last_day = last_day
    audit.record(
        "group.member_ended",
        f"group:{group_id}",
        actor=actor,
        at=at,
        organisation=member.organisation.name,
        role=member.role,
        last_day=last_day,
    )


def change_group_meeting(meeting_id: int, new: NewGroupMeeting, *, actor: Actor, at: dt.datetime) -> int:
    """Move a meeting that is still to be held. Returns the number of its group.

    :raises NoResultFound: when another team leads the group
    :raises Refused: when it was held or cancelled, or the group meets at that time already
    """
    row, _ = queries.group_of_meeting(meeting_id, actor.scope)
    refuse_if_any([*obstacles_to_moving_a_meeting(row.status)])
    values: dict[str, object] = {"starts_at": to_minute(new.starts_at), "venue": new.venue}
    _change(row, "group.meeting_changed", row.group_id, values, actor, at)
    return row.group_id


def _change(row: object, event: str, group_id: int, new: dict[str, object], actor: Actor, at: dt.datetime) -> None:
    if (differing := take_over(row, new)) is not None:
        before, after = differing
        session.flush()
        audit.record(event, f"group:{group_id}", actor=actor, at=at, before=before, after=after)
