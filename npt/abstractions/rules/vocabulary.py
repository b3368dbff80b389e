"""The words of abstraction: duties, absences, abstractions, and where a person belongs on a day (RULES section 4)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from npt.people.rules import Grade


class DutyStatus(StrEnum):
    """What has become of a duty. ``planned`` and ``worked`` count alike; ``cancelled`` does not count."""

    PLANNED = "planned"
    WORKED = "worked"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def counts(self) -> bool:
        return self is not DutyStatus.CANCELLED


class DutySource(StrEnum):
    """Where a duty came from. A generated one is the pattern's to change; no other is."""

    GENERATED = "generated"
    BY_HAND = "by_hand"
    IMPORTED = "imported"

    @property
    def label(self) -> str:
        return _SOURCE_LABELS[self]


_SOURCE_LABELS = {
    DutySource.GENERATED: "From the shift pattern",
    DutySource.BY_HAND: "By hand",
    DutySource.IMPORTED: "Imported",
}


class AbsenceKind(StrEnum):
    """Why somebody rostered is not at work. Never an abstraction."""

    ANNUAL_LEAVE = "annual_leave"
    REST_DAY = "rest_day"
    SICKNESS = "sickness"
    TOIL = "toil"
    PARENTAL = "parental"
    COMPASSIONATE = "compassionate"
    SUSPENDED = "suspended"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _ABSENCE_LABELS[self]


_ABSENCE_LABELS = {
    AbsenceKind.ANNUAL_LEAVE: "Annual leave",
    AbsenceKind.REST_DAY: "Rest day",
    AbsenceKind.SICKNESS: "Sickness",
    AbsenceKind.TOIL: "Time off in lieu",
    AbsenceKind.PARENTAL: "Parental leave",
    AbsenceKind.COMPASSIONATE: "Compassionate leave",
    AbsenceKind.SUSPENDED: "Suspended",
    AbsenceKind.OTHER: "Other absence",
}


class DutyFact(NamedTuple):
    """A period a person is rostered or has worked. ``duty_date`` is the local day it starts.

    A cancelled duty is no fact: leave it out. A tuple, because a BCU has some thousands of them in a month.
    """

    person_id: int
    ref: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    duty_date: dt.date


class AbsenceFact(NamedTuple):
    """A period a person is not at work. Without an end it runs on until ended."""

    person_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None


class AbstractionFact(NamedTuple):
    """Time on duty away from the neighbourhood role. A cancelled one is no fact: leave it out.

    ``id`` is empty for one not saved yet, ``ends_at`` for one still away; ``starts_on`` is the local day it starts.
    """

    id: int | None
    person_id: int
    ref: str
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    starts_on: dt.date


@dataclass(frozen=True, slots=True)
class Place:
    """Present team and grade of a person on a day."""

    team_id: int
    grade: Grade


PlaceOn = Callable[[int, dt.date], Place | None]
"""Where a person belongs on a day; nothing for somebody who is in no rate at all."""

Counts = Callable[[str, dt.date, Grade], bool]
"""Whether time taken for a reason counts on a day for a grade, under one definition."""
