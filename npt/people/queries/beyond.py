"""Whom supervision reaches beyond some teams: what else their supervisors lead, and who comes from elsewhere."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, null, or_, select, type_coerce, union_all

from npt.core.db import among, session
from npt.people.models import Post, Posting, Team
from npt.people.queries.held import HELD, HELD_COLUMNS
from npt.people.queries.postings import Roll, roll_of
from npt.people.queries.units import TEAM_COLUMNS, TEAMS, TeamRow
from npt.people.rules import Grade

_POST, _POSTING, _TEAM = Post.__table__, Posting.__table__, Team.__table__
_LED = (
    select(_POST.c.team_id)
    .select_from(_POSTING.join(_POST))
    .where(among(_POSTING.c.person_id, "people"), _POST.c.grade == Grade.SERGEANT)
)
_REACHED = or_(among(_TEAM.c.id, "teams"), _TEAM.c.id.in_(_LED))
_EVER_THERE = select(_POSTING.c.person_id).select_from(_POSTING.join(_POST).join(_TEAM)).where(_REACHED)
_BEYOND: CompoundSelect[*tuple[Any, ...]] = union_all(
    HELD.add_columns(*(type_coerce(null(), column.type).label(None) for column in TEAM_COLUMNS)).where(
        or_(among(_POSTING.c.person_id, "people"), _POSTING.c.person_id.in_(_EVER_THERE))
    ),
    select(*[null()] * len(HELD_COLUMNS), *TEAM_COLUMNS).select_from(TEAMS).where(_REACHED),
)


def roll_beyond(team_ids: Collection[int], person_ids: Collection[int]) -> tuple[Roll, list[TeamRow]]:
    """These teams, and every team in which one of these people ever held a sergeant's post; all postings of everybody
    who ever held a post of one of them, and of these people.
    """
    rows: Sequence[Any] = session.execute(_BEYOND, {"teams": team_ids, "people": person_ids}).all()
    held = len(HELD_COLUMNS)
    roll = roll_of([row[:held] for row in rows if row[0] is not None])
    return roll, [TeamRow(*row[held:]) for row in rows if row[0] is None]
