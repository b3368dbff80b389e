"""Read candidates: where they would go, what is known of each, and how attachments went."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people.models import Bcu, Person, Posting
from npt.people.queries import PersonRow, TeamRow
from npt.people.rules import PostingFact, PostingKind
from npt.people.rules.records import may_open, place_of_record
from npt.staffing.models import AttachmentOutcome, Candidate
from npt.staffing.queries.posts import post_choices
from npt.staffing.rules.candidates import Candidacy, Outcome, Verdict

_COLUMNS = (
    Candidate.id,
    Candidate.person_id,
    Candidate.grade,
    Candidate.bcu_id,
    Candidate.team_id,
    Candidate.put_forward_on,
    Candidate.ready_from,
    Candidate.closed_on,
    Person.leaving_on,
)


def candidacies(person_id: int | None = None) -> list[Candidacy]:
    """Every candidacy of the force, or of one person, the oldest first."""
    statement = select(*_COLUMNS).join(Candidate.person).order_by(Candidate.put_forward_on, Candidate.id)
    if person_id is not None:
        statement = statement.where(Candidate.person_id == person_id)
    return [Candidacy(*row) for row in session.execute(statement)]


def wishes(candidacies: Iterable[Candidacy]) -> dict[int, str]:
    """Where each of these candidates would go, in words."""
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    bcus = {bcu.id: bcu.name for bcu in people.bcus(EVERYTHING)}
    return {each.id: _wish(each, teams, bcus) for each in candidacies}


def _wish(each: Candidacy, teams: Mapping[int, TeamRow], bcus: Mapping[int, str]) -> str:
    if each.team_id is not None:
        return f"{teams[each.team_id].name}, {teams[each.team_id].bcu_name} BCU"
    return "Anywhere in the force" if each.bcu_id is None else f"{bcus[each.bcu_id]} BCU"


@dataclass(frozen=True, slots=True)
class WordOnAttachment:
    """How an attachment went, as somebody said."""

    verdict: Verdict
    note: str
    recorded_on: dt.date
    recorded_by: str


def words_on(posting_ids: Collection[int]) -> dict[int, WordOnAttachment]:
    """How each of these attachments went, as far as somebody has said."""
    rows = session.execute(
        select(
            AttachmentOutcome.posting_id,
            AttachmentOutcome.verdict,
            AttachmentOutcome.note,
            AttachmentOutcome.recorded_on,
            AttachmentOutcome.recorded_by,
        ).where(AttachmentOutcome.posting_id.in_(list(posting_ids)))
    )
    return {row[0]: WordOnAttachment(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One candidacy. ``present`` is empty for a reader who may not open the person's record (``open``).

    ``attachments`` are those to posts the reader may see.
    """

    candidacy: Candidacy
    person: PersonRow
    wants: str
    bcu_code: str | None
    team_code: str | None
    note: str | None
    put_forward_by: str
    outcome: Outcome | None
    closing_note: str | None
    closed_by: str | None
    present: str | None
    open: bool
    attachments: Sequence[tuple[PostingFact, str, WordOnAttachment | None]]


def candidate_row(id: int, scope: Scope, today: dt.date, *, lock: bool = False) -> Candidate:
    """A candidacy the reader may see: one for a unit of theirs or for anywhere, or of a person of theirs.

    :raises NoResultFound: when there is none, or it is somebody else's
    """
    statement = select(Candidate).where(Candidate.id == id)
    row = session.scalars(statement.with_for_update() if lock else statement).one()
    if not (_reaches(row.bcu_id, row.team_id, scope) or _may_open(row.person_id, scope, today)):
        raise NoResultFound(f"no candidacy {id} within scope")
    return row


def _reaches(bcu_id: int | None, team_id: int | None, scope: Scope) -> bool:
    if scope.force or bcu_id is None:
        return True
    return scope.has_team(team_id) if team_id is not None else bcu_id in bcus_within(scope)


def bcus_within(scope: Scope) -> dict[int, Bcu]:
    """The BCUs that are, or in which lies something of, the actor's, by id."""
    ids = {team.bcu_id for team in people.teams(scope)} | {sector.bcu_id for sector in people.sectors(scope)}
    ids |= {bcu.id for bcu in people.bcus(scope)}
    return {bcu.id: bcu for bcu in session.scalars(select(Bcu).where(Bcu.id.in_(ids)).order_by(Bcu.code))}


def _may_open(person_id: int, scope: Scope, today: dt.date) -> bool:
    roll = people.roll(person_ids=[person_id])
    return may_open(scope, place_of_record(roll.postings, today), person_id)


