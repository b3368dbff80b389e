"""Time taken from the neighbourhood: how much of each team's, for what, and how it was logged.

Every share here is the demonstration's own invention; no rate stands in the source report.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from npt.demo.rules.force import Command, Member
from npt.demo.rules.roster import EARLY, NIGHT, Duty

FOCUS = "SOH"
"""The team whose sergeant the demonstration follows: over its target, with somebody away now."""

_RATES = {FOCUS: 0.115, "PCE": 0.16, "HUN": 0.105, "WSN": 0.095, "CCC": 0.098, "BUR": 0.07}
_USUAL_RATE = (0.04, 0.092)
_LEAN = {"sergeant": 2.0, "pc": 1.5, "pcso": 0.6}
"""How much more, or less, than their team's share a grade is taken."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a reason looks like: how long it takes, for whom it is how likely, and where they go."""

    fewest: int
    most: int
    likely: Mapping[str, int]
    places: tuple[str, ...]
    planned: bool = False
    """Known days before, so that it can lie in the future."""


_FULL = 24 * 60
KINDS = {
    "custody": Kind(
        240, 480, {"sergeant": 45, "pc": 10}, ("Peterborough custody", "Huntingdon custody", "Cambridge custody")
    ),
    "response": Kind(
        120, 360, {"sergeant": 8, "pc": 40, "pcso": 3}, ("Response, early turn", "Response, late turn", "Response van")
    ),
    "course": Kind(
        _FULL, _FULL, {"sergeant": 6, "pc": 6, "pcso": 3}, ("Driving school", "Search course", "Headquarters"), True
    ),
    "training": Kind(
        180, 420, {"sergeant": 6, "pc": 8, "pcso": 20}, ("Headquarters", "Training centre", "Fire station"), True
    ),
    "aid": Kind(_FULL, _FULL, {"sergeant": 4, "pc": 6}, ("Mutual aid, neighbouring force",), True),
    "event": Kind(
        240, 420, {"sergeant": 10, "pc": 12, "pcso": 25}, ("Football", "March in the city centre", "Festival"), True
    ),
    "scene_guard": Kind(120, 360, {"pc": 10, "pcso": 25}, ("Scene, outside the area",)),
    "hospital_watch": Kind(180, 480, {"sergeant": 1, "pc": 8, "pcso": 5}, ("City hospital", "District hospital")),
    "court": Kind(
        120, 300, {"sergeant": 4, "pc": 8, "pcso": 3}, ("Crown Court", "Magistrates' Court", "County Court"), True
    ),
    "bcu_loan": Kind(240, 480, {"pc": 1, "pcso": 2}, ("Elections, another BCU", "Another BCU"), True),
    "front_counter": Kind(120, 240, {"pc": 1, "pcso": 20}, ("Enquiry office",)),
    "cid": Kind(_FULL, _FULL, {"pc": 4}, ("Enquiry team",)),
    "missing_person": Kind(60, 240, {"sergeant": 2, "pc": 6}, ("Search, outside the area",)),
}

_UNCOUNTED_CHANCE = 0.012
_CANCELLED_SHARE = 0.015
_OVERRUN_SHARE = 0.04
_LONG_SHARE = 0.08
_LONG_MINUTES = 780
_LATE_SHARE = 0.04
_HOUR = 60
_DAY = 24 * _HOUR


@dataclass(slots=True)
class Away:
    """An abstraction. Instants are minutes; an open one has no end."""

    duty: Duty
    reason: str
    starts_at: int
    ends_at: int | None
    destination: str
    note: str = ""
    logged_at: int = 0
    authorised_at: int | None = None
    cancelled_at: int | None = None

    @property
    def member(self) -> Member:
        return self.duty.member

    @property
    def planned(self) -> bool:
        return KINDS[self.reason].planned


class Reasons:
    """The reasons that can be drawn for a grade, those that count and those that do not."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        self._drawn: dict[tuple[str, bool], tuple[list[str], list[int]]] = {}
        for row in rows:
            counted = row["counts_local"].split(";")
            kind = KINDS.get(row["code"])
            for grade, weight in kind.likely.items() if kind else ():
                counts = grade in counted or "all" in counted
                codes, weights = self._drawn.setdefault((grade, counts), ([], []))
                codes.append(row["code"])
                weights.append(weight)

    def draw(self, grade: str, counts: bool, draw: random.Random) -> str:
        """A reason that counts, or does not count, for a grade; empty when there is none."""
        codes, weights = self._drawn.get((grade, counts), ([], []))
        return draw.choices(codes, weights)[0] if codes else ""


class _Debt:
    """The minutes a grade of a team still owes to others, so that every four weeks come out near the team's rate."""

    def __init__(self, grade: str, rate: float, reasons: Reasons, draw: random.Random) -> None:
        self._grade = grade
        self._rate = rate
        self._reasons = reasons
        self._draw = draw
        self._next()
        self._minutes = draw.random() * self._wanted

    def _next(self) -> None:
        self._reason = self._reasons.draw(self._grade, True, self._draw)
        kind = KINDS[self._reason]
        self._wanted = min(self._draw.randrange(kind.fewest, kind.most + 1, 15), 9 * _HOUR)

    def due(self, duty: Duty) -> tuple[str, int] | None:
        """The reason and the minutes, when this duty is the one that pays."""
        length = duty.ends_at - duty.starts_at
        self._minutes += length * self._rate
        if self._minutes < self._wanted:
            return None
        reason, minutes = self._reason, min(self._wanted, length)
        self._minutes -= minutes
        self._next()
        return reason, minutes


