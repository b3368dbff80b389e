"""Who worked in which team on which day, read from the rows of the demonstration's files."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, str]

RATED = frozenset({"sergeant", "pc", "pcso"})
_STILL = dt.date.max.toordinal()
_SUSPENDING = frozenset({"acting", "temporary"})
_BY_KIND = {"attachment": 3, "acting": 2, "temporary": 1, "substantive": 0}


@dataclass(frozen=True, slots=True)
class Force:
    """The rows of the files of the same names, as ``csv.DictReader`` gives them."""

    teams: Sequence[Row]
    posts: Sequence[Row]
    people: Sequence[Row]
    postings: Sequence[Row]
    cover: Sequence[Row]
    reasons: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Member:
    """A person in their present team and grade, from the ordinal of a first day to that of a last."""

    collar: str
    email: str
    grade: str
    team: str
    post: str
    share: float
    """The part of full time they work."""
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Held:
    collar: str
    post: Row
    kind: str
    share: float
    first: int
    last: int

    @property
    def precedence(self) -> tuple[int, int]:
        return (self.first, _BY_KIND[self.kind])


def ordinal(text: str) -> int:
    """A day of a file as a number; an empty last day is the end of time."""
    return dt.date.fromisoformat(text).toordinal() if text else _STILL


def _held(force: Force) -> dict[str, list[_Held]]:
    posts = {row["ref"]: row for row in force.posts}
    leaving = {row["collar_number"]: ordinal(row["leaving_on"]) for row in force.people}
    held: dict[str, list[_Held]] = defaultdict(list)
    for row in force.postings:
        post, collar = posts[row["post"]], row["collar_number"]
        last = min(ordinal(row["last_day"]), ordinal(post["last_day"]), leaving[collar])
        share = float(row["fte"] or post["fte"] or 1)
        held[collar].append(_Held(collar, post, row["kind"], share, ordinal(row["first_day"]), last))
    return held


def _present(held: Sequence[_Held], day: int) -> _Held | None:
    """The posting that says where somebody is on a day (RULES section 2)."""
    live = [h for h in held if h.first <= day <= h.last]
    if any(h.kind in _SUSPENDING for h in live):
        live = [h for h in live if h.kind != "substantive"]
    return max(live, key=lambda h: h.precedence, default=None)


def _stretches(held: Sequence[_Held], first: int, last: int) -> list[tuple[_Held, int, int]]:
    """The days of a window, cut where the present posting may change."""
    cuts = {first} | {h.first for h in held} | {h.last + 1 for h in held}
    starts = sorted(cut for cut in cuts if first <= cut <= last)
    stretches = []
    for start, after in zip(starts, [*starts[1:], last + 1], strict=True):
        if present := _present(held, start):
            stretches.append((present, start, after - 1))
    return stretches


def members(force: Force, first: int, last: int) -> dict[str, list[Member]]:
    """Team: everybody whose hours are in a rate and whose present team it was on any day of a window."""
    emails = {row["collar_number"]: row["email"] for row in force.people}
    by_team: dict[str, list[Member]] = defaultdict(list)
    for collar, held in sorted(_held(force).items()):
        share = min((h.share for h in held if h.last >= first and h.kind != "attachment"), default=1.0)
        for present, start, end in _stretches(held, first, last):
            post = present.post
            if post["grade"] in RATED:
                member = Member(collar, emails[collar], post["grade"], post["team"], post["ref"], share, start, end)
                by_team[post["team"]].append(member)
    for listed in by_team.values():
        listed.sort(key=lambda m: (m.post, m.collar, m.first))
    return by_team


class Command:
    """Who speaks for a team on a day: its sergeant or the one who covers it, and its sector's inspector."""

    def __init__(self, force: Force) -> None:
        self._email = {row["collar_number"]: row["email"] for row in force.people}
        self._sector = {row["code"]: row["sector"] for row in force.teams}
        self._sergeants: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self._inspectors: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for held in _held(force).values():
            for h in held:
                if h.post["grade"] == "sergeant":
                    self._sergeants[h.post["team"]].append((h.first, h.last, h.collar))
                elif h.post["grade"] == "inspector":
                    self._inspectors[h.post["sector"]].append((h.first, h.last, h.collar))
        for row in force.cover:
            days = (ordinal(row["first_day"]), ordinal(row["last_day"]))
            self._sergeants[row["team"]].append((*days, row["collar_number"]))

    def inspector(self, team: str, day: int) -> str:
        """Collar number of the inspector of the team's sector, or of another sector's while there is none."""
        others = (listed for _, listed in sorted(self._inspectors.items()))
        return next(filter(None, (_on(listed, day) for listed in (self._inspectors[self._sector[team]], *others))), "")

    def logger(self, team: str, day: int) -> str:
        """Email address of whoever logs for a team: a sergeant, else the inspector."""
        collar = _on(self._sergeants[team], day) or self.inspector(team, day)
        return self._email.get(collar, "")


def _on(listed: Sequence[tuple[int, int, str]], day: int) -> str:
    return next((collar for first, last, collar in listed if first <= day <= last), "")