def candidate_page(id: int, scope: Scope, today: dt.date) -> CandidatePage:
    """One candidacy with what the reader may know of the person.

    :raises NoResultFound: as ``candidate_row``
    """
    row = candidate_row(id, scope, today)
    roll = people.roll(person_ids=[row.person_id])
    mine = may_open(scope, place_of_record(roll.postings, today), row.person_id)
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    present = roll.present(row.person_id, today)
    candidacy = next(each for each in candidacies(row.person_id) if each.id == id)
    return CandidatePage(
        candidacy,
        people.people([row.person_id])[row.person_id],
        wishes([candidacy])[id],
        row.bcu.code if row.bcu else None,
        row.team.code if row.team else None,
        row.note,
        row.put_forward_by,
        row.outcome,
        row.closing_note,
        row.closed_by,
        _present(present, teams) if mine else None,
        mine,
        _attachments(roll.postings, teams, scope),
    )


def _present(present: PostingFact | None, teams: Mapping[int, TeamRow]) -> str:
    if present is None:
        return "No posting today"
    team = teams.get(present.post.team_id or 0)
    return f"{present.post.grade.label}, {team.name}" if team else f"{present.post.grade.label} of a sector"


def _attachments(
    postings: Iterable[PostingFact], teams: Mapping[int, TeamRow], scope: Scope
) -> list[tuple[PostingFact, str, WordOnAttachment | None]]:
    theirs = [p for p in postings if p.kind is PostingKind.ATTACHMENT and scope.has_team(p.post.team_id)]
    words = words_on([posting.id or 0 for posting in theirs])
    newest = sorted(theirs, key=lambda posting: posting.first_day, reverse=True)
    return [(p, teams[p.post.team_id or 0].name, words.get(p.id or 0)) for p in newest]


@dataclass(frozen=True, slots=True)
class OwnCandidacy:
    """A candidacy as a person's record shows it. ``note`` is empty for a reader who may not know it."""

    candidacy: Candidacy
    wants: str
    note: str | None
    outcome: Outcome | None


def candidacies_of(person_id: int, *, notes: bool) -> list[OwnCandidacy]:
    """Every candidacy of one person, newest first.

    :param notes: read the interest as well
    """
    facts = {each.id: each for each in candidacies(person_id)}
    wants = wishes(facts.values())
    rows = session.execute(select(Candidate.id, Candidate.note, Candidate.outcome).where(Candidate.id.in_(facts)))
    found = [OwnCandidacy(facts[row.id], wants[row.id], row.note if notes else None, row.outcome) for row in rows]
    return sorted(found, key=lambda each: (each.candidacy.put_forward_on, each.candidacy.id), reverse=True)


def post_to_offer(candidacy: Candidacy, scope: Scope, on: dt.date) -> str | None:
    """A post of the team a candidate wishes for, of their grade, to attach them to: a vacant one first.

    Nothing for a candidate without a team, or when the actor has no such post.
    """
    theirs = {post.ref for post in people.posts(scope) if candidacy.team_id and post.team_id == candidacy.team_id}
    return next((ref for ref in post_choices(scope, on, (candidacy.grade,)) if ref in theirs), None)


def person_to_put_forward(collar_number: str) -> PersonRow | None:
    """Anybody known to the force, by their exact collar number; nobody when there is no such number.

    Whoever puts somebody forward learns name and grade, and nothing else (docs/decisions/0010).
    """
    found = session.scalar(select(Person.id).where(Person.collar_number == collar_number))
    return people.people([found])[found] if found is not None else None


@dataclass(frozen=True, slots=True)
class AttachmentPage:
    """An attachment to a post of the reader's, and what has been said of it."""

    posting: PostingFact
    person: PersonRow
    team_name: str
    word: WordOnAttachment | None


def attachment(posting_id: int, scope: Scope) -> AttachmentPage:
    """One attachment.

    :raises NoResultFound: when there is none, or its post is not the reader's
    """
    person_id = session.execute(
        select(Posting.person_id).where(Posting.id == posting_id, Posting.kind == PostingKind.ATTACHMENT)
    ).scalar_one()
    fact = next(posting for posting in people.roll(person_ids=[person_id]).postings if posting.id == posting_id)
    if not (scope.has_team(fact.post.team_id) or (fact.post.sector_id or 0) in scope.sector_ids):
        raise NoResultFound(f"no attachment {posting_id} within scope")
    names = {team.id: team.name for team in people.teams(EVERYTHING)}
    return AttachmentPage(
        fact,
        people.people([person_id])[person_id],
        names.get(fact.post.team_id or 0, "a sector"),
        words_on([posting_id]).get(posting_id),
    )
