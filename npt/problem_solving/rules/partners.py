"""Working with partners: the groups they meet in, and what they may be asked (docs/decisions/0041)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum

from npt.core.errors import Reason
from npt.core.periods import day_in_words


class GroupKind(StrEnum):
    """What kind of group partners meet in."""

    JAG = "jag"
    NAG = "nag"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    GroupKind.JAG: "Joint action group (JAG)",
    GroupKind.NAG: "Neighbourhood action group (NAG)",
    GroupKind.OTHER: "Other group",
}


class GroupMeetingStatus(StrEnum):
    """Whether a meeting of a group is still to come, was held, or was cancelled."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class ActionState(StrEnum):
    """Which actions a list shows."""

    UNDONE = "undone"
    OVERDUE = "overdue"
    DONE = "done"
    CANCELLED = "cancelled"
    ALL = "all"

    @property
    def label(self) -> str:
        return {"undone": "Not done", "overdue": "Overdue", "done": "Done", "cancelled": "Cancelled", "all": "All"}[
            self.value
        ]


def obstacles_to_organisation(name: str, taken: bool) -> Iterator[Reason]:
    """Why an organisation cannot be kept under a name. Capitals do not make two of them."""
    if not name.strip():
        yield Reason("Enter the organisation's name", "name")
    if taken:
        yield Reason("There is an organisation of this name already", "name")


def obstacles_to_recording(
    status: GroupMeetingStatus, starts_at: dt.datetime, at: dt.datetime, new: GroupMeetingStatus
) -> Iterator[Reason]:
    """Why it cannot be said of a meeting that it was held or cancelled.

    :param new: what is to be said of it
    """
    if status is not GroupMeetingStatus.PLANNED:
        yield Reason(f"This meeting is {status.value} already")
    elif new is GroupMeetingStatus.HELD and starts_at > at:
        yield Reason("This meeting has not begun. Record it once it was held, or cancel it", "status")
    elif new is GroupMeetingStatus.PLANNED:
        yield Reason("Choose whether it was held or cancelled", "status")


def obstacles_of_ended(ended_on: dt.date | None) -> Iterator[Reason]:
    """Why nothing of a group can be changed: it has ended."""
    if ended_on is not None:
        yield Reason(f"This group ended on {day_in_words(ended_on)}")


def obstacles_to_ending(planned: int, last_day: dt.date, on: dt.date, reason: str) -> Iterator[Reason]:
    """Why a group cannot end: it is still to meet, its last day is to come, or nothing says why.

    :param planned: how many of its meetings are still to be held or recorded
    """
    if planned:
        many = "a meeting" if planned == 1 else f"{planned} meetings"
        yield Reason(f"The group has {many} still planned. Record or cancel first")
    if last_day > on:
        yield Reason("Enter today or an earlier day", "last_day")
    if not reason.strip():
        yield Reason("Say why the group ends", "reason")


def obstacles_to_leaving(first_day: dt.date, held: dt.date | None, last_day: dt.date) -> Iterator[Reason]:
    """Why an organisation cannot stop being a member on a day."""
    if held is not None:
        yield Reason(f"It is a member no longer since {day_in_words(held)}")
    elif last_day < first_day:
        yield Reason(f"Enter {day_in_words(first_day)}, when it became a member, or a later day", "last_day")


def obstacles_to_joining(first_day: dt.date, held: Iterable[dt.date | None]) -> Iterator[Reason]:
    """Why an organisation cannot become a member in a part: it is one.

    :param held: the last days of its memberships in this part; none: it is a member still
    """
    if any(last is None or last >= first_day for last in held):
        yield Reason("This organisation is a member in this part already", "organisation")


def obstacles_to_moving_a_meeting(status: GroupMeetingStatus) -> Iterator[Reason]:
    """Why a meeting of a group cannot be moved: it was held or cancelled."""
    if status is not GroupMeetingStatus.PLANNED:
        yield Reason(f"This meeting was {status.value}, and stays as it was")
