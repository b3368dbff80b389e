"""Where a month is heading, with and without an abstraction that is about to be saved (RULES section 4)."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from npt.abstractions.rules.availability import duty_holding
from npt.abstractions.rules.counting import Tallies, tally
from npt.abstractions.rules.rates import figures_of
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, Counts, DutyFact, PlaceOn
from npt.core.periods import Window, interval_or_none, local_day, month_of, to_minute, windows_by_month


def expected_end(abstraction: AbstractionFact, duties: Iterable[DutyFact], at: dt.datetime) -> dt.datetime:
    """When an abstraction is expected to end, for a projection; not after its start when it will take no time.

    One still away runs to the end of the duty it is in at the moment of asking; in none, to that moment. *Duty* is
    rostered duty, whether or not the person is absent from part of it: absence is taken out when minutes are counted.
    Of two duties that hold the moment it is the one the minute belongs to. One that starts only later is taken to be
    in the duty in which it will start, or else leaving the end open would hide it from every check.

    :param duties: duties of that person
    """
    if abstraction.ends_at is not None:
        return abstraction.ends_at
    moment = to_minute(at)
    duty = duty_holding(max(moment, abstraction.starts_at), (d for d in duties if d.person_id == abstraction.person_id))
    return duty.ends_at if duty else moment


def months_touched(
    abstraction: AbstractionFact, duties: Iterable[DutyFact], at: dt.datetime, zone: ZoneInfo
) -> Sequence[Window]:
    """The local months an abstraction touches as projected; the month it starts in when it takes no time."""
    whole = interval_or_none(abstraction.starts_at, expected_end(abstraction, duties, at))
    return windows_by_month(whole, zone) if whole else [month_of(local_day(abstraction.starts_at, zone), zone)]


def as_expected(
    abstractions: Iterable[AbstractionFact], duties: Iterable[DutyFact], at: dt.datetime
) -> list[AbstractionFact]:
    """Abstractions as a projection takes them: whoever is still away is back at the end expected."""
    of_person: dict[int, list[DutyFact]] = {}
    for duty in duties:
        of_person.setdefault(duty.person_id, []).append(duty)
    return [a._replace(ends_at=expected_end(a, of_person.get(a.person_id, ()), at)) for a in abstractions]


def projected(
    duties: Iterable[DutyFact],
    absences: Iterable[AbsenceFact],
    abstractions: Iterable[AbstractionFact],
    *,
    month: Window,
    at: dt.datetime,
    place: PlaceOn,
    counts: Counts,
) -> Tallies:
    """Count a whole month, with what is planned, rostered and booked as absence.

    :param at: the moment of asking, which only decides how long somebody still away stays away
    """
    rostered = list(duties)
    ended = as_expected(abstractions, rostered, at)
    return tally(rostered, absences, ended, within=month.whole, moment=month.whole.ends_at, place=place, counts=counts)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A team's projected rate in a month, without some abstractions and with them, and the target in per cent."""

    team_id: int
    month: Window
    without: Fraction | None
    with_it: Fraction | None
    target_percent: Decimal | None
    person_ids: frozenset[int] = field(default=frozenset(), compare=False)
    """Those of the people concerned whose minutes, or whose present team, put the team here."""

    @property
    def over(self) -> bool:
        """Whether the rate with it is strictly over the target; never without a target."""
        return self._over(self.with_it)

    @property
    def over_without(self) -> bool:
        """Whether the month is over its target already, without it."""
        return self._over(self.without)

    def _over(self, rate: Fraction | None) -> bool:
        if rate is None or self.target_percent is None:
            return False
        return rate > Fraction(self.target_percent) / 100


def outlooks(
    new: Iterable[AbstractionFact],
    duties: Iterable[DutyFact],
    absences: Iterable[AbsenceFact],
    abstractions: Iterable[AbstractionFact],
    *,
    at: dt.datetime,
    zone: ZoneInfo,
    place: PlaceOn,
    counts: Counts,
    target: Callable[[int, Window], Decimal | None],
) -> list[Outlook]:
    """What abstractions would do together to each month they touch, for each team their minutes fall in (RULES 4).

    Where one has no minutes in a month the present team of the person on its first day there is shown. The facts are
    those of everybody in these teams over these months; ``abstractions`` are the others, without those in question.

    :param new: at most one of a person
    :param target: target in per cent for all grades of a team, as in force on a month's last day
    """
    asked, rostered, booked, others = list(new), list(duties), list(absences), list(abstractions)
    touched = {each.person_id: months_touched(each, rostered, at, zone) for each in asked}
    months = dict.fromkeys(month for each in touched.values() for month in each)
    shown: list[Outlook] = []
    for month in sorted(months, key=lambda month: month.first_day):
        here = [each for each in asked if month in touched[each.person_id]]
        without = projected(rostered, booked, others, month=month, at=at, place=place, counts=counts)
        with_it = projected(rostered, booked, [*others, *here], month=month, at=at, place=place, counts=counts)
        people: dict[int, set[int]] = {}
        for each in here:
            for team_id in _teams(each, with_it, month, zone, place):
                people.setdefault(team_id, set()).add(each.person_id)
        for team_id, ids in people.items():
            without_rate, with_rate = _rate(without, team_id), _rate(with_it, team_id)
            shown.append(Outlook(team_id, month, without_rate, with_rate, target(team_id, month), frozenset(ids)))
    return shown


def _teams(new: AbstractionFact, counted: Tallies, month: Window, zone: ZoneInfo, place: PlaceOn) -> Sequence[int]:
    teams = dict.fromkeys(
        e.team_id for e in counted.entries if e.abstraction_id == new.id and e.person_id == new.person_id
    )
    if teams:
        return list(teams)
    there = place(new.person_id, max(local_day(new.starts_at, zone), month.first_day))
    return [there.team_id] if there else []


def _rate(counted: Tallies, team_id: int) -> Fraction | None:
    return figures_of(row for row in counted.people if row.team_id == team_id).rate
