"""How well entries and duties of BCUs and teams were kept, beside each other."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from npt.abstractions import rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries.figures import Counted, Question
from npt.abstractions.queries.keeping import KeptEntry, kept_entries
from npt.abstractions.queries.missing import WithoutDuty, WithoutTeam, without_duty, without_team
from npt.abstractions.queries.returns import ReturnRow, confirmed_in, late_returns
from npt.abstractions.queries.summaries import summaries
from npt.abstractions.rules import Figures, Kept, QualityLine
from npt.core.db import session
from npt.core.periods import Interval
from npt.people import queries as people
from npt.people.queries import TeamRow

_ENTRIES = Abstraction.__table__.c
_FIRST, _LAST = (bindparam(name, type_=_ENTRIES.starts_at.type) for name in ("first", "last"))
_REASONS_GIVEN = (
    select(_ENTRIES.reason, func.count())
    .where(_ENTRIES.starts_at >= _FIRST, _ENTRIES.starts_at < _LAST, _ENTRIES.cancelled_at.is_(None))
    .group_by(_ENTRIES.reason)
)


def reasons_given(within: Interval | None) -> Counter[str]:
    """How many entries of the whole force that start in an interval give each reason. What was cancelled gives none."""
    if within is None:
        return Counter()
    rows = session.execute(_REASONS_GIVEN, {"first": within.starts_at, "last": within.ends_at}).all()
    return Counter(dict(rows))


@dataclass(frozen=True)
class Quality:
    """How well these teams' entries and duties were kept in a window: everything behind each figure."""

    count: Counted
    entries: list[KeptEntry]
    without_team: list[WithoutTeam]
    without_duty: list[WithoutDuty]
    force_reasons: Mapping[str, int]
    late_returns: list[ReturnRow]
    after_return: Counter[int]
    """How many things were written about each team's months after they were confirmed."""

    def by_bcu(self) -> list[QualityLine]:
        """A line for each BCU."""
        named = {team.bcu_id: (team.bcu_code, team.bcu_name) for team in self._shown()}
        return self._lines(named, self.count.by_bcu(), lambda team: team.bcu_id)

    def by_team(self) -> list[QualityLine]:
        """A line for each team that is live in the window, or has something to show in it."""
        named = {team.id: (team.code, team.name) for team in self._shown()}
        return self._lines(named, self.count.by_team(), lambda team: team.id)

    def total(self) -> QualityLine:
        """All of it: sums, and how the reasons of all these teams stand beside the rest of the force."""
        kept: Counter[Kept] = Counter(how for entry in self.entries for how in entry.kept)
        off_duty = self.count.total().off_duty_minutes
        return QualityLine(
            "",
            "",
            kept,
            off_duty,
            self._unusual(self.entries),
            len(self.without_team),
            len(self.without_duty),
            len(self.late_returns),
            self.after_return.total(),
        )

    @property
    def nobodys(self) -> int:
        """People who were on duty with no team and never had one: in no unit's line."""
        return sum(row.team_id is None for row in self.without_team)

    def _shown(self) -> list[TeamRow]:
        asked = self.count.question.window
        shown = {entry.team_id for entry in self.entries} | {row.team_id for row in self.without_team}
        shown |= {row.team.id for row in self.late_returns} | set(self.after_return)
        teams = self.count.teams.values()
        return [team for team in teams if team.id in shown or team.live(asked.first_day, asked.last_day)]

    def _unusual(self, entries: Iterable[KeptEntry]) -> list[rules.UnusualReason]:
        own = Counter(entry.reason for entry in entries if Kept.ALL in entry.kept)
        return rules.unusual_reasons(own, self.force_reasons, self.count.question.policy)

    def _lines(
        self, named: Mapping[int, tuple[str, str]], figures: Mapping[int, Figures], of: Callable[[TeamRow], int]
    ) -> list[QualityLine]:
        unit_of = {team.id: of(team) for team in self.count.teams.values()}
        entries: defaultdict[int, list[KeptEntry]] = defaultdict(list)
        for entry in self.entries:
            entries[unit_of[entry.team_id]].append(entry)
        no_team = Counter(unit_of[row.team_id] for row in self.without_team if row.team_id is not None)
        no_duty = Counter(unit_of[row.team_id] for row in self.without_duty)
        no_return = Counter(unit_of[row.team.id] for row in self.late_returns)
        after_return: Counter[int] = Counter()
        for team_id, number in self.after_return.items():
            after_return[unit_of[team_id]] += number
        return [
            QualityLine(
                code,
                name,
                Counter(how for entry in entries[unit] for how in entry.kept),
                figures[unit].off_duty_minutes if unit in figures else 0,
                self._unusual(entries[unit]),
                no_team[unit],
                no_duty[unit],
                no_return[unit],
                after_return[unit],
            )
            for unit, (code, name) in named.items()
        ]


def quality(question: Question, teams: Mapping[int, TeamRow], *, on: dt.date, also_never_posted: bool) -> Quality:
    """How well the entries and duties of these teams were kept in a window, and the returns of its months.

    :param teams: these teams, by id, of those the actor may see
    :param on: the day on which returns are late or not
    :param also_never_posted: also people on duty who never held a post, whom no unit can claim
    """
    window, roll = question.window, people.roll(team_ids=teams)
    [counted] = summaries([question], teams, roll)
    known = confirmed_in(teams, window)
    changed: Counter[int] = Counter()
    for month, number in known.changes.items():
        changed[month.team_id] += number
    return Quality(
        counted,
        kept_entries(question, teams, roll),
        without_team(question, teams, roll, also_never_posted=also_never_posted),
        without_duty(question, teams, roll),
        reasons_given(question.within),
        late_returns(teams.values(), window, on=on, policy=question.policy, known=known),
        changed,
    )
