"""What is written to whoever chairs a panel, sits on it or is expected at its meetings (docs/decisions/0067)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.mail.rules import LINK
from npt.panels.rules.vocabulary import MeetingStatus


def subject_of_signature(panel: str) -> str:
    """The subject of the letter to somebody for whose signature a priority waits."""
    return f"{panel} panel: a priority waits for you"


def signature_waits(panel: str) -> list[str]:
    """The letter itself. It tells nothing of the priority, and of nobody: an email goes through many hands."""
    return [
        f"A priority of {panel} panel is put forward for sign-off. It waits for the panel's chair or vice-chair.",
        "Open this page to read what residents asked for, what was done and what came of it, and to decide. You are "
        "asked to sign in first:",
        LINK,
        "Nothing is signed by this email. You may also decide at the panel's next meeting.",
    ]


@dataclass(frozen=True, slots=True)
class Addressee:
    """An office of a panel, or a seat on it, with the address that invitations go to, when one is known.

    ``signs_in``: it is somebody with an office of the panel, who may open its pages.
    """

    whom: str
    address: str | None
    signs_in: bool = False


@dataclass(frozen=True, slots=True)
class Invited:
    """That an invitation was written to an address, when, by whom, and to what time and place."""

    address: str
    starts_at: dt.datetime
    venue: str | None
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Gathering:
    """What an invitation is judged by: a meeting's standing, time and place."""

    status: MeetingStatus
    starts_at: dt.datetime
    venue: str | None


def is_told(invited: Invited | None, meeting: Gathering) -> bool:
    """Whether an invitation that was sent still holds: the meeting has not been moved since."""
    return invited is not None and (invited.starts_at, invited.venue) == (meeting.starts_at, meeting.venue)


def still_to_invite(addressees: Iterable[Addressee], invited: Iterable[Invited], meeting: Gathering) -> list[Addressee]:
    """Whom an invitation goes to: each address once, and again only when the meeting was moved since."""
    known = {each.address: each for each in invited}
    found: dict[str, Addressee] = {}
    for each in addressees:
        if each.address is not None and not is_told(known.get(each.address), meeting):
            found.setdefault(each.address, each)
    return list(found.values())


def obstacles_to_inviting(
    meeting: Gathering, at: dt.datetime, addressees: Sequence[Addressee], invited: Sequence[Invited]
) -> Iterator[Reason]:
    """Why the invitation to a meeting cannot be sent: it is over or cancelled, or there is nobody to send it to."""
    if meeting.status is MeetingStatus.CANCELLED:
        yield Reason("This meeting is cancelled. Nobody is invited to it")
    elif meeting.status is MeetingStatus.HELD or meeting.starts_at <= at:
        yield Reason("This meeting is past. Nobody is invited to it any more")
    elif all(each.address is None for each in addressees):
        yield Reason(NOBODY)
    elif not still_to_invite(addressees, invited, meeting):
        yield Reason("Everybody with an address has this invitation already")


NOBODY = "There is nobody to send it to. Appoint a chair, or give the seats of the panel an address for invitations"
