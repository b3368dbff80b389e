"""The staffing of a past day beside what another figure of policy would have made of it: read once, kept nowhere."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any

from npt.core.authority import EVERYTHING
from npt.core.periods import Period
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.people.rules import Grade, PostFact, TeamFact, place
from npt.policy.rules import Policy
from npt.policy.rules.figures import BANDS
from npt.staffing.queries.units import Structure
from npt.staffing.queries.vacancies import places_of
from npt.staffing.rules import supposing
from npt.staffing.rules.supervision import supervision
from npt.staffing.rules.supposing import Pair, State, Tally, tally


class Kind(StrEnum):
    """What a line is about, and so which page it leads to."""

    POST = "post"
    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Line:
    """One post, person or team with how it stood and would have stood. ``open``: the reader may see its page.

    ``since`` and ``until`` are its days, ``days`` its age or the days left: which, the figure looked at says.
    """

    kind: Kind
    code: str
    name: str
    open: bool
    where: str
    bcus: frozenset[str]
    pair: Pair[Any]
    since: dt.date | None = None
    until: dt.date | None = None
    days: int | None = None

    @property
    def span_was(self) -> Fraction | None:
        return self.pair.was.span

    @property
    def span_would_be(self) -> Fraction | None:
        return self.pair.would_be.span

    @property
    def expected_was(self) -> dt.date | None:
        return self.pair.was.until

    @property
    def expected_would_be(self) -> dt.date | None:
        return self.pair.would_be.until

    def stands(self, by: str, state: State) -> bool:
        """Whether it was (``by`` is "was") or would have been in a state."""
        return (self.pair.was if by == "was" else self.pair.would_be).state is state


@dataclass(frozen=True, slots=True)
class UnitTally:
    """A BCU, or with an empty code everything the reader sees, with how many things stood how."""

    code: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Supposed:
    """Everything one figure judges in a month's staffing, and how many by BCU."""

    lines: Sequence[Line]
    units: Sequence[UnitTally]

    @property
    def changed(self) -> Sequence[Line]:
        return [line for line in self.lines if line.pair.differs]


def staffing_supposing(found: Structure, month: Period, name: str, would_be: Policy) -> Supposed:
    """What a figure of staffing judged on the last day of a month, and would have judged under another policy.

    Vacancies, forecasts and spans are those of the day; stays of officers, those that ended in the month. Special
    constables' posts are left out, as on the page of vacancies.

    :param found: as on the last day of the month, with the policy in force then
    :param name: the figure in which ``would_be`` differs
    """
    lines = _LINES[name](found, month, would_be)
    units = [UnitTally("", "Force" if found.scope.force else "All that you may see", tally(e.pair for e in lines))]
    units += [
        UnitTally(bcu.code, bcu.name, tally(line.pair for line in lines if bcu.code in line.bcus)) for bcu in found.bcus
    ]
    return Supposed(lines, units)


def _post_line(found: Structure) -> Callable[..., Line]:
    places = places_of(found)

    def line(post: PostFact, pair: Pair[Any], since: dt.date, days: int) -> Line:
        where = places[place(post)]
        named = where.team_name or f"{where.sector_name} sector"
        return Line(
            Kind.POST,
            post.ref,
            f"{post.ref}, {post.grade.label}",
            True,
            named,
            frozenset({where.bcu_code}),
            pair,
            since=since,
            days=days,
        )

    return line


def _posts(found: Structure) -> list[PostFact]:
    places = places_of(found)
    return [post for post in found.posts if place(post) in places and post.grade is not Grade.SPECIAL]


def _vacancies(found: Structure, _: Period, would_be: Policy) -> list[Line]:
    line = _post_line(found)
    pairs = supposing.bands(_posts(found), found.roll.postings, found.on, found.policy, would_be)
    oldest = sorted(pairs, key=lambda pair: (-pair.of.age_days, pair.of.post.ref))
    return [line(each.of.post, each, each.of.vacant_since, each.of.age_days) for each in oldest]


def _forecasts(found: Structure, _: Period, would_be: Policy) -> list[Line]:
    line = _post_line(found)
    pairs = supposing.forecasts(_posts(found), found.roll.postings, found.on, found.policy, would_be)
    return [line(each.of.post, each, each.of.vacant_from, each.of.days_left) for each in pairs]


def _stays(found: Structure, month: Period, would_be: Policy) -> list[Line]:
    teams = {team.id: team for team in people.teams(found.scope)}
    pairs = [
        (pair, team)
        for pair in supposing.stays(found.roll.postings, month, found.policy, would_be)
        if (team := teams.get(pair.of.team_id or 0))
    ]
    named = people.people({pair.of.person_id for pair, _ in pairs})
    return [
        Line(
            Kind.PERSON,
            named[pair.of.person_id].collar_number,
            named[pair.of.person_id].name,
            found.open(pair.of.person_id),
            f"{team.name}, as {pair.of.grade.label}",
            frozenset({team.bcu_code}),
            pair,
            since=pair.of.first_day,
            until=pair.of.last_day,
        )
        for pair, team in pairs
    ]


def _spans(found: Structure, _: Period, would_be: Policy, *, teams_too: bool) -> list[Line]:
    every = {team.id: team for team in people.teams(EVERYTHING)}
    facts = [team.fact for team in every.values()]
    after = supervision(found.roll.postings, facts, people.covers(), found.on, would_be)
    ids = {team.id for team in found.teams}
    seen = [pair for pair in supposing.spans(found.found, after) if any(team.id in ids for team in pair.of.teams)]
    named = people.people({pair.of.person_id for pair in seen})
    lines = [
        Line(
            Kind.PERSON,
            named[pair.of.person_id].collar_number,
            named[pair.of.person_id].name,
            found.open(pair.of.person_id),
            ", ".join(team.code for team in pair.of.teams),
            _bcus_of(pair.of.teams, every),
            pair,
        )
        for pair in seen
    ]
    return [*lines, *(_team_lines(found, supposing.unsupervised(found.found, after), every) if teams_too else ())]


def _team_lines(found: Structure, pairs: Iterable[Pair[Any]], every: Mapping[int, TeamRow]) -> list[Line]:
    ids = {team.id for team in found.teams}
    return [
        Line(
            Kind.TEAM,
            pair.of.team.code,
            every[pair.of.team.id].name,
            True,
            pair.of.team.code,
            _bcus_of([pair.of.team], every),
            pair,
        )
        for pair in pairs
        if pair.of.team.id in ids
    ]


def _bcus_of(teams: Iterable[TeamFact], every: Mapping[int, TeamRow]) -> frozenset[str]:
    return frozenset(every[team.id].bcu_code for team in teams)


_LINES: Mapping[str, Callable[[Structure, Period, Policy], list[Line]]] = {
    **dict.fromkeys(BANDS, _vacancies),
    "forecast_days": _forecasts,
    "tenure_months": _stays,
    "span_line": partial(_spans, teams_too=False),
    "specials_in_span": partial(_spans, teams_too=True),
}
