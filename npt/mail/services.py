"""Write an email in the transaction of what it tells of; take what is due; keep what became of it."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Refused
from npt.mail import queries
from npt.mail.models import Letter
from npt.mail.rules import MOST_TRIES, LetterKind, NewLetter, Outgoing, one_line, pause_after

BELL = threading.Event()
"""Rung when a letter that was written is kept. Whoever sends them in this process waits for it."""

Secret = Callable[[int, dt.datetime, dt.datetime], str | None]
"""Makes the secret end of a link for a user, from an instant to another; nothing, when they may no longer have one."""

_secrets: dict[LetterKind, Secret] = {}


def with_secret(kind: LetterKind, make: Secret) -> None:
    """Have the links of a kind of letter end in a secret. Made on sending, it never stands in the table of emails."""
    _secrets[kind] = make


def write(new: NewLetter, *, actor: Actor, at: dt.datetime) -> Letter:
    """Write an email. It is sent once the transaction is kept, and never when it is not."""
    letter = Letter(
        kind=new.kind,
        about=new.about,
        address=new.address,
        subject=one_line(new.subject),
        words="\n\n".join(new.paragraphs),
        path=new.path,
        calendar=new.calendar,
        user_id=new.user_id,
        link_minutes=int(new.link_works / dt.timedelta(minutes=1)) if new.link_works else None,
        written_at=at,
        written_by=actor.name,
        tries=0,
        due_at=at,
    )
    session.add(letter)
    session.flush()
    # The address is in what it is about, or in the list for as long as that is kept; the record needs neither.
    audit.record("email.written", _subject(letter), actor=actor, at=at, kind=new.kind, about=new.about)
    db.after_commit(BELL.set)
    return letter


def take_due(most: int, *, actor: Actor, at: dt.datetime) -> Sequence[Outgoing]:
    """Take the letters whose time has come, to be handed over after this transaction. Each is due again later, so that
    one whose sender dies half-way is tried again. A letter whose link nobody may have any more is given up.
    """
    taken = []
    for letter in queries.due(at, most):
        letter.tries += 1
        secret = _secret_of(letter, at)
        if secret is None:
            _give_up(letter, "Whoever it is for may no longer sign in", actor, at)
            continue
        letter.due_at = at + pause_after(letter.tries)
        taken.append(
            Outgoing(
                letter.id,
                letter.kind,
                letter.address,
                letter.subject,
                (letter.words or "").split("\n\n"),
                f"{letter.path}{secret}",
                letter.calendar,
                letter.written_at,
            )
        )
    return taken


def _secret_of(letter: Letter, at: dt.datetime) -> str | None:
    if letter.user_id is None or letter.link_minutes is None:
        return ""
    return _secrets[letter.kind](letter.user_id, at, at + dt.timedelta(minutes=letter.link_minutes))


def sent(letter_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Keep that a letter was handed over, and no longer its words."""
    letter = queries.letter_row(letter_id)
    letter.due_at, letter.failed_at, letter.sent_at, letter.why = None, None, at, None
    _drop_words(letter)
    audit.record("email.sent", _subject(letter), actor=actor, at=at, kind=letter.kind, about=letter.about)


def not_sent(letter_id: int, why: str, *, final: bool, actor: Actor, at: dt.datetime) -> None:
    """Keep why a letter was not taken. It stays due, unless trying again is of no use."""
    letter = queries.letter_row(letter_id)
    if final or letter.tries >= MOST_TRIES:
        _give_up(letter, why, actor, at)
    else:
        letter.why = why


def withdraw(user_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Send no letter that still waits with a link for a user: it would let somebody in whom nobody asks any more."""
    for letter in queries.waiting_with_link(user_id):
        _give_up(letter, "No longer needed", actor, at)


def _give_up(letter: Letter, why: str, actor: Actor, at: dt.datetime) -> None:
    letter.due_at, letter.failed_at, letter.why = None, at, why
    audit.record(
        "email.not_sent", _subject(letter), actor=actor, at=at, kind=letter.kind, about=letter.about, because=why
    )


def try_again(letter_id: int, *, actor: Actor, at: dt.datetime) -> Letter:
    """Have a letter that waits or was given up tried at once.

    :raises NoResultFound: when there is none
    :raises Refused: when it was sent meanwhile
    """
    letter = queries.letter_row(letter_id)
    if letter.sent_at is not None:
        raise Refused("This email was sent meanwhile.")
    letter.tries, letter.due_at, letter.failed_at = 0, at, None
    audit.record("email.tried_again", _subject(letter), actor=actor, at=at, kind=letter.kind, about=letter.about)
    db.after_commit(BELL.set)
    return letter


def dispose(before: dt.datetime, *, actor: Actor, at: dt.datetime) -> int:
    """Delete the emails sent or given up before an instant. Returns how many. The record keeps that there were such."""
    gone = queries.settled_before(before)
    for letter in gone:
        session.delete(letter)
    if gone:
        audit.record("emails.disposed", "emails", actor=actor, at=at, before=before, count=len(gone))
    return len(gone)


def _drop_words(letter: Letter) -> None:
    letter.words, letter.path, letter.calendar = None, None, None


def _subject(letter: Letter) -> str:
    return f"email:{letter.id}"
