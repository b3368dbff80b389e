"""What a decision in the minutes has to do with the steps of the priority it is about (docs/decisions/0050)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from npt.core.errors import Reason
from npt.core.periods import day_in_words
from npt.panels.rules.minutes import DecisionKind, Item
from npt.panels.rules.priorities import WAITING, obstacles_to_step
from npt.panels.rules.vocabulary import ADOPTED, EventKind, PriorityState

STEPS: Mapping[DecisionKind, EventKind] = {
    DecisionKind.ADOPT: EventKind.ADOPTED,
    DecisionKind.DECLINE: EventKind.DECLINED,
    DecisionKind.CONSENT: EventKind.SIGNED_OFF,
    DecisionKind.REFUSE: EventKind.REFUSED,
    DecisionKind.DEFER: EventKind.DEFERRED,
    DecisionKind.WITHDRAW: EventKind.WITHDRAWN,
}
"""The step of a priority that a decision stands for."""

BY_ISSUING = frozenset({DecisionKind.ADOPT, DecisionKind.DECLINE})
"""What happens to the priority when the minutes are issued. Everything else that is decided of one is its chair's."""

_NOT_AT_IT = frozenset({EventKind.REFUSED, EventKind.DEFERRED})
"""Steps that name no meeting, or the one to come: they belong to the meeting they follow."""


@dataclass(frozen=True, slots=True)
class About:
    """A priority as an item of minutes needs it: where it stands, and the meeting that decided on it."""

    id: int
    title: str
    state: PriorityState
    adopted_at_id: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that a priority took: of which kind, when, and which meeting it names."""

    kind: EventKind
    at: dt.datetime
    meeting_id: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """The meeting whose minutes they are."""

    id: int
    starts_at: dt.datetime


class Standing(Enum):
    """What became of a decision in the minutes on the priority it is about."""

    DONE = auto()
    ON_ISSUE = auto()
    CHAIRS = auto()
    NOT_YET = auto()
    OPEN = auto()
    """The minutes are issued, and it was not done: they were issued before it could be, or it was taken back."""


def _step(item: Item) -> EventKind | None:
    return STEPS.get(item.decision) if item.decision else None


def is_done(item: Item, held: Held, about: About, steps: Iterable[Taken]) -> bool:
    """Whether the step that an item stands for was taken, at this meeting or after it."""
    kind = _step(item)
    for step in steps:
        if step.kind is kind and (step.at >= held.starts_at if kind in _NOT_AT_IT else step.meeting_id == held.id):
            return True
    # A file brings a priority that was decided on without its steps.
    if about.adopted_at_id != held.id:
        return False
    if item.decision is DecisionKind.ADOPT:
        return about.state in ADOPTED
    return item.decision is DecisionKind.DECLINE and about.state is PriorityState.DECLINED


def standing(item: Item, held: Held, about: About, steps: Iterable[Taken], *, issued: bool) -> Standing | None:
    """Where a decision of the minutes about a priority stands; nothing where an item decides nothing of it."""
    if _step(item) is None:
        return None
    if is_done(item, held, about, steps):
        return Standing.DONE
    if item.decision in BY_ISSUING:
        return Standing.OPEN if issued else Standing.ON_ISSUE
    if item.decision is not DecisionKind.WITHDRAW and about.state not in WAITING:
        return Standing.NOT_YET
    return Standing.CHAIRS


def obstacles_to_carrying(item: Item, held: Held, about: About, steps: Iterable[Taken]) -> Iterator[Reason]:
    """Why the minutes cannot say that the panel adopted or declined a priority: it was not there to be decided on.

    Nothing when it is on the priority already. Declining says why, in what was said.
    """
    kind = _step(item)
    if kind is None or item.decision not in BY_ISSUING or is_done(item, held, about, steps):
        return
    for reason in obstacles_to_step(kind, about.state):
        yield Reason(reason.message, "decision")
    if item.decision is DecisionKind.DECLINE and not (item.text or "").strip():
        yield Reason("Enter why the panel declined it", "text")


def obstacles_to_minute(minute_ref: str, numbers: Collection[str], on: dt.date) -> Iterator[Reason]:
    """Why a decision cannot stand on a minute: the issued minutes of its meeting have no item of that number.

    :param numbers: those of the issued minutes; none while none are issued here
    :param on: the day of the meeting
    """
    if numbers and minute_ref.strip() and minute_ref.strip() not in numbers:
        yield Reason(
            f"The minutes of {day_in_words(on)} have no item {minute_ref.strip()}. Read them, and enter the number of "
            "the item that says it",
            "minute_ref",
        )


def obstacles_to_order(decided_on: dt.date, adopted_on: dt.date | None) -> Iterator[Reason]:
    """Why a panel cannot have let go of a priority at a meeting: it had not asked for it by then.

    :param decided_on: the day of the meeting
    :param adopted_on: the day of the one that adopted it
    """
    if adopted_on is not None and decided_on < adopted_on:
        yield Reason(
            f"The panel adopted it on {day_in_words(adopted_on)}. Choose that meeting or a later one", "meeting_id"
        )
