"""Draw a dip-sample of entries, record what is found of each, and close it with a conclusion (REQUIREMENTS C6)."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries, rules
from npt.abstractions.models import Abstraction, DipSample, SampledEntry
from npt.abstractions.queries import Question
from npt.abstractions.rules import DrawnFrom, Finding
from npt.abstractions.services.changing import Overtaken
from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.people import queries as people
from npt.people.queries import TeamRow


@dataclass(frozen=True, slots=True)
class NewSample:
    """How many entries to draw, and from which. Without BCU and team: from everything the auditor may see."""

    size: int | None
    drawn_from: DrawnFrom
    bcu: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What an auditor found of an entry, what they looked at, and what is wrong."""

    finding: Finding
    evidence: str
    note: str = ""


def draw_sample(new: NewSample, question: Question, *, actor: Actor, at: dt.datetime) -> int:
    """Draw a sample from the entries that start in a window. Returns its number.

    The seed and the references of all it was drawn from are kept, so that anybody can draw it again.

    :raises Refused: with every reason: no such unit within scope, no size, nothing to draw from; or when the same form
        was sent twice
    """
    teams = _teams(new, actor)
    db.lock_record("dip samples")
    found = {
        entry.ref: entry
        for entry in queries.kept_entries(question, teams, people.roll(team_ids=teams))
        if new.drawn_from.kept in entry.kept
    }
    refuse_if_any(rules.obstacles_to_drawing(new.size, len(found), new.drawn_from))
    seed, population = secrets.token_hex(16), "\n".join(sorted(found))
    team = next(iter(teams.values()))
    sample = DipSample(
        bcu_id=team.bcu_id if new.bcu and not new.team else None,
        team_id=team.id if new.team else None,
        first_day=question.window.first_day,
        last_day=question.window.last_day,
        drawn_from=new.drawn_from,
        size=new.size or 0,
        seed=seed,
        population=population,
        population_size=len(found),
        drawn_at=at,
        drawn_by=actor.name,
    )
    _refuse_twice(sample)
    session.add(sample)
    session.flush()
    taken = [found[ref] for ref in rules.drawn(found, sample.size, seed)]
    rows = session.scalars(select(Abstraction).where(Abstraction.id.in_([entry.id for entry in taken])))
    marks = {row.id: queries.mark_of(row) for row in rows}
    for place, entry in enumerate(taken, start=1):
        session.add(
            SampledEntry(
                sample_id=sample.id,
                place=place,
                abstraction_id=entry.id,
                team_id=entry.team_id,
                mark=marks[entry.id],
            )
        )
    audit.record(
        "dip_sample.drawn",
        f"dip_sample:{sample.id}",
        actor=actor,
        at=at,
        first_day=sample.first_day,
        last_day=sample.last_day,
        unit=new.team or new.bcu or "force",
        drawn_from=new.drawn_from,
        drawn=len(taken),
        of=len(found),
        seed=seed,
        sha256_of_all=hashlib.sha256(population.encode()).hexdigest(),
    )
    return sample.id


def _refuse_twice(new: DipSample) -> None:
    """A second draw of the same would only choose which entries are looked at."""
    alike = ("bcu_id", "team_id", "first_day", "last_day", "drawn_from", "size", "drawn_by")
    looked_at = select(SampledEntry.id).where(SampledEntry.sample_id == DipSample.id, SampledEntry.finding.is_not(None))
    same = session.scalar(
        select(DipSample.id)
        .filter_by(**{name: getattr(new, name) for name in alike})
        .where(DipSample.closed_at.is_(None), ~looked_at.exists())
        .limit(1)
    )
    if same is not None:
        raise Refused(f"You drew sample {same} of the same, and have looked at none of it. Look at that one first.")


