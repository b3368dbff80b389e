"""How long sergeants and constables are expected to stay, and who left sooner (RULES section 2)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from npt.core.periods import DAY, add_months
from npt.people.rules import OFFICERS, Grade, PostingFact, PostingKind, days_in_force


@dataclass(frozen=True, slots=True)
class Tenure:
    """An officer's unbroken substantive postings in one team and grade, as one. Without a last day: still.

    ``postings`` are in order of first day.
    """

    person_id: int
    team_id: int | None
    grade: Grade
    first_day: dt.date
    last_day: dt.date | None
    postings: tuple[PostingFact, ...]


def expected_until(first_day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months after the first day, else that month's last day."""
    return add_months(first_day, months)


def is_early_move(tenure: Tenure, months: int) -> bool:
    """Whether a tenure ends before the day preceding the one it was expected to run until."""
    return tenure.last_day is not None and tenure.last_day < expected_until(tenure.first_day, months) - DAY


def tenures(postings: Iterable[PostingFact]) -> list[Tenure]:
    """The tenures of any number of people, in order of person, then first day. PCSOs have no expectation, so none.

    Tenure runs on while a posting is suspended.
    """
    alike: dict[tuple[int, int | None, Grade], list[PostingFact]] = defaultdict(list)
    for posting in postings:
        if posting.kind is PostingKind.SUBSTANTIVE and posting.post.grade in OFFICERS:
            alike[posting.person_id, posting.post.team_id, posting.post.grade].append(posting)
    found = [tenure for held in alike.values() for tenure in _joined(held)]
    return sorted(found, key=lambda tenure: (tenure.person_id, tenure.first_day))


def _joined(postings: Iterable[PostingFact]) -> list[Tenure]:
    """Postings of one person, team and grade, those that overlap or follow without a gap as one."""
    dated = [(period, posting) for posting in postings if (period := days_in_force(posting))]
    runs: list[Tenure] = []
    for period, posting in sorted(dated, key=lambda pair: pair[0].first_day):
        run = runs.pop() if runs else None
        if run is None:
            runs.append(_tenure(posting, period.first_day, period.last_day, ()))
        elif run.last_day is not None and run.last_day + DAY < period.first_day:
            runs += [run, _tenure(posting, period.first_day, period.last_day, ())]
        else:
            last = _later(run.last_day, period.last_day)
            runs.append(_tenure(posting, run.first_day, last, run.postings))
    return runs


def _later(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return None if one is None or other is None else max(one, other)


def _tenure(posting: PostingFact, first: dt.date, last: dt.date | None, before: tuple[PostingFact, ...]) -> Tenure:
    return Tenure(posting.person_id, posting.post.team_id, posting.post.grade, first, last, (*before, posting))


def early_moves(postings: Iterable[PostingFact], months: int, first_day: dt.date, last_day: dt.date) -> list[Tenure]:
    """The early moves whose last day lies in a range of days, both ends in it, in order of that day."""
    found = [
        tenure
        for tenure in tenures(postings)
        if tenure.last_day is not None and first_day <= tenure.last_day <= last_day and is_early_move(tenure, months)
    ]
    return sorted(found, key=lambda tenure: (tenure.last_day or last_day, tenure.person_id))
