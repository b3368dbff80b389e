"""Read users, and say what each may see on a day.

Flask comes in behind ``accounts.models`` with the library's mixins and nowhere else; nothing here asks it anything.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import selectinload

from npt.accounts import rules
from npt.accounts.models import PasswordLink, User, UserScope
from npt.accounts.rules import Branch, Unit, UnitKind
from npt.audit import queries as audit
from npt.core.authority import Actor, Role
from npt.core.db import once, session
from npt.people import queries as people
from npt.people.models import Bcu, Organisation, Panel, Sector, Team
from npt.people.rules import CoverFact, Grade, filling


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as a list or a page needs them."""

    id: int
    email: str
    name: str
    role: Role
    active: bool
    chosen: bool
    created_at: dt.datetime
    last_signed_in_at: dt.datetime | None
    scopes: tuple[str, ...]

    @property
    def standing(self) -> str:
        """The word for how far the user has come."""
        if not self.active:
            return "disabled"
        return "active" if self.chosen else "has yet to choose a password"


@dataclass(frozen=True, slots=True)
class UserPage:
    """Everything about one user: the units they were given, the person they are, and what the record holds."""

    user: UserRow
    units: list[Unit]
    person: people.PersonRow | None
    history: list[audit.HistoryLine]


def actor_of(user: User, on: dt.date) -> Actor:
    """Who a user is when acting on a day, with everything they may see on it (RULES section 9)."""
    given = once(("given", user.id), lambda: _given(session.execute(_STANDING.where(User.id == user.id)).all()))
    person_id, codes, branches = given.person_id, given.codes, given.branches
    scope = rules.scope_of(
        user.role,
        codes,
        branches,
        led_team_ids=_led_team_ids(person_id, on) if person_id and user.role is Role.SERGEANT else (),
        panel_ids=_ids(Panel, codes) if user.role is Role.CHAIR else (),
        organisation_ids=_ids(Organisation, codes) if user.role is Role.PARTNER else (),
        person_id=person_id,
    )
    return Actor(user.name, user.role, scope, user.id, person_id)


def _led_team_ids(person_id: int, on: dt.date) -> set[int]:
    held = people.roll_with_covers(person_id)
    return _led([person_id], held, people.covers(on, person_id), on)[person_id]


def led_team_ids(person_ids: Collection[int], on: dt.date) -> Mapping[int, set[int]]:
    """The teams in which each of some people holds a sergeant's posting on a day, and those they cover."""
    return _led(person_ids, people.roll(person_ids=person_ids), people.covers(on), on)


def _led(
    person_ids: Collection[int], held: people.Roll, covers: Iterable[CoverFact], on: dt.date
) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {person_id: set() for person_id in person_ids}
    for posting in filling(held.postings, on):
        if posting.post.grade is Grade.SERGEANT and posting.post.team_id is not None:
            found[posting.person_id].add(posting.post.team_id)
    for cover in covers:
        if cover.person_id in found:
            found[cover.person_id].add(cover.team_id)
    return found


def _ids(table: type[Panel] | type[Organisation], codes: list[str]) -> list[int]:
    return list(session.scalars(select(table.id).where(table.code.in_(codes))))


@dataclass(frozen=True, slots=True)
class _Given:
    """The person a user is, the codes they were given, and every branch of the force in which one of them stands."""

    person_id: int | None
    codes: list[str]
    branches: list[Branch]


def _standing() -> Select[int, str, int, str, int, str, int, str]:
    """All that says what a user may see, in a row for each branch of a unit they were given."""
    branches = Bcu.__table__.outerjoin(Sector.__table__, Sector.bcu_id == Bcu.id).outerjoin(
        Team.__table__, Team.sector_id == Sector.id
    )
    # Looked up in one row: of somebody who is no person the whole staff is looked through.
    first = func.row_number().over(partition_by=User.id, order_by=UserScope.code) == 1
    stands = or_(*(unit.code == UserScope.code for unit in (Bcu, Sector, Team)))
    return (
        select(
            case((first, people.person_id_of(User.email.expression))).label("person"),
            UserScope.code,
            Bcu.id,
            Bcu.code,
            Sector.id,
            Sector.code,
            Team.id,
            Team.code,
        )
        .select_from(User.__table__.outerjoin(UserScope.__table__).outerjoin(branches, stands))
        .order_by(UserScope.code)
    )


_STANDING = _standing()
_SIGNED_IN = _STANDING.add_columns(audit.mark_column(audit.DEMONSTRATION), User).where(
    User.fs_uniquifier == bindparam("uniquifier")
)


def _given(rows: Sequence[Any]) -> _Given:
    codes = dict.fromkeys(row[1] for row in rows if row[1] is not None)
    person_id = next((row[0] for row in rows if row[0] is not None), None)
    return _Given(person_id, list(codes), [Branch(*row[2:8]) for row in rows if row[2] is not None])


