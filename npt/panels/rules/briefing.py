"""What response and CID officers are told of a priority, how long it stands, and who has read it (issue 5, line 7).

docs/decisions/0034 says what was settled.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.core.errors import Reason
from npt.core.periods import DAY, day_in_words
from npt.panels.rules.vocabulary import CURRENT, PriorityState
from npt.policy.rules import Policy

READERS = tuple(role for role in PEOPLE_ROLES if Permission.VIEW_BRIEFING in GRANTS[role])
"""The roles that may open a briefing, those it is written for first."""


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
    for role in (Role.RESPONDER, *(role for role in READERS if role is not Role.RESPONDER)):
        of_role = [each for each in listed if each.role is role]
        if of_role:
            found.append(Share(role, sum(each.read_at is not None for each in of_role), len(of_role)))
    return found


@dataclass(frozen=True, slots=True)
class Account:
    """A user who may read briefings: the codes of the units they were given, none for the whole force."""

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
    """Who may read a BCU's briefing, by name, and when each had read every note that stands in it.

    Whoever has read some of it is among them, whatever units they were given: a sergeant by posting has none.

    :param units: the codes of the BCU and of everything in it
    :param notes: the numbers of the notes that stand in it
    :param read: for each user, when they read the notes as they stand
    """
    wanted = set(notes)
    found = []
    for account in accounts:
        theirs = {note: at for note, at in read.get(account.user_id, {}).items() if note in wanted}
        if theirs or account.everywhere or account.codes & set(units):
            whole = max(theirs.values()) if wanted and theirs.keys() == wanted else None
            found.append(Reader(account.user_id, account.name, account.role, whole))
    return sorted(found, key=lambda each: (each.name.casefold(), each.user_id))
