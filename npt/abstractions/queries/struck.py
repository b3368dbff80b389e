"""What a figure of policy struck in a past month, and what it would have struck: entries, people, nights, returns."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select

from npt.abstractions import rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries.figures import Count, Question, place_on, project_again, read_for
from npt.abstractions.queries.returns import confirmations, first_month_with_data
from npt.abstractions.rules import AbstractionFact, ByWindow, Share, TeamMonth, figures_by, person_breaches
from npt.abstractions.rules.returns import came_late, is_owed
from npt.abstractions.rules.supposing import (
    ENTRY_FIGURES,
    Logged,
    Planned,
    Struck,
    Supposed,
    broken,
    nights_over,
    planned_over_target,
)
from npt.core.authority import Scope
from npt.core.db import session
from npt.core.lasting import lasts_beyond
from npt.core.periods import DAY, Window, local_day, midnight
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow
from npt.policy import queries as policies
from npt.policy.rules import Group, Policy

Found = list[Struck]


def what_it_struck(supposed: Supposed, was: Count, other: Question) -> tuple[Found, Found] | None:
    """What the figure struck in the month and what it would have struck; nothing when it judges rates."""
    if supposed.figure is None or supposed.figure[0] not in ENTRY_FIGURES:
        return None
    name = supposed.figure[0]
    policy, would = was.question.policy, other.policy
    if name == "return_day":
        return _late_returns(was, policy), _late_returns(was, would)
    if name == "person_limit_percent":
        return _people_over(was, policy), _people_over(was, would)
    if name == "authorise_over_target":
        waited = _planned(was)
        return waited if policy.authorise_over_target else [], waited if would.authorise_over_target else []
    if name == "rolling_days":
        return _nights(was, would.rolling_days)
    entries = _entries(was)
    return broken(name, entries, policy), broken(name, entries, would)


def _logged(was: Count) -> dict[int, dt.datetime | None]:
    """When each entry that touches the month was logged."""
    window = was.question.window.whole
    rows = session.execute(
        select(Abstraction.id, Abstraction.logged_at).where(
            Abstraction.starts_at < window.ends_at,
            lasts_beyond(Abstraction.ends_at, window.starts_at),
        )
    )
    return {row.id: row.logged_at for row in rows}


def _entries(was: Count) -> list[Logged]:
    """The entries that start in the month, each with the team of that day."""
    logged, month = _logged(was), was.question.window.whole
    entries = []
    for each in was.facts.abstractions:
        team_id = was.roll.team_on(each.person_id, each.starts_on)
        if month.starts_at <= each.starts_at < month.ends_at and team_id is not None and team_id in was.teams:
            entries.append(Logged(each.id or 0, team_id, each.starts_at, each.ends_at, logged[each.id or 0]))
    return entries


def _planned(was: Count) -> Found:
    """Entries that were logged ahead while the month was heading over target."""
    asked = was.question
    whole = project_again(asked, dict(was.teams), was.roll, was.facts)
    minutes: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for row in whole.tallies.entries:
        if row.counted and row.team_id in was.teams:
            sums = minutes[row.abstraction_id or 0]
            sums[row.team_id] = sums.get(row.team_id, 0) + row.counted
    logged = _logged(was)
    entries = [
        Planned(each.id or 0, team_id, minutes[each.id or 0], logged[each.id or 0], each.starts_at)
        for each in was.facts.abstractions
        if (team_id := was.roll.team_on(each.person_id, each.starts_on)) is not None and team_id in was.teams
    ]
    duty = {team_id: figures.duty_minutes for team_id, figures in whole.by_team().items()}
    return planned_over_target(entries, duty, lambda team_id: _target(asked.policy, was, team_id), asked.window.whole)


def _target(policy: Policy, was: Count, team_id: int) -> Decimal | None:
    team = was.teams[team_id]
    found = policy.targets.find(Group.ALL, team=team.code, bcu=team.bcu_code)
    return found.percent if found else None


def _people_over(was: Count, policy: Policy) -> Found:
    """People whose rate of the month is over the individual limit, with the team they had at its end."""
    worked = {row.person_id: row.team_id for row in was.people}
    found = []
    for breach in person_breaches(was.by_person(), policy):
        home = was.roll.team_on(breach.person_id, was.question.window.last_day)
        there = home if home is not None and home in was.teams else worked[breach.person_id]
        found.append(Struck(there, person_id=breach.person_id))
    return found


def _nights(was: Count, other_days: int) -> tuple[Found, Found]:
    """On how many nights of the month each team was over target on the days before it."""
    asked = was.question
    zone, month = asked.window.zone, asked.window
    nights = [day for day in month.days() if midnight(day, zone) <= asked.at]
    known = policies.policies_on(day - DAY for day in nights)
    judged = {day: known[day - DAY] for day in nights if day - DAY in known}
    looked_back = {day: policy.rolling_days for day, policy in judged.items()}
    longest = max([other_days, *looked_back.values()])
    counted = _by_day(was, Window(month.first_day - longest * DAY, month.last_day, zone))

    def struck(back: Callable[[dt.date], int]) -> Found:
        return [
            night
            for team in was.teams.values()
            for night in nights_over(
                team.id,
                counted.get(team.id, {}),
                [
                    (day, back(day), _target(policy, was, team.id))
                    for day, policy in judged.items()
                    if team.live(day, day)
                ],
            )
        ]

    return struck(lambda day: looked_back[day]), struck(lambda _: other_days)


def _by_day(was: Count, days: Window) -> Mapping[int, Mapping[dt.date, Share]]:
    """What was counted of each team on each day, out of what duty: the days of any stretch add up to it."""
    question = replace(was.question, window=days)
    everything = Scope(team_ids=frozenset(was.teams))
    teams, roll, facts = read_for(question, everything, known=list(was.teams.values()))
    cut = rules.parts(
        ByWindow([Window(day, day, days.zone) for day in days.days()]),
        facts.duties,
        facts.absences,
        facts.abstractions,
        within=question.within,
        moment=question.as_at,
    )
    found: defaultdict[int, dict[dt.date, Share]] = defaultdict(dict)
    for window, tallies in cut.tallies(place=place_on(roll), counts=question.counts).items():
        here = (row for row in tallies.people if row.team_id in teams)
        for team_id, figures in figures_by(here, lambda row: row.team_id).items():
            found[team_id][window.first_day] = Share(figures.duty_minutes, figures.abstracted_minutes)
    return found


def _late_returns(count: Count, policy: Policy) -> Found:
    """Each team whose return of the month came late, or is missing at the moment of asking."""
    month = count.question.window
    on = local_day(count.question.at, month.zone)
    known = confirmations(count.teams, month.first_day, month.first_day)
    first_month = first_month_with_data(month.zone)
    late = []
    for team in count.teams.values():
        owed = is_owed(
            month,
            live=team.live(month.first_day, month.last_day),
            first_month=first_month,
            on=on,
            chased_months=policy.returns_chased_months,
        )
        confirmed = known.get(TeamMonth(team.id, month.first_day), [])
        if came_late(month, confirmed, owed=owed, on=on, return_day=policy.return_day):
            late.append(Struck(team.id))
    return late


@dataclass(frozen=True, slots=True)
class StruckRow:
    """One thing that was struck, as a list shows it: of an entry, a person, a night or a return what it has."""

    team: TeamRow
    person: PersonRow | None = None
    entry: AbstractionFact | None = None
    logged_at: dt.datetime | None = None
    night: dt.date | None = None
    looked_back: Window | None = None
    share: Share | None = None


def struck_rows(was: Count, found: Sequence[Struck]) -> list[StruckRow]:
    """What was struck, as a list shows it: newest first, then by team and person."""
    entries = {each.id: each for each in was.facts.abstractions}
    ids = {each.person_id or entries[each.entry_id].person_id for each in found if each.person_id or each.entry_id}
    named, logged = people.people(ids), _logged(was) if ids else {}
    zone = was.question.window.zone

    def row(each: Struck) -> StruckRow:
        entry = entries[each.entry_id] if each.entry_id else None
        who = each.person_id or (entry.person_id if entry else 0)
        back = Window(each.night - each.days * DAY, each.night - DAY, zone) if each.night else None
        return StruckRow(
            was.teams[each.team_id],
            named.get(who),
            entry,
            logged.get(each.entry_id or 0),
            each.night,
            back,
            each.share,
        )

    return sorted((row(each) for each in found), key=_newest)


def _newest(row: StruckRow) -> tuple[float, str, str]:
    at = row.entry.starts_at.timestamp() if row.entry else row.night.toordinal() if row.night else 0
    return -at, row.team.code, row.person.collar_number if row.person else ""
