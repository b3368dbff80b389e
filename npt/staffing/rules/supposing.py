"""The staffing of a past day as it was, beside what it would have been under another value of a figure of policy."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from npt.core.periods import Period
from npt.people.rules import PostFact, PostingFact
from npt.policy.rules import Policy
from npt.policy.rules.figures import BANDS
from npt.staffing.rules.supervision import Span, Supervision, TeamSupervision
from npt.staffing.rules.tenure import Tenure, expected_until, is_early_move, tenures
from npt.staffing.rules.vacancies import Band, ForecastVacancy, Vacancy, forecast_until, forecast_vacancies, vacancies


class State(StrEnum):
    """How policy judges one thing."""

    NEW = Band.NEW.value
    OPEN = Band.OPEN.value
    PROLONGED = Band.PROLONGED.value
    SERIOUS = Band.SERIOUS.value
    CRITICAL = Band.CRITICAL.value
    FORECAST = "forecast"
    BEYOND = "beyond"
    EARLY = "early"
    IN_TIME = "in_time"
    OVER_LINE = "over_line"
    WITHIN = "within"
    NO_SUPERVISOR = "no_supervisor"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        return _LABELS.get(self, self.value.replace("_", " ").capitalize())


_LABELS = {
    State.BEYOND: "Not yet shown",
    State.EARLY: "Early move",
    State.IN_TIME: "As expected",
    State.OVER_LINE: "Over the line",
    State.WITHIN: "Within the line",
    State.NOBODY: "Nobody to supervise",
}

_BANDS = tuple(State(band.value) for band in Band)
_COUNTED = {
    **dict.fromkeys(BANDS, _BANDS),
    "forecast_days": (State.FORECAST,),
    "tenure_months": (State.EARLY, State.IN_TIME),
    "span_line": (State.OVER_LINE, State.WITHIN),
    "specials_in_span": (State.OVER_LINE, State.WITHIN, State.NO_SUPERVISOR),
}


def counted_states(name: str) -> tuple[State, ...]:
    """The states that are counted when a figure is looked at, the figure being one of staffing's."""
    return _COUNTED[name]


@dataclass(frozen=True, slots=True)
class Judged:
    """How one thing stands: its state; the span, of a supervisor; the day a stay was expected to last to."""

    state: State
    span: Fraction | None = None
    until: dt.date | None = None

    def differs(self, other: "Judged") -> bool:
        """Whether it would be judged or counted otherwise."""
        return (self.state, self.span) != (other.state, other.span)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """One thing with how it stood and how it would have stood."""

    of: T
    was: Judged
    would_be: Judged

    @property
    def differs(self) -> bool:
        return self.was.differs(self.would_be)


def bands(
    posts: Iterable[PostFact], postings: Sequence[PostingFact], day: dt.date, was: Policy, would_be: Policy
) -> list[Pair[Vacancy]]:
    """Each vacant post of a day with its (raised) band, in order of post ref."""
    listed = list(posts)
    before, after = (vacancies(listed, postings, day, policy) for policy in (was, would_be))
    return [
        Pair(one, Judged(State(one.band.value)), Judged(State(other.band.value)))
        for one, other in zip(before, after, strict=True)
    ]


def forecasts(
    posts: Iterable[PostFact], postings: Sequence[PostingFact], day: dt.date, was: Policy, would_be: Policy
) -> list[Pair[ForecastVacancy]]:
    """Each vacancy that either policy forecasts on a day, soonest first."""
    listed = list(posts)
    before, after = (set(forecast_vacancies(listed, postings, day, policy)) for policy in (was, would_be))
    furthest = day + dt.timedelta(days=max(was.forecast_days, would_be.forecast_days))
    return [
        Pair(
            each,
            Judged(State.FORECAST if each in before else State.BEYOND),
            Judged(State.FORECAST if each in after else State.BEYOND),
        )
        for each in sorted(
            forecast_until(listed, postings, day, furthest), key=lambda each: (each.vacant_from, each.post.ref)
        )
    ]


def stays(postings: Iterable[PostingFact], month: Period, was: Policy, would_be: Policy) -> list[Pair[Tenure]]:
    """Each stay of an officer that ended in a month, by its last day: an early move, or as expected."""

    def judged(tenure: Tenure, policy: Policy) -> Judged:
        early = is_early_move(tenure, policy.tenure_months)
        return Judged(
            State.EARLY if early else State.IN_TIME, until=expected_until(tenure.first_day, policy.tenure_months)
        )

    ended = [each for each in tenures(postings) if each.last_day is not None and each.last_day in month]
    return [
        Pair(each, judged(each, was), judged(each, would_be))
        for each in sorted(ended, key=lambda each: (each.last_day or month.first_day, each.person_id))
    ]


def spans(was: Supervision, would_be: Supervision) -> list[Pair[Span]]:
    """Each supervisor with their span, the widest there would be first."""

    def judged(span: Span) -> Judged:
        return Judged(State.OVER_LINE if span.over_line else State.WITHIN, span.span)

    after = {span.person_id: span for span in would_be.spans}
    pairs = [Pair(span, judged(span), judged(after[span.person_id])) for span in was.spans]
    return sorted(pairs, key=lambda pair: (-(pair.would_be.span or Fraction()), pair.of.person_id))


def unsupervised(was: Supervision, would_be: Supervision) -> list[Pair[TeamSupervision]]:
    """Each team that nobody supervises, with whether it has staff to supervise, in order of code."""

    def judged(team: TeamSupervision) -> Judged:
        return Judged(State.NO_SUPERVISOR if team.no_supervisor else State.NOBODY)

    after = {team.team.id: team for team in would_be.teams}
    return [Pair(team, judged(team), judged(after[team.team.id])) for team in was.teams if not team.supervisor_ids]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of a unit were in each state, and how many would have been."""

    was: Counter[State]
    would_be: Counter[State]

    @property
    def differs(self) -> bool:
        return self.was != self.would_be


def tally(pairs: Iterable[Pair[T]]) -> Tally:
    """Count things by state."""
    listed = list(pairs)
    return Tally(Counter(pair.was.state for pair in listed), Counter(pair.would_be.state for pair in listed))
