"""What an email is made of, when it is tried again, and how it reads (docs/decisions/0047)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

MARKING = "OFFICIAL"
LINK = "{link}"
"""A paragraph that is this alone is the link of the letter."""
LONGEST_SUBJECT = 200


class LetterKind(StrEnum):
    """What a letter is for."""

    SIGN_IN = "sign_in"
    FORGOTTEN = "forgotten"
    SIGNATURE = "signature"
    INVITATION = "invitation"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    LetterKind.SIGN_IN: "First sign-in",
    LetterKind.FORGOTTEN: "Forgotten password",
    LetterKind.SIGNATURE: "Priority waits for a signature",
    LetterKind.INVITATION: "Invitation to a meeting",
}


class LetterState(StrEnum):
    """How far a letter has come."""

    WAITING = "waiting"
    FAILED = "failed"
    SENT = "sent"

    @property
    def label(self) -> str:
        return {"waiting": "Waiting", "failed": "Not sent", "sent": "Sent"}[self.value]


@dataclass(frozen=True, slots=True)
class Post:
    """What an edge tells whoever writes a letter: what the force is called, and the path of the page it leads to.

    There is none where no mail server is set; then nobody writes a letter.
    """

    force_name: str
    base_url: str
    path: str


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to be sent: to whom, about what (a subject of the record), and its paragraphs, one of them ``LINK``.

    ``user_id``: whose link it carries, when the link is theirs alone and made at the moment of sending;
    ``link_works``: for how long from then.
    """

    kind: LetterKind
    about: str
    address: str
    subject: str
    paragraphs: Sequence[str]
    path: str
    user_id: int | None = None
    link_works: dt.timedelta | None = None
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter on its way to the mail server, its link whole."""

    id: int
    kind: LetterKind
    address: str
    subject: str
    paragraphs: Sequence[str]
    path: str
    calendar: str | None
    written_at: dt.datetime


FIRST_PAUSE = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(hours=4)
MOST_TRIES = 16
"""Technical bounds, no figures of policy: a mail server that is away for a weekend is waited for."""


def pause_after(tries: int) -> dt.timedelta:
    """How long to wait after the try of this number, from 1, before the next: each time twice as long, to a bound."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, MOST_TRIES)), LONGEST_PAUSE)


def one_line(text: str) -> str:
    """A text as the subject of an email holds it: in one line, and no longer than is kept."""
    return " ".join(text.split())[:LONGEST_SUBJECT]


def message_of(letter: Outgoing, *, sender: str, base_url: str, force_name: str, html: str) -> EmailMessage:
    """A letter as it travels: its text, the same as a simple page, and its calendar entry when it has one.

    :param html: the page
    :raises ValueError: when an address cannot stand in a header
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.address
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.written_at)
    # The same at every try, so that a letter that was taken without our hearing of it is known by its number.
    stamp = f"{letter.written_at:%Y%m%d%H%M%S}"
    message["Message-ID"] = f"<letter-{letter.id}-{stamp}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text_of(letter, base_url=base_url, force_name=force_name))
    message.add_alternative(html, subtype="html")
    if letter.calendar is not None:
        message.add_attachment(
            letter.calendar, subtype="calendar", filename=f"{MARKING}-meeting.ics", params={"method": "PUBLISH"}
        )
    return message


def text_of(letter: Outgoing, *, base_url: str, force_name: str) -> str:
    """A letter as plain text, marked at both ends."""
    paragraphs = [link_of(letter, base_url) if each == LINK else each for each in letter.paragraphs]
    return "\n\n".join([MARKING, *paragraphs, closing(force_name), MARKING]) + "\n"


def link_of(letter: Outgoing, base_url: str) -> str:
    """The whole address that a letter leads to."""
    return f"{base_url}{letter.path}"


def closing(force_name: str) -> str:
    """The last line of every letter."""
    return f"Sent by NPT, neighbourhood policing operations, for {force_name}. NPT never asks for a password by email."
