"""Record a boundary review and move its wards from a day."""

import datetime as dt

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import refuse_if_any
from npt.core.periods import DAY
from npt.people.models import WardMembership
from npt.staffing import queries
from npt.staffing.models import BoundaryMove, BoundaryReview
from npt.staffing.rules.boundaries import NewReview, obstacles_to_review


def review_boundaries(new: NewReview, *, actor: Actor, at: dt.datetime, on: dt.date) -> int:
    """Record a review; end each ward's membership the day before, and begin the new one. Returns the review's id.

    :raises Refused: with every reason: a day gone by, a ward or team that is not the actor's, a ward that moves already
    """
    ground = queries.ground(actor.scope, new.first_day)
    wards = {ward.code: ward for ward in ground.wards}
    teams = {code: team.fact for code, team in ground.teams.items()}
    refuse_if_any(obstacles_to_review(new, wards, teams, on))
    review = BoundaryReview(
        reviewed_on=new.reviewed_on,
        first_day=new.first_day,
        reason=new.reason,
        partners=new.partners,
        outcome=new.outcome,
    )
    session.add(review)
    told = []
    for move in new.moves:
        ward, team = wards[move.ward], teams[move.team]
        now = ward.on(new.first_day)
        assert now is not None  # noqa: S101 - obstacles_to_review has seen it
        session.get_one(WardMembership, now.id).last_day = new.first_day - DAY
        review.moves.append(BoundaryMove(ward_id=ward.id, from_team_id=now.team_id, to_team_id=team.id))
        # The old must have ended before the new begins, or the database sees the ward in two teams.
        session.flush()
        session.add(WardMembership(ward_id=ward.id, team_id=team.id, first_day=new.first_day, last_day=None))
        before = ground.every[now.team_id].code
        told.append(f"{ward.code} {before} → {team.code}")
        audit.record(
            "ward.moved",
            f"ward:{ward.code}",
            actor=actor,
            at=at,
            before={"team": before},
            after={"team": team.code},
            first_day=new.first_day,
        )
    session.flush()
    audit.record(
        "boundary.reviewed",
        f"boundary_review:{review.id}",
        actor=actor,
        at=at,
        reviewed_on=new.reviewed_on,
        first_day=new.first_day,
        wards=told,
    )
    return review.id
