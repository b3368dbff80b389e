"""Invented meetings and priorities of the demonstration's panels, around the day on which it is loaded."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from npt.demo.rules.force import Row

MEETINGS = ("ref", "panel", "starts_at", "venue", "public", "status", "public_attendance", "minutes_ref")
PRIORITIES = ("ref", "panel", "title", "detail", "source", "state", "adopted_at", "minute_ref")

MANY = "WISB"
"""A panel that asks for more than three things at once."""
_HELD = 12
"""So many meetings each panel has behind it: more than a year of them, however often it meets."""
_USUAL_WEEKS = 10
_EVENINGS = ("18:30", "19:00", "19:30")
_VENUES = ("Village College", "Community centre", "Parish rooms", "Library", "Town hall", "School hall")
_MOST_CAME = ("PCEN", 140)
"""The report tells of 140 people at one panel."""
BEHIND = {"RAMS": 100, "ORTN": 80}
"""Panels that have not met for so many days."""
NOT_FIXED = frozenset({"MELB", "CHAT", "RURE"})
"""Panels of which nobody has fixed the next meeting."""
SOON = ("PSEA", 5)
"""A panel that meets in so many days, and nobody has issued the profile of that meeting."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a panel asked for: in how few words, in how many, where it came from, and its state as it is taken in.

    What becomes of it after that is done as it is done in the application (``npt.demo.services.decided``).
    """

    title: str
    detail: str
    source: str
    state: str


_PROFILE, _RESIDENTS = "Neighbourhood profile", "Residents, at the meeting"

SOHAM = (
    Wish(
        "Speeding on Fordham Road",
        "Cars at more than 40 mph past the school, mornings and late evenings. Residents counted them.",
        _RESIDENTS,
        "in_progress",
    ),
    Wish(
        "Off-road motorcycles on the droves",
        "Riders at weekends between the lode and the railway; walkers have been chased.",
        _PROFILE,
        "in_progress",
    ),
    Wish(
        "Young people with nowhere to go at the recreation ground",
        "Noise and litter after dark. The panel asked for something to do as well as patrols.",
        _PROFILE,
        "adopted",
    ),
    Wish(
        "Parking at the surgery",
        "Blocked drives in Pratt Street. Left to the district council, which has been told.",
        _RESIDENTS,
        "declined",
    ),
    Wish(
        "Theft of heating oil from farms",
        "Five tanks emptied since the clocks went back.",
        _PROFILE,
        "recommended",
    ),
)

WISHES = (
    Wish("Speeding outside the primary school", "Measured on four mornings.", _PROFILE, "in_progress"),
    Wish(
        "Drinking and shouting by the war memorial",
        "Friday and Saturday nights.",
        _RESIDENTS,
        "in_progress",
    ),
    Wish("Drug dealing behind the shops", "In daylight, near the playground.", _PROFILE, "in_progress"),
    Wish("Bicycles stolen at the station", "Racks at the far platform are out of sight.", "Survey", "in_progress"),
    Wish("Cars left on the pavement", "Prams and wheelchairs go into the road.", _RESIDENTS, "raised"),
    Wish(
        "Sheds and garages broken into",
        "Tools above all, on the newer estates.",
        _PROFILE,
        "in_progress",
    ),
    Wish("Cyclists without lights", "Through the underpass, winter evenings.", _RESIDENTS, "declined"),
    Wish("Fly-tipping in the lay-by", "Builders' waste, twice a month.", "Neighbourhood watch", "recommended"),
    Wish("Nuisance by young people on mopeds", "Round the car park until midnight.", "Survey", "adopted"),
)


def meetings(panels: Sequence[Row], on: dt.date) -> list[Row]:
    """The rows of ``meetings.csv``: those behind each panel on a day, one cancelled here and there, and the next."""
    return [row for number, panel in enumerate(panels) for row in _meetings(panel, number, on)]


def _meetings(panel: Row, number: int, on: dt.date) -> Iterator[Row]:
    code, draw = panel["code"], random.Random(panel["code"])  # noqa: S311 - invented, not secrets
    # A week less than is allowed, which Christmas takes up.
    apart = dt.timedelta(weeks=int(panel["cadence_weeks"] or _USUAL_WEEKS) - 1)
    venue, evening = draw.choice(_VENUES), _EVENINGS[number % len(_EVENINGS)]
    ago = BEHIND.get(code, 3 + number * 7 % 40)
    last = _weekday(on - dt.timedelta(days=ago), number)
    for back in reversed(range(_HELD)):
        day = _not_at_christmas(last - back * apart)
        if day > on:
            day -= dt.timedelta(weeks=3)
        came = _MOST_CAME[1] if code == _MOST_CAME[0] and back == 2 else draw.randint(9, 64)
        yield _row(code, day, evening, venue, "held", str(came), f"{code} {day:%Y/%m}")
    if number % 6 == 0:
        yield _row(code, last - apart // 2, evening, venue, "cancelled", "", "")
    if code not in NOT_FIXED:
        upcoming = last + apart if last + apart > on else on + dt.timedelta(days=9)
        if code == SOON[0]:
            upcoming = on + dt.timedelta(days=SOON[1])
        day = _not_at_christmas(upcoming)
        yield _row(code, day if day > on else day + dt.timedelta(weeks=3), evening, venue, "planned", "", "")


def _weekday(day: dt.date, number: int) -> dt.date:
    """The Tuesday, Wednesday or Thursday of the same week or the one before: panels of one team not on the same."""
    wanted = 1 + number % 3
    return day - dt.timedelta(days=(day.weekday() - wanted) % 7)


def _not_at_christmas(day: dt.date) -> dt.date:
    """A week before Christmas for Christmas week, a week after for the days to the new year."""
    week = dt.timedelta(weeks=1)
    if day.month == CHRISTMAS and day.day in range(20, 27):
        return day - week
    return day + week if (day.month, day.day) in _TO_THE_NEW_YEAR else day


CHRISTMAS = 12
_TO_THE_NEW_YEAR = {*((12, day) for day in range(27, 32)), (1, 1), (1, 2)}


def _row(code: str, day: dt.date, evening: str, venue: str, *rest: str) -> Row:
    values = (f"{code}-{day:%Y%m%d}", code, f"{day.isoformat()}T{evening}", venue, "yes", *rest)
    return dict(zip(MEETINGS, values, strict=True))


def _drawn(number: int, many: int) -> list[Wish]:
    return [WISHES[(number * 3 + each) % len(WISHES)] for each in range(many)]


def priorities(panels: Sequence[Row], held: Sequence[Row]) -> list[Row]:
    """The rows of ``priorities.csv``: three or four of each panel, decided at the last three meetings it held.

    The first the longest ago, so that what the panel says later of it is said at a later meeting.
    """
    found: list[Row] = []
    for number, panel in enumerate(panels):
        code = panel["code"]
        refs = [row["ref"] for row in held if row["panel"] == code and row["status"] == "held"]
        wishes = SOHAM if code == "SOHV" else _drawn(number, 4 if code == MANY else 3)
        for each, wish in enumerate(wishes):
            decided = wish.state not in ("raised", "recommended")
            values = (
                f"{code}-P{each + 1}",
                code,
                wish.title,
                wish.detail,
                wish.source,
                wish.state,
                refs[each % 3 - 3] if decided else "",
                f"6.{each + 1}" if decided else "",
            )
            found.append(dict(zip(PRIORITIES, values, strict=True)))
    return found
