"""How much of an entry falls in duty, put in words: before it is saved, after, and for whoever decides it."""

import datetime as dt
from collections.abc import Sequence

from npt.abstractions.rules import DutyFact, InDuty
from npt.core.periods import local_day
from npt.edge import zone
from npt.people import queries as people
from npt.web.filters import clock, hours, moment


def all_in_words(found: Sequence[InDuty]) -> list[str]:
    """Person by person, how much of their entry counts as time on duty; each a sentence without its full stop."""
    named = people.people(each.person_id for each in found)
    return [in_words(each, named[each.person_id].name) for each in found]


def in_words(found: InDuty, who: str) -> str:
    """How much of the entry of somebody falls in their duty, and what becomes of the rest."""
    if found.open and not found.minutes:
        return f"{who} is not on duty at {clock(found.starts_at)}: what lies outside a duty is shown and does not count"
    if not found.duties:
        return f"{who} is not on duty at all then: none of it counts"
    turns = f"{who}'s duty {' and '.join(_turn(duty, found.starts_at) for duty in found.duties)}"
    if found.whole:
        return f"All {hours(found.minutes)} of it {_fall(found.minutes)} in {turns}"
    absent = f"{hours(found.absent)} is leave, sickness or other absence" if found.absent else ""
    off = f"{hours(found.off_duty)} is off duty" if found.off_duty else ""
    if not found.inside:
        rest = ", ".join(part for part in (absent, off) if part)
        return f"None of it counts in {turns}: {rest}"
    rest = " and ".join(part for part in (absent, off) if part)
    many = "do" if absent and off else "does"
    return f"{hours(found.inside)} of it {_fall(found.inside)} in {turns}; {rest} and {many} not count"


def _fall(minutes: int) -> str:
    return "falls" if minutes <= 60 else "fall"


def _turn(duty: DutyFact, starts_at: dt.datetime) -> str:
    """A duty from one time to another; with its day when the entry starts on another."""
    same = local_day(duty.starts_at, zone()) == local_day(starts_at, zone())
    return f"{clock(duty.starts_at) if same else moment(duty.starts_at)} to {clock(duty.ends_at)}"
