"""Plan a meeting of a panel, say how it went, or cancel it."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from zoneinfo import ZoneInfo

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Refused, refuse_if_any
from npt.core.periods import Period, local_day, to_minute
from npt.flags import services as flags
from npt.flags.rules import FlagKind
from npt.panels import queries
from npt.panels.models import Meeting
from npt.panels.rules.attendance import Presence
from npt.panels.rules.meetings import (
    Wanted,
    clashes,
    obstacles_to_cancelling,
    obstacles_to_moving,
    obstacles_to_recording,
    outside,
    warnings,
)
from npt.panels.rules.vocabulary import MeetingStatus
from npt.panels.services.attendance import keep_presences
from npt.people.models import Panel
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """When and where a panel is to meet, and whether the public may come."""

    starts_at: dt.datetime
    venue: str | None
    public: bool = True
    anyway: bool = False
    """In spite of what was warned of."""
    fixed_at_id: int | None = None
    """The meeting at which it was fixed."""


@dataclass(frozen=True, slots=True)
class NewTime:
    """When and where a meeting is to be instead, and why."""

    starts_at: dt.datetime
    venue: str | None
    why: str
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class HowItWent:
    """How many came, who took the chair, and where the minutes are; nothing where it is not known yet.

    ``presences``: whether somebody expected came, by their key (``Expected``); what is left out stays.
    """

    public_attendance: int | None
    minutes_ref: str | None
    members_present: int | None = None
    chaired_by: str | None = None
    presences: Mapping[str, Presence | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """What planning is judged by: the policy of the day, and the zone of station clocks."""

    policy: Policy
    zone: ZoneInfo


def plan_meeting(code: str, new: NewMeeting, *, actor: Actor, at: dt.datetime, terms: Terms) -> Meeting:
    """Plan a meeting of a panel that a team of the actor's leads.

    :raises NoResultFound: when there is no such panel, or another team leads it
    :raises Refused: when it meets that day already, its lead team is at another panel, or it does not exist then;
        unless ``anyway``, also when its chair, its sergeant or its venue is at another then
    """
    db.lock_record("panels")
    panel = queries.panel_row(code, actor.scope)
    starts_at = to_minute(new.starts_at)
    _check_clashes(panel, starts_at, new.venue, terms, anyway=new.anyway)
    if new.fixed_at_id is not None:
        fixed_at = queries.meeting_row(new.fixed_at_id, actor.scope)
        if fixed_at.panel_id != panel.id or fixed_at.status is not MeetingStatus.HELD:
            raise Refused("The next meeting is fixed at one that this panel held")
    row = Meeting(
        ref=f"M{secrets.token_hex(6).upper()}",
        panel_id=panel.id,
        starts_at=starts_at,
        venue=new.venue,
        public=new.public,
        status=MeetingStatus.PLANNED,
        fixed_at_id=new.fixed_at_id,
    )
    session.add(row)
    session.flush()
    if starts_at > at:
        # The next check would do it. Before anything is recorded: the check itself takes these locks in this order.
        flags.close(FlagKind.NEXT_MEETING_NOT_FIXED, code, on=local_day(at, terms.zone), actor=actor, at=at)
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


def _check_clashes(
    panel: Panel, starts_at: dt.datetime, venue: str | None, terms: Terms, *, anyway: bool, moved: int = 0
) -> None:
    on = local_day(starts_at, terms.zone)
    booked = [each for each in queries.booked_around(on, terms.zone) if each.meeting_id != moved]
    refuse_if_any(
        [
            *outside(Period(panel.first_day, panel.last_day), on),
            *clashes(panel.id, panel.lead_team_id, starts_at, on, booked, terms.policy),
        ]
    )
    if not anyway:
        hand = queries.teams_in_one_hand(panel.lead_team_id, on)
        wanted = Wanted(starts_at, venue, queries.chairs_of(panel.id, on), hand)
        refuse_if_any(warnings(wanted, panel.lead_team_id, booked, terms.policy))


def move_meeting(meeting_id: int, new: NewTime, *, actor: Actor, at: dt.datetime, terms: Terms) -> Meeting:
    """Move a planned meeting to another time or place, for a reason.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it is held or cancelled, the time has passed, or as in ``plan_meeting``
    """
    db.lock_record("panels")
    row = queries.meeting_row(meeting_id, actor.scope)
    starts_at = to_minute(new.starts_at)
    refuse_if_any(obstacles_to_moving(row.status, starts_at, at))
    _check_clashes(row.panel, starts_at, new.venue, terms, anyway=new.anyway, moved=row.id)
    before = _told(row)
    row.starts_at, row.venue = starts_at, new.venue
    _record("meeting.moved", row, {**before, "why": None}, actor, at, why=new.why)
    return row


def record_meeting(meeting_id: int, went: HowItWent, *, actor: Actor, at: dt.datetime, terms: Terms) -> Meeting:
    """Say that a meeting was held and how it went, or correct what was said.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it was cancelled or has not begun
    """
    row = queries.meeting_row(meeting_id, actor.scope)
    refuse_if_any(obstacles_to_recording(row.status, row.starts_at, at))
    before = _told(row)
    row.status = MeetingStatus.HELD
    row.public_attendance, row.minutes_ref = went.public_attendance, went.minutes_ref
    row.members_present, row.chaired_by = went.members_present, went.chaired_by
    event = "meeting.held" if before["status"] is MeetingStatus.PLANNED else "meeting.corrected"
    came_before, came_after = keep_presences(row, went.presences)
    _record(event, row, before | came_before, actor, at, more=came_after)
    if event == "meeting.held":
        _mend(row.panel.code, actor, at, terms)
    return row


def _mend(code: str, actor: Actor, at: dt.datetime, terms: Terms) -> None:
    """Close the flag of a panel that this meeting has brought up to what is asked of it."""
    on = local_day(at, terms.zone)
    panel = queries.panel_page(code, actor.scope, on, terms.policy, terms.zone).panel
    if not panel.keeping.behind:
        flags.close(FlagKind.PANEL_BEHIND, code, on=on, actor=actor, at=at)


def cancel_meeting(meeting_id: int, why: str, *, actor: Actor, at: dt.datetime) -> Meeting:
    """Cancel a planned meeting.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it was held or cancelled already
    """
    row = queries.meeting_row(meeting_id, actor.scope)
    refuse_if_any(obstacles_to_cancelling(row.status))
    before = _told(row)
    row.status, row.cancelled_because = MeetingStatus.CANCELLED, why
    _record("meeting.cancelled", row, {**before, "why": None}, actor, at, why=why)
    return row


def _record(
    event: str,
    row: Meeting,
    before: Mapping[str, object],
    actor: Actor,
    at: dt.datetime,
    *,
    why: str | None = None,
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    session.flush()
    after = {**_told(row), "why": why, **more}
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
    return {
        "status": row.status,
        "starts_at": row.starts_at,
        "venue": row.venue,
        "public_attendance": row.public_attendance,
        "members_present": row.members_present,
        "chaired_by": row.chaired_by,
        "minutes_ref": row.minutes_ref,
    }
