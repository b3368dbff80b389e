"""The posts of the demonstration force: what each team had in 2007, what it has today, and the days between."""

import datetime as dt
import random
from collections import Counter

from tools.demo_force import places
from tools.demo_force.careers import Careers, Seat

FORCED = {
    ("SOH", "sergeant", 1): {dt.date(2023, 5, 1): "promotion"},
    ("SOH", "pc", 1): {dt.date(2022, 9, 5): "transfer"},
    ("ECA", "inspector", 1): {dt.date(2024, 1, 8): "retirement"},
    ("PCE", "pc", 2): {dt.date(2025, 8, 4): "transfer"},
    ("PSE", "pc", 2): {dt.date(2025, 5, 12): "transfer"},
}
"""Departures that make the demonstration's people: a long-standing Soham, and early moves elsewhere."""

FUNDING = {
    ("PCE", "pcso", 5): "Shopping centre partnership",
    ("CCC", "pcso", 5): "Shopping centre partnership",
    ("HUN", "pcso", 5): "Safer schools partnership",
    ("PBR", "pcso", 5): "Safer schools partnership",
    ("WSN", "pcso", 5): "Safer schools partnership",
}


def _ref(place: str, grade: str, number: int) -> str:
    return f"{place}-{grade.upper()}-{number}"


def _posts_2007() -> Counter[tuple[str, str]]:
    posts = Counter(places.EMPTY_2007)
    for code, place in places.TEAMS.items():
        posts[code, "pc"] += place.pcs_2007
        posts[code, "pcso"] += place.pcsos_2007
    return posts


def _posts_today() -> Counter[tuple[str, str]]:
    posts: Counter[tuple[str, str]] = Counter()
    for code, place in places.TEAMS.items():
        posts[code, "pc"] = place.pc_posts
        posts[code, "pcso"] = place.pcso_posts
    return posts


class Plan:
    """Every post with the days the tables name, opened in a force that has not been played yet.

    :raises ValueError: when the posts of 2007 and of today do not add up to the same
    """

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.careers = Careers(draw)
        self._empty_now = self._emptied()
        for sector in places.SECTORS:
            self._open(sector, "inspector", 1)
        for code, place in places.TEAMS.items():
            self._open(code, "sergeant", 1, places.LATE_SERGEANT_POSTS.get(code, places.FORMED))
            for number in range(1, place.special_posts + 1):
                self._open(code, "special", number)
        self._reorganise()

    def _emptied(self) -> dict[tuple[str, str, int], tuple[dt.date, str]]:
        """Which post of each team stands empty today. Numbers start at 2, so that the first is always held."""
        numbers: Counter[tuple[str, str]] = Counter()
        emptied = {}
        for code, grade, day, reason in places.EMPTY_NOW:
            numbers[code, grade] += 1
            number = numbers[code, grade] + (grade != "sergeant")
            emptied[code, grade, number] = (day, reason)
        emptied[places.ACTING[0], "sergeant", 1] = (places.ACTING[1], "promotion")
        return emptied

    def _seat(self, place: str, grade: str, number: int, first_day: dt.date) -> Seat:
        seat = Seat(_ref(place, grade, number), place, grade, first_day)
        key = (place, grade, number)
        seat.forced = dict(FORCED.get(key, {}))
        if key in self._empty_now:
            seat.empty_from, seat.empty_why = self._empty_now[key]
        return seat

    def _open(self, place: str, grade: str, number: int, first_day: dt.date = places.FORMED) -> Seat:
        seat = self._seat(place, grade, number, first_day)
        self.careers.add_seat(seat)
        return seat

    def _reorganise(self) -> None:
        """Open the constables' posts of 2007 and move some between teams on the days of reorganisation."""
        before, after = _posts_2007(), _posts_today()
        gone: dict[str, list[Seat]] = {"pc": [], "pcso": []}
        for (code, grade), many in sorted(before.items()):
            for number in range(1, many + 1):
                seat = self._seat(code, grade, number, places.FORMED)
                if number > many - places.EMPTY_2007[code, grade]:
                    seat.empty_from = dt.date(2007, self.draw.randint(5, 9), self.draw.randint(1, 28))
                    seat.refilled_on = dt.date(2008, self.draw.randint(2, 5), self.draw.randint(1, 28))
                self.careers.add_seat(seat)
                if number > after[code, grade]:
                    gone[grade].append(seat)
        for (code, grade), many in sorted(after.items()):
            for number in range(before[code, grade] + 1, many + 1):
                old = gone[grade].pop(self.draw.randrange(len(gone[grade])))
                self.careers.replace_seat(old, self._seat(code, grade, number, self.draw.choice(places.REORGANISED)))
        if gone["pc"] or gone["pcso"]:
            raise ValueError("the posts of 2007 and of today do not add up to the same")
