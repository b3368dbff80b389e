"""What somebody who is to sign in is written, in plain words (docs/decisions/0048)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from npt.core.authority import Role
from npt.mail.rules import LINK, Post
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a letter with a link to choose a password needs of an edge, and how long its link works."""

    post: Post
    link_works: dt.timedelta


def first_link(post: Post, policy: Policy) -> Invitation:
    """For the letter to somebody who has yet to choose a password."""
    return Invitation(post, dt.timedelta(days=policy.sign_in_link_days))


def link_of_the_forgetful(post: Post, policy: Policy) -> Invitation:
    """For the letter to somebody who has forgotten theirs."""
    return Invitation(post, dt.timedelta(minutes=policy.password_link_minutes))


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is asked to sign in: as what, for which units by their names, and by whom, when a person asks."""

    name: str
    email: str
    role: Role
    units: Sequence[str]
    asked_by: str | None


_CHAIRS = (
    "NPT is where the police keep what your panel asks for, what was done about it, and what you sign off as answered."
)
_STAFF = "NPT is where the force keeps the work of its neighbourhood policing teams."
_PARTNERS = "NPT is where the police keep what your organisation has agreed to do about problems in a neighbourhood."

_PURPOSE: Mapping[Role, str] = {Role.CHAIR: _CHAIRS, Role.PARTNER: _PARTNERS}

_FIRST_SEEN: Mapping[Role, str] = {
    Role.PC: "your team today, and the plans it works on",
    Role.SERGEANT: "your teams today: who is away, how the month stands, and what waits for you",
    Role.INSPECTOR: "the teams of your area today, and what waits for you",
    Role.BCU_MANAGER: "the month of your BCU: its people, its vacancies and its abstractions",
    Role.RESOURCES_LEAD: "the staffing of your BCU",
    Role.FORCE_LEAD: "the pages of the whole force, with its policy and targets",
    Role.CHAIR: "your panel's page. It says when you next meet, what waits for your signature, and what the police did "
    "since you last met. There is nothing to learn first",
    Role.PARTNER: "what your organisation has agreed to do, and by when",
    Role.RESPONDER: "what response officers are to know of each neighbourhood's priorities",
    Role.ANALYST: "the figures and their files",
    Role.AUDITOR: "every figure, and the record of everything done",
    Role.ADMINISTRATOR: "who signs in, what was imported, and whether every check has run",
}


def subject_of_invitation(post: Post) -> str:
    """The subject of the letter that asks somebody to sign in for the first time."""
    return f"{post.force_name}: choose your password for NPT"


def invitation(who: Newcomer, asked: Invitation) -> list[str]:
    """The letter that asks somebody to choose a password: who asks, what for, and what they will see first."""
    force = asked.post.force_name
    asker = f"{who.asked_by} of {force}" if who.asked_by else force
    units = f", for {' and '.join(who.units)}" if who.units else ""
    return [
        f"Dear {who.name}",
        f"{asker} asks you to use NPT. {_PURPOSE.get(who.role, _STAFF)}",
        f"You are there as: {who.role.label}{units}.",
        f"Open this link and choose a password. The link is yours alone and works once, for {how_long(asked)}:",
        LINK,
        f"What you will see first: {_FIRST_SEEN[who.role]}.",
        f"Another time, sign in at {asked.post.base_url} with this email address, {who.email}, and your password.",
        "If you did not expect this, do nothing. Nobody comes in without the link.",
    ]


def subject_of_new_password(post: Post) -> str:
    """The subject of the letter to somebody who has forgotten their password."""
    return f"{post.force_name}: choose a new password for NPT"


def new_password(name: str, asked: Invitation) -> list[str]:
    """The letter to somebody who has forgotten their password, or to whom somebody pretends to be."""
    return [
        f"Dear {name}",
        "You, or somebody who typed your email address, asked for a new password for NPT.",
        f"To choose one, open this link. It works once, for {how_long(asked)}:",
        LINK,
        "If it was not you, do nothing. Your password stays as it is.",
    ]


def how_long(asked: Invitation) -> str:
    """How long a link works, in words."""
    minutes = int(asked.link_works / dt.timedelta(minutes=1))
    length, word = next(each for each in _LENGTHS if minutes % each[0] == 0)
    return f"{minutes // length} {word}{'s' if minutes != length else ''}"


_LENGTHS = ((24 * 60, "day"), (60, "hour"), (1, "minute"))
