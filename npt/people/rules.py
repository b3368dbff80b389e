"""Who holds which post on a day: suspension, present posting, establishment and strength (RULES section 2)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class PostFact:
    """A funded place, as the rules need it. ``last_day`` is already the earlier of the post's own and its team's."""

    id: int
    ref: str
    grade: Grade
    fte: Decimal | None
    first_day: dt.date
    last_day: dt.date | None
    team_id: int | None = None
    sector_id: int | None = None


@dataclass(frozen=True, slots=True)
class PostingFact:
    """A person in a post, as the rules need it. ``person_last_day`` is the person's last day of service."""

    person_id: int
    post: PostFact
    kind: PostingKind
    first_day: dt.date
    last_day: dt.date | None = None
    fte: Decimal | None = None
    person_last_day: dt.date | None = None
    id: int | None = None
