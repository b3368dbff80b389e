"""A past month as it was, beside what it would have been under another policy: read once, counted twice, not kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import select

from npt.abstractions.models import Abstraction
from npt.abstractions.queries.figures import Count, Question, count_again, read_for
from npt.abstractions.queries.returns import confirmations, first_month_with_data
from npt.abstractions.rules import Assessment, TeamMonth
from npt.abstractions.rules.returns import came_late, is_owed
from npt.abstractions.rules.supposing import ENTRY_FIGURES, Logged, Standing, Supposed, broken, standing
from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import local_day
from npt.people.queries import TeamRow
from npt.policy.rules import Policy, TargetScope


@dataclass(frozen=True, slots=True)
class Compared:
    """A unit as it was, and as it would have been. ``entries``: how many the figure struck, and would have."""

    scope: TargetScope
    code: str
    name: str
    was: Standing
    would_be: Standing
    entries: tuple[int, int] | None = None

    @property
    def differs(self) -> bool:
        return self.was != self.would_be or (self.entries is not None and self.entries[0] != self.entries[1])


def compare(question: Question, supposed: Supposed, scope: Scope) -> list[Compared]:
    """The force (for whoever sees it), each BCU and each team of a scope, as they were and as they would have been."""
    teams, roll, read = read_for(question, scope)
    other = replace(question, policy=supposed.policy(question.policy), reasons=supposed.reasons(question.reasons))
    was = count_again(question, teams, roll, read)
    stood, would = _assessed(was), _assessed(count_again(other, teams, roll, read))
    struck = _struck(supposed, was, other)
    lines = []
    for unit in _units(teams, scope):
        before = stood.get((unit.scope, unit.code))
        after = would.get((unit.scope, unit.code))
        if before is None or after is None:
            continue
        entries = None
        if struck:
            counts = [sum(each.get(team.id, 0) for team in unit.teams) for each in struck]
            entries = (counts[0], counts[1])
        group = supposed.group
        lines.append(
            Compared(unit.scope, unit.code, unit.name, standing(before, group), standing(after, group), entries)
        )
    return lines


@dataclass(frozen=True, slots=True)
class _Unit:
    scope: TargetScope
    code: str
    name: str
    teams: Sequence[TeamRow]


def _units(teams: Mapping[int, TeamRow], scope: Scope) -> Iterator[_Unit]:
    ordered = sorted(teams.values(), key=lambda each: (each.bcu_code, each.code))
    if scope.force:
        yield _Unit(TargetScope.FORCE, "", "Force", ordered)
    for code, grouped in groupby(ordered, key=lambda each: each.bcu_code):
        own = list(grouped)
        if scope.has_bcu(own[0].bcu_id):
            yield _Unit(TargetScope.BCU, code, f"{own[0].bcu_name} BCU", own)
        for team in own:
            yield _Unit(TargetScope.TEAM, team.code, team.name, [team])


def _assessed(count: Count) -> dict[tuple[TargetScope, str], Assessment]:
    """Every unit, judged. A BCU or the force of which the actor sees a part only is left out by whoever shows it."""
    codes = {team.bcu_id: team.bcu_code for team in count.teams.values()}
    found = {(TargetScope.FORCE, ""): count.assess_force(count.total())}
    for bcu_id, figures in count.by_bcu().items():
        found[TargetScope.BCU, codes[bcu_id]] = count.assess_bcu(codes[bcu_id], figures)
    for team_id, judged in count.assess_teams().items():
        found[TargetScope.TEAM, count.teams[team_id].code] = judged
    return found


def _struck(supposed: Supposed, was: Count, other: Question) -> tuple[dict[int, int], dict[int, int]] | None:
    """By team, how many entries that start in the month, or returns of it, the figure struck and would have struck."""
    if supposed.figure is None or supposed.figure[0] not in ENTRY_FIGURES:
        return None
    if supposed.figure[0] == "return_day":
        return _late_returns(was, was.question.policy), _late_returns(was, other.policy)
    window = was.question.window.whole
    rows = session.execute(
        select(Abstraction.id, Abstraction.logged_at).where(
            Abstraction.starts_at >= window.starts_at, Abstraction.starts_at < window.ends_at
        )
    )
    logged = {row.id: row.logged_at for row in rows}
    entries = []
    for each in was.facts.abstractions:
        team_id = was.roll.team_on(each.person_id, each.starts_on)
        if each.id in logged and team_id is not None and team_id in was.teams:
            entries.append(Logged(team_id, each.starts_at, each.ends_at, logged[each.id]))
    name = supposed.figure[0]
    return broken(name, entries, was.question.policy), broken(name, entries, other.policy)


def _late_returns(count: Count, policy: Policy) -> dict[int, int]:
    """One for each team whose return of the month came late, or is missing at the moment of asking."""
    month = count.question.window
    on = local_day(count.question.at, month.zone)
    known = confirmations(count.teams, month.first_day, month.first_day)
    first_month = first_month_with_data(month.zone)
    late = {}
    for team in count.teams.values():
        owed = is_owed(
            month,
            live=team.live(month.first_day, month.last_day),
            first_month=first_month,
            on=on,
            chased_months=policy.returns_chased_months,
        )
        confirmed = known.get(TeamMonth(team.id, month.first_day), [])
        late[team.id] = int(came_late(month, confirmed, owed=owed, on=on, return_day=policy.return_day))
    return late
