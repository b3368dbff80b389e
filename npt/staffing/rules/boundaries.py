"""Boundary reviews: wards move between teams from a day, and the past keeps its teams (RULES section 2)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.core.periods import Period
from npt.people.rules import TeamFact


@dataclass(frozen=True, slots=True)
class Membership:
    """A ward in a team from a first to a last day."""

    id: int
    team_id: int
    first_day: dt.date
    last_day: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return day in Period(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class WardFact:
    """A ward with every membership it ever had or will have."""

    id: int
    code: str
    name: str
    memberships: tuple[Membership, ...]

    def on(self, day: dt.date) -> Membership | None:
        """The membership of a day."""
        return next((each for each in self.memberships if each.holds(day)), None)


@dataclass(frozen=True, slots=True)
class WardMove:
    """A ward and the team it is to belong to, by their codes."""

    ward: str
    team: str


@dataclass(frozen=True, slots=True)
class NewReview:
    """A boundary review: when it was held, from which day its moves hold, why, with whom, with what outcome."""

    reviewed_on: dt.date
    first_day: dt.date
    reason: str
    partners: str
    outcome: str
    moves: tuple[WardMove, ...] = ()


def obstacles_to_review(
    new: NewReview, wards: Mapping[str, WardFact], teams: Mapping[str, TeamFact], today: dt.date
) -> Iterator[Reason]:
    """Why a review cannot be recorded.

    :param wards: the wards its author may move, by code
    :param teams: the teams its author may move them to, by code
    """
    if new.reviewed_on > today:
        yield Reason("Enter the day the review was held: today or earlier", "reviewed_on")
    if new.first_day < today:
        yield Reason("Enter today or a later day: days gone by keep the teams they had", "first_day")
    if not new.moves:
        yield Reason("Choose at least one ward and its new team", "moves")
    codes = [move.ward for move in new.moves]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Reason(f"{_named(wards, code)} is chosen twice", "moves")
    for move in new.moves:
        yield from _obstacles_to_move(move, wards.get(move.ward), teams, new.first_day)


def _named(wards: Mapping[str, WardFact], code: str) -> str:
    return wards[code].name if code in wards else code


def _obstacles_to_move(
    move: WardMove, ward: WardFact | None, teams: Mapping[str, TeamFact], first_day: dt.date
) -> Iterator[Reason]:
    if ward is None:
        yield Reason(f"{move.ward} is not a ward you may move", "moves")
        return
    team = teams.get(move.team)
    if team is None or first_day not in Period(team.first_day, team.last_day):
        yield Reason(f"{move.team} is not a team of yours that is live on that day", "moves")
    if any(each.first_day >= first_day for each in ward.memberships):
        yield Reason(f"{ward.name} already moves on that day or later: choose a day after its last move", "moves")
    elif (now := ward.on(first_day)) is None:
        yield Reason(f"{ward.name} belongs to no team on that day", "moves")
    elif team is not None and now.team_id == team.id:
        yield Reason(f"{ward.name} already belongs to {move.team}", "moves")


@dataclass(frozen=True, slots=True)
class TeamWards:
    """The wards of a team that a review touches, by name, before and after."""

    team_id: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def effect(
    moves: Iterable[WardMove], wards: Sequence[WardFact], teams: Mapping[str, TeamFact], first_day: dt.date
) -> list[TeamWards]:
    """What moves would do to each team they touch, in order of team code.

    :param wards: every ward of these teams
    """
    going = {move.ward: teams[move.team].id for move in moves if move.team in teams}
    before: dict[int, list[str]] = {}
    after: dict[int, list[str]] = {}
    touched = set(going.values())
    for ward in sorted(wards, key=lambda ward: (ward.name, ward.code)):
        now = ward.on(first_day)
        if now is None:
            continue
        if ward.code in going:
            touched.add(now.team_id)
        before.setdefault(now.team_id, []).append(ward.name)
        after.setdefault(going.get(ward.code, now.team_id), []).append(ward.name)
    order = {team.id: code for code, team in teams.items()}
    return [
        TeamWards(id, tuple(before.get(id, ())), tuple(after.get(id, ())))
        for id in sorted(touched, key=lambda id: order.get(id, ""))
    ]
