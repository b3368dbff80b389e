"""What a kind of file is: its columns, how each is read, and what it names."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from npt.exchange.rules import cells
from npt.exchange.rules.cells import Parse
from npt.exchange.rules.checks import Fault

Key = tuple[Any, ...]
Values = dict[str, Any]

KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how a cell is read, what an empty cell means, and what it names.

    ``field`` is the database's name for it (nothing: kept elsewhere); ``names`` the kind of file whose key it holds.
    """

    name: str
    parse: Parse
    field: str | None = KEEP
    required: bool = False
    key: bool = False
    names: str | None = None
    empty: Any = None

    @property
    def stored_as(self) -> str | None:
        return self.name if self.field == KEEP else self.field


@dataclass(frozen=True)
class Kind:
    """A kind of file. ``faults`` judges one row on its own; ``settle`` fills in what its other cells decide.

    ``ignored`` names the columns that say nothing in a row, whatever is written there.
    """

    name: str
    singular: str
    columns: tuple[Column, ...]
    faults: Callable[[Mapping[str, Any]], Iterator[Fault]] | None = None
    settle: Callable[[Values], None] | None = None
    ignored: Callable[[Values], Collection[str]] | None = None

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def blank(self) -> Values:
        """A new row of which the file says nothing."""
        return {column.name: column.empty for column in self.columns}

    def key_of(self, values: Values) -> Key:
        return tuple([values[name] for name in self.key_names])

    def reference(self, key: Key) -> str:
        """A row's key in words, for the record: ``1432/SOH-PC-1/2026-01-01``."""
        return "/".join(str(part) for part in key)


def key_column(name: str, parse: Parse, field: str | None = KEEP, names: str | None = None) -> Column:
    return Column(name, parse, field, required=True, key=True, names=names)


CODE, REF, SHORT, WORDS, LINE, LONG = (cells.text(longest) for longest in (40, 60, 100, 200, 500, 10_000))
FIRST_DAY = Column("first_day", cells.day, required=True)
KEY_FIRST_DAY = key_column("first_day", cells.day)
LAST_DAY = Column("last_day", cells.day)
NAME = Column("name", WORDS, required=True)