def rate_of(team: str, draw: random.Random) -> float:
    """The part of a team's duty that is taken."""
    usual = draw.uniform(*_USUAL_RATE)
    return _RATES.get(team, usual)


def taken(duties: Sequence[Duty], rate: float, reasons: Reasons, draw: random.Random) -> Iterator[Away]:
    """A team's abstractions of a period, at most one in each free duty, in order of day."""
    free = [duty for duty in duties if duty.free]
    minutes = sum(d.ends_at - d.starts_at for d in free)
    if not minutes:
        return
    leaning = sum((d.ends_at - d.starts_at) * _LEAN[d.member.grade] for d in free) / minutes
    debts = {
        grade: _Debt(grade, rate * lean / leaning, reasons, draw)
        for grade, lean in _LEAN.items()
        if any(d.member.grade == grade for d in free)
    }
    for duty in free:
        if due := debts[duty.member.grade].due(duty):
            yield _entry(duty, *due, draw)
        elif draw.random() < _UNCOUNTED_CHANCE and (reason := reasons.draw(duty.member.grade, False, draw)):
            kind = KINDS[reason]
            wanted = min(draw.randrange(kind.fewest, kind.most + 1, 15), duty.ends_at - duty.starts_at)
            yield _entry(duty, reason, wanted, draw)


def _entry(duty: Duty, reason: str, minutes: int, draw: random.Random) -> Away:
    slack = duty.ends_at - duty.starts_at - minutes
    starts_at = duty.starts_at + draw.randrange(0, slack + 1, 5)
    away = Away(duty, reason, starts_at, starts_at + minutes, draw.choice(KINDS[reason].places))
    chance = draw.random()
    if reason == "aid" and duty.shift == EARLY and chance < _LONG_SHARE * 4:
        away.starts_at, away.ends_at = duty.starts_at, duty.starts_at + _LONG_MINUTES
        away.note = "Stayed on until relieved"
    elif duty.shift != NIGHT and chance < _OVERRUN_SHARE:
        away.ends_at = duty.ends_at + draw.randrange(30, 155, 5)
        away.note = "Ran on past the end of the duty"
    return away


def log(away: Away, now: int, draw: random.Random) -> None:
    """Say when an entry was logged, authorised and cancelled: never after now, a few of them late."""
    # Every draw is made whatever the branch, so that an entry's story does not change the stories after it.
    delay, before, late = draw.randrange(5, 200), draw.randrange(_HOUR, 9 * _DAY), draw.randrange(49, 120) * _HOUR
    chance, authorised, cancelled = draw.random(), draw.random(), draw.random()
    if away.starts_at > now:
        away.logged_at = now - before
    elif away.planned and chance < 0.5:
        away.logged_at = away.starts_at - before
    elif chance > 1 - _LATE_SHARE and away.starts_at + late <= now:
        away.logged_at = away.starts_at + late
    else:
        away.logged_at = min(away.starts_at + delay, now)
    long = away.ends_at is not None and away.ends_at - away.starts_at > 12 * _HOUR
    if long or authorised < (0.7 if away.logged_at < away.starts_at else 0.1):
        away.authorised_at = min(away.logged_at + delay, now)
    if away.ends_at is not None and cancelled < _CANCELLED_SHARE:
        away.cancelled_at = min(away.logged_at + 2 * delay, now)


def commanded(away: Away, command: Command) -> dict[str, str]:
    """The columns of an entry that follow from who commands the team."""
    duty = away.duty
    return {
        "collar_number": duty.member.collar,
        "reason": away.reason,
        "destination": away.destination,
        "authorised_by": command.inspector(duty.member.team, duty.day) if away.authorised_at is not None else "",
        "note": away.note,
        "logged_by": command.logger(duty.member.team, duty.day),
        "cancel_reason": "No longer needed" if away.cancelled_at is not None else "",
    }
