"""Windows side by side, such as a month and the one before it, out of what a night added up and what came since."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from npt.abstractions import rules
from npt.abstractions.queries.facts import Facts, Summed
from npt.abstractions.queries.figures import Counted, Question, facts_of_teams, holders_of, place_on
from npt.abstractions.queries.sums import SumsUntil, sums_of
from npt.abstractions.rules import PlaceOn, Sums, Tally
from npt.core.periods import Interval, interval_or_none
from npt.people.queries import Roll, TeamRow


@dataclass(frozen=True)
class Summary(Counted):
    """What was counted of a window. It has the minutes of people, and not the entries that make them."""

    question: Question
    teams: Mapping[int, TeamRow]
    everybody: Sequence[Tally] = ()


def summaries(questions: Sequence[Question], teams: Mapping[int, TeamRow], roll: Roll) -> list[Summary]:
    """As ``count`` for windows side by side, such as a month and the one before it, from one read.

    Of people whose days that are over were added up (``services.add_up_months``), and who belonged to one place all
    the while, the sums are judged, and only what came since is counted; of everybody else everything.

    :param teams: these teams, by id, of those the actor may see
    :param roll: the postings of everybody who holds a post of these teams in the windows, whoever else is in it
    """
    zone = questions[0].window.zone
    wholes = [question.window.whole for question in questions]
    whole = Interval(min(each.starts_at for each in wholes), max(each.ends_at for each in wholes))
    here = holders_of(teams, whole, roll, zone)
    found = [*sums_of([each.starts_at for each in wholes], here)]
    months = [_Month.of(question, found, here, roll) for question in questions]
    known = set.intersection(*(month.known for month in months))
    since = min((month.lately.starts_at for month in months if known and month.lately), default=None)
    read, roll = facts_of_teams(whole, teams, roll, zone, Summed(known, since))
    lately, rest = read.of(known), read.of(read.person_ids - known)
    place = place_on(roll)
    return [Summary(each.question, teams, [*each.tallies(known, lately, rest, place)]) for each in months]


@dataclass(frozen=True)
class _Month:
    """A window, what was added up of it, and whom nothing need be counted of but what came since."""

    question: Question
    until: dt.datetime
    sums: dict[int, Sums]
    known: set[int]

    @classmethod
    def of(cls, question: Question, found: Iterable[SumsUntil], here: set[int], roll: Roll) -> "_Month":
        within, start = question.within, question.window.whole.starts_at
        if within is None:  # nothing of it is over: there is nothing to know
            return cls(question, start, {}, here)
        usable = [each for each in found if each.starts_at == start and each.until <= within.ends_at]
        # Of a month of which nothing was added up yet, such as on its first day, all came since its start.
        until = max((each.until for each in usable), default=start)
        sums = {each.sums.person_id: each.sums for each in usable if each.until == until}
        known = {id for id, own in sums.items() if _in_one_place(own, roll)} if usable else here
        return cls(question, until, sums, known)

    @property
    def lately(self) -> Interval | None:
        """What has passed of the window since it was added up."""
        within = self.question.within
        return None if within is None else interval_or_none(self.until, within.ends_at)

    def tallies(self, known: set[int], lately: Facts, rest: Facts, place: PlaceOn) -> Iterator[Tally]:
        """Everybody's minutes: of those known what was added up and what came since, of everybody else all."""
        # The same few reasons, days and grades are asked about for one person after another.
        counts = cache(self.question.counts)
        for person_id in known & self.sums.keys():
            own = self.sums[person_id]
            if own.first_day and (judged := own.judged(place(person_id, own.first_day), counts)):
                yield judged
        for within, facts in ((self.lately, lately), (self.question.within, rest)):
            if within is not None:
                yield from self._counted(facts.touching(within), within, place)

    def _counted(self, facts: Facts, within: Interval, place: PlaceOn) -> Iterable[Tally]:
        return rules.tally(
            facts.duties,
            facts.absences,
            facts.abstractions,
            within=within,
            moment=self.question.as_at,
            place=place,
            counts=self.question.counts,
        ).people


def _in_one_place(own: Sums, roll: Roll) -> bool:
    """Whether somebody belonged to the same team and grade on all the days that their minutes are judged by."""
    days, _ = roll.timeline(own.person_id)
    return (
        own.first_day is None
        or own.last_day is None
        or bisect_right(days, own.first_day) == bisect_right(days, own.last_day)
    )
