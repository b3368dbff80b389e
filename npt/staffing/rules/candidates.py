"""Who is put forward for a grade, where they would go, and what came of it (issue 3, "Succession")."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from npt.core.errors import Reason
from npt.core.periods import day_in_words
from npt.people.rules import Grade, PostFact, PostingFact, PostingKind, in_force_until

SOUGHT = (Grade.INSPECTOR, Grade.SERGEANT, Grade.PC, Grade.PCSO)
"""The grades that are planned for. Specials are counted by people only (RULES section 2)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a candidate may come to: the BCUs it is or lies in, its teams, and its sectors for their inspectors."""

    code: str
    name: str
    bcu_ids: frozenset[int]
    team_ids: frozenset[int]
    sector_ids: frozenset[int] = frozenset()

    def has(self, post: PostFact) -> bool:
        """Whether a post is counted here."""
        return post.team_id in self.team_ids if post.team_id is not None else post.sector_id in self.sector_ids


@dataclass(frozen=True, slots=True)
class Candidacy:
    """Somebody put forward for a grade: in one team, in a BCU, or without a BCU anywhere. Both days are known facts.

    On ``closed_on`` it is no longer open. ``person_last_day``: their last day of service.
    """

    id: int
    person_id: int
    grade: Grade
    bcu_id: int | None
    team_id: int | None
    put_forward_on: dt.date
    ready_from: dt.date | None = None
    closed_on: dt.date | None = None
    person_last_day: dt.date | None = None

    def open_on(self, day: dt.date) -> bool:
        """Whether somebody is a candidate on a day."""
        return self.put_forward_on <= day and (self.closed_on is None or day < self.closed_on)

    def ready_by(self, day: dt.date) -> bool:
        """Whether they could be posted by a day, and are still in the service after it."""
        return (self.ready_from is None or self.ready_from <= day) and not gone_by(self.person_last_day, day)

    def suits(self, unit: Unit) -> bool:
        """Whether they would come to a unit."""
        if self.team_id is not None:
            return self.team_id in unit.team_ids
        return self.bcu_id is None or self.bcu_id in unit.bcu_ids


def gone_by(last_day: dt.date | None, day: dt.date) -> bool:
    """Whether a last day of service has come by a day."""
    return last_day is not None and last_day <= day


class Outcome(StrEnum):
    """What came of a candidacy."""

    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    NOT_SUITABLE = "not_suitable"
    LEFT = "left"

    @property
    def label(self) -> str:
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.POSTED: "Posted",
    Outcome.WITHDRAWN: "Withdrawn by the candidate",
    Outcome.NOT_SUITABLE: "Not suitable",
    Outcome.LEFT: "Left the service",
}


class Verdict(StrEnum):
    """How an attachment went, in a word."""

    READY = "ready"
    MORE_TIME = "more_time"
    NOT_SUITED = "not_suited"

    @property
    def label(self) -> str:
        return _VERDICTS[self]


_VERDICTS = {
    Verdict.READY: "Ready for a post",
    Verdict.MORE_TIME: "Needs more time",
    Verdict.NOT_SUITED: "Not suited to the work",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a candidate would go, as it was entered, and from when. ``bcu_of_team``: the BCU the team lies in."""

    bcu_id: int | None
    team_id: int | None
    bcu_of_team: int | None
    ready_from: dt.date | None


def obstacles_to_candidacy(wish: Wish, who: str, last_day: dt.date | None, today: dt.date) -> Iterator[Reason]:
    """What stands in the way of somebody being a candidate for what they wish.

    :param who: the person as colleagues write it
    :param last_day: their last day of service, when it is known
    """
    if last_day is not None and last_day < today:
        yield Reason(f"{who} left the service on {day_in_words(last_day)}")
    elif last_day is not None and wish.ready_from is not None and wish.ready_from > last_day:
        yield Reason(f"{who} leaves the service on {day_in_words(last_day)}: enter an earlier day", "ready_from")
    if wish.team_id is not None and wish.bcu_of_team != wish.bcu_id:
        yield Reason("Choose the BCU of this team above, or any team", "team_code")


def obstacles_to_closing(
    outcome: Outcome, note: str | None, grade: Grade, own: Iterable[PostingFact], who: str, today: dt.date
) -> Iterator[Reason]:
    """What stands in the way of closing a candidacy with an outcome.

    :param own: every posting of the person
    """
    if outcome is Outcome.NOT_SUITABLE and not note:
        yield Reason("Enter why they are not suitable: they may ask", "closing_note")
    if outcome is Outcome.POSTED and not any(_has_place(posting, grade, today) for posting in own):
        yield Reason(f"{who} holds no {grade.label} post today or later: post them first", "outcome")


def _has_place(posting: PostingFact, grade: Grade, today: dt.date) -> bool:
    until = in_force_until(posting)
    return (
        posting.kind is not PostingKind.ATTACHMENT
        and posting.post.grade is grade
        and (until is None or until >= max(today, posting.first_day))
    )


def obstacles_to_verdict(kind: PostingKind, first_day: dt.date, today: dt.date) -> Iterator[Reason]:
    """What stands in the way of saying how an attachment went."""
    if kind is not PostingKind.ATTACHMENT:
        yield Reason("This is no attachment: there is nothing to say of how it went")
    elif first_day > today:
        yield Reason(f"The attachment begins on {day_in_words(first_day)}: say how it went once it has begun")
