"""Thirteen months of duty up to now and six weeks to come, the same for the same moment."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from npt.core.periods import add_months, local_day
from npt.demo.rules import away as aways
from npt.demo.rules.absences import SICKNESS, Absences, Leave
from npt.demo.rules.away import Away, Reasons
from npt.demo.rules.clock import StationClock, minute_of
from npt.demo.rules.force import RATED, Command, Force, Member, members, ordinal
from npt.demo.rules.now import Moment, still_sick
from npt.demo.rules.roster import PATTERN, PERIOD_DAYS, Duty, Rosters, pattern_rows, place_in_cycle

SEED = "npt-demonstration"
MONTHS_BACK = 13
WEEKS_AHEAD = 6

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Activity:
    """Rows with the columns of the import files of the same names."""

    first_day: dt.date
    last_day: dt.date
    """The day on which the invented hours end."""
    duties: list[Row]
    absences: list[Row]
    abstractions: list[Row]
    patterns: list[Row]
    pattern_people: list[Row]
    """Whoever works full time on the last day goes on working the pattern from the day after."""


@dataclass(slots=True)
class _Drawn:
    duties: list[Duty] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)
    aways: list[Away] = field(default_factory=list)


def generate(force: Force, *, now: dt.datetime, zone: ZoneInfo, seed: str = SEED) -> Activity:
    """Invented hours of every sergeant, PC and PCSO in post, from 13 months before ``now`` to six weeks after.

    A day's shifts do not depend on when they are asked for; references are made of collar number and day, so
    that loading again updates.

    :raises ValueError: when ``now`` is naive
    """
    today = local_day(now, zone)
    first_day, last_day = add_months(today, -MONTHS_BACK), today + dt.timedelta(weeks=WEEKS_AHEAD)
    minute, clock, command = minute_of(now), StationClock(zone), Command(force)
    drawn = _draw(force, first_day.toordinal(), last_day.toordinal(), clock, seed)
    still_sick(drawn.leaves, drawn.duties, minute)
    # Another seed for each moment: who is away now, and how entries were logged, is the only part that depends on it.
    known = Moment(drawn.aways, drawn.duties, minute, _random(seed, "now", str(minute))).known()
    return Activity(
        first_day,
        last_day,
        [_duty_row(duty, minute, clock) for duty in drawn.duties],
        [_absence_row(leave, clock) for leave in _kept(drawn.leaves, minute)],
        [_away_row(away, minute, clock, command, seed) for away in known],
        pattern_rows(),
        _on_pattern(force, first_day.toordinal(), last_day.toordinal()),
    )


def _random(*seed: str) -> random.Random:
    return random.Random("/".join(seed))  # noqa: S311 - invented hours, not secrets


def _draw(force: Force, first: int, last: int, clock: StationClock, seed: str) -> _Drawn:
    """Whole periods of every team, of which only the days asked for are kept."""
    begin, end = first - first % PERIOD_DAYS, last - last % PERIOD_DAYS + PERIOD_DAYS - 1
    rosters = Rosters(clock, _seats(force, begin))
    reasons = Reasons(force.reasons)
    drawn = _Drawn()
    for team, listed in sorted(members(force, begin, end).items()):
        rate = aways.rate_of(team, _random(seed, team))
        for start in range(begin, end, PERIOD_DAYS):
            here = _present(listed, start)
            draw = _random(seed, team, str(start))
            duties = rosters.duties(here, start, draw)
            leaves = list(Absences(duties, start, draw).drawn())
            taken = list(aways.taken(duties, rate, reasons, draw))
            drawn.duties += [d for d in duties if first <= d.day <= last]
            drawn.leaves += [leave for leave in leaves if first <= leave.day <= last]
            drawn.aways += [a for a in taken if first <= a.duty.day <= last]
    return drawn


def _on_pattern(force: Force, first: int, last: int) -> list[Row]:
    """The rosters begin with a whole period, and count the posts that stood then."""
    begin = first - first % PERIOD_DAYS
    seats = _seats(force, begin)
    here = [m for listed in members(force, begin, last).values() for m in listed if m.last >= last and m.share >= 1]
    return [
        {
            "collar_number": member.collar,
            "first_day": dt.date.fromordinal(last + 1).isoformat(),
            "pattern": PATTERN,
            "offset": str(place_in_cycle(member, seats[member.team, member.grade], last + 1)),
        }
        for member in sorted(here, key=lambda member: member.collar)
    ]


def _present(listed: Sequence[Member], start: int) -> list[Member]:
    return [m for m in listed if m.first < start + PERIOD_DAYS and m.last >= start]


def _seats(force: Force, begin: int) -> Mapping[tuple[str, str], list[str]]:
    """Team and grade: the posts that still stood on the first day or came later, in order."""
    seats: dict[tuple[str, str], list[str]] = {}
    for post in sorted(force.posts, key=lambda row: row["ref"]):
        if post["grade"] in RATED and ordinal(post["last_day"]) >= begin:
            seats.setdefault((post["team"], post["grade"]), []).append(post["ref"])
    return seats


def _kept(leaves: Sequence[Leave], now: int) -> Iterator[Leave]:
    """Every absence but sickness nobody can know of yet and what an open one has made needless."""
    opened = {leave.collar: leave.starts_at for leave in leaves if leave.ends_at is None}
    for leave in leaves:
        foreseen = leave.kind != SICKNESS or leave.starts_at <= now
        if foreseen and (leave.ends_at is None or leave.starts_at < opened.get(leave.collar, leave.ends_at)):
            yield leave


def _day(duty_day: int) -> str:
    return dt.date.fromordinal(duty_day).strftime("%Y%m%d")


def _duty_row(duty: Duty, now: int, clock: StationClock) -> Row:
    return {
        "ref": f"D-{duty.member.collar}-{_day(duty.day)}",
        "collar_number": duty.member.collar,
        "starts_at": clock.text(duty.starts_at),
        "ends_at": clock.text(duty.ends_at),
        "status": _status(duty, now),
    }


def _status(duty: Duty, now: int) -> str:
    if duty.cancelled:
        return "cancelled"
    return "worked" if duty.ends_at <= now and not duty.missed else "planned"


def _absence_row(leave: Leave, clock: StationClock) -> Row:
    return {
        "ref": f"L-{leave.collar}-{_day(leave.day)}-{leave.kind}",
        "collar_number": leave.collar,
        "kind": leave.kind,
        "starts_at": clock.text(leave.starts_at),
        "ends_at": "" if leave.ends_at is None else clock.text(leave.ends_at),
    }


def _away_row(away: Away, now: int, clock: StationClock, command: Command, seed: str) -> Row:
    ref = f"A-{away.member.collar}-{_day(away.duty.day)}"
    aways.log(away, now, _random(seed, ref))

    commanded = aways.commanded(away, command)

    def text(at: int | None) -> str:
        return "" if at is None else clock.text(at)

    return {
        "ref": ref,
        **commanded,
        "starts_at": text(away.starts_at),
        "ends_at": text(away.ends_at),
        "logged_at": text(away.logged_at),
        "authorised_at": text(away.authorised_at) if commanded["authorised_by"] else "",
        "cancelled_at": text(away.cancelled_at),
    }
