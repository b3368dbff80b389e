"""One row of a list taken apart: which stretch of an entry or duty gives a figure its minutes, and which does not."""

from dataclasses import dataclass, replace

from npt.abstractions import rules
from npt.abstractions.queries.duties_behind import pieces_in
from npt.abstractions.queries.entries import Narrowing
from npt.abstractions.queries.figures import Count, place_on
from npt.abstractions.rules import AbsenceFact, DutyFact, Hours
from npt.abstractions.rules.portions import DutyPortion, Goes, Portion, Rostered, duty_portions, portions
from npt.core.periods import Interval
from npt.people.rules import RATED_GRADES
from npt.policy.rules import Definition


@dataclass(frozen=True, slots=True)
class EntryPortion:
    """A stretch of an entry, and where its minutes go under each definition."""

    portion: Portion
    interval: Interval
    local: Goes
    national: Goes
    theirs: bool
    """Whether it is in the teams and grades asked for; another's figures have the rest."""

    @property
    def minutes(self) -> int:
        return self.interval.minutes


def entry_portions(count: Count, narrowing: Narrowing, ref: str) -> list[EntryPortion]:
    """The stretches of an entry inside what was counted; nothing of one that was cancelled or lies elsewhere.

    Those that are ``theirs`` add up to the row of ``entries_behind`` with the same terms.
    """
    entry = next((each for each in count.facts.abstractions if each.ref == ref), None)
    if entry is None or count.within is None:
        return []
    asked, rostered, absent = count.question, *_of(count, entry.person_id)
    [ended] = rules.as_expected([entry], rostered, asked.at) if count.ahead else [entry]
    local, national = (replace(asked, definition=each) for each in (Definition.LOCAL, Definition.NATIONAL))
    found = []
    for each in portions(ended, rostered, absent, within=count.within, moment=asked.as_at, place=place_on(count.roll)):
        there = each.place
        theirs = there is not None and there.team_id in count.teams and narrowing.takes(entry.person_id, there.grade)
        goes = each.goes(entry.reason, local.counts), each.goes(entry.reason, national.counts)
        for part in pieces_in(each.interval, narrowing.hours, rules.ByHours(asked.window.zone)):
            found.append(EntryPortion(each, part, *goes, theirs))
    return found


def portions_of_duty(count: Count, hours: Hours | None, ref: str) -> list[DutyPortion]:
    """The stretches of a duty inside what was counted; nothing of one that was cancelled or lies elsewhere.

    Those that are available add up to the row of ``duties_behind`` with the same terms.
    """
    duty = next((each for each in count.facts.duties if each.ref == ref), None)
    if duty is None or count.within is None:
        return []
    found = duty_portions(ref, *_of(count, duty.person_id), within=count.within)
    cut = rules.ByHours(count.question.window.zone)
    return [DutyPortion(part, each.what) for each in found for part in pieces_in(each.interval, hours, cut)]


def duty_is_rated(count: Count, ref: str) -> bool:
    """Whether a duty is in a rate at all: not those of inspectors and specials, nor of somebody with no team."""
    duty = next((each for each in count.facts.duties if each.ref == ref), None)
    posting = count.roll.present(duty.person_id, duty.duty_date) if duty else None
    return posting is not None and posting.post.team_id in count.teams and posting.post.grade in RATED_GRADES


def _of(count: Count, person_id: int) -> tuple[list[DutyFact], list[AbsenceFact]]:
    facts = count.facts
    return (
        [each for each in facts.duties if each.person_id == person_id],
        [each for each in facts.absences if each.person_id == person_id],
    )


__all__ = ["DutyPortion", "EntryPortion", "Goes", "Rostered", "duty_is_rated", "entry_portions", "portions_of_duty"]
