"""What a change of staffing would do, said before it is made: supervision, spans, vacancies, people (RULES 2 and 3)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from npt.core.effects import Effect, Weight
from npt.core.figures import two_places
from npt.core.periods import day_in_words
from npt.people.rules import (
    CoverFact,
    PostFact,
    PostingFact,
    TeamFact,
    by_person,
    effective_fte,
    filling,
    holders,
    is_live,
    present_posting,
)
from npt.policy.rules import Policy
from npt.staffing.rules.moves import new_early_moves
from npt.staffing.rules.supervision import AreaRatio, Span, Supervision, supervision
from npt.staffing.rules.vacancies import vacant_since


@dataclass(frozen=True)
class Facts:
    """The staffing of the whole force, as it is or as it would be."""

    postings: Sequence[PostingFact]
    posts: Sequence[PostFact]
    teams: Sequence[TeamFact]
    covers: Sequence[CoverFact]

    @cached_property
    def own(self) -> dict[int, list[PostingFact]]:
        return by_person(self.postings)

    def supervision(self, day: dt.date, policy: Policy) -> Supervision:
        return supervision(self.postings, self.teams, self.covers, day, policy)


@dataclass(frozen=True, slots=True)
class Names:
    """How people, teams and BCUs are called, by their ids."""

    people: Mapping[int, str]
    teams: Mapping[int, str]
    bcus: Mapping[int, str]


def effects_of(before: Facts, after: Facts, day: dt.date, policy: Policy, names: Names) -> list[Effect]:
    """What a change would do on the day it takes effect, worst first; nothing when nobody would notice that day.

    Both facts hold the whole force: a sergeant's teams may lie in two BCUs.
    """
    was, would_be = before.supervision(day, policy), after.supervision(day, policy)
    found = [
        *_teams(was, would_be, names),
        *_posts(before, after, day),
        *_spans(was, would_be, policy, names),
        *_early(before, after, policy, names),
        *_people(before, after, day, names),
        *_ratios(was, would_be, names),
    ]
    order = list(Weight)
    return sorted(found, key=lambda effect: order.index(effect.weight))


def _teams(was: Supervision, would_be: Supervision, names: Names) -> Iterator[Effect]:
    without = {found.team.id: found.no_supervisor for found in was.teams}
    for found in would_be.teams:
        before = without.get(found.team.id, False)
        if found.no_supervisor and not before:
            yield Effect(f"{names.teams[found.team.id]} would be left with no supervisor", Weight.WORSE)
        if before and not found.no_supervisor and found.supervisor_ids:
            yield Effect(f"{names.teams[found.team.id]} would have a supervisor again", Weight.BETTER)


def _posts(before: Facts, after: Facts, day: dt.date) -> Iterator[Effect]:
    was, would_be = holders(before.postings, day), holders(after.postings, day)
    known = {post.id: post for post in before.posts if is_live(post, day)}
    live = {post.id: post for post in after.posts if is_live(post, day)}
    for post in sorted(live.values(), key=lambda post: post.ref):
        called = _called(post)
        if post.id not in known:
            yield Effect(f"{called} would be part of the establishment from {day_in_words(post.first_day)}")
        if post.id in was and post.id not in would_be:
            since = vacant_since(post, after.postings, day) or day
            yield Effect(f"{called} would be vacant from {day_in_words(since)}", Weight.WORSE)
        elif post.id in would_be and post.id not in was:
            yield Effect(f"{called} would be filled from {day_in_words(day)}", Weight.BETTER)
        elif post.id not in known and post.id not in would_be:
            yield Effect(f"{called} would be vacant until somebody is posted to it")
    for post in sorted(known.values(), key=lambda post: post.ref):
        if post.id not in live:
            ended = f"{_called(post)} would no longer be part of the establishment on {day_in_words(day)}"
            began = vacant_since(post, before.postings, day)
            days = (day - began).days if began else 0
            # A post that follows is vacant from its own first day: the age begins anew, and whoever reads it is told.
            yield Effect(f"{ended}, after {days} day{'' if days == 1 else 's'} vacant" if days else ended)


def _called(post: PostFact) -> str:
    return f"{post.grade.label} post {post.ref}"


def _spans(was: Supervision, would_be: Supervision, policy: Policy, names: Names) -> Iterator[Effect]:
    spans = {span.person_id: span for span in was.spans}
    for span in would_be.spans:
        before = spans.pop(span.person_id, None)
        if before is None or (before.span, before.teams) != (span.span, span.teams):
            yield _span(span, before, policy, names)
    for person_id in spans:
        yield Effect(f"{names.people[person_id]} would supervise no team")


def _span(span: Span, before: Span | None, policy: Policy, names: Names) -> Effect:
    now = f"now {two_places(before.span)}, " if before else ""
    line = f"{'over' if span.over_line else 'within'} the line of {policy.span_line.normalize():f}"
    teams = ", ".join(names.teams[team.id] for team in span.teams)
    sentence = f"{names.people[span.person_id]}'s span would be {two_places(span.span)} ({now}{teams}), {line}"
    if span.over_line and (before is None or span.span > before.span):
        return Effect(sentence, Weight.WORSE)
    return Effect(sentence, Weight.BETTER if before and before.over_line and not span.over_line else Weight.NEITHER)


def _early(before: Facts, after: Facts, policy: Policy, names: Names) -> Iterator[Effect]:
    for move in new_early_moves(before.postings, after.postings, policy.tenure_months):
        who = names.people[move.tenure.person_id]
        yield Effect(
            f"An early move: {who} was expected to stay until {day_in_words(move.expected_until)}", Weight.WORSE
        )


def _people(before: Facts, after: Facts, day: dt.date, names: Names) -> Iterator[Effect]:
    for person_id in sorted(before.own.keys() | after.own.keys()):
        was, would_be = before.own.get(person_id, []), after.own.get(person_id, [])
        if was != would_be:
            yield from _person(names.people[person_id], was, would_be, day, names)


def _person(
    who: str, was: Sequence[PostingFact], would_be: Sequence[PostingFact], day: dt.date, names: Names
) -> Iterator[Effect]:
    old, new = present_posting(was, day), present_posting(would_be, day)
    if new is None and old is not None:
        yield Effect(f"{who} would hold no post on {day_in_words(day)}", Weight.WORSE)
    elif new is not None and (old is None or _place(old) != _place(new)):
        place = names.teams[new.post.team_id] if new.post.team_id is not None else "their sector"
        yield Effect(f"{who} would be {_article(new)} in {place} from {day_in_words(day)}")
    before, after = _fte(was, day), _fte(would_be, day)
    if old is not None and new is not None and before != after:
        yield Effect(f"{who} would hold {after:.2f} FTE (now {before:.2f})")


def _place(posting: PostingFact) -> tuple[object, ...]:
    return posting.post.team_id, posting.post.sector_id, posting.post.grade


def _article(posting: PostingFact) -> str:
    label = posting.post.grade.label
    noun = label if label.isupper() else label.lower()
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _fte(postings: Sequence[PostingFact], day: dt.date) -> Decimal:
    return sum((effective_fte(posting) or Decimal() for posting in filling(postings, day)), Decimal())


def _ratios(was: Supervision, would_be: Supervision, names: Names) -> Iterator[Effect]:
    before = {ratio.bcu_id: ratio for ratio in was.bcus}
    for ratio in would_be.bcus:
        old = before.get(ratio.bcu_id)
        if ratio.bcu_id is not None and old is not None and old != ratio:
            yield Effect(f"{names.bcus[ratio.bcu_id]} BCU: {_ratio(old)} would become {_ratio(ratio)}")


def _ratio(ratio: AreaRatio) -> str:
    figure = "no ratio" if ratio.ratio is None else two_places(ratio.ratio)
    return f"{ratio.sergeants} sergeant{'' if ratio.sergeants == 1 else 's'} to {ratio.staff} ({figure})"
