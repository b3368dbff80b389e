"""What ends, or has no end: asked of the database as its indexes have it."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, ColumnExpressionArgument, func, literal_column, text

_NEVER = "'9999-12-31 00:00:00+00'"
"""The end of what has none. Written out, because an index helps only a condition that names it in the same words."""

INDEXED_END = text(f"coalesce(ends_at, {_NEVER})")
"""What an index holds of the column ``ends_at``, by which ``lasts_beyond`` finds."""


def lasts_beyond(
    ends_at: ColumnExpressionArgument[Any], moment: ColumnExpressionArgument[Any] | dt.datetime
) -> ColumnElement[bool]:
    """Only rows that are not over by a moment: they end after it, or have no end. They are found without a walk through
    all that is over.
    """
    return func.coalesce(ends_at, literal_column(_NEVER)) > moment


def has_no_end(ends_at: ColumnExpressionArgument[Any]) -> ColumnElement[bool]:
    """Only rows that have no end."""
    return func.coalesce(ends_at, literal_column(_NEVER)) == literal_column(_NEVER)
