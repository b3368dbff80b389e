"""What people can do, which languages an area needs, and which posts ask for a skill their holder lacks.

Who sees it is in docs/decisions/0009: languages and specialist skills are found force-wide, links with a community only
by whoever may open the person's record.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from npt.core.authority import Role
from npt.core.errors import Reason
from npt.core.periods import Period, add_months, day_in_words
from npt.people.rules import SkillKind
from npt.staffing.rules.people import Field, fields_seen


def folded(name: str) -> str:
    """A skill's name as names are compared: capitals and blanks do not part them."""
    return " ".join(name.split()).casefold()


def as_known(name: str, known: Iterable[str]) -> str:
    """A name as it is written already, when it is; else as it was typed, without idle blanks."""
    return next((each for each in sorted(known) if folded(each) == folded(name)), " ".join(name.split()))


def names_like(typed: str, known: Iterable[str]) -> list[str]:
    """Other names that hold what was typed, or are held by it, in order: what somebody may have meant."""
    text = folded(typed)
    return sorted(
        name for name in known if text and folded(name) != text and (text in folded(name) or folded(name) in text)
    )


def seen_by(role: Role, kind: SkillKind, *, open: bool, own: bool) -> bool:
    """Whether somebody of a role sees that a person has a skill.

    :param open: whether the person's record lies within the reader's scope
    """
    if kind is not SkillKind.COMMUNITY:
        return True
    return open and Field.SKILLS in fields_seen(role, own=own)


class Verified(StrEnum):
    """How far a skill can be relied on."""

    CURRENT = "current"
    OLD = "old"
    NEVER = "never"


class SkillEnds(StrEnum):
    """Why a skill is on somebody's record no longer."""

    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    MISTAKE = "mistake"

    @property
    def label(self) -> str:
        return _ENDS[self]


_ENDS = {
    SkillEnds.LAPSED: "They no longer have it",
    SkillEnds.WITHDRAWN: "They no longer offer it",
    SkillEnds.MISTAKE: "It was recorded by mistake",
}


def verified(verified_on: dt.date | None, on: dt.date, months: int) -> Verified:
    """Whether a skill was verified, and not more than policy's months before a day.

    On the same day of the month so many months on (else that month's last day) it is still current.
    """
    if verified_on is None:
        return Verified.NEVER
    return Verified.OLD if on > add_months(verified_on, months) else Verified.CURRENT


@dataclass(frozen=True, slots=True)
class Covered:
    """The languages of an area: those needed, and of them those that somebody there speaks and nobody does."""

    needed: tuple[str, ...]
    held: tuple[str, ...]
    gaps: tuple[str, ...]


def covered(needed: Iterable[str], spoken: Iterable[str]) -> Covered:
    """Which of the languages an area needs are spoken there, each once, in order.

    A larger area is asked for with all its needs and all its speakers, never added up: one speaker may be what two
    teams lack, and one language needed by both.
    """
    wanted: dict[str, str] = {}
    for name in sorted(needed):
        wanted.setdefault(folded(name), name)
    heard = {folded(name) for name in spoken}
    return Covered(
        tuple(wanted.values()),
        tuple(name for key, name in wanted.items() if key in heard),
        tuple(name for key, name in wanted.items() if key not in heard),
    )


def lacking(required: str, holders: Iterable[int], names: Mapping[int, Collection[str]]) -> list[int]:
    """Of the holders of a post, those without the skill it asks for, in the order given.

    :param names: what each person can do, of whatever kind
    """
    wanted = folded(required)
    return [holder for holder in holders if wanted not in {folded(name) for name in names.get(holder, ())}]


@dataclass(frozen=True, slots=True)
class Need:
    """A language a team needs from a first day to a last, both in it. ``id`` is empty for one that is not kept yet."""

    language: str
    first_day: dt.date
    last_day: dt.date | None = None
    id: int | None = None


def obstacles_to_need(new: Need, kept: Iterable[Need], team: Period) -> Iterator[Reason]:
    """What stands in the way of a team's need.

    :param kept: what is said of the team already
    :param team: the days on which the team is live
    """
    if new.last_day is not None and new.last_day < new.first_day:
        yield Reason(f"Enter a last day from {day_in_words(new.first_day)} on", "last_day")
        return
    if new.first_day < team.first_day:
        yield Reason(f"The team begins on {day_in_words(team.first_day)}: enter a day from then on", "first_day")
    if team.last_day is not None and new.first_day > team.last_day:
        yield Reason(f"The team ended on {day_in_words(team.last_day)}: choose another team", "first_day")
    days = Period(new.first_day, new.last_day)
    for other in kept:
        if (
            other.id != new.id
            and folded(other.language) == folded(new.language)
            and days.overlaps(Period(other.first_day, other.last_day))
        ):
            until = f"until {day_in_words(other.last_day)}" if other.last_day else "still"
            yield Reason(f"{other.language} is needed there from {day_in_words(other.first_day)}, {until}", "language")


def obstacles_to_skill(
    kind: SkillKind, name: str, held: Iterable[tuple[SkillKind, str]], verified_on: dt.date | None, today: dt.date
) -> Iterator[Reason]:
    """What stands in the way of recording a skill.

    :param held: what the person can do already
    """
    if (kind, folded(name)) in {(each, folded(other)) for each, other in held}:
        yield Reason(f"{name} is recorded already. Verify it, or end it, on the person's page", "name")
    yield from obstacles_to_verifying(verified_on, today)


def obstacles_to_verifying(verified_on: dt.date | None, today: dt.date) -> Iterator[Reason]:
    """A day to come verifies nothing."""
    if verified_on is not None and verified_on > today:
        yield Reason("Enter today or a day before it", "verified_on")