def _teams(new: NewSample, actor: Actor) -> dict[int, TeamRow]:
    teams = {
        team.id: team
        for team in people.teams(actor.scope)
        if new.bcu in (None, team.bcu_code) and new.team in (None, team.code)
    }
    if not teams:
        raise Refused(Reason("Choose a team of that BCU, or no BCU" if new.team else "Choose one of your BCUs", "team"))
    return teams


def record_finding(
    sample_id: int, place: int, new: NewFinding, *, seen: str, actor: Actor, at: dt.datetime
) -> int | None:
    """Record what was found of an entry, or correct it; what was said before stays on record.

    Returns the place of the next entry nobody has looked at, or nothing when there is none.

    :param seen: the mark of the finding as the auditor saw it
    :raises NoResultFound: when there is no such entry, or it is not theirs
    :raises Overtaken: when somebody else was faster
    :raises Refused: with every reason: closed, about themselves, nothing said of the evidence
    """
    sample, rows = _locked(sample_id)
    row = next((each for each in rows if each.place == place and actor.scope.has_team(each.team_id)), None)
    if row is None:
        raise NoResultFound(f"no entry {place} of dip-sample {sample_id} within scope")
    own = actor.person_id is not None and row.abstraction.person_id == actor.person_id
    closed = sample.closed_at is not None
    refuse_if_any(rules.obstacles_to_finding(new.finding, new.note, new.evidence, closed=closed, own=own))
    if seen != (row.found_at.isoformat() if row.found_at else ""):
        raise Overtaken("Somebody recorded a finding after you opened this page. Nothing of yours was saved")
    before, first = _said(row), row.finding is None
    row.finding, row.evidence, row.note = new.finding, new.evidence.strip(), new.note.strip() or None
    if not first and _said(row) == before:
        raise Refused("Nothing was changed. Change something, or leave the finding as it is.")
    row.found_at, row.found_by = at, actor.name
    audit.record(
        "finding.recorded" if first else "finding.corrected",
        f"dip_sample:{sample_id}:{place}",
        actor=actor,
        at=at,
        **({"entry": row.abstraction.ref, **_said(row)} if first else {"before": before, "after": _said(row)}),
    )
    left = [each.place for each in rows if each.finding is None and actor.scope.has_team(each.team_id)]
    return next((each for each in left if each > place), next(iter(left), None))


def _said(row: SampledEntry) -> dict[str, str | None]:
    return {"finding": row.finding.value if row.finding else None, "evidence": row.evidence, "note": row.note}


def _locked(sample_id: int) -> tuple[DipSample, list[SampledEntry]]:
    """A sample, held until the transaction ends, and its entries: to record and to close wait for each other."""
    sample = session.execute(select(DipSample).where(DipSample.id == sample_id).with_for_update()).scalar_one()
    rows = session.scalars(select(SampledEntry).where(SampledEntry.sample_id == sample_id).order_by(SampledEntry.place))
    return sample, list(rows)


def close_sample(sample_id: int, conclusion: str, *, actor: Actor, at: dt.datetime) -> None:
    """Close a sample with what is concluded from it. Its findings then stand, and its teams may read them.

    :raises NoResultFound: when there is no such sample, or some of its entries are not the auditor's to see
    :raises Refused: with every reason: closed already, entries not looked at, no conclusion
    """
    sample, rows = _locked(sample_id)
    if not all(actor.scope.has_team(row.team_id) for row in rows):
        raise NoResultFound(f"dip-sample {sample_id} is not wholly within scope")
    result = rules.result(sample.population_size, [row.finding for row in rows])
    refuse_if_any(rules.obstacles_to_closing(result, conclusion, closed=sample.closed_at is not None))
    sample.closed_at, sample.closed_by, sample.conclusion = at, actor.name, conclusion.strip()
    audit.record(
        "dip_sample.closed",
        f"dip_sample:{sample_id}",
        actor=actor,
        at=at,
        conclusion=sample.conclusion,
        wrong=result.wrong,
        of=result.told,
        cannot_be_told=result.looked_at - result.told,
    )
