"""Who supervises which team, and how many people that is (RULES section 3). Absence changes nothing here."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from npt.core.periods import DAY, Period
from npt.people.rules import (
    CoverFact,
    Grade,
    PostingFact,
    TeamFact,
    by_person,
    is_sergeant,
    present_posting,
    teams_by_posting,
)
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class TeamSupervision:
    """A live team on a day: its staff, and the ids of its supervisors by posting and by cover alone."""

    team: TeamFact
    staff: int
    posted: tuple[int, ...]
    covering: tuple[int, ...]

    @property
    def supervisor_ids(self) -> tuple[int, ...]:
        """Everyone who supervises the team, each once."""
        return tuple(sorted(self.posted + self.covering))

    @property
    def no_supervisor(self) -> bool:
        """Whether there is staff and nobody to supervise it. A team with neither is not flagged."""
        return self.staff > 0 and not self.supervisor_ids


@dataclass(frozen=True, slots=True)
class Covered:
    """A team that somebody supervises by cover alone, and the first day of that unbroken cover."""

    team: TeamFact
    since: dt.date


@dataclass(frozen=True, slots=True)
class Span:
    """One supervisor: their teams in order of code, and the people that is, shared with any fellow supervisors."""

    person_id: int
    teams: tuple[TeamFact, ...]
    span: Fraction
    over_line: bool
    covered: tuple[Covered, ...] = ()

    @property
    def covering(self) -> bool:
        """Whether at least one team is theirs by cover alone."""
        return bool(self.covered)

    @property
    def over_two_teams(self) -> bool:
        """Whether they supervise more than one team; then they are always shown."""
        return len(self.teams) > 1


@dataclass(frozen=True, slots=True)
class AreaRatio:
    """Staff of an area to the sergeants posted there. ``bcu_id`` is ``None`` for the force."""

    bcu_id: int | None
    sergeants: int
    staff: int

    @property
    def ratio(self) -> Fraction | None:
        """Staff to each sergeant; no ratio without a sergeant."""
        return Fraction(self.staff, self.sergeants) if self.sergeants else None


@dataclass(frozen=True, slots=True)
class SpanSummary:
    """Mean, greatest and how many are over the line: an average hides a bad team."""

    mean: Fraction | None
    maximum: Fraction | None
    over_line: int


@dataclass(frozen=True, slots=True)
class Supervision:
    """Who supervises whom on a day: teams in order of code, spans of person, ratios of BCU."""

    day: dt.date
    teams: tuple[TeamSupervision, ...]
    spans: tuple[Span, ...]
    bcus: tuple[AreaRatio, ...]
    force: AreaRatio


def supervision(
    postings: Iterable[PostingFact],
    teams: Iterable[TeamFact],
    covers: Iterable[CoverFact],
    day: dt.date,
    policy: Policy,
) -> Supervision:
    """Supervision of the whole force on a day (RULES section 3).

    Give every posting, team and cover record of the force, also to look at one BCU: a sergeant's teams may lie in two.
    """
    held = by_person(postings)
    present = {person: posting for person, own in held.items() if (posting := present_posting(own, day))}
    live = sorted((team for team in teams if day in Period(team.first_day, team.last_day)), key=lambda team: team.code)
    staff = _staff(present, policy)
    sergeants = {person: posting for person, posting in present.items() if is_sergeant(posting)}
    posted = {person: teams_by_posting(held[person], posting, day) for person, posting in sergeants.items()}
    cover = _cover_since(covers, day)
    judged = tuple(
        TeamSupervision(
            team,
            staff[team.id],
            tuple(sorted(person for person, ids in posted.items() if team.id in ids)),
            tuple(sorted(p for p in cover.get(team.id, {}) if p in sergeants and team.id not in posted[p])),
        )
        for team in live
    )
    return Supervision(
        day=day,
        teams=judged,
        spans=_spans(judged, cover, policy),
        bcus=tuple(
            _ratio(bcu, [t for t in judged if t.team.bcu_id == bcu])
            for bcu in sorted({team.bcu_id for team in live if team.bcu_id is not None})
        ),
        force=_ratio(None, judged),
    )


def counted_grades(policy: Policy) -> frozenset[Grade]:
    """The grades that are staff of a team: PCs and PCSOs, and specials where policy says so."""
    return frozenset({Grade.PC, Grade.PCSO, *([Grade.SPECIAL] if policy.specials_in_span else [])})


def _staff(present: Mapping[int, PostingFact], policy: Policy) -> Counter[int | None]:
    """How many people are counted in each team: those whose present team it is."""
    counted = counted_grades(policy)
    return Counter(posting.post.team_id for posting in present.values() if posting.post.grade in counted)


def _cover_since(covers: Iterable[CoverFact], day: dt.date) -> dict[int, dict[int, dt.date]]:
    """By team and person covering it on a day: the first day of the cover, records without a gap taken as one."""
    records: dict[tuple[int, int], list[CoverFact]] = defaultdict(list)
    for cover in covers:
        if cover.first_day <= day:
            records[cover.team_id, cover.person_id].append(cover)
    since: dict[int, dict[int, dt.date]] = defaultdict(dict)
    for (team, person), own in records.items():
        if any(cover.last_day is None or day <= cover.last_day for cover in own):
            since[team][person] = _unbroken_since(own, day)
    return dict(since)


def _unbroken_since(covers: Sequence[CoverFact], day: dt.date) -> dt.date:
    first = day
    for cover in sorted(covers, key=lambda cover: cover.last_day or dt.date.max, reverse=True):
        if cover.last_day is None or cover.last_day >= first - DAY:
            first = min(first, cover.first_day)
    return first


def _spans(
    teams: Sequence[TeamSupervision], cover: Mapping[int, Mapping[int, dt.date]], policy: Policy
) -> tuple[Span, ...]:
    theirs: dict[int, list[TeamSupervision]] = defaultdict(list)
    for team in teams:
        for person in team.supervisor_ids:
            theirs[person].append(team)
    return tuple(_span(person, theirs[person], cover, policy) for person in sorted(theirs))


def _span(
    person: int, teams: Sequence[TeamSupervision], cover: Mapping[int, Mapping[int, dt.date]], policy: Policy
) -> Span:
    span = sum((Fraction(team.staff, len(team.supervisor_ids)) for team in teams), Fraction())
    return Span(
        person_id=person,
        teams=tuple(team.team for team in teams),
        span=span,
        over_line=span > Fraction(policy.span_line),
        covered=tuple(Covered(t.team, cover[t.team.id][person]) for t in teams if person in t.covering),
    )


def _ratio(bcu_id: int | None, teams: Sequence[TeamSupervision]) -> AreaRatio:
    sergeants = {person for team in teams for person in team.posted}
    return AreaRatio(bcu_id, len(sergeants), sum(team.staff for team in teams))


def summary(spans: Sequence[Span]) -> SpanSummary:
    """Mean and greatest span, and how many are over the line; no mean and no greatest without a supervisor."""
    figures = [span.span for span in spans]
    return SpanSummary(
        mean=sum(figures, Fraction()) / len(figures) if figures else None,
        maximum=max(figures, default=None),
        over_line=sum(span.over_line for span in spans),
    )
