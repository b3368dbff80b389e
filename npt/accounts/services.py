"""What is done to users. No password comes here: the edge hands in what the library made of it."""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from npt.accounts import queries, rules
from npt.accounts.models import PasswordLink, User, UserScope
from npt.accounts.rules import letters
from npt.accounts.rules.letters import Invitation, Newcomer
from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor, Role, system
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.tokens import hashed, new_token
from npt.mail import queries as mail_queries
from npt.mail import services as mail
from npt.mail.rules import LetterKind, NewLetter

_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4

UNKNOWN = "sign-in"
"""The subject of an entry about a sign-in by nobody we know. What was typed is not kept."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who is to sign in. ``scopes`` are codes of teams, sectors, BCUs, panels or organisations."""

    email: str
    name: str
    role: Role
    scopes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ChangeOfUser:
    """What a user is to be called and to have from now on."""

    name: str
    role: Role
    scopes: Sequence[str] = ()


def one_time_password() -> str:
    """A new password to be read out once: four groups of four, without characters that look alike."""
    return "-".join("".join(secrets.choice(_PLAIN) for _ in range(_GROUPS)) for _ in range(_GROUPS))


def add_user(
    new: NewUser,
    *,
    password_hash: str,
    actor: Actor,
    at: dt.datetime,
    password_chosen: bool = False,
    invitation: Invitation | None = None,
) -> User:
    """Add somebody who signs in. Unless the password was chosen, they must choose their own at the first sign-in.

    :param invitation: write them an email with a link to choose it
    :raises Refused: when a code does not exist or does not suit the role, or the email address is a user's already
    """
    email, name, codes = rules.email_of(new.email), new.name.strip(), _codes(new.scopes)
    refuse_if_any(
        [
            *rules.obstacles_to_user(email, name),
            *rules.obstacles_to_role(new.role, codes, queries.kinds_of(codes)),
            *([Reason(_TAKEN, "email")] if queries.user_by_email(email) else []),
        ]
    )
    user = User(
        email=email,
        name=name,
        role=new.role,
        password=password_hash,
        password_chosen_at=at if password_chosen else None,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=at,
        scopes=[UserScope(code=code) for code in codes],
    )
    session.add(user)
    session.flush()
    audit.record("user.added", _subject(user), actor=actor, at=at, email=email, **_told(user))
    if invitation:
        _invite(user, invitation, actor, at)
    return user


def _invite(user: User, asked: Invitation, actor: Actor, at: dt.datetime) -> None:
    units = [unit.name for unit in queries.units(scope.code for scope in user.scopes)]
    asked_by = actor.name if actor.user_id is not None else None
    words = letters.invitation(Newcomer(user.name, user.email, user.role, units, asked_by), asked)
    _write(LetterKind.SIGN_IN, user, letters.subject_of_invitation(asked.post), words, asked, actor, at)
    audit.record("user.invited", _subject(user), actor=actor, at=at)


def _write(
    kind: LetterKind,
    user: User,
    subject: str,
    words: Sequence[str],
    asked: Invitation,
    actor: Actor,
    at: dt.datetime,
) -> None:
    path, works = asked.post.path, asked.link_works
    letter = NewLetter(kind, _subject(user), user.email, subject, words, path, user.id, works)
    mail.write(letter, actor=actor, at=at)


_TAKEN = "A user with this email address is recorded already."


def change_user(user_id: int, change: ChangeOfUser, *, actor: Actor, at: dt.datetime) -> User:
    """Change what a user is called, their role and the units it is for.

    :raises NoResultFound: when there is no such user
    :raises Refused: when a code does not exist or does not suit, or the last administrator would be lost
    """
    user, codes = _locked(user_id), _codes(change.scopes)
    refuse_if_any(
        [
            *rules.obstacles_to_name(change.name),
            *rules.obstacles_to_role(change.role, codes, queries.kinds_of(codes)),
            *([] if change.role is Role.ADMINISTRATOR else _loss_of_administrator(user, "role")),
        ]
    )
    before = _told(user)
    user.name, user.role = change.name.strip(), change.role
    kept = {scope.code: scope for scope in user.scopes}
    user.scopes = [kept.get(code) or UserScope(code=code) for code in codes]
    after = _told(user)
    if after != before:
        audit.record("user.changed", _subject(user), actor=actor, at=at, before=before, after=after)
    return user


def disable_user(user_id: int, *, actor: Actor, at: dt.datetime) -> User:
    """Shut somebody out, at once: what they have open answers no more.

    :raises NoResultFound: when there is no such user
    :raises Refused: when it is oneself, the last administrator, or somebody disabled already
    """
    user = _locked(user_id)
    if user.id == actor.user_id:
        raise Refused("You cannot disable yourself. Ask another administrator.")
    if not user.active:
        raise Refused(f"{user.name} is disabled already.")
    refuse_if_any(_loss_of_administrator(user))
    user.active = False
    _end_sessions(user)
    _end_links(user, actor, at)
    audit.record("user.disabled", _subject(user), actor=actor, at=at)
    return user


def enable_user(user_id: int, *, actor: Actor, at: dt.datetime) -> User:
    """Let somebody who was disabled sign in again, with the password they had.

    :raises NoResultFound: when there is no such user
    :raises Refused: when they are not disabled
    """
    user = _locked(user_id)
    if user.active:
        raise Refused(f"{user.name} is not disabled.")
    user.active = True
    audit.record("user.enabled", _subject(user), actor=actor, at=at)
    return user


