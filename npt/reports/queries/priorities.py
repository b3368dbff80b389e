"""Read the priorities of panels that are open, as the BCU's month counts them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.core.authority import Scope
from npt.panels.queries import OpenPriority, open_priorities
from npt.people import queries as people
from npt.people.queries import BcuRow, TeamRow


@dataclass(frozen=True, slots=True)
class BcuPriorities:
    """The priorities of a BCU that were open at the end of a day, and its teams of that day by code."""

    bcu: BcuRow
    teams: Mapping[str, TeamRow]
    rows: Sequence[OpenPriority]

    def team_of(self, row: OpenPriority) -> TeamRow:
        """The team a priority is counted under."""
        return next(team for team in self.teams.values() if team.id == row.team_id)


def bcu_priorities(code: str, on: dt.date, scope: Scope, zone: ZoneInfo) -> BcuPriorities:
    """The open priorities of a BCU on a day.

    :raises NoResultFound: when there is no such BCU, or the actor may not see it
    """
    found = people.bcu_units(code, scope)
    return BcuPriorities(found.bcu, {team.code: team for team in found.teams}, priorities_of(found.teams, on, zone))


def priorities_of(teams: Iterable[TeamRow], on: dt.date, zone: ZoneInfo) -> list[OpenPriority]:
    """The priorities that panels asked of these teams at the end of a day, each once, of the teams live then."""
    live = frozenset(team.id for team in teams if team.live(on, on))
    return open_priorities(live, on, zone)
