"""Numbered items of agendas and minutes, and what decisions in minutes must say (RULES section 5)."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from npt.core.errors import Reason

_NUMBER = re.compile(r"[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){0,3}", re.ASCII)


class DecisionKind(StrEnum):
    """What a meeting decided in an item of its minutes."""

    ADOPT = "adopt"
    DECLINE = "decline"
    CONSENT = "consent"
    REFUSE = "refuse"
    DEFER = "defer"
    WITHDRAW = "withdraw"
    ACTION = "action"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    DecisionKind.ADOPT: "Adopt a priority",
    DecisionKind.DECLINE: "Decline a priority",
    DecisionKind.CONSENT: "Consent to sign-off",
    DecisionKind.REFUSE: "Refuse sign-off",
    DecisionKind.DEFER: "Defer sign-off",
    DecisionKind.WITHDRAW: "Withdraw a priority",
    DecisionKind.ACTION: "Action",
    DecisionKind.OTHER: "Other decision",
}

ABOUT_A_PRIORITY = frozenset(
    {
        DecisionKind.ADOPT,
        DecisionKind.DECLINE,
        DecisionKind.CONSENT,
        DecisionKind.REFUSE,
        DecisionKind.DEFER,
        DecisionKind.WITHDRAW,
    }
)
"""Decisions that say nothing unless they name a priority."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of minutes as it is written: numbered; of a decision also who acts and by when."""

    number: str
    title: str
    text: str | None = None
    decision: DecisionKind | None = None
    acts: str | None = None
    due_on: dt.date | None = None
    priority_id: int | None = None


def number_key(number: str) -> tuple[int, ...]:
    """The order of item numbers: 6.2 before 6.10, and both after 6."""
    return tuple(int(part) for part in number.split(".")) if _NUMBER.fullmatch(number) else ()


def obstacles_to_number(number: str, others: Iterable[str], field: str = "number") -> Iterator[Reason]:
    """Why an item cannot have a number: it is none, or another item has it."""
    if not _NUMBER.fullmatch(number):
        yield Reason("Enter a number like 6 or 6.2", field)
    elif number in others:
        yield Reason(f"Another item has the number {number}. Enter another", field)


def next_number(numbers: Iterable[str]) -> str:
    """The next whole number that no item has."""
    return str(max((key[0] for number in numbers if (key := number_key(number))), default=0) + 1)


def obstacles_to_item(item: Item, others: Iterable[str], priority_ids: Iterable[int]) -> Iterator[Reason]:
    """Why an item cannot stand in the minutes.

    :param others: the numbers of the other items
    :param priority_ids: the priorities of the panel
    """
    yield from obstacles_to_number(item.number, others)
    if item.priority_id is not None and item.priority_id not in set(priority_ids):
        yield Reason("Choose a priority of this panel", "priority_id")
    if item.decision in ABOUT_A_PRIORITY and item.priority_id is None:
        yield Reason(f"“{item.decision.label}” is about a priority. Choose which", "priority_id")
    if item.decision is DecisionKind.ACTION:
        if not item.acts:
            yield Reason("Enter who acts", "acts")
        if item.due_on is None:
            yield Reason("Enter the day by which it is to be done", "due_on")
    if item.decision is None and (item.acts or item.due_on):
        yield Reason("Say what was decided, or leave out who acts and by when", "decision")


def obstacles_to_issuing(issued: bool, items: Sequence[Item]) -> Iterator[Reason]:
    """Why minutes cannot be issued."""
    if issued:
        yield Reason("These minutes are issued already. Write a corrected version beside them")
    elif not any(item.text or item.decision for item in items):
        yield Reason("Nothing is written yet. Write what was said or decided under one item at least")


def obstacles_to_writing(issued: bool) -> Iterator[Reason]:
    """Why nothing in minutes can be changed."""
    if issued:
        yield Reason("These minutes are issued. Write a corrected version beside them")


def fingerprint(meeting_ref: str, version: int, items: Iterable[Item]) -> str:
    """The SHA-256 of minutes as issued: of their items in order, with the meeting and the version."""
    told = {
        "meeting": meeting_ref,
        "version": version,
        "items": [
            {
                "number": item.number,
                "title": item.title,
                "text": item.text or "",
                "decision": item.decision.value if item.decision else "",
                "acts": item.acts or "",
                "due_on": item.due_on.isoformat() if item.due_on else "",
                "priority": item.priority_id or 0,
            }
            for item in sorted(items, key=lambda each: number_key(each.number))
        ],
    }
    return hashlib.sha256(
        json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that two versions of minutes do not have in common: as it was, as it is; nothing where there is none."""

    number: str
    before: Item | None
    after: Item | None


def differences(before: Iterable[Item], after: Iterable[Item]) -> list[Difference]:
    """What a corrected version of minutes says otherwise, in order of number."""
    old = {item.number: item for item in before}
    new = {item.number: item for item in after}
    numbers = sorted({*old, *new}, key=number_key)
    return [Difference(n, old.get(n), new.get(n)) for n in numbers if old.get(n) != new.get(n)]