def reset_password(
    user_id: int, *, password_hash: str, actor: Actor, at: dt.datetime, invitation: Invitation | None = None
) -> User:
    """Give somebody a one-time password in place of their own, and end what they have open.

    :param invitation: write them an email with a link to choose their own
    :raises NoResultFound: when there is no such user
    """
    user = _locked(user_id)
    user.password, user.password_chosen_at = password_hash, None
    _end_sessions(user)
    _end_links(user, actor, at)
    audit.record("user.password_reset", _subject(user), actor=actor, at=at)
    if invitation:
        _invite(user, invitation, actor, at)
    return user


def choose_password(user_id: int, *, password_hash: str, actor: Actor, at: dt.datetime) -> User:
    """Keep the password somebody chose, and end what they have open anywhere else.

    :raises NoResultFound: when there is no such user
    """
    user = _locked(user_id)
    _keep_choice(user, password_hash, actor, at)
    return user


def _keep_choice(user: User, password_hash: str, actor: Actor, at: dt.datetime) -> None:
    user.password, user.password_chosen_at = password_hash, at
    _end_sessions(user)
    _end_links(user, actor, at)
    audit.record("user.password_chosen", _subject(user), actor=actor, at=at)


LINK_OVER = "This link works no longer. It works once, and only for a time."


def choose_by_link(token: str, *, password_hash: str, at: dt.datetime) -> User:
    """Keep the password somebody chose under a link of theirs, which ends with every other, and sign them in.

    :raises Refused: when the link works no longer
    """
    db.lock_record("users")
    user = queries.user_of_link(hashed(token), at, lock=True)
    if user is None:
        raise Refused(LINK_OVER)
    _keep_choice(user, password_hash, _self(user), at)
    user.last_signed_in_at = at
    audit.record("user.signed_in", _subject(user), actor=_self(user), at=at, by="link")
    return user


NOT_SO_SOON = dt.timedelta(minutes=5)
"""Nobody's mailbox is filled by asking again and again. A technical bound, no figure of policy."""


def ask_for_new_password(email: str, asked: Invitation, *, at: dt.datetime) -> None:
    """Write to somebody who has forgotten their password, when the address is that of a user who may sign in.

    It is kept that somebody asked, and whoever asks learns nothing.
    """
    user = queries.user_by_email(email)
    subject, actor = (UNKNOWN if user is None else _subject(user)), system(UNKNOWN)
    audit.record("user.new_password_asked", subject, actor=actor, at=at)
    if user is None or not user.active:
        return
    if not mail_queries.written_since(at - NOT_SO_SOON, LetterKind.FORGOTTEN, user.id):
        words = letters.new_password(user.name, asked)
        _write(LetterKind.FORGOTTEN, user, letters.subject_of_new_password(asked.post), words, asked, actor, at)


def _make_link(user_id: int, at: dt.datetime, until: dt.datetime) -> str | None:
    """The secret of a new link for a user; nothing when they may not sign in. Links that are over are deleted."""
    if not queries.user(user_id).active:
        return None
    session.execute(delete(PasswordLink).where(PasswordLink.works_until <= at))
    token = new_token()
    session.add(PasswordLink(user_id=user_id, token_hash=hashed(token), made_at=at, works_until=until))
    return token


mail.with_secret(LetterKind.SIGN_IN, _make_link)
mail.with_secret(LetterKind.FORGOTTEN, _make_link)


def _end_links(user: User, actor: Actor, at: dt.datetime) -> None:
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    mail.withdraw(user.id, actor=actor, at=at)


def record_sign_in(user_id: int, *, at: dt.datetime, password_hash: str | None = None) -> User:
    """Keep that somebody signed in. ``password_hash`` is given when the old one was weaker than is now usual.

    :raises NoResultFound: when there is no such user
    """
    user = _locked(user_id)
    user.last_signed_in_at = at
    user.password = password_hash or user.password
    audit.record("user.signed_in", _subject(user), actor=_self(user), at=at)
    return user


def record_sign_out(user_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Keep that somebody signed out, and end every session of theirs: a copied cookie is worth nothing."""
    _end_sessions(_locked(user_id))
    audit.record("user.signed_out", f"user:{user_id}", actor=actor, at=at)


def record_failed_sign_in(user_id: int | None, *, at: dt.datetime) -> None:
    """Keep that a sign-in failed: whose, when the address is a user's, and nothing of what was typed."""
    subject = UNKNOWN if user_id is None else f"user:{user_id}"
    audit.record("user.sign_in_failed", subject, actor=system(UNKNOWN), at=at)


def _locked(user_id: int) -> User:
    # One lock for all, so that two administrators cannot disable each other in the same moment.
    db.lock_record("users")
    return queries.user(user_id, lock=True)


def _loss_of_administrator(user: User, field: str | None = None) -> list[Reason]:
    last = user.role is Role.ADMINISTRATOR and user.active and not queries.other_active_administrators(user.id)
    words = f"{user.name} is the only administrator who can sign in. Make somebody else an administrator first."
    return [Reason(words, field)] if last else []


def _end_sessions(user: User) -> None:
    # The library finds a signed-in user by this, so a new one ends every session there is.
    user.fs_uniquifier = uuid.uuid4().hex


def _codes(scopes: Sequence[str]) -> list[str]:
    return sorted({code.strip() for code in scopes if code.strip()})


def _subject(user: User) -> str:
    return f"user:{user.id}"


def _told(user: User) -> Mapping[str, object]:
    return {"name": user.name, "role": user.role.value, "scopes": sorted(scope.code for scope in user.scopes)}


def _self(user: User) -> Actor:
    return Actor(user.name, user.role, user_id=user.id)
