"""Read whom the invitation to a meeting goes to, who has it, and who may sign off what was put forward."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from npt.accounts import queries as accounts
from npt.accounts.models import User
from npt.core.db import session
from npt.mail import queries as mail
from npt.mail.queries import LetterRow
from npt.mail.rules import LetterKind, LetterState
from npt.panels.models import MeetingInvitation, Priority
from npt.panels.queries.attendance import expected_at
from npt.panels.queries.changing import terms_of
from npt.panels.queries.priorities import signer_for
from npt.panels.queries.seats import seats_of
from npt.panels.rules.attendance import AUTHORITY
from npt.panels.rules.letters import Addressee, Gathering, Invited, is_told, still_to_invite


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """Somebody to be invited to a meeting, whether they have the invitation, and how far its email has come."""

    addressee: Addressee
    invited: Invited | None
    letter: LetterRow | None
    told: bool

    @property
    def stands(self) -> str:
        """How it stands, in words."""
        if self.addressee.address is None:
            return "No address"
        if self.invited is None:
            return "Not invited yet"
        if not self.told:
            return "Has the time or place from before the meeting was moved"
        if self.letter is not None and self.letter.state is LetterState.FAILED:
            return f"Not sent: {self.letter.why or 'the mail server did not take it'}"
        if self.letter is not None and self.letter.state is LetterState.WAITING:
            return "Waits to be sent"
        return "Sent"


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """Everybody to be invited to a meeting, with how each stands."""

    lines: Sequence[InvitationLine]
    owed: Sequence[Addressee]

    @property
    def told(self) -> int:
        """How many have the invitation to the meeting as it is."""
        return sum(line.told for line in self.lines)

    @property
    def reached(self) -> int:
        """Of how many an address is known."""
        return sum(line.addressee.address is not None for line in self.lines)


def addressees(panel_id: int, on: dt.date) -> list[Addressee]:
    """Whom the invitation to a panel's meeting of a day goes to: chair and vice-chair, seats, members of the authority.

    Of members of the authority no address is kept (docs/decisions/0033).
    """
    in_office = sorted((term for term in terms_of(panel_id) if term.in_force(on)), key=lambda term: term.office)
    seats = [seat for seat in seats_of(panel_id) if seat.in_force(on)]
    members = [each for each in expected_at(panel_id, on) if each.member_id is not None]
    return [
        *(Addressee(f"{term.name}, {term.office.label.lower()}", term.email.lower(), True) for term in in_office),
        *(Addressee(f"{seat.organisation}, {seat.role}", seat.email) for seat in seats),
        *(Addressee(f"{AUTHORITY}, {each.role}", None) for each in members),
    ]


def invitation_rows(meeting_id: int) -> list[MeetingInvitation]:
    """The rows of who was sent the invitation to a meeting."""
    return list(session.scalars(select(MeetingInvitation).where(MeetingInvitation.meeting_id == meeting_id)))


def invited_of(rows: Sequence[MeetingInvitation]) -> list[Invited]:
    """Such rows as the rules need them."""
    return [Invited(row.address, row.starts_at, row.venue, row.written_at, row.written_by) for row in rows]


def invitation_page(meeting_id: int, ref: str, panel_id: int, on: dt.date, meeting: Gathering) -> InvitationPage:
    """Whom the invitation to a meeting goes to, and who has it. For whoever runs the panel alone: addresses are shown.

    :param on: the meeting's day
    """
    everybody = addressees(panel_id, on)
    invited = invited_of(invitation_rows(meeting_id))
    by_address = {each.address: each for each in invited}
    letters: Mapping[str, LetterRow] = mail.letters_about(f"meeting:{ref}", LetterKind.INVITATION) if invited else {}
    lines = []
    for each in everybody:
        row = by_address.get(each.address) if each.address else None
        lines.append(InvitationLine(each, row, letters.get(each.address or ""), is_told(row, meeting)))
    return InvitationPage(lines, still_to_invite(everybody, invited, meeting))


def signatories(priority: Priority, on: dt.date) -> list[User]:
    """Who may sign a priority off on a day and can sign in: in office, and without a hand in its plan."""
    emails = [term.email for term in terms_of(priority.panel_id) if term.in_force(on)]
    users = [user for email in dict.fromkeys(emails) if (user := accounts.user_by_email(email)) and user.active]
    found = []
    for user in users:
        signer = signer_for(priority, accounts.actor_of(user, on), on)
        if signer.term is not None and not signer.wrote_or_owns and not signer.supervises:
            found.append(user)
    return found
