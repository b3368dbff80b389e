"""Who holds which post on a day: suspension, present posting, establishment and strength (RULES section 2)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from npt.core.periods import DAY, Period

K = TypeVar("K", bound=Hashable)


class Grade(StrEnum):
    """What a post is for. *Grade*, because a PCSO holds no rank."""

    INSPECTOR = "inspector"
    SERGEANT = "sergeant"
    PC = "pc"
    PCSO = "pcso"
    SPECIAL = "special"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Grade.INSPECTOR: "Inspector",
    Grade.SERGEANT: "Sergeant",
    Grade.PC: "PC",
    Grade.PCSO: "PCSO",
    Grade.SPECIAL: "Special constable",
}

RATED_GRADES = frozenset({Grade.SERGEANT, Grade.PC, Grade.PCSO})
"""The grades whose minutes are in a rate (RULES section 4)."""

OFFICERS = frozenset({Grade.SERGEANT, Grade.PC})
PCSOS = frozenset({Grade.PCSO})


class PostingKind(StrEnum):
    """How a person holds a post."""

    SUBSTANTIVE = "substantive"
    TEMPORARY = "temporary"
    ACTING = "acting"
    ATTACHMENT = "attachment"


class SkillKind(StrEnum):
    """What a skill is."""

    LANGUAGE = "language"
    SPECIALIST = "specialist"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        return _SKILL_LABELS[self]


_SKILL_LABELS = {
    SkillKind.LANGUAGE: "Language",
    SkillKind.SPECIALIST: "Specialist skill",
    SkillKind.COMMUNITY: "Community link",
}


class PostFact(NamedTuple):
    """A funded place, as the rules need it. ``last_day`` is already the earlier of the post's own and its team's."""

    id: int
    ref: str
    grade: Grade
    fte: Decimal | None
    first_day: dt.date
    last_day: dt.date | None
    team_id: int | None = None
    sector_id: int | None = None


class PostingFact(NamedTuple):
    """A person in a post, as the rules need it. ``person_last_day`` is the person's last day of service."""

    person_id: int
    post: PostFact
    kind: PostingKind
    first_day: dt.date
    last_day: dt.date | None = None
    fte: Decimal | None = None
    person_last_day: dt.date | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class TeamFact:
    """A neighbourhood policing team, as the rules need it. Both days are in it."""

    id: int
    code: str
    first_day: dt.date
    last_day: dt.date | None = None
    bcu_id: int | None = None


