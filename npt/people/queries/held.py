"""The statements that read who holds which post, with whom, and with what else whoever asks mostly needs next."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    and_,
    bindparam,
    case,
    null,
    or_,
    select,
    union_all,
)

from npt.core.db import among, among_read
from npt.people.models import Cover, Person, Post, Posting, Team
from npt.people.queries.persons import PERSON_COLUMNS
from npt.people.rules import SUSPENDING, PostingKind

# The tables and not the classes: every page asks for some hundred of these rows, and the ORM has nothing to add to
# them.
_PERSON, _POST, _POSTING, _TEAM, _COVER = (each.__table__ for each in (Person, Post, Posting, Team, Cover))

POST_COLUMNS = (
    *(_POST.c[name] for name in ("id", "ref", "grade", "fte", "first_day", "last_day", "team_id", "sector_id")),
    _TEAM.c.last_day,
)
_PERSON_COLUMNS = tuple(_PERSON.c[column.key] for column in PERSON_COLUMNS)
_POSTING_COLUMNS = (
    *(_POSTING.c[name] for name in ("person_id", "kind", "first_day", "last_day", "fte")),
    _PERSON.c.leaving_on,
    _POSTING.c.id,
)
OF_POSTING = len(_POSTING_COLUMNS)
OF_PERSON = OF_POSTING + len(_PERSON_COLUMNS)
HELD_COLUMNS = (*_POSTING_COLUMNS, *_PERSON_COLUMNS, *POST_COLUMNS)
"""Of a posting, up to ``OF_POSTING``; of its person, up to ``OF_PERSON``; and of its post."""

_EVERY_POSTING = _POSTING.join(_PERSON).join(_POST).outerjoin(_TEAM, _TEAM.c.id == _POST.c.team_id)
HELD = select(*HELD_COLUMNS).select_from(_EVERY_POSTING)
HELD_BY_PEOPLE = HELD.where(among(_POSTING.c.person_id, "people"))
_COVERS_AS_HELD = select(
    *(_COVER.c.person_id, null(), _COVER.c.first_day, _COVER.c.last_day, null(), null(), null()),
    *[null()] * (len(_PERSON_COLUMNS) + 6),
    *(_COVER.c.team_id, null(), null(), _COVER.c.id),
)
_HELD_OR_COVERED = HELD.add_columns(null().label("covers"))
HELD_AND_COVERS = union_all(_HELD_OR_COVERED.where(_POSTING.c.person_id == bindparam("person")), _COVERS_AS_HELD)
_POSTS_AS_HELD = select(*[null()] * OF_PERSON, *POST_COLUMNS, null()).select_from(_POST.outerjoin(_TEAM))


def _called_in(units: ColumnElement[bool], holding: Select[int, int]) -> CompoundSelect[*tuple[Any, ...]]:
    """All postings of some people, the covers, and the posts of some units that none of these people was found by. In
    this order: of the first two parts PostgreSQL types a column.

    :param holding: people, each with a post of the units by which they are found
    """
    found = holding.cte("holding")
    theirs = _HELD_OR_COVERED.where(_POSTING.c.person_id.in_(select(found.c.person_id)))
    others = _POSTS_AS_HELD.where(units, _POST.c.id.not_in(select(found.c.post_id)))
    return union_all(theirs, _COVERS_AS_HELD, others)


def _of_posts(units: ColumnElement[bool]) -> ColumnElement[bool]:
    """Only postings to posts of some units, which are looked up: PostgreSQL would rather walk through all there are."""
    return among_read(_POSTING.c.post_id, select(_POST.c.id).where(units))


def _ever(units: ColumnElement[bool]) -> Select[int, int]:
    """Everybody who ever held a post of some units, with the post."""
    return select(_POSTING.c.person_id, _POSTING.c.post_id).select_from(_POSTING.join(_POST)).where(units)


_SINCE = bindparam("since", type_=Date())


def _lasts(last_day: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(last_day.is_(None), last_day >= _SINCE)


def _suspending(kind: ColumnElement[Any]) -> ColumnElement[bool]:
    # Not as a list, which would be written into the statement anew each time.
    return or_(*(kind == each for each in sorted(SUSPENDING)))


_BEGUN = _POSTING.c.first_day <= _SINCE
_STILL_HELD = _lasts(_POSTING.c.last_day)
_OTHER = _POSTING.alias()
_IS_SUSPENDED = (
    select(_OTHER.c.id)
    .where(_OTHER.c.person_id == _POSTING.c.person_id, _suspending(_OTHER.c.kind))
    .where(_OTHER.c.first_day <= _SINCE, _lasts(_OTHER.c.last_day))
    .exists()
)
_OVER, _LASTS, _FILLS = 0, 1, 2
"""What a posting is on the day ``since``: over; in force then or later; filling its post."""


def _since(units: ColumnElement[bool]) -> Select[int, int]:
    """Everybody who holds a post of some units on any day from one on, with the post; and everybody who ever held a
    post that is not surely filled on that day: the last of them says how long it has stood empty.

    Of a post that is filled on that day those who left before it say nothing, for it was filled after them.
    """
    fills = or_(
        _suspending(_POSTING.c.kind),
        and_(_POSTING.c.kind == PostingKind.SUBSTANTIVE, ~_IS_SUSPENDED),
    )
    standing = case(
        (~and_(_STILL_HELD, _lasts(_PERSON.c.leaving_on)), _OVER),
        (and_(_BEGUN, fills), _FILLS),
        else_=_LASTS,
    )
    held = (
        select(_POSTING.c.person_id, _POSTING.c.post_id, standing.label("standing"))
        .select_from(_EVERY_POSTING)
        .where(_of_posts(units), _lasts(_POST.c.last_day), _lasts(_TEAM.c.last_day))
        .cte("held")
    )
    filled = select(held.c.post_id).where(held.c.standing == _FILLS)
    return select(held.c.person_id, held.c.post_id).where(or_(held.c.standing != _OVER, held.c.post_id.not_in(filled)))


IN_TEAMS = among(_POST.c.team_id, "teams")
IN_UNITS = or_(IN_TEAMS, among(_POST.c.sector_id, "sectors"))
EVER_IN_TEAMS: Select[int] = select(_POSTING.c.person_id).where(_of_posts(IN_TEAMS))
"""The people who ever held a post of the teams that a statement is given as ``teams``."""
OF_TEAMS, OF_UNITS = _called_in(IN_TEAMS, _ever(IN_TEAMS)), _called_in(IN_UNITS, _ever(IN_UNITS))
OF_UNITS_SINCE = _called_in(IN_UNITS, _since(IN_UNITS))
