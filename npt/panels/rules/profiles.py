"""The neighbourhood profile of a meeting: what it says, how it is frozen, what stands in the way of issuing it.

It is prepared before the meeting and recommends priorities (RULES section 5); it says nothing of staffing, and of plans
only what residents are told (docs/decisions/0035).
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from npt.core.authority import Role
from npt.core.errors import Reason
from npt.core.periods import add_months, day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.panels.rules.answers import personal_in
from npt.panels.rules.vocabulary import MeetingStatus
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A priority the profile recommends, and why."""

    title: str
    detail: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Going:
    """A priority the panel has going: where it stands for residents, and what they are told was done."""

    title: str
    stands: str
    adopted_on: dt.date | None
    done: str | None
    result: str | None


@dataclass(frozen=True, slots=True)
class CountLine:
    """How much was recorded in a ward, or of a kind: now, and in as many months before; nothing if none are loaded."""

    code: str
    name: str
    now: int
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.now - self.before

    @property
    def rate(self) -> Fraction | None:
        """The change as a share of what was before; of nothing there is no share."""
        return Fraction(self.now - self.before, self.before) if self.before else None


@dataclass(frozen=True, slots=True)
class Demand:
    """Recorded crime and anti-social behaviour in the wards of the panel's teams.

    ``first`` and ``last`` are months. ``missing``: those of them nobody has loaded; ``undrawn``: wards without a
    boundary, in which nothing is found.
    """

    first: dt.date
    last: dt.date
    before_first: dt.date
    before_last: dt.date
    wards: tuple[CountLine, ...]
    kinds: tuple[CountLine, ...]
    total: CountLine
    missing: tuple[dt.date, ...] = ()
    undrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """All that a profile says."""

    panel: str
    meeting: str
    meeting_on: dt.date
    version: int
    activity: str
    residents: str
    demand: Demand | None
    going: tuple[Going, ...]
    recommended: tuple[Recommendation, ...]


def months_looked_at(newest: dt.date, policy: Policy) -> tuple[dt.date, dt.date, dt.date, dt.date]:
    """The first and last month of those a profile counts, and of as many before them, by the newest month loaded."""
    many = policy.profile_months
    first = add_months(newest, 1 - many)
    return first, newest, add_months(first, -many), add_months(first, -1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every month of a span, both included, each by its first day."""
    return [add_months(first, n) for n in range((last.year - first.year) * 12 + last.month - first.month + 1)]


def frozen(content: Content) -> str:
    """A profile as it is kept when it is issued: the same words always give the same text."""
    return json.dumps(asdict(content), sort_keys=True, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def sha256_of(text: str) -> str:
    """What tells that nothing in a profile was altered since it was issued."""
    return hashlib.sha256(text.encode()).hexdigest()


def thawed(text: str) -> Content:
    """A profile as it was issued."""
    kept: dict[str, Any] = json.loads(text)
    return Content(
        **{
            **kept,
            "meeting_on": dt.date.fromisoformat(kept["meeting_on"]),
            "demand": _demand(kept["demand"]) if kept["demand"] else None,
            "going": tuple(Going(**{**each, "adopted_on": _day(each["adopted_on"])}) for each in kept["going"]),
            "recommended": tuple(Recommendation(**each) for each in kept["recommended"]),
        }
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _demand(kept: Mapping[str, Any]) -> Demand:
    months = {name: dt.date.fromisoformat(kept[name]) for name in ("first", "last", "before_first", "before_last")}
    wards, kinds = (tuple(CountLine(**each) for each in kept[name]) for name in ("wards", "kinds"))
    # What was frozen before the last two were told of has neither.
    missing = tuple(dt.date.fromisoformat(each) for each in kept.get("missing", ()))
    undrawn = tuple(kept.get("undrawn", ()))
    return Demand(
        **months, wards=wards, kinds=kinds, total=CountLine(**kept["total"]), missing=missing, undrawn=undrawn
    )


def obstacles_to_preparing(status: MeetingStatus, issued: bool) -> Iterator[Reason]:
    """Why nobody can work on a meeting's profile: it comes before the meeting; what was issued may be corrected."""
    if status is MeetingStatus.CANCELLED:
        yield Reason("This meeting was cancelled. Prepare the profile of the next one")
    elif status is MeetingStatus.HELD and not issued:
        yield Reason("This meeting has been held. Prepare the profile of the next one")


def obstacles_to_words(texts: Mapping[str, str | None], places: Collection[str] = frozenset()) -> Iterator[Reason]:
    """Why a text cannot stand in a profile: the chair and residents read it, and it would tell of a person."""
    for field, text in texts.items():
        for what in personal_in(text, places):
            yield Reason(f"This holds what looks like {what}. Leave it out: the chair and residents read it", field)


def obstacles_to_issuing(
    content: Content, status: MeetingStatus, before: Content | None, going: Collection[str]
) -> Iterator[Reason]:
    """Everything that stands in the way of issuing a profile.

    :param before: the version issued last
    :param going: the titles of the priorities the panel has already, but for those this profile recommended before
    """
    yield from obstacles_to_preparing(status, before is not None)
    if not content.activity:
        yield Reason("Say what the team did since the panel last met")
    if not content.residents:
        yield Reason("Say what residents told the team")
    for each in content.recommended:
        if each.title in going:
            yield Reason(f"The panel has “{each.title}” already. Take it out of what is recommended")
    if before is not None and _words(before) == _words(content):
        yield Reason(f"Nothing differs from version {before.version}")


def _words(content: Content) -> dict[str, Any]:
    return {**asdict(content), "version": 0}


@dataclass(frozen=True, slots=True)
class Due:
    """A planned meeting of a panel of which no profile was issued."""

    panel_code: str
    panel: str
    lead_team_id: int
    meeting_on: dt.date


def profile_findings(
    dues: Iterable[Due], supervised: Collection[int], policy: Policy, on: dt.date
) -> Iterator[Finding]:
    """Panels that meet in so many days or fewer without a profile; of several such meetings of a panel, the next.

    :param supervised: the ids of teams that have a sergeant to answer
    """
    seen: set[str] = set()
    for due in sorted(dues, key=lambda each: each.meeting_on):
        days = (due.meeting_on - on).days
        if due.panel_code in seen or not 0 <= days <= policy.profile_days:
            continue
        seen.add(due.panel_code)
        yield Finding(
            FlagKind.PROFILE_NOT_ISSUED,
            due.panel_code,
            policy.severity_profile_not_issued,
            str(days),
            str(policy.profile_days),
            Role.SERGEANT if due.lead_team_id in supervised else Role.INSPECTOR,
            f"{due.panel} panel meets on {day_in_words(due.meeting_on)} and has no profile of that meeting",
            team_id=due.lead_team_id,
        )


def ordered_lines(lines: Iterable[CountLine]) -> Sequence[CountLine]:
    """The most recorded first, then by name."""
    return sorted(lines, key=lambda line: (-line.now, line.name))