@dataclass(frozen=True, slots=True)
class CoverFact:
    """A sergeant looking after a team that is not theirs by posting, from a first day to a last."""

    person_id: int
    team_id: int
    first_day: dt.date
    last_day: dt.date | None = None

    @property
    def days(self) -> Period:
        return Period(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class Standing:
    """A run of days, both ends in it, on which a person's present posting is the same; ``None``: they have none."""

    first_day: dt.date
    last_day: dt.date
    posting: PostingFact | None


class Place(NamedTuple):
    """Where a post is: in a team, or, an inspector's, in a sector and no team."""

    team_id: int | None
    sector_id: int | None


@dataclass(frozen=True, slots=True)
class Staffing(Generic[K]):
    """Posts and people of a unit on a day. ``grade`` is ``None`` in a total; FTE is ``None`` for specials."""

    unit: K
    grade: Grade | None
    establishment: int
    filled: int
    strength: int
    establishment_fte: Decimal | None
    strength_fte: Decimal | None

    @property
    def vacancies(self) -> int:
        return self.establishment - self.filled

    @property
    def vacant_fte(self) -> Decimal | None:
        """Establishment FTE less strength FTE; nothing for specials."""
        if self.establishment_fte is None or self.strength_fte is None:
            return None
        return self.establishment_fte - self.strength_fte


FULL_TIME = Decimal("1.00")
"""The most FTE one person holds. Law, not policy (RULES section 2)."""

SUSPENDING = frozenset({PostingKind.ACTING, PostingKind.TEMPORARY})
"""While one of these is in force, every substantive posting of the person is suspended."""

_PRECEDENCE = (PostingKind.ATTACHMENT, PostingKind.ACTING, PostingKind.TEMPORARY, PostingKind.SUBSTANTIVE)


def place(post: PostFact) -> Place:
    """The team of a post, else its sector: the unit that ``staffing`` is most often asked by."""
    return Place(post.team_id, None) if post.team_id is not None else Place(None, post.sector_id)


def is_live(post: PostFact, day: dt.date) -> bool:
    """Whether a post is funded on a day. The posts of a closed team end with the team."""
    return post.first_day <= day and (post.last_day is None or day <= post.last_day)


def in_force_from(posting: PostingFact) -> dt.date:
    """The first day a posting can be in force: its own, and never before its post's."""
    return max(posting.first_day, posting.post.first_day)


def in_force_until(posting: PostingFact) -> dt.date | None:
    """The last day a posting is in force: the earliest of its own, its post's and the person's; ``None``: still."""
    until = posting.last_day
    for other in (posting.post.last_day, posting.person_last_day):
        if other is not None and (until is None or other < until):
            until = other
    return until


def in_force(posting: PostingFact, day: dt.date) -> bool:
    """Whether a posting is in force on a day (RULES section 2). A suspended one is in force too."""
    last, left = posting.last_day, posting.person_last_day
    begun = posting.first_day <= day and is_live(posting.post, day)
    return begun and (last is None or day <= last) and (left is None or day <= left)


def days_in_force(posting: PostingFact) -> Period | None:
    """The days a posting is in force, or nothing when its post or the service ended before it began."""
    start, until = in_force_from(posting), in_force_until(posting)
    return None if until is not None and until < start else Period(start, until)


def effective_fte(posting: PostingFact) -> Decimal | None:
    """The FTE a posting carries: its own, else its post's. An attachment and a special carry none."""
    if posting.kind is PostingKind.ATTACHMENT or posting.post.grade is Grade.SPECIAL:
        return None
    return posting.fte if posting.fte is not None else posting.post.fte


def by_person(postings: Iterable[PostingFact]) -> dict[int, list[PostingFact]]:
    """Postings grouped by the person who holds them."""
    grouped: dict[int, list[PostingFact]] = defaultdict(list)
    for posting in postings:
        grouped[posting.person_id].append(posting)
    return dict(grouped)


def unsuspended(postings: Iterable[PostingFact], day: dt.date) -> list[PostingFact]:
    """Of one person's postings, those in force on a day and not suspended by an acting or temporary one."""
    held = [posting for posting in postings if in_force(posting, day)]
    if len(held) > 1 and any(posting.kind in SUSPENDING for posting in held):
        return [posting for posting in held if posting.kind is not PostingKind.SUBSTANTIVE]
    return held


def present_posting(postings: Iterable[PostingFact], day: dt.date) -> PostingFact | None:
    """Of one person's postings, the one that gives present team and grade on a day (RULES section 2).

    The latest first day; then attachment, acting, temporary, substantive; then the larger FTE; then the lower post
    ref. Nothing when none is in force.
    """
    held = unsuspended(postings, day)
    return min(held, key=_precedence) if len(held) > 1 else held[0] if held else None


def _precedence(posting: PostingFact) -> tuple[int, int, Decimal, str]:
    fte = effective_fte(posting) or Decimal()
    return -posting.first_day.toordinal(), _PRECEDENCE.index(posting.kind), -fte, posting.post.ref


def change_days(postings: Iterable[PostingFact]) -> list[dt.date]:
    """The days on which a posting comes into force or is no longer in force, in order."""
    days: set[dt.date] = set()
    for posting in postings:
        start, until = in_force_from(posting), in_force_until(posting)
        if until is None:
            days.add(start)
        elif start <= until:
            days |= {start, until + DAY}
    return sorted(days)


def standings(postings: Sequence[PostingFact], first_day: dt.date, last_day: dt.date) -> list[Standing]:
    """One person's present posting across a window of days, both ends in it, as the longest runs, in order."""
    starts = [first_day, *(day for day in change_days(postings) if first_day < day <= last_day)]
    runs: list[tuple[dt.date, PostingFact | None]] = []
    for day in starts:
        posting = present_posting(postings, day)
        if not runs or runs[-1][1] != posting:
            runs.append((day, posting))
    ends = [day - DAY for day, _ in runs[1:]] + [last_day]
    return [Standing(day, end, posting) for (day, posting), end in zip(runs, ends, strict=True)]


def filling(postings: Iterable[PostingFact], day: dt.date) -> list[PostingFact]:
    """The postings of any number of people that fill their post on a day.

    Every posting of each person must be given, or a suspension would go unseen.
    """
    return [
        posting
        for held in by_person(postings).values()
        for posting in unsuspended(held, day)
        if posting.kind is not PostingKind.ATTACHMENT
    ]


def holders(postings: Iterable[PostingFact], day: dt.date) -> dict[int, list[PostingFact]]:
    """The filling postings of a day by the id of the post they fill. A vacant post is not in it."""
    held: dict[int, list[PostingFact]] = defaultdict(list)
    for posting in filling(postings, day):
        held[posting.post.id].append(posting)
    return dict(held)


def fte_breaches(postings: Sequence[PostingFact]) -> list[tuple[dt.date, Decimal]]:
    """The days from which one person holds more than 1.00 FTE, and how much from then. Specials are not counted."""
    return _over(FULL_TIME, change_days(postings), lambda day: filling(postings, day))


def post_fte_breaches(post: PostFact, postings: Sequence[PostingFact]) -> list[tuple[dt.date, Decimal]]:
    """The days from which the holders of a post carry more FTE than the post, and how much. Never a special's post.

    Every posting of everybody who ever holds the post must be given, or a suspension would go unseen.
    """
    if post.fte is None or post.grade is Grade.SPECIAL:
        return []
    return _over(post.fte, change_days(postings), lambda day: holders(postings, day).get(post.id, []))


def _over(
    limit: Decimal, days: Iterable[dt.date], held_on: Callable[[dt.date], list[PostingFact]]
) -> list[tuple[dt.date, Decimal]]:
    breaches: list[tuple[dt.date, Decimal]] = []
    before = Decimal()
    for day in days:
        held = _sum_fte(effective_fte(posting) for posting in held_on(day))
        if held > limit and held != before:
            breaches.append((day, held))
        before = held
    return breaches


def staffing(
    posts: Iterable[PostFact],
    postings: Iterable[PostingFact],
    day: dt.date,
    unit: Callable[[PostFact], K | None],
    *,
    by_grade: bool = True,
    held: dict[int, list[PostingFact]] | None = None,
) -> list[Staffing[K]]:
    """Establishment, filled posts and strength on a day, by unit and grade, or by unit alone (RULES section 2).

    ``unit`` says where a post is counted (``place`` for team or sector); a post without a unit is left out. People are
    counted once in each unit, so a larger unit is asked for, never added up. In the order of the posts given, grades in
    order of rank. ``held`` are the ``holders`` of the day, when they are known already.
    """
    held = holders(postings, day) if held is None else held
    groups: dict[K, dict[Grade | None, list[PostFact]]] = {}
    for post in posts:
        key = unit(post)
        if key is not None and is_live(post, day):
            groups.setdefault(key, {}).setdefault(post.grade if by_grade else None, []).append(post)
    order: list[Grade | None] = [*Grade, None]
    return [
        _staffing_of(key, grade, grades[grade], held)
        for key, grades in groups.items()
        for grade in order
        if grade in grades
    ]


def _staffing_of(
    unit: K, grade: Grade | None, posts: Sequence[PostFact], held: dict[int, list[PostingFact]]
) -> Staffing[K]:
    fillers = [posting for post in posts for posting in held.get(post.id, ())]
    counted = [post.fte for post in posts if post.grade is not Grade.SPECIAL]
    return Staffing(
        unit=unit,
        grade=grade,
        establishment=len(posts),
        filled=sum(post.id in held for post in posts),
        strength=len({posting.person_id for posting in fillers}),
        establishment_fte=_sum_fte(counted) if counted else None,
        strength_fte=_sum_fte(effective_fte(posting) for posting in fillers) if counted else None,
    )


def _sum_fte(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal())


def is_sergeant(present: PostingFact | None) -> bool:
    """Whether somebody with this present posting is a sergeant on the day; an acting one is."""
    return present is not None and present.post.grade is Grade.SERGEANT


def teams_by_posting(postings: Iterable[PostingFact], present: PostingFact, day: dt.date) -> frozenset[int]:
    """The teams one person supervises by posting; somebody attached elsewhere none (RULES section 3)."""
    if not is_sergeant(present) or present.kind is PostingKind.ATTACHMENT:
        return frozenset()
    return frozenset(
        posting.post.team_id
        for posting in unsuspended(postings, day)
        if posting.kind is not PostingKind.ATTACHMENT
        and posting.post.grade is Grade.SERGEANT
        and posting.post.team_id is not None
    )


def supervised_teams(postings: Iterable[PostingFact], covers: Iterable[CoverFact], day: dt.date) -> frozenset[int]:
    """The teams that have a supervisor on a day, by posting or by cover (RULES section 3).

    Every posting of everybody must be given.
    """
    held = by_person(postings)
    present = {person: posting for person, own in held.items() if (posting := present_posting(own, day))}
    posted = frozenset().union(*(teams_by_posting(held[person], posting, day) for person, posting in present.items()))
    held_now = (c for c in covers if c.first_day <= day and (c.last_day is None or day <= c.last_day))
    return posted | {cover.team_id for cover in held_now if is_sergeant(present.get(cover.person_id))}
