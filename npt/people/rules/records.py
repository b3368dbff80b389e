"""Whose record somebody's is: the unit that answers for it, and who may open it (docs/decisions/0005)."""

import datetime as dt
from collections.abc import Iterable, Sequence

from npt.core.authority import Scope
from npt.people.rules import Place, PostingFact, in_force_from, in_force_until, place, present_posting


def place_of_record(postings: Iterable[PostingFact], today: dt.date) -> Place | None:
    """The unit that answers for somebody's record: that of the present posting; of somebody who has left, the last
    one's; of somebody still to come, the first one's. Nothing for somebody who never had a post.

    It decides who may open the record, so that it follows the person and is not left behind with an old team.
    """
    held = list(postings)
    posting = present_posting(held, today) or _last_before(held, today) or _first_after(held, today)
    return place(posting.post) if posting else None


def _last_before(postings: Sequence[PostingFact], today: dt.date) -> PostingFact | None:
    over = [(until, posting) for posting in postings if (until := in_force_until(posting)) and until < today]
    return max(over, key=lambda pair: (pair[0], pair[1].post.ref), default=(today, None))[1]


def _first_after(postings: Sequence[PostingFact], today: dt.date) -> PostingFact | None:
    coming = [posting for posting in postings if in_force_from(posting) > today]
    return min(coming, key=lambda posting: (in_force_from(posting), posting.post.ref), default=None)


def may_open(scope: Scope, of: Place | None, person_id: int) -> bool:
    """Whether somebody's record lies within a scope; one's own always does."""
    if scope.force or person_id == scope.person_id:
        return True
    if of is None:
        return False
    return of.team_id in scope.team_ids if of.team_id is not None else of.sector_id in scope.sector_ids
