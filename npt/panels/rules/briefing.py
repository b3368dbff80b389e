"""What response and CID officers are told of a priority, how long it stands, and who has read it (issue 5, line 7).

docs/decisions/0034 says what was settled.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from npt.core.authority import Role
from npt.core.errors import Reason
from npt.core.periods import DAY, day_in_words
from npt.panels.rules.vocabulary import CURRENT, PriorityState
from npt.policy.rules import Policy

READERS = (Role.RESPONDER, Role.PC, Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER)
"""Whose reading is counted: response and CID officers, for whom a briefing is written; then the neighbourhood's own.

A force lead, an analyst or an auditor may open one and is expected to read none (docs/decisions/0034).
"""


@dataclass(frozen=True, slots=True)
class Note:
    """What a briefing says of a priority. ``version`` goes up with every change of its words."""

    id: int
    place: str
    what_to_do: str
    who_to_call: str
    last_day: dt.date
    version: int
    refreshed_at: dt.datetime
    refreshed_by: str

    def live(self, on: dt.date) -> bool:
        """Whether it still stands on a day; its last day included."""
        return on <= self.last_day


def standard_last_day(on: dt.date, policy: Policy) -> dt.date:
    """The last day of a note written or refreshed on a day, when nobody says another."""
    return on + policy.briefing_note_days * DAY


def obstacles_to_note(state: PriorityState, last_day: dt.date, on: dt.date, policy: Policy) -> Iterator[Reason]:
    """Why a note cannot be written: nobody is working on the priority, or it would stand for no day or for too long."""
    if state not in CURRENT:
        yield Reason(f"This priority is not current ({state.label.lower()}), so it is in no briefing")
    latest = standard_last_day(on, policy)
    if last_day < on:
        yield Reason("Enter today or a later day", "last_day")
    elif last_day > latest:
        yield Reason(
            f"Enter {day_in_words(latest)} or an earlier day: a note is refreshed every "
            f"{policy.briefing_note_days} days or sooner",
            "last_day",
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read a briefing, and when they had read all of it as it stands; nothing while they have not."""

    user_id: int
    name: str
    role: Role
    read_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the readers in a role have read a briefing as it stands."""

    role: Role
    read: int
    of: int

    @property
    def rate(self) -> Fraction:
        return Fraction(self.read, self.of)


def shares(readers: Iterable[Reader]) -> list[Share]:
    """The readers by role, in the order of ``READERS``; a role nobody is in has no line."""
    listed = list(readers)
    found = []
    for role in READERS:
        of_role = [each for each in listed if each.role is role]
        if of_role:
            found.append(Share(role, sum(each.read_at is not None for each in of_role), len(of_role)))
    return found


@dataclass(frozen=True, slots=True)
class Account:
    """A user who is to read briefings: the codes of the units they were given or lead; everywhere is the force."""

    user_id: int
    name: str
    role: Role
    codes: frozenset[str]
    everywhere: bool


def readers_of(
    units: Collection[str],
    accounts: Iterable[Account],
    notes: Collection[int],
    read: Mapping[int, Mapping[int, dt.datetime]],
) -> Sequence[Reader]:
    """Who is to read a BCU's briefing, by name, and when each had read every note that stands in it.

    Somebody who has moved to another BCU is not among them, whatever they read before.

    :param units: the codes of the BCU and of everything in it
    :param notes: the numbers of the notes that stand in it
    :param read: for each user, when they read the notes as they stand
    """
    wanted = set(notes)
    found = []
    for account in accounts:
        if account.everywhere or account.codes & set(units):
            theirs = {note: at for note, at in read.get(account.user_id, {}).items() if note in wanted}
            whole = max(theirs.values()) if wanted and theirs.keys() == wanted else None
            found.append(Reader(account.user_id, account.name, account.role, whole))
    return sorted(found, key=lambda each: (each.name.casefold(), each.user_id))
