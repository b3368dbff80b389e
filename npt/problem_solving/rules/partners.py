"""Working with partners: the groups they meet in, and what they may be asked (docs/decisions/0041)."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum

from npt.core.errors import Reason


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
