"""Put people forward for a grade, change and close that, and say how an attachment went (REQUIREMENTS B10)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import EVERYTHING, Actor, Scope
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.people import queries as people
from npt.people.models import Bcu, Person, Team
from npt.people.queries import PersonRow
from npt.people.rules import Grade
from npt.staffing import queries
from npt.staffing.models import ALREADY_A_CANDIDATE, AttachmentOutcome, Candidate
from npt.staffing.queries import changing
from npt.staffing.rules.candidates import (
    SOUGHT,
    Outcome,
    Verdict,
    Wish,
    obstacles_to_candidacy,
    obstacles_to_closing,
    obstacles_to_verdict,
)


@dataclass(frozen=True, slots=True)
class ChangeOfCandidacy:
    """Where somebody would go, from when, and what they say of it. Without a BCU: anywhere."""

    bcu_code: str | None = None
    team_code: str | None = None
    ready_from: dt.date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NewCandidacy:
    """As ``ChangeOfCandidacy``, with the grade, which never changes afterwards."""

    grade: Grade
    bcu_code: str | None = None
    team_code: str | None = None
    ready_from: dt.date | None = None
    note: str | None = None

    @property
    def wish(self) -> ChangeOfCandidacy:
        return ChangeOfCandidacy(self.bcu_code, self.team_code, self.ready_from, self.note)


@dataclass(frozen=True, slots=True)
class Closing:
    """What came of a candidacy, and why."""

    outcome: Outcome
    closing_note: str | None = None


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """How an attachment went."""

    verdict: Verdict
    note: str


def put_forward(collar_number: str, new: NewCandidacy, *, actor: Actor, at: dt.datetime, on: dt.date) -> int:
    """Put somebody forward for a grade. Anybody known to the force, in a post or not. Returns the candidacy's id.

    :raises Refused: with every reason: nobody of that number, no longer in the service, a candidate for the grade
        already, a BCU or team that is not the actor's
    """
    db.lock_record("staffing")
    person = session.scalars(select(Person).where(Person.collar_number == collar_number)).one_or_none()
    if person is None:
        raise Refused(Reason(f"Nobody has collar number {collar_number}", "collar_number"))
    bcu, team = _wanted(new.wish, person, actor.scope, on)
    reasons = []
    if new.grade not in SOUGHT:
        reasons.append(Reason("Choose inspector, sergeant, PC or PCSO", "grade"))
    if _open(person.id, new.grade):
        reasons.append(Reason(ALREADY_A_CANDIDATE, "grade"))
    refuse_if_any(reasons)
    row = Candidate(
        person_id=person.id,
        grade=new.grade,
        bcu_id=bcu.id if bcu else None,
        team_id=team.id if team else None,
        note=new.note,
        put_forward_on=on,
        put_forward_by=actor.name,
        ready_from=new.ready_from,
    )
    session.add(row)
    session.flush()
    audit.record(
        "candidate.put_forward",
        f"candidate:{row.id}",
        actor=actor,
        at=at,
        collar_number=person.collar_number,
        grade=new.grade.value,
        **_said(bcu, team, new.ready_from, new.note),
    )
    return row.id


def _open(person_id: int, grade: Grade) -> bool:
    statement = select(Candidate.id).where(
        Candidate.person_id == person_id, Candidate.grade == grade, Candidate.closed_on.is_(None)
    )
    return session.scalar(statement) is not None


def _said(bcu: Bcu | None, team: Team | None, ready_from: dt.date | None, note: str | None) -> dict[str, object]:
    return {
        "bcu": bcu.code if bcu else "anywhere",
        "team": team.code if team else None,
        "ready_from": ready_from,
        "note": note,
    }


def _wanted(
    wish: ChangeOfCandidacy, person: Person, scope: Scope, on: dt.date, *, kept: Candidate | None = None
) -> tuple[Bcu | None, Team | None]:
    """The BCU and team that are wished for.

    :param kept: the candidacy as it is: a wish that stays as it was may lie outside what the actor may see
    :raises Refused: when the actor may not choose them, or the rules forbid it
    """
    bcus = {bcu.code: bcu for bcu in queries.bcus_within(scope).values()}
    if kept is not None and kept.bcu is not None:
        bcus[kept.bcu.code] = kept.bcu
    bcu = bcus.get(wish.bcu_code) if wish.bcu_code else None
    team = changing.team_row(wish.team_code, scope) if wish.team_code else None
    if kept is not None and kept.team is not None and kept.team.code == wish.team_code:
        team = kept.team
    reasons = []
    if wish.bcu_code and bcu is None:
        reasons.append(Reason("Choose one of your BCUs, or anywhere", "bcu_code"))
    if wish.team_code and (team is None or (team.last_day is not None and team.last_day < on)):
        reasons.append(Reason("Choose one of your teams, or any team", "team_code"))
    refuse_if_any(reasons)
    wanted = Wish(
        bcu.id if bcu else None,
        team.id if team else None,
        people.team(team.code, EVERYTHING).bcu_id if team else None,
        wish.ready_from,
    )
    refuse_if_any(obstacles_to_candidacy(wanted, changing.named(person).name, person.leaving_on, on))
    return bcu, team


def change_candidacy(
    candidate_id: int, change: ChangeOfCandidacy, *, actor: Actor, at: dt.datetime, on: dt.date
) -> PersonRow:
    """Change where a candidate would go, from when, or what is said of it. Returns who.

    :raises NoResultFound: when there is no such candidacy, or it is somebody else's
    :raises Refused: when it is closed, or as ``put_forward``
    """
    db.lock_record("staffing")
    row = _open_row(candidate_id, actor.scope, on)
    before = _said(row.bcu, row.team, row.ready_from, row.note)
    bcu, team = _wanted(change, row.person, actor.scope, on, kept=row)
    after = _said(bcu, team, change.ready_from, change.note)
    if before != after:
        row.bcu, row.team, row.ready_from, row.note = bcu, team, change.ready_from, change.note
        audit.record("candidate.changed", f"candidate:{candidate_id}", actor=actor, at=at, before=before, after=after)
    return changing.named(row.person)


def _open_row(candidate_id: int, scope: Scope, on: dt.date) -> Candidate:
    row = queries.candidate_row(candidate_id, scope, on, lock=True)
    if row.closed_on is not None:
        raise Refused("This candidacy is closed. Put the person forward again to open another.")
    return row


def close_candidacy(candidate_id: int, closing: Closing, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Close a candidacy with what came of it. Returns who.

    :raises NoResultFound: when there is no such candidacy, or it is somebody else's
    :raises Refused: with every reason: closed already, posted without a posting, not suitable without a reason
    """
    db.lock_record("staffing")
    row = _open_row(candidate_id, actor.scope, on)
    who = changing.named(row.person)
    own = people.roll(person_ids=[row.person_id]).postings
    refuse_if_any(obstacles_to_closing(closing.outcome, closing.closing_note, row.grade, own, who.name, on))
    row.closed_on, row.closed_by = on, actor.name
    row.outcome, row.closing_note = closing.outcome, closing.closing_note
    audit.record(
        "candidate.closed",
        f"candidate:{candidate_id}",
        actor=actor,
        at=at,
        before={"closed_on": None, "outcome": None, "note": None},
        after={"closed_on": on, "outcome": closing.outcome.value, "note": closing.closing_note},
    )
    return who


