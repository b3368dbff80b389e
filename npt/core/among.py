"""Many numbers as one value of a statement, in which SQLite and PostgreSQL differ."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    literal,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


def among(column: ColumnElement[Any], ids: Collection[int] | str) -> ColumnElement[bool]:
    """Only rows whose number is one of these. The list is one value, however long it is: it need not be taken apart,
    and the statement stays the same.

    :param ids: the numbers; or the name under which they are given when the statement is run
    """
    return _Among(column, bindparam(ids, type_=_Numbers()) if isinstance(ids, str) else literal(ids, _Numbers()))


def among_read(column: ColumnElement[int], read: Select[int] | CompoundSelect[int]) -> ColumnElement[bool]:
    """Only rows whose number is one of those that another statement finds: few, which PostgreSQL would not guess, and
    would walk through the whole table.
    """
    return _AmongRead(column, read.scalar_subquery())


class _Numbers(TypeDecorator[Collection[int]]):
    """A list as the text that the database reads it from: the driver takes longer over an array of a few hundred."""

    impl = ARRAY(Integer)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else String())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        form = "{%s}" if dialect.name == "postgresql" else "[%s]"
        return lambda ids: form % ",".join(map(str, ids))


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


class _AmongRead(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    number, listed = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{number} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - both are the compiler's own


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    number, listed = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{number} = ANY ({listed})"


@compiles(_AmongRead)
def _in_read(element: _AmongRead, compiler: SQLCompiler, **how: Any) -> str:
    number, read = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{number} IN {read}"


@compiles(_AmongRead, "postgresql")
def _in_array_read(element: _AmongRead, compiler: SQLCompiler, **how: Any) -> str:
    number, read = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{number} = ANY (ARRAY{read})"
