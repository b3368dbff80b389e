"""Plan a meeting of a panel, say how it went, or cancel it."""

import datetime as dt
import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.core.periods import Period, local_day, to_minute
from npt.panels import queries
from npt.panels.models import Meeting
from npt.panels.rules.meetings import clashes, obstacles_to_cancelling, obstacles_to_recording, outside
from npt.panels.rules.vocabulary import MeetingStatus
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """When and where a panel is to meet, and whether the public may come."""

    starts_at: dt.datetime
    venue: str | None
    public: bool = True


@dataclass(frozen=True, slots=True)
class HowItWent:
    """How many of the public came, and where the minutes are; nothing where it is not known yet."""

    public_attendance: int | None
    minutes_ref: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What planning is judged by: the policy of the day, and the zone of station clocks."""

    policy: Policy
    zone: ZoneInfo


def plan_meeting(code: str, new: NewMeeting, *, actor: Actor, at: dt.datetime, terms: Terms) -> Meeting:
    """Plan a meeting of a panel that a team of the actor's leads.

    :raises NoResultFound: when there is no such panel, or another team leads it
    :raises Refused: when the panel meets that day already, its lead team is at another panel, or it does not exist then
    """
    db.lock_record("panels")
    panel = queries.panel_row(code, actor.scope)
    starts_at = to_minute(new.starts_at)
    on = local_day(starts_at, terms.zone)
    booked = queries.booked_around(on, terms.zone)
    refuse_if_any(
        [
            *outside(Period(panel.first_day, panel.last_day), on),
            *clashes(panel.id, panel.lead_team_id, starts_at, on, booked, terms.policy),
        ]
    )
    row = Meeting(
        ref=f"M{secrets.token_hex(6).upper()}",
        panel_id=panel.id,
        starts_at=starts_at,
        venue=new.venue,
        public=new.public,
        status=MeetingStatus.PLANNED,
    )
    session.add(row)
    session.flush()
    audit.record(
        "meeting.planned",
        f"meeting:{row.ref}",
        actor=actor,
        at=at,
        panel=code,
        starts_at=starts_at,
        venue=new.venue,
        public="yes" if new.public else "no",
    )
    return row


def record_meeting(meeting_id: int, went: HowItWent, *, actor: Actor, at: dt.datetime) -> Meeting:
    """Say that a meeting was held and how it went, or correct what was said.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it was cancelled or has not begun
    """
    row = queries.meeting_row(meeting_id, actor.scope)
    refuse_if_any(obstacles_to_recording(row.status, row.starts_at, at))
    before = _told(row)
    row.status = MeetingStatus.HELD
    row.public_attendance, row.minutes_ref = went.public_attendance, went.minutes_ref
    event = "meeting.held" if before["status"] is MeetingStatus.PLANNED else "meeting.corrected"
    _record(event, row, before, actor, at)
    return row


def cancel_meeting(meeting_id: int, why: str, *, actor: Actor, at: dt.datetime) -> Meeting:
    """Cancel a planned meeting.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it was held or cancelled already
    """
    row = queries.meeting_row(meeting_id, actor.scope)
    refuse_if_any(obstacles_to_cancelling(row.status))
    before = _told(row)
    row.status = MeetingStatus.CANCELLED
    _record("meeting.cancelled", row, {**before, "why": None}, actor, at, why=why)
    return row


def _record(
    event: str, row: Meeting, before: dict[str, object], actor: Actor, at: dt.datetime, why: str | None = None
) -> None:
    session.flush()
    after = {**_told(row), "why": why}
    differing = [name for name in before if before[name] != after[name]]
    if not differing:
        return
    audit.record(
        event,
        f"meeting:{row.ref}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
    )


def _told(row: Meeting) -> dict[str, object]:
    return {"status": row.status, "public_attendance": row.public_attendance, "minutes_ref": row.minutes_ref}
