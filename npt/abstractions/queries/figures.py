"""Rates against target of teams, BCUs, the force and people over a window: read once, counted by the rules."""

import datetime as dt
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from npt.abstractions import rules
from npt.abstractions.queries.facts import MANY, Facts, Summed, facts, facts_around
from npt.abstractions.rules import Assessment, Figures, Place, Tallies, Tally
from npt.core.authority import Scope
from npt.core.periods import DAY, Interval, Window, local_day
from npt.people import queries as people
from npt.people.queries import Roll, TeamRow
from npt.people.rules import Grade, PostingFact, days_in_force
from npt.policy.rules import Definition, Policy, ReasonBook


@dataclass(frozen=True, slots=True)
class Question:
    """What figures are asked for: the window, the moment of asking, the policy of its last day, whose definition."""

    window: Window
    at: dt.datetime
    policy: Policy
    reasons: ReasonBook
    definition: Definition = Definition.LOCAL

    @property
    def within(self) -> Interval | None:
        """The window cut at the moment of asking; nothing when it lies wholly in the future."""
        return self.window.so_far(self.at)

    @property
    def as_at(self) -> dt.datetime:
        return self.window.as_at(self.at)

    def counts(self, reason: str, day: dt.date, grade: Grade) -> bool:
        """Whether time taken for a reason counts on a day for a grade."""
        return self.reasons.counts(reason, day, grade, self.definition)

    @property
    def fixed_codes(self) -> list[str]:
        return self.reasons.fixed_codes(self.window.first_day, self.window.last_day)


class Counted(ABC):
    """The minutes of teams in a window, and what their figures are."""

    question: Question
    teams: Mapping[int, TeamRow]

    @property
    @abstractmethod
    def everybody(self) -> Iterable[Tally]:
        """What was counted of whoever was looked at."""

    @cached_property
    def people(self) -> list[Tally]:
        """The tallies of the teams asked for; a person's time in another team is not theirs."""
        return [tally for tally in self.everybody if tally.team_id in self.teams]

    def by_team(self) -> dict[int, Figures]:
        """The figures of each team live on any day of the window, and of any other with minutes in it."""
        window = self.question.window
        live = [t.id for t in self.teams.values() if t.live(window.first_day, window.last_day)]
        return self._by(lambda tally: tally.team_id, live)

    def by_bcu(self) -> dict[int, Figures]:
        """The figures of each BCU that has a team."""
        return self._by(lambda tally: self.teams[tally.team_id].bcu_id, {t.bcu_id for t in self.teams.values()})

    def by_sector(self) -> dict[int, Figures]:
        """The figures of each sector that has a team."""
        return self._by(lambda tally: self.teams[tally.team_id].sector_id, {t.sector_id for t in self.teams.values()})

    def by_person(self) -> dict[int, Figures]:
        return self._by(lambda tally: tally.person_id, ())

    def total(self) -> Figures:
        """The figures of all these teams together."""
        return self._total

    @cached_property
    def _total(self) -> Figures:
        return rules.figures_of(self.people, self.question.fixed_codes)

    def _by(self, key: Callable[[Tally], int | None], also: Iterable[int]) -> dict[int, Figures]:
        return rules.figures_by(self.people, key, fixed_codes=self.question.fixed_codes, also=also)

    def assess_team(self, team: TeamRow, figures: Figures) -> Assessment:
        """Judge a team by the most specific target."""
        return self._assess(figures, team=team.code, bcu=team.bcu_code)

    def assess_bcu(self, code: str, figures: Figures) -> Assessment:
        return self._assess(figures, bcu=code)

    def assess_force(self, figures: Figures) -> Assessment:
        return self._assess(figures)

    def _assess(self, figures: Figures, team: str | None = None, bcu: str | None = None) -> Assessment:
        asked = self.question
        return rules.assess(figures, asked.policy, team=team, bcu=bcu, definition=asked.definition)

    def assess_teams(self) -> dict[int, Assessment]:
        """Every team of the window, judged."""
        return {team_id: self.assess_team(self.teams[team_id], figures) for team_id, figures in self.by_team().items()}


@dataclass(frozen=True)
class Count(Counted):
    """What was read and counted for a question about these teams."""

    question: Question
    teams: Mapping[int, TeamRow]
    roll: Roll
    facts: Facts
    tallies: Tallies
    ahead: bool = False
    """Whether the whole window is counted, with what is planned, and not only what is over."""

    @property
    def within(self) -> Interval | None:
        """The time that is counted."""
        return self.question.window.whole if self.ahead else self.question.within

    @property
    def everybody(self) -> Iterable[Tally]:
        return self.tallies.people


def place_on(roll: Roll) -> rules.PlaceOn:
    """Where people belong on a day, as the rules ask it: thousands of times, so each place is made once."""
    places: dict[int, Place | None] = {}
    lines: dict[int, tuple[list[dt.date], list[Place | None]]] = {}

    def of(posting: PostingFact | None) -> Place | None:
        if posting is None:
            return None
        post = posting.post
        if post.id not in places:
            places[post.id] = Place(post.team_id, post.grade) if post.team_id is not None else None
        return places[post.id]

    def place(person_id: int, day: dt.date) -> Place | None:
        if person_id not in lines:
            days, present = roll.timeline(person_id)
            lines[person_id] = [*days], [None, *map(of, present)]
        days, there = lines[person_id]
        return there[bisect_right(days, day)]

    return place


