"""Whom a panel consists of, in organisations and roles, and from when to when (RULES section 5)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from npt.core.errors import Reason
from npt.core.periods import Period, day_in_words


class MemberSector(StrEnum):
    """The part of the community a member of a panel comes from."""

    RESIDENTS = "residents"
    PARISH = "parish"
    COUNCIL = "council"
    HOUSING = "housing"
    SCHOOLS = "schools"
    YOUTH = "youth"
    BUSINESS = "business"
    FAITH = "faith"
    VOLUNTARY = "voluntary"
    HEALTH = "health"
    FIRE = "fire"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    MemberSector.RESIDENTS: "Residents",
    MemberSector.PARISH: "Parish and town councils",
    MemberSector.COUNCIL: "District and county councils",
    MemberSector.HOUSING: "Housing",
    MemberSector.SCHOOLS: "Schools and colleges",
    MemberSector.YOUTH: "Young people",
    MemberSector.BUSINESS: "Business",
    MemberSector.FAITH: "Faith",
    MemberSector.VOLUNTARY: "Voluntary and community",
    MemberSector.HEALTH: "Health",
    MemberSector.FIRE: "Fire and rescue",
    MemberSector.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on a panel or at its table: of an organisation, in a role; never a named private person.

    ``expected``: somebody of it is expected at every meeting, and whether they came is recorded.
    """

    id: int
    organisation: str
    role: str
    sector: MemberSector
    votes: bool
    expected: bool
    first_day: dt.date
    last_day: dt.date | None
    email: str | None = None
    """Where invitations to meetings go: an address of the organisation or office, for whoever runs the panel alone."""

    def in_force(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def standing(self) -> str:
        """What the seat is for, in words."""
        if self.votes:
            return "Member" + (", expected at every meeting" if self.expected else "")
        return "Partner expected at every meeting" if self.expected else "Attends without a vote"


def by_sector(seats: Iterable[Seat], day: dt.date) -> list[tuple[MemberSector, int]]:
    """How many seats with a vote each sector holds on a day, in the order of the sectors."""
    held = [seat.sector for seat in seats if seat.votes and seat.in_force(day)]
    return [(sector, held.count(sector)) for sector in MemberSector if sector in held]


def obstacles_to_seat(
    organisation: str, role: str, first_day: dt.date, panel: Period, seats: Iterable[Seat]
) -> Iterator[Reason]:
    """Why an organisation cannot have a seat from a day on.

    :param seats: those of the panel there are
    """
    if first_day < panel.first_day:
        yield Reason(f"The panel's first day is {day_in_words(panel.first_day)}. Enter a later day", "first_day")
    if panel.last_day is not None and first_day > panel.last_day:
        yield Reason(f"The panel's last day is {day_in_words(panel.last_day)}. Enter an earlier day", "first_day")
    wanted = (organisation.casefold(), role.casefold())
    for seat in seats:
        if (seat.organisation.casefold(), seat.role.casefold()) == wanted and (
            seat.last_day is None or seat.last_day >= first_day
        ):
            yield Reason(f"{seat.organisation} has this seat already, as {seat.role}. End it first", "organisation")


def obstacles_to_ending_seat(seat: Seat, last_day: dt.date) -> Iterator[Reason]:
    """Why a seat cannot end on a day."""
    if last_day < seat.first_day:
        yield Reason(f"The seat begins on {day_in_words(seat.first_day)}. Enter that day or a later one", "last_day")
    elif seat.last_day is not None and last_day > seat.last_day:
        ends = day_in_words(seat.last_day)
        yield Reason(f"The seat ends on {ends} already. Enter that day or an earlier one", "last_day")
