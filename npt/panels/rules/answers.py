"""What residents are told was done about what they asked for, and what must not stand in it (docs/decisions/0036)."""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.panels.rules.vocabulary import ADOPTED, PriorityState
from npt.problem_solving.rules.wording import names_in

POSTCODE, HOUSE, NAME = "a postcode", "the number of a house", "somebody's name"

_PERSONAL = {
    "an email address": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "a telephone number": re.compile(r"(?<!\w)(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)"),
    "a vehicle's number": re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"),
    POSTCODE: re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),
    NAME: re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev|PC|PCSO|DC|Sgt|Sergeant|Inspector)\.? (?:[A-Z]\.? ?)?[A-Z][a-z]+"),
    "an officer's number": re.compile(r"\b(?:PC|PCSO|DC|Sgt|Sergeant|Inspector)\s+\d{2,}\b", re.IGNORECASE),
    HOUSE: re.compile(
        r"(?<!\w)\d{1,4}[a-z]?,? (?:[A-Z][\w']+ ){1,3}"
        r"(?:Road|Street|Lane|Close|Avenue|Drive|Way|Court|Crescent|Place)\b"
    ),
}
"""What tells who or where somebody is, as far as its looks give it away."""


def personal_in(text: str | None, places: Collection[str] = frozenset()) -> list[str]:
    """What a text seems to say of a person, in words: nothing that everybody is to read may.

    :param places: the names of places the force knows: a name that stands in one of them is nobody's
    """
    if not text:
        return []
    found = [what for what, pattern in _PERSONAL.items() if pattern.search(text)]
    if NAME not in found and (names := names_in(text, places)):
        found.append(f"{NAME} ({names[0]})")
    return found


def obstacles_to_answer(
    state: PriorityState, done: str, result: str | None, places: Collection[str] = frozenset()
) -> Iterator[Reason]:
    """Why it cannot be told what was done: the panel never asked for it, or the words would tell of a person."""
    if state not in ADOPTED:
        yield Reason("Residents are told what was done once the panel has adopted it")
    for field, text in (("done", done), ("result", result)):
        for what in personal_in(text, places):
            yield Reason(f"This holds what looks like {what}. Leave it out: everybody can read this", field)


STANDS: dict[PriorityState, str] = {
    PriorityState.ADOPTED: "Agreed; work begins",
    PriorityState.IN_PROGRESS: "Being worked on",
    PriorityState.REFUSED: "Being worked on: the panel asked for more",
    PriorityState.PUT_FORWARD: "Done, we think: the panel decides",
    PriorityState.DEFERRED: "Done, we think: the panel decides at its next meeting",
    PriorityState.SIGNED_OFF: "Answered: signed off by the panel",
    PriorityState.WITHDRAWN: "The panel no longer asks for it",
}
"""Where a priority stands, for residents."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done, in words for residents; what came of it; and when and by whom that was last said."""

    done: str
    result: str | None
    on: dt.date
    by: str


@dataclass(frozen=True, slots=True)
class SaidAndDone:
    """Something a panel adopted: what residents asked and when, what was done, and where it stands.

    ``sensitive``: the plan that answers it is marked OFFICIAL-SENSITIVE. ``places``: names of places the force knows.
    """

    priority_id: int
    ref: str
    title: str
    detail: str | None
    state: PriorityState
    adopted_on: dt.date | None
    answer: Answer | None
    signed_off_on: dt.date | None
    sensitive: bool = False
    places: Collection[str] = frozenset()

    @property
    def stands(self) -> str:
        return STANDS[self.state]

    @property
    def left_out(self) -> list[str]:
        """Why the public file leaves it out: what nobody outside may read of it."""
        why = ["its plan is OFFICIAL-SENSITIVE"] if self.sensitive else []
        told = (self.answer.done, self.answer.result) if self.answer else ()
        for where, texts in (("its title or detail", (self.title, self.detail)), ("what was done", told)):
            found = dict.fromkeys(what for text in texts for what in personal_in(text, self.places))
            why += [f"{where} holds what looks like {what}" for what in found]
        return why
