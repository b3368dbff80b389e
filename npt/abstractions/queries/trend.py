"""Twelve months of a unit's figures: the year is read once and counted once under each definition."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from npt.abstractions import rules
from npt.abstractions.queries.figures import Question, place_on, read_for
from npt.abstractions.rules import Line, Tallies, Unit, figures_of
from npt.core.authority import Scope
from npt.core.periods import Window
from npt.people.queries import TeamRow
from npt.policy.rules import Definition, Policy


@dataclass(frozen=True, slots=True)
class TrendMonth:
    """One month: its line, judged by the target of its own last day, and what each fixed reason took of it."""

    window: Window
    line: Line
    running: bool
    fixed: Mapping[str, int]
    """Minutes of the custody and response reasons, zero included."""


def trend(
    question: Question,
    months: Sequence[Window],
    unit: Unit,
    scope: Scope,
    policies: Mapping[dt.date, Policy],
    known: Sequence[TeamRow] | None = None,
) -> tuple[TrendMonth, ...]:
    """The months that make up a window, oldest first; as many statements for twelve as for one.

    :param question: about all the months together, under the force's own definition
    :param policies: the policy of each month's last day; a month without one has no target
    :param known: every team of the scope, when they have been read already
    """
    alone = None if unit.person_id is None else [unit.person_id]
    teams, roll, facts = read_for(question, scope, unit.team_ids, alone, known)
    cut = rules.parts(
        rules.ByWindow(months),
        facts.duties,
        facts.absences,
        facts.abstractions,
        within=question.within,
        moment=question.as_at,
    )
    place = place_on(roll)

    def counted(definition: Definition) -> dict[Window, Tallies]:
        return cut.tallies(place=place, counts=replace(question, definition=definition).counts)

    local, national = counted(Definition.LOCAL), counted(Definition.NATIONAL)
    codes = question.fixed_codes

    def month(window: Window) -> TrendMonth:
        here = figures_of((t for t in local.get(window, Tallies()).people if t.team_id in teams), codes)
        there = figures_of(t for t in national.get(window, Tallies()).people if t.team_id in teams)
        policy = policies.get(window.last_day)
        return TrendMonth(
            window,
            unit.line(here, there, policy, code=f"{window.first_day:%Y-%m}", label=f"{window.first_day:%B %Y}"),
            running=question.at < window.whole.ends_at,
            fixed={code: here.by_reason.get(code, 0) for code in codes},
        )

    return tuple(month(window) for window in months)
