"""The saved column mappings."""

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import select

from npt.core.db import session
from npt.exchange.models import ImportMapping
from npt.exchange.rules.mapping import ColumnMapping, from_words


@dataclass(frozen=True, slots=True)
class MappingPage:
    """A mapping, who saved it last, and when it was ended, if it was."""

    id: int
    mapping: ColumnMapping
    saved_at: dt.datetime
    saved_by: str
    ended_at: dt.datetime | None
    ended_by: str | None


def mappings() -> list[MappingPage]:
    """Every mapping, those in use first, each group in order of name."""
    rows = session.scalars(
        select(ImportMapping).order_by(ImportMapping.ended_at.is_not(None), ImportMapping.name, ImportMapping.id)
    )
    return [_page(row) for row in rows]


def mapping_page(mapping_id: int) -> MappingPage:
    """One mapping.

    :raises NoResultFound: when there is none
    """
    return _page(session.scalars(select(ImportMapping).where(ImportMapping.id == mapping_id)).one())


def live_mappings() -> dict[str, str]:
    """The mappings in use: by name, what a list of choices calls them."""
    rows = session.execute(
        select(ImportMapping.name, ImportMapping.kind)
        .where(ImportMapping.ended_at.is_(None))
        .order_by(ImportMapping.name)
    )
    return {name: f"{name} ({kind.replace('_', ' ')})" for name, kind in rows}


def mapping_named(name: str) -> ColumnMapping | None:
    """The mapping in use of that name."""
    statement = select(ImportMapping).where(ImportMapping.name == name, ImportMapping.ended_at.is_(None))
    row = session.scalars(statement).one_or_none()
    return None if row is None else _mapping(row)


def _page(row: ImportMapping) -> MappingPage:
    return MappingPage(row.id, _mapping(row), row.saved_at, row.saved_by, row.ended_at, row.ended_by)


def _mapping(row: ImportMapping) -> ColumnMapping:
    return from_words(row.name, row.kind, json.loads(row.rules))
