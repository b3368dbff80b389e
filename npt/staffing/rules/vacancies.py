"""How long posts have stood empty, which will be next, and how grave that is (RULES section 2)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from npt.core.authority import Role
from npt.core.periods import DAY, Period, day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.people.rules import (
    SUSPENDING,
    Grade,
    PostFact,
    PostingFact,
    PostingKind,
    change_days,
    days_in_force,
    in_force_from,
    in_force_until,
    is_live,
)
from npt.policy.rules import Policy, Severity


class Band(StrEnum):
    """How long a post has been vacant, from the least grave to the gravest."""

    NEW = "new"
    OPEN = "open"
    PROLONGED = "prolonged"
    SERIOUS = "serious"
    CRITICAL = "critical"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A vacant post on a day. ``band`` is raised for a sergeant's post; ``threshold_days`` starts the age's own."""

    post: PostFact
    vacant_since: dt.date
    age_days: int
    band: Band
    severity: Severity
    threshold_days: int


@dataclass(frozen=True, slots=True)
class ForecastVacancy:
    """A post whose last holder's posting ends soon with nobody to follow. ``days_left`` counts to the last day."""

    post: PostFact
    vacant_from: dt.date
    days_left: int


Suspensions = Mapping[int, Sequence[Period]]
"""For each person, the days on which an acting or temporary posting suspends their substantive ones."""


def _suspensions(postings: Iterable[PostingFact]) -> Suspensions:
    periods: dict[int, list[Period]] = defaultdict(list)
    for posting in postings:
        if posting.kind in SUSPENDING and (period := days_in_force(posting)):
            periods[posting.person_id].append(period)
    return dict(periods)


def _by_post(postings: Iterable[PostingFact]) -> dict[int, list[PostingFact]]:
    grouped: dict[int, list[PostingFact]] = defaultdict(list)
    for posting in postings:
        grouped[posting.post.id].append(posting)
    return dict(grouped)


def _last_filled_day(posting: PostingFact, suspensions: Suspensions, day: dt.date) -> dt.date | None:
    """The last day, up to and with the one given, on which a posting filled its post."""
    if posting.kind is PostingKind.ATTACHMENT:
        return None
    until = in_force_until(posting)
    last = day if until is None else min(until, day)
    if posting.kind is PostingKind.SUBSTANTIVE:
        last = _before(suspensions.get(posting.person_id, ()), last)
    return last if last >= in_force_from(posting) else None


def _before(periods: Sequence[Period], day: dt.date) -> dt.date:
    while inside := next((period for period in periods if day in period), None):
        day = inside.first_day - DAY
    return day


def _vacant_since(
    post: PostFact, postings: Iterable[PostingFact], suspensions: Suspensions, day: dt.date
) -> dt.date | None:
    if not is_live(post, day):
        return None
    filled = post.first_day - DAY
    for posting in postings:
        last = _last_filled_day(posting, suspensions, day)
        if last == day:
            return None
        filled = max(filled, last or filled)
    return filled + DAY


def vacant_since(post: PostFact, postings: Sequence[PostingFact], day: dt.date) -> dt.date | None:
    """The first day of a vacancy: the day after the post's last filled day, or its first day.

    Nothing when the post is filled on the day, or not live. Every posting of everybody who ever held the post must be
    given: while its holder acts elsewhere the post is vacant.
    """
    return _vacant_since(post, _by_post(postings).get(post.id, ()), _suspensions(postings), day)


def vacant_periods(post: PostFact, postings: Sequence[PostingFact], until: dt.date) -> list[Period]:
    """Every stretch of days up to one, that day in it, on which a post stood empty, in order.

    Every posting of everybody who ever held the post must be given.
    """
    last = until if post.last_day is None else min(until, post.last_day)
    held, suspensions = _by_post(postings).get(post.id, ()), _suspensions(postings)
    starts = {post.first_day, *(day for day in change_days(postings) if post.first_day < day <= last)}
    found: list[Period] = []
    for day, ends in _runs(sorted(starts), last):
        if any(_fills(posting, suspensions, day) for posting in held):
            continue
        start = found.pop().first_day if found and found[-1].last_day == day - DAY else day
        found.append(Period(start, ends))
    return found


