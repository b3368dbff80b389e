"""The words of panels: what a chair holds, where a meeting and a priority stand (RULES section 5)."""

from enum import StrEnum


class Office(StrEnum):
    """What somebody is for a panel."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"

    @property
    def label(self) -> str:
        return "Chair" if self is Office.CHAIR else "Vice-chair"


class ChairType(StrEnum):
    """Whom a chair or vice-chair comes from. The independent ones are elected by the panel."""

    INDEPENDENT = "independent"
    COUNCIL = "council"
    CDRP = "cdrp"
    POLICE = "police"

    @property
    def label(self) -> str:
        return "CDRP" if self is ChairType.CDRP else self.value.capitalize()


class MeetingStatus(StrEnum):
    """Where a meeting stands. One that was cancelled counts as neither planned nor held."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class PriorityState(StrEnum):
    """Where a priority stands. One that a chair refused to sign off goes on: it is in progress again.

    One that was withdrawn is no longer asked for by the panel, and was not answered.
    """

    RECOMMENDED = "recommended"
    RAISED = "raised"
    ADOPTED = "adopted"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    PUT_FORWARD = "put_forward"
    SIGNED_OFF = "signed_off"
    REFUSED = "refused"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    PriorityState.RECOMMENDED: "Recommended",
    PriorityState.RAISED: "Raised at a meeting",
    PriorityState.ADOPTED: "Adopted",
    PriorityState.DECLINED: "Declined",
    PriorityState.IN_PROGRESS: "In progress",
    PriorityState.PUT_FORWARD: "Put forward for sign-off",
    PriorityState.SIGNED_OFF: "Signed off",
    PriorityState.REFUSED: "Sign-off refused",
    PriorityState.DEFERRED: "Sign-off deferred",
    PriorityState.WITHDRAWN: "Withdrawn",
}

UNDECIDED = frozenset({PriorityState.RECOMMENDED, PriorityState.RAISED})
"""The panel has not decided yet."""

CHAIRS_DECISIONS = frozenset(
    {PriorityState.SIGNED_OFF, PriorityState.REFUSED, PriorityState.DEFERRED, PriorityState.WITHDRAWN}
)
"""What only a chair brings about, with all that RULES section 5 asks for; never a file (docs/decisions/0014)."""

ADOPTED = frozenset(PriorityState) - UNDECIDED - {PriorityState.DECLINED}
"""A meeting adopted it, whatever became of it since."""

CURRENT = ADOPTED - {PriorityState.SIGNED_OFF, PriorityState.WITHDRAWN}
"""Adopted and not answered yet: what a panel has going."""


class EventKind(StrEnum):
    """A step in the life of a priority. Steps are added and never changed."""

    RECOMMENDED = "recommended"
    RAISED = "raised"
    ADOPTED = "adopted"
    DECLINED = "declined"
    STARTED = "started"
    PUT_FORWARD = "put_forward"
    SIGNED_OFF = "signed_off"
    REFUSED = "refused"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    REVIEWED = "reviewed"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _STEPS[self]


_STEPS = {
    EventKind.RECOMMENDED: "Recommended to the panel",
    EventKind.RAISED: "Raised",
    EventKind.ADOPTED: "Adopted by the panel",
    EventKind.DECLINED: "Declined by the panel",
    EventKind.STARTED: "Work started on a plan",
    EventKind.PUT_FORWARD: "Put forward for sign-off",
    EventKind.SIGNED_OFF: "Signed off",
    EventKind.REFUSED: "Sign-off refused",
    EventKind.DEFERRED: "Sign-off put off to a meeting",
    EventKind.WITHDRAWN: "Withdrawn by the panel",
    EventKind.REOPENED: "Reopened",
    EventKind.REVIEWED: "Reviewed",
    EventKind.CLOSED: "Plan closed",
}