def judge_attachment(posting_id: int, new: NewVerdict, *, actor: Actor, at: dt.datetime, on: dt.date) -> PersonRow:
    """Say how an attachment went, or say it anew. Returns whose it was.

    :raises NoResultFound: when there is no such posting, or its post is not the actor's
    :raises Refused: when it is no attachment, or has not begun
    """
    db.lock_record("staffing")
    posting = changing.posting_row(posting_id, actor.scope)
    refuse_if_any(obstacles_to_verdict(posting.kind, posting.first_day, on))
    row = session.scalars(select(AttachmentOutcome).where(AttachmentOutcome.posting_id == posting_id)).one_or_none()
    before = {"verdict": row.verdict.value, "note": row.note} if row else {"verdict": None, "note": None}
    if row is None:
        row = AttachmentOutcome(posting_id=posting_id)
        session.add(row)
    row.verdict, row.note, row.recorded_on, row.recorded_by = new.verdict, new.note, on, actor.name
    person = session.get_one(Person, posting.person_id)
    after = {"verdict": new.verdict.value, "note": new.note}
    if before != after:
        # Its own subject: whoever may see the posting may not read how it went.
        audit.record(
            "attachment.judged",
            f"attachment:{posting_id}",
            actor=actor,
            at=at,
            collar_number=person.collar_number,
            before=before,
            after=after,
        )
    return changing.named(person)