def read_for(
    question: Question,
    scope: Scope,
    only: Iterable[int] | None = None,
    person_ids: Iterable[int] | None = None,
    known: Sequence[TeamRow] | None = None,
) -> tuple[dict[int, TeamRow], Roll, Facts]:
    """The teams asked for, the postings of everybody concerned, and their facts in the whole window.

    The whole, so that a list can show what is planned; only what is over is counted.

    :param known: every team of the scope, when they have been read already
    """
    wanted = None if only is None else set(only)
    within_scope = people.teams(scope) if known is None else known
    teams = {t.id: t for t in within_scope if wanted is None or t.id in wanted}
    roll = people.roll(team_ids=teams) if person_ids is None else people.roll(person_ids=person_ids)
    return teams, roll, facts(question.window.whole, roll.by_person, question.window.zone)


def count(
    question: Question,
    scope: Scope,
    only: Iterable[int] | None = None,
    *,
    person_ids: Iterable[int] | None = None,
    known: Sequence[TeamRow] | None = None,
) -> Count:
    """Count what was lost to abstraction in a window (RULES section 4).

    :param scope: what the actor may see; figures of other teams are not in it
    :param only: these teams among them; nothing for all
    :param person_ids: these people alone; nothing for everybody in the teams
    :param known: every team of the scope, when they have been read already
    """
    return count_again(question, *read_for(question, scope, only, person_ids, known))


def facts_of_teams(
    within: Interval, teams: Collection[int], roll: Roll, zone: ZoneInfo, summed: Summed | None = None
) -> tuple[Facts, Roll]:
    """The facts that make the figures of these teams in an interval, of all who ever were in them, and the postings of
    everybody among them.

    Whoever was elsewhere on each of its days, and on the day before, has minutes here only by a duty or an abstraction
    that began before that, while they were here. Only where there is one is anything read of them, and they need not be
    in the roll: else a team's figures would grow dearer with everybody who ever left it.

    :param summed: those of whom what is over was added up before
    """
    if len(roll.by_person) > MANY:
        return facts(within, roll.by_person, zone), roll
    here = holders_of(teams, within, roll, zone)
    read = facts_around(within, here - set(summed.person_ids) if summed else here, teams, zone, summed)
    began = [(duty.person_id, duty.duty_date) for duty in read.duties if duty.person_id not in here]
    began += [(each.person_id, each.starts_on) for each in read.abstractions if each.person_id not in here]
    if not began:
        return read, roll
    if missing := {id for id, _ in began} - roll.by_person.keys():
        roll = Roll([*roll.postings, *people.roll(person_ids=missing).postings])
    return read.of(here | {id for id, day in began if roll.team_on(id, day) in teams}), roll


def holders_of(teams: Collection[int], within: Interval, roll: Roll, zone: ZoneInfo) -> set[int]:
    """Everybody who holds a post of these teams on a day of an interval, or on the day before it, suspended or not."""
    first, last = local_day(within.starts_at, zone) - DAY, local_day(within.ends_at, zone)
    return {id for id, own in roll.by_person.items() if any(_holds(posting, teams, first, last) for posting in own)}


def _holds(posting: PostingFact, teams: Collection[int], first: dt.date, last: dt.date) -> bool:
    """Whether somebody holds a post of these teams on any of some days, suspended or not."""
    days = days_in_force(posting) if posting.post.team_id in teams else None
    return days is not None and days.first_day <= last and (days.last_day is None or days.last_day >= first)


def count_and_project(
    question: Question, scope: Scope, only: Iterable[int], also: Window
) -> tuple[Count, Count, Facts]:
    """``count`` and ``project`` of a month, and the facts of other days, such as those of this week, from one read."""
    wanted, month, other = set(only), question.window.whole, also.whole
    teams = {t.id: t for t in people.teams(scope) if t.id in wanted}
    roll = people.roll(team_ids=teams)
    whole = Interval(min(month.starts_at, other.starts_at), max(month.ends_at, other.ends_at))
    read, roll = facts_of_teams(whole, teams, roll, question.window.zone)
    of_month = read.touching(month)
    counted = count_again(question, teams, roll, of_month)
    return counted, project_again(question, teams, roll, of_month), read.touching(other)


def count_again(question: Question, teams: dict[int, TeamRow], roll: Roll, read: Facts) -> Count:
    """Count what was read before, by the terms of a question of the same window and moment."""
    tallies = rules.tally(
        read.duties,
        read.absences,
        read.abstractions,
        within=question.within,
        moment=question.as_at,
        place=place_on(roll),
        counts=question.counts,
    )
    return Count(question, teams, roll, read, tallies)


def project(
    question: Question,
    scope: Scope,
    only: Iterable[int] | None = None,
    *,
    person_ids: Iterable[int] | None = None,
) -> Count:
    """Where a month is heading: the whole of it, with what is planned, rostered and booked as absence.

    :param person_ids: these people alone; nothing for everybody in the teams
    """
    return project_again(question, *read_for(question, scope, only, person_ids))


def project_again(question: Question, teams: dict[int, TeamRow], roll: Roll, read: Facts) -> Count:
    """As ``count_again``, for where the window is heading."""
    tallies = rules.projected(
        read.duties,
        read.absences,
        read.abstractions,
        month=question.window,
        at=question.at,
        place=place_on(roll),
        counts=question.counts,
    )
    return Count(question, teams, roll, read, tallies, ahead=True)
