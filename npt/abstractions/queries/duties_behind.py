"""The duties behind a figure, with what was available of each."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from npt.abstractions import rules
from npt.abstractions.queries.entries import Narrowing, tallies_asked
from npt.abstractions.queries.figures import Count
from npt.abstractions.rules import Hours
from npt.core.periods import Interval, total_minutes
from npt.people import queries as people
from npt.people.queries import PersonRow
from npt.people.rules import RATED_GRADES


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as a list shows it, with the minutes of it that were available in the window."""

    ref: str
    person: PersonRow
    starts_at: dt.datetime
    ends_at: dt.datetime
    available: int


def duty_minutes(count: Count, narrowing: Narrowing) -> int:
    """The available minutes of those asked for: what their counted minutes are a share of."""
    return sum(
        row.duty_minutes
        for row in tallies_asked(count, narrowing).people
        if row.team_id in count.teams and narrowing.takes(row.person_id, row.grade)
    )


def duties_behind(count: Count, narrowing: Narrowing) -> list[DutyRow]:
    """The duties that give a count its available minutes, newest first. They add up to the figure to the minute."""
    within = count.within
    if within is None:
        return []
    duties = defaultdict(list)
    absences = defaultdict(list)
    for duty in count.facts.duties:
        duties[duty.person_id].append(duty)
    for absence in count.facts.absences:
        absences[absence.person_id].append(absence)
    cut = rules.ByHours(count.question.window.zone)
    minutes: dict[str, int] = defaultdict(int)
    for person_id, theirs in duties.items():
        for piece in rules.available_pieces(theirs, absences[person_id], within):
            posting = count.roll.present(person_id, piece.duty.duty_date)
            if posting is None or posting.post.grade not in RATED_GRADES:
                continue
            if posting.post.team_id in count.teams and narrowing.takes(person_id, posting.post.grade):
                minutes[piece.duty.ref] += total_minutes(pieces_in(piece.interval, narrowing.hours, cut))
    minutes = {ref: available for ref, available in minutes.items() if available or narrowing.hours is None}
    facts = sorted(
        (duty for duty in count.facts.duties if duty.ref in minutes),
        key=lambda duty: (duty.starts_at, duty.ref),
        reverse=True,
    )
    named = people.people({duty.person_id for duty in facts})
    return [DutyRow(duty.ref, named[duty.person_id], duty.starts_at, duty.ends_at, minutes[duty.ref]) for duty in facts]


def pieces_in(interval: Interval, hours: Hours | None, cut: rules.ByHours) -> list[Interval]:
    """The parts of an interval that lie in a part of the day; the whole of it, when none is asked for."""
    if hours is None:
        return [interval]
    return [Interval(start, end) for label, start, end in cut(interval.starts_at, interval.ends_at) if label is hours]