def _runs(starts: Sequence[dt.date], last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Each start with the day before the next one, or the last day of all."""
    ends = [day - DAY for day in starts[1:]] + [last]
    return [(day, end) for day, end in zip(starts, ends, strict=True) if day <= end]


def _first_days(policy: Policy) -> dict[Band, int]:
    return {
        Band.NEW: 0,
        Band.OPEN: policy.vacancy_open_days,
        Band.PROLONGED: policy.vacancy_prolonged_days,
        Band.SERIOUS: policy.vacancy_serious_days,
        Band.CRITICAL: policy.vacancy_critical_days,
    }


def band(age_days: int, policy: Policy) -> Band:
    """The band of an age in days; the first vacant day is day 0."""
    return max((b for b, first in _first_days(policy).items() if first <= age_days), key=list(Band).index)


def raised_band(own: Band, grade: Grade) -> Band:
    """The band a post is judged by: one higher for a vacant sergeant's post; critical stays critical."""
    if grade is not Grade.SERGEANT:
        return own
    bands = list(Band)
    return bands[min(bands.index(own) + 1, len(bands) - 1)]


def threshold_days(age_days: int, policy: Policy) -> int:
    """The first day of the age's own band, not raised: the line that the age has crossed (RULES section 7)."""
    return _first_days(policy)[band(age_days, policy)]


def severity(of: Band, policy: Policy) -> Severity:
    """How grave policy says a (raised) band is."""
    return {
        Band.NEW: policy.severity_vacancy_new,
        Band.OPEN: policy.severity_vacancy_open,
        Band.PROLONGED: policy.severity_vacancy_prolonged,
        Band.SERIOUS: policy.severity_vacancy_serious,
        Band.CRITICAL: policy.severity_vacancy_critical,
    }[of]


def vacancies(
    posts: Iterable[PostFact], postings: Sequence[PostingFact], day: dt.date, policy: Policy
) -> list[Vacancy]:
    """Every live post that nobody fills on a day, in order of post ref.

    Every posting of everybody who ever held one of the posts must be given, past ones too.
    """
    holders, suspensions = _by_post(postings), _suspensions(postings)
    found = []
    for post in sorted(posts, key=lambda post: post.ref):
        since = _vacant_since(post, holders.get(post.id, ()), suspensions, day)
        if since is not None:
            found.append(_vacancy(post, since, (day - since).days, policy))
    return found


def _vacancy(post: PostFact, since: dt.date, age_days: int, policy: Policy) -> Vacancy:
    raised = raised_band(band(age_days, policy), post.grade)
    return Vacancy(post, since, age_days, raised, severity(raised, policy), threshold_days(age_days, policy))


def forecast_vacancies(
    posts: Iterable[PostFact], postings: Sequence[PostingFact], day: dt.date, policy: Policy
) -> list[ForecastVacancy]:
    """The posts that a filling posting leaves empty when it ends within policy's days, in order of post ref, then day.

    Its last day in force lies from the day to so many days on, both included; no other filling posting holds the post
    on the day after; and the post is live then. Attachments are never forecast. A posting still to come is judged too.
    """
    return forecast_until(posts, postings, day, day + dt.timedelta(days=policy.forecast_days))


def forecast_until(
    posts: Iterable[PostFact], postings: Sequence[PostingFact], day: dt.date, until: dt.date
) -> list[ForecastVacancy]:
    """As ``forecast_vacancies``, with the last day that is looked at given, both days included."""
    holders, suspensions = _by_post(postings), _suspensions(postings)
    found = {
        (post.ref, last): ForecastVacancy(post, last + DAY, (last - day).days)
        for post in posts
        for posting in holders.get(post.id, ())
        if (last := in_force_until(posting)) is not None
        and day <= last <= until
        and any(_fills(posting, suspensions, on) for on in (day, last))
        and is_live(post, last + DAY)
        and not any(_fills(other, suspensions, last + DAY) for other in holders[post.id])
    }
    return [found[key] for key in sorted(found)]


def _fills(posting: PostingFact, suspensions: Suspensions, day: dt.date) -> bool:
    return _last_filled_day(posting, suspensions, day) == day


def vacancy_findings(found: Iterable[Vacancy], supervised: Collection[int]) -> list[Finding]:
    """What the vacancies of a day flag. ``supervised`` holds the ids of teams that have a sergeant to answer."""
    return [
        Finding(
            kind=FlagKind.VACANCY,
            subject=vacancy.post.ref,
            severity=vacancy.severity,
            figure=str(vacancy.age_days),
            threshold=str(vacancy.threshold_days),
            owner_role=_owner(vacancy.post, supervised),
            detail=_vacancy_said(vacancy),
            team_id=vacancy.post.team_id,
            sector_id=vacancy.post.sector_id,
        )
        for vacancy in found
    ]


def forecast_findings(found: Iterable[ForecastVacancy], supervised: Collection[int], policy: Policy) -> list[Finding]:
    """What the forecast vacancies of a day flag: for each post the nearest. The figure is the days left."""
    nearest: dict[int, ForecastVacancy] = {}
    for forecast in sorted(found, key=lambda forecast: (forecast.post.ref, forecast.vacant_from)):
        nearest.setdefault(forecast.post.id, forecast)
    return [
        Finding(
            kind=FlagKind.FORECAST_VACANCY,
            subject=forecast.post.ref,
            severity=policy.severity_forecast_vacancy,
            figure=str(forecast.days_left),
            threshold=str(policy.forecast_days),
            owner_role=_owner(forecast.post, supervised),
            detail=(
                f"{forecast.post.grade.label} post {forecast.post.ref} will be vacant from "
                f"{day_in_words(forecast.vacant_from)}, with nobody to follow"
            ),
            team_id=forecast.post.team_id,
            sector_id=forecast.post.sector_id,
        )
        for forecast in nearest.values()
    ]


def _vacancy_said(vacancy: Vacancy) -> str:
    days = "1 day" if vacancy.age_days == 1 else f"{vacancy.age_days} days"
    post = f"{vacancy.post.grade.label} post {vacancy.post.ref}"
    return f"{post} vacant {days}, since {day_in_words(vacancy.vacant_since)} ({vacancy.band.value})"


def _owner(post: PostFact, supervised: Collection[int]) -> Role:
    return Role.SERGEANT if post.team_id is not None and post.team_id in supervised else Role.INSPECTOR
