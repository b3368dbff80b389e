"""Read who supervises whom with the cover and its cause, one level up as well, and what a change would do to it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from npt.core.authority import EVERYTHING
from npt.people import queries as people
from npt.people.queries import BcuRow, PersonRow, SectorRow, TeamRow
from npt.people.rules import Grade
from npt.staffing.queries.posts import CoverRow, cover_rows
from npt.staffing.queries.units import Structure
from npt.staffing.rules.command import Command, causes_of_cover, command
from npt.staffing.rules.supervision import AreaRatio, Span, SpanSummary, TeamSupervision, summary
from npt.staffing.rules.vacancies import Vacancy, vacancies
from npt.staffing.rules.what_if import NEWCOMER, Effect, WhatIf, effect, imagined


@dataclass(frozen=True, slots=True)
class CoveredTeam:
    """A team somebody has by cover alone: since when, for how many days, and because of which vacancy."""

    code: str
    since: dt.date
    days: int
    vacancy: Vacancy | None


@dataclass(frozen=True, slots=True)
class SergeantRow:
    """A supervisor with all their teams, also outside what the reader sees. ``open``: their page may be opened."""

    person: PersonRow
    span: Span
    covered: Sequence[CoveredTeam]
    open: bool


@dataclass(frozen=True, slots=True)
class TeamSpan:
    """A team's staff and supervisors, and the ratio of one to the other."""

    team: TeamRow
    supervision: TeamSupervision
    supervisors: Sequence[PersonRow]

    @property
    def ratio(self) -> Fraction | None:
        count = len(self.supervision.supervisor_ids)
        return Fraction(self.supervision.staff, count) if count else None


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A sector's inspectors and sergeants."""

    sector: SectorRow
    command: Command
    inspectors: Sequence[PersonRow]


@dataclass(frozen=True, slots=True)
class SupervisionPage:
    """Everything the page of supervision says of a day. ``force`` is the whole force whatever the scope."""

    sergeants: Sequence[SergeantRow]
    summary: SpanSummary
    teams: Sequence[TeamSpan]
    bcus: Sequence[tuple[BcuRow, AreaRatio]]
    force: AreaRatio
    commands: Sequence[CommandRow]
    covers: Sequence[CoverRow]
    """The records of cover that are in force on the day or begin after it."""

    @property
    def without(self) -> Sequence[TeamSpan]:
        """The teams with staff and no supervisor."""
        return [row for row in self.teams if row.supervision.no_supervisor]


def supervision_page(found: Structure) -> SupervisionPage:
    """Supervision of a day within a scope, widest span first."""
    ids = {team.id for team in found.teams}
    spans = [span for span in found.found.spans if any(team.id in ids for team in span.teams)]
    commands = command(
        found.posts,
        found.roll.postings,
        {team.id: team.sector_id for team in found.teams},
        [sector.id for sector in found.sectors],
        found.on,
    )
    named = people.people({span.person_id for span in found.found.spans} | {i for c in commands for i in c.inspectors})
    sergeants = [post for post in found.posts if post.grade is Grade.SERGEANT]
    causes = causes_of_cover(vacancies(sergeants, found.roll.postings, found.on, found.policy))
    teams = {team.id: team for team in found.teams}
    sectors = {sector.id: sector for sector in found.sectors}
    ratios = {area.bcu_id: area for area in found.found.bcus}
    return SupervisionPage(
        sergeants=sorted(
            (_sergeant(found, span, named, causes) for span in spans),
            key=lambda row: (-row.span.span, row.person.collar_number),
        ),
        summary=summary(spans),
        teams=[
            TeamSpan(teams[row.team.id], row, [named[id] for id in row.supervisor_ids])
            for row in found.found.teams
            if row.team.id in teams
        ],
        bcus=[(bcu, ratios[bcu.id]) for bcu in found.bcus if bcu.id in ratios],
        force=found.found.force,
        commands=[CommandRow(sectors[c.sector_id], c, [named[id] for id in c.inspectors]) for c in commands],
        covers=cover_rows(found.scope, from_day=found.on),
    )


def _sergeant(
    found: Structure, span: Span, named: Mapping[int, PersonRow], causes: Mapping[int, Vacancy]
) -> SergeantRow:
    covered = [
        CoveredTeam(c.team.code, c.since, (found.on - c.since).days, causes.get(c.team.id)) for c in span.covered
    ]
    return SergeantRow(named[span.person_id], span, covered, found.open(span.person_id))


@dataclass(frozen=True, slots=True)
class Imagined:
    """What a change would do, with the names of those it touches and the summary before and after."""

    effect: Effect
    before: SpanSummary
    after: SpanSummary
    names: Mapping[int, str]


def imagine(found: Structure, asked: WhatIf) -> Imagined:
    """What a change would do to the spans of the teams the reader sees. Nothing is kept."""
    every = [team.fact for team in people.teams(EVERYTHING)]
    after = imagined(found.roll.postings, every, people.covers(), found.on, found.policy, asked)
    ids = {team.id for team in found.teams}
    touched = effect(found.found, after)
    named = people.people({each.person_id for each in touched.changed})
    names = {id: person.name for id, person in named.items()} | {NEWCOMER: "The sergeant added"}
    before_spans = [span for span in found.found.spans if any(team.id in ids for team in span.teams)]
    after_spans = [span for span in after.spans if any(team.id in ids for team in span.teams)]
    return Imagined(touched, summary(before_spans), summary(after_spans), names)
