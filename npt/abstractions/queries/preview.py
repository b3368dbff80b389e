"""A past month as it was, beside what it would have been under another policy: read once, counted twice, not kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from npt.abstractions.queries.figures import Count, Question, count_again, read_for
from npt.abstractions.queries.struck import StruckRow, struck_rows, what_it_struck
from npt.abstractions.rules import Assessment
from npt.abstractions.rules.supposing import Standing, Struck, Supposed, standing
from npt.core.authority import Scope
from npt.people.queries import TeamRow
from npt.policy.rules import TargetScope


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
    struck = what_it_struck(supposed, was, other)
    lines = []
    for unit in _units(teams, scope):
        before = stood.get((unit.scope, unit.code))
        after = would.get((unit.scope, unit.code))
        if before is None or after is None:
            continue
        entries = None
        if struck:
            counts = [len(unit.theirs(each)) for each in struck]
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

    def theirs(self, struck: Sequence[Struck]) -> list[Struck]:
        ids = {team.id for team in self.teams}
        return [each for each in struck if each.team_id in ids]


@dataclass(frozen=True, slots=True)
class StruckOf:
    """What a figure of policy struck of a unit in a month, and what it would have struck."""

    name: str
    was: Sequence[StruckRow]
    would_be: Sequence[StruckRow]


def struck_of(question: Question, supposed: Supposed, scope: Scope, kind: TargetScope, code: str) -> StruckOf | None:
    """What makes the two numbers ``compare`` gives a unit; nothing for a unit that is not within scope."""
    teams, roll, read = read_for(question, scope)
    was = count_again(question, teams, roll, read)
    unit = next((each for each in _units(teams, scope) if (each.scope, each.code) == (kind, code)), None)
    struck = what_it_struck(supposed, was, replace(question, policy=supposed.policy(question.policy)))
    if unit is None or struck is None:
        return None
    before, after = (struck_rows(was, unit.theirs(each)) for each in struck)
    return StruckOf(unit.name, before, after)


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
