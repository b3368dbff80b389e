"""Who of each team is on duty now, net of absence and abstraction, and who is on next."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from npt.abstractions import rules
from npt.abstractions.queries.facts import Facts, facts
from npt.abstractions.rules import AbstractionFact, Turn
from npt.core.periods import DAY, Interval, to_minute
from npt.people import queries as people
from npt.people.queries import PersonRow, Roll

LOOK_AHEAD = 14 * DAY
"""How far ahead somebody is looked for who is on next. A bound of the page, no figure of policy."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody on duty, or next on duty: from when to when, and the abstraction that takes them away then."""

    person: PersonRow
    starts_at: dt.datetime
    ends_at: dt.datetime
    away: AbstractionFact | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """One team at a moment: in the neighbourhood, away on duty, rostered but absent, and whoever is on next."""

    on_duty: list[Present] = field(default_factory=list)
    away: list[Present] = field(default_factory=list)
    absent: list[Present] = field(default_factory=list)
    next: list[Present] = field(default_factory=list)


def attendance(team_ids: Collection[int], at: dt.datetime, zone: ZoneInfo) -> Mapping[int, Attendance]:
    """Each of these teams at a moment. Whoever is on is in the present team of their duty date.

    ``next`` are all those of the team whose next turn starts first after the moment, within ``LOOK_AHEAD``.
    """
    moment = to_minute(at)
    roll = people.roll(team_ids=team_ids)
    read = _Read(facts(Interval(moment, moment + LOOK_AHEAD), roll.by_person, zone))
    named = people.people(read.people)
    teams = {team_id: Attendance() for team_id in team_ids}
    for person_id in sorted(read.people, key=lambda id: (named[id].surname, named[id].collar_number)):
        _place(teams, named[person_id], read, roll, moment)
    for team in teams.values():
        _keep_first(team.next)
    return teams


@dataclass(frozen=True, slots=True)
class DutyState:
    """One person at a moment: the turn they are on, whether they are away in it, and their next turn, if there is one.

    Why somebody is away or absent is not in it: it may be shown to whoever may not know.
    """

    now: Turn | None = None
    away: bool = False
    next: Turn | None = None


def duty_states(person_ids: Collection[int], at: dt.datetime, zone: ZoneInfo) -> Mapping[int, DutyState]:
    """Each of these people at a moment, in whatever team; ``next`` within ``LOOK_AHEAD``."""
    moment = to_minute(at)
    read = _Read(facts(Interval(moment, moment + LOOK_AHEAD), person_ids, zone))
    states = {}
    for person_id in person_ids:
        found = rules.presence(read.duties[person_id], read.absences[person_id], moment)
        away = found.now is not None and rules.away_at(moment, read.abstractions[person_id]) is not None
        states[person_id] = DutyState(found.now, away, found.next)
    return states


class _Read:
    """Facts by person."""

    def __init__(self, read: Facts) -> None:
        self.duties = defaultdict(list)
        self.absences = defaultdict(list)
        self.abstractions = defaultdict(list)
        for duty in read.duties:
            self.duties[duty.person_id].append(duty)
        for absence in read.absences:
            self.absences[absence.person_id].append(absence)
        for abstraction in read.abstractions:
            self.abstractions[abstraction.person_id].append(abstraction)

    @property
    def people(self) -> Collection[int]:
        return self.duties.keys()


def _place(teams: Mapping[int, Attendance], person: PersonRow, read: _Read, roll: Roll, moment: dt.datetime) -> None:
    found = rules.presence(read.duties[person.id], read.absences[person.id], moment)
    if found.now and (team := teams.get(roll.team_on(person.id, found.now.duty_date) or 0)):
        here = _present(person, found.now, read, moment)
        (team.away if here.away else team.on_duty).append(here)
    if found.absent and (team := teams.get(roll.team_on(person.id, found.absent.duty_date) or 0)):
        team.absent.append(Present(person, found.absent.starts_at, found.absent.ends_at))
    if found.next and (team := teams.get(roll.team_on(person.id, found.next.duty_date) or 0)):
        team.next.append(_present(person, found.next, read, found.next.starts_at))


def _present(person: PersonRow, turn: Turn, read: _Read, moment: dt.datetime) -> Present:
    return Present(person, turn.starts_at, turn.ends_at, rules.away_at(moment, read.abstractions[person.id]))


def _keep_first(following: list[Present]) -> None:
    """Leave those who start first, all of them when several do."""
    first = min((each.starts_at for each in following), default=None)
    following[:] = [each for each in following if each.starts_at == first]
