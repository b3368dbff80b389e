"""Write to whoever chairs a panel, sits on it or is expected at its meetings (docs/decisions/0067)."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.core.periods import local_day
from npt.mail import services as mail
from npt.mail.rules import LINK, LetterKind, NewLetter, Post
from npt.panels import queries
from npt.panels.models import MeetingInvitation, Priority
from npt.panels.rules.letters import (
    Gathering,
    obstacles_to_inviting,
    signature_waits,
    still_to_invite,
    subject_of_signature,
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the letter says and holds: its words, the meeting as a calendar entry, and where those in office read on."""

    words: str
    calendar: str
    post: Post


def invite_to_meeting(meeting_id: int, invitation: Invitation, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> int:
    """Send the invitation to a meeting to everybody of whom an address is known and who does not have it.

    Returns how many letters were written.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when it is past or cancelled, nobody has an address, or everybody has it already
    """
    row = queries.meeting_row(meeting_id, actor.scope)
    meeting = Gathering(row.status, row.starts_at, row.venue)
    everybody = queries.addressees(row.panel_id, local_day(row.starts_at, zone))
    before = {each.address: each for each in queries.invitation_rows(meeting_id)}
    invited = queries.invited_of(list(before.values()))
    refuse_if_any(obstacles_to_inviting(meeting, at, everybody, invited))
    owed = still_to_invite(everybody, invited, meeting)
    for each in owed:
        address = each.address or ""
        kept = before.get(address) or MeetingInvitation(meeting_id=row.id, address=address)
        kept.starts_at, kept.venue, kept.written_at, kept.written_by = row.starts_at, row.venue, at, actor.name
        session.add(kept)
        paragraphs = invitation.words.strip().split("\n\n")
        if each.signs_in:
            paragraphs += ["What to read before it is here. You are asked to sign in:", LINK]
        letter = NewLetter(
            LetterKind.INVITATION,
            f"meeting:{row.ref}",
            address,
            f"Invitation: {row.panel.name} panel",
            paragraphs,
            invitation.post.path,
            calendar=invitation.calendar,
        )
        mail.write(letter, actor=actor, at=at)
    # Whom an office or a seat belongs to is in the record; the address is not needed there.
    audit.record(
        "meeting.invited",
        f"meeting:{row.ref}",
        actor=actor,
        at=at,
        invited=len(owed),
        again=sum(each.address in before for each in owed),
        whom="; ".join(each.whom for each in owed)[:1000],
    )
    return len(owed)


def tell_signatories(priority: Priority, post: Post, *, actor: Actor, at: dt.datetime, on: dt.date) -> int:
    """Write to whoever may sign a priority off that it waits for them. Returns to how many."""
    told = queries.signatories(priority, on)
    panel = priority.panel.name
    for user in told:
        letter = NewLetter(
            LetterKind.SIGNATURE,
            f"priority:{priority.ref}",
            user.email,
            subject_of_signature(panel),
            signature_waits(panel),
            post.path,
            user.id,
        )
        mail.write(letter, actor=actor, at=at)
    return len(told)
