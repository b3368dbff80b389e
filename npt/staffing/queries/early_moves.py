"""Read who moved or will move before the time they were expected to stay, and why (RULES section 2: listed)."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from npt.core.authority import EVERYTHING
from npt.core.periods import DAY, Period
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow
from npt.people.rules import PostingFact, days_in_force
from npt.staffing.queries.units import Structure
from npt.staffing.queries.vacancies import reasons_of
from npt.staffing.rules import tenure
from npt.staffing.rules.leaving import Leaver, why
from npt.staffing.rules.tenure import Tenure


@dataclass(frozen=True, slots=True)
class EarlyMoveRow:
    """An early move: who left which team, expected until when, why, and where they went, if anywhere.

    ``open``: the reader may see their page.
    """

    tenure: Tenure
    person: PersonRow
    team: TeamRow
    last_day: dt.date
    expected_until: dt.date
    why: str
    to: str
    open: bool


def early_moves(found: Structure, days: Period, asked: Callable[[TeamRow], bool]) -> Sequence[EarlyMoveRow]:
    """The early moves from teams the reader sees, closed ones too, by last day in a range of days, latest first.

    Judged by the policy of the structure's day. No more statements, however many moves there are.

    :param days: with a last day
    :param asked: which teams are asked for
    """
    assert days.last_day is not None  # noqa: S101 - the form asks for both
    months = found.policy.tenure_months
    teams = {team.id: team for team in people.teams(found.scope)}
    moves = [
        (each, team)
        for each in tenure.early_moves(found.roll.postings, months, days.first_day, days.last_day)
        if (team := teams.get(each.team_id or 0)) and asked(team)
    ]
    named = people.people({each.person_id for each, _ in moves})
    reasons = reasons_of([_last(each) for each, _ in moves])
    names = {team.id: team.name for team in people.teams(EVERYTHING)}
    return [
        EarlyMoveRow(
            each,
            named[each.person_id],
            team,
            last_day,
            tenure.expected_until(each.first_day, months),
            why(Leaver(_last(each), last_day), *reasons(_last(each))),
            _to(found, each.person_id, last_day + DAY, names),
            found.open(each.person_id),
        )
        for each, team in reversed(moves)
        if (last_day := each.last_day) is not None
    ]


def _last(of: Tenure) -> PostingFact:
    """The posting with which a tenure ended."""
    return max(of.postings, key=lambda posting: (_until(posting), posting.first_day))


def _until(posting: PostingFact) -> dt.date:
    held = days_in_force(posting)
    return held.last_day or dt.date.max if held else dt.date.min


def _to(found: Structure, person_id: int, day: dt.date, teams: Mapping[int, str]) -> str:
    posting = found.roll.present(person_id, day)
    if posting is None:
        return ""
    return f"{posting.post.grade.label}, {teams.get(posting.post.team_id or 0, 'sector')}"
