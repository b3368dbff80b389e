"""Who came to a meeting of those expected, and how that goes over time (RULES section 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from npt.core.periods import DAY, Period


class Presence(StrEnum):
    """Whether somebody expected came."""

    PRESENT = "present"
    APOLOGIES = "apologies"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        return "Sent apologies" if self is Presence.APOLOGIES else self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody expected at a meeting: the holder of a seat, or a member of the police authority."""

    organisation: str
    role: str
    seat_id: int | None = None
    member_id: int | None = None

    @property
    def key(self) -> str:
        """Their name among others in a form and in the record."""
        return f"seat_{self.seat_id}" if self.seat_id is not None else f"member_{self.member_id}"

    @property
    def label(self) -> str:
        return f"{self.organisation} ({self.role})"


@dataclass(frozen=True, slots=True)
class Came:
    """Whether somebody expected came; nothing while it is not recorded."""

    expected: Expected
    presence: Presence | None


AUTHORITY = "Police authority"
"""The organisation whose members go to panels, whatever a force calls it today."""


class Trend(StrEnum):
    """How a share compares with that of the months before."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many meetings at which somebody was expected: present, apologies, absent; the rest is not recorded."""

    expected: int = 0
    present: int = 0
    apologies: int = 0
    absent: int = 0

    @property
    def recorded(self) -> int:
        return self.present + self.apologies + self.absent

    @property
    def not_recorded(self) -> int:
        return self.expected - self.recorded

    @property
    def share(self) -> Fraction | None:
        """Present, of the meetings of which it is recorded who came; nothing when it is of none."""
        return Fraction(self.present, self.recorded) if self.recorded else None


def tally(presences: Iterable[Presence | None]) -> Tally:
    """Count what is recorded of somebody's meetings; ``None`` is a meeting of which nothing is."""
    found = list(presences)
    return Tally(
        len(found), found.count(Presence.PRESENT), found.count(Presence.APOLOGIES), found.count(Presence.ABSENT)
    )


def before(days: Period) -> Period:
    """As many days as these, straight before them: what they are held against.

    :raises ValueError: when they have no last day
    """
    if days.last_day is None:
        raise ValueError("days without an end have none before them that are as many")
    last = days.first_day - DAY
    return Period(last - (days.last_day - days.first_day), last)


def trend(now: Tally, before: Tally) -> Trend:
    """How the share present compares with the one before; exact, as nothing is rounded but for showing."""
    if now.share is None or before.share is None:
        return Trend.NO_DATA
    if now.share == before.share:
        return Trend.SAME
    return Trend.BETTER if now.share > before.share else Trend.WORSE
