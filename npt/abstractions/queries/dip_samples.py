"""Dip-samples as far as somebody may read them: their entries, what was found, and what that says of the rest."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import contains_eager

from npt.abstractions import rules
from npt.abstractions.models import Abstraction, DipSample, SampledEntry
from npt.abstractions.queries.one_entry import mark_of
from npt.abstractions.rules import DrawnFrom, Finding, Result
from npt.core.authority import Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Bcu, Team
from npt.people.queries import PersonRow, TeamRow


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A dip-sample as a list shows it, with what was found of the entries the actor may see."""

    id: int
    where: str
    first_day: dt.date
    last_day: dt.date
    drawn_from: DrawnFrom
    drawn_at: dt.datetime
    drawn_by: str
    closed_at: dt.datetime | None
    closed_by: str | None
    conclusion: str | None
    seed: str
    size: int
    """How many were asked for."""
    drawn: int
    """How many were drawn; the actor may see fewer."""
    result: Result

    @property
    def in_part(self) -> bool:
        """Whether some of its entries are of teams the actor may not see."""
        return self.result.drawn < self.drawn


@dataclass(frozen=True, slots=True)
class SampledRow:
    """An entry of a sample, and what was found of it. The team is that of the day it starts."""

    place: int
    abstraction_id: int
    ref: str
    person: PersonRow
    team: TeamRow
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    logged_at: dt.datetime | None
    cancelled: bool
    changed_since: bool
    """Whether it no longer stands as it did when it was drawn."""
    finding: Finding | None
    note: str | None
    evidence: str | None
    found_at: dt.datetime | None
    found_by: str | None

    @property
    def mark(self) -> str:
        """Changes with what was found, so that nobody writes over what they have not seen."""
        return self.found_at.isoformat() if self.found_at else ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A dip-sample with its entries, in the order drawn."""

    row: SampleRow
    entries: list[SampledRow]


def _within(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.force else SampledEntry.team_id.in_(scope.team_ids)


def _seen(open_too: bool) -> ColumnElement[bool]:
    return true() if open_too else DipSample.closed_at.is_not(None)


def dip_samples(scope: Scope, *, open_too: bool) -> list[SampleRow]:
    """The samples that hold an entry the actor may see, the newest first.

    :param open_too: also those an auditor is still at; nobody else sees what is not settled
    """
    samples = session.execute(
        select(DipSample, Bcu.name, Team.name)
        .outerjoin(DipSample.bcu)
        .outerjoin(DipSample.team)
        .where(_seen(open_too))
        .order_by(DipSample.drawn_at.desc(), DipSample.id.desc())
    ).all()
    found: defaultdict[int, list[Finding | None]] = defaultdict(list)
    drawn: defaultdict[int, int] = defaultdict(int)
    for sample_id, team_id, finding in session.execute(
        select(SampledEntry.sample_id, SampledEntry.team_id, SampledEntry.finding)
    ):
        drawn[sample_id] += 1
        if scope.has_team(team_id):
            found[sample_id].append(finding)
    return [
        _row(sample, bcu, team, drawn[sample.id], found[sample.id]) for sample, bcu, team in samples if found[sample.id]
    ]


def _row(
    sample: DipSample, bcu: str | None, team: str | None, drawn: int, findings: Iterable[Finding | None]
) -> SampleRow:
    return SampleRow(
        sample.id,
        team or (f"{bcu} BCU" if bcu else "Whole force"),
        sample.first_day,
        sample.last_day,
        sample.drawn_from,
        sample.drawn_at,
        sample.drawn_by,
        sample.closed_at,
        sample.closed_by,
        sample.conclusion,
        sample.seed,
        sample.size,
        drawn,
        rules.result(sample.population_size, list(findings)),
    )


def dip_sample(sample_id: int, scope: Scope, *, open_too: bool) -> Sample:
    """One sample with its entries of the teams the actor may see.

    :raises NoResultFound: when there is none, when it is still open and not the actor's to see, or when none of its
        entries is
    """
    sample, bcu, team = session.execute(
        select(DipSample, Bcu.name, Team.name)
        .outerjoin(DipSample.bcu)
        .outerjoin(DipSample.team)
        .where(DipSample.id == sample_id, _seen(open_too))
    ).one()
    every = list(
        session.scalars(
            select(SampledEntry)
            .join(SampledEntry.abstraction)
            .options(contains_eager(SampledEntry.abstraction))
            .where(SampledEntry.sample_id == sample_id)
            .order_by(SampledEntry.place)
        )
    )
    seen = [each for each in every if scope.has_team(each.team_id)]
    if not seen:
        raise NoResultFound(f"no entry of dip-sample {sample_id} within scope")
    named = people.people({each.abstraction.person_id for each in seen})
    teams = {each.id: each for each in people.teams(scope)}
    entries = [_sampled(each, named[each.abstraction.person_id], teams[each.team_id]) for each in seen]
    return Sample(_row(sample, bcu, team, len(every), (each.finding for each in seen)), entries)


def _sampled(each: SampledEntry, person: PersonRow, team: TeamRow) -> SampledRow:
    entry = each.abstraction
    return SampledRow(
        each.place,
        entry.id,
        entry.ref,
        person,
        team,
        entry.reason,
        entry.starts_at,
        entry.ends_at,
        entry.logged_at,
        entry.cancelled_at is not None,
        mark_of(entry) != each.mark,
        each.finding,
        each.note,
        each.evidence,
        each.found_at,
        each.found_by,
    )


def population_of(sample_id: int) -> list[str]:
    """The references of every entry a sample was drawn from."""
    return session.scalars(select(DipSample.population).where(DipSample.id == sample_id)).one().splitlines()


@dataclass(frozen=True, slots=True)
class FoundOfEntry:
    """What a dip-sample found of one entry."""

    sample_id: int
    drawn_at: dt.datetime
    closed: bool
    finding: Finding | None
    note: str | None
    evidence: str | None
    found_at: dt.datetime | None
    found_by: str | None


def found_of(abstraction_id: int, scope: Scope, *, open_too: bool) -> list[FoundOfEntry]:
    """What dip-samples found of an entry, the newest first."""
    rows: Any = session.execute(
        select(
            DipSample.id,
            DipSample.drawn_at,
            DipSample.closed_at.is_not(None),
            SampledEntry.finding,
            SampledEntry.note,
            SampledEntry.evidence,
            SampledEntry.found_at,
            SampledEntry.found_by,
        )
        .join(SampledEntry.sample)
        .join(Abstraction, Abstraction.id == SampledEntry.abstraction_id)
        .where(SampledEntry.abstraction_id == abstraction_id, _within(scope), _seen(open_too))
        .order_by(DipSample.drawn_at.desc())
    )
    return [FoundOfEntry(*row) for row in rows]
