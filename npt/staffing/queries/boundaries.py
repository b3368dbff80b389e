"""Read boundary reviews, and the wards and teams one could move."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.people import queries as people
from npt.people.models import Ward, WardMembership
from npt.people.queries import TeamRow
from npt.staffing.models import BoundaryMove, BoundaryReview
from npt.staffing.rules.boundaries import Membership, NewReview, WardFact, effect, obstacles_to_review


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A ward that a review moved."""

    ward_code: str
    ward_name: str
    before: TeamRow
    after: TeamRow


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A boundary review with its moves."""

    id: int
    reviewed_on: dt.date
    first_day: dt.date
    reason: str
    partners: str
    outcome: str
    moves: Sequence[MoveRow]


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    if scope.force:
        return true()
    touched = or_(BoundaryMove.from_team_id.in_(scope.team_ids), BoundaryMove.to_team_id.in_(scope.team_ids))
    return BoundaryReview.id.in_(select(BoundaryMove.review_id).where(touched))


def boundary_reviews(scope: Scope) -> list[ReviewRow]:
    """The reviews that touch a team the actor may see, newest first."""
    rows = session.scalars(
        select(BoundaryReview)
        .where(_in_scope(scope))
        .order_by(BoundaryReview.first_day.desc(), BoundaryReview.id.desc())
    ).all()
    moves = _moves([row.id for row in rows])
    return [_row(row, moves.get(row.id, [])) for row in rows]


def boundary_review(id: int, scope: Scope) -> ReviewRow:
    """One review.

    :raises NoResultFound: when there is none, or it touches no team the actor may see
    """
    row = session.scalars(select(BoundaryReview).where(BoundaryReview.id == id, _in_scope(scope))).one()
    return _row(row, _moves([id]).get(id, []))


def _row(row: BoundaryReview, moves: Sequence[MoveRow]) -> ReviewRow:
    return ReviewRow(row.id, row.reviewed_on, row.first_day, row.reason, row.partners, row.outcome, moves)


def _moves(review_ids: Sequence[int]) -> Mapping[int, list[MoveRow]]:
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    found: dict[int, list[MoveRow]] = defaultdict(list)
    rows = session.execute(
        select(BoundaryMove.review_id, Ward.code, Ward.name, BoundaryMove.from_team_id, BoundaryMove.to_team_id)
        .join(BoundaryMove.ward)
        .where(BoundaryMove.review_id.in_(review_ids))
        .order_by(Ward.name, Ward.code)
    )
    for review_id, code, name, before, after in rows:
        found[review_id].append(MoveRow(code, name, teams[before], teams[after]))
    return found


@dataclass(frozen=True, slots=True)
class Ground:
    """What a review may move: wards of the actor's teams with all their memberships, and the live teams by code.

    ``every`` has closed teams too, by id: a ward may have been left with one.
    """

    wards: Sequence[WardFact]
    teams: Mapping[str, TeamRow]
    every: Mapping[int, TeamRow]


def ward_facts(code: str | None = None) -> list[WardFact]:
    """Every ward, or the one of this code, with all its memberships; in order of name. Whoever shows them keeps to what
    the actor may see.
    """
    memberships: dict[int, list[Membership]] = defaultdict(list)
    names = {}
    statement = (
        select(
            Ward.id,
            Ward.code,
            Ward.name,
            WardMembership.id,
            WardMembership.team_id,
            WardMembership.first_day,
            WardMembership.last_day,
        )
        .join(WardMembership, WardMembership.ward_id == Ward.id)
        .order_by(Ward.name, Ward.code, WardMembership.first_day)
    )
    if code is not None:
        statement = statement.where(Ward.code == code)
    for ward_id, ward_code, name, id, team_id, first_day, last_day in session.execute(statement):
        names[ward_id] = (ward_code, name)
        memberships[ward_id].append(Membership(id, team_id, first_day, last_day))
    return [WardFact(id, code, name, tuple(memberships[id])) for id, (code, name) in names.items()]


def ground(scope: Scope, on: dt.date) -> Ground:
    """The wards that belong to a team within scope on a day, and the teams within scope live on it."""
    every = people.teams(scope)
    return Ground(
        [ward for ward in ward_facts() if (now := ward.on(on)) is not None and scope.has_team(now.team_id)],
        {team.code: team for team in every if team.live(on, on)},
        {team.id: team for team in every},
    )


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A team that a review touches, with its wards before and after."""

    team: str
    before: Sequence[str]
    after: Sequence[str]


BoundaryEffect = Sequence[EffectRow]


def boundary_effect(new: NewReview, ground: Ground, today: dt.date) -> BoundaryEffect:
    """What a review would do to each team it touches.

    :raises Refused: when it could not be recorded
    """
    teams = {code: team.fact for code, team in ground.teams.items()}
    refuse_if_any(obstacles_to_review(new, {ward.code: ward for ward in ground.wards}, teams, today))
    found = effect(new.moves, ground.wards, teams, new.first_day)
    return [EffectRow(ground.every[each.team_id].name, each.before, each.after) for each in found]
