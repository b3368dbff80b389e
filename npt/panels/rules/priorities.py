"""From one step of a priority to the next, and what stands in the way (RULES section 5; docs/decisions/0029)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.core.periods import add_months, day_in_words
from npt.panels.rules.meetings import Sitting
from npt.panels.rules.vocabulary import CURRENT, UNDECIDED, EventKind, MeetingStatus, PriorityState

_S, _E = PriorityState, EventKind

UNDER_WAY = frozenset({_S.IN_PROGRESS, _S.REFUSED})
"""The team works on it. One that was refused is in progress again, whatever word an older record has for it."""

WAITING = frozenset({_S.PUT_FORWARD, _S.DEFERRED})
"""It waits for the chair."""

_FROM: Mapping[EventKind, frozenset[PriorityState]] = {
    _E.ADOPTED: UNDECIDED,
    _E.DECLINED: UNDECIDED,
    _E.STARTED: UNDER_WAY | {_S.ADOPTED},
    _E.PUT_FORWARD: UNDER_WAY,
    _E.SIGNED_OFF: WAITING,
    _E.REFUSED: WAITING,
    _E.DEFERRED: WAITING,
    _E.WITHDRAWN: CURRENT,
    _E.REOPENED: frozenset({_S.SIGNED_OFF}),
    _E.REVIEWED: CURRENT,
}
"""From where a step can be taken. Raising makes a priority, and a closed plan tells of itself."""

_TO: Mapping[EventKind, PriorityState] = {
    _E.ADOPTED: _S.ADOPTED,
    _E.DECLINED: _S.DECLINED,
    _E.STARTED: _S.IN_PROGRESS,
    _E.PUT_FORWARD: _S.PUT_FORWARD,
    _E.SIGNED_OFF: _S.SIGNED_OFF,
    _E.REFUSED: _S.IN_PROGRESS,
    _E.DEFERRED: _S.DEFERRED,
    _E.WITHDRAWN: _S.WITHDRAWN,
}

_ONLY: Mapping[EventKind, str] = {
    _E.ADOPTED: "only one that is recommended or raised can be adopted",
    _E.DECLINED: "only one that is recommended or raised can be declined",
    _E.STARTED: "only one that is adopted or in progress is worked on",
    _E.PUT_FORWARD: "only one that is in progress is put forward. Name its plan first",
    _E.SIGNED_OFF: "only one that is put forward can be signed off",
    _E.REFUSED: "only one that is put forward can be refused",
    _E.DEFERRED: "only one that is put forward can be put off",
    _E.WITHDRAWN: "only one that is adopted and not signed off can be withdrawn",
    _E.REOPENED: "only one that is signed off can be reopened",
    _E.REVIEWED: "only one that is adopted and not signed off is reviewed",
}


def next_ref(panel_code: str, taken: Iterable[str]) -> str:
    """The reference of a panel's next priority, short enough to be said in a meeting: ``SOHV-P4`` after ``SOHV-P3``.

    :param taken: the references there are, of whatever shape
    """
    start = f"{panel_code}-P"
    numbers = (ref.removeprefix(start) for ref in taken if ref.startswith(start))
    return f"{start}{1 + max((int(number) for number in numbers if number.isdecimal()), default=0)}"


def can(kind: EventKind, state: PriorityState) -> bool:
    """Whether a step can be taken from where a priority stands."""
    return state in _FROM[kind]


def obstacles_to_step(kind: EventKind, state: PriorityState) -> Iterator[Reason]:
    """Why a step cannot be taken from where a priority stands."""
    if not can(kind, state):
        yield Reason(f"This priority is {state.label[0].lower()}{state.label[1:]}: {_ONLY[kind]}")


def after(kind: EventKind, state: PriorityState, *, planned: bool) -> PriorityState:
    """Where a priority stands after a step.

    :param planned: whether a plan that can be worked on answers it
    """
    if kind is EventKind.REOPENED:
        return PriorityState.IN_PROGRESS if planned else PriorityState.ADOPTED
    return _TO.get(kind, state)


def obstacles_to_deciding(meeting: Sitting | None, minute_ref: str) -> Iterator[Reason]:
    """Why a meeting and its minute do not carry a decision of the panel: it was not held, or nothing refers to it.

    :param meeting: one of the panel's own; nothing when none was chosen, or one of another panel
    """
    if meeting is None:
        yield Reason("Choose the meeting of this panel at which it was decided", "meeting_id")
    elif meeting.status is not MeetingStatus.HELD:
        yield Reason(
            f"The meeting of {day_in_words(meeting.on)} is not recorded as held. Record how it went, or choose another",
            "meeting_id",
        )
    if not minute_ref.strip():
        yield Reason("Enter the reference of the minute, like 6.2", "minute_ref")


def obstacles_to_deferring(meeting: Sitting | None, on: dt.date) -> Iterator[Reason]:
    """Why a decision cannot be put off to a meeting: it is not one of the panel's still to come."""
    if meeting is None or meeting.status is not MeetingStatus.PLANNED or meeting.on < on:
        yield Reason("Choose a meeting of this panel that is planned. If there is none, ask for one", "meeting_id")


def obstacles_to_reason(reason: str, words: str) -> Iterator[Reason]:
    """A step that disappoints somebody says why."""
    if not reason.strip():
        yield Reason(words, "reason")


def obstacles_to_feedback(heard_on: dt.date, on: dt.date) -> Iterator[Reason]:
    """What the community says was said by today."""
    if heard_on > on:
        yield Reason("Enter today or an earlier day", "on")


def too_many(adopted: int, limit: int) -> str | None:
    """What is said of a panel with more priorities than policy means it to have: a warning and no refusal."""
    if adopted <= limit:
        return None
    return f"The panel has {adopted} priorities now. Policy means it to have {limit} at most: fewer are sooner answered"


@dataclass(frozen=True, slots=True)
class Review:
    """When a priority was last looked at, and by when it is again."""

    last: dt.date
    due: dt.date

    def missed(self, on: dt.date) -> bool:
        return on > self.due


def review(decided_on: dt.date, reviewed_on: dt.date | None, months: int) -> Review:
    """The last review of a priority, from the meeting that adopted it on, and the next.

    :param months: policy's figure
    """
    last = max(decided_on, reviewed_on or decided_on)
    return Review(last, add_months(last, months))