def signed_in(uniquifier: str) -> User | None:
    """The user of a session, with what every page needs of them and of this database, in one statement."""
    rows = session.execute(_SIGNED_IN, {"uniquifier": uniquifier}).all()
    if not rows:
        return None
    *_, mark, found = rows[0]
    audit.mark_read(audit.DEMONSTRATION, mark)
    user: User = found
    once(("given", user.id), lambda: _given(rows))
    return user


def units(codes: Iterable[str] | None = None) -> list[Unit]:
    """Every unit a user can be given, or those with these codes, by kind and then code."""
    kinds: dict[UnitKind, type[Bcu] | type[Sector] | type[Team] | type[Panel] | type[Organisation]] = {
        UnitKind.BCU: Bcu,
        UnitKind.SECTOR: Sector,
        UnitKind.TEAM: Team,
        UnitKind.PANEL: Panel,
        UnitKind.ORGANISATION: Organisation,
    }
    wanted = None if codes is None else list(codes)
    found = []
    for kind, table in kinds.items():
        statement = select(table.code, table.name).order_by(table.code)
        if wanted is not None:
            statement = statement.where(table.code.in_(wanted))
        found += [Unit(kind, code, name) for code, name in session.execute(statement)]
    return found


def kinds_of(codes: Iterable[str]) -> Mapping[str, UnitKind]:
    """What each code names. A code that names nothing is not in it."""
    return {unit.code: unit.kind for unit in units(codes)}


def user(user_id: int, *, lock: bool = False) -> User:
    """A user, to be changed or acted as.

    :raises NoResultFound: when there is none
    """
    statement = select(User).where(User.id == user_id)
    return session.scalars(statement.with_for_update() if lock else statement).one()


def user_by_email(email: str) -> User | None:
    """The user who signs in with an email address; capitals do not matter."""
    return session.scalars(select(User).where(User.email == rules.email_of(email))).one_or_none()


def user_of_link(token_hash: str, at: dt.datetime, *, lock: bool = False) -> User | None:
    """Who may choose a password under the link of a secret, while it works and they may sign in."""
    statement = (
        select(User)
        .join(PasswordLink, PasswordLink.user_id == User.id)
        .where(PasswordLink.token_hash == token_hash, PasswordLink.works_until > at, User.active)
    )
    return session.scalars(statement.with_for_update(of=User) if lock else statement).one_or_none()


def user_row(user_id: int) -> UserRow:
    """A user, for a page.

    :raises NoResultFound: when there is none
    """
    return _row(user(user_id))


def count_users(search: str = "") -> int:
    """How many users there are whose name, email address or scope holds the words searched for."""
    return session.scalar(select(func.count()).select_from(_found(search).subquery())) or 0


def users(search: str = "", offset: int = 0, limit: int | None = None) -> list[UserRow]:
    """The users whose name, email address or scope holds the words searched for, by name."""
    statement = _found(search).options(selectinload(User.scopes)).order_by(func.lower(User.name), User.email)
    return [_row(each) for each in session.scalars(statement.offset(offset).limit(limit))]


def _found(search: str) -> Select[User]:
    statement = select(User)
    for word in search.lower().split():
        statement = statement.where(_holds(word))
    return statement


def _holds(word: str) -> ColumnElement[bool]:
    return or_(
        func.lower(User.name).contains(word, autoescape=True),
        User.email.contains(word, autoescape=True),
        User.id.in_(select(UserScope.user_id).where(func.lower(UserScope.code) == word)),
    )


def other_active_administrators(user_id: int) -> int:
    """How many administrators besides this user can sign in."""
    others = select(func.count()).where(User.role == Role.ADMINISTRATOR, User.active, User.id != user_id)
    return session.scalar(others) or 0


def user_page(user_id: int) -> UserPage:
    """Everything about one user.

    :raises NoResultFound: when there is none
    """
    row = user_row(user_id)
    return UserPage(row, units(row.scopes), people.person_by_email(row.email), audit.history(f"user:{user_id}"))


def _row(found: User) -> UserRow:
    return UserRow(
        found.id,
        found.email,
        found.name,
        found.role,
        found.active,
        found.password_chosen_at is not None,
        found.created_at,
        found.last_signed_in_at,
        tuple(scope.code for scope in found.scopes),
    )


@dataclass(frozen=True, slots=True)
class Standings:
    """How many users there are, and how many of them may sign in, have yet to choose a password, or are disabled."""

    active: int
    waiting: int
    disabled: int

    @property
    def total(self) -> int:
        return self.active + self.disabled


def standings() -> Standings:
    """The users by where they stand. Whoever has yet to choose a password may sign in."""
    rows = session.execute(select(User.active, User.password_chosen_at)).all()
    return Standings(
        active=sum(row.active for row in rows),
        waiting=sum(row.active and row.password_chosen_at is None for row in rows),
        disabled=sum(not row.active for row in rows),
    )
