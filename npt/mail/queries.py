"""Read what waits, what was not sent and what was. For administrators alone, who see every one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from npt.core.db import session
from npt.mail.models import Letter
from npt.mail.rules import LetterKind, LetterState


@dataclass(frozen=True, slots=True)
class LetterRow:
    """An email as the list shows it; never its words, which may hold a link of somebody's own."""

    id: int
    kind: LetterKind
    about: str
    address: str
    subject: str
    written_at: dt.datetime
    written_by: str
    tries: int
    due_at: dt.datetime | None
    sent_at: dt.datetime | None
    why: str | None
    user_id: int | None

    @property
    def state(self) -> LetterState:
        if self.sent_at is not None:
            return LetterState.SENT
        return LetterState.FAILED if self.due_at is None else LetterState.WAITING


def _is(state: LetterState) -> ColumnElement[bool]:
    column = {
        LetterState.WAITING: Letter.due_at,
        LetterState.FAILED: Letter.failed_at,
        LetterState.SENT: Letter.sent_at,
    }[state]
    return column.is_not(None)


def counts() -> Mapping[LetterState, int]:
    """How many emails there are in each state, in one statement."""
    columns = [func.count(column) for column in (Letter.due_at, Letter.failed_at, Letter.sent_at)]
    [row] = session.execute(select(*columns)).all()
    return dict(zip((LetterState.WAITING, LetterState.FAILED, LetterState.SENT), row, strict=True))


def letters(state: LetterState, offset: int = 0, limit: int | None = None) -> Sequence[LetterRow]:
    """The emails in a state, newest first."""
    statement = select(Letter).where(_is(state)).order_by(Letter.written_at.desc(), Letter.id.desc())
    return [_row(row) for row in session.scalars(statement.offset(offset).limit(limit))]


def _row(row: Letter) -> LetterRow:
    return LetterRow(
        row.id,
        row.kind,
        row.about,
        row.address,
        row.subject,
        row.written_at,
        row.written_by,
        row.tries,
        row.due_at,
        row.sent_at,
        row.why,
        row.user_id,
    )


def letters_about(about: str, kind: LetterKind) -> Mapping[str, LetterRow]:
    """The newest letter of a kind about something to each address, as far as they are still listed."""
    found = select(Letter).where(Letter.about == about, Letter.kind == kind).order_by(Letter.written_at, Letter.id)
    return {row.address: _row(row) for row in session.scalars(found)}


def letter_row(letter_id: int) -> Letter:
    """One email, locked.

    :raises NoResultFound: when there is none
    """
    return session.scalars(select(Letter).where(Letter.id == letter_id).with_for_update()).one()


def due(at: dt.datetime, most: int) -> Sequence[Letter]:
    """The emails whose time has come, the oldest first, locked; those another sender has are left to it."""
    statement = select(Letter).where(Letter.due_at <= at).order_by(Letter.due_at, Letter.id).limit(most)
    return session.scalars(statement.with_for_update(skip_locked=True)).all()


def waiting_with_link(user_id: int) -> Sequence[Letter]:
    """The letters that wait with a link for a user, locked."""
    statement = select(Letter).where(Letter.user_id == user_id, Letter.due_at.is_not(None))
    return session.scalars(statement.where(Letter.link_minutes.is_not(None)).with_for_update()).all()


def settled_before(at: dt.datetime) -> Sequence[Letter]:
    """The emails sent or given up before an instant."""
    return session.scalars(select(Letter).where((Letter.sent_at < at) | (Letter.failed_at < at))).all()


def written_since(at: dt.datetime, kind: LetterKind, user_id: int) -> bool:
    """Whether a letter of a kind was written to a user since an instant, however far it has come."""
    found = select(Letter.id).where(Letter.user_id == user_id, Letter.kind == kind, Letter.written_at > at)
    return session.scalar(found.limit(1)) is not None
