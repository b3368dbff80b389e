"""What a sergeant more, elsewhere or fewer would do to the spans. Nothing is changed (RULES section 3)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from npt.core.errors import Reason
from npt.people.rules import CoverFact, Grade, PostFact, PostingFact, PostingKind, TeamFact
from npt.policy.rules import Policy
from npt.staffing.rules.supervision import Span, Supervision, supervision

NEWCOMER = 0
"""Stands for the sergeant who would be added; nobody has this number."""


class Change(StrEnum):
    """What would be done with a sergeant."""

    ADD = "add"
    MOVE = "move"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        return {
            Change.ADD: "Add a sergeant to a team",
            Change.MOVE: "Move a sergeant to a team",
            Change.REMOVE: "Remove a sergeant",
        }[self]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A change thought of: the team a sergeant would go to, the sergeant who would go."""

    change: Change
    team_id: int | None = None
    person_id: int | None = None


def what_is_missing(change: Change, *, person: bool, team: bool) -> Iterator[Reason]:
    """What is missing from a question, given whether it names a sergeant and a team."""
    if change is not Change.ADD and not person:
        yield Reason("Choose the sergeant", "person")
    if change is not Change.REMOVE and not team:
        yield Reason("Choose the team", "team")


def imagined(
    postings: Sequence[PostingFact],
    teams: Iterable[TeamFact],
    covers: Iterable[CoverFact],
    day: dt.date,
    policy: Policy,
    asked: WhatIf,
) -> Supervision:
    """Supervision of a day as it would be. Whoever moves or goes leaves their posts and their cover behind."""
    gone = asked.person_id if asked.change is not Change.ADD else None
    left = [posting for posting in postings if gone is None or posting.person_id != gone]
    if asked.team_id is not None and asked.change is not Change.REMOVE:
        post = PostFact(0, "", Grade.SERGEANT, None, day, None, asked.team_id)
        left.append(PostingFact(gone or NEWCOMER, post, PostingKind.SUBSTANTIVE, day))
    kept = [cover for cover in covers if gone is None or cover.person_id != gone]
    return supervision(left, teams, kept, day, policy)


@dataclass(frozen=True, slots=True)
class Compared:
    """One supervisor before and after; empty where they supervise nobody's team."""

    person_id: int
    before: Span | None
    after: Span | None

    @property
    def changed(self) -> bool:
        return _shape(self.before) != _shape(self.after)


def _shape(span: Span | None) -> tuple[Fraction, tuple[int, ...]] | None:
    return None if span is None else (span.span, tuple(team.id for team in span.teams))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do: the supervisors it touches, and the teams it leaves or ends without a supervisor."""

    changed: tuple[Compared, ...]
    orphaned: tuple[TeamFact, ...]
    relieved: tuple[TeamFact, ...]


def effect(before: Supervision, after: Supervision) -> Effect:
    """The difference between two states of supervision of one day."""
    then = {span.person_id: span for span in before.spans}
    now = {span.person_id: span for span in after.spans}
    compared = (Compared(person, then.get(person), now.get(person)) for person in sorted({*then, *now}))
    without = {team.team.id: team.team for team in before.teams if team.no_supervisor}
    without_then = {team.team.id: team.team for team in after.teams if team.no_supervisor}
    return Effect(
        tuple(each for each in compared if each.changed),
        tuple(team for id, team in without_then.items() if id not in without),
        tuple(team for id, team in without.items() if id not in without_then),
    )
